"""Derivatives belong to their angle, and scaling keeps them together."""

import numpy as np
import pytest

from clonus_sense.simulate.movement import STEP_S, differentiate_angle

ANGULAR_FREQUENCY = 2 * np.pi * 6.0


def sine():
    """A second of 0.1 rad at 6 Hz."""
    return differentiate_angle(0.1 * np.sin(ANGULAR_FREQUENCY * np.arange(2000) * STEP_S))


def test_derivatives_of_a_sine():
    movement = sine()
    inner = slice(2, -2)
    phase = ANGULAR_FREQUENCY * movement.times_s
    np.testing.assert_allclose(movement.rate_rad_s[inner], 0.1 * ANGULAR_FREQUENCY * np.cos(phase)[inner], atol=2e-3)
    np.testing.assert_allclose(
        movement.accel_rad_s2[inner], -0.1 * ANGULAR_FREQUENCY**2 * np.sin(phase)[inner], atol=0.1
    )


def test_scaling_scales_angle_rate_and_acceleration():
    movement, doubled = sine(), sine().scaled(2.0)
    for name in ("angle_rad", "rate_rad_s", "accel_rad_s2"):
        np.testing.assert_array_equal(getattr(doubled, name), 2 * getattr(movement, name))


def test_duration_counts_every_step():
    assert sine().duration_s == pytest.approx(1.0)
