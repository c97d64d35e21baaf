import json
import os
import time

import pytest

from clonus_sense.library import Marker, MarkerKind, list_markers
from clonus_sense.model import Gap
from clonus_sense.recording import Ledger, LedgerEntry, ledger_path, read_recording
from clonus_sense.workflows import keep_recording
from clonus_sense.workflows.beside import markers_of, merge_left_over, with_reasons
from tests.workflows.made import START, write_minute


def gap_entry(start_s, end_s, reason, why=None):
    facts = {"start_s": start_s, "end_s": end_s, "duration_s": end_s - start_s, "reason": reason}
    return LedgerEntry(end_s, "gap", facts | ({"why": why} if why else {}))


def test_each_gap_gets_the_reason_of_the_recorders_gap_that_covers_most_of_it():
    ledger = [gap_entry(10, 20, "link", "the computer was asleep"), gap_entry(19, 40, "overrun")]
    gaps = [Gap(10.02, 20.0, "no samples"), Gap(30.0, 31.0, "no samples"), Gap(50.0, 51.0, "no samples")]
    assert [gap.reason for gap in with_reasons(gaps, ledger)] == ["the computer was asleep", "overrun", "no samples"]
    assert with_reasons(gaps, ()) == tuple(gaps)


def test_marks_become_markers_and_an_unknown_word_is_kept():
    ledger = [
        LedgerEntry(5.0, "marker", {"marker": "felt", "by": "person"}),
        LedgerEntry(7.0, "marker", {"marker": "dreamt", "text": "of stairs"}),
        LedgerEntry(9.0, "battery", {"percent": 80}),
    ]
    assert markers_of(ledger) == (
        Marker(5.0, MarkerKind.FELT),
        Marker(7.0, MarkerKind.OTHER, "dreamt of stairs"),
    )


def test_marks_beside_a_recording_come_into_the_library(library, tmp_path):
    path = write_minute(tmp_path / "night.csv.gz")
    entry = {"time_s": 21.0, "kind": "marker", "marker": "felt"}
    (tmp_path / "night.events.jsonl").write_text(json.dumps(entry) + "\n", encoding="utf-8")
    kept = keep_recording(library, path)
    assert list_markers(library, kept.recording.id) == (Marker(21.0, MarkerKind.FELT),)


@pytest.fixture
def killed(tmp_path):
    """A recording without its seconds 10 to 11, which came late and were never merged."""
    path = write_minute(tmp_path / "night.csv")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    n_head = next(n for n, line in enumerate(lines) if line.startswith("time_s")) + 1
    head, rows = lines[:n_head], lines[n_head:]
    late = [row for row in rows if 10 <= float(row.split(",")[0]) < 11]
    path.write_text("".join(head + [row for row in rows if row not in late]), encoding="utf-8")
    (tmp_path / "night.backfill.csv").write_text("".join(head + late), encoding="utf-8")
    return path


def test_late_samples_that_a_killed_recorder_left_behind_are_merged(library, killed):
    assert keep_recording(library, killed).recording.gaps == ()
    assert read_recording(killed).gaps == ()
    assert not killed.with_name("night.backfill.csv").exists()


def test_a_recording_that_a_recorder_still_writes_is_left_alone_however_long_it_was_silent(killed):
    long_ago = time.time() - 3600
    os.utime(killed, (long_ago, long_ago))
    ledger = Ledger(ledger_path(killed), START)
    assert merge_left_over(killed) == 0
    assert len(read_recording(killed).gaps) == 1
    assert killed.with_name("night.backfill.csv").exists()
    ledger.close()
    assert merge_left_over(killed) == 50
    assert merge_left_over(killed) == 0


def test_a_name_that_points_to_a_killed_recording_stays_one_and_the_recording_is_merged(killed, tmp_path):
    link = tmp_path / "elsewhere.csv"
    link.symlink_to(killed)
    assert merge_left_over(link) == 50
    assert link.is_symlink()
    assert read_recording(killed).gaps == ()
