"""A simulated patient: bouts of one ankle with similar frequency and different length and amplitude."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from clonus_sense.simulate.bouts import shape_bout
from clonus_sense.simulate.envelope import BoutShape
from clonus_sense.simulate.movement import JointMovement
from clonus_sense.simulate.reflex_loop import DRIFTING, SUSTAINED, ReflexLoop, simulate_reflex_loop
from clonus_sense.terms import Placement

# Inertias of the foot and the frequencies of the reflex loop at a reflex torque of 4.5 Nm (measured on this model): a
# heavier foot is slower.
INERTIA_KG_M2 = (0.040, 0.035, 0.030, 0.025, 0.020, 0.0155, 0.012)
FREQUENCY_HZ = (4.44, 4.67, 4.95, 5.29, 5.73, 6.24, 6.81)

# Adaptation of the threshold that ends a bout without unloading.
FADING_ADAPTATION = 0.1

# Seconds of rest before a bout of the reflex loop, and of decay after it.
LOAD_AT_S = 0.1
SWING_OUT_S = 1.2

# Peak of a bout by placement, in g. The lower ends are a few times a sensor's noise, where detection is hard.
PEAK_G_BY_PLACEMENT: dict[Placement, tuple[float, float]] = {
    Placement.FOOT: (0.08, 1.6),
    Placement.ANKLE: (0.04, 0.35),
    Placement.SHANK: (0.04, 0.3),
    Placement.SHANK_PLANTED: (0.05, 0.8),
    Placement.THIGH: (0.025, 0.08),
}


@dataclass(frozen=True, slots=True)
class PlannedBout:
    """A bout without a place in the night: unscaled rotation, wanted peak in g, generator (``dde`` or ``phen``)."""

    movement: JointMovement
    peak_g: float
    generator: str


def draw_bouts(
    n_bouts: int,
    frequency_hz: tuple[float, float],
    beats: tuple[int, int],
    peak_g: tuple[float, float],
    rng: np.random.Generator,
) -> list[PlannedBout]:
    """Draw the bouts of one person, in random order; every other one comes from the reflex loop."""
    usual_hz = rng.uniform(*frequency_hz)
    bouts = []
    for number in range(n_bouts):
        bout_hz = float(np.clip(usual_hz * rng.uniform(0.95, 1.05), *frequency_hz))
        n_beats = round(_draw_log_uniform(beats, rng))
        bout_rng = rng.spawn(1)[0]
        from_loop = number % 2 == 0
        movement = (_reflex_bout if from_loop else _shaped_bout)(n_beats, bout_hz, bout_rng)
        bouts.append(PlannedBout(movement, _draw_log_uniform(peak_g, rng), "dde" if from_loop else "phen"))
    return bouts


def _reflex_bout(n_beats: int, frequency_hz: float, rng: np.random.Generator) -> JointMovement:
    """Run the reflex loop until it is unloaded."""
    loop = _draw_loop(frequency_hz, rng)
    # The loop takes two beats to decay.
    held_s = max(n_beats - 2, 2) / frequency_hz
    return simulate_reflex_loop(
        loop,
        LOAD_AT_S + held_s + SWING_OUT_S,
        load_at_s=LOAD_AT_S,
        unload_at_s=LOAD_AT_S + held_s,
        seed=int(rng.integers(2**31)),
    )


def _draw_loop(frequency_hz: float, rng: np.random.Generator) -> ReflexLoop:
    """Choose an ankle that beats at this frequency: steady, fading, or slowing by fatigue."""
    inertia_kg_m2 = float(np.interp(frequency_hz, FREQUENCY_HZ, INERTIA_KG_M2))
    course = rng.choice(["steady", "fading", "slowing"], p=[0.6, 0.25, 0.15])
    steady = replace(SUSTAINED, max_torque_nm=4.5, inertia_kg_m2=inertia_kg_m2, gain_noise=rng.uniform(0.0, 0.2))
    if course == "fading":
        return replace(steady, adaptation=FADING_ADAPTATION)
    return replace(steady, fatigue_per_s=DRIFTING.fatigue_per_s) if course == "slowing" else steady


def _shaped_bout(n_beats: int, frequency_hz: float, rng: np.random.Generator) -> JointMovement:
    """Shape a bout with the jitter and drift of patients."""
    shape = BoutShape(
        first_level=rng.uniform(0.5, 1.0),
        last_level=rng.uniform(0.5, 1.0),
        drift_ratio=rng.uniform(-0.08, 0.08),
        slow_start_ratio=rng.uniform(0.0, 0.2),
        jitter_ratio=rng.uniform(0.0, 0.03),
        waver_ratio=rng.uniform(0.0, 0.1),
        second_harmonic=rng.uniform(0.02, 0.15),
        third_harmonic=rng.uniform(0.02, 0.08),
    )
    return shape_bout(n_beats, frequency_hz, shape, rng)


def _draw_log_uniform(limits: tuple[float, float], rng: np.random.Generator) -> float:
    """Draw a value uniformly on a logarithmic scale."""
    return math.exp(rng.uniform(math.log(limits[0]), math.log(limits[1])))
