"""The signal of an episode for the eye: its main axis, band-passed without delay, and its spectrum.

This is for pictures alone.  The detector has filters of its own, which give the same result for any cut of the samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import butter, detrend, periodogram, sosfilt_zi, sosfiltfilt

from clonus_sense.model import Episode, FloatArray
from clonus_sense.report.window import Window, WindowPiece

# Wider than the accepted band on both sides, so that its edges neither damp a beat nor make a kick ring for long.
BAND_LOW_HZ, BAND_HIGH_HZ = 3.0, 12.0

# Below 27 Hz the upper edge comes too near to half the sampling rate; it then stays at this share of it.
HIGHEST_EDGE_RATIO = 0.9

# At this rate both edges meet.
LOWEST_RATE_HZ = 2 * BAND_LOW_HZ / HIGHEST_EDGE_RATIO

# Butterworth of order 2, run forwards and backwards: a kick of 40 ms leaves one peak, not a row of beats.
ORDER = 2

# Three periods of the lower edge on either side let the filter settle; a shorter piece mirrors what it has.
PADDING_S = 3 / BAND_LOW_HZ

# Zeros behind the signal lay the spectrum on a grid of 0.05 Hz or finer, so that a short episode draws a smooth line.
SPECTRUM_STEP_HZ = 0.05

# With fewer samples there is neither a filter nor a spectrum worth the name.
FEWEST_SAMPLES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """Amplitude over frequency."""

    frequency_hz: FloatArray
    amplitude_g: FloatArray


def measured_rate_hz(times_s: FloatArray) -> float:
    """Compute the sampling rate that the times of some samples show."""
    return (len(times_s) - 1) / float(times_s[-1] - times_s[0])


def project_on_main_axis(times_s: FloatArray, accel_g: FloatArray, axis: tuple[float, float, float]) -> FloatArray:
    """Band-pass the movement along one axis, without delay."""
    along_g = accel_g @ np.asarray(axis)
    return band_pass(along_g, measured_rate_hz(times_s)) if len(times_s) > 1 else np.zeros(len(times_s))


def band_pass(along_g: FloatArray, rate_hz: float) -> FloatArray:
    """Band-pass a piece without a gap, without delay, shape ``(n_samples,)``; 0 if it is too short or too slow."""
    if len(along_g) < FEWEST_SAMPLES or rate_hz <= LOWEST_RATE_HZ:
        return np.zeros(len(along_g))
    sos = _design_band(round(rate_hz, 3))
    padding = min(round(PADDING_S * rate_hz), len(along_g) - 1)
    return np.asarray(sosfiltfilt(sos, along_g - along_g.mean(), padlen=padding))


def describe_band(rate_hz: float) -> dict[str, object]:
    """Lay out the band-pass of a rate for ``band_pass.js``: sections, their settled states, padding, fewest samples."""
    sos = _design_band(round(rate_hz, 3)) if rate_hz > LOWEST_RATE_HZ else None
    return {
        "sections": [] if sos is None else sos.tolist(),
        "settled": [] if sos is None else sosfilt_zi(sos).tolist(),
        "padding": round(PADDING_S * rate_hz),
        "fewest": FEWEST_SAMPLES,
    }


@lru_cache
def _design_band(rate_hz: float) -> FloatArray:
    """Design the band-pass; movements of one recording share it, which saves half of the filtering time."""
    high_hz = min(BAND_HIGH_HZ, HIGHEST_EDGE_RATIO * rate_hz / 2)
    return np.asarray(butter(ORDER, (BAND_LOW_HZ, high_hz), btype="bandpass", fs=rate_hz, output="sos"))


def compute_spectrum(window: Window, episode: Episode) -> Spectrum:
    """Compute the spectrum of the main axis inside an episode, from its longest piece without a gap."""
    times_s, along_g = max(
        (_inside(piece, episode) for piece in window.pieces),
        key=lambda inside: len(inside[0]),
        default=(np.empty(0), np.empty(0)),
    )
    if len(times_s) < FEWEST_SAMPLES:
        return Spectrum(np.empty(0), np.empty(0))
    rate_hz = measured_rate_hz(times_s)
    n_fft = max(len(times_s), round(rate_hz / SPECTRUM_STEP_HZ))
    frequency_hz, power = periodogram(detrend(along_g), rate_hz, window="hann", nfft=n_fft, scaling="spectrum")
    # A sine of amplitude a has the mean square a² / 2.
    return Spectrum(frequency_hz, np.sqrt(2 * power))


def _inside(piece: WindowPiece, episode: Episode) -> tuple[FloatArray, FloatArray]:
    """Cut out the times, and the movement along the main axis, that lie inside the episode."""
    inside = (piece.times_s >= episode.onset_s) & (piece.times_s < episode.offset_s)
    return piece.times_s[inside], piece.accel_g[inside] @ np.asarray(episode.axis)
