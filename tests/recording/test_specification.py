"""The page that specifies the format says what the code does."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from clonus_sense.model import RecordingInfo, SensorIdentity, Site
from clonus_sense.recording import write_recording
from clonus_sense.recording.header import head_pairs

PAGE = (Path(__file__).parents[2] / "recordings" / "README.md").read_text(encoding="utf-8")


def test_the_hex_dump_is_what_the_writer_writes(tmp_path):
    start = datetime(2026, 3, 1, 22, 0, tzinfo=timezone(timedelta(hours=9)))
    info = RecordingInfo(start=start, fs_hz=52.0, timezone="Asia/Tokyo", site=Site.FOOT)
    accel_g = np.array([[0.01, -0.02, 0.99], [0.0123, 0.0, 1.0]])
    write_recording(tmp_path / "a.csv", info, np.array([0.0, 1 / 52]), accel_g)
    dump = re.findall(r"^[0-9a-f]{4}  ((?:[0-9a-f]{2} ?)+)", PAGE, re.MULTILINE)
    assert bytes.fromhex("".join(dump)) == (tmp_path / "a.csv").read_bytes()


def test_every_key_of_a_head_is_specified():
    info = RecordingInfo(
        start=datetime(2026, 3, 1, tzinfo=UTC),
        fs_hz=52.0,
        timezone="UTC",
        site=Site.FOOT,
        side="left",
        person="P",
        orthosis="o",
        sensor=SensorIdentity("f", "n", "s", "w"),
        step_g=0.004,
        range_g=16.0,
        clock_trusted=True,
    )
    for key, _ in head_pairs(info):
        assert f"`{key}`" in PAGE
