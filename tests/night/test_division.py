from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from clonus_sense.night import UtcSpan, divide_time
from clonus_sense.night.utc_span import clip, join, total_length
from tests.night.builders import clock, correct, gaps, record, utc
from tests.night.strategies import corrections, offsets, recordings


def told(nights):
    """Nights as date, start and end by the person's clock, and true length in hours."""
    return [
        (
            str(night.date),
            f"{night.local_start:%H:%M}",
            f"{night.local_end:%H:%M}",
            night.span.length_s / 3600,
        )
        for night in nights
    ]


def told_days(days):
    return [(str(day.date), [span.length_s / 3600 for span in day.spans]) for day in days]


def test_an_evening_a_night_and_a_morning():
    divided = divide_time([record("2026-11-05 20:00", 13, rests=[(3, 11)])])
    assert told(divided.nights) == [("2026-11-05", "23:00", "07:00", 8.0)]
    assert told_days(divided.days) == [("2026-11-05", [3.0]), ("2026-11-06", [2.0])]
    assert not divided.nights[0].corrected


def test_a_sleeper_from_4_to_14_has_one_night_of_the_evening_before():
    divided = divide_time([record("2026-11-06 01:00", 15, rests=[(3, 13)])])
    assert told(divided.nights) == [("2026-11-05", "04:00", "14:00", 10.0)]
    # Waking after midnight leads into the night and is named with it.
    assert told_days(divided.days) == [("2026-11-05", [3.0]), ("2026-11-06", [2.0])]


def test_a_recording_that_begins_at_midnight_is_the_night_of_the_evening_before():
    divided = divide_time([record("2026-11-06 00:00", 8, rests=[(0, 7.5)])])
    assert told(divided.nights) == [("2026-11-05", "00:00", "07:30", 7.5)]
    assert told_days(divided.days) == [("2026-11-06", [0.5])]


def test_a_recording_of_30_hours_holds_two_nights_and_the_day_between():
    divided = divide_time([record("2026-11-05 22:00", 30, rests=[(1, 9), (25, 30)])])
    assert told(divided.nights) == [("2026-11-05", "23:00", "07:00", 8.0), ("2026-11-06", "23:00", "04:00", 5.0)]
    assert told_days(divided.days) == [("2026-11-05", [1.0]), ("2026-11-06", [16.0])]


def test_30_hours_from_morning_to_noon_hold_one_night_and_two_days():
    divided = divide_time([record("2026-11-05 08:00", 30, rests=[(15, 23)])])
    assert told(divided.nights) == [("2026-11-05", "23:00", "07:00", 8.0)]
    assert told_days(divided.days) == [("2026-11-05", [15.0]), ("2026-11-06", [7.0])]


def test_a_nap_between_two_nights_belongs_to_the_day():
    divided = divide_time([record("2026-11-05 22:00", 30, rests=[(1, 9), (16, 17.5), (25, 30)])])
    assert [night.date for night in divided.nights] == [date(2026, 11, 5), date(2026, 11, 6)]
    assert told_days(divided.days) == [("2026-11-05", [1.0]), ("2026-11-06", [16.0])]


def test_a_short_rest_at_the_end_of_recording_may_have_been_cut_off_and_is_a_night():
    divided = divide_time([record("2026-11-05 22:00", 26, rests=[(1, 9), (24, 26)])])
    assert told(divided.nights)[1] == ("2026-11-06", "22:00", "00:00", 2.0)


def test_a_short_rest_alone_is_a_night():
    divided = divide_time([record("2026-11-05 21:00", 4, rests=[(1, 2.5)])])
    assert told(divided.nights) == [("2026-11-05", "22:00", "23:30", 1.5)]


def test_the_longest_rest_of_a_period_is_its_night():
    divided = divide_time([record("2026-11-05 20:00", 14, rests=[(1, 5), (7, 12)])])
    assert told(divided.nights) == [("2026-11-05", "03:00", "08:00", 5.0)]
    assert told_days(divided.days) == [("2026-11-05", [7.0]), ("2026-11-06", [2.0])]


