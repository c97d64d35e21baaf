"""Batches of a simulated recording hold every sample once, in gap-free stretches."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from clonus_sense.errors import SettingsError
from clonus_sense.model import Gap
from clonus_sense.simulate import Placement, SimulatedSensor, simulate_bout
from clonus_sense.simulate.simulated_recording import describe_recording


def recording_with_a_gap():
    """A bout at 50 Hz that has lost everything in [3, 4) s."""
    whole = simulate_bout(fs_hz=50.0, rate_error=0.01)
    kept = (whole.times_s < 3.0) | (whole.times_s >= 4.0)
    return replace(whole, times_s=whole.times_s[kept], accel_g=whole.accel_g[kept], gaps=(Gap(3.0, 4.0, "test"),))


@pytest.mark.parametrize("n_samples", [None, 1, 7, 10_000])
def test_batches_hold_every_sample_once_and_knots_of_true_time(n_samples):
    recording = recording_with_a_gap()
    batches = recording.batches(n_samples)
    assert {batch.stretch.number for batch in batches} == {0, 1}
    np.testing.assert_array_equal(np.vstack([batch.accel_g for batch in batches]), recording.accel_g)
    for number, rows in ((0, recording.times_s < 3.0), (1, recording.times_s >= 4.0)):
        stretch = [batch for batch in batches if batch.stretch.number == number]
        assert [batch.first_index for batch in stretch] == [0, *(batch.end_index for batch in stretch[:-1])]
        knots_s = np.concatenate([batch.knot_times_s for batch in stretch])
        np.testing.assert_array_equal(knots_s, recording.times_s[rows][:: stretch[0].stretch.knot_every])


def test_a_batch_of_nothing_is_refused():
    with pytest.raises(SettingsError, match="one sample or more"):
        recording_with_a_gap().batches(0)


def test_the_head_says_that_it_is_simulated_and_with_which_faults():
    info = simulate_bout(noise_g=0.002, rate_error=0.01).info
    assert ("source", "simulated") in info.notes
    assert "noise 2 mg" in dict(info.notes)["faults"]
    assert "+1.00%" in dict(info.notes)["faults"]


def test_a_start_without_offset_is_refused():
    with pytest.raises(SettingsError, match="no time zone"):
        describe_recording(SimulatedSensor(), Placement.FOOT, datetime(2026, 1, 1), "Asia/Tokyo")  # noqa: DTZ001
