"""Times as files of other recorders have them: each file is made from known moments, which must be read back."""

# ruff: noqa: DTZ001 - a clock on a wall states no zone

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from clonus_sense.errors import ColumnError, RecordingError
from clonus_sense.recording import ForeignFormat, parse_columns, read_recording
from tests.recording.made import accel, kinds

N = 3000
ACCEL_G = accel(N)
START = datetime(2026, 11, 5, 22, 30)
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def computer_in_berlin(monkeypatch):
    monkeypatch.setattr("clonus_sense.recording.file_clock.computer_zone", lambda: ZoneInfo("Europe/Berlin"))
    monkeypatch.setattr("clonus_sense.zones.computer_zone", lambda: ZoneInfo("Europe/Berlin"))


def moments(start=START, fs_hz=50.0):
    return [start + timedelta(seconds=n / fs_hz) for n in range(N)]


def texts(form, start=START):
    """Moments written with strftime; `%3f` stands for milliseconds."""
    return [one.strftime(form.replace("%3f", f"{one.microsecond // 1000:03d}")) for one in moments(start)]


def write(path, times, head="time,ax,ay,az", accel_g=ACCEL_G):
    rows = [f"{time},{x:.6f},{y:.6f},{z:.6f}" for time, (x, y, z) in zip(times, accel_g, strict=True)]
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return path


def read(path, **said):
    return read_recording(path, foreign=ForeignFormat(**said) if said else None)


def assert_is_a_minute(recording, tolerance_s=1e-4):
    """All samples, one stretch, at 50 Hz from second 0 on."""
    (samples,) = recording.stretches
    times_s = samples.time_map.seconds(np.arange(len(samples.accel_g)))
    assert times_s == pytest.approx(np.arange(N) / 50.0, abs=tolerance_s)
    assert samples.accel_g == pytest.approx(ACCEL_G, abs=1e-5)
    assert recording.gaps == ()
    assert recording.info.fs_hz == pytest.approx(50.0, abs=0.05)


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d %H:%M:%S.%3f",
        "%Y-%m-%dT%H:%M:%S,%3f",
        "%Y/%m/%d %H:%M:%S:%3f",
        "%Y.%m.%d %H:%M:%S.%f",
        "%Y-%m-%d_%H:%M:%S.%3f",
        "%Y%m%dT%H%M%S.%3f",
        "%Y%m%d %H%M%S.%3f",
        "%Y%m%d%H%M%S.%3f",
        "%Y%m%d%H%M%S%3f",
        "%d.%m.%Y %H:%M:%S.%3f",
        "%d.%m.%y %H:%M:%S.%3f",
        "%d.%m.%Y %H.%M.%S.%3f",
        "%d. %m. %Y %H:%M:%S.%3f",
        "%d-%m-%Y %H:%M:%S:%3f",
        "%d-%b-%Y %H:%M:%S.%3f",
        "%d %B %Y %H:%M:%S.%3f",
        "%a %b %d %H:%M:%S.%3f %Y",
        "%d.%m.%Y %I:%M:%S.%3f %p",
        "%Y-%m-%d %I:%M:%S.%3f\u202f%p",
        "%Y年%m月%d日 %H時%M分%S.%3f秒",
        "%Y/%m/%d 午後%I:%M:%S.%3f",
        "%H:%M:%S.%3f %d.%m.%Y",
    ],
)
def test_dates_are_read_as_they_are_written(tmp_path, form):
    times = texts(form)
    # A field with the separator in it stands in quotes.
    times = [f'"{time}"' if "," in time else time for time in times]
    recording = read(write(tmp_path / "a.csv", times))
    assert_is_a_minute(recording)
    assert recording.info.start == START.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assert "zone-assumed" in kinds(recording)
    assert recording.info.timezone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("form", "start", "name"),
    [
        ("%Y-%m-%dT%H:%M:%S.%3f+09:00", START.replace(tzinfo=TOKYO), ""),
        ("%d.%m.%Y %H:%M:%S.%3f +0900", START.replace(tzinfo=TOKYO), ""),
        ("%Y-%m-%dT%H:%M:%S.%3f+09:00[Asia/Tokyo]", START.replace(tzinfo=TOKYO), "Asia/Tokyo"),
        ("%Y-%m-%d %H:%M:%S.%3f JST", START.replace(tzinfo=TOKYO), "Asia/Tokyo"),
        ("%a %b %d %Y %H:%M:%S.%3f GMT+0900 (JST)", START.replace(tzinfo=TOKYO), ""),
        ("%Y-%m-%dT%H:%M:%S.%3f+01:00", START.replace(tzinfo=ZoneInfo("Europe/Berlin")), "Europe/Berlin"),
    ],
)
def test_the_zone_or_offset_in_the_times_is_that_of_the_recording(tmp_path, form, start, name):
    recording = read(write(tmp_path / "a.csv", texts(form)))
    assert_is_a_minute(recording)
    assert (recording.info.start, recording.info.timezone) == (start, name)
    assert recording.info.start.utcoffset() == start.utcoffset()
    assert "zone-assumed" not in kinds(recording)