@pytest.mark.parametrize(("length_h", "n_nights"), [(18, 1), (18.1, 2)], ids=["18 h", "over 18 h"])
def test_a_period_is_cut_only_over_18_hours(length_h, n_nights):
    divided = divide_time([record("2026-11-05 20:00", length_h, rests=[(0, 5), (13, 18)])])
    assert len(divided.nights) == n_nights


def test_who_rests_for_20_hours_has_one_night():
    divided = divide_time([record("2026-11-05 20:00", 21, rests=[(0.5, 20.5)])])
    assert told(divided.nights) == [("2026-11-05", "20:30", "16:30", 20.0)]


def test_nobody_rested_all_is_day():
    divided = divide_time([record("2026-11-05 09:00", 4)])
    assert divided.nights == ()
    assert told_days(divided.days) == [("2026-11-05", [4.0])]


@pytest.mark.parametrize(("waking_h", "n_nights_h"), [(0.9, 6.9), (1.0, 3.0)], ids=["up for 54 min", "up for an hour"])
def test_getting_up_for_less_than_an_hour_does_not_end_a_rest(waking_h, n_nights_h):
    divided = divide_time([record("2026-11-05 22:00", 8, rests=[(0, 3), (3 + waking_h, 6 + waking_h)])])
    assert [night.span.length_s / 3600 for night in divided.nights] == pytest.approx([n_nights_h])


def test_time_that_nobody_measured_is_no_waking():
    one = record("2026-11-05 22:00", 8, rests=[(0, 3), (5, 8)], gaps=gaps((3.2, 4.8)))
    assert told(divide_time([one]).nights) == [("2026-11-05", "22:00", "06:00", 8.0)]


def test_two_recordings_of_one_night_are_one_night():
    first = record("2026-11-05 22:00", 4, rests=[(0.5, 4)])
    second = record("2026-11-06 02:30", 5, rests=[(0, 4.5)])
    divided = divide_time([second, first])
    assert told(divided.nights) == [("2026-11-05", "22:30", "07:00", 8.5)]
    assert told_days(divided.days) == [("2026-11-05", [0.5]), ("2026-11-06", [0.5])]


def test_two_legs_have_each_their_own_night():
    left = record("2026-11-05 22:00", 9, rests=[(1, 8)], side="left")
    right = record("2026-11-05 22:00", 9, rests=[(2, 8)], side="right")
    divided = divide_time([right, left])
    assert [(night.side, night.span.length_s / 3600) for night in divided.nights] == [("left", 7.0), ("right", 6.0)]


def test_autumn_and_spring_keep_true_lengths():
    autumn = divide_time([record("2026-10-24 22:00", 10, rests=[(1, 10)])])
    assert told(autumn.nights) == [("2026-10-24", "23:00", "07:00", 9.0)]
    spring = divide_time([record("2027-03-27 22:00", 8, rests=[(1, 8)])])
    assert told(spring.nights) == [("2027-03-27", "23:00", "07:00", 7.0)]


def test_tokyo_knows_no_clock_change():
    divided = divide_time([record("2026-10-24 22:00", 10, zone="Asia/Tokyo", rests=[(1, 10)])])
    assert told(divided.nights) == [("2026-10-24", "23:00", "08:00", 9.0)]


def test_a_wrong_host_clock_is_put_right_without_changing_a_length():
    wrong = record("1970-01-01 01:00", 10, rests=[(1, 9)])
    before = divide_time([wrong])
    after = divide_time([replace(wrong, start=clock("2026-11-05 22:00"))])
    assert told(before.nights) == [("1969-12-31", "02:00", "10:00", 8.0)]
    assert told(after.nights) == [("2026-11-05", "23:00", "07:00", 8.0)]
    assert [span.length for day in before.days for span in day.spans] == [
        span.length for day in after.days for span in day.spans
    ]


