"""Other movements of a leg in bed: turns, kicks, periodic limb movements, tremor, intended shaking, a sensor put down.

Every ``simulate_`` function takes a :class:`Scene` and a random generator. It returns the acceleration with gravity, in
g, on segment axes, at the scene's times, shape ``(n_samples, 3)``. Random draws do not depend on the sampling rate, so
a seed gives the same movement at 25 and at 400 Hz.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.simulate.bouts import scale_to_peak, shape_bout
from clonus_sense.simulate.envelope import BoutShape, draw_slow_noise, minimum_jerk
from clonus_sense.simulate.leg_posture import roll_between
from clonus_sense.simulate.movement import STEP_S, differentiate_angle
from clonus_sense.simulate.placement import sample_acceleration
from clonus_sense.terms import Placement

# Trunk and hip move the whole leg; segments near them move less.
REACH_BY_PLACEMENT: dict[Placement, float] = {
    Placement.FOOT: 1.0,
    Placement.ANKLE: 0.8,
    Placement.SHANK: 0.7,
    Placement.SHANK_PLANTED: 0.7,
    Placement.THIGH: 0.4,
}

# Onsets of periodic limb movements are 5-90 s apart and each lasts 0.5-10 s, four or more in a series (AASM).
LIMB_MOVEMENT_S = (0.5, 10.0)
LIMB_MOVEMENT_INTERVAL_S = (5.0, 90.0)
FEWEST_LIMB_MOVEMENTS = 4

# Physiological tremor of the ankle: frequency, and half peak-to-peak of its bursts in g.
TREMOR_HZ = (6.0, 10.0)
TREMOR_G = (0.006, 0.024)

# Intended shaking of a leg, heel off the ground.
SHAKING_HZ = (2.5, 6.5)

# Strokes of a hand or of the other heel over the skin: rate, and pull on the leg in g.
SCRATCHING_HZ = (3.0, 8.0)
SCRATCHING_G = (0.03, 0.4)

# A sensor rocks to rest with rising frequency, like a coin.
ROCKING_HZ = (3.0, 10.0)
ROCKING_BEATS = 14


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Time, posture and placement of a disturbance."""

    times_s: FloatArray
    duration_s: float
    before_g: FloatArray
    after_g: FloatArray
    placement: Placement

    def shake(self, spacing_s: float, rng: np.random.Generator) -> FloatArray:
        """Draw smooth noise of standard deviation 1 on three axes, fading in and out, shape ``(n_samples, 3)``."""
        span = (0.0, self.duration_s)
        course = [draw_slow_noise(self.times_s, span, spacing_s, rng) for _ in range(3)]
        progress = np.clip(self.times_s / self.duration_s, 0.0, 1.0)
        return np.asarray(np.column_stack(course) * np.sin(np.pi * progress)[:, np.newaxis])


