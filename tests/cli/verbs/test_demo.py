from pathlib import Path

from clonus_sense.recording import EntryKind, read_ledger, read_recording


def test_a_demonstration_records_a_night_without_hardware_and_ends_with_its_page(clonus_sense, tmp_path):
    code, out, err = clonus_sense("demo", "--output", tmp_path / "new", "--hours", "0.6", "--lang", "en")
    assert code == 0, err
    *_lines, path, page = out.splitlines()
    (made,) = (tmp_path / "new").glob("*.csv")
    assert path == str(made)
    assert "virtual sensor" in err
    assert "not a medical device" in err
    recording = read_recording(made)
    assert ("source", "simulated") in recording.info.notes
    assert (recording.info.person, recording.info.side) == ("demo", "left")
    # Short losses were filled from the sensor's own memory; the long ones stay gaps, and the page says why.
    ledger = read_ledger(made.with_name(f"{made.stem}.events.jsonl"))
    assert [entry.kind for entry in ledger].count(EntryKind.STREAM_LOST) >= 3
    assert [entry.kind for entry in ledger].count(EntryKind.BACKFILLED) >= 1
    assert len(recording.stretches) > 1
    text = Path(page).read_text(encoding="utf-8")
    assert "the sensor went out of reach or was switched off" in text
    # A library of its own: nobody's nights are touched.
    assert (tmp_path / "new" / "library.sqlite3").exists()


def test_a_demonstration_speaks_japanese(clonus_sense, tmp_path):
    code, out, err = clonus_sense("demo", "--output", tmp_path, "--hours", "0.2", "--lang", "ja")
    assert code == 0
    assert "仮想センサー" in err
    assert out.splitlines()[-1].endswith(".ja.html")
