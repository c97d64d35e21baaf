"""Foreign files as phones and loggers really write them, each made from known samples."""

from datetime import UTC, datetime

import numpy as np
import pytest

from clonus_sense.errors import ColumnError, NotARecordingError
from clonus_sense.recording import ForeignFormat, parse_columns, parse_unit, read_recording
from tests.recording.made import accel, all_samples, kinds, times

N = 3000
ACCEL_G = accel(N)
START = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
EPOCH_S = START.timestamp()


def write_csv(path, header, columns, separator=",", line_end="\n", encoding="utf-8", preamble=""):
    """Columns of numbers or texts below a header."""
    rows = [separator.join(fields) for fields in zip(*columns, strict=True)]
    lines = [*([header] if header else []), *rows, ""]
    path.write_text(preamble + line_end.join(lines), encoding=encoding, newline="")
    return path


def decimals(values, digits=6, scale=1.0):
    return [f"{value * scale:.{digits}f}" for value in values]


def axes(scale=1.0, digits=6):
    return [decimals(ACCEL_G[:, axis], digits, scale) for axis in range(3)]


def find_differences(recording, tolerance_g=1e-5):
    """Name what differs from the samples that were written, 60 s at 50 Hz."""
    same = {
        "samples": all_samples(recording) == pytest.approx(ACCEL_G, abs=tolerance_g),
        f"rate {recording.info.fs_hz} Hz": recording.info.fs_hz == pytest.approx(50.0, abs=0.01),
        f"duration {recording.duration_s} s": recording.duration_s == pytest.approx(60.0, abs=0.01),
        f"gaps {recording.gaps}": recording.gaps == (),
    }
    return [what for what, is_same in same.items() if not is_same]


def test_sensor_logger(tmp_path):
    nanoseconds = [str(int(EPOCH_S * 1e9) + 20_000_000 * n) for n in range(N)]
    x, y, z = axes(9.80665)
    path = write_csv(
        tmp_path / "TotalAcceleration.csv", "time,seconds_elapsed,z,y,x", [nanoseconds, decimals(times(N)), z, y, x]
    )
    recording = read_recording(path)
    assert find_differences(recording) == []
    assert recording.info.start == START
    assert kinds(recording) == ["unit-guessed", "zone-assumed"]
    assert "m/s2" in recording.findings[0].text


def test_phyphox_with_quotes_semicolons_and_decimal_commas(tmp_path):
    header = ";".join(
        f'"{name}"' for name in ("Time (s)", *(f"Acceleration {a} (m/s^2)" for a in "xyz"), "Absolute (m/s^2)")
    )
    columns = [[value.replace(".", ",") for value in column] for column in (decimals(times(N)), *axes(9.80665))]
    path = write_csv(tmp_path / "Raw Data.csv", header, [*columns, ["9,81"] * N], separator=";", line_end="\r\n")
    recording = read_recording(path)
    assert find_differences(recording) == []
    assert recording.findings == ()
    assert recording.info.start is None


def test_physics_toolbox_in_g_with_a_byte_order_mark(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", "time,gFx,gFy,gFz,TgF", [decimals(times(N)), *axes(), ["1.0"] * N], encoding="utf-8-sig"
    )
    assert find_differences(read_recording(path)) == []


def test_axivity_without_header(tmp_path):
    dates = [f"2026-03-01 13:{int(t) // 60:02d}:{t % 60:06.3f}" for t in times(N)]
    recording = read_recording(write_csv(tmp_path / "a.csv", "", [dates, *axes()]))
    assert find_differences(recording) == []
    assert recording.info.start is not None
    assert recording.info.start.replace(tzinfo=UTC) == START
    assert "zone-assumed" in kinds(recording)


def test_actigraph_preamble_and_slashes_in_dates(tmp_path):
    preamble = "------- Data File Created By A Logger -------\nSerial Number: X\nMode = 12\n-------\n"
    dates = [f"2026/03/01 13:{int(t) // 60:02d}:{t % 60:06.3f}" for t in times(N)]
    header = "Timestamp,Accelerometer X,Accelerometer Y,Accelerometer Z"
    assert (
        find_differences(read_recording(write_csv(tmp_path / "a.csv", header, [dates, *axes()], preamble=preamble)))
        == []
    )


def test_witmotion_with_tabs_and_gyroscope(tmp_path):
    header = "Time(s)\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)\tAngleX(deg)\tAngleY(deg)\tAngleZ(deg)"
    columns = [decimals(times(N)), *axes(), *[["0.5"] * N] * 6]
    assert find_differences(read_recording(write_csv(tmp_path / "a.txt", header, columns, separator="\t"))) == []


