"""A short night as a file, and the command line without a process of its own."""

from __future__ import annotations

import logging

import pytest

from clonus_sense.cli import run
from tests.robustness.nights import analyse, bouts_found, simulate, write
from tests.robustness.told import Told


@pytest.fixture(autouse=True)
def log_level_restored():
    """Undo what the command line does to the log of the package."""
    yield
    logging.getLogger("clonus_sense").setLevel(logging.NOTSET)


@pytest.fixture
def clonus_sense(capsys):
    def run_and_capture(*arguments) -> Told:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Told(code, captured.out, captured.err)

    return run_and_capture


@pytest.fixture(scope="package")
def short():
    """Six minutes with six bouts."""
    return simulate(0.1, 6, seed=0)


@pytest.fixture(scope="package")
def short_text(short, tmp_path_factory):
    """The same as the bytes of a file."""
    return write(tmp_path_factory.mktemp("short") / "short.csv", short).read_bytes()


@pytest.fixture(scope="package")
def short_episodes(short, short_text, tmp_path_factory):
    """Episodes of the short night; each bout is among them."""
    path = tmp_path_factory.mktemp("whole") / "whole.csv"
    path.write_bytes(short_text)
    episodes = analyse(path).episodes
    assert len(episodes) >= 6
    assert all(bouts_found(short, episodes))
    return episodes
