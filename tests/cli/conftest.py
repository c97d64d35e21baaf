"""Short recordings with a known answer, and the command line without a process of its own."""

import logging

import numpy as np
import pytest

from clonus_sense import cli
from clonus_sense.model import RecordingInfo, Site
from clonus_sense.recording import write_recording
from tests.report.undrawn import leave_charts_out

FS_HZ = 50.0
BOUT_AT_S = 20.0
BOUT_HZ = 6.0


@pytest.fixture(autouse=True)
def log_level_restored():
    """Undo what the command line does to the log of the package."""
    yield
    logging.getLogger("clonus_sense").setLevel(logging.NOTSET)


def write_minute(path, *, bout_g, seed=1, seconds=60.0):
    """Write a minute of rest on the foot with one bout of about 2 s in it."""
    times_s = np.arange(0, seconds, 1 / FS_HZ)
    since_s = times_s - BOUT_AT_S
    beating_g = bout_g * np.cos(2 * np.pi * BOUT_HZ * since_s) * np.exp(-((since_s / 1.0) ** 6))
    accel_g = np.column_stack([beating_g, 0 * times_s, 1 + 0 * times_s])
    accel_g += np.random.default_rng(seed).normal(0, 0.002, accel_g.shape)
    write_recording(path, RecordingInfo(start=None, fs_hz=FS_HZ, site=Site.FOOT), times_s, accel_g)
    return path


@pytest.fixture(autouse=True)
def undrawn(request, monkeypatch):
    """Leave the charts out of pages, but for a test that looks at them and asks for `drawn`."""
    if "drawn" not in request.fixturenames:
        leave_charts_out(monkeypatch)


@pytest.fixture
def drawn():
    """Pages have their charts."""


@pytest.fixture
def recording(tmp_path):
    """One bout of 6 Hz around 20 s."""
    return write_minute(tmp_path / "night.csv.gz", bout_g=0.3)


@pytest.fixture
def quiet_recording(tmp_path):
    """Rest alone."""
    return write_minute(tmp_path / "quiet.csv", bout_g=0.0)


@pytest.fixture
def clonus_sense(capsys):
    """Run the command line: gives exit code, stdout and stderr."""

    def run_and_capture(*arguments):
        code = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_and_capture


@pytest.fixture
def library_path(tmp_path):
    """Where the library of the test stands; its folder is made with it."""
    return tmp_path / "data" / "library.sqlite3"


@pytest.fixture
def run(clonus_sense, library_path):
    """Run a verb on a library of the test's own; gives exit code, lines of stdout and stderr."""

    def with_library(verb, *arguments):
        code, out, errors = clonus_sense(verb, *arguments, "--library", library_path)
        return code, out.splitlines(), errors

    return with_library
