"""Walking at foot, shank and thigh: varying strides, harmonics in the clonus band, heel strikes.

The fundamental of a leg's gait is the stride, 0.7-1.2 Hz; its harmonics at 5-8 Hz have the amplitude of clonus at the
shank (0.06-0.1 g). Walking is therefore the most important look-alike by day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.simulate.disturbances import Scene, ring_down
from clonus_sense.simulate.envelope import draw_slow_noise, minimum_jerk
from clonus_sense.simulate.leg_posture import roll_between, upright_posture
from clonus_sense.simulate.placement import STANDARD_GRAVITY_M_S2
from clonus_sense.terms import Placement

# Swing of the segment about its mean in degrees, by harmonic of the stride: the first few as in normal gait, the rest
# falling so that 0.06-0.1 g remain at 5-8 Hz on the shank.
SWING_DEG = (20.0, 10.0, 4.0, 1.2, 0.35, 0.16, 0.09, 0.05)

# Lever over which the swing accelerates the sensor, in m; it ignores the movement of the trunk.
LEVER_M_BY_PLACEMENT: dict[Placement, float] = {
    Placement.FOOT: 0.4,
    Placement.ANKLE: 0.38,
    Placement.SHANK: 0.34,
    Placement.SHANK_PLANTED: 0.34,
    Placement.THIGH: 0.2,
}

# Heel strike in g; shoe, knee and thigh soften it.
STRIKE_G_BY_PLACEMENT: dict[Placement, float] = {
    Placement.FOOT: 1.6,
    Placement.ANKLE: 1.2,
    Placement.SHANK: 0.9,
    Placement.SHANK_PLANTED: 0.9,
    Placement.THIGH: 0.4,
}

# A strike decays to a thousandth in this time, well before the next one.
STRIKE_S = 0.4


@dataclass(frozen=True, slots=True)
class GaitStyle:
    """Walking style: stride rate in Hz (half the step rate) and relative variations."""

    stride_hz: float = 0.85
    stride_variation: float = 0.03
    pace_variation: float = 0.08
    size_variation: float = 0.1


def simulate_gait(scene: Scene, rng: np.random.Generator, style: GaitStyle = GaitStyle()) -> FloatArray:
    """Walk upright for the whole scene; its postures are ignored."""
    starts_s = _draw_stride_starts(scene.duration_s, style, rng)
    stride = np.clip(np.searchsorted(starts_s, scene.times_s, side="right") - 1, 0, len(starts_s) - 2)
    stride_s = np.diff(starts_s)
    phase = (scene.times_s - starts_s[stride]) / stride_s[stride]
    # 1. The swing tilts gravity and accelerates the sensor along the lever.
    tilt_rad, bend_rad = _draw_swing(rng)
    size = 1.0 + style.size_variation * rng.standard_normal(len(stride_s))
    angle_rad = size[stride] * np.interp(phase, _PHASES, tilt_rad)
    # The template's second derivative is per stride squared.
    tangential_g = LEVER_M_BY_PLACEMENT[scene.placement] / STANDARD_GRAVITY_M_S2 * (size / stride_s**2)[stride]
    tangential_g *= np.interp(phase, _PHASES, bend_rad)
    x_g, y_g, z_g = upright_posture(scene.placement)
    cosine, sine = np.cos(angle_rad), np.sin(angle_rad)
    accel_g = np.column_stack(
        [x_g * cosine + z_g * sine, np.full_like(cosine, y_g), z_g * cosine - x_g * sine + tangential_g]
    )
    accel_g[:, 1] += 0.2 * tangential_g
    # 2. Strikes: the heel at the start of each stride, the push of the toes at 60 %.
    strike_g = STRIKE_G_BY_PLACEMENT[scene.placement]
    along = np.array([-0.8, 0.2, 0.5]) if scene.placement is not Placement.FOOT else np.array([0.4, 0.2, 0.9])
    for place, share in ((0.0, 1.0), (0.6, 0.35)):
        sizes_g = share * strike_g * np.clip(1.0 + 0.25 * rng.standard_normal(len(stride_s)), 0.2, 2.0)
        _strike(accel_g, scene.times_s, starts_s[:-1] + place * stride_s, sizes_g, along)
    return accel_g


def simulate_bathroom(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Get up, walk to the bathroom, stay, walk back and lie down; 90 s or more."""
    upright_g = upright_posture(scene.placement)
    rise_s = 5.0
    walk_s = min(rng.uniform(12.0, 40.0), (scene.duration_s - 2 * rise_s) / 3)
    style = GaitStyle(stride_hz=rng.uniform(0.6, 0.9), stride_variation=0.05, pace_variation=0.1)
    back_s = scene.duration_s - rise_s - walk_s
    accel_g = np.tile(upright_g, (len(scene.times_s), 1))
    # A standing or sitting person is never quite still.
    accel_g += 0.01 * scene.shake(0.5, rng)
    for start_s in (rise_s, back_s):
        rows, walk = _part_of(scene, start_s, walk_s)
        accel_g[rows] = simulate_gait(walk, rng, style)
    for start_s, before_g, after_g in (
        (0.0, scene.before_g, upright_g),
        (scene.duration_s - rise_s, upright_g, scene.after_g),
    ):
        rows, rise = _part_of(scene, start_s, rise_s)
        accel_g[rows] = roll_between(before_g, after_g, minimum_jerk(rise.times_s / rise_s)) + 0.15 * rise.shake(
            0.25, rng
        )
    return accel_g


