"""Takes the strides away: what is left of a walk when the strides before are taken from it.

A step resembles the steps before it, and clonus does not keep time with them: the median of the three strides before,
taken from the movement, leaves the clonus and half of the rest (template subtraction, as it is done for the heart in
muscle recordings).  The median, because a bout of the stride before would leave an echo of itself in a mean.  Outside
walking nothing is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.strides import STRIDE_S, StrideFinder, Strides
from clonus_sense.model import FloatArray

# The stride at a moment is found from this much after it, half of what is compared: around the moment, not before it.
AHEAD_S = 0.6
# In 14 of the 16 development cases with bouts inside movement the median likeness is 0.82-0.98; noise seldom has 0.6.
LEAST_LIKENESS = 0.6
# Slow movement of somebody who walks; the sway of standing and the cushioning of a seat stay below.
LEAST_STRIDE_G = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class LeftOver:
    """Consecutive samples with their strides taken away; ``is_walk`` where there were three to take."""

    left_g: FloatArray
    wide_g: FloatArray
    likeness: FloatArray
    stride_g: FloatArray
    is_walk: NDArray[np.bool_]

    @classmethod
    def nothing(cls) -> LeftOver:
        """Give no samples at all."""
        return cls(np.empty((0, 3)), np.empty((0, 3)), np.empty(0), np.empty(0), np.empty(0, dtype=np.bool_))

    def join(self, other: LeftOver) -> LeftOver:
        """Put the samples that follow behind these."""
        return LeftOver(
            np.concatenate([self.left_g, other.left_g]),
            np.concatenate([self.wide_g, other.wide_g]),
            np.concatenate([self.likeness, other.likeness]),
            np.concatenate([self.stride_g, other.stride_g]),
            np.concatenate([self.is_walk, other.is_walk]),
        )

    def drop(self, n: int) -> LeftOver:
        """Leave out the first samples."""
        return LeftOver(self.left_g[n:], self.wide_g[n:], self.likeness[n:], self.stride_g[n:], self.is_walk[n:])


class StrideRemover:
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

    def push(self, piece: WorkingPiece) -> LeftOver:
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
            return LeftOver.nothing()
        left = self._remove(np.arange(self._n_out, n_known))
        self._n_out = n_known
        self._forget()
        return left

    def _take(self, strides: Strides) -> None:
        """Hold further strides."""
        self._length = np.concatenate([self._length, strides.length])
        self._likeness = np.concatenate([self._likeness, strides.likeness])
        self._strength_g = np.concatenate([self._strength_g, strides.strength_g])

    def _remove(self, samples: NDArray[np.intp]) -> LeftOver:
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
            return LeftOver(wide_g, wide_g, likeness, stride_g, is_walk)
        one_g, two_g, three_g = self._take_between(once), self._take_between(twice), self._take_between(thrice)
        middle_g = np.maximum(np.minimum(one_g, two_g), np.minimum(np.maximum(one_g, two_g), three_g))
        return LeftOver(np.where(is_walk[:, None], wide_g - middle_g, wide_g), wide_g, likeness, stride_g, is_walk)

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
