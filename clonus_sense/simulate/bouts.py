"""Bouts with a given number of beats, frequency and amplitude; exact at any sampling rate."""

from __future__ import annotations

import numpy as np
from scipy.integrate import cumulative_trapezoid
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation

from clonus_sense.errors import SettingsError
from clonus_sense.model import FloatArray
from clonus_sense.simulate.envelope import FLANK_BEATS, BoutShape, compute_envelope, compute_frequency_ratio
from clonus_sense.simulate.movement import STEP_S, JointMovement, differentiate_angle
from clonus_sense.simulate.placement import sample_acceleration
from clonus_sense.simulate.sensor import SimulatedSensor
from clonus_sense.simulate.simulated_recording import (
    DEFAULT_START,
    DEFAULT_TIMEZONE,
    SimulatedRecording,
    describe_recording,
)
from clonus_sense.simulate.truth import find_bouts
from clonus_sense.terms import Placement

SUPINE_G = np.array([0.94, 0.0, 0.34]) / np.hypot(0.94, 0.34)
"""Gravity on the foot of a supine person; in this posture the vector magnitude oscillates at 2 f."""

# Phase of the harmonics: dorsiflexion lasts a little longer than plantarflexion (55 to 45 %).
HARMONIC_PHASE_RAD = 0.6

# Similar to the reflex loop; tilt and centripetal force are small at this angle, where scaling starts.
SHAPED_ANGLE_RAD = 0.1

# Tilt and centripetal force make the acceleration slightly nonlinear in the angle, so scaling is iterated.
SCALING_ROUNDS = 4

STEADY = BoutShape()


def shape_bout(n_beats: int, frequency_hz: float, shape: BoutShape, rng: np.random.Generator) -> JointMovement:
    """Shape a bout as joint rotation of six degrees to either side, from rest to rest."""
    if n_beats < 3 or not frequency_hz > 0:
        raise SettingsError(
            f"A bout of {n_beats} beats at {frequency_hz} Hz cannot be simulated; choose three beats or more and a "
            "positive frequency."
        )
    # 1. Time as a function of the beat number, then inverted: beat number as a function of time.
    grid = np.linspace(-FLANK_BEATS, n_beats - 1 + FLANK_BEATS, 40 * (n_beats + 1))
    ratio = compute_frequency_ratio(shape, n_beats, grid, rng)
    time_s = cumulative_trapezoid(1.0 / (frequency_hz * ratio), grid, initial=0)
    fine_s = np.arange(0.0, time_s[-1], STEP_S)
    # Splines, because a corner in the phase would be a spike in the acceleration.
    beat_number = CubicSpline(time_s, grid)(fine_s)
    # 2. The envelope describes acceleration, which grows with the square of the frequency.
    envelope = compute_envelope(shape, n_beats, beat_number, rng) / CubicSpline(grid, ratio)(beat_number) ** 2
    # 3. A cosine with its harmonics; the n-th is n^2 times as large in acceleration as in angle.
    phase = 2 * np.pi * beat_number
    second = shape.second_harmonic / 4 * np.cos(2 * phase + HARMONIC_PHASE_RAD)
    third = shape.third_harmonic / 9 * np.cos(3 * phase + HARMONIC_PHASE_RAD)
    angle_rad = SHAPED_ANGLE_RAD * envelope * (np.cos(phase) + second + third)
    # 4. From rest straight up to the first beat, and from the last beat back to rest.
    first, last = np.searchsorted(beat_number, [0.0, n_beats - 1.0]).tolist()
    angle_rad = _rise_from_rest(angle_rad, first)
    return differentiate_angle(_rise_from_rest(angle_rad[::-1], len(angle_rad) - 1 - last)[::-1])


