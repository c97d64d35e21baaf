"""Gait: takes the periodic part of a walk away and looks for a rhythm in what is left.

The harmonics of a step fill 5-8 Hz, as strong as clonus.  But a step resembles the steps before it, and clonus does
not keep time with them: the median of the three strides before, taken from the movement, leaves the clonus and half
of the rest (template subtraction, as it is done for the heart in muscle recordings).  The median, because a bout of
the stride before would leave an echo of itself in a mean.  Outside walking nothing is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.strides import STRIDE_S, StrideFinder, Strides, sum_windows
from clonus_sense.model import FloatArray

# The stride at a moment is found from this much after it, half of what is compared: around the moment, not before it.
AHEAD_S = 0.6
# On folds 1-4 of the development cases steps on the flat resemble the last by 0.9 and more, on stairs by 0.7-0.9, and
# turns in bed by less than 0.6.
LEAST_LIKENESS = 0.6
# Slow movement of somebody who walks; the sway of standing and the cushioning of a seat stay below.
LEAST_STRIDE_G = 0.03
# What is left is compared with itself one period of this band earlier, in windows of about seven periods of 6 Hz.
SEARCHED_BAND_HZ = (4.4, 8.7)
BLOCK_S = 0.1
WINDOW_BLOCKS = 12
# Correlation of what is left with itself one period later.  On folds 1-4 0.4 is reached by 16 of 30 bouts inside
# movement and once in half a minute of walking.
LEAST_PERIODICITY_LEFT = 0.4
# Nothing weaker stands out from what strides differ by.
LEAST_LEFT_G = 0.03
# Blocks may fall short within a bout, where a footfall differs from the last.
BRIDGED_BLOCKS = 3
# A bout of five beats fills its windows for so long; strides that differ by chance seldom do.
FEWEST_BLOCKS = 3
LONGEST_BLOCKS = 150
# A window that is half full of clonus reaches the limit; so a place reaches less far than its windows.
MARGIN_BLOCKS = 4
# Whoever walks moves by this much within every half second but for the middle of a stance, and has done so for three
# strides and the window that is compared with them: what moves for less long is not searched.
LIVELY_BLOCK_S = 0.5
LIVELY_G = 0.06
LONGEST_STANCE_BLOCKS = 3
FEWEST_LIVELY_BLOCKS = 8
# What is looked at on either side, to tell a bout from movement that goes on.
CONTEXT_S = 1.5
CONTEXT_AFTER_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class GaitCandidate:
    """A place in a walk where something rhythmic is left when the strides are taken away.

    Parameters
    ----------
    first_index
        Working index of the first sample, counted from the start of the stretch.
    core_start, core_end
        Where the rhythm was seen, as indices of the samples.
    clearest
        Middle of the window in which it was seen most clearly.
    left_g
        What is left of the movement from 2.5 to 12.5 Hz, shape ``(n, 3)``.
    wide_g
        All of it, shape ``(n, 3)``.
    likeness
        How much each stride resembles the one before, shape ``(n,)``.
    stride_g
        Root mean square of the slow movement that strides are made of, shape ``(n,)``.
    is_cut
        Whether the samples end with the window.
    """

    first_index: int
    core_start: int
    core_end: int
    clearest: int
    left_g: FloatArray
    wide_g: FloatArray
    likeness: FloatArray
    stride_g: FloatArray
    is_cut: bool


class GaitSearch:
    """Searches the walks of one segment, fed piece by piece.

    Parameters
    ----------
    working_hz
        Rate of the working signals.
    first_index
        Working index of the first sample of the segment.
    """

    def __init__(self, working_hz: float, first_index: int) -> None:
        self._hz = working_hz
        self._first_index = first_index
        self._block = round(LIVELY_BLOCK_S * working_hz)
        self._low: FloatArray = np.empty((0, 3))
        self._wide: FloatArray = np.empty((0, 3))
        self._held_block = 0  # block with which the held samples begin
        self._n_blocks = 0  # blocks of which it is known whether they are lively
        self._run: _LivelyRun | None = None
        self._walk: _WalkSearch | None = None
        self._decided = first_index  # what was known once stays known
        self._fed = 0  # samples of the segment that the walk has been given

    @property
    def undecided_since(self) -> int:
        """No candidate that is still to come begins before this working index."""
        begins = self._n_blocks if self._run is None else self._run.first
        undecided = self._first_index + begins * self._block + self._least_lead
        if self._walk is not None:
            undecided = max(undecided, self._walk.undecided_since)
        self._decided = max(self._decided, undecided)
        return self._decided

    @property
    def next_decision(self) -> int:
        """Nothing is decided before the working signals reach this index, unless the segment closes."""
        if self._walk is not None:
            return self._walk.next_decision
        n_lively = 0 if self._run is None else self._n_blocks - self._run.first
        return self._first_index + (self._n_blocks + max(1, FEWEST_LIVELY_BLOCKS - n_lively)) * self._block

    @property
    def _least_lead(self) -> int:
        """Samples from the beginning of a walk to the earliest place of a candidate in it."""
        return round(3 * STRIDE_S[0] * self._hz) - (MARGIN_BLOCKS + 1) * round(BLOCK_S * self._hz)

    def push(self, piece: WorkingPiece) -> list[GaitCandidate]:
        """Take a further piece and return the candidates of which everything is now known."""
        self._low = np.concatenate([self._low, piece.low_g])
        self._wide = np.concatenate([self._wide, piece.wide_g])
        first_fresh = self._n_blocks
        self._n_blocks = self._held_block + len(self._low) // self._block
        lively = first_fresh + np.flatnonzero(self._find_lively(first_fresh))
        candidates: list[GaitCandidate] = []
        for run in np.split(lively, np.flatnonzero(np.diff(lively) > LONGEST_STANCE_BLOCKS) + 1) if len(lively) else []:
            candidates += self._extend(int(run[0]), int(run[-1]))
        candidates += self._advance()
        if piece.closes and self._run is not None:
            candidates += self._feed(self._held_block + len(self._low) / self._block, piece)
        self._forget()
        return candidates

    def _find_lively(self, first_block: int) -> NDArray[np.bool_]:
        """Tell for each block from ``first_block`` on whether any axis moves as in a walk."""
        start = (first_block - self._held_block) * self._block
        end = (self._n_blocks - self._held_block) * self._block
        lively = np.zeros(self._n_blocks - first_block, dtype=np.bool_)
        for axis in range(3):
            blocks = np.ascontiguousarray(self._low[start:end, axis]).reshape(-1, self._block)
            lively |= blocks.max(axis=1) - blocks.min(axis=1) >= LIVELY_G
        return lively

    def _extend(self, first: int, last: int) -> list[GaitCandidate]:
        """Take in lively blocks: they go on with the open run or begin a new one."""
        candidates: list[GaitCandidate] = []
        if self._run is not None and first - self._run.last > LONGEST_STANCE_BLOCKS:
            candidates = self._end_run()
        self._run = _LivelyRun(first if self._run is None else self._run.first, last)
        return candidates

    def _advance(self) -> list[GaitCandidate]:
        """Search the open run as far as it is known, and end it where the leg stands still."""
        if self._run is None:
            return []
        if self._n_blocks - self._run.last > LONGEST_STANCE_BLOCKS:
            return self._end_run()
        return self._feed(self._n_blocks)

    def _end_run(self) -> list[GaitCandidate]:
        """End the open run with the stillness after it."""
        assert self._run is not None  # whoever calls has seen it
        return self._feed(self._run.last + 1 + LONGEST_STANCE_BLOCKS, closes=True)

    def _feed(
        self, until_block: float, piece: WorkingPiece | None = None, *, closes: bool = False
    ) -> list[GaitCandidate]:
        """Search the samples of the open run up to a block; a short run is passed over."""
        assert self._run is not None  # whoever calls has seen it
        run, closes = self._run, closes or piece is not None
        if closes:
            self._run = None
        if run.last + 1 - run.first < FEWEST_LIVELY_BLOCKS:
            return []
        if self._walk is None:
            self._walk = _WalkSearch(self._hz, self._first_index + run.first * self._block)
            self._fed = run.first * self._block
        rows = slice(self._fed - self._held_block * self._block, round((until_block - self._held_block) * self._block))
        self._fed = self._held_block * self._block + rows.stop
        walk = self._walk
        if closes:
            self._walk = None
        samples_end = piece is not None and piece.samples_end
        return walk.push(WorkingPiece(0, 0, self._low[rows], self._wide[rows], closes, samples_end))

    def _forget(self) -> None:
        """Keep the samples of a run that is too short to be searched yet, and the last block."""
        keep = self._n_blocks
        if self._run is not None:
            keep = self._run.first if self._walk is None else self._fed // self._block
        drop = (keep - self._held_block) * self._block
        if drop > 0:
            self._low, self._wide = self._low[drop:], self._wide[drop:]
            self._held_block = keep


@dataclass(frozen=True, slots=True)
class _LivelyRun:
    """Lively blocks that follow one another, short stances apart: the first and the last."""

    first: int
    last: int


class _WalkSearch:
    """Searches one walk, fed piece by piece.

    Parameters
    ----------
    working_hz
        Rate of the working signals.
    first_index
        Working index of the first sample of the walk.
    """

    def __init__(self, working_hz: float, first_index: int) -> None:
        self._hz = working_hz
        self._first_index = first_index
        self._canceller = _StrideCanceller(working_hz)
        self._block = round(BLOCK_S * working_hz)
        self._before = round(CONTEXT_S * working_hz)
        self._after = round(CONTEXT_AFTER_S * working_hz)
        self._lags = np.arange(
            int(working_hz // SEARCHED_BAND_HZ[1]), int(np.ceil(working_hz / SEARCHED_BAND_HZ[0])) + 1
        )
        self._left: _Left = _Left.nothing()
        self._held_first = 0  # index of the segment's sample that the held ones begin with, a whole number of blocks
        self._n_seen = 0  # blocks whose window is complete
        # Periodicity of the seen blocks from `_active_first` on; 0 where it is too low or nobody walks.
        self._active = np.empty(0)
        self._active_first = 0

    @property
    def undecided_since(self) -> int:
        """No candidate that is still to come begins before this working index."""
        active = np.flatnonzero(self._active)
        if len(active):
            block = self._active_first + int(active[0])
        elif self._left.is_walk[self._n_seen * self._block - self._held_first :].any():
            block = self._n_seen
        else:
            block = max(self._n_seen, self._canceller.no_walk_before // self._block)
        return self._first_index + max(0, block - MARGIN_BLOCKS) * self._block

    @property
    def next_decision(self) -> int:
        """Nothing is decided before the working signals reach this index, unless the segment closes."""
        if self._active.any():
            return 0
        return self._first_index + (self._n_seen + MARGIN_BLOCKS + 1) * self._block + self._after

    def push(self, piece: WorkingPiece) -> list[GaitCandidate]:
        """Take a further piece and return the candidates of which everything is now known."""
        self._left = self._left.join(self._canceller.push(piece))
        self._look()
        candidates = [self._cut_out(place, piece) for place in self._take_complete(closes=piece.closes)]
        self._forget()
        return candidates

    def _look(self) -> None:
        """Tell for each further block whether what is left around it is periodic, and strides were taken away."""
        half = WINDOW_BLOCKS // 2
        n_blocks = self._held_first // self._block + len(self._left.left_g) // self._block
        n_seen = max(self._n_seen, n_blocks - half)
        if n_seen == self._n_seen:
            return
        fresh = np.zeros(n_seen - self._n_seen)
        # The windows reach half a window back, and one period more.
        start_block = max(0, self._n_seen - half)
        start = start_block * self._block - self._held_first
        end = (n_seen + half) * self._block - self._held_first
        middles = (np.arange(self._n_seen, n_seen) * self._block) - self._held_first
        walks = self._left.is_walk[middles]
        if walks.any():
            periodicity, left_g = self._measure_periodicity(start, end)
            skipped = half - (self._n_seen - start_block)  # windows that would begin before the segment
            full = (periodicity >= LEAST_PERIODICITY_LEFT) & (left_g >= LEAST_LEFT_G)
            n_full = max(0, len(fresh) - skipped)
            fresh[skipped:] = np.where(full[:n_full] & walks[skipped:], periodicity[:n_full], 0.0)
        self._active = np.concatenate([self._active, fresh])
        self._n_seen = n_seen

    def _measure_periodicity(self, start: int, end: int) -> tuple[FloatArray, FloatArray]:
        """Correlation with itself one period earlier and root mean square, of each window from ``start`` to ``end``."""
        left_g = self._left.left_g
        n_blocks = (end - start) // self._block

        def add_up(values: FloatArray) -> FloatArray:
            blocks = np.ascontiguousarray(values).reshape(-1, self._block).sum(axis=1)
            return sum_windows(blocks, WINDOW_BLOCKS)

        longest = min(start, int(self._lags[-1]))
        lead = np.zeros((int(self._lags[-1]) - longest, 3))
        known = np.concatenate([lead, left_g[start - longest : end]])
        offset = len(known) - n_blocks * self._block
        x, y, z = known[:, 0].copy(), known[:, 1].copy(), known[:, 2].copy()
        power = x * x + y * y + z * z
        now = add_up(power[offset:])
        best = np.full(len(now), -1.0)
        for lag in self._lags.tolist():
            late, early = slice(offset, None), slice(offset - lag, len(known) - lag)
            together = add_up(x[late] * x[early] + y[late] * y[early] + z[late] * z[early])
            energy = np.sqrt(now * add_up(power[early]))
            best = np.maximum(best, together / np.where(energy > 0.0, energy, 1.0))
        return best, np.sqrt(now / (WINDOW_BLOCKS * self._block))

    def _take_complete(self, *, closes: bool) -> list[_Place]:
        """Take out the places to which nothing can be added any more."""
        active = np.flatnonzero(self._active) + self._active_first
        if len(active) == 0:
            self._active_first += len(self._active)
            self._active = self._active[:0]
            return []
        complete: list[_Place] = []
        begun = 0
        bounds = [*(np.flatnonzero(np.diff(active) > BRIDGED_BLOCKS) + 1).tolist(), len(active)]
        n_known = self._held_first + len(self._left.left_g)
        for bound in bounds:
            while bound - begun > LONGEST_BLOCKS:
                complete.append(self._describe(active[begun : begun + LONGEST_BLOCKS]))
                begun += LONGEST_BLOCKS
            last = int(active[bound - 1])
            is_known = (last + MARGIN_BLOCKS + 1) * self._block + self._after <= n_known
            if not closes and (last + BRIDGED_BLOCKS >= self._n_seen or not is_known):
                break
            if bound - begun >= FEWEST_BLOCKS:
                complete.append(self._describe(active[begun:bound]))
            begun = bound
        keep = int(active[begun]) if begun < len(active) else self._n_seen
        self._active = self._active[keep - self._active_first :]
        self._active_first = keep
        return complete

    def _describe(self, blocks: NDArray[np.intp]) -> _Place:
        """Describe a place by its active blocks."""
        clearest = blocks[self._active[blocks - self._active_first].argmax()]
        return _Place(int(blocks[0]), int(blocks[-1]), int(clearest))

    def _cut_out(self, place: _Place, piece: WorkingPiece) -> GaitCandidate:
        """Cut the window of a place out of the held signals."""
        n_held = len(self._left.left_g)
        core_start = max(0, (place.first - MARGIN_BLOCKS) * self._block - self._held_first)
        core_end = min((place.last + MARGIN_BLOCKS + 1) * self._block - self._held_first, n_held)
        start, end = max(0, core_start - self._before), min(core_end + self._after, n_held)
        return GaitCandidate(
            first_index=self._first_index + self._held_first + start,
            core_start=core_start - start,
            core_end=core_end - start,
            clearest=place.clearest * self._block - self._held_first - start,
            left_g=self._left.left_g[start:end],
            wide_g=self._left.wide_g[start:end],
            likeness=self._left.likeness[start:end],
            stride_g=self._left.stride_g[start:end],
            is_cut=piece.samples_end and end == n_held,
        )

    def _forget(self) -> None:
        """Keep only the samples that a coming candidate's window may hold."""
        keep_block = min(self._active_first, self._n_seen - WINDOW_BLOCKS // 2) - MARGIN_BLOCKS
        keep = keep_block * self._block - max(self._before, int(self._lags[-1]))
        drop = (keep - self._held_first) // self._block * self._block
        if drop > 0:
            self._left = self._left.drop(drop)
            self._held_first += drop


@dataclass(frozen=True, slots=True)
class _Place:
    """Active blocks that belong together: the first, the last, and the one of the highest periodicity."""

    first: int
    last: int
    clearest: int


@dataclass(frozen=True, slots=True, eq=False)
class _Left:
    """Consecutive samples with their strides taken away; ``is_walk`` where there were three to take."""

    left_g: FloatArray
    wide_g: FloatArray
    likeness: FloatArray
    stride_g: FloatArray
    is_walk: NDArray[np.bool_]

    @classmethod
    def nothing(cls) -> _Left:
        return cls(np.empty((0, 3)), np.empty((0, 3)), np.empty(0), np.empty(0), np.empty(0, dtype=np.bool_))

    def join(self, other: _Left) -> _Left:
        return _Left(
            np.concatenate([self.left_g, other.left_g]),
            np.concatenate([self.wide_g, other.wide_g]),
            np.concatenate([self.likeness, other.likeness]),
            np.concatenate([self.stride_g, other.stride_g]),
            np.concatenate([self.is_walk, other.is_walk]),
        )

    def drop(self, n: int) -> _Left:
        return _Left(self.left_g[n:], self.wide_g[n:], self.likeness[n:], self.stride_g[n:], self.is_walk[n:])


class _StrideCanceller:
    """Takes the median of the three strides before from every sample of a walk."""

    def __init__(self, working_hz: float) -> None:
        self._hz = working_hz
        self._finder = StrideFinder(working_hz)
        self._ahead = round(AHEAD_S * working_hz)
        # Three strides back, and the neighbours between which they lie.
        self._reach = 3 * (int(np.ceil(STRIDE_S[1] * working_hz)) + 2 * self._finder.every)
        self._wide: FloatArray = np.empty((0, 3))
        self._wide_first = 0  # index of the segment's sample that the held ones begin with
        self._length: FloatArray = np.empty(0)
        self._likeness: FloatArray = np.empty(0)
        self._strength_g: FloatArray = np.empty(0)
        self._stride_first = 0  # slow sample that the held strides begin with
        self._n_out = 0

    @property
    def no_walk_before(self) -> int:
        """After the last sample given out, nothing is a walk before this sample of the segment.

        A walk repeats itself; where nothing did for as long as the longest stride, nothing can for the shortest.
        """
        recent = self._likeness[-round(STRIDE_S[1] * self._hz / self._finder.every) - 1 :]
        if (recent >= LEAST_LIKENESS).any():
            return self._n_out
        return self._n_out + round(STRIDE_S[0] * self._hz) - self._finder.every

    def push(self, piece: WorkingPiece) -> _Left:
        """Take a further piece and give out every sample whose strides are known."""
        # Row by row in memory: rows are what is taken from it.
        self._wide = np.ascontiguousarray(np.concatenate([self._wide, piece.wide_g]))
        self._take(self._finder.push(piece.low_g))
        if piece.samples_end:
            self._take(self._finder.finish())
        n_known = self._wide_first + len(self._wide)
        if not piece.closes:
            n_slow = self._stride_first + len(self._length)
            n_known = min(n_known, n_slow * self._finder.every - self._ahead)
        if n_known <= self._n_out or len(self._length) == 0:
            return _Left.nothing()
        left = self._cancel(np.arange(self._n_out, n_known))
        self._n_out = n_known
        self._forget()
        return left

    def _take(self, strides: Strides) -> None:
        """Hold further strides."""
        self._length = np.concatenate([self._length, strides.length])
        self._likeness = np.concatenate([self._likeness, strides.likeness])
        self._strength_g = np.concatenate([self._strength_g, strides.strength_g])

    def _cancel(self, samples: NDArray[np.intp]) -> _Left:
        """Take the strides before from samples, given by their indices in the segment."""
        wide_g = self._wide[samples[0] - self._wide_first : samples[-1] + 1 - self._wide_first]
        slow = self._find_slow(samples)
        likeness, stride_g = self._likeness[slow], self._strength_g[slow]
        once = samples - self._length[slow]
        slow_then = self._find_slow(np.rint(once).astype(np.intp))
        twice = once - self._length[slow_then]
        slow_before = self._find_slow(np.rint(twice).astype(np.intp))
        thrice = twice - self._length[slow_before]
        is_walk = (
            (np.minimum(likeness, np.minimum(self._likeness[slow_then], self._likeness[slow_before])) >= LEAST_LIKENESS)
            & (stride_g >= LEAST_STRIDE_G)
            & (thrice >= 0.0)
        )
        if not is_walk.any():
            return _Left(wide_g, wide_g, likeness, stride_g, is_walk)
        one_g, two_g, three_g = self._take_between(once), self._take_between(twice), self._take_between(thrice)
        middle_g = np.maximum(np.minimum(one_g, two_g), np.minimum(np.maximum(one_g, two_g), three_g))
        return _Left(np.where(is_walk[:, None], wide_g - middle_g, wide_g), wide_g, likeness, stride_g, is_walk)

    def _find_slow(self, samples: NDArray[np.intp]) -> NDArray[np.intp]:
        """Place of the stride that stands for each sample, among the held ones."""
        places = (samples + self._ahead) // self._finder.every - self._stride_first
        return places.clip(0, len(self._length) - 1)

    def _take_between(self, samples: FloatArray) -> FloatArray:
        """Movement at places between samples, on a straight line between the neighbours."""
        before = np.floor(samples)
        part = (samples - before)[:, None]
        place = before.astype(np.intp) - self._wide_first
        before_g = self._wide.take(place, axis=0, mode="clip")
        between_g = self._wide.take(place + 1, axis=0, mode="clip")
        between_g -= before_g
        between_g *= part
        between_g += before_g
        return between_g

    def _forget(self) -> None:
        """Keep only what three strides back from the next sample may need."""
        drop = self._n_out - self._reach - self._wide_first
        if drop > 0:
            self._wide = self._wide[drop:]
            self._wide_first += drop
        oldest = (self._n_out - self._reach * 2 // 3 + self._ahead) // self._finder.every - 1
        drop = oldest - self._stride_first
        if drop > 0:
            self._length, self._likeness = self._length[drop:], self._likeness[drop:]
            self._strength_g = self._strength_g[drop:]
            self._stride_first += drop
