"""A regression that goes along with a movement takes what the regressors explain around each block, and no more."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.detection.gait.stride_regression import BLOCKS_AFTER, BLOCKS_BEFORE, StrideRegression

N_BLOCKS, BLOCK_VALUES = 60, 30
NEUTRAL = np.array([0.4, 0.3])


def make_steps_g(seed=0):
    return np.random.default_rng(seed).normal(scale=0.2, size=(2, N_BLOCKS, BLOCK_VALUES))


def explain(steps_g, movement_g, cuts=()):
    regression = StrideRegression(NEUTRAL)
    edges = [0, *sorted(cuts), N_BLOCKS]
    parts = [
        regression.push(steps_g[:, start:end], movement_g[start:end], closes=end == N_BLOCKS and start == edges[-2])
        for start, end in pairwise(edges)
    ]
    return np.concatenate(parts)


def measure_g(values_g):
    return float(np.sqrt((values_g**2).mean()))


def test_what_the_regressors_explain_is_taken_for_the_most_part():
    steps_g = make_steps_g()
    movement_g = 0.9 * steps_g[0] - 0.2 * steps_g[1]
    assert measure_g(movement_g - explain(steps_g, movement_g)) < 0.35 * measure_g(movement_g)


def test_of_a_movement_of_its_own_little_is_taken():
    movement_g = np.random.default_rng(1).normal(scale=0.2, size=(N_BLOCKS, BLOCK_VALUES))
    left_g = movement_g - explain(make_steps_g(), movement_g)
    assert abs(measure_g(left_g) / measure_g(movement_g) - 1.0) < 0.05


def test_weights_follow_the_movement_within_the_blocks_around():
    steps_g = make_steps_g()
    changes_at = N_BLOCKS // 2
    movement_g = np.concatenate([steps_g[0, :changes_at], steps_g[1, changes_at:]])
    left_g = movement_g - explain(steps_g, movement_g)
    settled = np.r_[: changes_at - BLOCKS_AFTER, changes_at + BLOCKS_BEFORE : N_BLOCKS]
    assert measure_g(left_g[settled]) < 0.25 * measure_g(movement_g)
    assert measure_g(left_g[changes_at - 1 : changes_at + 1]) > 0.4 * measure_g(movement_g)


def test_what_two_regressors_say_alike_is_shared_as_the_neutral_weights_are():
    step_g = make_steps_g()[0]
    alike_g = np.stack([step_g, step_g])
    movement_g = NEUTRAL.sum() * step_g
    np.testing.assert_allclose(explain(alike_g, movement_g), movement_g, atol=1e-6)


def test_nothing_explains_nothing():
    silent_g = np.zeros((2, N_BLOCKS, BLOCK_VALUES))
    movement_g = make_steps_g()[0]
    assert (explain(silent_g, movement_g) == 0.0).all()
    assert np.abs(explain(make_steps_g(), np.zeros_like(movement_g))).max() < 0.2


@given(st.lists(st.integers(1, N_BLOCKS - 1), max_size=8, unique=True))
def test_however_the_blocks_come_the_same_is_explained_to_the_last_bit(cuts):
    steps_g, movement_g = make_steps_g(2), make_steps_g(3)[0]
    np.testing.assert_array_equal(explain(steps_g, movement_g, cuts), explain(steps_g, movement_g))
