"""The nights of a person, left and right together on one time axis and never added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from clonus_sense.errors import NightError
from clonus_sense.library import Library, StoredRecording, list_people, list_recordings
from clonus_sense.night import (
    Comparison,
    NightSummary,
    PartSummary,
    PeriodPart,
    UtcSpan,
    compare_with_last_nights,
    divide_time,
    summarise_part,
)
from clonus_sense.review.leg_recording import LegRecording, read_leg_recording, window_corrections

# A night is compared with those of the 4 weeks before it; a recording may begin two days before its night.
LOOK_BACK = timedelta(days=30)
# So long after a night a recording can still belong to its wear period.
LOOK_AHEAD = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class LegNight:
    """One leg's part of a night.

    Parameters
    ----------
    side
        ``left`` or ``right``, empty where unknown.
    summary
        Its numbers, night and waking time apart.
    comparison
        The person's own median of the last nights, or why there is none; ``None`` where there is no night.
    recordings
        Those that reach into it, in order of time.
    """

    side: str
    summary: PartSummary
    comparison: Comparison | None
    recordings: tuple[LegRecording, ...]


@dataclass(frozen=True, slots=True)
class PersonNight:
    """A night of a person with the waking time around it, as one page shows it.

    Parameters
    ----------
    person
        The person's code, empty where the recordings are nobody's yet.
    date
        The evening before; without a rest window, the date on which it began.
    number
        1, or 2 and more where a person has several nights of one date (a flight, a sensor off for hours).
    legs
        One for each side, by side.
    """

    person: str
    date: date
    number: int
    legs: tuple[LegNight, ...]

    @property
    def name(self) -> str:
        """What it is called on the command line and in file names, such as ``2026-11-05``."""
        return f"{self.date}" if self.number == 1 else f"{self.date}-{self.number}"

    @property
    def span(self) -> UtcSpan:
        """From the first moment of any leg to the last."""
        spans = [leg.summary.part.span for leg in self.legs]
        return UtcSpan(min(span.start for span in spans), max(span.end for span in spans))

    @property
    def zone(self) -> tzinfo:
        """By which clock it is told."""
        return self.legs[0].summary.part.zone

    @property
    def has_rest(self) -> bool:
        """Whether any leg has a rest window."""
        return any(leg.summary.night is not None for leg in self.legs)

    @property
    def recordings(self) -> tuple[LegRecording, ...]:
        """Of all legs."""
        return tuple(recording for leg in self.legs for recording in leg.recordings)


def list_nights(
    library: Library, *, person: str | None = None, since: datetime | None = None, until: datetime | None = None
) -> tuple[PersonNight, ...]:
    """List the nights of one person or of all.

    Parameters
    ----------
    library
        Open library.
    person
        Only this person's; the empty code asks for what is nobody's yet, ``None`` for everybody's.
    since, until
        Only recordings that reach into this time are read; ``None`` takes all.

    Returns
    -------
    tuple of PersonNight
        By person and time.

    Raises
    ------
    LibraryError
        If there is no such person.
    """
    codes = ["", *(known.code for known in list_people(library))] if person is None else [person]
    nights: list[PersonNight] = []
    for code in codes:
        stored = [one for one in list_recordings(library, person=code) if _reaches_into(one, since, until)]
        nights += _nights_of_person(code, [read_leg_recording(library, one) for one in stored])
    return tuple(nights)


def list_undated(library: Library, *, person: str | None = None) -> tuple[StoredRecording, ...]:
    """List recordings that belong to no night because nobody knows when they were made.

    Parameters
    ----------
    library
        Open library.
    person
        Only this person's; ``None`` for everybody's.

    Returns
    -------
    tuple of StoredRecording
        Those without a date.
    """
    return tuple(one for one in list_recordings(library, person=person) if one.info.start is None)


def find_night(library: Library, name: str, *, person: str | None = None) -> PersonNight:
    """Find a night by its name.

    Parameters
    ----------
    library
        Open library.
    name
        As :attr:`PersonNight.name`; ``last`` is the newest.
    person
        Whose; may be left out where only one person has a night of this name.

    Returns
    -------
    PersonNight
        The night with its comparison.

    Raises
    ------
    NightError
        If there is no such night, or several people have one.
    LibraryError
        If there is no such person.
    """
    since, until = _around(name)
    nights = list_nights(library, person=person, since=since, until=until)
    if name == "last":
        if not nights:
            raise NightError("There is no night in the library yet; add a recording with `clonus-sense add FILE`.")
        return max(nights, key=lambda night: night.span)
    found = [night for night in nights if night.name == name]
    if not found:
        whose = f" of {person}" if person else ""
        raise NightError(f"There is no night {name}{whose}; `clonus-sense nights` lists those that there are.")
    if len(found) > 1:
        people = ", ".join(night.person or "(nobody's yet)" for night in found)
        raise NightError(f"Several people have a night {name} ({people}); say whose with --person.")
    return found[0]


def nights_of_recordings(library: Library, recording_ids: Collection[int]) -> tuple[PersonNight, ...]:
    """Find the nights into which some recordings reach.

    Parameters
    ----------
    library
        Open library.
    recording_ids
        Their ids.

    Returns
    -------
    tuple of PersonNight
        By person and time.
    """
    found: list[PersonNight] = []
    dated = [one for one in list_recordings(library) if one.id in recording_ids and one.info.start is not None]
    for person in sorted({one.info.person for one in dated}):
        starts = [one.info.start for one in dated if one.info.person == person and one.info.start is not None]
        ends = [
            one.info.start + timedelta(seconds=one.duration_s)
            for one in dated
            if one.info.person == person and one.info.start is not None
        ]
        nights = list_nights(library, person=person, since=min(starts) - LOOK_BACK, until=max(ends) + LOOK_AHEAD)
        found += [
            night for night in nights if any(recording.stored.id in recording_ids for recording in night.recordings)
        ]
    return tuple(found)


def _around(name: str) -> tuple[datetime | None, datetime | None]:
    """Return the time whose recordings say all about a night: four weeks before, and some days after."""
    if name == "last":
        return None, None
    try:
        noon = datetime.fromisoformat(f"{name[:10]}T12:00:00+00:00")
    except ValueError as error:
        raise NightError(f"`{name}` names no night; write the evening's date, such as 2026-11-05, or last.") from error
    return noon - LOOK_BACK, noon + LOOK_AHEAD


def _reaches_into(stored: StoredRecording, since: datetime | None, until: datetime | None) -> bool:
    """Say whether a recording has a date and lies, in part, in a time."""
    start = stored.info.start
    if start is None:
        return False
    end = start + timedelta(seconds=stored.duration_s)
    return (since is None or end >= since) and (until is None or start <= until)


def _nights_of_person(person: str, recordings: Sequence[LegRecording]) -> list[PersonNight]:
    """Divide a person's recordings into nights and put both legs of each together."""
    spans = [recording.span for recording in recordings]
    parts = divide_time(spans, window_corrections(recordings)).parts
    summaries = {part: summarise_part(part, spans) for part in parts}
    nights = [summary.night for summary in summaries.values() if summary.night]
    groups = sorted(_pair_legs(parts), key=lambda group: min(part.span for part in group))
    named: list[PersonNight] = []
    for group in groups:
        legs = tuple(_leg_night(summaries[part], nights, recordings) for part in group)
        dated = next((part for part in group if part.night), group[0])
        number = 1 + sum(other.date == dated.date for other in named)
        named.append(PersonNight(person, dated.date, number, legs))
    return named


