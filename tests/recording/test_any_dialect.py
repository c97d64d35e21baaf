"""Any way to write one recording as a foreign file reads back to the same samples, times and episodes."""

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector, detect_batches
from clonus_sense.model import SampleBatch, Stretch
from clonus_sense.recording import ForeignFormat, read_recording

G_IN = {"g": 1.0, "mg": 1000.0, "m/s^2": 9.80665, "Gal": 980.665}
BOUTS_S = (5.0, 14.0)
DURATION_S = 20.0
# Moments of all kinds: an afternoon, midnight, and both changes of the clocks in Berlin.
STARTS = (
    datetime(2026, 11, 15, 14, 30, tzinfo=UTC),
    datetime(2026, 11, 5, 22, 59, 50, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 50, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC),
)
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%d %b %Y")
CLOCKS = ("%H:%M:%S.%f", "%H:%M:%S:%f", "%I:%M:%S.%f %p")
ZONES = ("Europe/Berlin", "Asia/Tokyo", "America/St_Johns", "UTC")


@dataclass(frozen=True)
class Dialect:
    """One way to write a recording."""

    fs_hz: float
    unit: str
    order: tuple[int, ...]
    separator: str
    point: str
    time: str
    zone: str
    states_offset: bool
    start: datetime
    has_units_below: bool
    is_quoted: bool
    preamble: str


DIALECTS = st.builds(
    Dialect,
    fs_hz=st.sampled_from([25.0, 50.0, 100.0]),
    unit=st.sampled_from(sorted(G_IN)),
    order=st.permutations(range(5)).map(tuple),
    separator=st.sampled_from([",", ";", "\t"]),
    point=st.sampled_from([".", ","]),
    time=st.sampled_from(
        ["s", "ms", "epoch s", "epoch ms", "epoch ns", "days", *(f"{d} {c}" for d in DATES for c in CLOCKS)]
    ),
    zone=st.sampled_from(ZONES),
    states_offset=st.booleans(),
    start=st.sampled_from(STARTS),
    has_units_below=st.booleans(),
    is_quoted=st.booleans(),
    preamble=st.sampled_from(["", "# a logger\n", "Logger 3\nSerial: 1,2\n\n"]),
)


@cache
def samples(fs_hz):
    """Two bouts of 6 Hz on 1 g and a little noise, in g, rounded to what the files hold."""
    times_s = np.arange(round(DURATION_S * fs_hz)) / fs_hz
    accel_g = np.array([0.1, 0.2, 0.975]) + np.random.default_rng(5).normal(0, 0.003, (len(times_s), 3))
    for onset_s in BOUTS_S:
        inside = (times_s >= onset_s) & (times_s < onset_s + 3.0)
        accel_g[inside, 0] += 0.32 * np.sin(2 * np.pi * 6.0 * (times_s[inside] - onset_s))
    return times_s, np.round(accel_g, 5)


def episodes_of(batches):
    return [
        (one.episode_class, len(one.beat_times_s), one.onset_s, one.offset_s)
        for one in detect_batches(batches, Detector(DetectionSettings()), source=Path("file"))
    ]


@cache
def true_episodes(fs_hz):
    times_s, accel_g = samples(fs_hz)
    stretch = Stretch(0, fs_hz)
    found = episodes_of([SampleBatch(stretch, 0, np.asfortranarray(accel_g), times_s[:: stretch.knot_every].copy())])
    assert len(found) == len(BOUTS_S)
    return found


def write_times(dialect):
    """Times of all rows as texts."""
    times_s, _ = samples(dialect.fs_hz)
    if dialect.time in ("s", "ms"):
        return [f"{t:.3f}" if dialect.time == "s" else f"{t * 1000:.0f}" for t in times_s]
    moments = [dialect.start + timedelta(seconds=float(t)) for t in times_s]
    if dialect.time.startswith("epoch"):
        per_second = {"s": 1, "ms": 10**3, "ns": 10**9}[dialect.time.split()[1]]
        whole = [round((one - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) for one in moments]
        return [f"{us / 1e6:.3f}" if per_second == 1 else str(us * per_second // 10**6) for us in whole]
    local = [one.astimezone(ZoneInfo(dialect.zone)) for one in moments]
    if dialect.time == "days":
        day_0 = datetime(1899, 12, 30, tzinfo=UTC)
        return [f"{(one.replace(tzinfo=UTC) - day_0) / timedelta(days=1):.9f}" for one in local]
    offset = " %z" if dialect.states_offset else ""
    return [one.strftime(dialect.time.replace("%f", f"{one.microsecond // 1000:03d}") + offset) for one in local]


def write(path, dialect):
    """Write a file with columns for time, three axes and a gyroscope, in the order of the dialect."""
    _, accel_g = samples(dialect.fs_hz)
    columns = [write_times(dialect), *(accel_g * G_IN[dialect.unit]).T, np.zeros(len(accel_g))]
    is_number = not dialect.time.startswith("%")
    texts = [[cell if isinstance(cell, str) else f"{cell:.5f}" for cell in columns[number]] for number in dialect.order]
    axes = ("time", "accX", "accY", "accZ", "gyro")
    units = ("" if not is_number else dialect.time.split()[-1], dialect.unit, dialect.unit, dialect.unit, "deg/s")
    heads = [[axes[number] for number in dialect.order]]
    if dialect.has_units_below:
        heads.append([units[number] for number in dialect.order])
    else:
        heads = [[f"{axes[n]} ({units[n]})" if n and units[n] else axes[n] for n in dialect.order]]
    lines = []
    for cells in zip(*texts, strict=True):
        shown = [
            cell.replace(".", dialect.point) if number or is_number else cell
            for number, cell in zip(dialect.order, cells, strict=True)
        ]
        lines.append(dialect.separator.join(f'"{cell}"' if dialect.is_quoted else cell for cell in shown))
    top = [dialect.separator.join(f'"{name}"' if dialect.is_quoted else name for name in head) for head in heads]
    path.write_text(dialect.preamble + "\n".join([*top, *lines, ""]), encoding="utf-8")


@settings(max_examples=60, deadline=None)
@given(dialect=DIALECTS)
def test_any_dialect_reads_back_to_the_same_episodes(dialect):
    if dialect.point == "," and dialect.separator == ",":
        # A comma in a field needs quotes where commas stand between the fields.
        dialect = replace(dialect, is_quoted=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "logger.csv"
        write(path, dialect)
        recording = read_recording(path, foreign=ForeignFormat(timezone=dialect.zone))
    times_s, accel_g = samples(dialect.fs_hz)
    (stretch,) = recording.stretches
    assert stretch.time_map.seconds(np.arange(len(times_s))) == pytest.approx(times_s, abs=0.01)
    assert stretch.accel_g == pytest.approx(accel_g, abs=2e-5)
    if dialect.time not in ("s", "ms"):
        assert abs(recording.info.start - dialect.start) < timedelta(milliseconds=10)
    found, true = episodes_of(recording.batches()), true_episodes(dialect.fs_hz)
    assert [one[:2] for one in found] == [one[:2] for one in true]
    for one, other in zip(found, true, strict=True):
        assert one[2:] == pytest.approx(other[2:], abs=0.01)