def test_dates_with_offset_and_milligrams(tmp_path):
    dates = [f"2026-03-01T22:{int(t) // 60:02d}:{t % 60:06.3f}+09:00" for t in times(N)]
    recording = read_recording(write_csv(tmp_path / "a.csv", "timestamp,x_mg,y_mg,z_mg", [dates, *axes(1000.0, 3)]))
    assert find_differences(recording) == []
    assert recording.info.start == START
    assert recording.findings == ()


def test_japanese_header_in_cp932_with_milliseconds(tmp_path):
    milliseconds = [str(int(EPOCH_S * 1000) + 20 * n) for n in range(N)]
    header = "時刻,加速度X(g),加速度Y(g),加速度Z(g),角速度X,角速度Y,角速度Z"
    path = write_csv(tmp_path / "a.csv", header, [milliseconds, *axes(), *[["1"] * N] * 3], encoding="cp932")
    recording = read_recording(path)
    assert find_differences(recording) == []
    assert recording.info.start == START


def test_utf_16_of_a_spreadsheet(tmp_path):
    path = write_csv(tmp_path / "a.csv", "t\tax\tay\taz", [decimals(times(N)), *axes()], "\t", encoding="utf-16")
    assert find_differences(read_recording(path)) == []


@pytest.mark.parametrize(("unit", "scale"), [("ms", 1e3), ("us", 1e6), ("ns", 1e9)])
def test_time_since_any_moment_in_any_unit(tmp_path, unit, scale):
    path = write_csv(tmp_path / "a.csv", "uptime,ax,ay,az", [decimals(times(N) + 1234.0, 0, scale), *axes()])
    assert find_differences(read_recording(path)) == []
    assert find_differences(read_recording(path, foreign=ForeignFormat(time_unit=unit))) == []


def test_raw_counts_need_to_be_said(tmp_path):
    path = write_csv(tmp_path / "a.csv", "t,ax,ay,az", [decimals(times(N)), *axes(16384, 0)])
    with pytest.raises(ColumnError, match=r"`ax`, `ay`, `az`.*--unit raw:16384"):
        read_recording(path)
    assert (
        find_differences(
            read_recording(path, foreign=ForeignFormat(unit=parse_unit("raw:16384"))), tolerance_g=1 / 16384
        )
        == []
    )


def test_a_wrong_unit_is_refused_and_the_right_one_named(tmp_path):
    path = write_csv(tmp_path / "a.csv", "t,ax,ay,az", [decimals(times(N)), *axes(9.80665)])
    with pytest.raises(ColumnError, match=r"in g, as --unit says, show 9.8. g at rest.*--unit m/s2"):
        read_recording(path, foreign=ForeignFormat(unit=parse_unit("g")))


def test_a_header_that_lies_about_its_unit_is_refused(tmp_path):
    path = write_csv(tmp_path / "a.csv", "t,ax (m/s^2),ay (m/s^2),az (m/s^2)", [decimals(times(N)), *axes()])
    with pytest.raises(ColumnError, match=r"as the columns' names say.*--unit g"):
        read_recording(path)
    assert find_differences(read_recording(path, foreign=ForeignFormat(unit=parse_unit("g")))) == []


def test_linear_acceleration_is_refused_helpfully(tmp_path):
    without = ACCEL_G - [0.0, 0.0, 1.0]
    columns = [decimals(times(N)), *(decimals(without[:, axis], 6, 9.80665) for axis in range(3))]
    header = "Time (s),Linear Acceleration x (m/s^2),Linear Acceleration y (m/s^2),Linear Acceleration z (m/s^2)"
    with pytest.raises(ColumnError, match="gravity seems to have been taken out"):
        read_recording(write_csv(tmp_path / "a.csv", header, columns))


def test_acceleration_with_gravity_is_preferred_to_linear(tmp_path):
    header = "t,userAccelX,userAccelY,userAccelZ,accelX,accelY,accelZ"
    assert (
        find_differences(
            read_recording(write_csv(tmp_path / "a.csv", header, [decimals(times(N)), *[["0.001"] * N] * 3, *axes()]))
        )
        == []
    )


def test_columns_can_be_named_and_numbered(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", "n,a1,a2,a3,when", [[str(n % 7) for n in range(N)], *axes(), decimals(times(N))]
    )
    with pytest.raises(ColumnError, match=r"no column looks like the time.*5 `when`"):
        read_recording(path)
    assert find_differences(read_recording(path, foreign=ForeignFormat(columns=parse_columns("when,a1,a2,a3")))) == []
    assert find_differences(read_recording(path, foreign=ForeignFormat(columns=parse_columns("5,2,3,4")))) == []


def test_a_column_that_is_not_there_is_named(tmp_path):
    path = write_csv(tmp_path / "a.csv", "t,ax,ay,az", [decimals(times(N)), *axes()])
    for columns in ("t,ax,ay,aw", "1,2,3,5"):
        with pytest.raises(ColumnError, match=r"there is no column `(aw|5)`; the file has 1 `t`"):
            read_recording(path, foreign=ForeignFormat(columns=parse_columns(columns)))


