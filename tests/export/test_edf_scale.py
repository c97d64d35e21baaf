import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.export.edf_scale import choose_scale


def read_back(scale, numbers):
    """As every reader of EDF does it, from the header's text alone."""
    low, high = float(scale.physical_min), float(scale.physical_max)
    return (numbers.astype(float) - scale.digital_min) * (high - low) / (scale.digital_max - scale.digital_min) + low


@settings(deadline=None)
@given(
    st.lists(st.floats(-300, 300), min_size=1, max_size=50),
    st.sampled_from([None, 0.004, 0.000488, 1 / 2048, 0.0000610352, 0.0039]),
    st.sampled_from([None, 2.0, 16.0, 200.0]),
)
def test_every_value_comes_back_within_half_a_step_and_the_lowest_number_is_free(values, step_g, range_g):
    accel_g = np.array(values)
    scale = choose_scale(float(np.abs(accel_g).max()), step_g=step_g, range_g=range_g)
    numbers = scale.encode(accel_g)
    assert numbers.min() > scale.digital_min
    assert max(len(scale.physical_min), len(scale.physical_max)) <= 8
    assert -32768 <= scale.digital_min < scale.digital_max <= 32767
    assert np.abs(read_back(scale, numbers) - accel_g).max() <= scale.step_g / 2 * (1 + 1e-6)


@pytest.mark.parametrize("step_g", [0.004, 0.002, 0.000488, 1 / 2048])
def test_steps_of_the_sensor_come_back_exactly(step_g):
    accel_g = np.arange(-4000, 4001) * step_g
    scale = choose_scale(float(accel_g.max()), step_g=step_g, range_g=16.0)
    assert scale.step_g == pytest.approx(step_g, rel=1e-9)
    np.testing.assert_allclose(read_back(scale, scale.encode(accel_g)), accel_g, rtol=0, atol=1e-9)


def test_a_sample_beyond_the_range_is_not_clipped():
    scale = choose_scale(17.5, step_g=0.0001, range_g=16.0)
    assert read_back(scale, scale.encode(np.array([17.5])))[0] == pytest.approx(17.5, abs=scale.step_g)


def test_without_a_range_a_scale_reaches_as_far_as_the_samples_and_hardly_further():
    # So small a step does not reach the samples, however small they are.
    scale = choose_scale(0.05, step_g=1e-9, range_g=None)
    assert 0.05 <= float(scale.physical_max) < 0.0505
