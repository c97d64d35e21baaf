"""Nights in a few numbers, built from the answer: which nights a number stands on, and what it is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.trends import Quartiles, last_windows, summarise_nights
from tests.trends.builders import FIRST, make_row


def spread(n, seconds=2.0):
    """So many movements over eight hours."""
    return [(0.1 + 7.0 * at / max(n, 1), seconds) for at in range(n)]


def test_every_number_stands_on_its_own_nights():
    rows = [
        make_row(0, spread(4)),
        make_row(1, spread(8, 5.0)),
        # Six of eight hours in doubt: in totals, in no median; its doubtful movement is in neither.
        make_row(3, [(0.5, 9.0), (5.0, 2.0)], worn_h=2.0),
        make_row(4, spread(6)),
    ]
    found = summarise_nights(rows, FIRST, FIRST + timedelta(days=9))
    assert (found.n_nights, found.n_recorded, found.n_half_worn) == (10, 4, 3)
    assert found.n_movements == Quartiles(5.0, 6.0, 7.0, 3)
    assert found.n_per_worn_hour.median == pytest.approx(6 / 8)
    assert (found.n_total, found.longest_s) == (4 + 8 + 1 + 6, pytest.approx(9.0))
    assert found.total_s == pytest.approx(4 * 2 + 8 * 5 + 9 + 6 * 2)
    assert found.worn_s == pytest.approx(3600 * (8 + 8 + 2 + 8))
    assert (found.n_in_doubt, found.n_nights_in_doubt) == (1, 1)


def test_a_night_without_movement_counts_as_zero_and_one_without_recording_not_at_all():
    found = summarise_nights([make_row(0), make_row(2, spread(2))], FIRST, FIRST + timedelta(days=2))
    assert found.n_movements == Quartiles(0.5, 1.0, 1.5, 2)
    assert (found.n_nights, found.n_recorded) == (3, 2)


def test_no_night_at_all_has_no_median():
    found = summarise_nights([], FIRST, FIRST + timedelta(days=6))
    assert (found.n_nights, found.n_recorded, found.n_half_worn, found.n_total) == (7, 0, 0, 0)
    assert found.n_movements is None
    assert found.n_per_worn_hour is None


def test_two_nights_of_one_date_are_two_of_one_more():
    rows = [make_row(0, start="20:00", length_h=3.0), make_row(0, number=2, start="23:50", length_h=6.0)]
    found = summarise_nights(rows, FIRST, FIRST + timedelta(days=1))
    assert (found.n_nights, found.n_half_worn) == (3, 2)


def test_windows_end_at_the_last_date_and_reach_back_as_far_as_there_are_dates():
    rows = [make_row(day, spread(day % 5)) for day in range(40)]
    last = FIRST + timedelta(days=39)
    windows = last_windows(rows, FIRST, last)
    assert [one.length for one in windows] == [1, 7, 30]
    assert [one.summary.n_nights for one in windows] == [1, 7, 30]
    assert windows[0].summary.n_movements == Quartiles(4.0, 4.0, 4.0, 1)
    assert windows[1].summary.n_total == sum(day % 5 for day in range(33, 40))
    # The last night was not recorded: the window is empty, and older nights do not move up.
    assert last_windows(rows[:-1], FIRST, last)[0].summary.n_recorded == 0


@given(st.lists(st.integers(0, 12), max_size=8), st.integers(0, 12))
def test_denominators_never_pass_what_they_count_of(counts, n_more):
    rows = [make_row(day, spread(n)) for day, n in enumerate(counts)]
    last = FIRST + timedelta(days=max(len(counts) - 1, 0) + n_more)
    found = summarise_nights(rows, FIRST, last)
    assert found.n_half_worn <= found.n_recorded <= found.n_nights
    assert found.n_total == sum(counts)
    if counts:
        assert found.n_movements.n == len(counts)
        assert min(counts) <= found.n_movements.lower <= found.n_movements.upper <= max(counts)
