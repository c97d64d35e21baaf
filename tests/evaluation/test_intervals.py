import numpy as np
import pytest

from clonus_sense.evaluation.intervals import bootstrap_ratio


def test_recordings_that_agree_give_an_interval_without_width():
    interval = bootstrap_ratio([3, 3, 3], [1.0, 1.0, 1.0], np.random.default_rng(0))
    assert (interval.low, interval.high) == (3.0, 3.0)


def test_interval_is_that_of_the_binomial_share():
    # 100 recordings, half of them with a false detection: 0.5 +- 1.645 * sqrt(0.25 / 100).
    interval = bootstrap_ratio([0, 1] * 50, [1.0] * 100, np.random.default_rng(0))
    assert interval.low == pytest.approx(0.5 - 0.082, abs=0.012)
    assert interval.high == pytest.approx(0.5 + 0.082, abs=0.012)


def test_same_seed_gives_the_same_interval():
    first, second = (bootstrap_ratio([0, 1, 5], [1, 2, 3], np.random.default_rng(4)) for _ in range(2))
    assert first == second


def test_no_recording_has_no_interval():
    assert bootstrap_ratio([], [], np.random.default_rng(0)) is None