def _rise_from_rest(angle_rad: FloatArray, n_steps: int) -> FloatArray:
    """Replace the first steps by a polynomial from rest that meets the following angle, rate and acceleration.

    Its only maximum is at its end: a faded-in cosine would dip first, which looks like one more beat.
    """
    before, at, after = angle_rad[n_steps - 1 : n_steps + 2]
    slope, bend = (after - before) / 2 * n_steps, (after - 2 * at + before) * n_steps**2
    progress = np.arange(n_steps) / n_steps
    third, fourth, fifth = 10 * at - 4 * slope + bend / 2, -15 * at + 7 * slope - bend, 6 * at - 3 * slope + bend / 2
    return np.concatenate([progress**3 * (third + progress * (fourth + progress * fifth)), angle_rad[n_steps:]])


def scale_to_peak(movement: JointMovement, placement: Placement, gravity_g: FloatArray, peak_g: float) -> JointMovement:
    """Scale a movement so that its largest beat, half peak-to-peak on the main axis, is ``peak_g``."""
    for _ in range(SCALING_ROUNDS):
        bouts = find_bouts(movement, placement, gravity_g)
        if not bouts:
            raise SettingsError(f"This movement holds no bout of three beats at {peak_g} g; choose a larger amplitude.")
        movement = movement.scaled(peak_g / max(bout.peak_g for bout in bouts))
    return movement


def simulate_bout(  # noqa: PLR0913 - tests choose each of these
    *,
    beats: int = 12,
    frequency_hz: float = 6.0,
    amplitude_g: float = 0.5,
    fs_hz: float = 100.0,
    seed: int = 0,
    noise_g: float = 0.0,
    rate_error: float = 0.0,
    placement: Placement = Placement.FOOT,
    gravity_g: FloatArray = SUPINE_G,
    shape: BoutShape = STEADY,
    mounting: Rotation | None = None,
    lead_s: float = 4.0,
    trail_s: float = 4.0,
) -> SimulatedRecording:
    """Simulate one bout between two times of rest, with exactly known truth.

    Parameters
    ----------
    frequency_hz
        Steady frequency, in Hz.
    amplitude_g
        Largest half peak-to-peak of a beat on the main axis, in g.
    fs_hz
        Sampling rate in Hz; the movement is the same at every rate.
    seed
        Seed of jitter, waver and noise.
    noise_g
        Standard deviation of the sensor's noise, in g.
    rate_error
        Relative error of the sensor's rate; 0.02 is 2 % fast.
    gravity_g
        Unit vector of gravity on segment axes, shape ``(3,)``.
    shape
        Course of the bout.
    mounting
        Rotation from segment axes to sensor axes; ``None`` is the identity.
    lead_s, trail_s
        Rest before and after, in seconds.

    Returns
    -------
    SimulatedRecording
        Values are not quantised.

    Raises
    ------
    SettingsError
        If there are fewer than three beats or a value is out of range.

    Examples
    --------
    >>> recording = simulate_bout(beats=7, frequency_hz=5.5, amplitude_g=0.2, fs_hz=52.0)
    >>> (bout,) = recording.truth
    >>> print(bout.beats, f"{bout.frequency_hz:.2f} Hz {bout.peak_g:.3f} g")
    7 5.50 Hz 0.200 g
    """
    rng = np.random.default_rng(seed)
    sensor = SimulatedSensor(fs_hz=fs_hz, rate_error=rate_error, noise_g=noise_g, step_g=0.0)
    movement = scale_to_peak(shape_bout(beats, frequency_hz, shape, rng), placement, gravity_g, amplitude_g)
    times_s = sensor.sample_times_s(lead_s + movement.duration_s + trail_s)
    accel_g = sample_acceleration(movement, placement, gravity_g, times_s - lead_s)
    if mounting is not None:
        accel_g = mounting.apply(accel_g)
    return SimulatedRecording(
        info=describe_recording(sensor, placement, DEFAULT_START, DEFAULT_TIMEZONE),
        times_s=times_s,
        accel_g=sensor.measure(accel_g, rng),
        truth=find_bouts(movement, placement, gravity_g, start_s=lead_s, kind=f"phen|{placement}|bout"),
    )
