"""A rhythm: beats in a row and the measures that the plain search and the search inside walks share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.detection.axis import MainAxis
from clonus_sense.detection.chains import FEWEST_BEATS_OF_CHAIN, find_strong
from clonus_sense.model import FloatArray

# Movement after the last beat at least half as large as the bout: the leg went on to do something else.
MOVEMENT_AFTER_RATIO = 0.5


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rhythm:
    """At least three beats, and the measures that every rhythm has."""

    positions: FloatArray  # working indices of the beats, with fractions, shape (n_beats,)
    amplitudes_g: FloatArray  # half peak-to-peak of each beat, shape (n_beats,)
    axis: MainAxis
    working_hz: float
    core_start: int  # working index at which the candidate was first seen
    rms_g: float  # on the main axis, from onset to offset
    jitter_ratio: float  # spread of the intervals over their mean, slow drift left out
    moves_after: bool  # the leg goes on to do something else
    ends_at_edge: bool  # the samples end less than 1.5 periods after the last beat
    window_first: int  # working index of the first sample of the window
    window_wide_g: FloatArray  # band-passed window, shape (n, 3): what lies between two rhythms

    def __post_init__(self) -> None:
        if self.n_beats < FEWEST_BEATS_OF_CHAIN:
            raise ValueError(f"{self.n_beats} beats are no rhythm; at least {FEWEST_BEATS_OF_CHAIN} are needed.")

    @property
    def n_beats(self) -> int:
        """Number of beats."""
        return len(self.positions)

    @property
    def frequency_hz(self) -> float:
        """``(beats - 1) / (last - first)`` by the nominal rate; the time map comes later."""
        return float((self.n_beats - 1) / (self.positions[-1] - self.positions[0]) * self.working_hz)

    @property
    def onset(self) -> float:
        """Half a local period before the first beat, as a working index."""
        return float(self.positions[0] - 0.5 * (self.positions[1] - self.positions[0]))

    @property
    def offset(self) -> float:
        """Half a local period after the last beat, as a working index."""
        return float(self.positions[-1] + 0.5 * (self.positions[-1] - self.positions[-2]))

    @property
    def strong_g(self) -> float:
        """Amplitude of the strong beats."""
        return find_strong(self.amplitudes_g)


def find_inside(positions: FloatArray, n_samples: int) -> tuple[int, int]:
    """Find the samples of a window from onset to offset of beats: the first, and one past the last."""
    start = max(0, round(float(positions[0] - 0.5 * (positions[1] - positions[0]))))
    end = round(float(positions[-1] + 0.5 * (positions[-1] - positions[-2]))) + 1
    return start, min(n_samples, end)


def measure_jitter(intervals: FloatArray) -> float:
    """Spread of intervals over their mean; successive differences leave slow drift out (von Neumann)."""
    steps = intervals[1:] - intervals[:-1]  # np.diff takes as long as the rest of this
    return float(np.sqrt((steps * steps).mean() / 2.0) / intervals.mean())
