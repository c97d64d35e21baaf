"""What other recorders write above their rows: names, units, rate and start; and how they write their numbers."""

# ruff: noqa: DTZ001 - a clock on a wall states no zone

from datetime import UTC, datetime, timedelta

import pytest

from clonus_sense.errors import ColumnError, NotARecordingError
from clonus_sense.recording import ForeignFormat, parse_unit, read_recording
from tests.recording.made import accel, all_samples, kinds

N = 1500
ACCEL_G = accel(N)
G = 9.80665
SECONDS = [f"{n / 50:.3f}" for n in range(N)]
ACTIGRAPH = """\
------------ Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 Firmware v2.5.0 date format {order} at 50 Hz  -----
Serial Number: SYNTHETIC
Start Time 22:30:00
Start Date {date}
Epoch Period (hh:mm:ss) 00:00:00
Download Time 15:16:42
Download Date {date}
Current Memory Address: 0
Current Battery Voltage: 4.21     Mode = 12
--------------------------------------------------
"""


def write(path, head, times=SECONDS, *, scale=1.0, separator=",", point=".", is_quoted=False):
    lines = []
    for number, row in enumerate(ACCEL_G * scale):
        fields = [*([] if times is None else [times[number]]), *(f"{value:.6f}" for value in row)]
        fields = [field.replace(".", point) for field in fields]
        lines.append(separator.join(f'"{field}"' if is_quoted else field for field in fields))
    path.write_text(head + "\n".join([*lines, ""]), encoding="utf-8")
    return path


def assert_is_read(recording):
    assert all_samples(recording) == pytest.approx(ACCEL_G, abs=1e-4)
    assert recording.info.fs_hz == pytest.approx(50.0, abs=0.01)
    assert recording.duration_s == pytest.approx(N / 50, abs=0.001)
    assert recording.gaps == ()


@pytest.mark.parametrize(
    ("order", "date"), [("M/d/yyyy", "6/5/2018"), ("d/M/yyyy", "5/6/2018"), ("dd.MM.yyyy", "05.06.2018")]
)
@pytest.mark.parametrize(
    "columns", ["Accelerometer X,Accelerometer Y,Accelerometer Z\n", ""], ids=["named", "nameless"]
)
def test_actigraph_without_times_states_date_and_rate(tmp_path, order, date, columns):
    recording = read_recording(write(tmp_path / "a.csv", ACTIGRAPH.format(order=order, date=date) + columns, None))
    assert_is_read(recording)
    assert recording.info.start.replace(tzinfo=None) == datetime(2018, 6, 5, 22, 30)


def test_actigraph_of_a_spreadsheet_fills_its_head_with_commas(tmp_path):
    head = ACTIGRAPH.format(order="M/d/yyyy", date="6/5/2018").replace("\n", ",,\n")
    recording = read_recording(
        write(tmp_path / "a.csv", head + "Accelerometer X,Accelerometer Y,Accelerometer Z\n", None)
    )
    assert_is_read(recording)
    assert recording.info.start.replace(tzinfo=None) == datetime(2018, 6, 5, 22, 30)


def test_actigraph_with_times_states_the_order_of_its_dates(tmp_path):
    start = datetime(2018, 6, 5, 22, 31)
    times = [(start + timedelta(seconds=n / 50)).strftime("%m/%d/%Y %H:%M:%S.%f")[:-3] for n in range(N)]
    head = (
        ACTIGRAPH.format(order="M/d/yyyy", date="6/5/2018")
        + "Timestamp,Accelerometer X,Accelerometer Y,Accelerometer Z\n"
    )
    recording = read_recording(write(tmp_path / "a.csv", head, times))
    assert_is_read(recording)
    assert recording.info.start.replace(tzinfo=None) == start


def test_a_zone_in_the_head_is_that_of_the_times(tmp_path):
    times = [f"2026-11-05 22:30:{n // 50:02d}:{n % 50 * 20:03d}" for n in range(N)]
    head = "Device Type,GENEActiv\nMeasurement Frequency,50 Hz\nTime Zone,GMT +09:00\n\ntime,x,y,z\n"
    recording = read_recording(write(tmp_path / "a.csv", head, times))
    assert_is_read(recording)
    assert recording.info.start.isoformat() == "2026-11-05T22:30:00+09:00"
    assert "zone-assumed" not in kinds(recording)


CONSENSYS = "Shimmer_5A2B_Timestamp_Unix_CAL\t" + "\t".join(f"Shimmer_5A2B_Accel_LN_{axis}_CAL" for axis in "XYZ")


