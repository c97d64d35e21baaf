import gzip
import subprocess
import sys

import numpy as np
import pytest

from clonus_sense.errors import NotARecordingError, RecordingError
from clonus_sense.model import RecordingInfo
from clonus_sense.recording import read_recording, stream_recording, write_recording
from tests.recording.made import HEAD, INFO, accel, all_samples, kinds, times, write_plain


def write_text(path, rows, head=HEAD):
    path.write_text(head + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def rows_of(n_samples, fs_hz=50.0):
    return [f"{number / fs_hz:.6f},0.0100,0.0200,0.9871" for number in range(n_samples)]


def check_cut(path, data, n_bytes, head_bytes):
    """A file cut after ``n_bytes`` gives every whole line before, and says what was lost."""
    path.write_bytes(data[:n_bytes])
    whole = data[:n_bytes].rfind(b"\n") + 1
    recording = read_recording(path)
    assert recording.n_samples == data[head_bytes:whole].count(b"\n")
    assert np.all(all_samples(recording)[:, 2] == 0.9871)
    assert kinds(recording) == (["torn-end"] if whole < n_bytes else [])


def test_file_cut_at_each_byte_of_its_last_two_lines(tmp_path):
    path = write_text(tmp_path / "a.csv", rows_of(40))
    data = path.read_bytes()
    last_two = len("\n".join(rows_of(40)[-2:])) + 1
    for n_bytes in range(len(data) - last_two, len(data) + 1):
        check_cut(path, data, n_bytes, len(HEAD))


def test_file_cut_at_twenty_random_places(tmp_path):
    path = write_text(tmp_path / "a.csv", rows_of(2000))
    data = path.read_bytes()
    first_row_ends = len(HEAD) + len(rows_of(1)[0]) + 1
    for n_bytes in np.random.default_rng(3).integers(first_row_ends, len(data), 20):
        check_cut(path, data, int(n_bytes), len(HEAD))


def test_file_cut_before_its_first_whole_row_is_refused_in_one_sentence(tmp_path):
    path = write_text(tmp_path / "a.csv", rows_of(5))
    data = path.read_bytes()
    for n_bytes in range(1, len(HEAD) + len(rows_of(1)[0])):
        path.write_bytes(data[:n_bytes])
        with pytest.raises(RecordingError, match=r"a\.csv: the file (ends within its head|holds a head)"):
            read_recording(path)


def test_a_last_number_cut_in_the_middle_is_not_trusted(tmp_path):
    path = write_text(tmp_path / "a.csv", [])
    path.write_text(HEAD + "0.000000,0.0,0.0,0.9871\n0.020000,0.0,0.0,0.9", encoding="utf-8")
    assert all_samples(read_recording(path))[:, 2].tolist() == [0.9871]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: b"\xff\xfe" + text.decode().encode("utf-16-le"),
        lambda text: b"\xfe\xff" + text.decode().encode("utf-16-be"),
        lambda text: text.replace(b",,", b","),
        gzip.compress,
    ],
    ids=["crlf", "bom", "utf-16-le", "utf-16-be", "same", "gzip"],
)
def test_another_dress_of_the_same_text_reads_the_same(tmp_path, change):
    path = tmp_path / "a.csv"
    times_s, accel_g = write_plain(path)
    path.write_bytes(change(path.read_bytes()))
    recording = read_recording(path)
    assert np.array_equal(all_samples(recording), np.round(accel_g, 4))
    assert recording.info == INFO
    assert recording.findings == ()
    assert recording.duration_s == pytest.approx(times_s[-1] + 0.02)


def test_head_in_cp932_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes((HEAD.replace("foot\n", "foot\n# person: 患者\n") + "0,0,0,1\n0.02,0,0,1\n").encode("cp932"))
    recording = read_recording(path)
    assert recording.info.person == "患者"
    assert kinds(recording) == ["encoding"]