def test_a_wrong_time_column_is_refused_by_name(tmp_path):
    path = write_csv(tmp_path / "a.csv", "t,ax,ay,az,hour", [decimals(times(N)), *axes(), decimals(times(N) / 3600)])
    with pytest.raises(ColumnError, match=r"column `hour`, taken for the time, gives no plausible.*--columns"):
        read_recording(path, foreign=ForeignFormat(columns=parse_columns("hour,ax,ay,az"), time_unit="s"))


def test_a_column_of_words_is_refused_by_name(tmp_path):
    path = write_csv(tmp_path / "a.csv", "t,ax,ay,az,mood", [decimals(times(N)), *axes(), ["fine"] * N])
    with pytest.raises(ColumnError, match=r"column `mood`, taken for z, holds `fine`"):
        read_recording(path, foreign=ForeignFormat(columns=parse_columns("t,ax,ay,mood")))


def test_two_sensors_in_one_file_must_be_told_apart(tmp_path):
    header = "t,left accX,left accY,left accZ,right accX,right accY,right accZ"
    path = write_csv(tmp_path / "a.csv", header, [decimals(times(N)), *axes(), *axes()])
    with pytest.raises(ColumnError, match="several columns look like acceleration"):
        read_recording(path)


def test_three_columns_are_no_recording(tmp_path):
    with pytest.raises(NotARecordingError, match=r"--rate.*at least four columns"):
        read_recording(write_csv(tmp_path / "a.csv", "t,x,y", [decimals(times(N)), *axes()[:2]]))


def test_a_rate_of_one_hertz_is_refused(tmp_path):
    with pytest.raises(ColumnError, match=r"no plausible sampling rate \(1 Hz in s\)"):
        read_recording(
            write_csv(tmp_path / "a.csv", "t,ax,ay,az", [decimals(np.arange(N)), *axes()]),
            foreign=ForeignFormat(time_unit="s"),
        )


def test_bunched_stamps_with_a_gap_and_a_clock_set_back(tmp_path):
    true_s = times(9000)
    true_s[3000:] += 40.0
    stamps_s = np.ceil(true_s / 0.2) * 0.2
    stamps_s[6000:] -= 1800.0
    columns = [decimals(stamps_s + EPOCH_S, 3), *(decimals(column) for column in accel(9000).T)]
    recording = read_recording(write_csv(tmp_path / "a.csv", "time,ax,ay,az", columns))
    assert recording.n_samples == 9000
    assert [len(s.accel_g) for s in recording.stretches] == [3000, 3000, 3000]
    assert [gap.duration_s for gap in recording.gaps] == pytest.approx([40.0, 0.0], abs=0.15)
    assert recording.duration_s == pytest.approx(220.0, abs=0.2)
    assert kinds(recording) == ["unit-guessed", "zone-assumed", "uneven-stamps", "clock-step-back"]
    for piece in recording.window(0.0, 300.0):
        assert np.diff(piece.times_s) == pytest.approx(0.02, abs=2e-4)


def test_one_or_two_missing_rows_are_filled_in_and_more_are_a_gap(tmp_path):
    keep = np.ones(N, dtype=bool)
    keep[[500, 501, 1000, 1001, 1002, 2000]] = False
    columns = [decimals(times(N)[keep], 3), *(decimals(ACCEL_G[keep, axis]) for axis in range(3))]
    recording = read_recording(write_csv(tmp_path / "a.csv", "t,ax,ay,az", columns))
    assert [(round(g.start_s, 3), g.end_s) for g in recording.gaps] == [(20.0, 20.06)]
    assert recording.n_samples == N - 3
    assert kinds(recording) == ["unit-guessed", "filled-in"]
    assert "3 samples (0.1 s)" in recording.findings[1].text


def test_a_torn_foreign_file_and_damaged_lines(tmp_path):
    path = write_csv(tmp_path / "a.csv", "t,ax,ay,az", [decimals(times(N)), *axes()])
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1500] = "12.3,0.1"
    path.write_text("\n".join(lines)[:-20], encoding="utf-8")
    recording = read_recording(path)
    assert recording.n_samples == N - 1  # the last line is torn, the one in the middle filled in
    assert "the first is line 1501" in " ".join(f.text for f in recording.findings)
    assert "torn-end" in kinds(recording)


@pytest.mark.parametrize("name", ["Zeit (s)", "s"])
def test_time_column_of_a_german_or_terse_logger(tmp_path, name):
    assert (
        find_differences(
            read_recording(write_csv(tmp_path / "a.csv", f"{name},ax,ay,az", [decimals(times(N)), *axes()]))
        )
        == []
    )
