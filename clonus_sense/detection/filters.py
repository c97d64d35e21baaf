"""Zero-delay filters that give the same result however the samples are cut.

Every filter is a symmetric FIR: each output is one sum over the same inputs in the same order
(:func:`scipy.signal.upfirdn` where the rate changes, :func:`numpy.convolve` elsewhere), wherever a batch begins.  So
live, replay and whole-file analysis agree to the last bit.  A symmetric FIR delays all frequencies alike by half its
length, which is taken off exactly; a causal band-pass would delay 5 Hz by 64 ms and 8 Hz by 44 ms, and shift onsets by
the rhythm's own frequency.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import firwin, upfirdn

from clonus_sense.errors import SignalError
from clonus_sense.model import FloatArray

# Below 18 Hz a rhythm of 8.5 Hz lies within 0.5 Hz of the Nyquist frequency, where it cannot be measured.
LOWEST_RATE_HZ = 18.0
# Beyond every accelerometer: filters of a rate that a damaged file states would fill the memory.
HIGHEST_RATE_HZ = 20_000.0
# From 25 Hz up the accepted band is whole; between 18 and 25 Hz beats near 8 Hz show with low amplitudes.
LOWEST_GOOD_RATE_HZ = 25.0
# All analysis runs at 48 to 96 Hz: one set of limits holds for sensors of 18 to several thousand hertz, and a beat of
# 8.5 Hz has at least five samples to locate its peak between.
LOWEST_WORKING_HZ = 48.0
# Keeps the second harmonic of 7 Hz; strap rattle and footfall clicks lie above.
LOW_PASS_HZ = 14.0
# Cut-off over the input's rate: leaves the interpolation filter room to remove the images above the Nyquist frequency.
LOW_PASS_OF_RATE = 0.45
LOW_PASS_HALF_LENGTH_S = 0.16
# The wide band keeps the sharp edges of beats and passes 4.5-10 Hz within 2 %, so amplitudes are right; it is so short
# that a single kick does not ring into several beats.
WIDE_BAND_HZ = (2.5, 12.5)
WIDE_HALF_LENGTH_S = 0.36


@dataclass(frozen=True, slots=True)
class WorkingRate:
    """How a sensor's rate becomes the working rate ``fs_hz * up / down``: whole numbers, one of them 1."""

    fs_hz: float
    up: int
    down: int

    @property
    def working_hz(self) -> float:
        """The rate at which we analyse."""
        return self.fs_hz * self.up / self.down

    @property
    def block_samples(self) -> int:
        """Length of a gate block: about half a second of the sensor's samples, a whole number of working samples."""
        return self.down * max(1, round(self.fs_hz / 2 / self.down))


