"""Runs: peaks that follow one another like a rhythm on one of the sensor's axes.

A run is a reason to look closer.  Its conditions are wide enough for all forms of clonus (first intervals up to 25 %
longer, a frequency that drifts, an amplitude that grows, fades or waxes) and cheap enough for hours of walking: whole
arrays of peaks are compared at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.beats import find_peaks_between
from clonus_sense.model import FloatArray

# Intervals between peaks that may belong to a rhythm: from 2.8 Hz (slow rhythms are logged too) to 11 Hz (a person's
# band ends at 10 Hz at most, and single intervals are jittered by noise).
RUN_BAND_HZ = (2.8, 11.0)
# Neighbouring intervals differ by no more than this factor: clonus shortens its first intervals by up to 25 %, and the
# place of a weak peak is jittered by noise.
INTERVAL_FACTOR = 1.5
# Neighbouring half peak-to-peaks differ by no more than this factor: clonus builds up within a few beats.
AMPLITUDE_FACTOR = 4.0
# An oblique movement spreads over three axes; the strongest keeps at least 1/sqrt(3) of it.
FLOOR_ON_ONE_AXIS = 0.5
# Three beats are the fewest that are reported (class brief), and the filters add a fourth, smaller peak beside them;
# any handling of the leg gives up to three peaks in a row.
FEWEST_LINKS = 3
# Longest run: hours of hum need no more memory than half a minute.
MOST_LINKS = 160


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs side by side, one array per property, each of shape ``(n_runs,)``.

    ``start`` and ``end`` are the working indices of the first and last peak, ``n_links`` the number of intervals, and
    ``amplitude_g`` the largest half peak-to-peak.
    """

    start: NDArray[np.intp]
    end: NDArray[np.intp]
    n_links: NDArray[np.intp]
    amplitude_g: FloatArray

    def __len__(self) -> int:
        return len(self.start)

    def select(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Runs:
        """Select some of the runs."""
        return Runs(self.start[rows], self.end[rows], self.n_links[rows], self.amplitude_g[rows])


def join_runs(parts: Sequence[Runs]) -> Runs:
    """Put runs together, in order of their starts; at equal starts the order of the axes stays."""
    joined = Runs(
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.end for part in parts]),
        np.concatenate([part.n_links for part in parts]),
        np.concatenate([part.amplitude_g for part in parts]),
    )
    return joined.select(np.argsort(joined.start, kind="stable"))


_NONE = np.empty(0, dtype=np.intp)
NO_RUNS = Runs(_NONE, _NONE, _NONE, np.empty(0))


class RunFinder:
    """Finds the runs on the three axes of one segment, fed piece by piece."""

    def __init__(self, working_hz: float, floor_g: float, first_index: int) -> None:
        self._shortest = working_hz / RUN_BAND_HZ[1]
        self._longest = working_hz / RUN_BAND_HZ[0]
        self._floor_g = floor_g * FLOOR_ON_ONE_AXIS
        # The samples of each axis from the last undecided peak on, and the working index of the first of them.
        self._held: list[FloatArray] = [np.empty(0)] * 3
        self._held_first = [first_index] * 3

    @property
    def open_since(self) -> int:
        """Working index before which every axis is decided."""
        return min(self._held_first)

    @property
    def earliest_end(self) -> int:
        """Working index before which no further run ends."""
        return self.open_since + int(FEWEST_LINKS * self._shortest)

    def push(self, wide_g: FloatArray, *, last: bool = False) -> Runs:
        """Take further band-passed samples, shape ``(n, 3)``, and return the runs that are now complete."""
        axes = [np.concatenate([held, wide_g[:, axis]]) for axis, held in enumerate(self._held)]
        peaks = _find_peaks_of(axes)
        chains = self._find_chains(peaks) if len(peaks.index) > 1 else _Chains(_NONE, _NONE, np.empty(0))
        open_chains = [self._decide(axis, axes[axis], peaks, chains, last=last) for axis in range(3)]
        return chains.describe(peaks, open_chains)

    def _find_chains(self, peaks: _Peaks) -> _Chains:
        """Find maximal chains of links whose neighbours are alike."""
        intervals = peaks.index[1:] - peaks.index[:-1]
        height = peaks.signal_g[peaks.index]
        troughs = np.minimum.reduceat(peaks.signal_g, peaks.index)[:-1]
        amplitude_g = 0.5 * (0.5 * (height[:-1] + height[1:]) - troughs)
        good = (intervals >= self._shortest) & (intervals <= self._longest) & (amplitude_g >= self._floor_g)
        good &= peaks.axis[1:] == peaks.axis[:-1]
        goes_on = good[1:] & good[:-1]
        goes_on &= _within_factor(intervals, INTERVAL_FACTOR) & _within_factor(amplitude_g, AMPLITUDE_FACTOR)
        begins, stops = good.copy(), good.copy()
        begins[1:] &= ~goes_on
        stops[:-1] &= ~goes_on
        chains = _Chains(begins.nonzero()[0], stops.nonzero()[0] + 1, amplitude_g)
        chains.cut_long()
        return chains

    def _decide(self, axis: int, signal_g: FloatArray, peaks: _Peaks, chains: _Chains, *, last: bool) -> int | None:
        """Keep the samples from the open chain or else the last peak on, and return the number of the open chain."""
        first_peak, stop_peak = peaks.bounds[axis], peaks.bounds[axis + 1]
        open_chain = None
        if stop_peak == first_peak:
            decided = max(0, len(signal_g) - 2)  # the last sample may yet turn out to be a peak
        else:
            offset = peaks.offset[axis]
            keep_peak = stop_peak - 1
            last_peak = int(peaks.index[keep_peak]) - offset
            chain = int(np.searchsorted(chains.stop, keep_peak))
            # The chain that reaches the last peak may go on, unless no further peak can come in time.
            may_go_on = not last and len(signal_g) - 1 - last_peak <= self._longest
            if may_go_on and chain < len(chains.stop) and chains.stop[chain] == keep_peak > first_peak:
                n_links = int(chains.stop[chain] - chains.first[chain])
                if n_links < MOST_LINKS:
                    open_chain, keep_peak = chain, int(chains.first[chain])
            decided = int(peaks.index[keep_peak]) - offset - 1
        peaks.first_index[axis] = self._held_first[axis]
        self._held[axis] = signal_g[decided:]
        self._held_first[axis] += decided
        return open_chain


