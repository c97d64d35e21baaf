from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from clonus_sense.detection.axis import find_main_axis, project

TIMES_S = np.arange(120) / 50.0
BURSTS = np.maximum(0.0, np.cos(2 * np.pi * 6.0 * TIMES_S)) - 0.32


def make_movement():
    """Bursts on x with a little sideways movement."""
    return np.column_stack([BURSTS, 0.2 * np.sin(2 * np.pi * 6.0 * TIMES_S), 0.05 * np.cos(2 * np.pi * 3.0 * TIMES_S)])


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_axis_points_to_the_sharp_side_in_any_mounting(seed):
    mounting = Rotation.random(random_state=seed)
    axis = find_main_axis(mounting.apply(make_movement()))
    assert np.allclose(axis.direction, mounting.apply([1.0, 0.0, 0.0]), atol=0.03)
    assert np.linalg.norm(axis.direction) == pytest.approx(1.0)


@pytest.mark.parametrize("flip", [(-1, 1, 1), (1, -1, 1), (-1, -1, -1)])
def test_projection_is_the_same_with_any_axis_turned_over(flip):
    upright = make_movement()
    turned = upright * flip
    expected = project(upright, find_main_axis(upright).direction)
    assert np.allclose(project(turned, find_main_axis(turned).direction), expected, atol=1e-12)


def test_movement_on_a_line_is_linear_and_on_a_circle_is_not():
    line = np.outer(BURSTS, [0.3, 0.4, -0.5])
    circle = np.column_stack([np.cos(2 * np.pi * 5.0 * TIMES_S), np.sin(2 * np.pi * 5.0 * TIMES_S), 0.0 * TIMES_S])
    assert find_main_axis(line).linearity == pytest.approx(1.0)
    assert find_main_axis(circle).linearity == pytest.approx(0.0, abs=0.01)
    assert find_main_axis(np.zeros((10, 3))).linearity == 0.0


def test_projection_does_not_depend_on_memory_layout():
    movement = np.random.default_rng(0).standard_normal((77, 3))
    direction = np.array([0.36, 0.48, 0.8])
    assert np.array_equal(project(np.asfortranarray(movement), direction), project(movement, direction))


def test_one_knock_across_does_not_turn_the_axis():
    knocked = make_movement()
    knocked[60] += [0.0, 0.0, 4.0]  # as strong as all the rest
    axis = find_main_axis(knocked)
    assert abs(axis.direction[0]) > 0.95
