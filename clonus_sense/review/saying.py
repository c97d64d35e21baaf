"""Annotations of a time of a night, stored on the recordings that hold this time."""

from __future__ import annotations

from collections.abc import Sequence

from clonus_sense.errors import NightError
from clonus_sense.library import Annotation, Library, Rater, TimeSpan, Verdict, annotate
from clonus_sense.night import UtcSpan
from clonus_sense.review.leg_recording import LegRecording
from clonus_sense.review.person_night import LegNight, PersonNight


def say_about(
    library: Library,
    night: PersonNight,
    span: UtcSpan,
    verdict: Verdict,
    rater: Rater,
    *,
    side: str | None = None,
    note: str = "",
) -> tuple[Annotation, ...]:
    """Annotate a time of a night.

    Parameters
    ----------
    side
        Leg; may be left out if the night has only one.

    Returns
    -------
    tuple of Annotation
        One for each recording that holds part of this time. A rest window may reach beyond the recordings and is stored
        only on the first.

    Raises
    ------
    NightError
        If the night has two legs and none is named, or no recording covers this time.
    LibraryError
        If the annotation is not allowed, such as a judgement of clonus without a clinician's name.
    """
    leg = choose_leg(night, side)
    touched = [recording for recording in leg.recordings if recording.span.span.overlaps(span)]
    if not touched:
        raise NightError(
            f"The night {night.name} has no recording at this time; it was recorded from "
            f"{night.span.start.astimezone(night.zone):%H:%M} to {night.span.end.astimezone(night.zone):%H:%M}."
        )
    if verdict is Verdict.REST:
        touched = touched[:1]
    with library.writing():
        return tuple(
            annotate(library, one.stored.id, _on_recording(one, span, verdict), verdict, rater, note=note)
            for one in touched
        )


def answer_wear(
    library: Library,
    night: PersonNight,
    off: Sequence[UtcSpan] | None,
    rater: Rater,
    *,
    side: str | None = None,
    note: str = "",
) -> tuple[tuple[Annotation, ...], ...]:
    """Answer for a whole night and leg whether the sensor was worn.

    Parameters
    ----------
    off
        Times off the leg; empty if it was worn throughout, ``None`` if it was not worn.
    side
        Leg; may be left out if the night has only one.

    Returns
    -------
    tuple of tuple of Annotation
        Annotations of the whole night, then those of each time off the leg.

    Raises
    ------
    NightError
        If the night has two legs and none is named, or no recording covers a time.
    """
    whole = choose_leg(night, side).summary.part.span
    with library.writing():
        verdict = Verdict.NOT_WORN if off is None else Verdict.WORN
        said = [(whole, verdict), *((span, Verdict.NOT_WORN) for span in off or ())]
        return tuple(say_about(library, night, span, word, rater, side=side, note=note) for span, word in said)


def take_back(library: Library, night: PersonNight, number: int, rater: Rater, *, note: str = "") -> Annotation:
    """Withdraw one's own annotation; it stays in the history but no longer counts.

    Parameters
    ----------
    night
        The annotated night.
    number
        Id of the annotation.
    rater
        The author of the annotation.
    note
        Reason.

    Returns
    -------
    Annotation
        The withdrawal.

    Raises
    ------
    NightError
        If this night has no such valid annotation.
    LibraryError
        If another rater wrote the annotation.
    """
    for recording in night.recordings:
        for word in recording.annotations:
            if word.id == number:
                return annotate(
                    library,
                    recording.stored.id,
                    word.span,
                    Verdict.WITHDRAWN,
                    rater,
                    note=note,
                    replaces=(number,),
                )
    raise NightError(f"The night {night.name} has no annotation {number} to take back; its page lists all of them.")


def choose_leg(night: PersonNight, side: str | None) -> LegNight:
    """Choose a leg of a night.

    Parameters
    ----------
    side
        ``left``, ``right`` or ``None``.

    Returns
    -------
    LegNight
        The leg of the side, or the only one.

    Raises
    ------
    NightError
        If there are two legs and none is named, or no leg of this side.
    """
    legs = [leg for leg in night.legs if side is None or leg.side == side]
    if not legs:
        raise NightError(f"The night {night.name} has no {side} leg.")
    if len(legs) > 1:
        raise NightError(f"The night {night.name} has two legs; choose one with --side left or --side right.")
    return legs[0]


def _on_recording(recording: LegRecording, span: UtcSpan, verdict: Verdict) -> TimeSpan:
    """Convert a time to seconds of a recording, cut to the recording unless it is a rest window."""
    whole = recording.span.span
    start, end = span.start, span.end
    if verdict is not Verdict.REST:
        start, end = max(start, whole.start), min(end, whole.end)
    return TimeSpan((start - whole.start).total_seconds(), (end - whole.start).total_seconds())
