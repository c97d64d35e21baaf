"""The forward model against its own closed form: tangential, centripetal, tilt, and the reaction of the leg."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.model import Site
from clonus_sense.simulate.movement import STEP_S, differentiate_angle
from clonus_sense.simulate.placement import (
    FOOT_HEIGHT_M,
    FOOT_LEVER_M,
    STANDARD_GRAVITY_M_S2,
    Placement,
    compute_acceleration,
    sample_acceleration,
)

TOES_UP_G = np.array([1.0, 0.0, 0.0])
FLAT_G = np.array([0.0, 0.0, 1.0])
AMPLITUDE_RAD = np.radians(5.0)


def oscillation(frequency_hz=6.0, amplitude_rad=AMPLITUDE_RAD, duration_s=8.0):
    """A sine of the ankle; long, so that the shank's own swing has died down at its end."""
    times_s = np.arange(0.0, duration_s, STEP_S)
    return differentiate_angle(amplitude_rad * np.sin(2 * np.pi * frequency_hz * times_s))


def amplitude_at(signal, frequency_hz):
    """Amplitude of one frequency over the last second."""
    last = signal[-round(1 / STEP_S) :]
    times_s = np.arange(len(last)) * STEP_S
    return abs(2 * np.mean((last - last.mean()) * np.exp(-2j * np.pi * frequency_hz * times_s)))


def test_the_foot_shows_tangential_centripetal_and_tilt():
    movement = oscillation()
    psi = 0.7
    gravity_g = np.array([np.sin(psi), 0.0, np.cos(psi)])
    accel_g = compute_acceleration(movement, Placement.FOOT, gravity_g)
    tangential, centripetal = (
        movement.accel_rad_s2 / STANDARD_GRAVITY_M_S2,
        movement.rate_rad_s**2 / STANDARD_GRAVITY_M_S2,
    )
    x_g = -FOOT_LEVER_M * centripetal - FOOT_HEIGHT_M * tangential + np.sin(psi + movement.angle_rad)
    z_g = FOOT_LEVER_M * tangential - FOOT_HEIGHT_M * centripetal + np.cos(psi + movement.angle_rad)
    np.testing.assert_allclose(accel_g, np.column_stack([x_g, np.zeros_like(x_g), z_g]), atol=1e-12)


@pytest.mark.parametrize(
    ("placement", "gravity_g", "axis", "expected_g"),
    [
        (Placement.FOOT, FLAT_G, 2, 1.26),
        (Placement.SHANK, FLAT_G, 2, 0.21),
        (Placement.ANKLE, FLAT_G, 2, 0.235),
        (Placement.SHANK_PLANTED, -TOES_UP_G, 0, 1.64),
        (Placement.THIGH, FLAT_G, 2, 0.07),
    ],
)
def test_five_degrees_at_6_hz_differ_tenfold_between_sites(placement, gravity_g, axis, expected_g):
    # Shank and thigh by inertia alone; their springs add up to a tenth at 6 Hz.
    accel_g = compute_acceleration(oscillation(), placement, gravity_g)
    assert amplitude_at(accel_g[:, axis], 6.0) == pytest.approx(expected_g, rel=0.1)


def test_a_foot_that_points_up_shows_twice_the_frequency_in_its_magnitude():
    accel_g = compute_acceleration(oscillation(amplitude_rad=np.radians(3.0)), Placement.FOOT, TOES_UP_G)
    magnitude_g = np.linalg.norm(accel_g, axis=1)
    # The sensor sits 2 cm above the axis of the ankle, which leaves a tenth of the fundamental along the foot.
    assert amplitude_at(accel_g[:, 2], 6.0) > 0.75
    assert amplitude_at(magnitude_g, 12.0) > 0.1
    assert amplitude_at(magnitude_g, 6.0) < 0.25 * amplitude_at(accel_g[:, 2], 6.0)


@pytest.mark.parametrize("placement", Placement)
@settings(max_examples=20, deadline=None)
@given(direction=st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1))
def test_a_leg_at_rest_shows_its_gravity_alone(placement, direction):
    gravity_g = np.array(direction) / np.linalg.norm(direction)
    resting = differentiate_angle(np.zeros(100))
    accel_g = compute_acceleration(resting, placement, gravity_g)
    np.testing.assert_allclose(accel_g, np.tile(gravity_g, (100, 1)), atol=1e-12)


def test_samples_lie_on_the_movement_and_rest_outside_it():
    movement = oscillation(duration_s=1.0)
    times_s = np.array([-1.0, 0.25, 0.5, 7.0])
    sampled_g = sample_acceleration(movement, Placement.FOOT, FLAT_G, times_s)
    fine_g = compute_acceleration(movement, Placement.FOOT, FLAT_G)
    np.testing.assert_allclose(sampled_g[1:3], fine_g[[500, 1000]], atol=1e-9)
    np.testing.assert_allclose(sampled_g[[0, 3]], [FLAT_G, FLAT_G])


def test_every_placement_names_a_site_of_recordings():
    assert [placement.site for placement in Placement] == [Site.FOOT, Site.ANKLE, Site.SHANK, Site.SHANK, Site.THIGH]
