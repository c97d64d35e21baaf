import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.model import EpisodeClass
from clonus_sense.night import Standing, UtcSpan, expect_by_chance, find_series, is_chance_worth_saying, place_episodes
from tests.night.builders import HOUR_S, episode, record

NIGHT_S = 8 * HOUR_S
START = record("2026-11-05 22:00", 8.0).span.start


def placed_at(*starts_and_lengths, **fields):
    """Place movements that begin at some seconds of a night of 8 h; a number alone is a movement of 2 s."""
    pairs = [one if isinstance(one, tuple) else (one, 2.0) for one in starts_and_lengths]
    episodes = tuple(episode(at_s / HOUR_S, length_s, **fields) for at_s, length_s in pairs)
    return place_episodes([record("2026-11-05 22:00", 8.0, episodes=episodes)])


def measured_but(*holes_s):
    """Return what was measured of the night, holes left out."""
    edges_s = [0.0, *(edge for hole in holes_s for edge in hole), NIGHT_S]
    moments = [START + timedelta(seconds=edge) for edge in edges_s]
    return [UtcSpan(*pair) for pair in zip(moments[::2], moments[1::2], strict=True)]


WHOLE = measured_but()


def test_four_movements_with_pauses_of_three_minutes_are_a_series():
    (series,) = find_series(placed_at(1000, 1182, 1364, 1546), WHOLE)
    assert (len(series.movements), series.span_s, series.moving_s, series.is_cut) == (4, 548.0, 8.0, False)


def test_three_movements_are_none():
    assert find_series(placed_at(1000, 1100, 1200), WHOLE) == ()


def test_pause_above_three_minutes_ends_a_series():
    assert find_series(placed_at(1000, 1100, 1200, 1382.1), WHOLE) == ()


def test_pause_counts_from_the_end_of_a_long_movement():
    (series,) = find_series(placed_at((1000, 120), (1290, 120), (1580, 120), (1870, 2)), WHOLE)
    assert (series.span_s, series.moving_s) == (872.0, 362.0)


def test_uncertain_movements_are_left_out():
    assert find_series(placed_at(1000, 1100, 1200, 1300, episode_class=EpisodeClass.UNCERTAIN), WHOLE) == ()


@pytest.mark.parametrize("kept", [EpisodeClass.CLONUS, EpisodeClass.BRIEF, EpisodeClass.SLOW])
def test_movements_of_other_classes_belong_to_a_series(kept):
    assert len(find_series(placed_at(1000, 1100, 1200, 1300, episode_class=kept), WHOLE)) == 1


@pytest.mark.parametrize("standing", [Standing.NOT_CONFIRMED, Standing.LEFT_OUT])
def test_movements_that_are_in_no_number_are_in_no_series(standing):
    placed = [replace(one, standing=standing) for one in placed_at(1000, 1100, 1200, 1300)]
    assert find_series(placed, WHOLE) == ()


def test_eleven_seconds_without_measurement_end_a_series_and_mark_both_parts_as_cut():
    placed = placed_at(1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700)
    series = find_series(placed, measured_but((1350, 1361)))
    assert [(one.span_s, one.is_cut) for one in series] == [(302.0, True), (302.0, True)]


def test_ten_seconds_without_measurement_do_not():
    (series,) = find_series(placed_at(1000, 1100, 1200, 1300), measured_but((1150, 1160)))
    assert not series.is_cut


def test_time_without_measurement_farther_away_than_a_pause_does_not_cut():
    (series,) = find_series(placed_at(1000, 1100, 1200, 1300), measured_but((500, 819), (1483, 1600)))
    assert not series.is_cut


@pytest.mark.parametrize("at_s", [(0.5, 60, 120, 180), (NIGHT_S - 200, NIGHT_S - 140, NIGHT_S - 80, NIGHT_S - 20)])
def test_series_at_an_end_of_the_recording_is_cut(at_s):
    (series,) = find_series(placed_at(*at_s), WHOLE)
    assert series.is_cut


def test_no_movement_makes_no_series():
    assert find_series((), WHOLE) == ()


STARTS_S = st.lists(st.tuples(st.floats(0, NIGHT_S - 30), st.floats(0.5, 20)), max_size=30)


@given(starts=STARTS_S, holes_s=st.lists(st.floats(0, NIGHT_S), max_size=4), shuffled=st.randoms())
def test_series_are_disjoint_dense_and_do_not_depend_on_the_order(starts, holes_s, shuffled):
    edges = sorted(holes_s)[: len(holes_s) // 2 * 2]
    measured = measured_but(*zip(edges[::2], edges[1::2], strict=True))
    placed = list(placed_at(*starts))
    series = find_series(placed, measured)
    shuffled.shuffle(placed)
    assert find_series(placed, measured) == series
    members = [one for found in series for one in found.movements]
    assert len({(one.recording_at, one.episode_at) for one in members}) == len(members)
    for found in series:
        assert len(found.movements) >= 4
        assert 0 < found.moving_s <= found.span_s + 1e-6
        end = found.movements[0].span.end
        for one in found.movements[1:]:
            assert one.onset - end <= timedelta(minutes=3)
            end = max(end, one.span.end)
    for before, after in pairwise(series):
        assert before.span.end <= after.span.start


def simulate_series(n_movements, *, n_nights=1500, duration_s=5.0, seed=7):
    """Count the series a night of movements that are placed uniformly, by plain arithmetic."""
    chance = random.Random(seed)
    n_series = 0
    for _ in range(n_nights):
        starts_s = sorted(chance.uniform(0, NIGHT_S) for _ in range(n_movements))
        length = 1
        for before, after in zip(starts_s, [*starts_s[1:], float("inf")], strict=True):
            if after - before - duration_s <= 180.0:
                length += 1
                continue
            n_series += length >= 4
            length = 1
    return n_series / n_nights


@pytest.mark.parametrize(("n_movements", "stated"), [(13, 0.01), (40, 0.4), (80, 3.0)])
def test_chance_makes_as_many_series_as_stated_and_as_simulated(n_movements, stated):
    expected = expect_by_chance(n_movements, NIGHT_S, 5.0)
    assert float(f"{expected:.1g}") == pytest.approx(stated, abs=0.005)
    assert simulate_series(n_movements) == pytest.approx(expected, rel=0.1, abs=0.06)


def test_nothing_measured_gives_no_chance():
    assert expect_by_chance(0, 0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("n_movements", "measured_h", "is_said"),
    [(50, 8, False), (51, 8, True), (26, 4, True), (25, 4, False), (5, 0, False)],
)
def test_chance_is_said_above_fifty_movements_in_eight_hours(n_movements, measured_h, is_said):
    assert is_chance_worth_saying(n_movements, measured_h * HOUR_S) == is_said
