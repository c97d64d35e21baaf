from clonus_sense.recorder import EntryKind, read_ledger
from clonus_sense.recording import read_recording


def test_a_demonstration_records_a_night_without_hardware_and_ends_with_its_path(clonus_sense, tmp_path):
    code, out, err = clonus_sense("demo", "--output", tmp_path / "new", "--hours", "0.3", "--seed", "3", "--lang", "en")
    assert code == 0
    *episodes, path = out.splitlines()
    (made,) = (tmp_path / "new").glob("*.csv")
    assert path == str(made)
    assert episodes
    assert "virtual sensor" in err
    assert "not a medical device" in err
    recording = read_recording(made)
    assert ("source", "simulated, from a virtual sensor") in recording.info.notes
    # It was away for a while, and its own memory filled the gap.
    assert len(recording.stretches) == 1
    assert recording.measured_s > 0.3 * 3600 - 3
    ledger = read_ledger(made.with_name(f"{made.stem}.events.jsonl"))
    assert [entry.kind for entry in ledger].count(EntryKind.BACKFILLED) == 1


def test_a_demonstration_speaks_japanese(clonus_sense, tmp_path):
    code, _, err = clonus_sense("demo", "--output", tmp_path, "--hours", "0.1", "--lang", "ja")
    assert code == 0
    assert "仮想センサー" in err
