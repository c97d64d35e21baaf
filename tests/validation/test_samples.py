"""The recordings of this repository are what their module makes, say so, and hold what the README promises."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from clonus_sense.recording import read_recording
from clonus_sense.simulate.simulated_recording import DisturbanceKind
from tests.validation.samples import SAMPLES, write_samples

RECORDINGS = Path(__file__).parents[2] / "recordings"


def rows_of(path):
    """All rows of a recording, times and axes side by side, and its head."""
    recording = read_recording(path)
    window = recording.window(0.0, recording.duration_s)
    return np.vstack([np.column_stack([piece.times_s, piece.accel_g]) for piece in window]), recording


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    """The samples, simulated again."""
    directory = tmp_path_factory.mktemp("samples")
    write_samples(directory)
    return directory


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_committed_sample_is_what_its_plan_gives(sample, remade):
    committed, before = rows_of(RECORDINGS / f"{sample.name}.csv.gz")
    made, after = rows_of(remade / f"{sample.name}.csv.gz")
    assert before.info == after.info
    assert ("source", "simulated") in before.info.notes
    np.testing.assert_array_equal(committed[:, 0], made[:, 0])
    # Another processor may round a sine's last bit otherwise and so, very rarely, tip a value over to the next step.
    differs = np.abs(committed[:, 1:] - made[:, 1:])
    assert differs.max() < 1.01 * sample.plan.sensor.step_g
    assert np.mean(differs > 0) < 1e-4
    truth = f"{sample.name}.truth.csv"
    assert (RECORDINGS / truth).read_text() == (remade / truth).read_text()


def test_two_runs_on_one_machine_give_the_same_bytes(remade, tmp_path):
    (path,) = write_samples(tmp_path, SAMPLES[:1])
    assert path.read_bytes() == (remade / path.name).read_bytes()


def test_the_samples_stay_below_5_mb():
    assert sum(path.stat().st_size for path in RECORDINGS.iterdir()) < 5_000_000


def test_the_short_night_holds_what_the_readme_says():
    night = next(sample for sample in SAMPLES if sample.name == "short_night").simulate()
    kinds = {disturbance.kind for disturbance in night.disturbances}
    assert len(night.truth) == 6
    assert all(bout.beats >= 5 for bout in night.truth)
    assert len(night.gaps) == 1
    assert {
        DisturbanceKind.TURN,
        DisturbanceKind.KICK,
        DisturbanceKind.LIMB_MOVEMENT,
        DisturbanceKind.BATHROOM,
    } <= kinds


def test_the_clock_change_lies_inside_with_bouts_on_both_sides():
    night = next(sample for sample in SAMPLES if sample.name == "clock_change").simulate()
    start_utc = night.info.start.astimezone(UTC).timestamp()
    berlin = ZoneInfo("Europe/Berlin")
    offsets = {night.info.start.fromtimestamp(start_utc + bout.onset_s, berlin).utcoffset() for bout in night.truth}
    assert sorted(offset.total_seconds() for offset in offsets) == [3600.0, 7200.0]
    assert night.times_s[-1] > 5400.0 + 2400.0


def test_look_alikes_hold_every_kind_of_them_and_no_clonus():
    recording = next(sample for sample in SAMPLES if sample.name == "look_alikes").simulate()
    kinds = {disturbance.kind for disturbance in recording.disturbances}
    assert recording.truth == ()
    assert {
        DisturbanceKind.TREMOR,
        DisturbanceKind.HUM,
        DisturbanceKind.STIMULATION,
        DisturbanceKind.LEG_SHAKING,
        DisturbanceKind.KICK,
        DisturbanceKind.PUT_DOWN,
    } <= kinds


def test_weak_bouts_are_weak():
    recording = next(sample for sample in SAMPLES if sample.name == "shank_weak").simulate()
    assert [0.02 < bout.peak_g < 0.08 for bout in recording.truth] == [True] * 6
