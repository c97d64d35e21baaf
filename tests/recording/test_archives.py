"""Zip archives as phones export them, files of other programs, and files that are made to fill a computer."""

import gzip
import io
import os
import resource
import zipfile
from contextlib import ExitStack

import numpy as np
import pytest

from clonus_sense.errors import NotARecordingError, RecordingError
from clonus_sense.recording import read_recording, stream_recording
from clonus_sense.recording.known_formats import KNOWN_FORMATS
from tests.recording.made import HEAD, accel, all_samples, kinds, times

N = 1500
ACCEL_G = accel(N)
HALF_GIGABYTE = 1 << 29


def table(header="seconds_elapsed,z,y,x", accel_g=ACCEL_G, scale=9.80665):
    """A CSV as phone apps write it."""
    columns = [times(len(accel_g)), *(accel_g[:, axis] * scale for axis in (2, 1, 0))]
    rows = [",".join(f"{value:.6f}" for value in row) for row in zip(*columns, strict=True)]
    return "\n".join([header, *rows, ""])


def write_zip(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", ".", 1), text)
    return path


def test_the_one_accelerometer_in_a_phones_archive_is_read(tmp_path):
    linear, gyro = ACCEL_G - [0.0, 0.0, 1.0], np.random.default_rng(2).normal(0.0, 0.01, (N, 3))
    path = write_zip(
        tmp_path / "export.zip",
        TotalAcceleration_csv=table(),
        AccelerometerUncalibrated_csv=table(accel_g=ACCEL_G * 1.02),
        Accelerometer_csv=table(accel_g=linear),
        Gyroscope_csv=table(accel_g=gyro),
        Metadata_csv="version,device\n3,phone\n",
        meta__device_csv="property,value\nbrand,x\n",
    )
    recording = read_recording(path)
    assert all_samples(recording) == pytest.approx(ACCEL_G, abs=1e-5)
    assert recording.info.fs_hz == pytest.approx(50.0)
    with stream_recording(path) as stream:
        assert [sum(len(batch.accel_g) for batch in stream.batches()) for _ in range(2)] == [N, N]


def test_a_recording_of_ours_in_an_archive_is_read(tmp_path):
    rows = "".join(f"{n / 50:.6f},0.0100,0.0200,0.9871\n" for n in range(500))
    recording = read_recording(write_zip(tmp_path / "a.zip", night_csv=HEAD + rows))
    assert recording.n_samples == 500
    assert recording.info.site == "foot"


def test_an_archive_of_several_recordings_asks_for_one(tmp_path):
    path = write_zip(tmp_path / "a.zip", left_csv=table(), right_csv=table())
    with pytest.raises(NotARecordingError, match=r"several recordings \(left\.csv, right\.csv\); unpack it"):
        read_recording(path)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"notes_pdf": "x"}, "holds no CSV file"),
        ({"Gyroscope_csv": "time,x,y\n1,2,3\n"}, "Gyroscope.csv in this zip archive: this is no table"),
        ({"a_csv": "x\n", "b_csv": "y\n"}, r"none of the files in this zip archive .*a\.csv, b\.csv"),
    ],
)
def test_an_archive_without_a_recording_says_so(tmp_path, members, sentence):
    with pytest.raises(NotARecordingError, match=sentence):
        read_recording(write_zip(tmp_path / "a.zip", **members))


def test_a_cut_archive_is_one_sentence(tmp_path):
    path = write_zip(tmp_path / "a.zip", a_csv=table())
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(NotARecordingError, match="damaged or cut off"):
        read_recording(path)


def test_damage_inside_an_archive_keeps_what_was_before(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", table(accel_g=accel(60_000)))
    data = bytearray(path.read_bytes())
    data[-200_000] ^= 1
    path.write_bytes(data)
    recording = read_recording(path)
    assert recording.n_samples > 30_000
    assert "torn-gzip" in kinds(recording)


@pytest.mark.parametrize("known", KNOWN_FORMATS[:-1], ids=lambda known: known.what)
def test_files_of_other_programs_are_named_with_what_to_do(tmp_path, known):
    if known.is_unpacked:
        return
    for begin in known.begins:
        path = tmp_path / "a.csv"
        path.write_bytes(b"\1" * known.at + begin + bytes(range(256)) * 8)
        for content in (path.read_bytes(), gzip.compress(path.read_bytes())):
            path.write_bytes(content)
            with pytest.raises(NotARecordingError, match="this is a") as refused:
                read_recording(path)
            assert str(refused.value).endswith(f"this is {known.what}; {known.advice}.")
    for ending in known.endings:
        path = tmp_path / f"night{ending.upper()}"
        path.write_bytes(bytes(range(1, 256)) * 8)
        with pytest.raises(NotARecordingError) as refused:
            read_recording(path)
        assert known.what in str(refused.value)


def test_spreadsheets_and_actigraph_recordings_are_no_archives_to_unpack(tmp_path):
    for name, member, what in (("a.bin", "log.bin", "ActiGraph"), ("b", "[Content_Types].xml", "spreadsheet")):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(member, "x")
        (tmp_path / name).write_bytes(buffer.getvalue())
        with pytest.raises(NotARecordingError, match=what):
            read_recording(tmp_path / name)


@pytest.mark.parametrize("text", ['{"sensor": "Accelerometer", "x": 1}\n' * 50, '[{"x": 1, "y": 2, "z": 3, "t": 4}]'])
def test_json_is_named(tmp_path, text):
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(
        NotARecordingError, match=r"this is JSON and no table of numbers; export the accelerometer as CSV"
    ):
        read_recording(tmp_path / "a.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused_and_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(NotARecordingError, match="a pipe or a device and no file"):
        read_recording(tmp_path / "a.csv")


def test_a_head_of_twenty_thousand_lines_is_refused(tmp_path):
    head = HEAD.replace("time_s,", "".join(f"# key {n}: v\n" for n in range(20_000)) + "time_s,")
    (tmp_path / "a.csv").write_text(head + "0,0,0,1\n0.02,0,0,1\n", encoding="utf-8")
    with pytest.raises(RecordingError, match="more than 1000 lines"):
        read_recording(tmp_path / "a.csv")


@pytest.mark.parametrize("head", [HEAD, "time,ax,ay,az\n"], ids=["ours", "foreign"])
@pytest.mark.parametrize("pack", ["gzip", "zip"])
def test_a_bomb_of_one_stamp_stays_small(tmp_path, head, pack):
    start = "".join(f"{n / 50:.3f},0.01,0.02,0.99\n" for n in range(60_000))
    line = b"1200.000,0.01,0.02,0.99\n"
    path = tmp_path / ("a.csv.gz" if pack == "gzip" else "a.zip")
    with ExitStack() as stack:
        if pack == "gzip":
            file = stack.enter_context(gzip.open(path, "wb"))
        else:
            archive = stack.enter_context(zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED))
            file = stack.enter_context(archive.open("a.csv", "w"))
        file.write((head + start).encode())
        for _ in range(64):
            file.write(line * (1 << 15))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with stream_recording(path) as stream, pytest.raises(RecordingError, match="the time stands still at 1190"):
        for _ in stream.batches():
            pass
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < HALF_GIGABYTE
