"""Where results go: what cannot be written is refused, and a full disk leaves whole files only."""

from __future__ import annotations

import errno
import gzip
import json
import os

import pytest

from tests.robustness.told import check_refused


def test_output_that_cannot_be_is_refused(clonus_sense, short_text, tmp_path, monkeypatch):
    path, taken = tmp_path / "a.csv", tmp_path / "taken"
    path.write_bytes(short_text)
    taken.touch()
    check_refused(clonus_sense("detect", path, "--output", taken), taken, "is a file and no folder")
    (tmp_path / "results" / "a.csv").mkdir(parents=True)
    told = clonus_sense("detect", path, "--output", tmp_path / "results")
    check_refused(told, tmp_path / "results" / "a.csv", "is a folder where the log should go")
    monkeypatch.setattr(os, "access", lambda _path, mode, **_options: mode != os.W_OK)
    check_refused(clonus_sense("detect", path, "--output", tmp_path / "new"), tmp_path, "nothing may be written")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("n_syncs", [0, 1, 2, 4])
def test_disk_that_fills_up_leaves_whole_files_only(clonus_sense, short_text, tmp_path, monkeypatch, n_syncs):
    path, results = tmp_path / "a.csv", tmp_path / "results"
    path.write_bytes(short_text)
    synced = []

    def sync_while_there_is_room(descriptor):
        synced.append(descriptor)
        if len(synced) > n_syncs:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", sync_while_there_is_room)
    told = clonus_sense("detect", path, "--output", results, "--plots")
    assert told.code == 1
    [line] = told.sentences
    assert "No space left on device; check that the disk is there and has room." in line
    # The log stands on two files; after them come the picture of the night and those of the episodes.
    written = {found.name for found in results.rglob("*") if found.is_file()}
    assert written == set(("a.run.json", "a.csv", "night.png", "episode_001.png")[:n_syncs])
    assert (str(results / "a.csv") in told.out) == (n_syncs >= 2)
    for found in results.rglob("*.json"):
        json.loads(found.read_text(encoding="utf-8"))


def test_two_inputs_of_one_name_and_a_truth_alone_are_refused(clonus_sense, short, short_text, tmp_path):
    (tmp_path / "a.csv").write_bytes(short_text)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(short_text))
    told = clonus_sense("detect", tmp_path / "a.csv", tmp_path / "a.csv.gz", "--output", tmp_path / "results")
    assert told.code == 1
    assert "would both write a.csv" in told.err
    truth = tmp_path / "a.truth.csv"
    truth.write_text("onset_s,offset_s\n", encoding="utf-8")
    check_refused(clonus_sense("detect", truth, "--output", tmp_path / "results"), truth, "name the recording")
    told = clonus_sense("detect", tmp_path / "a.csv", truth, "--output", tmp_path / "results")
    assert told.code == 0
    assert told.sentences == [f"{truth}: skipped; it belongs to a recording and is not one itself."]
