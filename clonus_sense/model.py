"""The data types of clonus_sense: frozen dataclasses that pass between the stages.

Conventions of all modules:

* Times inside a recording are float seconds since its start; only :class:`RecordingInfo` has dates.
* Intervals are half-open: ``[start, end)``.
* Acceleration is in g (1 g = 9.80665 m/s²), shape ``(n_samples, 3)``.
* A position inside a stretch is an integer index; only the stretch's :class:`TimeMap` converts it to seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from clonus_sense.terms import EndedBy, EpisodeClass, Site

__all__ = [
    "HIGH_CONFIDENCE",
    "LONGEST_STEP_PERIODS",
    "MEDIUM_CONFIDENCE",
    "ConfidenceLevel",
    "EndedBy",
    "Episode",
    "EpisodeClass",
    "Evidence",
    "Finding",
    "FloatArray",
    "Gap",
    "RecordingInfo",
    "Rejection",
    "SampleBatch",
    "SensorIdentity",
    "Severity",
    "Site",
    "Stretch",
    "TimeMap",
]

FloatArray: TypeAlias = NDArray[np.float64]

LONGEST_STEP_PERIODS = 1.5
"""A longer step between two samples is a gap.

A step of one period has lost no sample, a step of two has lost one; the limit is half way between.
"""


# Confidence is calibrated: of ten candidates with 0.8, eight are true.  From here on a reader may trust the class, and
# will look at no more than one waveform in five in vain.
HIGH_CONFIDENCE = 0.8
# A class has at least even odds (0.5); below two in three a reader should look at the waveform.
MEDIUM_CONFIDENCE = 0.65


class ConfidenceLevel(StrEnum):
    """Confidence in three words, because the difference between 0.83 and 0.86 changes no decision."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @classmethod
    def of(cls, confidence: float) -> ConfidenceLevel:
        """Name the level of a confidence from 0 to 1.

        Examples
        --------
        >>> [ConfidenceLevel.of(confidence).value for confidence in (0.8, 0.79, 0.65, 0.64)]
        ['high', 'medium', 'medium', 'low']
        """
        if confidence >= HIGH_CONFIDENCE:
            return cls.HIGH
        return cls.MEDIUM if confidence >= MEDIUM_CONFIDENCE else cls.LOW


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of samples with no gap inside.

    Parameters
    ----------
    number
        Number of the stretch in its recording, from 0.
    fs_hz
        The rate for which this stretch is filtered.  The true rate may differ by a few per cent; every time and
        frequency comes from the time map, so results are still right.
    """

    number: int
    fs_hz: float

    @property
    def knot_every(self) -> int:
        """Samples between two knots of the time map: half a second, counted from the stretch's start."""
        return max(1, round(self.fs_hz / 2))