def choose_working_rate(fs_hz: float) -> WorkingRate:
    """Choose the working rate of a sensor, at least 48 Hz by a whole factor; refuse rates outside 18 Hz to 20 kHz."""
    if HIGHEST_RATE_HZ < fs_hz < np.inf:
        raise SignalError(
            f"a sampling rate of {fs_hz:g} Hz is faster than any accelerometer; at most {HIGHEST_RATE_HZ:g} Hz is "
            "read: correct the rate that is stated."
        )
    if not fs_hz >= LOWEST_RATE_HZ or not np.isfinite(fs_hz):
        raise SignalError(
            f"a sampling rate of {fs_hz:g} Hz is too slow for a rhythm of 5-8 Hz: at least {LOWEST_RATE_HZ:g} Hz is "
            "needed, 50 Hz or more is advised; record again at a higher rate."
        )
    if fs_hz < LOWEST_WORKING_HZ:
        return WorkingRate(fs_hz, up=int(np.ceil(LOWEST_WORKING_HZ / fs_hz)), down=1)
    return WorkingRate(fs_hz, up=1, down=int(fs_hz // LOWEST_WORKING_HZ))


class StreamingFir:
    """A symmetric FIR over columns, with whole-number rate change, fed piece by piece and free of delay.

    Output ``k`` is centred on input ``k * down / up``.  Before the first sample and after the last the edge value goes
    on, so a resting offset makes no transient.  ``taps`` have odd length, and their middle index is a multiple of
    ``down``.
    """

    def __init__(self, taps: FloatArray, up: int = 1, down: int = 1) -> None:
        self._taps, self._up, self._down = taps, up, down
        self._middle = (len(taps) - 1) // 2
        # Input samples put before the first one: enough for half the filter, and a whole number of output steps.
        self._lead = down * -(-self._middle // (up * down))
        self._held: FloatArray | None = None
        self._held_first = 0  # index of the first held input, counted with the lead
        self._n_out = 0

    def push(self, samples: FloatArray) -> FloatArray:
        """Take further samples, shape ``(n, columns)``, and return the outputs that are now complete."""
        if len(samples) == 0:
            return np.empty((0, samples.shape[1]), order="F")
        if self._held is None:
            held = np.concatenate([np.repeat(samples[:1], self._lead, axis=0), samples])
        else:
            held = np.concatenate([self._held, samples])
        return self._run(held)

    def finish(self) -> FloatArray:
        """Let the last sample go on and return the outputs still owed."""
        if self._held is None:
            return np.empty((0, 0), order="F")
        n_tail = -(-self._middle // self._up)
        n_wanted = -(-(self._held_first + len(self._held) - self._lead) * self._up // self._down) - self._n_out
        return self._run(np.concatenate([self._held, np.repeat(self._held[-1:], n_tail, axis=0)]))[:n_wanted]

    def _run(self, held: FloatArray) -> FloatArray:
        """Compute every output that ``held`` completes and keep what later outputs need."""
        # In the padded, upsampled input the centre of output k stands at lead * up + k * down.
        n_known = (self._held_first + len(held)) * self._up
        n_ready = max(self._n_out, (n_known - self._up - self._middle - self._lead * self._up) // self._down + 1)
        first = (
            self._lead * self._up + self._n_out * self._down + self._middle - self._held_first * self._up
        ) // self._down
        count = n_ready - self._n_out
        out = self._filter(held, first, count)
        self._n_out = n_ready
        oldest = (self._lead * self._up + n_ready * self._down - self._middle) // self._up
        drop = max(0, min(len(held), (oldest - self._held_first) // self._down * self._down))
        self._held, self._held_first = held[drop:], self._held_first + drop
        return out

    def _filter(self, held: FloatArray, first: int, count: int) -> FloatArray:
        """Compute ``count`` outputs of the full convolution from ``first`` on, each column in one piece of memory."""
        if self._up > 1 or self._down > 1:
            return upfirdn(self._taps, held.T, self._up, self._down, axis=1).T[first : first + count]
        out = np.empty((count, held.shape[1]), order="F")
        if count > 0:
            # Without decimation, one scalar product for each output takes two thirds of the time.
            needed = held[first - len(self._taps) + 1 : first + count]
            for column, column_g in enumerate(needed.T):
                out[:, column] = np.convolve(column_g, self._taps, "valid")
        return out


def design_resampler(rate: WorkingRate) -> FloatArray:
    """Design the symmetric low-pass taps, at ``fs_hz * up``, that take a sensor's samples to the working rate."""
    dense_hz = rate.fs_hz * rate.up
    middle = rate.down * round(LOW_PASS_HALF_LENGTH_S * dense_hz / rate.down)
    cutoff_hz = min(LOW_PASS_HZ, LOW_PASS_OF_RATE * rate.fs_hz)
    taps = firwin(2 * middle + 1, cutoff_hz, fs=dense_hz) * rate.up
    return np.asarray(taps, dtype=np.float64)


def design_wide_band(working_hz: float) -> FloatArray:
    """Design the 2.5-12.5 Hz band-pass of the working signal."""
    return design_band_pass(WIDE_BAND_HZ, round(WIDE_HALF_LENGTH_S * working_hz), working_hz)


def design_band_pass(band_hz: tuple[float, float], middle: int, working_hz: float) -> FloatArray:
    """Design a band-pass without delay: ``2 * middle + 1`` symmetric taps whose sum is zero."""
    taps = firwin(2 * middle + 1, list(band_hz), fs=working_hz, pass_zero=False)
    # A windowed design leaves a trace of the constant; gravity is two hundred times a weak beat.
    window = make_hann(2 * middle + 1)
    return np.asarray(taps - window * (taps.sum() / window.sum()), dtype=np.float64)


@lru_cache(maxsize=256)
def make_hann(n_samples: int) -> FloatArray:
    """Hann window without zeros at its ends."""
    return np.hanning(n_samples + 2)[1:-1]