def test_java_leaves_out_seconds_that_are_0(tmp_path):
    times = [time.replace(":00.000+", "+") for time in texts("%Y-%m-%dT%H:%M:%S.%3f+09:00[Asia/Tokyo]")]
    assert times[0] == "2026-11-05T22:30+09:00[Asia/Tokyo]"
    recording = read(write(tmp_path / "a.csv", times))
    assert_is_a_minute(recording)
    assert recording.info.start == START.replace(tzinfo=TOKYO)


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%S.%3fZ", "%Y-%m-%d %H:%M:%S.%3f UTC", "%Y-%m-%dT%H:%M:%S.%3f+00:00"])
def test_utc_is_shown_in_the_zone_of_the_computer_unless_another_is_said(tmp_path, form):
    path = write(tmp_path / "a.csv", texts(form))
    recording = read(path)
    assert recording.info.start == START.replace(tzinfo=UTC)
    assert (recording.info.start.hour, recording.info.timezone) == (23, "Europe/Berlin")
    assert kinds(recording).count("zone-assumed") == 1
    there = read(path, timezone="Pacific/Auckland")
    assert there.info.start == recording.info.start
    assert (there.info.start.day, there.info.start.hour, there.info.timezone) == (6, 11, "Pacific/Auckland")
    assert "zone-assumed" not in kinds(there)


