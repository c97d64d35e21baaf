"""Files of phones and loggers give the episodes, and a wrong word about them is one sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from clonus_sense.simulate import SimulatedRecording
from tests.robustness.told import check_refused

STANDARD_GRAVITY = 9.80665


def table_of(night: SimulatedRecording, header: str, row: str, scale: float = 1.0) -> str:
    """A CSV text; ``row`` is a format with the fields t, x, y and z."""
    accel = (night.accel_g * scale).tolist()
    rows = (row.format(t=t, x=x, y=y, z=z) for t, (x, y, z) in zip(night.times_s.tolist(), accel, strict=True))
    return "\n".join((header, *rows)) + "\n"


@dataclass(frozen=True)
class App:
    """How an app writes, and what its user has to say about it."""

    header: str
    row: str
    scale: float = 1.0
    options: tuple[str, ...] = ()
    encoding: str = "utf-8"


APPS = {
    "phyphox": App(
        '"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)","Acceleration z (m/s^2)","Absolute acceleration"',
        "{t:.9e},{x:.9e},{y:.9e},{z:.9e},9.8",
        STANDARD_GRAVITY,
    ),
    "Sensor Logger": App(
        "time,seconds_elapsed,z,y,x",
        "1700000000000000000,{t:.6f},{z:.5f},{y:.5f},{x:.5f}",
        STANDARD_GRAVITY,
        ("--columns", "seconds_elapsed,x,y,z"),
    ),
    "mg with gyroscope": App(
        "uptime,AccX,AccY,AccZ,GyroX,GyroY,GyroZ", "{t:.3f},{x:.1f},{y:.1f},{z:.1f},1,2,3", 1000.0
    ),
    "raw counts": App(
        "n;t;a1;a2;a3", "7;{t:.3f};{x:.0f};{y:.0f};{z:.0f}", 16384.0, ("--columns", "t,a1,a2,a3", "--unit", "raw:16384")
    ),
    "Japanese logger": App(
        "時刻(秒)\t加速度X(g)\t加速度Y(g)\t加速度Z(g)", "{t:.3f}\t{x:.5f}\t{y:.5f}\t{z:.5f}", encoding="cp932"
    ),
    "no names": App("", "{t:.3f},{x:.5f},{y:.5f},{z:.5f},36.5", 1.0, ("--columns", "1,2,3,4", "--unit", "g")),
}


@pytest.mark.parametrize("app", APPS.values(), ids=APPS)
def test_log_of_a_phone_app_gives_the_episodes(clonus_sense, short, tmp_path, app):
    path = tmp_path / "phone.csv"
    path.write_text(table_of(short, app.header, app.row, app.scale), encoding=app.encoding)
    told = clonus_sense("detect", path, "--output", tmp_path / "results", "--json", *app.options)
    assert told.code == 0
    record = json.loads(told.out)
    assert record["duration_s"] == pytest.approx(360.0, abs=0.1)
    assert record["gaps"] == []
    rhythmic = [episode for episode in record["episodes"] if episode["class"] == "clonus"]
    for bout in short.truth:
        middle_s = (bout.onset_s + bout.offset_s) / 2
        assert any(episode["onset_s"] < middle_s < episode["offset_s"] for episode in rhythmic)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--unit", "g"), "it would fit --unit m/s2"),
        (("--unit", "raw:16384"), "at rest where it should be 1 g"),
        (("--columns", "t,ax,ay,aw"), "there is no column `aw`; the file has 1 `t`"),
        (("--columns", "ax,t,ay,az"), "column `ax`, taken for the time, does not go forward"),
        (("--time-unit", "ms"), "gives no plausible sampling rate"),
        (("--separator", ";"), "no table of numbers"),
    ],
)
def test_wrong_word_about_a_phone_log_is_one_sentence(clonus_sense, short, tmp_path, options, sentence):
    path = tmp_path / "phone.csv"
    text = table_of(short, "t,ax,ay,az", "{t:.3f},{x:.4f},{y:.4f},{z:.4f}", STANDARD_GRAVITY)
    path.write_text(text, encoding="utf-8")
    told = clonus_sense("detect", path, "--output", tmp_path / "results", *options)
    check_refused(told, path, sentence)
    assert not (tmp_path / "results").exists()
