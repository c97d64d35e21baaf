import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense import RecordingError, RecordingInfo, read_recording, write_recording
from clonus_sense.recorder import merge_backfill
from clonus_sense.recorder.backfill_file import BackfillFile, backfill_path
from clonus_sense.recording import RecordingWriter

INFO = RecordingInfo(start=None, fs_hz=50.0)
TIMES_S = np.arange(400) / 50
ACCEL_G = np.round(np.random.default_rng(4).normal(0, 0.3, (400, 3)), 4)


def write(path, live, late_parts):
    with RecordingWriter(path, INFO) as writer:
        writer.append(TIMES_S[live], ACCEL_G[live])
    late = BackfillFile(path, INFO)
    for rows in late_parts:
        late.append(TIMES_S[rows], ACCEL_G[rows])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=400, max_size=400), st.randoms(use_true_random=False))
def test_merged_is_the_recording_that_would_have_been_without_a_loss(tmp_path_factory, is_late, order):
    folder = tmp_path_factory.mktemp("merge")
    is_late[0] = False
    rows = np.flatnonzero(is_late).tolist()
    order.shuffle(rows)  # the youngest loss may come first
    live = np.flatnonzero(~np.array(is_late))
    write(folder / "a.csv", live, [rows[start : start + 26] for start in range(0, len(rows), 26)])
    assert merge_backfill(folder / "a.csv") == len(rows)
    write_recording(folder / "whole.csv", INFO, TIMES_S, ACCEL_G)
    assert (folder / "a.csv").read_bytes() == (folder / "whole.csv").read_bytes()
    assert not backfill_path(folder / "a.csv").exists()


def test_a_recording_without_late_samples_is_left_alone(tmp_path):
    write(tmp_path / "a.csv", np.arange(400), [])
    before = (tmp_path / "a.csv").stat()
    assert merge_backfill(tmp_path / "a.csv") == 0
    assert (tmp_path / "a.csv").stat().st_mtime_ns == before.st_mtime_ns


def test_samples_that_are_there_already_are_taken_once(tmp_path):
    # As after a power cut between the merge and the removal of the late samples.
    write(tmp_path / "a.csv", np.r_[0:100, 200:400], [np.arange(90, 210), np.arange(100, 200)])
    assert merge_backfill(tmp_path / "a.csv") == 100
    assert read_recording(tmp_path / "a.csv").n_samples == 400


def test_late_samples_cut_at_any_byte_lose_their_last_row_at_most(tmp_path):
    write(tmp_path / "a.csv", np.r_[0:100, 103:400], [np.arange(100, 103)])
    live, late = (tmp_path / "a.csv").read_bytes(), backfill_path(tmp_path / "a.csv").read_bytes()
    last_row = late.rindex(b"\n", 0, -1) + 1
    for end in range(last_row, len(late)):
        (tmp_path / "a.csv").write_bytes(live)
        backfill_path(tmp_path / "a.csv").write_bytes(late[:end])
        assert merge_backfill(tmp_path / "a.csv") == 2


def test_a_half_row_at_the_end_of_the_recording_does_not_swallow_a_late_one(tmp_path):
    write(tmp_path / "a.csv", np.arange(100), [np.arange(100, 120)])
    with (tmp_path / "a.csv").open("ab") as file:
        file.write(b"2.4000,0.1")
    assert merge_backfill(tmp_path / "a.csv") == 20
    assert read_recording(tmp_path / "a.csv").n_samples == 120


def test_where_there_is_no_room_both_files_stay_as_they_were(tmp_path, monkeypatch):
    write(tmp_path / "a.csv", np.r_[0:100, 200:400], [np.arange(100, 200)])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RecordingError, match=r"safe in a\.backfill\.csv"):
        merge_backfill(tmp_path / "a.csv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
