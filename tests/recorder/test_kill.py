"""A recorder that is killed at any moment, and started again."""

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from clonus_sense import RecordingError, read_recording
from clonus_sense.recording import read_ledger
from clonus_sense.recording.header import COLUMN_LINE
from tests.recorder.nights import leg, nothing, open_sensor, record, recorded_accel

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks and sends SIGKILL")

# No child of a second gets further.
NIGHT_S = 7200
# The parent forks before there is any thread or loop; every child records the same night into the same folder.
CODE = f"""
import gc, os, signal, sys, time
from pathlib import Path
from tests.recorder.nights import leg, nothing, open_sensor, record
folder, accel_g = Path(sys.argv[1]), leg({NIGHT_S})
gc.freeze()  # no child looks through, and thereby copies, what is here already
for wait_s in map(float, sys.argv[2:]):
    child = os.fork()
    if child == 0:
        record(nothing, lambda: [open_sensor(accel_g)], folder, minutes={NIGHT_S // 60})
        os._exit(0)
    until = time.monotonic() + 60
    while len(list(folder.glob("*.csv"))) < len(os.listdir(folder / "done")) + 1 and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(wait_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    (folder / "done" / str(child)).touch()
"""


def kill_at(folder, moments_s):
    (folder / "done").mkdir()
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", CODE, str(folder), *map(str, moments_s)], cwd=root, check=True, env={**os.environ}
    )


def assert_each_start_left_a_whole_recording(folder, n_starts):
    accel_g = leg(NIGHT_S)
    paths = sorted(folder.glob("*.csv"))
    assert len(paths) == n_starts
    n_without_samples = 0
    for path in paths:
        assert read_ledger(path.with_name(f"{path.stem}.events.jsonl"))
        _head, _, rows = path.read_text(encoding="utf-8").partition(f"{COLUMN_LINE}\n")
        if not rows:
            n_without_samples += 1
            with pytest.raises(RecordingError, match=r"the recorder.* was stopped"):
                read_recording(path)
            continue
        recording = read_recording(path)
        written = np.rint(recorded_accel(recording) * 4096)
        assert len(written) > 0
        assert np.array_equal(written, np.rint(accel_g[: len(written)] * 4096))
        assert len(recording.stretches) == 1
    assert n_without_samples < n_starts


def test_killed_at_twenty_random_moments_and_started_again(tmp_path):
    moments = random.Random(11)
    kill_at(tmp_path, [moments.uniform(0.0, 0.15) for _ in range(20)])
    assert_each_start_left_a_whole_recording(tmp_path, 20)


@pytest.mark.parametrize("kind", ["csv", "events.jsonl"])
def test_killed_at_each_byte_of_a_line_all_lines_before_it_are_whole(tmp_path, kind):
    outcome = record(nothing, lambda: [open_sensor(leg(20))], tmp_path, minutes=0.2, radio="in process")
    path = outcome.recordings[0].path
    ledger_path = path.with_name(f"{path.stem}.events.jsonl")
    cut = path if kind == "csv" else ledger_path
    whole, entries, written = cut.read_bytes(), read_ledger(ledger_path), recorded_accel(outcome.read())
    start_of_last = whole.rindex(b"\n", 0, -1) + 1
    for end in range(start_of_last, len(whole)):
        cut.write_bytes(whole[:end])
        if kind == "csv":
            assert np.array_equal(recorded_accel(read_recording(path)), written[:-1])
        else:
            assert read_ledger(ledger_path) == entries[:-1]
