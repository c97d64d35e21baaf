"""Hours of one thing, for what must not be found and for how fast it is not found."""

import numpy as np
import pytest

from clonus_sense.simulate import Placement, SimulatedSensor, simulate_still, simulate_walk


def test_walking_goes_on_with_short_pauses_and_changing_pace():
    recording = simulate_walk(0.5, seed=1)
    assert recording.truth == ()
    assert len(recording.times_s) == 180_000
    seconds_g = recording.accel_g.reshape(1800, 100, 3).std(axis=1).max(axis=1)
    assert 0.8 < np.mean(seconds_g > 0.1) < 1.0


def test_walking_repeats_with_its_seed():
    first, again, other = (simulate_walk(0.02, seed=seed, placement=Placement.FOOT) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.accel_g, again.accel_g)
    assert not np.array_equal(first.accel_g, other.accel_g)


def test_a_still_leg_shows_gravity_and_the_sensors_noise():
    recording = simulate_still(0.1, SimulatedSensor(fs_hz=50.0, noise_g=0.002, step_g=0.0), seed=3)
    assert np.linalg.norm(recording.accel_g.mean(axis=0)) == pytest.approx(1.0, abs=1e-3)
    assert recording.accel_g.std(axis=0) == pytest.approx([0.002] * 3, rel=0.03)
