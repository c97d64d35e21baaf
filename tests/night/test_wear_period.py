import pytest

from clonus_sense.night import UtcSpan, find_wear_periods
from tests.night.builders import clock, correct, record


@pytest.mark.parametrize(
    ("second_start", "n_periods"), [("2026-11-06 02:59", 1), ("2026-11-06 03:00", 2)], ids=["under 3 h", "3 h"]
)
def test_recordings_less_than_3_hours_apart_are_one_period(second_start, n_periods):
    recordings = [record(second_start, 2), record("2026-11-05 22:00", 2)]
    periods = find_wear_periods(recordings)
    assert len(periods) == n_periods
    assert periods[0].recordings[0] is recordings[1]


def test_the_end_that_counts_is_the_latest_so_far():
    recordings = [record("2026-11-05 22:00", 8), record("2026-11-05 23:00", 1), record("2026-11-06 08:00", 1)]
    (period,) = find_wear_periods(recordings)
    assert period.span == UtcSpan(clock("2026-11-05 22:00"), clock("2026-11-06 09:00"))


def test_people_and_legs_are_kept_apart():
    whose = [("a", "left"), ("a", "right"), ("a", ""), ("b", "left")]
    recordings = [record("2026-11-05 22:00", 8, person=person, side=side) for person, side in whose]
    periods = find_wear_periods(recordings)
    assert {(period.person, period.side) for period in periods} == set(whose)
    assert all(len(period.recordings) == 1 for period in periods)


def test_a_corrected_night_makes_one_period_of_those_it_reaches_over():
    recordings = [record("2026-11-05 21:00", 3), record("2026-11-06 04:00", 4)]
    night = correct("2026-11-05 22:00", "2026-11-06 08:30")
    assert len(find_wear_periods(recordings)) == 2
    (period,) = find_wear_periods(recordings, [night])
    assert period.span == UtcSpan(clock("2026-11-05 21:00"), clock("2026-11-06 08:30"))
    assert period.corrections == (night,)


def test_a_correction_elsewhere_or_of_another_leg_changes_nothing():
    recordings = [record("2026-11-05 21:00", 3, side="left")]
    elsewhere = correct("2026-11-01 22:00", "2026-11-02 08:00", side="left")
    other_leg = correct("2026-11-05 22:00", "2026-11-06 08:00", side="right")
    assert find_wear_periods(recordings, [elsewhere, other_leg]) == find_wear_periods(recordings)


def test_a_later_word_replaces_an_earlier_one_about_the_same_time():
    first = correct("2026-11-05 21:00", "2026-11-06 06:00")
    second = correct("2026-11-05 22:00", "2026-11-06 07:00")
    (period,) = find_wear_periods([record("2026-11-05 20:00", 12)], [first, second])
    assert period.corrections == (second,)


def test_the_zone_is_that_of_the_recording_that_ran_last():
    recordings = [record("2026-11-05 20:00", 1), record("2026-11-05 21:00", 1, zone="Europe/London")]
    (period,) = find_wear_periods(recordings)
    zones = [str(period.zone_at(clock(f"2026-11-05 {time}"))) for time in ("19:00", "20:00", "21:59", "22:00", "23:59")]
    assert zones == ["Europe/Berlin"] * 3 + ["Europe/London"] * 2
