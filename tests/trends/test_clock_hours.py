"""Hours of the clock over many nights: rates per worn hour, each with the nights that it stands on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.trends import summarise_hours
from tests.trends.builders import make_row


def rates(rows):
    return {one.hour: one.n_per_worn_hour for one in summarise_hours(rows)}


def test_hours_run_from_evening_to_morning_with_their_rates():
    rows = [make_row(0, [(0.5, 2), (0.6, 2), (4.5, 2)]), make_row(1, [(0.5, 2)]), make_row(2)]
    found = summarise_hours(rows)
    assert [one.hour for one in found] == [22, 23, 0, 1, 2, 3, 4, 5]
    assert (found[0].n_per_worn_hour.median, found[0].n_per_worn_hour.upper) == (1.0, 1.5)
    assert found[4].n_per_worn_hour.n == 3
    assert found[4].n_per_worn_hour.upper == 0.5


def test_an_hour_that_was_worn_for_less_than_half_counts_in_no_night():
    # From 22:40 on, and off from 1:25 to 2:25.
    row = make_row(0, [(0.1, 2), (3.9, 2)], start="22:40", length_h=6.0, gap_h=[(2.75, 3.75)])
    assert set(rates([row])) == {23, 0, 2, 3, 4}
    assert rates([row])[2].median == pytest.approx(1 / (35 / 60))


def test_half_of_an_hour_is_enough():
    assert set(rates([make_row(0, start="22:30", length_h=5.0)])) == {22, 23, 0, 1, 2, 3}
    assert set(rates([make_row(0, start="22:31", length_h=5.0)])) == {23, 0, 1, 2, 3}


def test_an_hour_that_autumn_repeats_counts_once_with_its_time_of_both():
    # 2026-10-25 in Berlin: 02:00-03:00 comes twice; a movement in each.
    row = make_row(-8, [(4.5, 2), (5.5, 2)])
    found = rates([row])
    assert found[2].n == 1
    assert found[2].median == pytest.approx(2 / 2)


@given(st.lists(st.lists(st.floats(0, 7.9), max_size=6, unique=True), min_size=1, max_size=5))
def test_each_movement_of_a_whole_hour_is_in_its_hour(nights):
    rows = [make_row(day, [(at_h, 1.0) for at_h in sorted(starts)]) for day, starts in enumerate(nights)]
    for row, starts in zip(rows, nights, strict=True):
        assert len(row.movements) == len(starts)
        counts = {hour: one.median for hour, one in rates([row]).items()}
        assert counts == {(22 + at) % 24: sum(int(start) == at for start in starts) for at in range(8)}
    for quartiles in rates(rows).values():
        assert quartiles.n == len(rows)