def test_a_traveller_has_each_night_by_the_clock_of_the_place():
    tokyo = record("2026-11-05 23:00", 8, zone="Asia/Tokyo", rests=[(0, 8)])
    # Over the date line: the evening of 5 November comes a second time.
    honolulu = record("2026-11-05 22:00", 9, zone="Pacific/Honolulu", rests=[(0, 9)])
    divided = divide_time([honolulu, tokyo])
    assert told(divided.nights) == [("2026-11-05", "23:00", "07:00", 8.0), ("2026-11-05", "22:00", "07:00", 9.0)]
    assert [str(night.zone) for night in divided.nights] == ["Asia/Tokyo", "Pacific/Honolulu"]


def test_days_by_different_clocks_are_not_mixed():
    berlin = record("2026-11-05 08:00", 2)
    london = record("2026-11-05 13:00", 2, zone="Europe/London")
    assert [str(day.zone) for day in divide_time([berlin, london]).days] == ["Europe/Berlin", "Europe/London"]


def test_a_morning_and_an_evening_of_one_date_are_one_day():
    recordings = [record("2026-11-05 22:00", 10, rests=[(0, 9)]), record("2026-11-06 20:00", 10, rests=[(2, 10)])]
    assert told_days(divide_time(recordings).days) == [("2026-11-06", [1.0, 2.0])]


def test_a_persons_word_wins_over_the_estimate():
    divided = divide_time(
        [record("2026-11-05 20:00", 14, rests=[(1, 13)])], [correct("2026-11-05 23:30", "2026-11-06 06:00")]
    )
    assert told(divided.nights) == [("2026-11-05", "23:30", "06:00", 6.5)]
    assert divided.nights[0].corrected
    assert told_days(divided.days) == [("2026-11-05", [3.5]), ("2026-11-06", [4.0])]


def test_a_persons_word_wins_even_where_a_longer_rest_was_estimated_elsewhere():
    divided = divide_time(
        [record("2026-11-05 20:00", 14, rests=[(1, 7)])], [correct("2026-11-06 06:00", "2026-11-06 08:00")]
    )
    assert told(divided.nights) == [("2026-11-05", "06:00", "08:00", 2.0)]


def test_two_nights_of_a_leg_so_still_that_28_hours_looked_like_rest():
    said = [correct("2026-11-05 23:00", "2026-11-06 07:00"), correct("2026-11-06 23:00", "2026-11-07 03:00")]
    divided = divide_time([record("2026-11-05 22:00", 30, rests=[(1, 29)])], said)
    assert told(divided.nights) == [("2026-11-05", "23:00", "07:00", 8.0), ("2026-11-06", "23:00", "03:00", 4.0)]


def test_a_corrected_night_may_reach_beyond_what_was_recorded():
    divided = divide_time(
        [record("2026-11-05 23:00", 7, rests=[(0, 7)])], [correct("2026-11-05 22:00", "2026-11-06 07:00")]
    )
    assert told(divided.nights) == [("2026-11-05", "22:00", "07:00", 9.0)]
    assert divided.days == ()


def test_of_two_words_about_one_part_the_later_holds():
    said = [correct("2026-11-05 21:00", "2026-11-05 23:00"), correct("2026-11-06 01:00", "2026-11-06 03:00")]
    recorded = record("2026-11-05 20:00", 12)
    assert told(divide_time([recorded], said).nights)[0][1] == "01:00"
    assert told(divide_time([recorded], said[::-1]).nights)[0][1] == "21:00"


def test_a_correction_of_one_leg_leaves_the_other_alone():
    both = [record("2026-11-05 22:00", 9, rests=[(1, 8)], side=side) for side in ("left", "right")]
    divided = divide_time(both, [correct("2026-11-05 22:00", "2026-11-06 07:00", side="left")])
    assert [(night.side, night.corrected) for night in divided.nights] == [("left", True), ("right", False)]


