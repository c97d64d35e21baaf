"""The smallest and largest acceleration of a recording in bins of about a second, collected while it is read.

A night of 8 h becomes less than 2 MB, from which a picture of any width is drawn without touching the samples again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray, SampleBatch, Stretch

# Bins of a short recording last 1/16 s: a recording of a minute still fills a picture of 1600 columns with 960.
SHORTEST_BIN_S = 1 / 16

# When there are more bins than this, their length doubles: 1 s up to 9.1 h, 2 s up to 18 h, and
# so on; 2.6 MB at most.
MAX_BINS = 32_768

# 1/16 s doubled ten times is about a minute.  Only a file that is torn into thousands of stretches comes near.
MAX_DOUBLINGS = 10

# A row of bins as it grows; rows of the same stretch and number are one bin that several batches filled.
_BIN = np.dtype(
    [
        ("stretch", np.int64),
        ("number", np.int64),
        ("start_s", np.float64),
        ("end_s", np.float64),
        ("low_g", np.float64, (3,)),
        ("high_g", np.float64, (3,)),
    ]
)

# Small batches leave small pieces behind; so many are kept before they are joined.
_MAX_PIECES = 512


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Smallest and largest acceleration over time.

    What lies between the end of one bin and the start of the next was not measured.
    """

    start_s: FloatArray
    end_s: FloatArray
    low_g: FloatArray
    high_g: FloatArray

    @property
    def duration_s(self) -> float:
        """End of the last bin, in seconds since the start of the recording."""
        return float(self.end_s[-1]) if len(self.end_s) else 0.0

    def measured(self, at_s: object) -> NDArray[np.bool_]:
        """Say for each time whether it was measured; same shape as ``at_s``."""
        times = np.asarray(at_s, dtype=np.float64)
        if not len(self.start_s):
            return np.zeros(times.shape, dtype=np.bool_)
        last_started = np.searchsorted(self.start_s, times, side="right") - 1
        return np.asarray((last_started >= 0) & (times < self.end_s[last_started]))


