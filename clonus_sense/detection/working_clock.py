"""The working clock of one stretch: the knots of its time map as they arrive, and the last few minutes of them."""

from __future__ import annotations

import numpy as np

from clonus_sense.detection.filters import WorkingRate
from clonus_sense.model import FloatArray, SampleBatch, Stretch, TimeMap

# A candidate is at most half a minute old when it is timed; four minutes of knots are plenty and a few kilobytes.
KEPT_KNOTS = 480


class WorkingClock:
    """Turns working indices of one stretch into seconds since the start of the recording."""

    def __init__(self, stretch: Stretch, rate: WorkingRate) -> None:
        self._stretch = stretch
        self._samples_per_working = rate.down / rate.up
        self._first_knot = 0
        self._times_s: FloatArray = np.empty(0)
        self._n_samples = 0

    def add(self, batch: SampleBatch) -> None:
        """Take in the knots of a batch."""
        self._times_s = np.concatenate([self._times_s, batch.knot_times_s])
        self._n_samples = batch.end_index

    def forget(self) -> None:
        """Drop the knots that no candidate can need any more."""
        drop = len(self._times_s) - KEPT_KNOTS
        if drop > 0:
            self._times_s = self._times_s[drop:]
            self._first_knot += drop

    def find_seconds(self, working_index: FloatArray) -> FloatArray:
        """Seconds since the start of the recording of working indices, fractions included."""
        return self._map().seconds(working_index * self._samples_per_working)

    @property
    def end_s(self) -> float:
        """End of the last sample's period."""
        return float(self._map().seconds(self._n_samples))

    def _map(self) -> TimeMap:
        return TimeMap(self._stretch.knot_every, self._first_knot, self._times_s, self._stretch.fs_hz)
