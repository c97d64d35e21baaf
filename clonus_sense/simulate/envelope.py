"""How amplitude and frequency of a bout go from beat to beat, as functions of the beat's number."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from clonus_sense.errors import SettingsError
from clonus_sense.model import FloatArray

# The movement begins and ends this far outside its first and last beat: long enough that the way out of rest takes
# little acceleration, short enough that it goes straight up to the first beat.
FLANK_BEATS = 0.6

# No beat of a bout may be smaller than this part of the largest.  The flanks cost the edge beats a third of their
# acceleration, and 20 % is what makes a beat.
LOWEST_LEVEL = 0.5

# More jitter or waver would be no bout of clonus, and could cost a small edge beat its place.
LARGEST_CHANCE = 0.2

# Within less, the edge beats' own crests would bend.
SHORTEST_RISE_BEATS = 0.5

# Slow starts of real clonus reach their steady interval by the fourth or fifth beat.
SETTLING_BEATS = 1.5

# Beats between two independent values of the random course of frequency and amplitude.
WAVER_BEATS = 2.0


@dataclass(frozen=True, slots=True)
class BoutShape:
    """Course of a bout; ratios are relative to the bout's steady frequency and its largest beat.

    Parameters
    ----------
    first_level, last_level
        Acceleration of the first and the last beat; 1 is the plateau.
    rise_beats
        Beats from the first to the plateau, at least a half and at most half the bout.
    drift_ratio
        Frequency of the last beat less that of the first.
    slow_start_ratio
        How much longer the first interval is than the steady one; gone by the fifth beat.
    jitter_ratio, waver_ratio
        Standard deviation of random changes of frequency, and their limit in amplitude.
    second_harmonic, third_harmonic
        Size in the angular acceleration, relative to the fundamental; limit cycles have 0.02-0.09, contact more.

    Raises
    ------
    SettingsError
        If a level or a ratio would leave beats too small to be counted.
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
    # A ratio near zero would stop the bout; three standard deviations of the largest sensible jitter stay above.
    return np.asarray(np.maximum(1.0 + drift + jitter, 0.3) / (1.0 + late))


def compute_envelope(shape: BoutShape, n_beats: int, beat_number: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Compute the amplitude at each beat number, relative to the plateau."""
    last = n_beats - 1.0
    rise = min(max(shape.rise_beats, SHORTEST_RISE_BEATS), last / 2)
    # Level around the edge beats, so that a rising envelope does not move them.
    level_until = min(0.35, rise / 2)
    places = {0.0: shape.first_level, level_until: shape.first_level, rise: 1.0, last - rise: 1.0}
    places |= {last - level_until: shape.last_level, last: shape.last_level}
    course = PchipInterpolator(list(places), list(places.values()))
    # Bent, not cut, at its limits: a corner in the envelope would be a spike in the acceleration.
    waver = shape.waver_ratio * np.tanh(draw_slow_noise(beat_number, _span_of(n_beats), WAVER_BEATS, rng))
    return np.asarray(course(np.clip(beat_number, 0.0, last)) * (1.0 + waver) / (1.0 + shape.waver_ratio))


def minimum_jerk(progress: FloatArray) -> FloatArray:
    """Go from 0 to 1 without a corner in speed or acceleration, as a hand does (Flash and Hogan 1985)."""
    p = np.clip(progress, 0.0, 1.0)
    return np.asarray(p**3 * (10.0 - 15.0 * p + 6.0 * p**2))


def draw_slow_noise(
    positions: FloatArray, span: tuple[float, float], spacing: float, rng: np.random.Generator
) -> FloatArray:
    """Draw a smooth random course through independent normal values; the same whatever the sampling rate."""
    n_knots = math.ceil((span[1] - span[0]) / spacing) + 4
    knots = span[0] + spacing * (np.arange(n_knots) - 1)
    return np.asarray(CubicSpline(knots, rng.standard_normal(n_knots))(positions))


def _span_of(n_beats: int) -> tuple[float, float]:
    """Beat numbers at which a bout begins and ends to move."""
    return -FLANK_BEATS, n_beats - 1 + FLANK_BEATS