_PHASES = np.linspace(0.0, 1.0, 513)
"""Points of a stride template."""


def _draw_stride_starts(duration_s: float, style: GaitStyle, rng: np.random.Generator) -> FloatArray:
    """Draw the start times of strides, from before the scene until after its end."""
    n_strides = int(duration_s * style.stride_hz * 1.5) + 4
    pace = 1.0 + style.pace_variation * draw_slow_noise(
        np.arange(n_strides, dtype=np.float64), (0.0, n_strides), 20.0, rng
    )
    pace *= 1.0 + style.stride_variation * rng.standard_normal(n_strides)
    starts_s = np.concatenate([[0.0], np.cumsum(1.0 / (style.stride_hz * np.clip(pace, 0.6, 1.5)))])
    return np.asarray(starts_s[: int(np.searchsorted(starts_s, duration_s)) + 2])


def _draw_swing(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Draw a person's swing over a stride: angle in rad, and its second derivative per stride squared."""
    angle_rad, bend_rad = np.zeros_like(_PHASES), np.zeros_like(_PHASES)
    for harmonic, degrees in enumerate(SWING_DEG, start=1):
        turn = 2 * np.pi * harmonic
        wave = np.radians(degrees) * rng.uniform(0.8, 1.2) * np.cos(turn * _PHASES + rng.uniform(0.0, 2 * np.pi))
        angle_rad += wave
        bend_rad -= turn**2 * wave
    return angle_rad, bend_rad


def _strike(accel_g: FloatArray, times_s: FloatArray, at_s: FloatArray, sizes_g: FloatArray, along: FloatArray) -> None:
    """Add a 12 Hz ring at each time, in place, because the caller's array may hold eight hours."""
    first, end = np.searchsorted(times_s, at_s), np.searchsorted(times_s, at_s + STRIKE_S)
    for lag in range(int((end - first).max(initial=0))):
        # The lag-th sample of each strike; strikes are further apart than STRIKE_S, so no row occurs twice.
        inside = first + lag < end
        rows = first[inside] + lag
        accel_g[rows] += np.outer(sizes_g[inside] * ring_down(times_s[rows] - at_s[inside], 12.0, 0.25), along)


def _part_of(scene: Scene, start_s: float, duration_s: float) -> tuple[slice, Scene]:
    """Return rows and scene of a part of a scene, with times since the start of the part."""
    rows = slice(*np.searchsorted(scene.times_s, [start_s, start_s + duration_s]).tolist())
    return rows, Scene(scene.times_s[rows] - start_s, duration_s, scene.before_g, scene.after_g, scene.placement)
