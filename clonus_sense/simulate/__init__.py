"""Simulated clonus with known truth, whole nights, and movements that resemble clonus."""

from clonus_sense.simulate.bouts import simulate_bout
from clonus_sense.simulate.envelope import BoutShape
from clonus_sense.simulate.one_activity import simulate_still, simulate_walk
from clonus_sense.simulate.programme import NightPlan
from clonus_sense.simulate.reflex_loop import ReflexLoop, simulate_reflex_loop
from clonus_sense.simulate.sensor import SimulatedSensor
from clonus_sense.simulate.simulated_night import simulate_night
from clonus_sense.simulate.simulated_recording import Disturbance, DisturbanceKind, SimulatedRecording
from clonus_sense.simulate.truth import TruthBout, find_bouts, write_truth
from clonus_sense.terms import Placement

__all__ = [
    "BoutShape",
    "Disturbance",
    "DisturbanceKind",
    "NightPlan",
    "Placement",
    "ReflexLoop",
    "SimulatedRecording",
    "SimulatedSensor",
    "TruthBout",
    "find_bouts",
    "simulate_bout",
    "simulate_night",
    "simulate_reflex_loop",
    "simulate_still",
    "simulate_walk",
    "write_truth",
]
