from datetime import date, timedelta

import pytest

from clonus_sense.night import (
    Coverage,
    UsualNight,
    WhyNoComparison,
    compare_with_last_nights,
    divide_time,
    is_enough_worn,
    summarise_night,
)
from tests.night.builders import clock, episode, hours, record

TONIGHT = clock("2026-11-20 22:00")


def night(days_ago, n_episodes=0, worn_h=8.0, side="left", person="a", duration_s=2.0):
    """The night of 8 h that began so many days before tonight."""
    recorded = record(
        f"{TONIGHT - timedelta(days=days_ago):%Y-%m-%d %H:%M}",
        8,
        rests=[(0, 8)],
        not_confirmed=hours((worn_h, 8)),
        episodes=tuple(episode(0.1 * (n + 1), duration_s) for n in range(n_episodes)),
        side=side,
        person=person,
    )
    return summarise_night(divide_time([recorded]).nights[0], [recorded])


def test_median_of_the_last_nights():
    # 1 episode of 4 s, 2 of 8 s, 16 of 1 s, each in 8 worn hours: every number has its own median.
    others = [night(1, 1, duration_s=4.0), night(2, 2, duration_s=8.0), night(3, 16, duration_s=1.0)]
    # Two that are below, or above, all of these.
    others += [night(4, 0), night(5, 20, duration_s=10.0)]
    comparison = compare_with_last_nights(night(0, 5), others)
    close = pytest.approx
    assert comparison.usual == UsualNight(2.0, close(16.0), close(4.0), 0.25, close(2.0))
    assert comparison.why_not is None
    assert comparison.dates == tuple(date(2026, 11, day) for day in range(15, 20))
    assert comparison.n_episodes_range == (0, 20)


def test_four_nights_are_too_few():
    comparison = compare_with_last_nights(night(0), [night(number) for number in (1, 2, 3, 4)])
    assert comparison.usual is None
    assert comparison.n_episodes_range is None
    assert comparison.why_not is WhyNoComparison.TOO_FEW_NIGHTS
    assert len(comparison.dates) == 4


def test_nights_with_little_coverage_are_passed_over_and_counted():
    others = [night(1, 3), night(2, 3), night(3, 16, worn_h=2.0), night(4, 3), night(5, 3), night(6, 3)]
    comparison = compare_with_last_nights(night(0), others)
    assert comparison.usual.n_episodes == 3.0
    assert comparison.n_too_little_worn == 1
    assert date(2026, 11, 17) not in comparison.dates


def test_a_quiet_night_counts_as_0():
    comparison = compare_with_last_nights(night(0, 4), [night(1), night(2), night(3, 8), night(4), night(5)])
    assert comparison.usual == UsualNight(0.0, 0.0, 0.0, 0.0, 0.0)


def test_a_night_that_was_little_worn_is_not_compared():
    comparison = compare_with_last_nights(night(0, worn_h=2.0), [night(n) for n in (1, 2, 3)])
    assert comparison.usual is None
    assert comparison.why_not is WhyNoComparison.THIS_NIGHT_TOO_LITTLE_WORN


def test_only_the_last_7_nights_before_this_one_of_this_leg_and_person():
    usual = [night(n, 1) for n in range(2, 9)]
    foreign = [night(9, 30), night(-1, 30), night(0, 30), night(1, 30, side="right"), night(1, 30, person="b")]
    comparison = compare_with_last_nights(night(0), [*foreign, *usual])
    assert comparison.dates == tuple(date(2026, 11, day) for day in range(12, 19))
    assert comparison.usual.n_episodes == 1.0


def test_nights_of_over_4_weeks_ago_are_not_usual():
    assert len(compare_with_last_nights(night(0), [night(28), night(29), night(30)]).dates) == 1


@pytest.mark.parametrize(
    ("worn_h", "length_h", "enough"),
    [(4, 5, True), (3.9, 4, False), (6, 8.1, False), (6, 8, True)],
    ids=["4 of 5 h", "under 4 h", "under three quarters", "three quarters"],
)
def test_enough_is_4_hours_and_three_quarters(worn_h, length_h, enough):
    assert is_enough_worn(Coverage(worn_h * 3600.0, 0.0, (length_h - worn_h) * 3600.0)) is enough
