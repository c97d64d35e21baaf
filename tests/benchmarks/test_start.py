"""How long the command line takes to answer."""

from __future__ import annotations

import os
import subprocess
import sys

from .figures import Figure, compare


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def time_of_children() -> float:
    """Processor seconds of all programs that were started and have ended."""
    times = os.times()
    return times.children_user + times.children_system


def test_help(note):
    # Whoever draws numpy, and with it pandas or matplotlib, into the answer cannot be quicker than numpy alone.
    measured = compare(
        lambda: run("-m", "clonus_sense", "--help"),
        lambda: run("-c", "import numpy"),
        n_pairs=9,
        clock=time_of_children,
    )
    figure = note(
        Figure("`clonus-sense --help`", measured.ratio, 1.0, "`python -c 'import numpy'`", f"{measured.work_s:.2f} s")
    )
    assert figure.ratio <= figure.limit
