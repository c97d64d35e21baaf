import json
from datetime import UTC, datetime

import pytest

from clonus_sense import RecordingError
from clonus_sense.recording import EntryKind, read_ledger
from clonus_sense.recording.ledger import Ledger
from clonus_sense.sensors.link import StreamEnd

START = datetime(2026, 11, 24, 22, tzinfo=UTC)


def test_each_event_is_one_line_that_is_on_file_at_once(tmp_path):
    path = tmp_path / "a.events.jsonl"
    ledger = Ledger(path, START)
    ledger.write(60.5, EntryKind.STREAM_LOST, reason=StreamEnd.SILENT, percent=None)
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "time_s": 60.5,
        "at": "2026-11-24T22:01:00.500+00:00",
        "kind": "stream lost",
        "reason": "the sensor was connected but sent nothing",
    }
    ledger.close()


def test_what_is_written_is_read_back(tmp_path):
    path = tmp_path / "a.events.jsonl"
    ledger = Ledger(path, START)
    for number in range(3):
        ledger.write(number / 3, EntryKind.MARKER, marker="felt", text="wie ein Krampf – 痛い")
    ledger.close()
    entries = read_ledger(path)
    assert [entry.time_s for entry in entries] == [0.0, 0.333333, 0.666667]
    assert {entry.kind for entry in entries} == {"marker"}
    assert entries[2].facts["text"] == "wie ein Krampf – 痛い"


def test_a_ledger_cut_at_any_byte_gives_all_whole_lines(tmp_path):
    path = tmp_path / "a.events.jsonl"
    ledger = Ledger(path, START)
    ledger.write(1.0, EntryKind.BATTERY, percent=90)
    ledger.write(2.0, EntryKind.BATTERY, percent=89)
    ledger.close()
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for end in range(first, len(whole)):
        path.write_bytes(whole[:end])
        assert [entry.facts["percent"] for entry in read_ledger(path)] == [90]


def test_a_damaged_line_costs_only_itself(tmp_path):
    path = tmp_path / "a.events.jsonl"
    path.write_bytes(b'{"time_s": 1, "kind": "battery"}\n\0\0\0\0\n[1]\n{"time_s": 2, "kind": "new in 2031"}\n')
    assert [(entry.time_s, entry.kind) for entry in read_ledger(path)] == [(1.0, "battery"), (2.0, "new in 2031")]


def test_a_ledger_that_cannot_be_written_does_not_stop_the_recording(tmp_path, caplog):
    ledger = Ledger(tmp_path / "a.events.jsonl", START)
    ledger._file.close()
    ledger._file = (tmp_path / "a.events.jsonl").open("rb", buffering=0)  # refuses every write
    ledger.write(1.0, EntryKind.BATTERY, percent=90)
    ledger.write(2.0, EntryKind.BATTERY, percent=90)
    assert caplog.text.count("the recording goes on") == 1
    ledger.close()


def test_a_ledger_is_never_overwritten(tmp_path):
    Ledger(tmp_path / "a.events.jsonl", START).close()
    with pytest.raises(RecordingError):
        Ledger(tmp_path / "a.events.jsonl", START)
    with pytest.raises(RecordingError, match="cannot be read"):
        read_ledger(tmp_path / "b.events.jsonl")
