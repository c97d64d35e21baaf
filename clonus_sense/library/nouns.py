"""The nouns of the library: what it files and what was done with that; what people say is in :mod:`.words`.

An ``id`` names a row of one library file; it means nothing in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clonus_sense.config import DetectionSettings, parse_settings
from clonus_sense.model import Episode, Finding, Gap, RecordingInfo, Site


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose nights are kept.

    Parameters
    ----------
    code
        Names the person; no real name is needed.
    affected_side
        ``left``, ``right`` or ``both``, empty where unknown.
    cause
        What brought the clonus, in the person's own words.
    usual_placement
        Where the sensor usually sits; ``None`` where unknown.
    settings_toml
        The person's settings as TOML, kept as text so that a setting that a later version no longer knows never hides
        the person.
    """

    code: str
    affected_side: str = ""
    cause: str = ""
    usual_placement: Site | None = None
    settings_toml: str = ""

    @property
    def settings(self) -> DetectionSettings:
        """The settings, checked; raises :class:`SettingsError` where this version does not know one."""
        return parse_settings(self.settings_toml)


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording as the library knows it; its samples stay in their file.

    Parameters
    ----------
    id
        Names it in this library.
    content_hash
        Of the decoded samples and the start as recorded; see :func:`clonus_sense.library.hash_recording`.
    path
        Where the file was when it was last added.
    info
        What is known about it.  Person, side, start and zone are those that hold now: a move or a correction of the
        start shows here.
    duration_s
        From the first sample to the end of the last, in seconds.
    gaps
        Where nothing was measured, in order.
    findings
        What was lost, mended or guessed on reading.
    added_at
        When it was added.
    """

    id: int
    content_hash: str
    path: Path
    info: RecordingInfo
    duration_s: float
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...]
    added_at: datetime

    @property
    def measured_s(self) -> float:
        """Seconds in which something was measured."""
        return self.duration_s - sum(gap.duration_s for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class AddedRecording:
    """A recording that was added, whether the library knew it already, and whether it came back out of the bin."""

    recording: StoredRecording
    was_known: bool
    was_binned: bool = False


@dataclass(frozen=True, slots=True)
class DetectorRun:
    """One analysis of a recording; every stored episode belongs to one.

    Parameters
    ----------
    id
        Names it in this library.
    recording_id
        What was analysed.
    version
        Version of the software.
    settings_toml
        The settings as TOML, as they were.
    finished_at
        When it was stored.
    findings
        What the detector says about the signal.
    """

    id: int
    recording_id: int
    version: str
    settings_toml: str
    finished_at: datetime
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class EpisodePair:
    """What is the same movement in two runs.

    Parameters
    ----------
    old, new
        The episode of each run.
    """

    old: Episode
    new: Episode

    @property
    def reclassified(self) -> bool:
        """Whether it changed its class."""
        return self.old.episode_class != self.new.episode_class


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Which episodes came and went from one run to another.

    Parameters
    ----------
    came
        Episodes of the new run that no episode of the old one matches.
    went
        Episodes of the old run that no episode of the new one matches.
    stayed
        Matching pairs; an episode that was split or joined stands in several.
    """

    came: tuple[Episode, ...]
    went: tuple[Episode, ...]
    stayed: tuple[EpisodePair, ...]

    @property
    def reclassified(self) -> tuple[EpisodePair, ...]:
        """Pairs whose class changed."""
        return tuple(pair for pair in self.stayed if pair.reclassified)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time ``[start_s, end_s)`` in seconds since the start of a recording.

    Examples
    --------
    >>> TimeSpan(10.0, 14.0).matches(TimeSpan(12.0, 30.0)), TimeSpan(10.0, 14.0).matches(TimeSpan(13.0, 30.0))
    (True, False)
    """

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    def matches(self, other: TimeSpan) -> bool:
        """Whether both mean the same stretch of time: they share at least half of the shorter one.

        Half of the shorter one bears moved edges, a split and a join, and keeps neighbours apart that only touch.
        """
        shared_s = min(self.end_s, other.end_s) - max(self.start_s, other.start_s)
        return shared_s > 0 and shared_s >= min(self.duration_s, other.duration_s) / 2


@dataclass(frozen=True, slots=True)
class Filing:
    """Whose a recording is: a person's code and the leg, empty where unknown."""

    person: str
    side: str


@dataclass(frozen=True, slots=True)
class Move:
    """The trace of a recording that was filed anew.

    Parameters
    ----------
    recording_id
        What was moved.
    before, after
        Whose it was and whose it became; the code of a person who was erased since is empty.
    moved_by
        Who moved it.
    reason
        Why, in their words.
    moved_at
        When.
    """

    recording_id: int
    before: Filing
    after: Filing
    moved_by: str
    reason: str
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class StartCorrection:
    """The trace of a start that was corrected because the host's clock was wrong.

    Parameters
    ----------
    recording_id
        What was corrected.
    before, after
        Aware start; ``None`` where there was none.
    corrected_by
        Who corrected it.
    reason
        Why, in their words.
    corrected_at
        When.
    """

    recording_id: int
    before: datetime | None
    after: datetime
    corrected_by: str
    reason: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased from the library, and what lies elsewhere.

    Parameters
    ----------
    n_recordings
        Recordings that the library no longer knows.
    paths
        Their files, which the library never touches: delete them by hand if they shall go too.
    """

    n_recordings: int
    paths: tuple[Path, ...]
