"""A disk without room: for a while, to the end of the night, or from its beginning."""

import asyncio
import errno
import io
import os

import numpy as np
import pytest

from clonus_sense import read_recording
from clonus_sense.recorder import reserve
from clonus_sense.recorder.reserve import Reserve
from clonus_sense.recording import EntryKind, Ledger, ledger_path, read_ledger
from clonus_sense.recording.file_lock import lock_file
from tests.recorder.nights import FS_HZ, START, leg, open_sensor, record, recorded_accel

MINUTES = 25
LEG = leg(60 * MINUTES, bouts_at_s=(30.0, 1200.0))


class Disk:
    """A disk that is full for a while: every file written to on it fails, half a line before that included."""

    def __init__(self, monkeypatch):
        self.is_full = self.has_taken_some = False
        disk = self

        class File(io.FileIO):
            def write(self, data):
                if not disk.is_full:
                    return super().write(data)
                disk.has_taken_some = not disk.has_taken_some
                if disk.has_taken_some:
                    return super().write(bytes(data)[:10])
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(io, "FileIO", File)


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def night_full_from(disk, folder, start_s, end_s=None, *, ring_samples=0, vanish_at_s=None):
    async def scenario(night):
        if vanish_at_s is not None:
            asyncio.get_running_loop().call_later(vanish_at_s, night.air.vanish, night.sensor, 20.0)
        await asyncio.sleep(start_s)
        disk.is_full = True
        if end_s is not None:
            await asyncio.sleep(end_s - start_s)
            disk.is_full = False

    sensors = lambda: [open_sensor(LEG, ring_samples=ring_samples)]  # noqa: E731
    return record(scenario, sensors, folder, minutes=MINUTES, radio="in process")


def assert_what_is_written_came(outcome):
    """Every row is a sample that reached the host, in its place; gives those that are missing."""
    written = np.rint(recorded_accel(outcome.read()) * 4096)
    delivered = outcome.delivered()
    expected = np.rint(LEG[delivered] * 4096)
    at = 0
    missing = []
    for number, row in zip(delivered.tolist(), expected, strict=True):
        if at < len(written) and np.array_equal(written[at], row):
            at += 1
        else:
            missing.append(number)
    assert at == len(written)
    return missing


@pytest.mark.parametrize("ring_samples", [0, 3000])
def test_what_comes_while_the_disk_is_full_for_some_minutes_is_written_when_there_is_room(tmp_path, disk, ring_samples):
    outcome = night_full_from(disk, tmp_path, 300, 600, ring_samples=ring_samples, vanish_at_s=400)
    assert outcome.error is None
    assert assert_what_is_written_came(outcome) == []
    assert outcome.recordings[0].trouble == ""
    assert not any(gap["reason"] == "the disk was full" for gap in outcome.gaps())
    assert len(outcome.gaps()) == 1  # the sensor was away; told although the ledger was on that disk too
    assert len(outcome.recordings[0].episodes) == 2


def test_a_disk_that_is_full_for_longer_costs_a_gap_with_its_reason_and_nothing_else(tmp_path, disk):
    outcome = night_full_from(disk, tmp_path, 300, 1000)
    assert outcome.error is None
    missing = assert_what_is_written_came(outcome)
    (gap,) = outcome.gaps()
    assert gap["reason"] == "the disk was full"
    assert gap["start_s"] == pytest.approx(300, abs=1)
    assert len(missing) == pytest.approx(gap["duration_s"] * FS_HZ, abs=2)
    assert gap["duration_s"] == pytest.approx(600, abs=5)
    # What is found live behind the gap is what is found in the file.
    assert [one.onset_s for one in outcome.recordings[0].episodes] == pytest.approx([30, 1200], abs=1.5)


def test_a_disk_that_is_full_to_the_end_keeps_what_there_is_and_says_so(tmp_path, disk):
    outcome = night_full_from(disk, tmp_path, 1200)
    assert outcome.error is None
    (finished,) = outcome.recordings
    assert "the disk was full when the night ended; the last" in finished.trouble
    assert finished.n_samples == read_recording(finished.path).n_samples == pytest.approx(1200 * FS_HZ, rel=0.01)
    assert finished.path.read_bytes().endswith(b"\n")
    assert ledger_path(finished.path).read_bytes().endswith(b"\n")


def test_a_night_that_begins_on_a_full_disk_is_recorded_from_the_minute_on_in_which_there_is_room(tmp_path, disk):
    outcome = night_full_from(disk, tmp_path, 0, 150)
    assert outcome.error is None
    assert 181 * FS_HZ >= len(assert_what_is_written_came(outcome)) >= 149 * FS_HZ


def test_a_ledger_on_a_full_disk_writes_its_lines_later_and_whole(tmp_path, disk, caplog):
    ledger = Ledger(tmp_path / "a.events.jsonl", START)
    ledger.write(0.0, EntryKind.STARTED)
    disk.is_full = True
    ledger.write(1.0, EntryKind.MARKER, marker="felt")
    ledger.write(2.0, EntryKind.BATTERY, percent=90)
    disk.is_full = False
    ledger.write(3.0, EntryKind.ENDED)
    ledger.close()
    assert [entry.time_s for entry in read_ledger(tmp_path / "a.events.jsonl")] == [0.0, 1.0, 2.0, 3.0]
    assert caplog.text.count("events cannot be written now") == 1


def test_room_for_the_morning_is_taken_up_and_given_back_and_that_of_a_killed_recorder_too(tmp_path):
    (tmp_path / "reserve-1").write_bytes(b"left over")
    with (tmp_path / "reserve-2").open("wb") as other:
        assert lock_file(other)
        mine = Reserve(tmp_path, 1 << 20)
        assert {path.name for path in tmp_path.iterdir()} == {"reserve-2", f"reserve-{os.getpid()}"}
        assert (tmp_path / f"reserve-{os.getpid()}").stat().st_blocks * 512 >= 1 << 20
        mine.release()
        mine.release()
    assert [path.name for path in tmp_path.iterdir()] == ["reserve-2"]


def test_where_there_is_no_room_to_reserve_the_night_begins_all_the_same(tmp_path, monkeypatch, caplog):
    def refuse(_file, _n_bytes):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(reserve, "_fill", refuse)
    Reserve(tmp_path, 1 << 20).release()
    assert list(tmp_path.iterdir()) == []
    assert "no room to reserve" in caplog.text
