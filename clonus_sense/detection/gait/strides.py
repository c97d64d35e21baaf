"""Strides: how long ago the leg moved as it moves now, for every moment of a walk.

Walking, climbing stairs and cycling repeat themselves from stride to stride.  The slow part of the movement, below
4 Hz, is compared with itself one stride earlier; clonus lies above it and has no say, so that a long bout is not
taken for a stride of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clonus_sense.detection.filters import StreamingFir, design_band_pass
from clonus_sense.model import FloatArray

# A stride carries nearly all of its power below 4 Hz, and clonus begins above; below 0.7 Hz the leg only tilts.
STRIDE_BAND_HZ = (0.7, 4.0)
STRIDE_BAND_HALF_LENGTH_S = 0.5
# Three samples for the fastest part of the slow movement; the place of the best match lies between them.
LOWEST_STRIDE_RATE_HZ = 12.0
# From running (0.55 s) to the slow stride of somebody with a stiff leg (0.8-1.1 strides per second are usual).
STRIDE_S = (0.55, 1.7)
# About one stride is compared with the one before.
COMPARED_S = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Strides:
    """Strides of consecutive slow samples.

    Parameters
    ----------
    length
        How long the movement up to each sample is after the one that it resembles most, in working samples, with
        fractions, shape ``(n,)``.
    likeness
        Correlation of the two on all three axes, -1 to 1, shape ``(n,)``; 0 where nothing moves.
    strength_g
        Root mean square of the slow movement, shape ``(n,)``.
    """

    length: FloatArray
    likeness: FloatArray
    strength_g: FloatArray


class StrideFinder:
    """Finds the strides of one segment, fed piece by piece.

    Parameters
    ----------
    working_hz
        Rate of the working signals.

    Notes
    -----
    The slow movement ``x`` is correlated with itself over lags ``l`` from 0.55 to 1.7 s, a window of 1.2 s that ends at
    each sample, normalised by the power of both windows; a parabola through the best lag and its neighbours places it
    between samples.  Every number comes from the same samples by the same sums however the pieces are cut.

    Examples
    --------
    >>> t = np.arange(600) / 50
    >>> step_g = 0.3 * np.sin(2 * np.pi * t / 1.1) + 0.1 * np.sin(2 * np.pi * 2 * t / 1.1)
    >>> strides = StrideFinder(50.0).push(np.outer(step_g, [1.0, 0.2, 0.0]))
    >>> round(float(strides.length[-1]) / 50, 2), round(float(strides.likeness[-1]), 2)
    (1.1, 0.99)
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
        # Lag by lag: what is worked on stays in the processor's nearest memory.
        for row, lag in zip(likeness, lags, strict=True):
            early = columns[:, len(slow) - n_used - lag : len(slow) - lag]
            together = sum_windows(np.einsum("ij,ij->j", late, early), self._window)
            np.multiply(together, one_over_rms[len(power) - n_fresh - lag : len(power) - lag], out=row)
        likeness *= one_over_rms[-n_fresh:]
        return likeness


def sum_windows(values: FloatArray, width: int) -> FloatArray:
    """Sum ``width`` neighbours along the last axis, at every place, by doubling.

    Parameters
    ----------
    values
        Any unit, shape ``(..., n)`` with ``n >= width``.
    width
        Number of neighbours, at least 1.

    Returns
    -------
    FloatArray
        Shape ``(..., n - width + 1)``.  Unlike a running sum, each value comes from its own samples alone: it is the
        same to the last bit wherever the array begins.

    Examples
    --------
    >>> sum_windows(np.arange(6.0), 3).tolist()
    [3.0, 6.0, 9.0, 12.0]
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
    """Design the 0.7-4 Hz band-pass of the slow movement, its middle on a slow sample; a walk begins often."""
    middle = every * round(STRIDE_BAND_HALF_LENGTH_S * working_hz / every)
    return design_band_pass(STRIDE_BAND_HZ, middle, working_hz)