class OverviewBuilder:
    """Collects an :class:`Overview` from batches, in bounded memory.

    Bins are counted in samples from the start of each stretch, and their length depends on the length of the recording
    alone: any cut of the same samples gives the same overview.
    """

    def __init__(self) -> None:
        self._pieces: list[NDArray[np.void]] = []
        self._doublings = 0
        self._n_closed_bins = 0
        self._stretch: Stretch | None = None
        self._end_index = 0
        self._knot_index = 0
        self._knot_s = 0.0

    def add(self, batch: SampleBatch) -> None:
        """Take the next batch of the recording."""
        if not len(batch.accel_g):
            return
        if batch.stretch != self._stretch:
            self._open_stretch(batch.stretch)
        if batch.first_index != self._end_index:
            raise ValueError(
                f"The batch starts at index {batch.first_index} of stretch {batch.stretch.number}, but index "
                f"{self._end_index} comes next; add every batch in its order."
            )
        self._end_index = batch.end_index
        while self._n_bins() > MAX_BINS and self._doublings < MAX_DOUBLINGS:
            self._double_bins()
        self._pieces.append(self._bins_of(batch))
        if len(self._pieces) > _MAX_PIECES:
            self._join_pieces()

    def build(self) -> Overview:
        """Return the overview of all batches so far."""
        self._join_pieces()
        bins = self._pieces[0].copy()
        # A bin ends where the next one of its stretch starts; only the last one's end comes from the nominal rate.
        inside = np.flatnonzero(np.diff(bins["stretch"]) == 0)
        bins["end_s"][inside] = bins["start_s"][inside + 1]
        return Overview(bins["start_s"].copy(), bins["end_s"].copy(), bins["low_g"].copy(), bins["high_g"].copy())

    def _n_bins(self) -> int:
        """Count bins of the present length that the samples so far need."""
        return self._n_closed_bins + -(-self._end_index // self._bin_samples())

    def _bin_samples(self) -> int:
        """Count samples in one bin of the present stretch."""
        fs_hz = self._stretch.fs_hz if self._stretch else 0.0
        return max(1, round(fs_hz * SHORTEST_BIN_S)) << self._doublings

    def _open_stretch(self, stretch: Stretch) -> None:
        """Close the bins of the stretch before and count from 0 again."""
        if self._stretch is not None:
            self._n_closed_bins = self._n_bins()
        self._stretch, self._end_index = stretch, 0

    def _double_bins(self) -> None:
        """Make every bin twice as long; neighbours of one stretch fall together."""
        self._join_pieces()
        bins = self._pieces[0]
        bins["number"] //= 2
        self._doublings += 1
        self._pieces = [_merge(bins)]
        number = self._stretch.number if self._stretch else -1
        self._n_closed_bins = int(np.count_nonzero(self._pieces[0]["stretch"] != number))

    def _join_pieces(self) -> None:
        """Make one array of all pieces, with one row per bin."""
        self._pieces = [_merge(np.concatenate([np.empty(0, _BIN), *self._pieces]))]

    def _bins_of(self, batch: SampleBatch) -> NDArray[np.void]:
        """Reduce one batch to its bins."""
        size = self._bin_samples()
        numbers = np.arange(batch.first_index // size, -(-batch.end_index // size))
        starts = np.maximum(numbers * size, batch.first_index)
        bins = np.empty(len(numbers), _BIN)
        bins["stretch"] = batch.stretch.number
        bins["number"] = numbers
        edges_s = self._seconds(batch, np.append(starts, batch.end_index))
        bins["start_s"], bins["end_s"] = edges_s[:-1], edges_s[1:]
        for axis in range(3):
            bins["low_g"][:, axis], bins["high_g"][:, axis] = _extremes(
                batch.accel_g[:, axis], starts - batch.first_index, size
            )
        return bins

    def _seconds(self, batch: SampleBatch, indices: NDArray[np.int64]) -> FloatArray:
        """Time of each index: the knot before it and the nominal rate from there, at most 10 ms wrong at 2 % off."""
        every, fs_hz = batch.stretch.knot_every, batch.stretch.fs_hz
        knot_indices = np.arange(-(-batch.first_index // every), -(-batch.end_index // every)) * every
        if batch.first_index:
            knot_indices = np.append(self._knot_index, knot_indices)
            knot_times_s = np.append(self._knot_s, batch.knot_times_s)
        else:
            knot_times_s = batch.knot_times_s
        self._knot_index, self._knot_s = int(knot_indices[-1]), float(knot_times_s[-1])
        knot = np.searchsorted(knot_indices, indices, side="right") - 1
        return np.asarray(knot_times_s[knot] + (indices - knot_indices[knot]) / fs_hz)


def _extremes(values: FloatArray, starts: NDArray[np.int64], size: int) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest of the values from each start to the next."""
    if len(starts) < 3 or not values.flags.c_contiguous:
        return np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    # Whole bins as rows of a matrix: four times as fast as reduceat on one contiguous axis.
    whole = values[starts[1] : starts[-1]].reshape(-1, size)
    low, high = np.empty(len(starts)), np.empty(len(starts))
    low[1:-1], high[1:-1] = whole.min(axis=1), whole.max(axis=1)
    for at, piece in ((0, values[: starts[1]]), (-1, values[starts[-1] :])):
        low[at], high[at] = piece.min(), piece.max()
    return low, high


def _merge(bins: NDArray[np.void]) -> NDArray[np.void]:
    """Make one row of neighbouring rows with the same stretch and number."""
    if len(bins) < 2:
        return bins
    new = (np.diff(bins["stretch"]) != 0) | (np.diff(bins["number"]) != 0)
    first = np.append(0, np.flatnonzero(new) + 1)
    merged: NDArray[np.void] = bins[first]
    merged["end_s"] = bins["end_s"][np.append(first[1:], len(bins)) - 1]
    merged["low_g"] = np.minimum.reduceat(bins["low_g"], first)
    merged["high_g"] = np.maximum.reduceat(bins["high_g"], first)
    return merged
