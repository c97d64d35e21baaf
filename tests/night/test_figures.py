from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.model import EpisodeClass, SampleBatch, Site, Stretch
from clonus_sense.night import (
    ClassFigures,
    Coverage,
    RecordedSpan,
    UtcSpan,
    divide_time,
    summarise_day,
    summarise_night,
)
from clonus_sense.night.figures import LegTime
from tests.night.builders import clock, episode, gaps, hours, record
from tests.night.strategies import corrections, recordings


def figures_of(*recorded):
    """Numbers from 22:00 to 06:00."""
    return LegTime(recorded).figures([UtcSpan(clock("2026-11-05 22:00"), clock("2026-11-06 06:00"))])


def numbers(of_class):
    """How many, how long and how often."""
    rates = of_class.n_per_worn_hour, of_class.total_s_per_worn_hour
    return (of_class.n_episodes, of_class.total_s, of_class.longest_s, *rates)


def test_three_states_in_seconds():
    recorded = record(
        "2026-11-05 22:00", 7, gaps=gaps((1, 1.5)), not_confirmed=hours((4, 6)), not_worn=hours((5.5, 6.5))
    )
    assert figures_of(recorded).coverage == Coverage(worn_s=4 * 3600.0, not_confirmed_s=5400.0, not_measured_s=9000.0)
    assert figures_of(recorded).coverage.length_s == 8 * 3600
    assert figures_of(recorded).coverage.worn_ratio == 0.5


def test_counts_by_class_and_rates_per_worn_hour():
    recorded = record(
        "2026-11-05 22:00",
        8,
        gaps=gaps((6, 8)),
        not_confirmed=hours((4, 6)),
        episodes=(
            episode(0.5, 3.0),
            episode(1.5, 5.0),
            episode(2.5, 1.0, EpisodeClass.BRIEF),
            episode(3.0, 7.0, EpisodeClass.SLOW),
            episode(3.1, 8.0, EpisodeClass.SLOW),
            episode(3.2, 9.0, EpisodeClass.UNCERTAIN),
        ),
    )
    figures = figures_of(recorded)
    # 4 of 8 hours were worn.
    close = pytest.approx
    assert numbers(figures.clonus) == (2, close(8.0), close(5.0), 0.5, close(2.0))
    assert numbers(figures.brief) == (1, close(1.0), close(1.0), 0.25, close(0.25))
    assert numbers(figures.slow) == (2, close(15.0), close(8.0), 0.5, close(3.75))
    assert numbers(figures.uncertain) == (1, close(9.0), close(9.0), 0.25, close(2.25))
    by_class = [figures.of_class(episode_class) for episode_class in EpisodeClass]
    assert by_class == [figures.clonus, figures.brief, figures.slow, figures.uncertain]


def test_beats_are_added_and_confidences_counted_by_level():
    sure = [replace(episode(hour), beats=7, confidence=confidence) for hour, confidence in enumerate((0.8, 0.79, 0.65))]
    doubtful = replace(episode(4), beats=10, confidence=0.64)
    clonus = figures_of(record("2026-11-05 22:00", 8, episodes=(*sure, doubtful))).clonus
    assert (clonus.n_beats, clonus.n_high, clonus.n_medium, clonus.n_low) == (31, 1, 2, 1)


def test_worn_without_an_episode_is_0_and_not_worn_is_none():
    quiet = figures_of(record("2026-11-05 22:00", 8))
    assert quiet.clonus == ClassFigures(0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0)
    assert quiet.n_not_confirmed is None
    assert quiet.clonus_with_doubt is None
    on_the_table = figures_of(record("2026-11-05 22:00", 8, not_confirmed=hours((0, 8))))
    assert on_the_table.clonus is None
    assert on_the_table.uncertain is None
    assert on_the_table.n_not_confirmed == 0
    assert figures_of().clonus is None
    assert figures_of().coverage == Coverage(0.0, 0.0, 8 * 3600.0)


@pytest.mark.parametrize(("worn_min", "rate"), [(9.9, None), (10, 6.0)])
def test_a_rate_needs_ten_worn_minutes(worn_min, rate):
    figures = figures_of(record("2026-11-05 22:00", worn_min / 60, episodes=(episode(0.01),)))
    assert figures.clonus.n_episodes == 1
    assert figures.clonus.n_per_worn_hour == rate
    assert (figures.clonus.total_s_per_worn_hour is None) == (rate is None)


