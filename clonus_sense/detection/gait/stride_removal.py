"""Stride removal: subtracts from a walk the part that the strides before explain.

A step resembles the steps before it, and clonus does not keep time with them.  Each moment is explained by the same
moment of the stride before, of the two before that and of the five before those, and by their slope, which stands for a
stride that comes a little earlier or later (template subtraction with the template's slope, as for the heart in muscle
recordings).  The weights are fitted around the moment (:mod:`.stride_regression`): strides that resemble this one count
more, and little is subtracted where none does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.gait.stride_regression import StrideRegression
from clonus_sense.detection.gait.strides import STRIDE_S, StrideFinder, Strides
from clonus_sense.model import FloatArray

# Half of the compared window: the stride at a moment is found around it, not before it.
AHEAD_S = 0.6
# Throughout a block of this length the distance and the weight of a stride are constant.
BLOCK_S = 0.2
# The last stride, the two before it and the five before those.  The newest resembles this one most, and the mean of the
# older ones says as much as each alone (bouts found inside movement: 28 of 48 with eight strides apart, 27 with these,
# 26 with one mean of the eight, 25 with the median of three).
POOLS = (1, 2, 5)
N_STRIDES = sum(POOLS)
# Least correlation with a stride before.  Noise seldom has 0.6, walks 0.8-0.98, and the regression weighs the range
# between (0.45 leaves more movement that is no walk, and more false alarms).
LEAST_LIKENESS = 0.3
# Default weight of the mean stride: strides differ a little.
NEUTRAL_SHARE = 0.9
# Scales the slope to the movement at this frequency, the middle of the wide band.
SLOPE_HZ = 5.6
# Slow movement of somebody who walks; the sway of standing and the cushioning of a seat stay below.
LEAST_STRIDE_G = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class LeftOver:
    """Consecutive samples of a walk with and without their strides."""

    left_g: FloatArray
    wide_g: FloatArray
    likeness: FloatArray
    stride_g: FloatArray

    @property
    def is_walk(self) -> NDArray[np.bool_]:
        """Where the leg moves slowly as in a walk."""
        return self.stride_g >= LEAST_STRIDE_G

    @classmethod
    def nothing(cls) -> LeftOver:
        """Give no samples."""
        return cls(np.empty((0, 3)), np.empty((0, 3)), np.empty(0), np.empty(0))

    def join(self, other: LeftOver) -> LeftOver:
        """Append the samples that follow."""
        return LeftOver(
            np.concatenate([self.left_g, other.left_g]),
            np.concatenate([self.wide_g, other.wide_g]),
            np.concatenate([self.likeness, other.likeness]),
            np.concatenate([self.stride_g, other.stride_g]),
        )

    def drop(self, n: int) -> LeftOver:
        """Leave out the first samples."""
        return LeftOver(self.left_g[n:], self.wide_g[n:], self.likeness[n:], self.stride_g[n:])


class StrideRemover:
    """Subtracts from every sample of a walk the part that the strides before explain."""

    def __init__(self, working_hz: float) -> None:
        self._hz = working_hz
        self._finder = StrideFinder(working_hz)
        self._ahead = round(AHEAD_S * working_hz)
        self._block = round(BLOCK_S * working_hz)
        # The farthest stride, and the neighbours that its slope is taken from.
        self._reach = N_STRIDES * (int(np.ceil(STRIDE_S[1] * working_hz)) + 2 * self._finder.every)
        self._regression = StrideRegression(np.array([*(NEUTRAL_SHARE * n / N_STRIDES for n in POOLS), 0.0]))
        self._wide: FloatArray = np.empty((0, 3))
        self._wide_first = 0  # index of the segment's sample that the held ones begin with
        self._length: FloatArray = np.empty(0)
        self._likeness: FloatArray = np.empty(0)
        self._strength_g: FloatArray = np.empty(0)
        self._stride_first = 0  # slow sample that the held strides begin with
        self._has_walked = False
        self._n_described = 0  # samples whose strides before have been gathered, whole blocks
        self._n_out = 0

    def push(self, piece: WorkingPiece) -> LeftOver:
        """Take a further piece and return every sample whose strides are known."""
        # Row by row in memory, for rows are gathered from it.
        self._wide = np.ascontiguousarray(np.concatenate([self._wide, piece.wide_g]))
        self._take(self._finder.push(piece.low_g))
        if piece.samples_end:
            self._take(self._finder.finish())
        if len(self._length) == 0:
            return LeftOver.nothing()
        n_known = self._wide_first + len(self._wide)
        if not piece.closes:
            n_slow = self._stride_first + len(self._length)
            n_known = min(n_known, n_slow * self._finder.every - self._ahead) // self._block * self._block
        left = self._remove(max(n_known, self._n_described), closes=piece.closes)
        self._forget()
        return left

    def _take(self, strides: Strides) -> None:
        """Hold further strides."""
        self._length = np.concatenate([self._length, strides.length])
        self._likeness = np.concatenate([self._likeness, strides.likeness])
        self._strength_g = np.concatenate([self._strength_g, strides.strength_g])

    def _remove(self, n_known: int, *, closes: bool) -> LeftOver:
        """Explain the samples up to ``n_known`` and return those that are explained by now."""
        n_blocks = -(-(n_known - self._n_described) // self._block)
        fresh_g = self._wide[self._n_described - self._wide_first : n_known - self._wide_first]
        missing = n_blocks * self._block - len(fresh_g)  # the last block is padded with zeros
        movement_g = (np.pad(fresh_g, ((0, missing), (0, 0))) if missing else fresh_g).reshape(
            n_blocks, 3 * self._block
        )
        explained_g = self._explain(self._n_described + self._block * np.arange(n_blocks), movement_g, closes=closes)
        self._n_described = n_known
        n_out = min(self._n_out + len(explained_g), n_known)
        out, self._n_out = np.arange(self._n_out, n_out), n_out
        wide_g = self._wide[out[0] - self._wide_first : n_out - self._wide_first] if len(out) else np.empty((0, 3))
        slow = self._find_slow(out)
        return LeftOver(
            left_g=wide_g - explained_g[: len(out)],
            wide_g=wide_g,
            likeness=self._likeness[slow],
            stride_g=self._strength_g[slow],
        )

    def _explain(self, starts: NDArray[np.intp], movement_g: FloatArray, *, closes: bool) -> FloatArray:
        """Explain the movement of blocks as far as it is known, ``(n, 3)``; outside walks nothing is explained."""
        is_walk = self._strength_g[self._find_slow(starts + self._block // 2)] >= LEAST_STRIDE_G
        self._has_walked |= bool(is_walk.any())
        if not self._has_walked:  # most of what moves for long in a night
            return np.zeros((len(starts) * self._block, 3))
        regressors_g = self._gather(starts[is_walk])
        if not is_walk.all():
            walking_g = regressors_g
            regressors_g = np.zeros((len(POOLS) + 1, len(starts), 3 * self._block))
            regressors_g[:, is_walk] = walking_g
        return self._regression.push(regressors_g, movement_g, closes=closes).reshape(-1, 3)

    def _gather(self, starts: NDArray[np.intp]) -> FloatArray:
        """Gather the regressors of blocks: pools of the strides before and their slope, ``(pools + 1, n, 3 * block)``.

        The first stride that resembles too little, and those before it, are replaced by the mean of the ones after it;
        without any the regressors are zero.
        """
        places, n_strides = self._find_places(starts)
        # A sample more on either side for the slope.
        every_g = sliding_window_view(self._wide.reshape(-1), 3 * (self._block + 2))[::3]
        strides_g = every_g[(places - self._wide_first - 1).clip(0, len(every_g) - 1)]  # strides, blocks, values
        strides_g[np.arange(N_STRIDES)[:, np.newaxis] >= n_strides] = 0.0
        stops = np.cumsum(POOLS)
        sums_g = [_add_up(strides_g[stop - n : stop]) for stop, n in zip(stops, POOLS, strict=True)]
        mean_g = _add_up(sums_g) / np.maximum(n_strides, 1)[:, np.newaxis]
        gathered_g = np.empty((len(POOLS) + 1, len(starts), 3 * self._block))
        for pool_g, sum_g, stop, n in zip(gathered_g, sums_g, stops, POOLS, strict=False):
            n_missing = (stop - n_strides).clip(0, n)[:, np.newaxis]
            whole_g = sum_g + n_missing * mean_g if n_missing.any() else sum_g
            np.divide(whole_g[:, 3:-3], n, out=pool_g)
        np.multiply(mean_g[:, 6:] - mean_g[:, :-6], 0.5 * self._hz / (2.0 * np.pi * SLOPE_HZ), out=gathered_g[-1])
        return gathered_g

    def _find_places(self, starts: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Find where blocks began up to eight strides before, ``(N_STRIDES, n)``, and how many were strides."""
        places = np.empty((N_STRIDES, len(starts)), dtype=np.intp)
        n_strides = np.zeros(len(starts), dtype=np.intp)
        goes_on = np.ones(len(starts), dtype=np.bool_)
        place, whole, middle = starts.astype(np.float64), starts, self._block // 2
        for row in places:
            slow = self._find_slow(whole + middle)
            place = place - self._length[slow]
            # To the nearest sample: half a sample is 20 degrees of 6 Hz, which the slope makes up for.
            row[:] = np.rint(place)
            whole = row
            goes_on &= (self._likeness[slow] >= LEAST_LIKENESS) & (place >= 0.0)
            n_strides += goes_on
        return places, n_strides

    def _find_slow(self, samples: NDArray[np.intp]) -> NDArray[np.intp]:
        """Find the held stride that stands for each sample."""
        places = (samples + self._ahead) // self._finder.every - self._stride_first
        return places.clip(0, len(self._length) - 1)

    def _forget(self) -> None:
        """Keep only the samples that the strides before the next one may need."""
        drop = self._n_out - self._reach - self._wide_first
        if drop > 0:
            self._wide = self._wide[drop:]
            self._wide_first += drop
        oldest = (self._n_out - self._reach + self._ahead) // self._finder.every - 1
        drop = oldest - self._stride_first
        if drop > 0:
            self._length, self._likeness = self._length[drop:], self._likeness[drop:]
            self._strength_g = self._strength_g[drop:]
            self._stride_first += drop


def _add_up(values: FloatArray | list[FloatArray]) -> FloatArray:
    """Add a few long rows, which is quicker one by one than as a sum along the first axis."""
    total: FloatArray = values[0].copy()
    for row in values[1:]:
        total += row
    return total
