"""Data types of the library: people, recordings, runs, moves and corrections; annotations are in :mod:`.words`.

An ``id`` is a row number and valid only in one library file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clonus_sense.config import DetectionSettings, parse_settings
from clonus_sense.model import Episode, Finding, Gap, RecordingInfo, Site


@dataclass(frozen=True, slots=True)
class Person:
    """A person whose nights the library holds.

    Parameters
    ----------
    code
        Pseudonym such as ``P07``; no real name is needed.
    affected_side
        ``left``, ``right`` or ``both``; empty if unknown.
    cause
        Cause of the clonus, in the person's own words.
    usual_placement
        Usual site of the sensor; ``None`` if unknown.
    settings_toml
        The person's settings as TOML text: a setting that a later version does not know must not make the person
        unreadable.
    """

    code: str
    affected_side: str = ""
    cause: str = ""
    usual_placement: Site | None = None
    settings_toml: str = ""

    @property
    def settings(self) -> DetectionSettings:
        """The checked settings; raises :class:`SettingsError` if this version does not know one."""
        return parse_settings(self.settings_toml)


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording in the library; its samples stay in their file.

    Parameters
    ----------
    content_hash
        From :func:`clonus_sense.library.hash_recording`.
    info
        Facts about the recording; person, side, start and zone after all moves and corrections.
    duration_s
        From the first sample to the end of the last, in seconds.
    gaps
        Times without samples, in order.
    findings
        Losses, repairs and guesses of the reader.
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
        """Duration without gaps, in seconds."""
        return self.duration_s - sum(gap.duration_s for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class AddedRecording:
    """An added recording, with flags: the library knew it already; it came back from the bin."""

    recording: StoredRecording
    was_known: bool
    was_binned: bool = False


@dataclass(frozen=True, slots=True)
class DetectorRun:
    """One analysis of a recording; every stored episode belongs to a run.

    Parameters
    ----------
    settings_toml
        Settings of the run as TOML.
    findings
        Findings of the detector about the signal.
    """

    id: int
    recording_id: int
    version: str
    settings_toml: str
    finished_at: datetime
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class EpisodePair:
    """Episodes of two runs that are the same movement."""

    old: Episode
    new: Episode

    @property
    def reclassified(self) -> bool:
        """Whether the class changed."""
        return self.old.episode_class != self.new.episode_class


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Differences between the episodes of two runs.

    Parameters
    ----------
    came
        Episodes of the new run without a match in the old one.
    went
        Episodes of the old run without a match in the new one.
    stayed
        Matching pairs; a split or joined episode occurs in several.
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
    """Time span ``[start_s, end_s)``, in seconds since the start of a recording.

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
        """Whether both share at least half of the shorter one.

        This limit tolerates moved edges, splits and joins, and separates neighbours that only touch.
        """
        shared_s = min(self.end_s, other.end_s) - max(self.start_s, other.start_s)
        return shared_s > 0 and shared_s >= min(self.duration_s, other.duration_s) / 2


@dataclass(frozen=True, slots=True)
class Filing:
    """Owner of a recording: a person's code and the side; each is empty if unknown."""

    person: str
    side: str


@dataclass(frozen=True, slots=True)
class Move:
    """Record of a recording that was moved.

    Parameters
    ----------
    before, after
        Old and new owner; the code of a person erased since is empty.
    """

    recording_id: int
    before: Filing
    after: Filing
    moved_by: str
    reason: str
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class StartCorrection:
    """Record of a start that was corrected because the host's clock was wrong.

    Parameters
    ----------
    before, after
        Aware start; ``None`` if there was none.
    """

    recording_id: int
    before: datetime | None
    after: datetime
    corrected_by: str
    reason: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """Result of an erasure.

    Parameters
    ----------
    n_recordings
        Number of recordings deleted from the library.
    paths
        Their files. The library never touches them; the user deletes them if wanted.
    """

    n_recordings: int
    paths: tuple[Path, ...]
