import errno
import gzip
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.errors import RecordingError
from clonus_sense.model import RecordingInfo
from clonus_sense.recording import RecordingWriter, read_recording, round_as_written, write_recording
from tests.recording.made import HEAD, INFO, accel, all_samples, times


def append_second(writer, number):
    writer.append(times(50) + number, accel(50, seed=number))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.sampled_from([None, 0.004, 0.000488]))
def test_what_is_written_in_any_pieces_is_read_back_bit_for_bit(tmp_path_factory, sizes, step_g):
    path = tmp_path_factory.mktemp("writer") / "a.csv"
    info = RecordingInfo(start=None, fs_hz=50.0, step_g=step_g)
    n_samples = sum(sizes)
    times_s, accel_g = times(n_samples), accel(n_samples)
    with RecordingWriter(path, info) as writer:
        for rows in np.split(np.arange(n_samples), np.cumsum(sizes)[:-1]):
            writer.append(times_s[rows], accel_g[rows])
    recording = read_recording(path)
    rounded = round_as_written(times_s, accel_g, step_g)
    assert recording.info == info
    assert np.array_equal(all_samples(recording), rounded.accel_g)
    assert np.array_equal(recording.stretches[0].knot_times_s, rounded.times_s[::25])


def test_every_append_is_readable_at_once(tmp_path):
    path = tmp_path / "a.csv"
    with RecordingWriter(path, INFO) as writer:
        for number in range(3):
            append_second(writer, number)
            assert read_recording(path).n_samples == 50 * (number + 1)


