"""Content of an export: the selected nights and all library data of their recordings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from clonus_sense.library import (
    Annotation,
    DetectorRun,
    Library,
    Marker,
    StoredRecording,
    list_annotations,
    list_markers,
    list_runs,
    read_episodes,
)
from clonus_sense.model import Episode
from clonus_sense.night import UtcSpan
from clonus_sense.review import LegNight, LegRecording, PersonNight, find_night, list_nights, list_undated
from clonus_sense.showable import EARLIEST, LATEST

# A recording may begin two days before its last night, and its wear period may end as long after it.
_AROUND = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Selection:
    """Selection of nights; the default selects all.

    Parameters
    ----------
    person
        Only this person's; an empty code selects nights that belong to nobody yet.
    night
        Only the night with this name; ``last`` is the newest.
    since, until
        Only nights of these dates, both included; a night has the date of its evening.
    """

    person: str | None = None
    night: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_by_date(self) -> bool:
        """Whether the selection excludes recordings without a date."""
        return not (self.night is None and self.since is None and self.until is None)


@dataclass(frozen=True, slots=True)
class RunContent:
    """An analysis with its episodes."""

    run: DetectorRun
    episodes: tuple[Episode, ...]


@dataclass(frozen=True, slots=True)
class RecordingContent:
    """All library data of one recording.

    Parameters
    ----------
    runs
        All analyses, oldest first; the episodes of the newest are exported.
    annotations
        All annotations, including replaced and withdrawn ones, oldest first.
    leg
        The recording in its review form; ``None`` without a date.
    """

    stored: StoredRecording
    runs: tuple[RunContent, ...]
    annotations: tuple[Annotation, ...]
    markers: tuple[Marker, ...]
    leg: LegRecording | None

    @property
    def newest(self) -> RunContent | None:
        """The newest analysis; ``None`` if there is none."""
        return self.runs[-1] if self.runs else None

    def local(self, at_s: float) -> datetime | None:
        """Return the local time of ``at_s`` seconds since the start; ``None`` without a date."""
        return self.leg.moment(at_s).astimezone(self.leg.span.zone) if self.leg else None


@dataclass(frozen=True, slots=True)
class LegOfNight:
    """One leg's part of an exported night."""

    night: PersonNight
    leg: LegNight

    @property
    def span(self) -> UtcSpan:
        """Time from its first moment to its last, including waking time."""
        return self.leg.summary.part.span


@dataclass(frozen=True, slots=True)
class ExportContent:
    """All exported data, read from the library in one consistent state.

    Parameters
    ----------
    nights
        By person and time.
    recordings
        Recordings that overlap the nights; also those without a date if all nights are selected.
    with_personal_data
        Whether personal data are exported.
    labels
        Exported name of each person's code.
    """

    nights: tuple[PersonNight, ...]
    recordings: tuple[RecordingContent, ...]
    with_personal_data: bool
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, person: str) -> str:
        """Return the exported name of a person's code."""
        return self.labels[person]

    @property
    def legs(self) -> tuple[LegOfNight, ...]:
        """All legs of all nights."""
        return tuple(LegOfNight(night, leg) for night in self.nights for leg in night.legs)

    def legs_of(self, recording: RecordingContent) -> tuple[LegOfNight, ...]:
        """Return the legs of nights that a recording overlaps, in order of time."""
        return tuple(
            part for part in self.legs if any(one.stored.id == recording.stored.id for one in part.leg.recordings)
        )

    def night_name(self, recording: RecordingContent, start_s: float, end_s: float) -> str | None:
        """Return the name of the first exported night that a time touches; empty without a date, else ``None``."""
        if recording.leg is None:
            return ""
        # An annotation of an episode may begin before the recording, and a marker has no duration.
        whole = recording.leg.span.span
        start = min(max(recording.leg.moment(start_s), whole.start), whole.end - timedelta.resolution)
        time_span = UtcSpan(start, max(recording.leg.moment(end_s), start + timedelta.resolution))
        return next((part.night.name for part in self.legs_of(recording) if part.span.overlaps(time_span)), None)


def read_content(library: Library, selection: Selection, *, with_personal_data: bool = True) -> ExportContent:
    """Read the content of an export.

    Parameters
    ----------
    with_personal_data
        Whether codes of people stay; otherwise they become P1, P2 and so on.

    Returns
    -------
    ExportContent
        In one consistent state of the library.

    Raises
    ------
    NightError
        If the named night does not exist, or several people have one.
    LibraryError
        If the person does not exist.
    """
    with library.reading():
        nights = _select_nights(library, selection)
        legs = {recording.stored.id: recording for night in nights for recording in night.recordings}
        undated = () if selection.is_by_date else list_undated(library, person=selection.person)
        recordings = (
            *(_read_recording(library, leg.stored, leg) for leg in legs.values()),
            *(_read_recording(library, stored, None) for stored in undated),
        )
    return ExportContent(nights, recordings, with_personal_data, _labels(recordings, keep=with_personal_data))


def _select_nights(library: Library, selection: Selection) -> tuple[PersonNight, ...]:
    """Find the selected nights."""
    if selection.night is not None:
        return (find_night(library, selection.night, person=selection.person),)
    since = _noon(selection.since) - _AROUND if selection.since else None
    until = _noon(selection.until) + _AROUND if selection.until else None
    return tuple(
        night
        for night in list_nights(library, person=selection.person, since=since, until=until)
        if (selection.since is None or night.date >= selection.since)
        and (selection.until is None or night.date <= selection.until)
    )


def _noon(day: date) -> datetime:
    """Return the noon of a date in UTC."""
    # No night is outside this range, and the days around it must stay in the calendar.
    return min(max(datetime.combine(day, time(12), UTC), EARLIEST), LATEST)


def _read_recording(library: Library, stored: StoredRecording, leg: LegRecording | None) -> RecordingContent:
    """Read all data of one recording."""
    return RecordingContent(
        stored,
        tuple(RunContent(run, read_episodes(library, run)) for run in list_runs(library, stored.id)),
        list_annotations(library, stored.id),
        list_markers(library, stored.id),
        leg,
    )


def _labels(recordings: Iterable[RecordingContent], *, keep: bool) -> dict[str, str]:
    """Return the exported name of each person's code; an empty code stays empty."""
    first_of: dict[str, str] = {}
    for recording in recordings:
        person, content_hash = recording.stored.info.person, recording.stored.content_hash
        first_of[person] = min(first_of.get(person, content_hash), content_hash)
    if keep:
        return {person: person for person in first_of}
    # Numbers in the order of the codes would reveal a code to somebody who knows the others; a hash tells nothing.
    people = sorted((person for person in first_of if person), key=first_of.__getitem__)
    return {"": ""} | {person: f"P{number}" for number, person in enumerate(people, start=1)}