def test_further_columns_and_another_order_are_read(tmp_path):
    path = tmp_path / "a.csv"
    head = HEAD.replace("time_s,x_g,y_g,z_g", "z_g,gyro,time_s,y_g,x_g")
    write_text(path, ["3,9,0.00,2,1", "6,9,0.02,5,4"], head)
    assert all_samples(read_recording(path)).tolist() == [[1, 2, 3], [4, 5, 6]]


def test_text_in_the_middle_costs_no_sample(tmp_path):
    rows = rows_of(1000)
    rows.insert(600, "battery low, please charge")
    recording = read_recording(write_text(tmp_path / "a.csv", rows))
    assert recording.n_samples == 1000
    assert recording.gaps == ()
    assert kinds(recording) == ["unreadable-lines"]
    assert "the first is line 605" in recording.findings[0].text


def test_a_row_that_lost_a_field_is_a_gap(tmp_path):
    rows = rows_of(1000)
    rows[600] = "12.000000,0.01"
    recording = read_recording(write_text(tmp_path / "a.csv", rows))
    assert recording.n_samples == 999
    assert [(gap.reason, round(gap.start_s, 6), gap.end_s) for gap in recording.gaps] == [
        ("unreadable lines", 12.0, 12.02)
    ]


def test_one_nan_and_a_hole_of_two_minutes(tmp_path):
    rows = rows_of(20_000)
    rows[100] = "2.000000,nan,0,1"
    del rows[5000:11_000]
    recording = read_recording(write_text(tmp_path / "a.csv", rows))
    assert [(gap.reason, round(gap.start_s, 6), gap.end_s) for gap in recording.gaps] == [
        ("not a number", 2.0, 2.02),
        ("no samples", 100.0, 220.0),
    ]
    assert recording.measured_s == pytest.approx(400 - 0.02 - 120)
    assert kinds(recording) == ["not-a-number"]


def test_nul_bytes_of_a_power_cut_at_the_end(tmp_path):
    path = write_text(tmp_path / "a.csv", rows_of(500))
    with path.open("ab") as file:
        file.write(b"10.000000,0.0" + b"\0" * 5000)
    recording = read_recording(path)
    assert recording.n_samples == 500
    assert kinds(recording) == ["torn-end", "nul-bytes"]


