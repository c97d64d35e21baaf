"""A verb on a disk with hardly any room: a small file system in memory, in name spaces of its own."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from tests.validation.trials.library_verbs import ROOT, TEMPLATE, VERBS, call, make_library, template, what_is_wrong
from tests.validation.trials.trial import Outcome, Trial

SIZE = "32m"
MOST_ROOM_BYTES = 400_000
# Each verb with no room at all, with some, and with more.
N_ROOMS = 3


def attempt(number: int, folder: Path) -> Outcome:
    """Run this module where it may mount a file system; unprivileged users may, on most systems."""
    script = f"mount -t tmpfs -o size={SIZE} tmpfs {folder} && exec {sys.executable} -m {__name__} {folder} {number}"
    unshared = ["unshare", "-rm", "sh", "-c", script]
    env = {**os.environ, TEMPLATE: str(template())}
    done = subprocess.run(unshared, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-500:])
    return Outcome(**json.loads(done.stdout))


def on_the_small_disk(number: int, folder: Path) -> Outcome:
    """Run one verb, make room, and run it again."""
    name = list(VERBS)[number % len(VERBS)]
    make_library(folder)
    room = random.Random(number).randrange(MOST_ROOM_BYTES) if number >= len(VERBS) else 0
    _fill(folder, room)
    code, told = call(folder, VERBS[name](folder, 0))
    (folder / "filler").unlink()
    if "Traceback" in told or code not in (0, 1):
        return Outcome("no sentence", holds=False, detail=f"{name}: {told[-400:]}")
    wrong = what_is_wrong(folder, VERBS[name], 1)
    if wrong:
        return Outcome("a promise is broken", holds=False, detail=f"{name}: {wrong[-400:]}")
    if code == 0:
        return Outcome("there was room enough", holds=True, detail=name)
    return Outcome("refused with a sentence, nothing lost; with room the verb does its work", holds=True, detail=name)


def _fill(folder: Path, room: int) -> None:
    """Take up all room but a little."""
    with (folder / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, max(1, shutil.disk_usage(folder).free - room))


FULL_DISK = Trial(
    "full-disk", "each of 15 verbs of the library on a disk with 0 to 400 kB of room", N_ROOMS * len(VERBS), attempt
)

if __name__ == "__main__":
    print(json.dumps(asdict(on_the_small_disk(int(sys.argv[2]), Path(sys.argv[1])))))
