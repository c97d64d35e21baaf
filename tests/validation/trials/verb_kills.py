"""SIGKILL for a verb at any moment of its work; then the library must be whole and the verb do its work."""

from __future__ import annotations

import functools
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.validation.trials.library_verbs import ROOT, VERBS, command, make_library, what_is_wrong
from tests.validation.trials.trial import Outcome, Trial

# What happens in the first of this time is the start of Python.
STARTED_S = 0.3


def attempt(number: int, folder: Path) -> Outcome:
    """Kill one verb."""
    name = list(VERBS)[number % len(VERBS)]
    make_library(folder)
    with subprocess.Popen(_command(name, folder), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            child.wait(random.Random(number).uniform(STARTED_S, _length_s(name)))
            was_killed = False
        except subprocess.TimeoutExpired:
            child.kill()
            was_killed = True
        child.communicate()
    wrong = what_is_wrong(folder, VERBS[name], 1)
    if wrong:
        return Outcome("a promise is broken", holds=False, detail=f"{name}: {wrong[-400:]}")
    if not was_killed:
        return Outcome("had ended before the kill", holds=True)
    return Outcome("killed: library and recordings whole, the verb does its work the next time", holds=True)


def _command(name: str, folder: Path) -> list[str]:
    """Write the command line of a verb in a process of its own."""
    return [sys.executable, "-m", "clonus_sense", *command(folder, VERBS[name](folder, 0))]


@functools.cache
def _length_s(name: str) -> float:
    """Measure how long a verb takes here, once its files have been read."""
    lengths_s = []
    for _time in range(2):
        with tempfile.TemporaryDirectory() as folder:
            make_library(Path(folder))
            began_s = time.monotonic()
            subprocess.run(_command(name, Path(folder)), cwd=ROOT, capture_output=True, check=True)
            lengths_s.append(time.monotonic() - began_s)
    return min(lengths_s)


VERB_KILLS = Trial(
    "verb-kill", "SIGKILL for each of 15 verbs of the library in turn, then the verb again", 150, attempt
)