@dataclass(frozen=True, slots=True, eq=False)
class SampleBatch:
    """Consecutive samples of one stretch; the cut of a recording into batches never changes a result.

    Parameters
    ----------
    stretch
        The stretch that these samples belong to.
    first_index
        Index of the first sample, counted from the start of the stretch.
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``.  Column-major memory is fastest.
    knot_times_s
        Seconds since the start of the recording of each sample of this batch whose index is a multiple of
        ``stretch.knot_every``, shape ``(n_knots,)``.

    Examples
    --------
    >>> stretch = Stretch(number=0, fs_hz=4.0)
    >>> batch = SampleBatch(stretch, 1, np.zeros((4, 3)), knot_times_s=np.array([0.5, 1.0]))
    >>> batch.end_index
    5
    >>> [(part.first_index, part.knot_times_s.tolist()) for part in batch.cut([3])]
    [(1, [0.5]), (3, [1.0])]
    """

    stretch: Stretch
    first_index: int
    accel_g: FloatArray
    knot_times_s: FloatArray

    @property
    def end_index(self) -> int:
        """Index after the last sample."""
        return self.first_index + len(self.accel_g)

    def cut(self, at: list[int]) -> list[SampleBatch]:
        """Cut at the given indices of the stretch; indices outside the batch are ignored."""
        edges = [self.first_index, *sorted({i for i in at if self.first_index < i < self.end_index}), self.end_index]
        every = self.stretch.knot_every
        first_knot = -(-self.first_index // every)
        parts = []
        for start, end in pairwise(edges):
            knots = slice(-(-start // every) - first_knot, -(-end // every) - first_knot)
            rows = slice(start - self.first_index, end - self.first_index)
            parts.append(SampleBatch(self.stretch, start, self.accel_g[rows], self.knot_times_s[knots]))
        return parts


@dataclass(frozen=True, slots=True, eq=False)
class TimeMap:
    """Converts sample indices of one stretch to seconds, by straight lines between knots.

    Parameters
    ----------
    knot_every
        Samples between two knots.
    first_knot
        Number of the first knot; its sample index is ``first_knot * knot_every``.
    times_s
        Time of each knot, in seconds since the start of the recording.
    fs_hz
        Nominal rate, used if a stretch is too short for two knots.

    Examples
    --------
    >>> TimeMap(knot_every=10, first_knot=0, times_s=np.array([0.0, 1.0, 2.1]), fs_hz=10.0).seconds([5, 15.0, 30])
    array([0.5 , 1.55, 3.2 ])
    """

    knot_every: int
    first_knot: int
    times_s: FloatArray
    fs_hz: float

    def seconds(self, index: object) -> FloatArray:
        """Seconds since the start of the recording; beyond the knots, the nearest line continues."""
        position = np.asarray(index, dtype=np.float64) / self.knot_every - self.first_knot
        if len(self.times_s) < 2:
            return np.asarray(self.times_s[0] + position * self.knot_every / self.fs_hz)
        left = np.minimum(np.maximum(np.floor(position).astype(np.intp), 0), len(self.times_s) - 2)
        slope_s = self.times_s[left + 1] - self.times_s[left]
        return np.asarray(self.times_s[left] + (position - left) * slope_s)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without measurements, ``[start_s, end_s)``; values are never interpolated into it."""

    start_s: float
    end_s: float
    reason: str

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class SensorIdentity:
    """The sensor of a recording; unknown fields are empty."""

    family: str = ""
    name: str = ""
    serial: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """A recording's metadata.

    Parameters
    ----------
    start
        Aware date and time of second 0; ``None`` if a foreign file does not give it.
    fs_hz
        Nominal sampling rate.
    timezone
        IANA name of the zone in which the person slept, empty if unknown.
    site
        Site of the sensor; ``None`` if unknown.
    side
        ``left`` or ``right``, empty if unknown.
    person
        The person's code, empty if unknown.
    orthosis
        Orthosis around the joint, empty if unknown.
    sensor
        The sensor.
    step_g, range_g
        Size of one step and largest value of the sensor, in g; ``None`` if unknown.
    clock_trusted
        Whether the host's clock was known to be right; ``None`` if unknown.
    notes
        Further ``key, value`` lines of the file's head, in order.
    """

    start: datetime | None
    fs_hz: float
    timezone: str = ""
    site: Site | None = None
    side: str = ""
    person: str = ""
    orthosis: str = ""
    sensor: SensorIdentity = field(default_factory=SensorIdentity)
    step_g: float | None = None
    range_g: float | None = None
    clock_trusted: bool | None = None
    notes: tuple[tuple[str, str], ...] = ()


class Severity(StrEnum):
    """How much a finding matters."""

    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact about the input that a person must know before trusting a result.

    Parameters
    ----------
    severity
        ``warning`` if the result may be wrong or incomplete, ``note`` if the input was repaired.
    kind
        A short fixed word for programs, such as ``clipped`` or ``constant``.
    text
        One sentence for people.
    start_s, end_s
        Place, in seconds since the start; ``None`` if it concerns the whole recording.
    """

    severity: Severity
    kind: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One test of a candidate: the measured value, the limit, and whether it supports an episode.

    Parameters
    ----------
    name
        Name of the measured quantity, such as ``tonality``.
    value
        The measured value.
    limit
        The limit for this value.
    passed
        Whether it supports an episode of the given class.
    logit
        Contribution to the logit of the confidence; ``None`` for a test that does not contribute.
    """

    name: str
    value: float
    limit: float
    passed: bool
    logit: float | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """A run of rhythmic beats.

    Parameters
    ----------
    onset_s, offset_s
        Half a local period before the first beat and after the last, in seconds since the start of the recording.
    beats
        Number of detected beats.
    frequency_hz
        ``(beats - 1) / (last beat - first beat)``, without time lost in gaps.
    drift_hz
        Frequency of the last third of the intervals minus that of the first third.
    peak_g, rms_g
        Largest half peak-to-peak of a beat, and root mean square, on the main axis, in g.
    regularity
        1 minus the coefficient of variation of the beat intervals, without slow drift; 1 is a metronome.
    axis
        Unit vector of the main axis in the sensor's own coordinates.
    confidence
        0 to 1.
    episode_class
        Class by appearance.
    ended_by
        Reason for its end.
    missing_s
        Seconds inside the episode that were lost in gaps.
    beat_times_s
        Time of each beat; for a very long episode, the first few thousand.
    evidence
        Each test with its value and limit.
    """

    onset_s: float
    offset_s: float
    beats: int
    frequency_hz: float
    drift_hz: float
    peak_g: float
    rms_g: float
    regularity: float
    axis: tuple[float, float, float]
    confidence: float
    episode_class: EpisodeClass
    ended_by: EndedBy
    missing_s: float
    beat_times_s: tuple[float, ...]
    evidence: tuple[Evidence, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.offset_s - self.onset_s

    @property
    def confidence_level(self) -> ConfidenceLevel:
        """Its confidence in words."""
        return ConfidenceLevel.of(self.confidence)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A candidate that was not called an episode, with the tests that it failed."""

    onset_s: float
    offset_s: float
    beats: int
    frequency_hz: float
    peak_g: float
    evidence: tuple[Evidence, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Names of the tests that it failed."""
        return tuple(test.name for test in self.evidence if not test.passed)
