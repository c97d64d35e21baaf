"""Simulated nights are counted in parts, each once, and the rate has an exact interval."""

from __future__ import annotations

import pytest

from tests.validation.simulated_nights import (
    NightCount,
    bound_rate,
    count_night,
    count_nights,
    describe_counts,
    read_counts,
    simulate_any_night,
)

HOURS = 0.8


@pytest.fixture(scope="module")
def counted():
    return count_night(5001, HOURS)


def make_count(seed, *, n_false=0, n_found=10):
    return NightCount(seed, "foot", 50.0, 0.003, 8.0, 12, n_found, n_false, "kick" if n_false else "")


def test_a_night_is_counted_against_its_own_truth(counted):
    truth = simulate_any_night(5001, HOURS).truth
    assert counted.n_bouts == sum(bout.beats >= 5 for bout in truth) > 8
    assert counted.n_bouts - 2 <= counted.n_found <= counted.n_bouts
    assert 0.7 < counted.hours < HOURS  # gaps are not measured
    assert counted.n_false == len(counted.false_by.split("+") if counted.false_by else [])


def test_another_seed_is_another_night():
    nights = [simulate_any_night(seed, HOURS) for seed in range(12)]
    assert len({night.info.fs_hz for night in nights}) >= 3
    assert len({night.info.site for night in nights}) >= 3
    assert len({night.truth[0].onset_s for night in nights}) == 12


def test_a_table_is_gone_on_with_and_no_night_counted_twice(tmp_path, counted):
    table = tmp_path / "nights.csv"
    assert count_nights(table, [5001], HOURS) == [counted]
    before = table.read_text(encoding="utf-8")
    assert count_nights(table, [5001], HOURS) == [counted]
    assert table.read_text(encoding="utf-8") == before
    assert [count.seed for count in count_nights(table, [5001, 5002], HOURS)] == [5001, 5002]
    assert [count.seed for count in read_counts(table)] == [5001, 5002]


def test_the_sum_of_nights_is_said_with_its_interval():
    text = describe_counts([make_count(1, n_false=1), make_count(2, n_found=12), *map(make_count, range(3, 11))])
    assert "10 nights, 80 h measured: 102 of 120 bouts" in text
    assert "(0.850)" in text
    assert "False: 1, 0.10 per 8 h (90 % interval 0.01-0.47)" in text


@pytest.mark.parametrize(("n_events", "low", "high"), [(0, 0.0, 3.0), (1, 0.051, 4.744), (10, 5.426, 16.962)])
def test_interval_of_a_rate_is_the_exact_one(n_events, low, high):
    assert bound_rate(n_events, 1.0) == pytest.approx((low, high), abs=0.005)


def test_nothing_measured_bounds_nothing():
    assert bound_rate(3, 0.0) == (0.0, float("inf"))
