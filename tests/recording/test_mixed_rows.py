"""Rows of several sensors in one file are refused with the option that chooses one, and read with it."""

import numpy as np
import pytest

from clonus_sense.errors import ColumnError
from clonus_sense.recording import ForeignFormat, read_recording
from clonus_sense.recording.mixed_rows import refuse_mixed_rows
from clonus_sense.recording.rows import RowBlock
from tests.recording.made import accel, all_samples

N = 2000
LEFT_G, RIGHT_G = accel(N, 1), accel(N, 2)[:, [2, 0, 1]]


def rows_of(times_s, accel_g, label, extra=""):
    return [
        (time_s, f"{time_s:.4f},{label},{x:.5f},{y:.5f},{z:.5f}{extra}")
        for time_s, (x, y, z) in zip(times_s, accel_g, strict=True)
    ]


def write(path, *kinds, header="time,sensor,x,y,z", packet=1):
    """Rows of several kinds by time, or in packets of so many rows."""
    lines = []
    for number, kind in enumerate(kinds):
        for row, (time_s, text) in enumerate(kind):
            key = (time_s, number) if packet == 1 else (row // packet, number, row)
            lines.append((key, text))
    path.write_text("\n".join([header, *(text for _, text in sorted(lines)), ""]), encoding="utf-8")
    return path


TIMES_S = np.arange(N) / 50


@pytest.mark.parametrize("offset_s", [0.0, 0.003, 0.01])
@pytest.mark.parametrize("packet", [1, 10])
@pytest.mark.parametrize("labels", [("L", "R"), ("1", "2"), ("left foot", "right foot")])
def test_two_legs_are_refused_and_one_is_read(tmp_path, offset_s, packet, labels):
    kinds = [rows_of(TIMES_S, LEFT_G, labels[0]), rows_of(TIMES_S + offset_s, RIGHT_G, labels[1])]
    path = write(tmp_path / "a.csv", *kinds, packet=packet)
    with pytest.raises(
        ColumnError, match=f"column `sensor` holds `{labels[0]}`, `{labels[1]}`; choose one with --rows"
    ):
        read_recording(path)
    recording = read_recording(path, foreign=ForeignFormat(rows=f"sensor={labels[1]}"))
    assert all_samples(recording) == pytest.approx(RIGHT_G, abs=1e-4)
    assert recording.info.fs_hz == pytest.approx(50.0)
    assert recording.gaps == ()


@pytest.mark.parametrize("gyro_hz", [12.5, 25.0, 50.0, 100.0])
def test_accelerometer_and_gyroscope_rows_advise_the_accelerometer(tmp_path, gyro_hz):
    gyro_s = np.arange(round(N * gyro_hz / 50)) / gyro_hz + 0.007
    gyro = np.random.default_rng(3).normal(0.0, 0.02, (len(gyro_s), 3))
    path = write(tmp_path / "a.csv", rows_of(gyro_s, gyro, "gyroscope"), rows_of(TIMES_S, LEFT_G * 9.80665, "acc"))
    with pytest.raises(ColumnError, match=r"choose one with --rows sensor=acc\."):
        read_recording(path)
    assert all_samples(read_recording(path, foreign=ForeignFormat(rows="sensor=acc"))) == pytest.approx(
        LEFT_G, abs=1e-4
    )


def test_rows_that_no_column_tells_apart_are_refused(tmp_path):
    kinds = [[(t, text.replace(",s,", ",")) for t, text in rows_of(TIMES_S, g, "s")] for g in (LEFT_G, RIGHT_G)]
    path = write(tmp_path / "a.csv", *kinds, header="time,x,y,z")
    with pytest.raises(ColumnError, match=r"rows of 2 sensors seem to follow one another.*--rows sensor=1"):
        read_recording(path)


def test_labels_flags_and_counters_are_no_sensors():
    rng = np.random.default_rng(4)
    time_s = np.arange(4000) / 50
    swing = np.sin(2 * np.pi * 1.1 * time_s)
    accel_g = accel(4000) + np.outer(swing + 2.0 * (swing > 0.95), [0.4, 0.1, 0.3])
    columns = {
        "activity": ["walk" if t % 20 < 10 else "rest" for t in time_s],
        "heel strike": [str(int(value > 0.95)) for value in swing],
        "count": [str(n % 7) for n in range(4000)],
        "quality": rng.choice(["ok", "poor"], 4000).tolist(),
        "battery": ["98"] * 4000,
    }
    refuse_mixed_rows(RowBlock(time_s, accel_g), columns)
    bunched = np.repeat(time_s[::5], 5)
    columns["in packet"] = [str(n % 5) for n in range(4000)]
    refuse_mixed_rows(RowBlock(bunched, accel_g), columns)


@pytest.mark.parametrize("rows", ["sensor", "=acc", "sensor="])
def test_rows_must_name_column_and_text(rows):
    with pytest.raises(ColumnError, match="must be COLUMN=TEXT"):
        ForeignFormat(rows=rows)


def test_rows_that_are_not_there_are_refused(tmp_path):
    path = write(tmp_path / "a.csv", rows_of(TIMES_S, LEFT_G, "acc"))
    with pytest.raises(ColumnError, match="no row near the start of the file has --rows sensor=gyro"):
        read_recording(path, foreign=ForeignFormat(rows="sensor=gyro"))