def _pair_legs(parts: Iterable[PeriodPart]) -> list[list[PeriodPart]]:
    """Put parts of different sides together where they overlap most; each stands in one group, by side."""
    groups: list[list[PeriodPart]] = []
    for part in sorted(parts, key=lambda part: part.span):
        fitting = [group for group in groups if all(part.side != other.side for other in group)]
        best = max(fitting, key=lambda group: _overlap_s(part, group), default=None)
        if best is not None and _overlap_s(part, best) > 0.0:
            best.append(part)
        else:
            groups.append([part])
    return [sorted(group, key=lambda part: part.side) for group in groups]


def _overlap_s(part: PeriodPart, group: Iterable[PeriodPart]) -> float:
    """Seconds that a part shares with those of the other sides."""
    shared = (
        min(part.span.end, other.span.end) - max(part.span.start, other.span.start)
        for other in group
        if part.span.overlaps(other.span)
    )
    return sum((length.total_seconds() for length in shared), 0.0)


def _leg_night(summary: PartSummary, nights: Sequence[NightSummary], recordings: Sequence[LegRecording]) -> LegNight:
    """Put together one leg's part, its comparison and its recordings."""
    part = summary.part
    mine = [one for one in recordings if one.span.side == part.side and one.span.span.overlaps(part.span)]
    return LegNight(
        side=part.side,
        summary=summary,
        comparison=compare_with_last_nights(summary.night, nights) if summary.night else None,
        recordings=tuple(sorted(mine, key=lambda one: one.span.span)),
    )
