"""Recordings of one activity without clonus: hours of walking or stillness. Every episode in them is false."""

from __future__ import annotations

import numpy as np

from clonus_sense.simulate.disturbances import Scene
from clonus_sense.simulate.gait import GaitStyle, simulate_gait
from clonus_sense.simulate.leg_posture import draw_lying_posture, upright_posture
from clonus_sense.simulate.sensor import SimulatedSensor
from clonus_sense.simulate.simulated_recording import (
    DEFAULT_START,
    DEFAULT_TIMEZONE,
    SimulatedRecording,
    describe_recording,
)
from clonus_sense.terms import Placement

# People walk for some minutes at one pace, then stand for a moment.
WALK_S = (60.0, 600.0)
STAND_S = (3.0, 30.0)

# From a shuffle to a brisk walk, in strides per second.
STRIDE_HZ = (0.65, 1.1)


def simulate_walk(
    hours: float, sensor: SimulatedSensor | None = None, *, placement: Placement = Placement.SHANK, seed: int = 0
) -> SimulatedRecording:
    """Walk for hours at changing pace with short pauses: the hardest day for a detector that needs a quiet background.

    Parameters
    ----------
    hours
        Duration in hours.
    sensor
        Sensor; by default 100 Hz with 3 mg of noise.

    Returns
    -------
    SimulatedRecording
        Without truth, because it holds no clonus.

    Examples
    --------
    >>> recording = simulate_walk(0.01)
    >>> recording.accel_g.shape
    (3600, 3)
    """
    sensor = sensor or SimulatedSensor(fs_hz=100.0)
    move_rng, noise_rng = np.random.default_rng(seed).spawn(2)
    times_s = sensor.sample_times_s(hours * 3600)
    upright_g = upright_posture(placement)
    accel_g = np.tile(upright_g, (len(times_s), 1))
    start_s = 0.0
    while start_s < hours * 3600:
        walk_s, stand_s = move_rng.uniform(*WALK_S), move_rng.uniform(*STAND_S)
        rows = slice(*np.searchsorted(times_s, [start_s, start_s + walk_s]).tolist())
        scene = Scene(times_s[rows] - start_s, walk_s, upright_g, upright_g, placement)
        accel_g[rows] = simulate_gait(scene, move_rng, GaitStyle(stride_hz=move_rng.uniform(*STRIDE_HZ)))
        start_s += walk_s + stand_s
    return SimulatedRecording(
        describe_recording(sensor, placement, DEFAULT_START, DEFAULT_TIMEZONE),
        times_s,
        sensor.measure(accel_g, noise_rng),
    )


def simulate_still(
    hours: float, sensor: SimulatedSensor | None = None, *, placement: Placement = Placement.ANKLE, seed: int = 0
) -> SimulatedRecording:
    """Lie quite still, like a paralysed leg or a sensor on a table: gravity and the sensor's noise.

    Parameters
    ----------
    hours
        Duration in hours.
    sensor
        Sensor; by default 100 Hz with 3 mg of noise.
    seed
        Seed of posture and noise.

    Returns
    -------
    SimulatedRecording
        Without truth, because it holds no movement.

    Examples
    --------
    >>> recording = simulate_still(0.01, SimulatedSensor(fs_hz=50.0, noise_g=0.0, step_g=0.0))
    >>> print(f"{np.linalg.norm(recording.accel_g[-1]):.3f} g")
    1.000 g
    """
    sensor = sensor or SimulatedSensor(fs_hz=100.0)
    posture_rng, noise_rng = np.random.default_rng(seed).spawn(2)
    times_s = sensor.sample_times_s(hours * 3600)
    accel_g = np.tile(draw_lying_posture(placement, posture_rng), (len(times_s), 1))
    return SimulatedRecording(
        describe_recording(sensor, placement, DEFAULT_START, DEFAULT_TIMEZONE),
        times_s,
        sensor.measure(accel_g, noise_rng),
    )