def test_episodes_while_wear_is_not_confirmed_stand_apart():
    figures = figures_of(
        record("2026-11-05 22:00", 8, not_confirmed=hours((4, 8)), episodes=(episode(3.0), episode(5.0), episode(6.0)))
    )
    assert figures.clonus.n_episodes == 1
    assert figures.clonus.n_per_worn_hour == 0.25
    assert (figures.n_not_confirmed, figures.n_left_out) == (2, 0)
    # Until somebody answers, both counts are known.
    assert (figures.clonus.n_episodes, figures.clonus_with_doubt.n_episodes) == (1, 3)
    assert figures.clonus_with_doubt.n_per_worn_hour == 3 / 8


def test_episodes_that_a_person_says_were_not_of_the_leg_are_left_out():
    figures = figures_of(record("2026-11-05 22:00", 8, not_worn=hours((4, 8)), episodes=(episode(3.0), episode(5.0))))
    assert (figures.clonus.n_episodes, figures.n_left_out) == (1, 1)


def test_two_recordings_of_one_leg_at_once_count_once():
    episodes = (episode(1.0), episode(3.0))
    one = record("2026-11-05 22:00", 2, episodes=episodes[:1])
    # Started half an hour later: the first of its episodes is the one above, the second lies after that recording.
    other = record("2026-11-05 22:30", 7.5, episodes=tuple(episode(e.onset_s / 3600 - 0.5) for e in episodes))
    for figures in (figures_of(one, other), figures_of(other, one)):
        assert figures.coverage == Coverage(8 * 3600.0, 0.0, 0.0)
        assert (figures.clonus.n_episodes, figures.n_left_out) == (2, 1)


def test_a_second_sensor_on_the_leg_counts_while_the_first_lies_on_the_table():
    table = record("2026-11-05 22:00", 8, not_confirmed=hours((0, 8)))
    leg = record("2026-11-05 23:00", 2, episodes=(episode(1.0),))
    figures = figures_of(table, leg)
    assert figures.coverage == Coverage(2 * 3600.0, 6 * 3600.0, 0.0)
    assert (figures.clonus.n_episodes, figures.n_left_out) == (1, 0)


def test_an_onset_just_before_the_end_of_a_gap_is_not_lost():
    window = [UtcSpan(clock("2026-11-05 22:00"), clock("2026-11-05 23:00"))]
    recorded = record("2026-11-05 22:00", 2, gaps=gaps((0, 1)), episodes=(episode(0.99999),))
    figures = LegTime([recorded]).figures(window)
    assert figures.clonus.n_episodes == 1
    assert figures.clonus.n_per_worn_hour is None


def n_of(figures):
    """Episodes in all numbers together."""
    counted = [figures.of_class(episode_class) for episode_class in EpisodeClass]
    return sum(c.n_episodes for c in counted if c) + (figures.n_not_confirmed or 0) + figures.n_left_out


@settings(max_examples=50, deadline=None)
@given(recordings(), corrections())
def test_no_episode_is_lost_or_counted_twice_and_seconds_add_up(recorded, said):
    divided = divide_time(recorded, said)
    nights = [summarise_night(night, recorded) for night in divided.nights]
    days = [summarise_day(day, recorded) for day in divided.days]
    assert sum(n_of(part.figures) for part in [*nights, *days]) == sum(len(one.episodes) for one in recorded)
    lengths_s = [night.span.length_s for night in divided.nights]
    lengths_s += [sum(span.length_s for span in day.spans) for day in divided.days]
    for part, length_s in zip([*nights, *days], lengths_s, strict=True):
        coverage = part.figures.coverage
        assert coverage.length_s == pytest.approx(length_s, abs=1e-6)
        assert min(coverage.worn_s, coverage.not_confirmed_s, coverage.not_measured_s) >= 0
        assert sum(n_of(hour.figures) for hour in part.hours) == n_of(part.figures)
        assert sum(hour.figures.coverage.worn_s for hour in part.hours) == pytest.approx(coverage.worn_s, abs=1e-6)


def test_the_other_leg_adds_nothing():
    left, right = (record("2026-11-05 22:00", 8, rests=[(0, 8)], side=s, episodes=(episode(1),)) for s in "lr")
    other_person = replace(left, person="b")
    night = divide_time([left]).nights[0]
    assert summarise_night(night, [left, right, other_person]) == summarise_night(night, [left])


def cut_short(movement, end_h):
    """A movement as a recording shows it that ends in the midst of it."""
    return replace(movement, offset_s=end_h * 3600)


