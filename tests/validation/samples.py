"""The sample recordings of this repository: ``python -m tests.validation.samples DIRECTORY`` makes them again.

All of them are simulated.  They are small enough to commit, and the same plan and seed give the same samples, so a test
can prove their origin.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from clonus_sense.recording import write_recording
from clonus_sense.simulate.programme import NightPlan
from clonus_sense.simulate.sensor import SimulatedSensor
from clonus_sense.simulate.simulated_night import simulate_night
from clonus_sense.simulate.simulated_recording import SimulatedRecording
from clonus_sense.simulate.truth import write_truth
from clonus_sense.terms import Placement

# 1 mg noise in steps of 2 mg: realistic, and repeated values keep the compressed files small.
QUIET_SENSOR = SimulatedSensor(fs_hz=52.0, noise_g=0.001, step_g=0.002)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample recording: the name of its file without ending, its plan, and the seed of its random numbers."""

    name: str
    plan: NightPlan
    seed: int

    def simulate(self) -> SimulatedRecording:
        """Simulate it."""
        return simulate_night(self.plan, self.seed)


SAMPLES = (
    Sample(
        "short_night",
        NightPlan(
            hours=0.4,
            sensor=SimulatedSensor(fs_hz=52.0, rate_error=0.012, noise_g=0.002, step_g=0.002),
            placement=Placement.FOOT,
            n_bouts=5,
            n_bouts_after_turns=1,
            beats=(5, 30),
            peak_g=(0.15, 1.4),
            n_turns=3,
            n_helper_turns=1,
            n_kicks=4,
            n_limb_movement_series=1,
            n_tremors=1,
            n_bathroom_walks=1,
            n_hums=1,
            n_gaps=1,
        ),
        seed=34,
    ),
    # Summer time ends at 03:00, an hour and a half after the start: from there on the clock shows 2 o'clock again.
    Sample(
        "clock_change",
        NightPlan(
            hours=2.2,
            sensor=SimulatedSensor(fs_hz=26.0, rate_error=-0.006, noise_g=0.001, step_g=0.004),
            placement=Placement.FOOT,
            start=datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Berlin")),
            timezone="Europe/Berlin",
            n_bouts=8,
            peak_g=(0.1, 1.2),
            n_turns=5,
            n_helper_turns=0,
            n_kicks=3,
            n_limb_movement_series=1,
            n_tremors=1,
            n_hums=0,
            n_gaps=2,
        ),
        seed=8,
    ),
    Sample(
        "look_alikes",
        NightPlan(
            hours=11 / 60,
            sensor=QUIET_SENSOR,
            placement=Placement.SHANK,
            n_bouts=0,
            n_bouts_after_turns=0,
            n_turns=2,
            n_helper_turns=1,
            n_kicks=4,
            n_limb_movement_series=0,
            n_tremors=3,
            n_bathroom_walks=0,
            n_hums=1,
            n_stimulations=1,
            n_leg_shakings=3,
            taken_off_at_s=600.0,
            n_gaps=0,
        ),
        seed=13,
    ),
    Sample(
        "shank_weak",
        NightPlan(
            hours=0.3,
            sensor=SimulatedSensor(fs_hz=100.0, rate_error=0.004, noise_g=0.003, step_g=0.002),
            placement=Placement.SHANK,
            n_bouts=6,
            n_bouts_after_turns=0,
            beats=(5, 20),
            peak_g=(0.025, 0.08),
            n_turns=2,
            n_helper_turns=0,
            n_kicks=2,
            n_limb_movement_series=0,
            n_tremors=2,
            n_bathroom_walks=0,
            n_hums=0,
            n_gaps=0,
        ),
        seed=12,
    ),
)


def write_samples(directory: Path, samples: tuple[Sample, ...] = SAMPLES) -> tuple[Path, ...]:
    """Write each sample as ``NAME.csv.gz`` with its truth as ``NAME.truth.csv``; existing files are an error."""
    paths = []
    for sample in samples:
        recording = sample.simulate()
        path = directory / f"{sample.name}.csv.gz"
        write_recording(path, recording.info, recording.times_s, recording.accel_g)
        write_truth(directory / f"{sample.name}.truth.csv", recording.truth)
        paths.append(path)
    return tuple(paths)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.validation.samples DIRECTORY")
    write_samples(Path(sys.argv[1]))
