"""Ankle clonus as a delayed stretch reflex: a delay differential equation with the beating foot as its limit cycle.

The structure follows the parallel-cascade description of the ankle by Kearney and Mirbagheri: an elastic, viscous and
inertial ankle in parallel with delay, half-wave-rectified stretch velocity and a slow muscle. A lower motoneuron
threshold makes it oscillate (Hidler and Rymer 1999). The parameter values are our own: the model generates clonus-like
movement and is no physiology.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from clonus_sense.errors import SettingsError
from clonus_sense.model import FloatArray
from clonus_sense.simulate.movement import STEP_S, JointMovement

# Correlation time of the reflex gain: longer than a beat, shorter than a bout.
GAIN_NOISE_TIME_S = 0.25

# A hand or a footrest loads a leg gradually, not in one step.
LOAD_RAMP_S = 0.08


@dataclass(frozen=True, slots=True)
class ReflexLoop:
    """Parameters of an ankle with its reflex; the defaults sustain clonus at 6.5 Hz.

    Parameters
    ----------
    inertia_kg_m2
        Inertia of the foot about the ankle axis; a shoe or a pedal multiplies it and slows the beat.
    stiffness_nm_per_rad
        Linear passive stiffness.
    end_stiffness_nm, end_scale_rad
        Torque and angle scale of the exponential stiffening towards full dorsiflexion.
    damping_nms_per_rad
        Viscous damping.
    delay_s
        Reflex latency.
    twitch_time_s
        Effective time constant of the critically damped muscle, shorter than that of isometric twitches.
    velocity_gain_s, length_gain
        Spindle gains for stretch velocity and for length beyond the gate.
    gate_angle_rad, gate_width_rad
        The velocity reflex acts only beyond this angle of stretch; otherwise an unloaded foot would continue to beat.
    threshold, drive_limit
        Threshold and saturation of the motoneuron pool.
    max_torque_nm
        Reflex torque at full activation.
    load_nm
        External torque that holds the foot up.
    kick_nm, kick_s
        Additional torque that starts the bout, and its duration.
    adaptation, recovery_s
        Rise of the threshold with activation, and the time of its recovery.
    fatigue_per_s
        Slowing of the muscle with the integral of its activation.
    gain_noise
        Standard deviation of the logarithm of the reflex gain.

    Raises
    ------
    SettingsError
        If an inertia, a time or a stiffness is not positive.
    """

    inertia_kg_m2: float = 0.0155
    stiffness_nm_per_rad: float = 14.0
    end_stiffness_nm: float = 1.2
    end_scale_rad: float = 0.11
    damping_nms_per_rad: float = 0.30
    delay_s: float = 0.042
    twitch_time_s: float = 0.028
    velocity_gain_s: float = 1.0
    length_gain: float = 0.6
    gate_angle_rad: float = 0.02
    gate_width_rad: float = 0.02
    threshold: float = 0.45
    drive_limit: float = 1.3
    max_torque_nm: float = 3.6
    load_nm: float = 2.6
    kick_nm: float = 2.0
    kick_s: float = 0.06
    adaptation: float = 0.0
    recovery_s: float = 6.0
    fatigue_per_s: float = 0.0
    gain_noise: float = 0.0

    def __post_init__(self) -> None:
        positive = ("inertia_kg_m2", "stiffness_nm_per_rad", "delay_s", "twitch_time_s", "recovery_s", "end_scale_rad")
        for name in (*positive, "gate_width_rad", "drive_limit"):
            if not getattr(self, name) > 0:
                raise SettingsError(f"{name} of the reflex loop is {getattr(self, name)}; it must be positive.")


SUSTAINED = ReflexLoop()
"""Beats at 6.5 Hz while loaded."""

DAMPED = ReflexLoop(threshold=0.8)
"""Unsustained clonus: a handful of beats."""

FADING = ReflexLoop(adaptation=0.4)
"""Fades within about two seconds by adaptation of the threshold."""

DRIFTING = ReflexLoop(max_torque_nm=9.0, threshold=0.2, fatigue_per_s=0.09)
"""A strong bout with falling frequency and amplitude over many seconds, as the muscle slows."""

NOISY = ReflexLoop(max_torque_nm=5.0, threshold=0.3, gain_noise=0.3)
"""Sustained, with varying beat intervals from a fluctuating reflex gain."""


def simulate_reflex_loop(
    loop: ReflexLoop, duration_s: float, *, load_at_s: float = 0.5, unload_at_s: float = math.inf, seed: int = 0
) -> JointMovement:
    """Integrate the ankle with its delayed reflex.

    Parameters
    ----------
    duration_s
        Time to simulate, in seconds.
    load_at_s, unload_at_s
        Time of the load with its kick, and time of the unloading, in seconds.
    seed
        Seed of the gain noise.

    Returns
    -------
    JointMovement
        Angle, velocity and acceleration every 0.5 ms; at rest until the load.

    Raises
    ------
    SettingsError
        If the duration is not positive.

    Examples
    --------
    >>> movement = simulate_reflex_loop(SUSTAINED, 3.0)
    >>> settled = movement.angle_rad[4000:]
    >>> print(f"{np.degrees(np.ptp(settled)):.1f} degrees peak to peak")
    6.0 degrees peak to peak
    """
    if not duration_s > 0:
        raise SettingsError(f"A simulation of {duration_s} s is empty; choose a positive duration.")
    n_steps = round(duration_s / STEP_S)
    torque_nm = _external_torque(loop, n_steps, load_at_s, unload_at_s)
    gain = np.exp(_ornstein_uhlenbeck(n_steps, loop.gain_noise, np.random.default_rng(seed)))
    angle, rate, accel = _integrate(loop, torque_nm.tolist(), gain.tolist())
    return JointMovement(np.array(angle), np.array(rate), np.array(accel))


def _external_torque(loop: ReflexLoop, n_steps: int, load_at_s: float, unload_at_s: float) -> FloatArray:
    """Ramp the load up and down, with the kick at its start."""
    times_s = np.arange(n_steps) * STEP_S
    held = np.clip((times_s - load_at_s) / LOAD_RAMP_S, 0.0, 1.0) - np.clip(
        (times_s - unload_at_s) / LOAD_RAMP_S, 0.0, 1.0
    )
    kicked = (times_s >= load_at_s) & (times_s < load_at_s + loop.kick_s)
    return np.asarray(loop.load_nm * held + loop.kick_nm * kicked)


def _ornstein_uhlenbeck(n_steps: int, deviation: float, rng: np.random.Generator) -> FloatArray:
    """Draw noise with the given standard deviation and a correlation time of a quarter second."""
    decay = math.exp(-STEP_S / GAIN_NOISE_TIME_S)
    pushes = rng.standard_normal(n_steps) * deviation * math.sqrt(1.0 - decay**2)
    return np.asarray(lfilter([1.0], [1.0, -decay], pushes))


def _integrate(
    loop: ReflexLoop, torque_nm: list[float], gain: list[float]
) -> tuple[list[float], list[float], list[float]]:
    """Integrate with semi-implicit Euler; plain floats, because arrays are ten times slower here."""
    exp, tanh = math.exp, math.tanh
    n_steps, n_delay = len(torque_nm), round(loop.delay_s / STEP_S)
    angles, rates, accels = [0.0] * n_steps, [0.0] * n_steps, [0.0] * n_steps
    angle = rate = activation = activation_rate = activated_s = 0.0
    threshold = loop.threshold
    for i in range(n_steps):
        # 1. Spindle signal of one latency ago, gated by the stretch of the muscle.
        late_angle, late_rate = (angles[i - n_delay], rates[i - n_delay]) if i >= n_delay else (0.0, 0.0)
        stretch = late_angle - loop.gate_angle_rad
        sensed = loop.length_gain * stretch if stretch > 0.0 else 0.0
        if late_rate > 0.0:
            sensed += loop.velocity_gain_s * late_rate / (1.0 + exp(-stretch / loop.gate_width_rad))
        # 2. The motoneuron pool: threshold and saturation.
        excess = sensed * gain[i] - threshold
        drive = loop.drive_limit * tanh(excess / loop.drive_limit) if excess > 0.0 else 0.0
        # 3. The muscle, slowed by fatigue; the threshold, raised by activation.
        twitch_s = loop.twitch_time_s * (1.0 + loop.fatigue_per_s * activated_s)
        activation_rate += STEP_S * ((drive - activation) / twitch_s - 2.0 * activation_rate) / twitch_s
        activation += STEP_S * activation_rate
        activated_s += STEP_S * activation
        threshold += STEP_S * ((loop.threshold - threshold) / loop.recovery_s + loop.adaptation * activation)
        # 4. The joint.
        passive_nm = loop.stiffness_nm_per_rad * angle + loop.end_stiffness_nm * (exp(angle / loop.end_scale_rad) - 1.0)
        accel = (
            torque_nm[i] - passive_nm - loop.damping_nms_per_rad * rate - loop.max_torque_nm * activation
        ) / loop.inertia_kg_m2
        rate += STEP_S * accel
        angle += STEP_S * rate
        angles[i], rates[i], accels[i] = angle, rate, accel
    return angles, rates, accels