@pytest.mark.parametrize("per_second", [1, 1000, 10**6, 10**9])
def test_numbers_since_1970_are_moments_too(tmp_path, per_second):
    epoch = int(START.replace(tzinfo=UTC).timestamp())
    times = [
        str(epoch * per_second + n * per_second // 50) if per_second > 1 else f"{epoch + n / 50:.2f}" for n in range(N)
    ]
    recording = read(write(tmp_path / "a.csv", times), timezone="Asia/Tokyo")
    assert_is_a_minute(recording)
    assert recording.info.start == START.replace(tzinfo=UTC)
    assert recording.info.start.utcoffset() == timedelta(hours=9)


def test_an_unknown_zone_is_asked_for(tmp_path):
    path = write(tmp_path / "a.csv", texts("%Y-%m-%d %H:%M:%S.%3f NFT"))
    with pytest.raises(ColumnError, match=r"`NFT`, which is not known.*--timezone"):
        read(path)
    assert read(path, timezone="Pacific/Norfolk").info.start == START.replace(tzinfo=ZoneInfo("Pacific/Norfolk"))


def test_an_offset_is_a_zone_too(tmp_path):
    recording = read(write(tmp_path / "a.csv", texts("%Y-%m-%d %H:%M:%S.%3f")), timezone="+05:45")
    assert recording.info.start.isoformat() == "2026-11-05T22:30:00+05:45"
    assert recording.info.timezone == ""


# --- a start that is said ---------------------------------------------------------------------------------------------


def test_a_start_that_is_not_that_of_the_file_is_refused(tmp_path):
    path = write(tmp_path / "a.csv", texts("%Y-%m-%d %H:%M:%S.%3f"))
    said = START.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assert read(path, start=said + timedelta(seconds=1)).info.start == said
    with pytest.raises(
        RecordingError, match=r"a\.csv: says itself that it began at 2026-11-05T22:30:00\+01:00.*--start"
    ):
        read(path, start=said + timedelta(seconds=2))


@pytest.mark.parametrize(("zone", "offset"), [(TOKYO, "+09:00"), (UTC, "+00:00"), (ZoneInfo("Asia/Kolkata"), "+05:30")])
def test_the_offset_of_a_start_is_the_zone_of_times_without_one(tmp_path, zone, offset):
    path = write(tmp_path / "a.csv", texts("%Y-%m-%d %H:%M:%S.%3f"))
    recording = read(path, start=START.replace(tzinfo=zone))
    assert recording.info.start.isoformat() == f"2026-11-05T22:30:00{offset}"
    assert "zone-assumed" not in kinds(recording)


@pytest.mark.parametrize("form", ["%H:%M:%S.%3f", "%I:%M:%S.%3f %p", "%H:%M:%S:%3f", "%H:%M:%S,%3f"])
def test_a_clock_without_a_date_passes_midnight_and_takes_its_date_from_the_start(tmp_path, form):
    start = datetime(2026, 11, 5, 23, 59, 30)
    path = write(tmp_path / "a.csv", [f'"{time}"' for time in texts(form, start)])
    undated = read(path)
    assert_is_a_minute(undated)
    assert undated.info.start is None
    dated = read(path, start=start.replace(tzinfo=TOKYO))
    assert_is_a_minute(dated)
    assert dated.info.start == start.replace(tzinfo=TOKYO)
    assert dated.recorded_start is None
    with pytest.raises(RecordingError, match="says itself that it began at 2026-11-05T23:59:30"):
        read(path, start=start.replace(tzinfo=TOKYO) + timedelta(minutes=1))


def test_a_clock_that_counts_from_0_takes_any_start(tmp_path):
    path = write(tmp_path / "a.csv", texts("%H:%M:%S.%3f", datetime(2026, 1, 1)))
    said = START.replace(tzinfo=TOKYO)
    assert read(path, start=said).info.start == said


def test_minutes_and_seconds_of_a_spreadsheet_pass_the_full_hour(tmp_path):
    seconds = 3570 + np.arange(N) / 50.0
    times = [f"{int(s) // 60 % 60:02d}:{int(s) % 60:02d}.{int(s * 10 + 1e-6) % 10}" for s in seconds]
    recording = read(write(tmp_path / "a.csv", times))
    assert recording.duration_s == pytest.approx(60.0, abs=0.1)
    assert recording.gaps == ()


# --- days and months --------------------------------------------------------------------------------------------------


def test_slashes_that_fit_both_ways_are_asked_for_and_the_options_help(tmp_path):
    path = write(tmp_path / "a.csv", texts("%m/%d/%Y %I:%M:%S.%3f %p"))
    with pytest.raises(ColumnError, match=r'--time-format "%d/%m/%Y %I:%M:%S\.%f %p" or .*"%m/%d/%Y') as refused:
        read(path)
    assert "11/05/2026 10:30:00.000 PM" in str(refused.value)
    for form, day in (("%m/%d/%Y %I:%M:%S.%f %p", START), ("%d/%m/%Y %I:%M:%S.%f %p", START.replace(month=5, day=11))):
        recording = read(path, time_format=form)
        assert_is_a_minute(recording)
        assert recording.info.start.replace(tzinfo=None) == day


@pytest.mark.parametrize("form", ["%m/%d/%Y %H:%M:%S.%3f", "%d/%m/%Y %H:%M:%S.%3f"])
@pytest.mark.parametrize("start", [START.replace(day=13), datetime(2026, 11, 5, 23, 59, 30)], ids=["13", "midnight"])
def test_slashes_are_read_where_a_day_exceeds_12_or_midnight_tells(tmp_path, form, start):
    recording = read(write(tmp_path / "a.csv", texts(form, start)))
    assert_is_a_minute(recording)
    assert recording.info.start.replace(tzinfo=None) == start


def test_a_midnight_far_behind_the_start_tells_the_day_from_the_month(tmp_path):
    long_name = "x" * 2000
    rows = [
        f"{one.strftime('%m/%d/%Y %H:%M:%S')}.{one.microsecond // 1000:03d},0,0,1,{long_name}"
        for one in moments(datetime(2026, 11, 5, 23, 59, 10))
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["time,ax,ay,az,device", *rows, ""]), encoding="utf-8")
    assert path.stat().st_size > 5 << 20
    assert read(path).info.start.replace(tzinfo=None) == datetime(2026, 11, 5, 23, 59, 10)


def test_a_format_that_does_not_fit_is_refused(tmp_path):
    path = write(tmp_path / "a.csv", texts("%d.%m.%Y %H:%M:%S.%3f"))
    with pytest.raises(
        ColumnError, match=r"`05\.11\.2026 22:30:00\.000`, which are not written as --time-format `%H:%M`"
    ):
        read(path, time_format="%H:%M")


