"""Fields that come or go further down in a file."""

import gzip

import numpy as np
import pytest

from clonus_sense.recording import read_recording
from tests.recording.made import HEAD, accel, all_samples, kinds, times

N = 6000
# Long enough that the change lies behind the first megabyte.
DEVICE = "0" * 400
ACCEL_G = accel(N)


def lines_of(fields_later, device=DEVICE):
    """Rows of time, x, y, z and a device; the second half as ``fields_later`` has them."""
    rows = []
    for number, (time_s, (x, y, z)) in enumerate(zip(times(N), ACCEL_G, strict=True)):
        fields = [f"{time_s:.3f}", f"{x:.5f}", f"{y:.5f}", f"{z:.5f}", device]
        rows.append(",".join(fields if number < N // 2 else fields_later(number, fields)))
    return "\n".join([*rows, ""])


@pytest.mark.parametrize(
    "head", ["time,ax,ay,az,device\n", HEAD.replace("z_g\n", "z_g,device\n")], ids=["foreign", "ours"]
)
@pytest.mark.parametrize(
    "fields_later",
    [
        lambda number, fields: [*fields, "98"],
        lambda number, fields: [*fields, "98", "3.7"],
        lambda number, fields: [str(number), *fields],
        lambda number, fields: [fields[0], str(number % 9), *fields[1:]],
        lambda number, fields: fields[:4],
    ],
    ids=["one behind", "two behind", "one in front", "one behind the time", "one gone"],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_columns_are_followed_where_fields_come_or_go(tmp_path, head, fields_later, pack):
    path = tmp_path / "a.csv"
    path.write_bytes(pack((head + lines_of(fields_later)).encode()))
    recording = read_recording(path)
    assert all_samples(recording) == pytest.approx(ACCEL_G, abs=1e-4)
    assert recording.gaps == ()
    assert recording.duration_s == pytest.approx(N / 50)
    assert "layout-changed" in kinds(recording)
    text = next(finding.text for finding in recording.findings if finding.kind == "layout-changed")
    assert f"From line {head.count(chr(10)) + N // 2 + 1} on" in text


def test_a_change_in_the_first_part_of_a_file_is_followed(tmp_path):
    text = "time,ax,ay,az,device\n" + lines_of(lambda number, fields: [*fields, "98"], device="7")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    recording = read_recording(tmp_path / "a.csv")
    assert all_samples(recording) == pytest.approx(ACCEL_G, abs=1e-4)
    assert "layout-changed" in kinds(recording)


def test_a_few_torn_lines_are_no_layout(tmp_path):
    rows = lines_of(lambda number, fields: fields).split("\n")
    for number in (100, 101, 102, 4000):
        rows[number] = "1.0,2"
    (tmp_path / "a.csv").write_text("time,ax,ay,az,device\n" + "\n".join(rows), encoding="utf-8")
    recording = read_recording(tmp_path / "a.csv")
    assert "layout-changed" not in kinds(recording)
    assert np.count_nonzero(recording.n_samples) == 1
    assert sum(gap.duration_s for gap in recording.gaps) == pytest.approx(0.06)
