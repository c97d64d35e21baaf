"""Strides are as long as the leg's movement takes to repeat itself, whatever the pieces that it comes in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.detection.gait.strides import StrideFinder, sum_windows
from tests.detection.gait.walks import make_walk_g

HZ = 50.0
TIMES_S = np.arange(1500) / HZ


def find(low_g, cuts=()):
    finder = StrideFinder(HZ)
    parts = [finder.push(part) for part in np.split(low_g, list(cuts))] + [finder.finish()]
    return tuple(
        np.concatenate([getattr(part, name) for part in parts]) for name in ("length", "likeness", "strength_g")
    )


@pytest.mark.parametrize("stride_s", [0.7, 0.9, 1.1, 1.5])
def test_the_length_of_a_steady_stride_is_found_between_samples(stride_s):
    low_g = np.outer(
        0.3 * np.cos(2 * np.pi * TIMES_S / stride_s) + 0.2 * np.cos(4 * np.pi * TIMES_S / stride_s), [1, 0, 1]
    )
    length, likeness, _ = find(low_g)
    assert np.median(length[-50:]) / HZ == pytest.approx(stride_s, abs=0.01)
    assert likeness[-90:-40].min() > 0.95


def test_strides_of_a_walk_resemble_one_another_and_noise_does_not():
    walk = find(make_walk_g(TIMES_S))
    noise = find(np.random.default_rng(1).normal(scale=0.2, size=(1500, 3)))
    assert np.median(walk[1][60:]) > 0.85
    assert np.median(walk[0][60:]) / HZ == pytest.approx(1.1, abs=0.05)
    assert np.median(noise[1]) < 0.6


def test_clonus_has_no_say_in_the_length_of_a_stride():
    walk_g = make_walk_g(TIMES_S)
    with_clonus_g = walk_g + np.outer(0.5 * np.cos(2 * np.pi * 6.3 * TIMES_S), [0.6, 0.0, 0.8])
    assert np.abs(find(walk_g)[0] - find(with_clonus_g)[0])[60:].max() < 1.0


def test_the_slow_movement_is_as_strong_as_it_is():
    low_g = np.outer(0.2 * np.cos(2 * np.pi * 2.0 * TIMES_S), [0.6, 0.0, 0.8])
    assert find(low_g)[2][-60:-30].mean() == pytest.approx(0.2 / np.sqrt(2), rel=0.05)


@given(st.lists(st.integers(0, 1500), max_size=8).map(sorted))
def test_any_cut_gives_the_same_strides(cuts):
    low_g = make_walk_g(TIMES_S)
    for whole, cut in zip(find(low_g), find(low_g, cuts), strict=True):
        assert np.array_equal(whole, cut)


@given(st.integers(1, 20), st.integers(0, 30))
def test_sums_of_windows_are_those_of_their_values(width, more):
    values = np.random.default_rng(width).integers(0, 9, size=(2, width + more)).astype(float)
    expected = [[row[i : i + width].sum() for i in range(more + 1)] for row in values]
    assert sum_windows(values, width).tolist() == expected