@pytest.mark.parametrize(
    "form",
    ["%d.%m.%Y,%H:%M:%S.%3f", "%Y%m%d,%H:%M:%S.%3f", "%d/%m/%Y,%I:%M:%S.%3f %p", "%Y年%m月%d日,%H時%M分%S.%3f秒"],
)
def test_date_and_time_may_stand_in_two_columns(tmp_path, form):
    start = START.replace(day=15)
    path = write(tmp_path / "a.csv", texts(form, start), head="Date,Time,ax,ay,az")
    for said in ({}, {"columns": parse_columns("Date+Time,ax,ay,az")}):
        recording = read(path, **said)
        assert_is_a_minute(recording)
        assert recording.info.start.replace(tzinfo=None) == start


# Day 1 of the calendar is number 367 for MATLAB, whose year 0 is a leap year.
@pytest.mark.parametrize(
    ("day", "number"), [(datetime(1899, 12, 30), 0), (datetime(1, 1, 1), 367)], ids=["excel", "matlab"]
)
def test_serial_days(tmp_path, day, number):
    days = [(one - day) / timedelta(days=1) + number for one in moments()]
    recording = read(write(tmp_path / "a.csv", [f"{day:.10f}" for day in days]))
    assert_is_a_minute(recording)
    assert abs(recording.info.start.replace(tzinfo=None) - START) < timedelta(milliseconds=1)


@pytest.mark.parametrize("late_s", [0.0, 0.38, 0.9])
@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S", "%s"])
def test_whole_seconds_are_filled_evenly(tmp_path, late_s, form):
    true = moments(START.replace(tzinfo=UTC) + timedelta(seconds=late_s))
    times = [str(int(one.timestamp())) if form == "%s" else one.strftime(form) for one in true]
    recording = read(write(tmp_path / "a.csv", times))
    (samples,) = recording.stretches
    times_s = samples.time_map.seconds(np.arange(N))
    assert times_s == pytest.approx(late_s + np.arange(N) / 50.0, abs=0.01)


# --- numbers that are no time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [0, 4711, 65_000])
def test_a_sample_counter_is_no_time_until_its_rate_is_said(tmp_path, first):
    path = write(tmp_path / "a.csv", [str((first + n) % 65_536) for n in range(N)])
    with pytest.raises(ColumnError, match=rf"counts samples one by one \({first}, .*--rate 50.*--time-unit"):
        read(path)
    assert_is_a_minute(read(path, rate_hz=50.0))


def test_samples_that_a_counter_leaves_out_are_missing(tmp_path):
    keep = np.r_[0:1000, 1100:N]
    path = write(tmp_path / "a.csv", [str(n) for n in keep], accel_g=ACCEL_G[keep])
    (gap,) = read(path, rate_hz=50.0).gaps
    assert (gap.start_s, gap.end_s) == (20.0, 22.0)


@pytest.mark.parametrize(
    ("per_second", "fs_hz"), [(32_768, 51.2), (32_768, 25.6), (10_000, 50.0), (10_000, 100.0), (10**7, 50.0)]
)
def test_ticks_are_asked_for(tmp_path, per_second, fs_hz):
    path = write(tmp_path / "a.csv", [str(round(n * per_second / fs_hz)) for n in range(N)])
    with pytest.raises(ColumnError, match=r"no plausible sampling rate.*--time-unit ticks:32768.*--rate"):
        read(path)
    for said in ({"time_unit": f"ticks:{per_second}"}, {"rate_hz": fs_hz}):
        recording = read(path, **said)
        assert recording.info.fs_hz == pytest.approx(fs_hz, rel=1e-3)
        assert recording.duration_s == pytest.approx(N / fs_hz, rel=1e-3)


def test_ticks_of_16_bits_go_on(tmp_path):
    path = write(tmp_path / "a.csv", [str(n * 640 % 65_536) for n in range(N)])
    recording = read(path, time_unit="ticks:32768")
    assert recording.duration_s == pytest.approx(N / 51.2, abs=0.01)
    assert recording.gaps == ()
    assert len(recording.stretches) == 1


def test_hours_minutes_and_seconds_in_one_number_are_asked_for(tmp_path):
    path = write(tmp_path / "a.csv", texts("%H%M%S.%3f", START + timedelta(seconds=30)))
    with pytest.raises(ColumnError, match=r"hours, minutes and seconds as one number.*--time-format %H%M%S\.%f"):
        read(path)
    assert_is_a_minute(read(path, time_format="%H%M%S.%f"))


