from pathlib import Path

import pytest

from clonus_sense.cli.console.inputs import Input, sort_inputs
from clonus_sense.errors import RecordingError


def test_recordings_keep_their_order_and_lose_their_ending():
    paths = [Path("b/night.csv.gz"), Path("day.parquet"), Path("phone.log")]
    assert sort_inputs(paths).recordings == (
        Input(paths[0], "night"),
        Input(paths[1], "day"),
        Input(paths[2], "phone.log"),
    )


@pytest.mark.parametrize("name", ["a.truth.csv", "a.TRUTH.CSV", "a.events.jsonl", "a.backfill.csv", "a.overview.npz"])
def test_files_beside_recordings_are_told_apart(name):
    inputs = sort_inputs([Path("a.csv"), Path(name)])
    assert [recording.path.name for recording in inputs.recordings] == ["a.csv"]
    assert inputs.companions == (Path(name),)


def test_stems_that_one_disk_takes_for_the_same_are_refused():
    with pytest.raises(RecordingError, match=r"x/Night\.csv and y/night\.parquet would both write night\.csv"):
        sort_inputs([Path("x/Night.csv"), Path("y/night.parquet")])


def test_same_file_named_twice_is_refused():
    with pytest.raises(RecordingError, match="would both write"):
        sort_inputs([Path("night.csv"), Path("./night.csv")])


def test_nothing_but_companions_is_refused():
    with pytest.raises(RecordingError, match="name the recording"):
        sort_inputs([Path("a.truth.csv")])
