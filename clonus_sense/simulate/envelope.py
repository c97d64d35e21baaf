"""Amplitude and frequency of a bout as functions of the beat number."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from clonus_sense.errors import SettingsError
from clonus_sense.model import FloatArray

# Start and end of the movement outside the first and last beat: long enough for a small acceleration out of rest, short
# enough for a straight rise to the first beat.
FLANK_BEATS = 0.6

# Smallest beat relative to the largest. The flanks cost the edge beats a third of their acceleration, and a beat needs
# 20 %.
LOWEST_LEVEL = 0.5

# Clonus has less jitter and waver; more could also remove a small edge beat.
LARGEST_CHANCE = 0.2

# A shorter rise would distort the crests of the edge beats.
SHORTEST_RISE_BEATS = 0.5

# Real clonus with a slow start reaches its steady interval by the fourth or fifth beat.
SETTLING_BEATS = 1.5

# Beats between two independent random values of frequency and amplitude.
WAVER_BEATS = 2.0


@dataclass(frozen=True, slots=True)
class BoutShape:
    """Course of a bout; ratios refer to the steady frequency and the largest beat.

    Parameters
    ----------
    first_level, last_level
        Acceleration of the first and the last beat; 1 is the plateau.
    rise_beats
        Beats from the first to the plateau; at least 0.5, at most half the bout.
    drift_ratio
        Frequency of the last beat minus that of the first.
    slow_start_ratio
        Excess of the first interval over the steady one; it is gone by the fifth beat.
    jitter_ratio, waver_ratio
        Standard deviation of random changes of frequency; limit of random changes of amplitude.
    second_harmonic, third_harmonic
        Size in the angular acceleration relative to the fundamental; 0.02-0.09 in limit cycles, more with contact.

    Raises
    ------
    SettingsError
        If a level or a ratio would make beats too small to be counted.
    """

    first_level: float = 0.6
    last_level: float = 0.6
    rise_beats: float = 2.0
    drift_ratio: float = 0.0
    slow_start_ratio: float = 0.0
    jitter_ratio: float = 0.0
    waver_ratio: float = 0.0
    second_harmonic: float = 0.06
    third_harmonic: float = 0.04

    def __post_init__(self) -> None:
        for name in ("first_level", "last_level"):
            if not LOWEST_LEVEL <= getattr(self, name) <= 1.0:
                raise SettingsError(f"{name} is {getattr(self, name)}; it must lie between {LOWEST_LEVEL} and 1.")
        for name in ("jitter_ratio", "waver_ratio"):
            if not 0.0 <= getattr(self, name) <= LARGEST_CHANCE:
                raise SettingsError(f"{name} is {getattr(self, name)}; it must lie between 0 and {LARGEST_CHANCE}.")


def compute_frequency_ratio(
    shape: BoutShape, n_beats: int, beat_number: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Compute the instantaneous frequency at each beat number, relative to the steady frequency."""
    drift = shape.drift_ratio * (beat_number / max(n_beats - 1, 1) - 0.5)
    # The first interval is centred on beat number 0.5.
    late = shape.slow_start_ratio * np.exp(-(beat_number - 0.5) / SETTLING_BEATS)
    jitter = shape.jitter_ratio * draw_slow_noise(beat_number, _span_of(n_beats), WAVER_BEATS, rng)
    # A ratio near zero would stop the bout; three standard deviations of the largest jitter stay above this limit.
    return np.asarray(np.maximum(1.0 + drift + jitter, 0.3) / (1.0 + late))


def compute_envelope(shape: BoutShape, n_beats: int, beat_number: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Compute the amplitude at each beat number relative to the plateau, at most 1."""
    last = n_beats - 1.0
    rise = min(max(shape.rise_beats, SHORTEST_RISE_BEATS), last / 2)
    # Flat around the edge beats, so that a rising envelope does not shift them.
    level_until = min(0.35, rise / 2)
    places = {0.0: shape.first_level, level_until: shape.first_level, rise: 1.0, last - rise: 1.0}
    places |= {last - level_until: shape.last_level, last: shape.last_level}
    course = PchipInterpolator(list(places), list(places.values()))
    # Soft limits: a corner in the envelope would be a spike in the acceleration.
    waver = shape.waver_ratio * np.tanh(draw_slow_noise(beat_number, _span_of(n_beats), WAVER_BEATS, rng))
    return np.asarray(course(np.clip(beat_number, 0.0, last)) * (1.0 + waver) / (1.0 + shape.waver_ratio))


def minimum_jerk(progress: FloatArray) -> FloatArray:
    """Rise smoothly from 0 to 1, like a hand (Flash and Hogan 1985); constant outside 0 to 1."""
    p = np.clip(progress, 0.0, 1.0)
    return np.asarray(p**3 * (10.0 - 15.0 * p + 6.0 * p**2))


def draw_slow_noise(
    positions: FloatArray, span: tuple[float, float], spacing: float, rng: np.random.Generator
) -> FloatArray:
    """Draw smooth noise of mean 0 and standard deviation 1, independent of the sampling rate."""
    n_knots = math.ceil((span[1] - span[0]) / spacing) + 4
    knots = span[0] + spacing * (np.arange(n_knots) - 1)
    return np.asarray(CubicSpline(knots, rng.standard_normal(n_knots))(positions))


def _span_of(n_beats: int) -> tuple[float, float]:
    """Beat numbers at which the movement of a bout starts and ends."""
    return -FLANK_BEATS, n_beats - 1 + FLANK_BEATS
