from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from clonus_sense.i18n import translator
from clonus_sense.model import RecordingInfo
from clonus_sense.report.clock_labels import Clock, clock_of, date_range, elapsed, later_date_words

BERLIN = ZoneInfo("Europe/Berlin")


def make_clock(start, timezone):
    return clock_of(RecordingInfo(start=start, fs_hz=50.0, timezone=timezone))


def labels(clock, *window_s, **options):
    return [tick.label for tick in clock.ticks(*window_s, **options)]


def test_ticks_stand_on_whole_hours_of_the_local_clock():
    clock = make_clock(datetime(2025, 11, 5, 22, 30, tzinfo=ZoneInfo("Asia/Tokyo")), "Asia/Tokyo")
    ticks = clock.ticks(0.0, 8 * 3600.0)
    assert [tick.label for tick in ticks] == ["23:00", "00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00"]
    assert ticks[0].at_s == 1800.0


def test_ticks_of_a_zone_with_a_quarter_hour_stand_on_its_whole_hours():
    clock = make_clock(datetime(2025, 11, 5, 22, 30, tzinfo=ZoneInfo("Asia/Kathmandu")), "Asia/Kathmandu")
    assert labels(clock, 0.0, 3 * 3600.0, at_most=3) == ["23:00", "00:00", "01:00"]


def test_a_night_in_which_clocks_go_back_keeps_its_length_and_says_so():
    clock = make_clock(datetime(2025, 10, 26, 0, 30, tzinfo=BERLIN), "Europe/Berlin")
    assert labels(clock, 0.0, 4.4 * 3600, at_most=6) == ["01:00", "02:00", "02:00", "03:00"]
    assert [clock.label(hours * 3600.0) for hours in (1.5, 2.5, 3.5)] == ["02:00:00", "02:00:00", "03:00:00"]
    assert clock.axis_label(5 * 3600.0, translator("en")) == (
        "Local time (Europe/Berlin) – the clocks change in this time"
    )


@pytest.mark.parametrize(
    ("start", "zone", "shifts"),
    [
        ("2025-10-26 00:30", "Europe/Berlin", [(2.5 * 3600, -3600.0)]),
        ("2026-03-28 22:10:20", "Europe/Berlin", [(3600 * 3 + 49 * 60 + 40, 3600.0)]),
        # Lord Howe sets its clocks by half an hour.
        ("2026-04-05 00:00", "Australia/Lord_Howe", [(2 * 3600.0, -1800.0)]),
        ("2025-11-05 22:30", "Asia/Tokyo", []),
    ],
)
def test_clock_changes_stand_where_the_zone_has_them(start, zone, shifts):
    clock = make_clock(datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)), zone)
    assert clock.shifts(9 * 3600.0) == shifts


def test_a_clock_without_a_start_never_changes():
    assert Clock(None).shifts(86_400.0) == []


def test_a_start_between_two_microseconds_still_gives_round_labels():
    clock = make_clock(datetime(2025, 11, 5, 22, 59, 59, 999_999, tzinfo=BERLIN), "Europe/Berlin")
    assert labels(clock, 0.0, 5.0) == ["23:00:00", "23:00:01", "23:00:02", "23:00:03", "23:00:04"]


def test_without_a_start_time_runs_from_zero():
    clock = clock_of(RecordingInfo(start=None, fs_hz=50.0))
    assert clock == Clock(None)
    assert labels(clock, 0.0, 7200.0, at_most=5) == ["0:00", "0:30", "1:00", "1:30", "2:00"]
    assert clock.label(65.2) == "0:01:05"
    assert clock.axis_label(7200.0, translator("ja")) == "開始からの時間(時:分)"
    assert clock.axis_label(60.0, translator("en")) == "Time since the start (h:min:s)"


def test_an_unknown_zone_keeps_the_offset_of_the_start(caplog):
    clock = make_clock(datetime.fromisoformat("2025-11-05T22:30:00+05:00"), "Mars/Olympus")
    assert clock.label(0.0) == "22:30:00"
    assert clock.axis_label(60.0, translator("en")) == "Local time"
    assert "Mars/Olympus" in caplog.text


@pytest.mark.parametrize("length_s", [3.0, 45.0, 600.0, 9000.0, 30_000.0, 86_400.0, 14 * 86_400.0])
def test_there_are_never_too_many_ticks(length_s):
    clock = make_clock(datetime(2025, 11, 5, 22, 30, tzinfo=BERLIN), "Europe/Berlin")
    assert 1 <= len(clock.ticks(0.0, length_s, at_most=8)) <= 9


def test_days_are_written_for_each_language():
    start, end = datetime(2025, 11, 5, 22, tzinfo=BERLIN), datetime(2025, 11, 6, 6, tzinfo=BERLIN)
    assert date_range(start, end, translator("en")) == "2025-11-05 (Wed) to 2025-11-06 (Thu)"
    assert date_range(start, end, translator("ja")) == "2025年11月5日(水)〜2025年11月6日(木)"
    assert date_range(start, start, translator("en")) == "2025-11-05 (Wed)"


def test_elapsed_time_is_rounded():
    assert elapsed(59.6) == "0:01:00"


@pytest.mark.parametrize(
    ("language", "same_year", "next_year"),
    [("en", "11-06 (Fri)", "2027-01-01 (Fri)"), ("ja", "11月6日(金)", "2027年1月1日(金)")],
)
def test_a_date_after_another_repeats_the_year_only_if_it_is_new(language, same_year, next_year):
    _ = translator(language)
    assert later_date_words(date(2026, 11, 6), date(2026, 11, 5), _) == same_year
    assert later_date_words(date(2027, 1, 1), date(2026, 12, 31), _) == next_year
