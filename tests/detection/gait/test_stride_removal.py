"""What the strides before explain of a walk is taken from it; what is no walk stays as it is."""

from __future__ import annotations

import numpy as np
import pytest

from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.gait.stride_removal import LEAST_STRIDE_G, StrideRemover
from tests.detection.builders import make_bout
from tests.detection.gait.walks import HZ, band_pass, make_walk_g

TIMES_S = np.arange(2000) / HZ
SETTLED = slice(700, 1900)  # eight strides of 1.1 s have passed


def remove(low_g, wide_g=None):
    wide_g = band_pass(low_g) if wide_g is None else wide_g
    return StrideRemover(HZ).push(WorkingPiece(0, low_g, wide_g, closes=True, samples_end=True))


def measure_g(values_g):
    return float(np.sqrt((values_g[SETTLED] ** 2).sum(axis=1).mean()))


def test_little_is_left_of_a_walk_and_it_is_called_one():
    walk = remove(make_walk_g(TIMES_S))
    assert len(walk.left_g) == len(TIMES_S)
    assert measure_g(walk.left_g) < 0.45 * measure_g(walk.wide_g)
    assert walk.is_walk[SETTLED].all()


@pytest.mark.parametrize("frequency_hz", [5.3, 6.2, 7.4])
def test_a_bout_that_does_not_keep_time_with_the_strides_is_left(frequency_hz):
    bout_g = make_bout(20.0, beats=14, frequency_hz=frequency_hz, peak_g=0.5).accel_g(TIMES_S)
    walk_g = make_walk_g(TIMES_S)
    left_g = remove(walk_g + bout_g).left_g
    alone_g, inside = band_pass(bout_g), np.abs(bout_g).max(axis=1) > 0.0
    kept = (left_g[inside] * alone_g[inside]).sum() / (alone_g[inside] ** 2).sum()
    assert kept > 0.7


def test_where_the_leg_does_not_move_as_in_a_walk_nothing_is_taken():
    sway_g = np.outer(0.5 * LEAST_STRIDE_G * np.sin(2 * np.pi * TIMES_S / 1.1), [1.0, 0.0, 0.0])
    twitches_g = np.random.default_rng(0).normal(scale=0.1, size=(2000, 3))
    standing = remove(sway_g, twitches_g)
    assert not standing.is_walk.any()
    np.testing.assert_array_equal(standing.left_g, twitches_g)


def test_before_there_was_a_stride_nothing_is_taken():
    walk = remove(make_walk_g(TIMES_S))
    np.testing.assert_array_equal(walk.left_g[:20], walk.wide_g[:20])


def test_a_stride_that_comes_late_is_found_where_it_is():
    # Every stride a little longer than the last: the pools lie where the strides were, not at one distance.
    slowing_s = TIMES_S - 0.004 * TIMES_S**2 / 2.0
    slowing = remove(make_walk_g(slowing_s))
    assert measure_g(slowing.left_g) < 0.6 * measure_g(slowing.wide_g)
