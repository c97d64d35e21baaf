"""How long the list of a thousand nights takes, and how much memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clonus_sense.library import Library
from clonus_sense.review import read_night_list

from .figures import Figure, compare
from .many_nights import N_EPISODES, make_library

N_NIGHTS = 1000
PEAK_FILE = Path("/proc/self/status")
# Runs the command and tells its peak of memory; what `resource` calls the peak counts the process that started us too.
LIST_AND_TELL_PEAK = """
import sys
from clonus_sense.cli import run

code = run(["nights", "--library", sys.argv[1]])
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
print(status["VmHWM"].split()[0], file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def many_nights(tmp_path_factory):
    path = tmp_path_factory.mktemp("many") / "library.sqlite3"
    make_library(path, N_NIGHTS)
    return path


def test_list_of_many_nights(many_nights, note):
    with Library.open(many_nights) as library:
        (*_, newest) = nights = read_night_list(library)
        assert len(nights) == N_NIGHTS
        assert newest.legs[0].headline.clonus.n_episodes == N_EPISODES

        def read_texts():
            with library.reading() as connection:
                return [json.loads(row["nights_json"]) for row in connection.execute("SELECT * FROM night_entries")]

        measured = compare(lambda: read_night_list(library), read_texts, n_pairs=7)
    figure = note(
        Figure(
            "list of 1,000 nights",
            measured.ratio,
            8.0,
            "reading and parsing their stored texts",
            f"{measured.work_s:.2f} s",
        )
    )
    assert figure.ratio <= figure.limit


@pytest.mark.skipif(not PEAK_FILE.exists(), reason="only Linux tells a process its own peak of memory")
def test_the_command_that_lists_many_nights(many_nights, tmp_path, note):
    one = tmp_path / "library.sqlite3"
    make_library(one, 1)

    def list_nights_of(path):
        command = [sys.executable, "-c", LIST_AND_TELL_PEAK, str(path)]
        begun_s = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return time.perf_counter() - begun_s, int(done.stderr.split()[-1]) / 1024

    list_nights_of(many_nights)
    pairs = [(list_nights_of(many_nights), list_nights_of(one)) for _ in range(5)]
    many_s, many_mb = min(many for many, _ in pairs)
    one_s, one_mb = min(single for _, single in pairs)
    time_figure = note(
        Figure("`clonus-sense nights`, 1,000 nights", many_s / one_s, 3.0, "of one night", f"{many_s:.2f} s")
    )
    memory_figure = note(Figure("the same, peak memory", many_mb / one_mb, 1.5, "of one night", f"{many_mb:.0f} MB"))
    assert time_figure.ratio <= time_figure.limit
    assert memory_figure.ratio <= memory_figure.limit
