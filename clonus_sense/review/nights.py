"""The nights of a person; left and right share a time axis and are never added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from clonus_sense.errors import NightError
from clonus_sense.library import Library, StoredRecording, list_baselines, list_people, list_recordings
from clonus_sense.night import (
    NightSummary,
    PartSummary,
    PeriodPart,
    compare_with_last_nights,
    divide_time,
    summarise_part,
)
from clonus_sense.review.baseline_nights import beside_baselines, marked_moments
from clonus_sense.review.leg_recording import LegRecording, read_leg_recording, window_corrections
from clonus_sense.review.person_night import LegNight, PersonNight

# A night is compared with the 4 weeks before it; a recording may begin two days before its night.
LOOK_BACK = timedelta(days=30)
# Time after a night in which a recording can still belong to its wear period.
LOOK_AHEAD = timedelta(days=3)


def list_nights(
    library: Library, *, person: str | None = None, since: datetime | None = None, until: datetime | None = None
) -> tuple[PersonNight, ...]:
    """List the nights of one person or of all.

    Parameters
    ----------
    person
        Only this person's; an empty code selects nights that belong to nobody yet, ``None`` all nights.
    since, until
        Only recordings that overlap this time are read; ``None`` takes all.

    Returns
    -------
    tuple of PersonNight
        By person and time.

    Raises
    ------
    LibraryError
        If the person does not exist.
    """
    codes = ["", *(known.code for known in list_people(library))] if person is None else [person]
    nights: list[PersonNight] = []
    for code in codes:
        nights += _beside_baselines(library, code, list_recordings(library, person=code), since, until)
    return tuple(nights)


def list_baseline_nights(library: Library, person: str) -> tuple[PersonNight, ...]:
    """List the baseline nights of a person, in order of time.

    Raises
    ------
    LibraryError
        If the person does not exist.
    """
    return tuple(night for night in list_nights(library, person=person) if night.is_baseline)


def list_undated(library: Library, *, person: str | None = None) -> tuple[StoredRecording, ...]:
    """List recordings without a date, which belong to no night.

    Parameters
    ----------
    person
        Only this person's; ``None`` selects all.
    """
    return list_recordings(library, person=person, is_dated=False)


def find_night(library: Library, name: str, *, person: str | None = None) -> PersonNight:
    """Find a night by its name.

    Parameters
    ----------
    name
        See :attr:`PersonNight.name`; ``last`` is the newest night.
    person
        The person's code; may be left out if only one person has a night of this name.

    Returns
    -------
    PersonNight
        With its comparison.

    Raises
    ------
    NightError
        If the night does not exist, or several people have one of this name.
    LibraryError
        If the person does not exist.
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
    """Find the nights that overlap the given recordings.

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
    """Return the time whose recordings define a night: four weeks before, and some days after."""
    if name == "last":
        return None, None
    try:
        noon = datetime.fromisoformat(f"{name[:10]}T12:00:00+00:00")
        return noon - LOOK_BACK, noon + LOOK_AHEAD
    except (ValueError, OverflowError) as error:
        raise NightError(f"`{name}` names no night; write the evening's date, such as 2026-11-05, or last.") from error


def _beside_baselines(
    library: Library, person: str, stored: Sequence[StoredRecording], since: datetime | None, until: datetime | None
) -> list[PersonNight]:
    """Find a person's nights in a time, each with all earlier baseline nights."""
    read = {one.id: read_leg_recording(library, one) for one in stored if _reaches_into(one, since, until)}
    nights = nights_of_person(person, list(read.values()))
    marks = list_baselines(library, person) if person else ()
    if not marks:
        return nights
    moments = marked_moments(marks, {one.id: one.info.start for one in stored})
    near = [
        one
        for one in stored
        if any(_reaches_into(one, moment - LOOK_AHEAD, moment + LOOK_AHEAD) for moment in moments.values())
    ]
    marked = nights
    if any(one.id not in read for one in near):
        marked = nights_of_person(person, [read.get(one.id) or read_leg_recording(library, one) for one in near])
    return beside_baselines(nights, marked, moments)


def _reaches_into(stored: StoredRecording, since: datetime | None, until: datetime | None) -> bool:
    """Return whether a recording has a date and overlaps a time."""
    start = stored.info.start
    if start is None:
        return False
    end = start + timedelta(seconds=stored.duration_s)
    return (since is None or end >= since) and (until is None or start <= until)


def nights_of_person(person: str, recordings: Sequence[LegRecording]) -> list[PersonNight]:
    """Divide a person's recordings into nights and join both legs of each."""
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
    """Group parts of different sides by largest overlap; each part is in one group, sorted by side."""
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
    """Return the seconds that a part shares with the parts of the other sides."""
    shared = (
        min(part.span.end, other.span.end) - max(part.span.start, other.span.start)
        for other in group
        if part.span.overlaps(other.span)
    )
    return sum((length.total_seconds() for length in shared), 0.0)


def _leg_night(summary: PartSummary, nights: Sequence[NightSummary], recordings: Sequence[LegRecording]) -> LegNight:
    """Join a leg's part, its comparison and its recordings."""
    part = summary.part
    mine = [one for one in recordings if one.span.side == part.side and one.span.span.overlaps(part.span)]
    return LegNight(
        side=part.side,
        summary=summary,
        comparison=compare_with_last_nights(summary.night, nights) if summary.night else None,
        recordings=tuple(sorted(mine, key=lambda one: one.span.span)),
    )