def test_a_rest_that_begins_at_noon_belongs_to_that_date():
    nights = [divide_time([record(f"2026-11-06 {start}", 5, rests=[(0, 5)])]).nights for start in ("11:59", "12:00")]
    assert [night.date for (night,) in nights] == [date(2026, 11, 5), date(2026, 11, 6)]


def test_nothing_recorded_is_nothing():
    assert divide_time([]).nights == ()
    assert divide_time([record("2026-11-05 22:00", 0)]).days == ()


def test_a_part_is_the_night_with_the_waking_time_around_it():
    (part,) = divide_time([record("2026-11-05 20:00", 13, rests=[(3, 11)])]).parts
    assert part.span == UtcSpan(clock("2026-11-05 20:00"), clock("2026-11-06 09:00"))
    assert part.night is not None
    assert [span.length_s / 3600 for span in part.waking] == [3.0, 2.0]
    assert part.date == date(2026, 11, 5)


def test_a_recording_of_30_hours_has_two_parts_that_meet_in_the_middle_of_the_day():
    first, second = divide_time([record("2026-11-05 22:00", 30, rests=[(1, 9), (25, 30)])]).parts
    assert first.span.end == second.span.start == clock("2026-11-06 15:00").astimezone(first.span.end.tzinfo)
    assert [part.date for part in (first, second)] == [date(2026, 11, 5), date(2026, 11, 6)]


def test_a_part_without_rest_bears_the_date_on_which_it_began():
    (part,) = divide_time([record("2026-11-06 00:30", 2)]).parts
    assert (part.night, part.date, part.waking) == (None, date(2026, 11, 6), (part.span,))


@settings(max_examples=60, deadline=None)
@given(recordings(), corrections())
def test_parts_hold_the_same_time_as_nights_and_days(recorded, said):
    divided = divide_time(recorded, said)
    in_parts = [part.span for part in divided.parts]
    apart = [night.span for night in divided.nights] + [span for day in divided.days for span in day.spans]
    assert sum((span.length for span in in_parts), timedelta(0)) == sum((span.length for span in apart), timedelta(0))
    for part in divided.parts:
        pieces = [*([part.night.span] if part.night else []), *part.waking]
        assert total_length(pieces) == total_length(join(pieces)) == part.span.length


@settings(max_examples=60, deadline=None)
@given(recordings(), corrections())
def test_nights_and_days_hold_every_recorded_moment_once(recorded, said):
    divided = divide_time(recorded, said)
    for person, side in {(r.person, r.side) for r in recorded}:
        parts = [night.span for night in divided.nights if (night.person, night.side) == (person, side)]
        parts += [span for day in divided.days if (day.person, day.side) == (person, side) for span in day.spans]
        assert total_length(parts) == total_length(join(parts))
        for one in recorded:
            if (one.person, one.side) == (person, side):
                assert total_length(clip(parts, one.span)) == one.span.length


@settings(max_examples=60, deadline=None)
@given(recordings(), offsets())
def test_a_clock_that_was_off_changes_no_length(recorded, offset):
    moved = [replace(one, start=one.span.start + offset) for one in recorded]
    before, after = divide_time(recorded), divide_time(moved)
    assert [UtcSpan(n.span.start + offset, n.span.end + offset) for n in before.nights] == [
        n.span for n in after.nights
    ]
    assert whole_length(before) == whole_length(after)


def whole_length(divided):
    return total_length(span for day in divided.days for span in day.spans)


@settings(max_examples=30, deadline=None)
@given(recordings())
def test_the_order_in_which_recordings_come_does_not_matter(recorded):
    assert divide_time(recorded) == divide_time(recorded[::-1])


def test_a_recording_of_two_weeks_is_divided_into_its_nights():
    rests = [(24 * day + 14, 24 * day + 22) for day in range(14)]
    divided = divide_time([record("2026-11-05 09:00", 14 * 24, rests=rests)])
    assert [night.date for night in divided.nights] == [date(2026, 11, 5) + timedelta(days=n) for n in range(14)]
    assert divided.nights[0].span.start == utc("2026-11-05 22:00")