def test_gzip_torn_in_the_middle_is_read_up_to_there(tmp_path):
    path = tmp_path / "a.csv.gz"
    write_plain(path, 5000)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    recording = read_recording(path)
    assert 1500 < recording.n_samples < 3500
    assert np.array_equal(all_samples(recording), np.round(accel(5000), 4)[: recording.n_samples])
    assert "torn-gzip" in kinds(recording)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\0" * 100_000, "NUL bytes"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "this is a picture"),
        (b"Dear diary\nslept well\n", "no table of numbers"),
        (b"PAR1 and then nothing", "cut off"),
        (b"\x1f\x8b broken", "cut off or damaged before its first whole line"),
        (HEAD.encode(), "not one whole sample"),
        (HEAD.encode() + b"a,b,c,d\n" * 10, "line 5"),
        (HEAD.encode() + b"0,nan,0,1\n" * 10, "not one readable sample"),
    ],
)
def test_what_is_no_recording_is_refused_in_one_sentence(tmp_path, data, sentence):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(RecordingError, match=sentence) as caught:
        read_recording(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(RecordingError, match="there is no such file"):
        stream_recording(tmp_path / "none.csv")
    with pytest.raises(RecordingError, match="is a folder; name the recordings in it"):
        stream_recording(tmp_path)


def test_ten_gigabytes_of_nul_are_refused_at_once(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    with pytest.raises(NotARecordingError, match="NUL bytes"):
        stream_recording(path)


def test_a_sensor_two_per_cent_off_keeps_its_nominal_rate_and_true_times(tmp_path):
    path = tmp_path / "a.csv"
    write_recording(path, INFO, times(5000, 51.0), accel(5000))
    recording = read_recording(path)
    assert recording.info.fs_hz == recording.stretches[0].stretch.fs_hz == 50.0
    assert recording.stretches[0].time_map.seconds(2000) == pytest.approx(2000 / 51, abs=1e-6)
    assert recording.findings == ()


def test_a_wrong_rate_in_the_head_is_replaced_and_said(tmp_path):
    path = tmp_path / "a.csv"
    write_recording(path, INFO, times(5000, 25.0), accel(5000))
    recording = read_recording(path)
    assert recording.info.fs_hz == recording.stretches[0].stretch.fs_hz == 25.0
    assert kinds(recording) == ["rate-differs"]
    assert recording.gaps == ()


def test_a_missing_rate_is_measured(tmp_path):
    path = write_text(tmp_path / "a.csv", rows_of(500), HEAD.replace("# fs_hz: 50.0\n", ""))
    recording = read_recording(path)
    assert recording.info.fs_hz == 50.0
    assert kinds(recording) == ["rate-measured"]


def test_uneven_stamps_in_our_own_format_get_an_even_clock(tmp_path):
    path = write_text(tmp_path / "a.csv", [f"{n // 10 * 0.2:.6f},0,0,1" for n in range(6000)])
    recording = read_recording(path)
    assert recording.gaps == ()
    assert kinds(recording) == ["uneven-stamps"]
    assert np.diff(recording.window(10.0, 20.0)[0].times_s) == pytest.approx(0.02, abs=1e-4)


def test_a_recording_that_is_mostly_gaps_is_warned_about(tmp_path):
    rows = [row for number, row in enumerate(rows_of(3000)) if number % 20]
    assert kinds(read_recording(write_text(tmp_path / "a.csv", rows))) == ["many-gaps"]


def test_batches_can_be_read_twice(tmp_path):
    path = tmp_path / "a.csv"
    write_plain(path, 30_000)
    with stream_recording(path) as stream:
        first = sum(len(batch.accel_g) for batch in stream.batches())
        second = sum(len(batch.accel_g) for batch in stream.batches())
    assert first == second == stream.n_samples == 30_000


def test_batches_are_small_and_each_column_is_contiguous(tmp_path):
    path = tmp_path / "a.csv"
    write_plain(path, 120_000)
    batches = list(stream_recording(path).batches())
    assert len(batches) >= 3
    assert all(batch.accel_g[:, axis].flags.c_contiguous for batch in batches for axis in range(3))
    assert [b.first_index for b in batches] == np.cumsum([0, *[len(b.accel_g) for b in batches[:-1]]]).tolist()
    knots_s = np.concatenate([batch.knot_times_s for batch in batches])
    assert np.array_equal(knots_s, np.round(times(120_000)[::25], 6))


def test_progress_is_told(tmp_path):
    path = tmp_path / "a.csv"
    write_plain(path, 30_000)
    seen = []
    read_recording(path, on_progress=seen.append)
    assert seen[-1] == 1.0
    assert seen == sorted(seen)


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".parquet"])
def test_all_containers_read_the_same(tmp_path, suffix):
    info = RecordingInfo(start=None, fs_hz=50.0, step_g=0.000488, notes=(("source", "simulated"),))
    path = tmp_path / f"a{suffix}"
    times_s = times(3000)
    times_s[1000:] += 7.5
    write_recording(path, info, times_s, accel(3000))
    plain = tmp_path / "plain.csv"
    write_recording(plain, info, times_s, accel(3000))
    read, expected = read_recording(path), read_recording(plain)
    assert read.info == expected.info == info
    assert read.gaps == expected.gaps
    assert read.duration_s == expected.duration_s
    assert np.array_equal(all_samples(read), all_samples(expected))


def test_importing_recordings_pulls_in_neither_plots_nor_radio():
    code = (
        "import sys, clonus_sense.recording; print([m for m in ('matplotlib', 'bleak', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
