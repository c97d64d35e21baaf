import pytest

from clonus_sense.night import divide_time, summarise_day, summarise_night, summarise_part
from tests.night.builders import episode, gaps, record


def hours_of(part):
    """Hours as the clock shows them, with their worn minutes and episodes of clonus."""
    return [
        (
            f"{hour.start:%H:%M}",
            hour.figures.coverage.worn_s / 60,
            hour.figures.clonus and hour.figures.clonus.n_episodes,
        )
        for hour in part.hours
    ]


def summarise(*recordings):
    divided = divide_time(recordings)
    nights = [summarise_night(night, recordings) for night in divided.nights]
    return nights, [summarise_day(day, recordings) for day in divided.days]


def test_episodes_of_the_night_stand_apart_from_those_of_the_day():
    onsets_h = (0.5, 1.0, 5.0, 8.999, 9.0)
    recorded = record("2026-11-05 22:00", 10, rests=[(1, 9)], episodes=tuple(map(episode, onsets_h)))
    (night,), (evening, morning) = summarise(recorded)
    # The one that begins as the rest begins is of the night, the one that begins as it ends of the morning.
    assert [part.figures.clonus.n_episodes for part in (evening, night, morning)] == [1, 3, 1]
    assert night.figures.clonus.n_per_worn_hour == 3 / 8


def test_an_episode_over_the_end_of_the_night_counts_whole_where_it_began():
    recorded = record("2026-11-05 22:00", 10, rests=[(0, 9)], episodes=(episode(9 - 1 / 3600, 5.0),))
    (night,), (morning,) = summarise(recorded)
    assert night.figures.clonus.total_s == pytest.approx(5.0)
    assert morning.figures.clonus.n_episodes == 0


def test_hours_are_those_of_the_clock_and_none_where_nothing_was_measured():
    recorded = record("2026-11-05 22:45", 4, rests=[(0, 4)], gaps=gaps((1.25, 2.5)), episodes=(episode(0.5),))
    (night,), _ = summarise(recorded)
    assert hours_of(night) == [
        ("22:45", 15, 0),
        ("23:00", 60, 1),
        ("00:00", 0, None),
        ("01:00", 45, 0),
        ("02:00", 45, 0),
    ]


def test_the_hour_that_comes_twice_in_autumn_stands_there_twice():
    recorded = record("2026-10-25 01:00", 4, rests=[(0, 4)], episodes=(episode(1.5), episode(2.1), episode(2.9)))
    (night,), _ = summarise(recorded)
    assert hours_of(night) == [("01:00", 60, 0), ("02:00", 60, 1), ("02:00", 60, 2), ("03:00", 60, 0)]
    assert [f"{hour.start:%z}" for hour in night.hours] == ["+0200", "+0200", "+0100", "+0100"]


def test_the_hour_that_spring_lacks_is_not_there():
    (night,), _ = summarise(record("2027-03-28 01:00", 2, rests=[(0, 2)]))
    assert hours_of(night) == [("01:00", 60, 0), ("03:00", 60, 0)]


def test_half_an_hour_of_clock_change_and_half_hours_of_offset():
    (lord_howe,), _ = summarise(record("2026-04-05 01:00", 2, zone="Australia/Lord_Howe", rests=[(0, 2)]))
    assert hours_of(lord_howe) == [("01:00", 60, 0), ("01:30", 30, 0), ("02:00", 30, 0)]
    (kolkata,), _ = summarise(record("2026-11-05 23:30", 1, zone="Asia/Kolkata", rests=[(0, 1)]))
    assert hours_of(kolkata) == [("23:30", 30, 0), ("00:00", 30, 0)]


def test_time_between_two_recordings_of_a_night_was_not_measured():
    first = record("2026-11-05 22:00", 4, rests=[(0, 4)], episodes=(episode(1),))
    second = record("2026-11-06 02:30", 4, rests=[(0, 4)], episodes=(episode(1), episode(2)))
    (night,), days = summarise(first, second)
    assert days == []
    assert night.figures.coverage.not_measured_s == 1800
    assert night.figures.clonus.n_episodes == 3
    assert night.figures.clonus.n_per_worn_hour == 3 / 8


def summaries_of_parts(*recordings):
    return [summarise_part(part, recordings) for part in divide_time(recordings).parts]


def test_a_part_tells_night_and_waking_time_apart():
    onsets_h = (0.5, 1.0, 5.0, 9.5)
    recorded = record("2026-11-05 22:00", 10, rests=[(1, 9)], episodes=tuple(map(episode, onsets_h)))
    (part,) = summaries_of_parts(recorded)
    assert part.headline == part.night.figures
    assert (part.night.figures.clonus.n_episodes, part.waking.clonus.n_episodes) == (2, 2)
    assert [f"{hour.start:%H}" for hour in part.hours][:3] == ["22", "23", "00"]
    assert sum(hour.figures.clonus.n_episodes for hour in part.hours) == 4
    assert part.coverage.worn_s == 10 * 3600


def test_without_a_night_the_headline_is_that_of_the_waking_time():
    (part,) = summaries_of_parts(record("2026-11-05 14:00", 2, episodes=(episode(1.0),)))
    assert part.night is None
    assert part.headline.clonus.n_episodes == 1


def test_a_part_that_is_all_night_has_no_waking_time():
    (part,) = summaries_of_parts(record("2026-11-05 22:00", 8, rests=[(0, 8)]))
    assert part.waking is None
