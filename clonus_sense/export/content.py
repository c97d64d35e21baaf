"""What is exported: the nights that were asked for, and all that the library holds about their recordings."""

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

# A recording may begin two days before the night that it ends with, and its wear period reach as far beyond.
_AROUND = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which nights are asked for; nothing said means everything.

    Parameters
    ----------
    person
        Only this person's; the empty code asks for what is nobody's yet.
    night
        Only the night of this name; ``last`` is the newest.
    since, until
        Only nights of these dates, both included; a night bears the date of its evening.
    """

    person: str | None = None
    night: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_by_date(self) -> bool:
        """Whether a recording without a date cannot be meant."""
        return not (self.night is None and self.since is None and self.until is None)


@dataclass(frozen=True, slots=True)
class RunContent:
    """An analysis and what it found."""

    run: DetectorRun
    episodes: tuple[Episode, ...]


@dataclass(frozen=True, slots=True)
class RecordingContent:
    """All that the library holds about one recording.

    Parameters
    ----------
    stored
        How it is filed.
    runs
        Every analysis, oldest first; the episodes of the newest are exported.
    annotations
        All words, also those that no longer stand, in the order in which they were said.
    markers
        Moments that somebody marked.
    leg
        The same for a reviewer; ``None`` where nobody knows when it was recorded.
    """

    stored: StoredRecording
    runs: tuple[RunContent, ...]
    annotations: tuple[Annotation, ...]
    markers: tuple[Marker, ...]
    leg: LegRecording | None

    @property
    def newest(self) -> RunContent | None:
        """The newest analysis; ``None`` where there is none."""
        return self.runs[-1] if self.runs else None

    def local(self, at_s: float) -> datetime | None:
        """Moment of a second of the recording by the clock of the place; ``None`` where it is unknown."""
        return self.leg.moment(at_s).astimezone(self.leg.span.zone) if self.leg else None


@dataclass(frozen=True, slots=True)
class LegOfNight:
    """One leg's part of a night that is exported."""

    night: PersonNight
    leg: LegNight

    @property
    def span(self) -> UtcSpan:
        """From its first moment to its last, waking time included."""
        return self.leg.summary.part.span


@dataclass(frozen=True, slots=True)
class ExportContent:
    """Everything that is exported, read from the library at one moment.

    Parameters
    ----------
    nights
        By person and time.
    recordings
        Those that reach into them, and those without a date where everything was asked for.
    with_personal_data
        Whether people may be told.
    labels
        What each person's code is written as.
    """

    nights: tuple[PersonNight, ...]
    recordings: tuple[RecordingContent, ...]
    with_personal_data: bool
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, person: str) -> str:
        """Return what a person's code is written as."""
        return self.labels[person]

    @property
    def legs(self) -> tuple[LegOfNight, ...]:
        """Each leg of each night."""
        return tuple(LegOfNight(night, leg) for night in self.nights for leg in night.legs)

    def legs_of(self, recording: RecordingContent) -> tuple[LegOfNight, ...]:
        """Return the legs of nights into which a recording reaches, in order of time."""
        return tuple(
            part for part in self.legs if any(one.stored.id == recording.stored.id for one in part.leg.recordings)
        )

    def night_name(self, recording: RecordingContent, start_s: float, end_s: float) -> str | None:
        """Name the first exported night that a time touches; empty without a date, ``None`` if it touches none."""
        if recording.leg is None:
            return ""
        # A word on an episode may begin before the recording, and a marker has no length.
        whole = recording.leg.span.span
        start = min(max(recording.leg.moment(start_s), whole.start), whole.end - timedelta.resolution)
        time_span = UtcSpan(start, max(recording.leg.moment(end_s), start + timedelta.resolution))
        return next((part.night.name for part in self.legs_of(recording) if part.span.overlaps(time_span)), None)


def read_content(library: Library, selection: Selection, *, with_personal_data: bool = True) -> ExportContent:
    """Read what is exported.

    Parameters
    ----------
    library
        Open library.
    selection
        Which nights.
    with_personal_data
        Whether people's codes stay; otherwise they become P1, P2 and so on.

    Returns
    -------
    ExportContent
        All of one moment.

    Raises
    ------
    NightError
        If there is no night of the name that was asked for, or several people have one.
    LibraryError
        If there is no such person.
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
    """Find the nights that were asked for."""
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
    """Return the middle of a date."""
    # No night is dated beyond, and the days around it must stay in the calendar.
    return min(max(datetime.combine(day, time(12), UTC), EARLIEST), LATEST)


def _read_recording(library: Library, stored: StoredRecording, leg: LegRecording | None) -> RecordingContent:
    """Read all about one recording."""
    return RecordingContent(
        stored,
        tuple(RunContent(run, read_episodes(library, run)) for run in list_runs(library, stored.id)),
        list_annotations(library, stored.id),
        list_markers(library, stored.id),
        leg,
    )


def _labels(recordings: Iterable[RecordingContent], *, keep: bool) -> dict[str, str]:
    """Say what each person's code is written as; nobody stays nobody."""
    first_of: dict[str, str] = {}
    for recording in recordings:
        person, content_hash = recording.stored.info.person, recording.stored.content_hash
        first_of[person] = min(first_of.get(person, content_hash), content_hash)
    if keep:
        return {person: person for person in first_of}
    # In the order of the codes a number would tell its code to whoever knows the others; a hash tells nothing.
    people = sorted((person for person in first_of if person), key=first_of.__getitem__)
    return {"": ""} | {person: f"P{number}" for number, person in enumerate(people, start=1)}
