"""Runs: places where peaks follow one another like a rhythm on one of the sensor's axes.

A run is only a reason to look closer.  Its conditions are wide enough for everything that clonus does - first
intervals up to 25 % longer, a frequency that drifts, an amplitude that grows, fades or waxes - and cheap enough for
hours of walking: everything here works on whole arrays of peaks.
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
# Three beats are the least that is reported (class brief), so two links.
FEWEST_LINKS = 2
# A run is handed on after this many links, so that hours of hum need no more memory than half a minute.
MOST_LINKS = 160


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs side by side, one array per property, each of shape ``(n_runs,)``.

    Parameters
    ----------
    start, end
        Working indices of the first and last peak.
    n_links
        Number of intervals.
    amplitude_g
        Largest half peak-to-peak.
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
    """Put runs of several axes together, in order of their starts; at equal starts the earlier part comes first."""
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
    """Finds the runs of one axis of one segment, fed piece by piece.

    Parameters
    ----------
    working_hz
        Rate of the working signals.
    floor_g
        Smallest half peak-to-peak of a beat, in g.
    first_index
        Working index of the first sample.
    """

    def __init__(self, working_hz: float, floor_g: float, first_index: int) -> None:
        self._shortest = working_hz / RUN_BAND_HZ[1]
        self._longest = working_hz / RUN_BAND_HZ[0]
        self._floor_g = floor_g * FLOOR_ON_ONE_AXIS
        self._held: FloatArray = np.empty(0)
        self._held_first = first_index

    @property
    def open_since(self) -> int:
        """Everything before this working index has been decided."""
        return self._held_first

    def push(self, signal_g: FloatArray, *, last: bool = False) -> Runs:
        """Take further band-passed samples of this axis, shape ``(n,)``, and return the runs that are now complete."""
        held = np.concatenate([self._held, signal_g])
        peaks = find_peaks_between(held)
        runs = NO_RUNS
        if len(peaks) == 0:
            decided = max(0, len(held) - 2)  # the last sample may yet turn out to be a peak
        elif len(peaks) == 1 or held.max() - held.min() < 2.0 * self._floor_g:
            decided = int(peaks[-1]) - 1  # nothing here is as large as a beat, so nothing can be linked
        else:
            ends_known = last or len(held) - 1 - int(peaks[-1]) > self._longest
            chains = self._find_chains(held, peaks)
            open_link = chains.cut_long(len(peaks) - 1, ends_known=ends_known)
            runs = chains.complete(peaks + self._held_first, open_link)
            decided = int(peaks[min(open_link, len(peaks) - 1)]) - 1
        self._held, self._held_first = held[decided:], self._held_first + decided
        return runs

    def _find_chains(self, held: FloatArray, peaks: NDArray[np.intp]) -> _Chains:
        """Find maximal chains of links whose neighbours are alike."""
        intervals = peaks[1:] - peaks[:-1]
        height = held[peaks]
        amplitude_g = 0.5 * (0.5 * (height[:-1] + height[1:]) - np.minimum.reduceat(held, peaks)[:-1])
        good = (intervals >= self._shortest) & (intervals <= self._longest) & (amplitude_g >= self._floor_g)
        goes_on = good[1:] & good[:-1]
        goes_on &= _within_factor(intervals, INTERVAL_FACTOR) & _within_factor(amplitude_g, AMPLITUDE_FACTOR)
        begins, stops = good.copy(), good.copy()
        begins[1:] &= ~goes_on
        stops[:-1] &= ~goes_on
        return _Chains(begins.nonzero()[0], stops.nonzero()[0] + 1, amplitude_g)


@dataclass(slots=True)
class _Chains:
    """Chains of links: first link, link after the last, and every link's half peak-to-peak."""

    first: NDArray[np.intp]
    stop: NDArray[np.intp]
    amplitude_g: FloatArray

    def cut_long(self, n_links: int, *, ends_known: bool) -> int:
        """Cut chains that are too long to wait for; return the first link that may still go on."""
        if len(self.first) == 0:
            return n_links
        for index in (self.stop - self.first >= MOST_LINKS).nonzero()[0][::-1].tolist():
            cuts = np.arange(self.first[index], self.stop[index], MOST_LINKS)
            self.stop = np.insert(self.stop, index, cuts[1:])
            self.first = np.insert(self.first, index + 1, cuts[1:])
        # The chain that reaches the last peak may go on, unless no further peak can come in time.
        if ends_known or self.stop[-1] < n_links:
            return n_links
        if self.stop[-1] - self.first[-1] == MOST_LINKS:
            return n_links
        return int(self.first[-1])

    def complete(self, peaks: NDArray[np.intp], open_link: int) -> Runs:
        """Describe the chains that end before ``open_link`` and are long enough."""
        if len(self.first) == 0 or self.first[0] >= open_link:
            return NO_RUNS
        largest_g = np.maximum.reduceat(self.amplitude_g, np.column_stack([self.first, self.stop]).ravel()[:-1])[::2]
        n_links = self.stop - self.first
        kept = (n_links >= FEWEST_LINKS) & (self.stop <= open_link)
        return Runs(peaks[self.first[kept]], peaks[self.stop[kept]], n_links[kept], largest_g[kept])


def _within_factor(values: NDArray[np.intp] | FloatArray, factor: float) -> NDArray[np.bool_]:
    """Tell for each pair of neighbours whether neither exceeds the other by more than ``factor``."""
    before, after = values[:-1], values[1:]
    return np.asarray((after <= factor * before) & (before <= factor * after))
