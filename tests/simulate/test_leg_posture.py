"""Postures are unit vectors, and rolling between them keeps them so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.simulate.leg_posture import draw_lying_posture, roll_between, upright_posture
from clonus_sense.terms import Placement

directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1)


@pytest.mark.parametrize("placement", Placement)
def test_a_drawn_posture_has_length_one_and_lies(placement):
    rng = np.random.default_rng(1)
    postures_g = np.array([draw_lying_posture(placement, rng) for _ in range(200)])
    np.testing.assert_allclose(np.linalg.norm(postures_g, axis=1), 1.0)
    # Nobody lies as upright as a standing person: the angle between the two is over 30 degrees.
    assert (postures_g @ upright_posture(placement)).max() < np.cos(np.radians(30))


@settings(max_examples=60, deadline=None)
@given(before=directions, after=directions)
def test_rolling_begins_before_ends_after_and_keeps_gravity_at_one(before, after):
    before_g, after_g = (np.array(v) / np.linalg.norm(v) for v in (before, after))
    path_g = roll_between(before_g, after_g, np.linspace(0, 1, 7))
    np.testing.assert_allclose(path_g[0], before_g, atol=1e-9)
    np.testing.assert_allclose(path_g[-1], after_g, atol=1e-7)
    np.testing.assert_allclose(np.linalg.norm(path_g, axis=1), 1.0)


def test_rolling_to_the_opposite_posture_passes_across():
    path_g = roll_between(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, -1.0]), np.array([0.5]))
    assert path_g[0, 2] == pytest.approx(0.0, abs=1e-12)
