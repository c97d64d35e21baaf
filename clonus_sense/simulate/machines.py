"""Effects of machines near a bed: hum, an air mattress, electrical stimulation."""

from __future__ import annotations

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.simulate.disturbances import Scene, ring_down
from clonus_sense.simulate.envelope import draw_slow_noise, minimum_jerk
from clonus_sense.terms import Placement

# A pump or a washing machine reaches the detector's band; a fan or a compressor stays above.
HUM_HZ = (5.0, 25.0)
HUM_G = (0.004, 0.03)

# Cells of an alternating air mattress fill in turn, every 5-10 minutes.
MATTRESS_CYCLE_S = (300.0, 600.0)

# Rates of electrical stimulation that twitch a leg without fusing.
STIMULATION_HZ = (2.0, 10.0)

# Stimulators give trains of several seconds with pauses.
TRAIN_S = (4.0, 10.0)

# Time constant of one twitch of the joint angle.
TWITCH_S = 0.02

# Half peak-to-peak of the twitches, in g.
STIMULATION_G_BY_PLACEMENT: dict[Placement, tuple[float, float]] = {
    Placement.FOOT: (0.1, 0.6),
    Placement.ANKLE: (0.03, 0.15),
    Placement.SHANK: (0.03, 0.15),
    Placement.SHANK_PLANTED: (0.1, 0.4),
    Placement.THIGH: (0.02, 0.08),
}


def simulate_hum(scene: Scene, rng: np.random.Generator, *, frequency_hz: float | None = None) -> FloatArray:
    """Vibrate with a machine on the floor, by default at 5-25 Hz: steady frequency, varying amplitude."""
    frequency_hz = frequency_hz or rng.uniform(*HUM_HZ)
    span = (0.0, scene.duration_s)
    size_g = rng.uniform(*HUM_G) * np.clip(0.8 + 0.15 * draw_slow_noise(scene.times_s, span, 20.0, rng), 0.2, 1.2)
    fade = minimum_jerk(scene.times_s / 2.0) * minimum_jerk((scene.duration_s - scene.times_s) / 2.0)
    phase = 2 * np.pi * frequency_hz * scene.times_s
    major, minor = np.linalg.qr(rng.standard_normal((3, 2)))[0].T
    ellipse = np.outer(np.cos(phase), major) + rng.uniform(0.0, 1.0) * np.outer(np.sin(phase), minor)
    return np.asarray(scene.before_g + (size_g * fade)[:, np.newaxis] * ellipse)


def simulate_air_mattress(scene: Scene, rng: np.random.Generator) -> FloatArray:
    """Simulate an alternating air mattress: slow tilts, with vibration of valve and pump at the start of each."""
    cycle_s = rng.uniform(*MATTRESS_CYCLE_S)
    pump_s = cycle_s / 4
    pump_hz, pump_g = rng.uniform(*HUM_HZ), rng.uniform(0.003, 0.008)
    across = np.cross(scene.before_g, rng.standard_normal(3))
    across /= np.linalg.norm(across)
    into_s = scene.times_s % cycle_s
    # A tilt of one or two degrees in the first half of a cycle, and back in the second.
    tilt_rad = np.radians(rng.uniform(0.5, 2.0)) * np.sin(np.pi * scene.times_s / cycle_s) ** 2
    pumping = (
        pump_g * minimum_jerk(into_s) * minimum_jerk(pump_s - into_s) * np.cos(2 * np.pi * pump_hz * scene.times_s)
    )
    valve = 0.03 * ring_down(into_s, 12.0, 0.3)
    on_axis = np.sin(tilt_rad) + pumping + valve
    return np.asarray(np.outer(np.cos(tilt_rad), scene.before_g) + np.outer(on_axis, across))


def simulate_stimulation(scene: Scene, rng: np.random.Generator, *, frequency_hz: float | None = None) -> FloatArray:
    """Twitch under electrical stimulation, by default at 2-10 Hz: trains of equal twitches without drift."""
    frequency_hz = frequency_hz or rng.uniform(*STIMULATION_HZ)
    train_s, pause_s = rng.uniform(*TRAIN_S, size=2)
    into_s = scene.times_s % (train_s + pause_s)
    twitches = np.zeros_like(scene.times_s)
    for pulse in range(int(train_s * frequency_hz)):
        # A stimulator fades in each train within a second.
        twitches += min(1.0, (pulse + 1) / frequency_hz) * _twitch(into_s - pulse / frequency_hz)
    size_g = rng.uniform(*STIMULATION_G_BY_PLACEMENT[scene.placement])
    # The twitch moves its segment across, and only little sideways.
    direction = (
        np.array([0.2, 0.1, 1.0]) if scene.placement is not Placement.SHANK_PLANTED else np.array([1.0, 0.1, 0.2])
    )
    fade = minimum_jerk((scene.duration_s - scene.times_s) / 0.5)
    return np.asarray(scene.before_g + np.outer(size_g * fade * twitches, direction / np.linalg.norm(direction)))


def _twitch(times_s: FloatArray) -> FloatArray:
    """Acceleration of an angle ``x^3 exp(-x)`` from time 0, scaled to a half peak-to-peak of 1."""
    x = np.maximum(times_s, 0.0) / TWITCH_S
    # The second derivative runs from 1.009 at x = 0.42 to -0.579 at x = 2.29; half of that is 0.794.
    return np.asarray(np.exp(-x) * (x**3 - 6 * x**2 + 6 * x) / 0.794)