def simulate_turn(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Turn in bed: one smooth roll, irregular movement below 3 Hz, and one or two bumps; 1.5-5 s are natural."""
    reach = REACH_BY_PLACEMENT[scene.placement]
    accel_g = roll_between(scene.before_g, scene.after_g, minimum_jerk(scene.times_s / scene.duration_s))
    accel_g += reach * rng.uniform(0.08, 0.25) * scene.shake(0.2, rng)
    for _ in range(rng.integers(1, 3)):
        at_s = rng.uniform(0.3, 0.9) * scene.duration_s
        accel_g += bump(scene.times_s - at_s, reach * rng.uniform(0.2, 0.8), rng)
    return accel_g


def simulate_helper_turn(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Be turned by a helper: three or four pulls with pauses, slower and softer than an own turn; 5-15 s."""
    n_pulls = int(rng.integers(3, 5))
    # Each pull takes 60 % of its share of the time; in the rest the helper takes hold again.
    pulls = scene.times_s / scene.duration_s * n_pulls
    done = np.floor(pulls) + minimum_jerk((pulls % 1.0) / 0.6)
    accel_g = roll_between(scene.before_g, scene.after_g, np.clip(done / n_pulls, 0.0, 1.0))
    accel_g += REACH_BY_PLACEMENT[scene.placement] * rng.uniform(0.04, 0.1) * scene.shake(0.3, rng)
    return accel_g


def simulate_kick(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Kick once: a jerk, after which the leg rings on the mattress; 2-4 s are natural."""
    reach = REACH_BY_PLACEMENT[scene.placement]
    direction = draw_direction(rng)
    times_s = scene.times_s - rng.uniform(0.1, 0.4)
    jerk_s = rng.uniform(0.08, 0.16)
    away = np.sin(2 * np.pi * times_s / jerk_s) * ((times_s >= 0) & (times_s < jerk_s))
    ring = ring_down(times_s - jerk_s, rng.uniform(4.0, 9.0), rng.uniform(0.1, 0.25))
    on_axis_g = reach * rng.uniform(0.5, 2.5) * (away + rng.uniform(0.2, 0.5) * ring)
    return np.asarray(scene.before_g + np.outer(on_axis_g, direction))


def draw_limb_movements(n_movements: int, rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    """Draw start and end of each movement of a periodic series, in seconds since the first start."""
    # Intervals within a series are similar, usually 20-40 s, and most movements last 1-4 s.
    usual_s = rng.uniform(15.0, 45.0)
    intervals_s = np.clip(usual_s * np.exp(rng.normal(0.0, 0.25, n_movements)), 6.0, LIMB_MOVEMENT_INTERVAL_S[1])
    lengths_s = np.clip(rng.lognormal(math.log(2.0), 0.5, n_movements), LIMB_MOVEMENT_S[0], 5.0)
    starts_s = np.concatenate([[0.0], np.cumsum(intervals_s[1:])])
    return tuple(zip(starts_s.tolist(), (starts_s + lengths_s).tolist(), strict=True))


def simulate_limb_movement(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Simulate one periodic limb movement: the foot is drawn up, held and released, without oscillation; 0.5-10 s."""
    fine_s = np.arange(0.0, scene.duration_s, STEP_S)
    up_s, down_s = min(rng.uniform(0.25, 0.5), scene.duration_s / 2), min(rng.uniform(0.4, 0.9), scene.duration_s / 2)
    drawn_up = minimum_jerk(fine_s / up_s) - minimum_jerk((fine_s - (scene.duration_s - down_s)) / down_s)
    movement = differentiate_angle(math.radians(rng.uniform(8.0, 25.0)) * drawn_up)
    accel_g = sample_acceleration(movement, scene.placement, scene.before_g, scene.times_s)
    # Hip and knee move a little; without this shank and thigh would hardly move.
    return accel_g + REACH_BY_PLACEMENT[scene.placement] * 0.02 * scene.shake(0.25, rng)


def simulate_tremor(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Simulate the physiological tremor of a held foot; 2-20 s are natural, at most 24 mg half peak-to-peak."""
    span = (0.0, scene.duration_s)
    frequency_hz = rng.uniform(TREMOR_HZ[0] + 0.6, TREMOR_HZ[1] - 0.6)
    # Phase and amplitude wander within half a second: this, not the frequency, distinguishes tremor from clonus.
    phase = 2 * np.pi * frequency_hz * scene.times_s + 0.8 * draw_slow_noise(scene.times_s, span, 0.4, rng)
    size_g = rng.uniform(*TREMOR_G) * np.clip(0.7 + 0.3 * draw_slow_noise(scene.times_s, span, 0.5, rng), 0.1, 1.0)
    fade = minimum_jerk(scene.times_s / 0.5) * minimum_jerk((scene.duration_s - scene.times_s) / 0.5)
    return np.asarray(scene.before_g + np.outer(size_g * fade * np.cos(phase), draw_direction(rng)))


def simulate_leg_shaking(scene: Scene, rng: np.random.Generator, *, frequency_hz: float | None = None) -> FloatArray:
    """Shake the leg on purpose, by default at 2.5-6.5 Hz; 5-60 s are natural."""
    frequency_hz = frequency_hz or rng.uniform(*SHAKING_HZ)
    # Two beats fewer than fit leave room for flanks and jitter.
    n_beats = max(3, math.floor(scene.duration_s * frequency_hz) - 2)
    shape = BoutShape(
        jitter_ratio=rng.uniform(0.02, 0.05),
        waver_ratio=0.15,
        second_harmonic=rng.uniform(0.05, 0.4),
        third_harmonic=0.1,
    )
    bounced = Placement.SHANK_PLANTED if scene.placement is Placement.SHANK else scene.placement
    movement = shape_bout(n_beats, frequency_hz, shape, rng)
    movement = scale_to_peak(movement, bounced, scene.before_g, math.exp(rng.uniform(math.log(0.1), math.log(0.8))))
    return sample_acceleration(movement, bounced, scene.before_g, scene.times_s)


def simulate_scratching(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Scratch or rub the leg: uneven strokes that pull it to and fro, with friction; 1-4 s are natural."""
    span = (0.0, scene.duration_s)
    frequency_hz = rng.uniform(*SCRATCHING_HZ)
    # A hand is less regular than a reflex: phase and force wander within two or three strokes.
    wander = draw_slow_noise(scene.times_s, span, 2.0 / frequency_hz, rng)
    phase = 2 * np.pi * frequency_hz * scene.times_s + rng.uniform(0.5, 1.0) * wander
    force = np.clip(1.0 + 0.35 * draw_slow_noise(scene.times_s, span, 1.5 / frequency_hz, rng), 0.1, 2.0)
    # Forward and back strokes pull in different directions, and the leg gives way in between.
    there, back = draw_direction(rng), draw_direction(rng)
    strokes = np.outer(np.sin(phase), there) + rng.uniform(0.2, 1.0) * np.outer(np.cos(phase), back)
    friction = 0.25 * scene.shake(0.04, rng) + 0.25 * scene.shake(0.3, rng)
    size_g = math.exp(rng.uniform(*np.log(SCRATCHING_G)))
    fade = minimum_jerk(scene.times_s / 0.2) * minimum_jerk((scene.duration_s - scene.times_s) / 0.2)
    moved = (fade * force)[:, np.newaxis] * strokes + fade[:, np.newaxis] * friction
    return np.asarray(scene.before_g + REACH_BY_PLACEMENT[scene.placement] * size_g * moved)


def simulate_put_down(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Take the sensor off and put it down: handling, a bump, then rocking to rest; 6 s or more."""
    handling_s = scene.duration_s - 4.0
    accel_g = roll_between(scene.before_g, scene.after_g, minimum_jerk(scene.times_s / handling_s))
    handled = (minimum_jerk(scene.times_s / 0.3) * minimum_jerk((handling_s - scene.times_s) / 0.3))[:, np.newaxis]
    accel_g += 0.25 * handled * scene.shake(0.15, rng)
    accel_g += bump(scene.times_s - handling_s, rng.uniform(0.5, 1.5), rng)
    return np.asarray(accel_g + rock_to_rest(scene.times_s - handling_s - 0.1, rng))


def rock_to_rest(times_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Rock on a hard surface from time 0, with rising frequency and falling amplitude; still after 2.2 s."""
    # Frequency rises linearly from 3 to 10 Hz in 14 beats; the mean of 6.5 Hz gives the duration.
    slowest_hz, fastest_hz = ROCKING_HZ
    rocking_s = ROCKING_BEATS / ((slowest_hz + fastest_hz) / 2)
    rocked_s = np.clip(times_s, 0.0, rocking_s)
    phase = 2 * np.pi * (slowest_hz * rocked_s + (fastest_hz - slowest_hz) * rocked_s**2 / (2 * rocking_s))
    size_g = rng.uniform(0.1, 0.4) * np.exp(-4.0 * rocked_s / rocking_s) * minimum_jerk((rocking_s - rocked_s) / 0.1)
    return np.outer(size_g * np.sin(phase), draw_direction(rng))


def ring_down(times_s: FloatArray, frequency_hz: float, damping_ratio: float) -> FloatArray:
    """Damped sine from time 0, with 1 at the first crest if undamped; a leg on a mattress has a ratio of 0.1-0.25."""
    after_s = np.maximum(times_s, 0.0)
    return np.asarray(
        np.exp(-damping_ratio * 2 * np.pi * frequency_hz * after_s) * np.sin(2 * np.pi * frequency_hz * after_s)
    )


def bump(times_s: FloatArray, size_g: float, rng: np.random.Generator) -> FloatArray:
    """Bump at time 0 in a random direction, without gravity: 10-18 Hz, over within a quarter second."""
    ring = ring_down(times_s, rng.uniform(10.0, 18.0), rng.uniform(0.2, 0.4))
    return np.outer(size_g * ring, draw_direction(rng))


def draw_direction(rng: np.random.Generator) -> FloatArray:
    """Draw a unit vector of uniformly random direction, shape ``(3,)``."""
    vector = rng.standard_normal(3)
    return np.asarray(vector / np.linalg.norm(vector))
