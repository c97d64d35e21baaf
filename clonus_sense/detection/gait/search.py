"""Looks for a rhythm in what is left of one walk when its strides are taken away.

The harmonics of a step fill 5-8 Hz, as strong as clonus.  Once the strides are gone (:mod:`.stride_removal`), a
movement that resembles itself one period later is worth a closer look.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.gait.stride_removal import LeftOver, StrideRemover
from clonus_sense.detection.gait.strides import sum_windows
from clonus_sense.model import FloatArray

# The movement left is compared with itself one period earlier, in windows of about seven periods of 6 Hz.
SEARCHED_BAND_HZ = (4.4, 8.7)
BLOCK_S = 0.1
WINDOW_BLOCKS = 12
# Correlation of the movement left with itself one period later.  On the development cases 0.36 brings two in three of
# the bouts inside movement and 78 other places to the verdict; 0.33 brings as many bouts and 109 others.
LEAST_PERIODICITY_LEFT = 0.36
# Below this, stride-to-stride variation hides a rhythm.
LEAST_LEFT_G = 0.03
# Longest dip within a bout, where a footfall differs from the last.
BRIDGED_BLOCKS = 3
# A bout of five beats keeps the windows around it above the limit for this long; random differences between strides
# seldom do.  Three blocks would give 35 bouts and 191 other places: as many bouts found, in twice the time.
FEWEST_BLOCKS = 6
LONGEST_BLOCKS = 150
# A window half full of clonus reaches the limit, so a place extends less far than its windows.
MARGIN_BLOCKS = 4
# Context on either side, to tell a bout from movement that goes on.
CONTEXT_S = 1.5
CONTEXT_AFTER_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class GaitCandidate:
    """A place in a walk where something rhythmic is left when the strides are taken away."""

    first_index: int  # working index of the first sample of the window
    core_start: int  # where the rhythm was seen, as indices of the window
    core_end: int
    clearest: int  # middle of the window in which it was seen most clearly
    left_g: FloatArray  # 2.5-12.5 Hz without the strides, shape (n, 3)
    wide_g: FloatArray  # the same with them
    likeness: FloatArray  # correlation of each stride with the one before, shape (n,)
    stride_g: FloatArray  # root mean square of the slow movement of the strides, shape (n,)
    is_cut: bool  # the window ends because the samples end

    @property
    def start(self) -> int:
        """Working index at which the rhythm was first seen."""
        return self.first_index + self.core_start


class GaitSearch:
    """Searches one walk, fed piece by piece."""

    def __init__(self, working_hz: float, first_index: int) -> None:
        self._hz = working_hz
        self._first_index = first_index
        self._remover = StrideRemover(working_hz)
        self._block = round(BLOCK_S * working_hz)
        self._before = round(CONTEXT_S * working_hz)
        self._after = round(CONTEXT_AFTER_S * working_hz)
        shortest, longest = (round(working_hz / edge_hz) for edge_hz in reversed(SEARCHED_BAND_HZ))
        self._lags = np.arange(shortest, longest + 1)
        self._left: LeftOver = LeftOver.nothing()
        self._held_first = 0  # the segment's sample with which the held ones begin, a whole number of blocks
        self._n_seen = 0  # blocks whose window is complete
        # Periodicity of the seen blocks from `_active_first` on; 0 where it is too low or nobody walks.
        self._active = np.empty(0)
        self._active_first = 0

    @property
    def undecided_since(self) -> int:
        """Working index before which no further candidate begins."""
        active = np.flatnonzero(self._active)
        if len(active):
            block = self._active_first + int(active[0])
        elif self._left.is_walk[self._n_seen * self._block - self._held_first :].any():
            block = self._n_seen
        else:
            block = (self._held_first + len(self._left.left_g)) // self._block
        return self._first_index + max(0, block - MARGIN_BLOCKS) * self._block

    @property
    def next_decision(self) -> int:
        """Working index that the signals must reach before the next decision, unless the segment closes."""
        if self._active.any():
            return 0
        return self._first_index + (self._n_seen + MARGIN_BLOCKS + 1) * self._block + self._after

    def push(self, piece: WorkingPiece) -> list[GaitCandidate]:
        """Take a further piece and return the candidates that are now complete."""
        self._left = self._left.join(self._remover.push(piece))
        self._look()
        candidates = [self._cut_out(place, piece) for place in self._take_complete(closes=piece.closes)]
        self._forget()
        return candidates

    def _look(self) -> None:
        """Tell for each further block whether the leg walks and the movement left around it is periodic."""
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
        """Measure each window: best correlation with the signal one period earlier, and root mean square."""
        left_g, longest = self._left.left_g, int(self._lags[-1])
        lead = np.zeros((max(0, longest - start), 3))  # before the segment there was nothing
        known_g = np.concatenate([lead, left_g[max(0, start - longest) : end]])

        def add_up(one_g: FloatArray, other_g: FloatArray) -> FloatArray:
            blocks = (row_g.reshape(-1, 3 * self._block) for row_g in (one_g, other_g))
            return sum_windows(np.einsum("ij,ij->i", *blocks), WINDOW_BLOCKS)

        late_g = known_g[longest:]
        now = add_up(late_g, late_g)
        best = np.full(len(now), -1.0)
        for lag in self._lags.tolist():
            early_g = known_g[longest - lag : len(known_g) - lag]
            energy = np.sqrt(now * add_up(early_g, early_g))
            best = np.maximum(best, add_up(late_g, early_g) / np.where(energy > 0.0, energy, 1.0))
        return best, np.sqrt(now / (WINDOW_BLOCKS * self._block))

    def _take_complete(self, *, closes: bool) -> list[_ActivePlace]:
        """Take out the places to which nothing can be added."""
        active = np.flatnonzero(self._active) + self._active_first
        if len(active) == 0:
            self._active_first += len(self._active)
            self._active = self._active[:0]
            return []
        complete: list[_ActivePlace] = []
        begun = 0
        bounds = [*(np.flatnonzero(np.diff(active) > BRIDGED_BLOCKS) + 1).tolist(), len(active)]
        for bound in bounds:
            last = int(active[min(bound, begun + LONGEST_BLOCKS) - 1])
            while bound - begun > LONGEST_BLOCKS and (closes or self._knows_after(last)):
                complete.append(self._describe(active[begun : begun + LONGEST_BLOCKS]))
                begun += LONGEST_BLOCKS
                last = int(active[min(bound, begun + LONGEST_BLOCKS) - 1])
            is_over = last + BRIDGED_BLOCKS < self._n_seen and bound - begun <= LONGEST_BLOCKS
            if not closes and not (is_over and self._knows_after(last)):
                break
            if bound - begun >= FEWEST_BLOCKS:
                complete.append(self._describe(active[begun:bound]))
            begun = bound
        keep = int(active[begun]) if begun < len(active) else self._n_seen
        self._active = self._active[keep - self._active_first :]
        self._active_first = keep
        return complete

    def _knows_after(self, last_block: int) -> bool:
        """Tell whether the whole window of a place that ends with this block is known."""
        n_known = self._held_first + len(self._left.left_g)
        return (last_block + MARGIN_BLOCKS + 1) * self._block + self._after <= n_known

    def _describe(self, blocks: NDArray[np.intp]) -> _ActivePlace:
        """Describe a place by its active blocks."""
        clearest = blocks[self._active[blocks - self._active_first].argmax()]
        return _ActivePlace(int(blocks[0]), int(blocks[-1]), int(clearest))

    def _cut_out(self, place: _ActivePlace, piece: WorkingPiece) -> GaitCandidate:
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
        """Keep only the samples that the window of a later candidate may hold."""
        keep_block = min(self._active_first, self._n_seen - WINDOW_BLOCKS // 2) - MARGIN_BLOCKS
        keep = keep_block * self._block - max(self._before, int(self._lags[-1]))
        drop = (keep - self._held_first) // self._block * self._block
        if drop > 0:
            self._left = self._left.drop(drop)
            self._held_first += drop


@dataclass(frozen=True, slots=True)
class _ActivePlace:
    """Active blocks that belong together: the first, the last, and the one of the highest periodicity."""

    first: int
    last: int
    clearest: int
