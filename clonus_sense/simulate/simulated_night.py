"""Whole nights: bouts of clonus among other movements of a leg in bed, as a real sensor records them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from scipy.spatial.transform import Rotation

from clonus_sense.model import FloatArray, Gap
from clonus_sense.simulate.bouts import scale_to_peak
from clonus_sense.simulate.disturbances import (
    Scene,
    simulate_helper_turn,
    simulate_kick,
    simulate_leg_shaking,
    simulate_limb_movement,
    simulate_put_down,
    simulate_scratching,
    simulate_tremor,
    simulate_turn,
)
from clonus_sense.simulate.gait import simulate_bathroom
from clonus_sense.simulate.leg_posture import draw_lying_posture
from clonus_sense.simulate.machines import simulate_air_mattress, simulate_hum, simulate_stimulation
from clonus_sense.simulate.patient import PEAK_G_BY_PLACEMENT, PlannedBout, draw_bouts
from clonus_sense.simulate.placement import sample_acceleration
from clonus_sense.simulate.programme import POSTURE_CHANGES, Block, NightPlan, place_blocks, plan_blocks
from clonus_sense.simulate.simulated_recording import (
    Disturbance,
    DisturbanceKind,
    SimulatedRecording,
    describe_recording,
)
from clonus_sense.simulate.truth import TruthBout, find_bouts, signal_to_background_db

SIMULATE_BY_KIND: Mapping[DisturbanceKind, Callable[[Scene, np.random.Generator], FloatArray]] = MappingProxyType(
    {
        DisturbanceKind.TURN: simulate_turn,
        DisturbanceKind.HELPER_TURN: simulate_helper_turn,
        DisturbanceKind.KICK: simulate_kick,
        DisturbanceKind.LIMB_MOVEMENT: simulate_limb_movement,
        DisturbanceKind.TREMOR: simulate_tremor,
        DisturbanceKind.BATHROOM: simulate_bathroom,
        DisturbanceKind.HUM: simulate_hum,
        DisturbanceKind.AIR_MATTRESS: simulate_air_mattress,
        DisturbanceKind.STIMULATION: simulate_stimulation,
        DisturbanceKind.LEG_SHAKING: simulate_leg_shaking,
        DisturbanceKind.SCRATCHING: simulate_scratching,
        DisturbanceKind.PUT_DOWN: simulate_put_down,
    }
)

# Time to take a sensor off and put it down, including rocking.
TAKING_OFF_S = 8.0

# Gravity on sensor axes: a sensor on a table lies on its back.
ON_TABLE_G = np.array([0.0, 0.0, 1.0])

# Breathing rate of a sleeper.
BREATHING_HZ = 0.25

# Breathing moves every axis, in any posture of the leg.
BREATHING_DIRECTION = np.array([0.5, 0.5, 0.7])


def simulate_night(plan: NightPlan, seed: int = 0) -> SimulatedRecording:
    """Simulate one night.

    1. Draw bouts and times. 2. Set postures. 3. Add disturbances, then bouts. 4. Add breathing. 5. Measure: rotate to
    sensor axes, add sensor errors, drop samples in gaps.

    Returns
    -------
    SimulatedRecording
        With truth and disturbances in true seconds since the start.

    Raises
    ------
    SettingsError
        If the events of the plan do not fit into its hours.

    Examples
    --------
    >>> night = simulate_night(NightPlan(hours=0.5, n_bouts=3), seed=1)
    >>> len(night.truth), len(night.gaps)
    (4, 3)
    """
    # 1. Independent generators, so that another sensor or more noise does not change the events.
    bout_rng, time_rng, posture_rng, move_rng, noise_rng = np.random.default_rng(seed).spawn(5)
    peak_g = plan.peak_g or PEAK_G_BY_PLACEMENT[plan.placement]
    bouts = draw_bouts(plan.n_bouts + plan.n_bouts_after_turns, plan.frequency_hz, plan.beats, peak_g, bout_rng)
    blocks = plan_blocks(plan, [bout.movement.duration_s for bout in bouts], time_rng)
    placed = place_blocks(blocks, plan.worn_s, time_rng)

    # 2. A random quaternion is a uniformly random mounting.
    mounting = Rotation.from_quat(posture_rng.standard_normal(4))
    times_s = plan.sensor.sample_times_s(plan.duration_s)
    stage = _Stage(times_s, _list_disturbances(placed, plan), plan, mounting, posture_rng)
    # 3. Disturbances set the acceleration; bouts add to it.
    for number, rng in enumerate(move_rng.spawn(len(stage.disturbances))):
        stage.disturb(number, rng)
    truth: list[TruthBout] = []
    for start_s, block in placed:
        if block.bout is not None:
            truth += stage.add_bout(bouts[block.bout], start_s + block.bout_at_s)
    # 4. Only a worn sensor moves with the breath.
    stage.breathe()

    # 5. Measurement by the sensor.
    measured_g = plan.sensor.measure(mounting.apply(stage.accel_g), noise_rng)
    gaps = tuple(Gap(start_s, start_s + block.duration_s, "no connection") for start_s, block in placed if block.gap)
    kept = np.ones(len(times_s), dtype=bool)
    for gap in gaps:
        kept[_rows_between(times_s, gap.start_s, gap.end_s)] = False
    info = describe_recording(plan.sensor, plan.placement, plan.start, plan.timezone, n_gaps=len(gaps))
    return SimulatedRecording(info, times_s[kept], measured_g[kept], tuple(truth), stage.disturbances, gaps)


class _Stage:
    """The leg during the night, to which movements are applied one after the other."""

    def __init__(
        self,
        times_s: FloatArray,
        disturbances: tuple[Disturbance, ...],
        plan: NightPlan,
        mounting: Rotation,
        rng: np.random.Generator,
    ) -> None:
        self.times_s, self.disturbances, self.plan = times_s, disturbances, plan
        self.starts_s = [disturbance.start_s for disturbance in disturbances]
        # The posture before the first disturbance, then the posture after each.
        self.postures_g = [draw_lying_posture(plan.placement, rng)]
        for disturbance in disturbances:
            if disturbance.kind is DisturbanceKind.PUT_DOWN:
                self.postures_g.append(mounting.inv().apply(ON_TABLE_G))
            elif disturbance.kind in POSTURE_CHANGES:
                self.postures_g.append(draw_lying_posture(plan.placement, rng))
            else:
                self.postures_g.append(self.postures_g[-1])
        self.accel_g = np.array(self.postures_g)[np.searchsorted(self.starts_s, times_s, side="right")]

    def disturb(self, number: int, rng: np.random.Generator) -> None:
        """Apply one disturbance."""
        disturbance = self.disturbances[number]
        start_s, end_s = disturbance.start_s, disturbance.end_s
        rows = _rows_between(self.times_s, start_s, end_s)
        before_g, after_g = self.postures_g[number : number + 2]
        scene = Scene(self.times_s[rows] - start_s, end_s - start_s, before_g, after_g, self.plan.placement)
        self.accel_g[rows] = SIMULATE_BY_KIND[disturbance.kind](scene, rng)

    def add_bout(self, bout: PlannedBout, start_s: float) -> tuple[TruthBout, ...]:
        """Add a bout to the acceleration and return its truth."""
        placement = self.plan.placement
        posture_g = self.postures_g[int(np.searchsorted(self.starts_s, start_s, side="right"))]
        movement = scale_to_peak(bout.movement, placement, posture_g, bout.peak_g)
        rows = _rows_between(self.times_s, start_s, start_s + movement.duration_s)
        bout_g = sample_acceleration(movement, placement, posture_g, self.times_s[rows] - start_s) - posture_g
        ratio_db = signal_to_background_db(bout_g, self.accel_g[rows], self.plan.sensor.noise_g)
        self.accel_g[rows] += bout_g
        turning = any(d.kind is DisturbanceKind.TURN and d.start_s < start_s < d.end_s for d in self.disturbances)
        tag = "turn" if turning else "night"
        return find_bouts(
            movement,
            placement,
            posture_g,
            start_s=start_s,
            kind=f"{bout.generator}|{placement}|{tag}|snr{ratio_db:+.0f}",
        )

    def breathe(self) -> None:
        """Add breathing while the sensor is worn."""
        worn = self.times_s < self.plan.worn_s
        sway_g = self.plan.breathing_g * np.sin(2 * np.pi * BREATHING_HZ * self.times_s[worn])
        self.accel_g[worn] += np.outer(sway_g, BREATHING_DIRECTION)


def _list_disturbances(placed: list[tuple[float, Block]], plan: NightPlan) -> tuple[Disturbance, ...]:
    """Give every disturbance its time in the night; the removal of the sensor comes last."""
    disturbances = [
        Disturbance(d.kind, start_s + d.start_s, start_s + d.end_s)
        for start_s, block in placed
        for d in block.disturbances
    ]
    if plan.worn_s < plan.duration_s:
        disturbances.append(Disturbance(DisturbanceKind.PUT_DOWN, plan.worn_s, plan.worn_s + TAKING_OFF_S))
    return tuple(disturbances)


def _rows_between(times_s: FloatArray, start_s: float, end_s: float) -> slice:
    """Return the rows of the samples in ``[start_s, end_s)``."""
    return slice(*np.searchsorted(times_s, [start_s, end_s]).tolist())
