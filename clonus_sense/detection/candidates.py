"""Candidates: overlapping runs of the three axes, with the signal around them, once all of it is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.axis import shorten_knocks
from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.runs import NO_RUNS, RunFinder, Runs, join_runs
from clonus_sense.model import FloatArray

# The movement before and after a candidate tells a rhythm from a piece of a longer movement.  The flank after the last
# peak is 1.2 s; with the filters' delay of 0.52 s and a block of 0.5 s the verdict stands within 2.3 s of that peak.
BEFORE_S = 1.5
AFTER_S = 1.2
# Longest candidate.  A longer rhythm is judged in pieces and joined afterwards: hours of hum need no more memory than a
# minute.
LONGEST_CANDIDATE_S = 30.0
# Correlation of the movement on all three axes with itself one period later.  On folds of the development cases 0.3
# keeps 98 of 100 true candidates and 7 of 100 pieces of walking; the kept ones are measured.
LEAST_PERIODICITY = 0.3
# A few steps give a run of three or four links: three in four of the pieces of real walking that reach 0.3 are such.
# Of 163 candidates on true bouts of five beats or more seven are, and those fall below 0.3 anyway.
LEAST_PERIODICITY_BY_LINKS = {3: 0.65, 4: 0.5}
# A foot that meets the ground in each beat shows two peaks a beat (second harmonic up to 0.8 of the first, limit-cycle
# model).  Such a movement resembles itself after two of the intervals between its peaks, and much less after one.
TWO_PEAKS_PERIODICITY = 0.5
TWO_PEAKS_GAIN = 0.3
# Slowest beat that may have two peaks: slower movement is no clonus, and steps have many peaks.
SLOWEST_TWO_PEAKS_HZ = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A place where something rhythmic may be, with the signal around it."""

    first_index: int  # working index of the first sample of the window
    core_start: int  # where the runs begin and end, as indices of the window
    core_end: int
    low_g: FloatArray  # low-passed window, shape (n, 3)
    wide_g: FloatArray  # 2.5-12.5 Hz window, shape (n, 3)
    two_peaks_period: float | None  # period in samples of a movement with two peaks a beat; None for all others
    is_cut: bool  # the window ends because the samples end

    @property
    def start(self) -> int:
        """Working index at which the rhythm was first seen."""
        return self.first_index + self.core_start


@dataclass(frozen=True, slots=True)
class _Group:
    """Runs that overlap in time: their extent, and the extent and links of the strongest."""

    start: int
    end: int
    strongest_start: int
    strongest_end: int
    n_links: int

    @property
    def interval(self) -> float:
        """Mean interval of the strongest run, in samples."""
        return (self.strongest_end - self.strongest_start) / self.n_links