@pytest.mark.parametrize(
    "head",
    [
        f'"sep=\t"\n{CONSENSYS}\nms\tm/(s^2)\tm/(s^2)\tm/(s^2)\n',
        "Shimmer_1\tShimmer_1\tShimmer_1\tShimmer_1\nTimestamp\tAccelerometer X\tAccelerometer Y\tAccelerometer Z\n"
        "CAL\tCAL\tCAL\tCAL\nmSecs\tm/(sec^2)\tm/(sec^2)\tm/(sec^2)\n",
    ],
    ids=["one line of names", "four lines"],
)
def test_shimmer_writes_units_below_the_names(tmp_path, head):
    times = [f"{1_793_917_800_000 + n * 20}.000" for n in range(N)]
    recording = read_recording(write(tmp_path / "a.csv", head, times, scale=G, separator="\t"))
    assert_is_read(recording)
    assert "unit-guessed" not in kinds(recording)
    assert recording.info.start == datetime(2026, 11, 5, 22, 30, tzinfo=UTC)


def test_names_stay_known_above_a_line_of_units(tmp_path):
    path = write(tmp_path / "a.csv", "time,ax,ay,az\nms,mg,mg,mg\n", [str(n * 20) for n in range(N)], scale=1000.0)
    recording = read_recording(path)
    assert_is_read(recording)
    assert ("source_columns", "time, ax, ay, az") in recording.info.notes


def test_nhanes_names_the_unit_in_words(tmp_path):
    names = ",".join(f"{axis}_ACCELERATION_METERS_PER_SECOND_SQUARED" for axis in "XYZ")
    times = [f"2000-01-12 14:30:{n // 50:02d}.{n % 50 * 20:03d}" for n in range(N)]
    recording = read_recording(write(tmp_path / "a.csv", f"HEADER_TIME_STAMP,{names}\n", times, scale=G))
    assert_is_read(recording)
    assert ("source_unit", "m/s2") in recording.info.notes


@pytest.mark.parametrize(
    ("unit", "scale"),
    [
        *((unit, 100 * G) for unit in ("Gal", "gal", "cm/s^2", "cm/s²")),
        *((unit, 1.0) for unit in ("g", "G")),
        *((unit, 1000.0) for unit in ("mg", "mG", "milli-g")),
        *(
            (unit, G)
            for unit in ("m/s^2", "m/s²", "m/s2", "m/s/s", "m/sec^2", "m/(s^2)", "m s^-2", "m·s⁻²", "ms-2", "m/s**2")
        ),
    ],
)
@pytest.mark.parametrize("name", ["a{axis} [{unit}]", "Acc {axis}({unit})", "a{axis}_{unit}"])
def test_units_in_names(tmp_path, unit, scale, name):
    names = ",".join(name.format(axis=axis, unit=unit) for axis in "xyz")
    recording = read_recording(write(tmp_path / "a.csv", f"t,{names}\n", scale=scale))
    assert_is_read(recording)
    assert "unit-guessed" not in kinds(recording)


def test_gal_can_be_said(tmp_path):
    path = write(tmp_path / "a.csv", "t,ax,ay,az\n", scale=100 * G)
    assert_is_read(read_recording(path, foreign=ForeignFormat(unit=parse_unit("gal"))))


def test_quoted_decimal_commas(tmp_path):
    head = '"time","ax","ay","az"\n'
    path = write(tmp_path / "a.csv", head, point=",", is_quoted=True)
    assert_is_read(read_recording(path))
    assert_is_read(read_recording(path, foreign=ForeignFormat(decimal_point=",")))
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[700] = "sensor lost"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "unreadable-lines" in kinds(read_recording(path))


def test_decimal_commas_beside_whole_numbers(tmp_path):
    rows = [
        f"{n * 20};1;{n};97;" + ";".join(f"{value:.6f}".replace(".", ",") for value in row)
        for n, row in enumerate(ACCEL_G)
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["time;id;sample;battery;accX;accY;accZ", *rows, ""]), encoding="utf-8")
    assert_is_read(read_recording(path))
    with pytest.raises((ColumnError, NotARecordingError)):
        read_recording(path, foreign=ForeignFormat(decimal_point="."))


def test_a_column_with_the_other_decimal_point_names_the_option(tmp_path):
    rows = [f"{n * 20};1;2;3;{n};4;5;" + ";".join(["0,5", "0,5", "0.7"]) for n in range(N)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["time;a;b;c;d;e;f;accX;accY;accZ", *rows, ""]), encoding="utf-8")
    with pytest.raises(ColumnError, match=r"`accZ`.*holds `0\.7`.*--decimal \."):
        read_recording(path)


def test_a_counter_beside_a_time_is_passed_over(tmp_path):
    times = [f"{n},{1_793_917_800 + n / 50:.2f}" for n in range(N)]
    recording = read_recording(write(tmp_path / "a.csv", "timestamp,epoch,ax,ay,az\n", times))
    assert_is_read(recording)
    assert recording.info.start == datetime(2026, 11, 5, 22, 30, tzinfo=UTC)