@pytest.mark.parametrize("is_seen_before_the_end", [True, False])
def test_a_movement_that_the_end_of_an_earlier_recording_cuts_counts_once(is_seen_before_the_end):
    first, cut, last = episode(1.0), episode(3 - 1 / 3600, 4.0), episode(5.0)
    seen = (cut_short(cut, 3.0),) if is_seen_before_the_end else ()
    part = record("2026-11-05 22:00", 3, episodes=(first, *seen))
    whole = record("2026-11-05 22:00", 8, episodes=(first, cut, last))
    for figures in (figures_of(part, whole), figures_of(whole, part)):
        assert numbers(figures.clonus)[:3] == (3, pytest.approx(8.0), pytest.approx(4.0))
        assert figures.n_left_out == 1 + is_seen_before_the_end


def test_a_movement_just_before_the_end_of_an_earlier_recording_counts_though_it_was_too_near_to_be_judged():
    # The detector needs up to 2.5 s after the last beat.
    last = episode(3 - 4 / 3600, 3.0)
    part, whole = record("2026-11-05 22:00", 3), record("2026-11-05 22:00", 8, episodes=(last,))
    assert (figures_of(part, whole).clonus.n_episodes, figures_of(part, whole).n_left_out) == (1, 0)
    early = replace(whole, episodes=(episode(3 - 6 / 3600, 3.0),))
    assert (figures_of(part, early).clonus.n_episodes, figures_of(part, early).n_left_out) == (0, 1)


def test_a_movement_of_which_a_later_recording_shows_the_end_counts_as_the_earlier_one_shows_it():
    movement = episode(3 - 2 / 3600, 1.5)
    earlier = record("2026-11-05 22:00", 3, episodes=(movement,))
    later = record("2026-11-06 00:59:59", 2, episodes=(episode(0.0, 0.5),))
    figures = figures_of(earlier, later)
    assert (figures.clonus.n_episodes, figures.clonus.total_s, figures.n_left_out) == (1, pytest.approx(1.5), 1)


def test_a_movement_that_a_gap_of_one_recording_tears_apart_counts_as_the_other_one_shows_it():
    torn = record(
        "2026-11-05 22:00", 8, gaps=gaps((3, 3 + 1 / 3600)),
        episodes=(episode(3 - 2 / 3600, 2.0), episode(3 + 1 / 3600, 2.0)),
    )  # fmt: skip
    whole = record("2026-11-05 22:30", 2.75, episodes=(episode(2.5 - 2 / 3600, 5.0),))
    figures = figures_of(torn, whole)
    assert (figures.clonus.n_episodes, figures.clonus.total_s, figures.n_left_out) == (1, pytest.approx(5.0), 2)


def test_a_movement_counts_on_the_leg_where_another_sensor_may_lie_on_the_table():
    table = record("2026-11-05 22:00", 8, not_confirmed=hours((0, 8)), episodes=(episode(2.0, 3.0),))
    leg = record("2026-11-05 23:00", 2, episodes=(episode(1.0, 2.0),))
    figures = figures_of(table, leg)
    assert (figures.clonus.n_episodes, figures.n_not_confirmed, figures.n_left_out) == (1, 0, 1)


FS_HZ = 50.0


@cache
def three_bouts():
    """Two minutes with three bouts of 6 Hz, and what is found in their first seconds."""
    times_s = np.arange(0, 90.0, 1 / FS_HZ)
    beating_g = sum(
        0.3 * np.cos(2 * np.pi * 6.0 * (times_s - at_s)) * np.exp(-(((times_s - at_s) / 1.0) ** 6))
        for at_s in (20.0, 45.0, 70.0)
    )
    accel_g = np.column_stack([beating_g, 0 * times_s, 1 + 0 * times_s])
    return accel_g + np.random.default_rng(1).normal(0, 0.002, accel_g.shape)


@cache
def recorded_until(n_samples):
    detector = Detector(DetectionSettings(), site=Site.FOOT)
    stretch = Stretch(0, FS_HZ)
    knots_s = np.arange(0, n_samples, stretch.knot_every) / FS_HZ
    found = detector.push(SampleBatch(stretch, 0, np.asfortranarray(three_bouts()[:n_samples]), knots_s))
    return RecordedSpan(clock("2026-11-05 22:00"), n_samples / FS_HZ, episodes=(*found, *detector.flush()))


@settings(max_examples=25, deadline=None)
@given(st.integers(100, 4400))
def test_a_recording_added_in_part_and_then_whole_counts_like_the_whole_wherever_it_was_cut(n_samples):
    whole = recorded_until(len(three_bouts()))
    both = figures_of(recorded_until(n_samples), whole)
    assert numbers(both.clonus)[:3] == pytest.approx(numbers(figures_of(whole).clonus)[:3])