class CandidateFinder:
    """Finds the candidates of one segment, fed piece by piece."""

    def __init__(self, working_hz: float, floor_g: float, first_index: int) -> None:
        self._hz = working_hz
        self._before = round(BEFORE_S * working_hz)
        self._after = round(AFTER_S * working_hz)
        self._longest = round(LONGEST_CANDIDATE_S * working_hz)
        self._finder = RunFinder(working_hz, floor_g, first_index)
        self._low: FloatArray = np.empty((0, 3), order="F")
        self._wide: FloatArray = np.empty((0, 3), order="F")
        self._held_first = first_index
        self._runs = NO_RUNS  # runs of candidates that are not complete, in order of their starts

    @property
    def undecided_since(self) -> int:
        """Working index before which no further candidate begins."""
        open_since = self._finder.open_since
        return min(open_since, int(self._runs.start[0])) if len(self._runs) else open_since

    @property
    def next_decision(self) -> int:
        """Working index that the signals must reach before the next decision, unless the segment closes."""
        earliest_end = int(self._runs.end.min(initial=self._finder.earliest_end))
        return earliest_end + self._after

    def push(self, piece: WorkingPiece) -> list[Candidate]:
        """Take a further piece and return the candidates that are now complete."""
        self._low = np.concatenate([self._low, piece.low_g])
        self._wide = np.concatenate([self._wide, piece.wide_g])
        fresh = self._keep_periodic(self._finder.push(piece.wide_g, last=piece.closes))
        candidates: list[Candidate] = []
        if len(self._runs) or len(fresh):
            self._runs = join_runs([self._runs, fresh])
            n_known = self._held_first + len(self._wide)
            for group in self._take_complete(n_known, closes=piece.closes):
                movement_g = self._movement(group.strongest_start, group.strongest_end)
                two_peaks_period = find_two_peaks_period(movement_g, group.interval, self._hz)
                candidates.append(self._cut_out(group, two_peaks_period, n_known, samples_end=piece.samples_end))
        self._forget()
        return candidates

    def _take_complete(self, n_known: int, *, closes: bool) -> list[_Group]:
        """Group overlapping runs and take out the groups to which nothing can be added."""
        runs = self._runs
        firsts = _find_group_starts(runs, self._longest)
        ends = np.maximum.reduceat(runs.end, firsts)
        n_complete = len(firsts)
        if not closes:
            frontier = self._finder.open_since
            is_open = (ends >= frontier) | (ends + self._after > n_known)
            n_complete = int(np.argmax(is_open)) if is_open.any() else len(firsts)
        stops = np.append(firsts[1:], len(runs))[:n_complete]
        weight = runs.amplitude_g * runs.n_links
        groups = []
        for first, stop, end in zip(firsts.tolist(), stops.tolist(), ends.tolist(), strict=False):
            best = first + int(weight[first:stop].argmax()) if stop - first > 1 else first
            start, strongest_end = int(runs.start[best]), int(runs.end[best])
            groups.append(_Group(int(runs.start[first]), end, start, strongest_end, int(runs.n_links[best])))
        if n_complete:
            self._runs = runs.select(slice(int(stops[-1]), None))
        return groups

    def _keep_periodic(self, runs: Runs) -> Runs:
        """Keep the runs whose movement resembles itself one period later: a cheap first look.

        A turn gives runs by chance.  They are dropped before runs are grouped, so that a bout that begins in a turn
        keeps an axis, a period and a strength of its own.
        """
        kept = np.ones(len(runs), dtype=np.bool_)
        for number, (start, end, n_links) in enumerate(
            zip(runs.start.tolist(), runs.end.tolist(), runs.n_links.tolist(), strict=True)
        ):
            movement_g, interval = self._movement(start, end), (end - start) / n_links
            least = LEAST_PERIODICITY_BY_LINKS.get(n_links, LEAST_PERIODICITY)
            if measure_periodicity(movement_g, round(interval)) < least:
                kept[number] = find_two_peaks_period(movement_g, interval, self._hz) is not None
        return runs.select(kept)

    def _movement(self, start: int, end: int) -> FloatArray:
        """Give the movement on all axes from one working index to another, knocks shortened."""
        return shorten_knocks(self._wide[start - self._held_first : end - self._held_first], self._hz)

    def _cut_out(self, group: _Group, two_peaks_period: float | None, n_known: int, *, samples_end: bool) -> Candidate:
        """Cut the window of a group out of the held signals."""
        first = max(group.start - self._before, self._held_first)
        end = min(group.end + self._after, n_known)
        rows = slice(first - self._held_first, end - self._held_first)
        return Candidate(
            first_index=first,
            core_start=group.start - first,
            core_end=group.end - first,
            low_g=self._low[rows],
            wide_g=self._wide[rows],
            two_peaks_period=two_peaks_period,
            is_cut=samples_end and end == n_known,
        )

    def _forget(self) -> None:
        """Keep only the samples that the window of a later candidate may hold."""
        drop = self.undecided_since - self._before - self._held_first
        if drop > 0:
            self._low, self._wide = self._low[drop:], self._wide[drop:]
            self._held_first += drop


def find_two_peaks_period(movement_g: FloatArray, interval: float, working_hz: float) -> float | None:
    """Find the period, in samples, of a movement ``(n, 3)`` with two peaks a beat, ``interval`` samples apart.

    ``None`` where the movement resembles itself nearly as well one interval later.
    """
    period = 2.0 * interval
    if period * SLOWEST_TWO_PEAKS_HZ > working_hz:
        return None
    after_two = measure_periodicity(movement_g, round(period))
    if after_two < TWO_PEAKS_PERIODICITY:
        return None
    return period if after_two > measure_periodicity(movement_g, round(interval)) + TWO_PEAKS_GAIN else None


def _find_group_starts(runs: Runs, longest: int) -> NDArray[np.intp]:
    """Find the first run of each group: it begins after every earlier run has ended, or the group is too long."""
    reached = np.maximum.accumulate(runs.end)
    is_first = np.concatenate([[True], runs.start[1:] > reached[:-1]])
    firsts = np.flatnonzero(is_first)
    if (np.maximum.reduceat(runs.end, firsts) - runs.start[firsts] <= longest).all():
        return firsts
    starts, ends = runs.start.tolist(), runs.end.tolist()
    chosen: list[int] = []
    end = -1
    for index, start in enumerate(starts):
        if not chosen or start > end or max(end, ends[index]) - starts[chosen[-1]] > longest:
            chosen.append(index)
            end = ends[index]
        else:
            end = max(end, ends[index])
    return np.asarray(chosen, dtype=np.intp)


def measure_periodicity(wide_g: FloatArray, lag: int) -> float:
    """Correlate a movement ``(n, 3)`` with itself ``lag`` samples later: -1 to 1, 0 where it is too short."""
    if len(wide_g) <= lag:
        return 0.0
    # One long row: a walk calls this thousands of times an hour, and a dot product is the quickest sum.
    row_g = np.ascontiguousarray(wide_g).reshape(-1)
    late, early = row_g[3 * lag :], row_g[: -3 * lag]
    energy = math.sqrt(late.dot(late) * early.dot(early))
    return float(late.dot(early)) / energy if energy > 0 else 0.0
