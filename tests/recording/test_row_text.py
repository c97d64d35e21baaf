import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clonus_sense.recording.row_text import format_rows
from clonus_sense.rounding import round_as_written

VALUES = arrays(np.float64, (7, 3), elements=st.floats(-20, 20))
STEPS = st.sampled_from([None, 0.004, 0.001, 0.000488, 0.000061])


@settings(max_examples=60, deadline=None)
@given(VALUES, STEPS, st.floats(0, 90_000))
def test_numbers_read_from_the_text_are_the_rounded_ones_bit_for_bit(accel_g, step_g, start_s):
    times_s = start_s + np.arange(7) / 52
    rounded = round_as_written(times_s, accel_g, step_g)
    text = format_rows(rounded, step_g).decode()
    read = np.array([[float(field) for field in line.split(",")] for line in text.splitlines()])
    assert np.array_equal(read[:, 0], rounded.times_s)
    assert np.array_equal(read[:, 1:], rounded.accel_g)
    assert "-0.0000," not in text


@settings(max_examples=60, deadline=None)
@given(VALUES, STEPS)
def test_rounding_twice_changes_nothing(accel_g, step_g):
    once = round_as_written(np.zeros(7), accel_g, step_g)
    twice = round_as_written(once.times_s, once.accel_g, step_g)
    assert np.array_equal(once.accel_g, twice.accel_g)


def test_acceleration_is_written_in_steps_of_the_sensor():
    rounded = round_as_written(np.array([1.0]), np.array([[0.0011, -0.0005, 1.0]]), step_g=0.000488)
    assert format_rows(rounded, step_g=0.000488) == b"1.000000,0.00098,-0.00049,0.99991\n"


def test_nothing_is_written_as_minus_zero():
    rounded = round_as_written(np.array([-0.0]), np.array([[-1e-9, -0.0, 0.0]]), None)
    assert format_rows(rounded, None) == b"0.000000,0.0000,0.0000,0.0000\n"
