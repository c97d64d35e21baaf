import errno
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import numpy as np
import pytest

from clonus_sense.model import RecordingInfo
from clonus_sense.recording import (
    UNFINISHED,
    EntryKind,
    Ledger,
    RecordingWriter,
    hold_ended,
    is_in_progress,
    ledger_path,
    read_recording,
    stream_recording,
)
from clonus_sense.recording.in_progress import merging_path

START = datetime(2026, 11, 24, 14, tzinfo=UTC)
RECORD = (
    "import sys, time; from datetime import datetime, UTC; from pathlib import Path\n"
    "from clonus_sense.recording import Ledger, ledger_path\n"
    "ledger = Ledger(ledger_path(Path(sys.argv[1])), datetime.now(UTC)); print('begun', flush=True); time.sleep(60)"
)


def second_of(number, *, jitter_s=0.0):
    """One second of samples that tell their number, and their times."""
    numbers = np.arange(50 * number, 50 * (number + 1))
    times_s = numbers / 50 + jitter_s * (numbers % 5 == 0)
    return times_s, np.column_stack([numbers % 100 / 1000, 0 * numbers, 1 + 0 * numbers])


@pytest.fixture
def writer(tmp_path):
    """A recording of ten seconds whose recorder goes on."""
    path = tmp_path / "night.csv"
    ledger = Ledger(ledger_path(path), START)
    with RecordingWriter(path, RecordingInfo(start=START, fs_hz=50.0)) as writing:
        for number in range(10):
            writing.append(*second_of(number))
        yield writing
    ledger.close()


def test_a_recording_is_in_progress_while_its_recorder_lives_and_not_after_a_kill(tmp_path):
    path = tmp_path / "night.csv"
    assert not is_in_progress(path)
    with subprocess.Popen([sys.executable, "-c", RECORD, str(path)], stdout=subprocess.PIPE, text=True) as recorder:
        assert recorder.stdout.readline() == "begun\n"
        path.touch()
        link = tmp_path / "link.csv"
        link.symlink_to(path)
        assert is_in_progress(path)
        assert is_in_progress(link)
        recorder.kill()
    assert not is_in_progress(path)
    assert not is_in_progress(link)


def test_what_is_read_of_a_recording_in_progress_is_what_stood_there_when_it_was_opened(writer, tmp_path):
    with stream_recording(tmp_path / "night.csv") as stream:
        writer.append(*second_of(10))
        assert sum(len(batch.accel_g) for batch in stream.batches()) == 500
        assert stream.findings == (UNFINISHED,)


def test_a_recording_whose_stamps_are_uneven_is_read_twice_and_alike_although_it_grows(tmp_path):
    path = tmp_path / "night.csv"
    ledger = Ledger(ledger_path(path), START)
    with RecordingWriter(path, RecordingInfo(start=START, fs_hz=50.0)) as writing:
        for number in range(20):
            writing.append(*second_of(number, jitter_s=0.013))
        with stream_recording(path) as stream:
            assert stream._source.stamps.uneven
            batches = stream.batches()
            first = next(batches)
            writing.append(*second_of(20, jitter_s=0.013))
            assert len(first.accel_g) + sum(len(batch.accel_g) for batch in batches) == 1000
    ledger.close()


def test_one_part_of_a_recording_can_be_read_again_when_it_has_grown(writer, tmp_path):
    before = read_recording(tmp_path / "night.csv")
    writer.append(*second_of(10))
    again = read_recording(tmp_path / "night.csv", until_s=before.duration_s)
    assert again.duration_s == before.duration_s
    assert np.array_equal(again.stretches[0].accel_g, before.stretches[0].accel_g)
    assert read_recording(tmp_path / "night.csv").n_samples == 550


def test_who_merges_is_waited_for_and_is_not_taken_for_a_recorder(tmp_path):
    path = tmp_path / "night.csv"
    other = Ledger(ledger_path(path), START)  # holds the lock as a merging program does
    merging_path(path).touch()

    def end_merging():
        time.sleep(0.8)
        merging_path(path).unlink()
        other.close()

    thread = threading.Thread(target=end_merging)
    thread.start()
    with hold_ended(path) as has_ended:
        assert has_ended
    thread.join()


@pytest.mark.parametrize("has_ended", [False, True])
def test_where_there_are_no_locks_the_recorders_own_word_counts(tmp_path, monkeypatch, has_ended):
    def refuse(_file):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("clonus_sense.recording.in_progress.lock_file", refuse)
    monkeypatch.setattr("clonus_sense.recording.ledger.lock_file", refuse)
    path = tmp_path / "night.csv"
    ledger = Ledger(ledger_path(path), START)
    ledger.write(0.0, EntryKind.STARTED)
    if has_ended:
        ledger.write(60.0, EntryKind.ENDED)
    ledger.close()
    with hold_ended(path) as known_to_have_ended:
        assert known_to_have_ended is has_ended
