"""Nights beside baseline nights, whatever became of the nights since."""

from datetime import timedelta

import pytest

from clonus_sense.errors import NightError
from clonus_sense.library import BaselineMark, Filing, Verdict, list_baselines, mark_baseline, move_recordings
from clonus_sense.review import (
    MOST_BASELINE_NIGHTS,
    find_night,
    list_baseline_nights,
    list_nights,
    mark_as_baseline,
    nights_of_recordings,
    unmark_as_baseline,
)
from tests.night.builders import HOUR_S
from tests.review.made import MadeLeg, add_leg, at, say


def night_of(library, name):
    return find_night(library, name, person="P07")


def test_a_later_night_stands_beside_the_baseline_and_an_earlier_one_does_not(library):
    for day, n in ((3, 1), (4, 2), (5, 3)):
        add_leg(library, MadeLeg(start=f"2026-11-0{day} 22:00", episodes=tuple(at(2 + hour) for hour in range(n))))
    mark_as_baseline(library, night_of(library, "2026-11-04"))
    before, baseline, later = list_nights(library)
    assert [night.is_baseline for night in (before, baseline, later)] == [False, True, False]
    assert before.legs[0].baselines == baseline.legs[0].baselines == ()
    [beside] = later.legs[0].baselines
    assert (beside.name, beside.figures) == ("2026-11-04", baseline.legs[0].summary.headline)
    assert beside.figures.clonus.n_episodes == 2
    assert list_baseline_nights(library, "P07") == (baseline,)


def test_a_baseline_of_months_ago_is_beside_a_night_that_is_read_alone(library):
    add_leg(library, MadeLeg(start="2026-03-01 22:00", episodes=(at(2), at(3))))
    recording = add_leg(library, MadeLeg())
    mark_as_baseline(library, night_of(library, "2026-03-01"))
    for night in (night_of(library, "2026-11-05"), *nights_of_recordings(library, {recording.id})):
        [beside] = night.legs[0].baselines
        assert (beside.name, beside.figures.clonus.n_episodes) == ("2026-03-01", 2)


def test_left_stands_beside_left(library):
    for start in ("2026-11-04 22:00", "2026-11-05 22:00"):
        add_leg(library, MadeLeg(start=start, episodes=(at(2),)))
        add_leg(library, MadeLeg(start=start, side="right", episodes=(at(2), at(3))))
    mark_as_baseline(library, night_of(library, "2026-11-04"))
    later = night_of(library, "2026-11-05")
    assert [[one.figures.clonus.n_episodes for one in leg.baselines] for leg in later.legs] == [[1], [2]]


def test_a_leg_that_is_not_marked_is_none_at_the_same_time(library):
    left = add_leg(library, MadeLeg())
    add_leg(library, MadeLeg(side="right"))
    mark_baseline(library, [BaselineMark(left.id, 5 * HOUR_S)])
    [night] = list_nights(library)
    assert [(leg.side, leg.is_baseline) for leg in night.legs] == [("left", True), ("right", False)]


def test_the_middle_of_the_rest_says_which_night_is_meant(library):
    recording = add_leg(library, MadeLeg(rest_h=((1, 4),)))
    mark_as_baseline(library, night_of(library, "last"))
    assert list_baselines(library, "P07") == (BaselineMark(recording.id, 2.5 * HOUR_S),)


def test_the_mark_stays_with_the_night_when_its_name_and_edges_change(library):
    recording = add_leg(library, MadeLeg(start="2026-11-04 23:30", rest_h=((0.0, 9.0),)))
    [night] = list_nights(library)
    mark_as_baseline(library, night)
    # After midnight the rest window begins: the night keeps its evening; a stated one moves its edges.
    say(library, recording, 3, 8, Verdict.REST)
    [changed] = list_nights(library)
    assert changed.legs[0].summary.night.night.span != night.legs[0].summary.night.night.span
    assert changed.is_baseline
    mark_as_baseline(library, changed, list_baseline_nights(library, "P07"))
    assert len(list_baselines(library, "P07")) == 1


def test_of_a_recording_over_two_nights_only_the_marked_one_is_a_baseline(library):
    add_leg(library, MadeLeg(length_h=30.0, rest_h=((1, 9), (25, 29.5))))
    first, second = list_nights(library)
    mark_as_baseline(library, second)
    assert [night.is_baseline for night in list_nights(library)] == [False, True]
    unmark_as_baseline(library, first)
    assert [night.is_baseline for night in list_nights(library)] == [False, True]
    unmark_as_baseline(library, second)
    assert [night.is_baseline for night in list_nights(library)] == [False, False]


def test_a_night_that_is_marked_twice_is_marked_once(library):
    add_leg(library, MadeLeg())
    mark_as_baseline(library, night_of(library, "last"))
    mark_as_baseline(library, night_of(library, "last"), list_baseline_nights(library, "P07"))
    assert len(list_baselines(library, "P07")) == 1


def test_a_night_without_rest_can_be_a_baseline_and_so_can_one_whose_stated_rest_lies_beside_it(library):
    recording = add_leg(library, MadeLeg(rest_h=()))
    mark_as_baseline(library, night_of(library, "last"))
    assert night_of(library, "last").is_baseline
    unmark_as_baseline(library, night_of(library, "last"))
    say(library, recording, 9.9, 20, Verdict.REST)
    mark_as_baseline(library, night_of(library, "last"))
    assert night_of(library, "last").is_baseline


def test_more_than_a_week_is_refused(library):
    for day in range(1, MOST_BASELINE_NIGHTS + 2):
        add_leg(library, MadeLeg(start=f"2026-11-{day:02d} 22:00", length_h=1.0, rest_h=((0.1, 0.9),)))
    *most, last = list_nights(library)
    for night in most:
        mark_as_baseline(library, night, list_baseline_nights(library, "P07"))
    with pytest.raises(
        NightError, match=r"P07 has 7 baseline nights already.*`clonus-sense baseline 2026-11-01 --remove --person P07`"
    ):
        mark_as_baseline(library, last, list_baseline_nights(library, "P07"))
    assert len(list_baseline_nights(library, "P07")) == MOST_BASELINE_NIGHTS
    assert len(list_nights(library)[-1].legs[0].baselines) == MOST_BASELINE_NIGHTS


def test_a_night_that_moved_to_somebody_else_is_beside_nobodys(library):
    recording = add_leg(library, MadeLeg(start="2026-11-04 22:00"))
    add_leg(library, MadeLeg())
    add_leg(library, MadeLeg(person="P08"))
    mark_as_baseline(library, night_of(library, "2026-11-04"))
    move_recordings(library, [recording.id], Filing("P08", "left"), moved_by="Sato", reason="wrong bed")
    nights = list_nights(library)
    assert not any(night.is_baseline or leg.baselines for night in nights for leg in night.legs)
    assert nights[0].span.start - nights[1].span.start == timedelta(days=1)
