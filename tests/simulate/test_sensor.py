"""The sensor has the faults it is said to have."""

import numpy as np
import pytest

from clonus_sense.errors import SettingsError
from clonus_sense.simulate.sensor import SimulatedSensor


def test_true_times_carry_the_rate_error():
    times_s = SimulatedSensor(fs_hz=52.0, rate_error=-0.018).sample_times_s(100.0)
    assert times_s[0] == 0.0
    assert times_s[-1] < 100.0
    assert (len(times_s) - 1) / times_s[-1] == pytest.approx(52.0 * 0.982, rel=1e-6)
    np.testing.assert_array_equal(times_s, np.round(times_s, 6))


def test_a_whole_number_of_samples_is_not_off_by_one():
    assert len(SimulatedSensor(fs_hz=100.0).sample_times_s(28800.0)) == 2_880_000


def test_noise_steps_and_range_are_as_said():
    rng = np.random.default_rng(0)
    noisy_g = SimulatedSensor(noise_g=0.004, step_g=0.0).measure(np.zeros((20_000, 3)), rng)
    assert noisy_g.std(axis=0) == pytest.approx([0.004] * 3, rel=0.03)
    stepped_g = SimulatedSensor(noise_g=0.004, step_g=0.002).measure(np.zeros((500, 3)), rng)
    np.testing.assert_allclose(stepped_g / 0.002, np.round(stepped_g / 0.002), atol=1e-9)
    clipped_g = SimulatedSensor(noise_g=0.0, step_g=0.0, range_g=2.0).measure(np.array([[3.0, -5.0, 1.0]]), rng)
    assert clipped_g.tolist() == [[2.0, -2.0, 1.0]]


def test_the_input_is_left_alone():
    accel_g = np.ones((5, 3))
    SimulatedSensor().measure(accel_g, np.random.default_rng(0))
    assert (accel_g == 1.0).all()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"fs_hz": 0.0}, "fs_hz"),
        ({"rate_error": 2.0}, "rate_error"),
        ({"noise_g": -1.0}, "noise_g"),
        ({"range_g": 0.0}, "range_g"),
    ],
)
def test_impossible_sensors_are_refused(changed, named):
    with pytest.raises(SettingsError, match=named):
        SimulatedSensor(**changed)
