"""Strides: at every moment of a walk, how long ago the leg moved as it moves now.

Walking, climbing stairs and cycling repeat themselves from stride to stride.  The slow part of the movement, below 4
Hz, is compared with itself one stride earlier.  Clonus lies above 4 Hz, so a long bout cannot pass for a stride.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clonus_sense.detection.filters import StreamingFir, design_band_pass
from clonus_sense.model import FloatArray

# Nearly all power of a stride lies below 4 Hz, and clonus begins above; below 0.7 Hz the leg only tilts.
STRIDE_BAND_HZ = (0.7, 4.0)
STRIDE_BAND_HALF_LENGTH_S = 0.5
# Three samples a period of the fastest slow movement; the best match lies between samples.
LOWEST_STRIDE_RATE_HZ = 12.0
# From running (0.55 s) to the slow stride of somebody with a stiff leg (0.8-1.1 strides per second are usual).
STRIDE_S = (0.55, 1.7)
# Length of the compared windows, about one stride.
COMPARED_S = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Strides:
    """Strides of consecutive slow samples, one array per property, shape ``(n,)``.

    ``length`` is the time in working samples, with fractions, since the leg last moved most alike; ``likeness`` the
    correlation of both on all axes, -1 to 1, 0 where nothing moves; ``strength_g`` the root mean square of the slow
    movement.
    """

    length: FloatArray
    likeness: FloatArray
    strength_g: FloatArray


class StrideFinder:
    """Finds the strides of one segment, fed piece by piece.

    The slow movement is correlated with itself over lags from 0.55 to 1.7 s, in windows of 1.2 s that end at each
    sample, normalised by the power of both windows; a parabola places the best lag between samples.  Every number comes
    from the same samples by the same sums however the pieces are cut.
    """

    def __init__(self, working_hz: float) -> None:
        self._range = STRIDE_S[0] * working_hz, STRIDE_S[1] * working_hz
        self.every = max(1, int(working_hz // LOWEST_STRIDE_RATE_HZ))
        rate_hz = working_hz / self.every
        self._fir = StreamingFir(_design_stride_band(working_hz, self.every), 1, self.every)
        self._shortest = int(np.floor(STRIDE_S[0] * rate_hz))
        self._longest = int(np.ceil(STRIDE_S[1] * rate_hz))
        self._window = round(COMPARED_S * rate_hz)
        # Before the segment there was no movement.
        self._history = self._longest + 1 + self._window - 1
        self._held: FloatArray = np.zeros((self._history, 3), order="F")

    def push(self, low_g: FloatArray) -> Strides:
        """Take further low-passed samples, shape ``(n, 3)``, and describe the slow samples that are now complete."""
        return self._describe(self._fir.push(low_g))

    def finish(self) -> Strides:
        """End the segment and describe the slow samples still owed."""
        return self._describe(self._fir.finish())

    def _describe(self, fresh: FloatArray) -> Strides:
        """Compare the fresh slow samples with the strides before them."""
        n_fresh = len(fresh)
        if n_fresh == 0:
            return Strides(np.empty(0), np.empty(0), np.empty(0))
        slow = np.concatenate([self._held, fresh])
        self._held = slow[n_fresh:].copy(order="F")
        power = sum_windows(slow[:, 0] ** 2 + slow[:, 1] ** 2 + slow[:, 2] ** 2, self._window)
        now = power[-n_fresh:]
        likeness = self._correlate(slow, n_fresh, power)
        best = likeness[1:-1].argmax(axis=0) + 1
        samples = np.arange(n_fresh)
        before, top, after = likeness[best - 1, samples], likeness[best, samples], likeness[best + 1, samples]
        bend = before - 2.0 * top + after
        is_peak = bend < 0.0
        shift = np.where(is_peak, 0.5 * (before - after) / np.where(is_peak, bend, 1.0), 0.0).clip(-0.5, 0.5)
        length = ((self._shortest - 1 + best + shift) * self.every).clip(*self._range)
        return Strides(length, top, np.sqrt(now / self._window))

    def _correlate(self, slow: FloatArray, n_fresh: int, power: FloatArray) -> FloatArray:
        """Correlation of the window that ends at each fresh sample with each lag, shape ``(n_lags, n_fresh)``."""
        lags = range(self._shortest - 1, self._longest + 2)
        n_used = n_fresh + self._window - 1  # samples that the windows of the fresh ones reach over
        columns = np.ascontiguousarray(slow.T)
        late = columns[:, -n_used:]
        one_over_rms = 1.0 / np.sqrt(power, out=np.full(len(power), np.inf), where=power > 0.0)
        likeness = np.empty((len(lags), n_fresh))
        # Lag by lag: the working set stays in the processor's cache.
        for row, lag in zip(likeness, lags, strict=True):
            early = columns[:, len(slow) - n_used - lag : len(slow) - lag]
            together = sum_windows(np.einsum("ij,ij->j", late, early), self._window)
            np.multiply(together, one_over_rms[len(power) - n_fresh - lag : len(power) - lag], out=row)
        likeness *= one_over_rms[-n_fresh:]
        return likeness


def sum_windows(values: FloatArray, width: int) -> FloatArray:
    """Sum ``width`` neighbours along the last axis, at every place, by doubling: ``(..., n - width + 1)``.

    Unlike a running sum, each value comes from its own samples alone, so it does not depend on where the array begins.
    """
    n_out = values.shape[-1] - width + 1
    total: FloatArray | None = None
    start, power, doubled = 0, 1, values
    while True:
        if width & power:
            part = doubled[..., start : start + n_out]
            total = part if total is None else total + part
            start += power
        power *= 2
        if power > width:
            assert total is not None  # a width of at least 1 has a bit set
            return total
        doubled = doubled[..., : doubled.shape[-1] - power // 2] + doubled[..., power // 2 :]


@lru_cache(maxsize=16)
def _design_stride_band(working_hz: float, every: int) -> FloatArray:
    """Design the 0.7-4 Hz band-pass of the slow movement, centred on a slow sample."""
    middle = every * round(STRIDE_BAND_HALF_LENGTH_S * working_hz / every)
    return design_band_pass(STRIDE_BAND_HZ, middle, working_hz)
