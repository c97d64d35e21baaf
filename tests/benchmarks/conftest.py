"""Recordings made once for all benchmarks, and the table at the end."""

from __future__ import annotations

import pytest

from clonus_sense.recording import write_recording

from .figures import Figure, table
from .nights import make_night, make_walk, make_zeros

_FIGURES = pytest.StashKey[list[Figure]]()


def pytest_configure(config):
    config.stash[_FIGURES] = []


def pytest_terminal_summary(terminalreporter, config):
    if config.stash[_FIGURES]:
        terminalreporter.section("figures")
        terminalreporter.write_line(table(config.stash[_FIGURES]))


@pytest.fixture
def note(request):
    """Note a figure for the table and give it back, for the test to hold it against its limit."""

    def note_figure(figure: Figure) -> Figure:
        request.config.stash[_FIGURES].append(figure)
        return figure

    return note_figure


@pytest.fixture(scope="session")
def night():
    return make_night()


@pytest.fixture(scope="session")
def walk():
    return make_walk()


@pytest.fixture(scope="session")
def zeros(night):
    return make_zeros(night)


@pytest.fixture(scope="session")
def night_file(night, tmp_path_factory):
    path = tmp_path_factory.mktemp("benchmarks") / "night.csv"
    write_recording(path, night.info, night.times_s, night.accel_g)
    return path
