"""SIGKILL for the recorder at any moment of a bad night; then ``add`` must find every sample that came before."""

from __future__ import annotations

import contextlib
import io
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from clonus_sense.cli import run
from clonus_sense.recording import Recording, read_ledger, read_recording
from clonus_sense.recording.ledger import EntryKind, LedgerEntry, ledger_path
from tests.validation.trials.trial import Outcome, Trial

ROOT = Path(__file__).parents[3]
# What a kill may cost: samples are written every half second, and the packet before waits for one that is missing.
PROMISED_S = 1.0
# At the speed of fast motion a night of two hours ends later than the last kill.
NIGHT_S = 7200
LATEST_KILL_S = 3.0
STARTS_WITHIN_S = 60.0
STEP_G = 1 / 4096

# Each sample tells its number, so that nothing can be missing, twice or out of place unnoticed.  Everything that
# reaches the host is written down at once.
CODE = f"""
import asyncio, random, sys
from pathlib import Path
import numpy as np
from clonus_sense.sensors.virtual import air as air_module
from tests.recorder.nights import open_sensor, record
folder, chance = Path(sys.argv[1]), random.Random(sys.argv[2])
numbers = np.arange({NIGHT_S} * 52)
accel_g = np.column_stack([numbers % 4096 - 2048, numbers // 4096, np.full(len(numbers), 4096)]) * {STEP_G}
came = (folder / "came.txt").open("a", buffering=1)
note = air_module.Reach.note
def note_and_write(reach, time_s, packet):
    came.write(f"{{time_s}} {{packet.first_sample}} {{packet.n_samples}}\\n")
    note(reach, time_s, packet)
air_module.Reach.note = note_and_write
async def bad_night(night):
    while True:
        await asyncio.sleep(chance.expovariate(1 / 60))
        fate = chance.choice(["vanish", "vanish", "silence", "adapter"])
        if fate == "adapter":
            night.air.power_adapter(on=False)
            await asyncio.sleep(chance.uniform(0.1, 20))
            night.air.power_adapter(on=True)
        else:
            getattr(night.air, fate)(night.sensor, chance.choice([0.3, 2, 5, 30]) * chance.random())
sensors = lambda: [open_sensor(accel_g, ring_samples=2000)]
record(bad_night, sensors, folder, minutes={NIGHT_S // 60}, radio="in process")
"""


def attempt(number: int, folder: Path) -> Outcome:
    """Kill a recorder, add what it left, and count what is missing."""
    chance = random.Random(number)
    child = subprocess.Popen(
        [sys.executable, "-c", CODE, str(folder), str(number)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    until_s = time.monotonic() + STARTS_WITHIN_S
    while not list(folder.glob("*.events.jsonl")) and child.poll() is None and time.monotonic() < until_s:
        time.sleep(0.002)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(chance.uniform(0.0, LATEST_KILL_S))
    if child.poll() is not None:
        return Outcome("ended before it was killed", holds=False, detail=child.communicate()[1].decode()[-500:])
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    came, last_s = _came(folder)
    recordings = sorted(folder.glob("*.csv"))
    recordings = [path for path in recordings if not path.name.endswith(".backfill.csv")]
    if not recordings:
        return Outcome("killed before the first sample", holds=not came)
    (path,) = recordings
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = run(["add", str(path), "--person", "P01", "--no-page", "--library", str(folder / "library.sqlite3")])
    owed = {sample for sample, time_s in came.items() if time_s < last_s - PROMISED_S}
    if code != 0:
        return Outcome("killed before the first sample was on disk", holds=not owed, detail=told.getvalue()[-500:])
    return _compare(read_recording(path), owed, set(came), read_ledger(ledger_path(path)))


def _came(folder: Path) -> tuple[dict[int, float], float]:
    """Read when each sample came first, and when the last one did."""
    came: dict[int, float] = {}
    last_s = -np.inf
    path = folder / "came.txt"
    for line in path.read_text().splitlines(keepends=True) if path.exists() else ():
        if line.endswith("\n"):
            time_s, first, n_samples = line.split()
            last_s = float(time_s)
            for sample in range(int(first), int(first) + int(n_samples)):
                came.setdefault(sample, last_s)
    return came, last_s


def _compare(recording: Recording, owed: set[int], came: set[int], ledger: tuple[LedgerEntry, ...]) -> Outcome:
    """Hold what is in the recording against what came."""
    counts = np.rint(np.concatenate([one.accel_g for one in recording.stretches]) / STEP_G).astype(int)
    written = (counts[:, 0] + 2048 + 4096 * counts[:, 1]).tolist()
    if len(set(written)) != len(written) or written != sorted(written):
        return Outcome("samples are twice or out of place", holds=False)
    if not set(written) <= came:
        return Outcome("samples that never came are in the file", holds=False)
    missing = sorted(owed - set(written))
    if not missing:
        return Outcome("every sample that came a second before the kill or earlier is kept", holds=True)
    failed = [entry for entry in ledger if entry.kind == EntryKind.ATTEMPT_FAILED]
    detail = f"{len(missing)} samples from {missing[0]} to {missing[-1]}; {len(failed)} failed attempts"
    return Outcome("samples are missing", holds=False, detail=detail)


RECORDER_KILLS = Trial("recorder-kill", "SIGKILL for the recorder in a bad night, then `add`", 100, attempt)
