import numpy as np
import pytest

from clonus_sense.evaluation.intervals import bootstrap, bootstrap_ratio, rate_interval, share_interval


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


@pytest.mark.parametrize("recordings", [[], [(3, 1.0)], [(3, 1.0), (0, 0.0)]])
def test_fewer_than_two_recordings_that_say_something_have_no_interval(recordings):
    numerators, denominators = [n for n, _ in recordings], [d for _, d in recordings]
    assert bootstrap_ratio(numerators, denominators, np.random.default_rng(0)) is None


def test_figure_of_sums_is_computed_for_each_draw_and_unknown_draws_are_left_out():
    # Of two recordings, a quarter of the draws holds the second one alone, for which the figure is unknown.
    def figure(sums):
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(sums[:, 1] > 0, sums[:, 0] / sums[:, 1], np.nan)

    interval = bootstrap([[2.0, 1.0], [2.0, 0.0]], figure, np.random.default_rng(0))
    assert (interval.low, interval.high) == (2.0, 4.0)
    assert bootstrap([[1.0, 0.0], [1.0, 0.0]], figure, np.random.default_rng(0)) is None


def test_a_share_on_which_all_recordings_agree_keeps_the_doubt_that_their_number_leaves():
    rng = np.random.default_rng(0)
    everything = share_interval([2] * 20, [2] * 20, rng)
    assert (everything.low, everything.high) == (pytest.approx(0.861, abs=0.001), 1.0)
    nothing = share_interval([0] * 20, [2] * 20, rng)
    assert (nothing.low, nothing.high) == (0.0, pytest.approx(0.139, abs=0.001))
    assert share_interval([1], [1], rng) is None


def test_a_rate_of_nothing_keeps_the_doubt_that_its_time_leaves():
    # Three events in the time would show none at all in one of twenty times.
    interval = rate_interval([0, 0], [10.0, 20.0], np.random.default_rng(0))
    assert (interval.low, interval.high) == (0.0, pytest.approx(0.1, abs=0.001))
    some = rate_interval([0, 3] * 20, [1.0] * 40, np.random.default_rng(0))
    assert some == bootstrap_ratio([0, 3] * 20, [1.0] * 40, np.random.default_rng(0))