@dataclass(frozen=True, slots=True, eq=False)
class _Peaks:
    """Peaks of three axes in one array, axis after axis."""

    signal_g: FloatArray
    index: NDArray[np.intp]  # in the array
    axis: NDArray[np.intp]
    bounds: list[int]  # number of the first peak of each axis, and the number of all peaks
    offset: list[int]  # where each axis begins in the array
    first_index: list[int]  # working index of the first sample of each axis


def _find_peaks_of(axes: list[FloatArray]) -> _Peaks:
    """Find the peaks of three axes at once: a call on a short array costs more than its samples."""
    signal_g = np.concatenate(axes)
    sizes = [len(axis) for axis in axes]
    offset = [0, sizes[0], sizes[0] + sizes[1]]
    index = find_peaks_between(signal_g)
    # A sample at either end of an axis has no neighbour there to be compared with.
    axis = (index >= offset[1]).astype(np.intp) + (index >= offset[2])
    starts = np.asarray([*offset, len(signal_g)])
    inside = (index > starts[axis]) & (index < starts[axis + 1] - 1)
    index, axis = index[inside], axis[inside]
    bounds = [0, *np.searchsorted(axis, (1, 2)).tolist(), len(index)]
    return _Peaks(signal_g, index, axis, bounds, offset, [0, 0, 0])


@dataclass(slots=True)
class _Chains:
    """Chains of links: first link, link after the last, and every link's half peak-to-peak."""

    first: NDArray[np.intp]
    stop: NDArray[np.intp]
    amplitude_g: FloatArray

    def cut_long(self) -> None:
        """Cut chains that are longer than the longest run."""
        for chain in (self.stop - self.first > MOST_LINKS).nonzero()[0][::-1].tolist():
            cuts = np.arange(self.first[chain], self.stop[chain], MOST_LINKS)
            self.stop = np.insert(self.stop, chain, cuts[1:])
            self.first = np.insert(self.first, chain + 1, cuts[1:])

    def describe(self, peaks: _Peaks, open_chains: list[int | None]) -> Runs:
        """Describe the chains that are complete and long enough."""
        if len(self.first) == 0:
            return NO_RUNS
        n_links = self.stop - self.first
        kept = n_links >= FEWEST_LINKS
        for chain in open_chains:
            if chain is not None:
                kept[chain] = False
        if not kept.any():
            return NO_RUNS
        first, stop = self.first[kept], self.stop[kept]
        # A last entry of zero, so that reduceat has an end for the last chain.
        edges = np.column_stack([first, stop]).ravel()
        largest_g = np.maximum.reduceat(np.append(self.amplitude_g, 0.0), edges)[::2]
        # From the index in the joint array to the working index of the axis.
        to_working = (np.asarray(peaks.first_index) - np.asarray(peaks.offset))[peaks.axis[first]]
        return Runs(peaks.index[first] + to_working, peaks.index[stop] + to_working, n_links[kept], largest_g)


def _within_factor(values: NDArray[np.intp] | FloatArray, factor: float) -> NDArray[np.bool_]:
    """Tell for each pair of neighbours whether neither exceeds the other by more than ``factor``."""
    before, after = values[:-1], values[1:]
    return np.asarray((after <= factor * before) & (before <= factor * after))