@pytest.mark.skipif(os.name == "nt", reason="this system knows no SIGKILL")
def test_a_killed_recorder_loses_nothing_that_was_appended(tmp_path):
    path = tmp_path / "a.csv"
    code = (
        "import os, signal, sys; from pathlib import Path; from clonus_sense.recording import RecordingWriter\n"
        "from tests.recording.made import *\n"
        "writer = RecordingWriter(Path(sys.argv[1]), INFO); writer.append(times(77), accel(77))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    root = os.fspath(__import__("pathlib").Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    assert read_recording(path).n_samples == 77


def test_the_disk_is_told_to_keep_what_is_new_off_the_callers_thread(tmp_path):
    told = threading.Event()
    threads = []

    def sync(file_number):
        threads.append(threading.current_thread())
        told.set()

    with RecordingWriter(tmp_path / "a.csv", INFO, fsync_every_s=0.001, sync=sync) as writer:
        append_second(writer, 0)
        assert told.wait(timeout=10)
    assert threads[0] is not threading.current_thread()
    assert threads[-1] is threading.current_thread()  # closing waits until everything is kept


def test_nothing_new_is_not_kept_again(tmp_path):
    calls = []
    waits = threading.Semaphore(0)

    class Closing:
        """Lets the keeper wake three times without new rows."""

        def __init__(self):
            self.n_wakes = 0

        def wait(self, seconds):
            assert seconds == 10.0
            self.n_wakes += 1
            waits.release()
            return self.n_wakes > 3

        def set(self):
            self.n_wakes = 4

    writer = RecordingWriter(tmp_path / "a.csv", INFO, sync=calls.append)
    writer._closing.set()
    writer._thread.join()
    writer._closing = Closing()
    writer._unsynced.set()
    writer._keep_synced(10.0)
    assert len(calls) == 1
    writer.close()


def test_a_disk_that_fails_to_keep_is_said_at_the_next_append(tmp_path):
    failed = threading.Event()

    def sync(file_number):
        failed.set()
        raise OSError(errno.EIO, "Input/output error")

    writer = RecordingWriter(tmp_path / "a.csv", INFO, fsync_every_s=0.001, sync=sync)
    append_second(writer, 0)
    assert failed.wait(timeout=10)
    writer._thread.join()
    with pytest.raises(RecordingError, match="the disk fails"):
        append_second(writer, 1)


class FullDisk:
    """A file on a disk with room for so many bytes."""

    def __init__(self, file, room):
        self._file = file
        self._room = room

    def write(self, data):
        if not self._room:
            raise OSError(errno.ENOSPC, "No space left on device")
        n_bytes = self._file.write(data[: self._room])
        self._room -= n_bytes
        return n_bytes

    def __getattr__(self, name):
        return getattr(self._file, name)


@pytest.mark.parametrize("room", [0, 1, 29, 30, 31, 45, 1499])
def test_a_full_disk_leaves_whole_lines_and_one_sentence(tmp_path, room):
    path = tmp_path / "a.csv"
    writer = RecordingWriter(path, INFO)
    append_second(writer, 0)
    before = path.read_bytes()
    writer._file = FullDisk(writer._file, room)
    with pytest.raises(RecordingError, match="the disk is full; everything before is safe"):
        append_second(writer, 1)
    data = path.read_bytes()
    assert data.startswith(before)
    assert data.endswith(b"\n")
    assert 0 <= room - (len(data) - len(before)) < 40
    assert kinds_of_damage(path) == ()
    # There is room again: the same samples can be written.
    writer._file = writer._file._file
    append_second(writer, 1)
    append_second(writer, 2)
    writer.close()
    assert read_recording(path).n_samples == 150
    with pytest.raises(RecordingError, match="is closed"):
        append_second(writer, 3)


def kinds_of_damage(path):
    return tuple(finding.kind for finding in read_recording(path).findings)


@pytest.mark.skipif(sys.platform == "win32", reason="this system limits no file size")
def test_a_real_limit_of_the_system_leaves_whole_lines(tmp_path):
    path = tmp_path / "a.csv"
    code = (
        "import resource, sys; from pathlib import Path; from clonus_sense.recording import RecordingWriter\n"
        "from clonus_sense.errors import RecordingError; from tests.recording.made import *\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "writer = RecordingWriter(Path(sys.argv[1]), INFO)\n"
        "try:\n    writer.append(times(500), accel(500))\nexcept RecordingError as error:\n    print(error)"
    )
    root = os.fspath(__import__("pathlib").Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, capture_output=True, text=True, check=True)
    assert "the disk is full" in done.stdout
    assert path.read_bytes().endswith(b"\n")
    assert 960 < path.stat().st_size <= 1000


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.parquet"])
def test_an_existing_file_is_never_overwritten(tmp_path, name):
    path = tmp_path / name
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(RecordingError, match="never overwritten"):
        write_recording(path, INFO, times(5), accel(5))
    assert path.read_text(encoding="utf-8") == "precious"


def test_a_running_recording_is_never_overwritten(tmp_path):
    path = tmp_path / "a.csv"
    RecordingWriter(path, INFO).close()
    with pytest.raises(RecordingError, match="never overwritten"):
        RecordingWriter(path, INFO)
    assert path.read_text(encoding="utf-8") == HEAD


def test_time_must_go_forward(tmp_path):
    with RecordingWriter(tmp_path / "a.csv", INFO) as writer:
        append_second(writer, 1)
        for times_s in ([1.98, 2.0], [5.0, 5.0], [np.nan, 6.0]):
            with pytest.raises(RecordingError, match="time must go forward"):
                writer.append(np.array(times_s), accel(2))
        append_second(writer, 2)
    assert read_recording(tmp_path / "a.csv").n_samples == 100


def test_shapes_and_names_are_checked(tmp_path):
    with pytest.raises(RecordingError, match=r"5 times need acceleration of shape \(5, 3\), not \(4, 3\)"):
        write_recording(tmp_path / "a.csv", INFO, times(5), accel(4))
    with pytest.raises(RecordingError, match=r"ends in \.csv, \.csv\.gz or \.parquet"):
        write_recording(tmp_path / "a.txt", INFO, times(5), accel(5))
    with pytest.raises(RecordingError, match=r"ends in \.csv;"):
        RecordingWriter(tmp_path / "a.csv.gz", INFO)
    with pytest.raises(RecordingError, match="cannot be made"):
        RecordingWriter(tmp_path / "none" / "a.csv", INFO)
    with pytest.raises(RecordingError, match="cannot be written"):
        write_recording(tmp_path / "none" / "a.csv", INFO, times(5), accel(5))
    assert list(tmp_path.iterdir()) == []


def test_gzip_holds_the_same_bytes_and_no_date(tmp_path):
    for name in ("a.csv", "a.csv.gz", "b.csv.gz"):
        write_recording(tmp_path / name, INFO, times(500), accel(500))
    packed = (tmp_path / "a.csv.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "a.csv").read_bytes()
    assert packed == (tmp_path / "b.csv.gz").read_bytes()


def test_nan_is_written_and_read_as_a_gap(tmp_path):
    accel_g = accel(10)
    accel_g[4, 1] = np.nan
    write_recording(tmp_path / "a.csv", INFO, times(10), accel_g)
    assert [gap.reason for gap in read_recording(tmp_path / "a.csv").gaps] == ["not a number"]
