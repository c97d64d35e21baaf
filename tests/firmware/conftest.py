"""The reference encoder, compiled once a run with what the system has."""

from __future__ import annotations

import pytest

from tests.firmware.compiling import compile_program, compiler, find_sanitizers
from tests.firmware.reference_sensor import ReferenceSensor


@pytest.fixture(scope="session")
def sanitizers(tmp_path_factory):
    """What switches the compiler's sanitizers on; empty where it has none."""
    if compiler() is None:
        pytest.skip("no C compiler here: the reference encoder is not tested")
    return find_sanitizers(tmp_path_factory.mktemp("sanitizers"))


@pytest.fixture(scope="session")
def program(sanitizers, tmp_path_factory):
    """The host program, with the sanitizers where the compiler has them: they end it at the first undefined step."""
    target = tmp_path_factory.mktemp("reference") / "program"
    compiled = compile_program(target, *sanitizers)
    assert compiled.returncode == 0, compiled.stderr
    return target


@pytest.fixture
def sensor(program):
    """A sensor that waits for its boot."""
    with ReferenceSensor(program) as one:
        yield one
