"""A person's word on a time of a night, written down on the recordings that hold this time."""

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
    """Write down what a person says about a time of a night.

    Parameters
    ----------
    library
        Open library.
    night
        The night.
    span
        The time.
    verdict
        What is said.
    rater
        By whom.
    side
        About which leg; may be left out where the night has one.
    note
        In their own words.

    Returns
    -------
    tuple of Annotation
        One for each recording that holds part of this time; a word on the rest window, which may reach beyond what was
        recorded, stands on the first of them alone.

    Raises
    ------
    NightError
        If the night has two legs and none is named, or nothing was recorded in this time.
    LibraryError
        If the word is not allowed, such as a judgement of clonus by nobody.
    """
    leg = choose_leg(night, side)
    touched = [recording for recording in leg.recordings if recording.span.span.overlaps(span)]
    if not touched:
        raise NightError(
            f"Nothing was recorded then in the night {night.name}; it was recorded from "
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
    """Answer the night's question whether the sensor was worn, for all of the night and leg.

    Parameters
    ----------
    library
        Open library.
    night
        The night.
    off
        When it was off the leg, and on it else; empty for worn throughout, ``None`` for not at all.
    rater
        Who says it.
    side
        Of which leg; may be left out where the night has one.
    note
        In their own words.

    Returns
    -------
    tuple of tuple of Annotation
        The words about all of the night, then those about each time at which it was off.

    Raises
    ------
    NightError
        If the night has two legs and none is named, or nothing was recorded in a time.
    """
    whole = choose_leg(night, side).summary.part.span
    with library.writing():
        verdict = Verdict.NOT_WORN if off is None else Verdict.WORN
        said = [(whole, verdict), *((span, Verdict.NOT_WORN) for span in off or ())]
        return tuple(say_about(library, night, span, word, rater, side=side, note=note) for span, word in said)


def take_back(library: Library, night: PersonNight, number: int, rater: Rater, *, note: str = "") -> Annotation:
    """Take back one's own word; it stays in the history and no longer stands.

    Parameters
    ----------
    library
        Open library.
    night
        The night that it was said about.
    number
        Its id.
    rater
        Who takes it back: the same who said it.
    note
        Why.

    Returns
    -------
    Annotation
        The withdrawal.

    Raises
    ------
    NightError
        If no such word stands in this night.
    LibraryError
        If it is another person's word.
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
    raise NightError(f"No word {number} stands in the night {night.name}; its page lists what was said.")


def choose_leg(night: PersonNight, side: str | None) -> LegNight:
    """Choose a leg of a night.

    Parameters
    ----------
    night
        The night.
    side
        ``left``, ``right`` or nothing.

    Returns
    -------
    LegNight
        The only one, or that of the side.

    Raises
    ------
    NightError
        If there are two and none is named, or there is none of this side.
    """
    legs = [leg for leg in night.legs if side is None or leg.side == side]
    if not legs:
        raise NightError(f"The night {night.name} has no {side} leg.")
    if len(legs) > 1:
        raise NightError(f"The night {night.name} has two legs; say which with --side left or --side right.")
    return legs[0]


def _on_recording(recording: LegRecording, span: UtcSpan, verdict: Verdict) -> TimeSpan:
    """Place a time on a recording; all but a rest window is cut to it."""
    whole = recording.span.span
    start, end = span.start, span.end
    if verdict is not Verdict.REST:
        start, end = max(start, whole.start), min(end, whole.end)
    return TimeSpan((start - whole.start).total_seconds(), (end - whole.start).total_seconds())
