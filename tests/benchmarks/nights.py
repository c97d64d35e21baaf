"""The recordings that are timed: simulated, with fixed seeds, in the memory layout that a reader delivers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clonus_sense.model import SampleBatch
from clonus_sense.simulate import (
    NightPlan,
    Placement,
    SimulatedRecording,
    SimulatedSensor,
    simulate_night,
    simulate_walk,
)

# The night that the targets are stated for.
FS_HZ = 100.0
NIGHT_HOURS = 8.0
N_EPISODES = 25
# So strong and long that every one is to be found: what is timed here is a detector that sees.
PEAK_G = (0.1, 0.6)
BEATS = (6, 60)
# 1.5-5 s and 5-15 s each: together 2 % of the night.
N_TURNS, N_HELPER_TURNS = 100, 26
SEED = 1

# Of recordings that are timed only.
NO_TRUTH = {"truth": (), "disturbances": ()}

SENSOR = SimulatedSensor(fs_hz=FS_HZ, noise_g=0.003)


def make_night(n_episodes: int = N_EPISODES) -> SimulatedRecording:
    """8 h at 100 Hz with 3 mg of noise, 25 episodes, and 2 % turning and being turned; nothing else."""
    plan = NightPlan(
        hours=NIGHT_HOURS,
        sensor=SENSOR,
        placement=Placement.ANKLE,
        n_bouts=n_episodes,
        n_bouts_after_turns=0,
        peak_g=PEAK_G,
        beats=BEATS,
        n_turns=N_TURNS,
        n_helper_turns=N_HELPER_TURNS,
        n_kicks=0,
        n_limb_movement_series=0,
        n_tremors=0,
        n_bathroom_walks=0,
        n_hums=0,
        n_gaps=0,
    )
    return simulate_night(plan, SEED)


def make_walk() -> SimulatedRecording:
    """8 h of walking with short pauses: the gate never rests."""
    return simulate_walk(NIGHT_HOURS, SENSOR, placement=Placement.ANKLE, seed=SEED)


def make_zeros(night: SimulatedRecording) -> SimulatedRecording:
    """As many samples as the night has, all exactly 0: recursive filters crawl there."""
    return replace(night, accel_g=np.zeros_like(night.accel_g), **NO_TRUTH)


def repeat(recording: SimulatedRecording, times: int) -> SimulatedRecording:
    """The same recording several times over without a gap: what differs is the length alone."""
    n_samples = times * len(recording.times_s)
    accel_g = np.tile(recording.accel_g, (times, 1))
    return replace(recording, times_s=SENSOR.sample_times_s(n_samples / FS_HZ), accel_g=accel_g, **NO_TRUTH)


def take_hours(recording: SimulatedRecording, hours: float) -> SimulatedRecording:
    """The first hours of a recording."""
    n_samples = round(hours * 3600 * FS_HZ)
    return replace(recording, times_s=recording.times_s[:n_samples], accel_g=recording.accel_g[:n_samples], **NO_TRUTH)


def whole(recording: SimulatedRecording) -> list[SampleBatch]:
    """All samples at once, column after column, as the reader delivers them."""
    return recording.batches()


def seconds(recording: SimulatedRecording) -> list[SampleBatch]:
    """Pushes of one second, as a live sensor's samples come."""
    return recording.batches(round(FS_HZ))
