"""How long a night takes from its file to its episodes, and how much memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.recording import write_recording
from clonus_sense.workflows import analyse_recording

from .figures import Figure, compare
from .nights import N_EPISODES, take_hours

# Peak of this process image alone: what `resource` calls the peak counts the memory of the process that started us.
PEAK_FILE = Path("/proc/self/status")
ANALYSE_AND_TELL_PEAK = """
import sys
from pathlib import Path
from clonus_sense.config import DetectionSettings
from clonus_sense.workflows import analyse_recording

analysed = analyse_recording(Path(sys.argv[1]), DetectionSettings())
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(len(analysed.analysis.episodes), status["VmHWM"].split()[0])
"""


def analyse_in_a_new_process(path: Path) -> tuple[int, float]:
    """Number of episodes, and peak memory in MB."""
    command = [sys.executable, "-c", ANALYSE_AND_TELL_PEAK, str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(answer[0]), int(answer[1]) / 1024


def test_file_to_episodes(night_file, note):
    def analyse():
        return analyse_recording(night_file, DetectionSettings())

    assert len(analyse().analysis.episodes) == N_EPISODES
    measured = compare(analyse, lambda: pd.read_csv(night_file, comment="#"), n_pairs=7)
    size_mb = night_file.stat().st_size / 1e6
    reference = "`pandas.read_csv(f, comment='#')`"
    figure = note(
        Figure(
            "a night, .csv to episodes", measured.ratio, 2.0, reference, f"{measured.work_s:.2f} s ({size_mb:.0f} MB)"
        )
    )
    assert figure.ratio <= figure.limit


@pytest.mark.skipif(not PEAK_FILE.exists(), reason="only Linux tells a process its own peak of memory")
def test_memory_from_file_to_episodes(night, night_file, tmp_path, note):
    minute = take_hours(night, 1 / 60)
    minute_file = tmp_path / "minute.csv"
    write_recording(minute_file, minute.info, minute.times_s, minute.accel_g)
    # A minute needs the interpreter, the libraries and hardly a sample.
    _, libraries_mb = analyse_in_a_new_process(minute_file)
    n_episodes, night_mb = analyse_in_a_new_process(night_file)
    assert n_episodes == N_EPISODES
    arrays_mb = night.accel_g.nbytes / 2**20
    ratio = (night_mb - libraries_mb) / arrays_mb
    reference = f"the night's samples in memory ({arrays_mb:.0f} MB)"
    absolute = f"{night_mb:.0f} MB, {libraries_mb:.0f} MB of it libraries"
    figure = note(Figure("peak memory, .csv to episodes, libraries left out", ratio, 1.5, reference, absolute))
    assert figure.ratio <= figure.limit