def test_minutes_are_no_seconds(tmp_path):
    times = [f"{n / 25 / 60:.7f}" for n in range(N)]
    with pytest.raises(ColumnError, match="--time-unit"):
        read(write(tmp_path / "a.csv", times))
    for path, said in (
        (write(tmp_path / "b.csv", times, head="time (min),ax,ay,az"), {}),
        (write(tmp_path / "c.csv", times), {"time_unit": "min"}),
    ):
        assert read(path, **said).info.fs_hz == pytest.approx(25.0, abs=0.01)


def test_times_without_seconds_need_the_rate(tmp_path):
    start = START + timedelta(seconds=30)
    path = write(tmp_path / "a.csv", texts("%Y-%m-%d %H:%M", start))
    with pytest.raises(ColumnError, match=r"shows no seconds.*--rate"):
        read(path)
    recording = read(path, rate_hz=50.0)
    assert_is_a_minute(recording)
    assert recording.info.start.replace(tzinfo=None) == START


def test_a_rate_against_the_times_is_refused(tmp_path):
    path = write(tmp_path / "a.csv", texts("%Y-%m-%d %H:%M:%S.%3f"))
    assert_is_a_minute(read(path, rate_hz=50.0))
    with pytest.raises(ColumnError, match=r"give 50 Hz and not 100 Hz as --rate says"):
        read(path, rate_hz=100.0)


@pytest.mark.parametrize("head", ["ax,ay,az", "label,ax,ay,az"])
def test_rows_without_a_time_are_counted_at_the_rate_that_is_said(tmp_path, head):
    first = [] if head == "ax,ay,az" else ["rest"]
    rows = [",".join([*first, *(f"{value:.6f}" for value in row)]) for row in ACCEL_G]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    with pytest.raises(RecordingError, match="--rate"):
        read(path)
    recording = read(path, rate_hz=50.0, start=START.replace(tzinfo=TOKYO))
    assert_is_a_minute(recording)
    assert recording.info.start == START.replace(tzinfo=TOKYO)


# --- changes of the clocks --------------------------------------------------------------------------------------------


def through(start_utc):
    """What a wall clock shows from a moment on."""
    zone = ZoneInfo("Europe/Berlin")
    return [one.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S.%f") for one in moments(start_utc.replace(tzinfo=UTC))]


@pytest.mark.parametrize(
    ("start_utc", "offsets"),
    [(datetime(2026, 3, 29, 0, 59, 30), (1, 2)), (datetime(2026, 10, 25, 0, 59, 30), (2, 1))],
    ids=["spring", "autumn"],
)
def test_times_go_on_where_the_clocks_change(tmp_path, start_utc, offsets):
    recording = read(write(tmp_path / "a.csv", through(start_utc)))
    assert_is_a_minute(recording)
    start = recording.info.start
    assert start.astimezone(UTC) == start_utc.replace(tzinfo=UTC)
    later = (start.astimezone(UTC) + timedelta(seconds=60)).astimezone(start.tzinfo)
    assert (start.utcoffset(), later.utcoffset()) == tuple(timedelta(hours=hours) for hours in offsets)


@pytest.mark.parametrize("start", [datetime(2026, 3, 29, 1, 59, 30), datetime(2026, 10, 25, 2, 59, 30)])
def test_a_clock_that_nobody_sets_forward_or_back_goes_on_too(tmp_path, start):
    assert_is_a_minute(read(write(tmp_path / "a.csv", texts("%Y-%m-%d %H:%M:%S.%3f", start))))


def test_a_start_tells_the_hours_of_autumn_apart(tmp_path):
    path = write(tmp_path / "a.csv", texts("%Y-%m-%d %H:%M:%S.%3f", datetime(2026, 10, 25, 2, 30)))
    for offset in (1, 2):
        said = datetime.fromisoformat(f"2026-10-25T02:30:00+0{offset}:00")
        assert read(path, start=said, timezone="Europe/Berlin").info.start.astimezone(UTC) == said


def test_a_pause_over_a_change_is_as_long_as_it_was(tmp_path):
    utc = [datetime(2026, 3, 29, 0, 30, tzinfo=UTC) + timedelta(seconds=n / 50) for n in range(N)]
    utc[N // 2 :] = [one + timedelta(hours=2) for one in utc[N // 2 :]]
    times = [one.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%d %H:%M:%S.%f") for one in utc]
    (gap,) = read(write(tmp_path / "a.csv", times)).gaps
    assert gap.duration_s == pytest.approx(7200.0, abs=0.1)
