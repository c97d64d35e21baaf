"""The reference encoder, compiled once a run with what the system has."""

from __future__ import annotations

import pytest

from tests.firmware.compiling import SANITIZERS, compile_program, compiler
from tests.firmware.reference_sensor import ReferenceSensor


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """The host program, with the sanitizers where the compiler has them: they end it at the first undefined step."""
    if compiler() is None:
        pytest.skip("no C compiler here: the reference encoder is not tested")
    folder = tmp_path_factory.mktemp("reference")
    sanitized = compile_program(folder / "sanitized", *SANITIZERS)
    if sanitized.returncode == 0:
        return folder / "sanitized"
    plain = compile_program(folder / "plain")
    assert plain.returncode == 0, plain.stderr
    return folder / "plain"


@pytest.fixture
def sensor(program):
    """A sensor that waits for its boot."""
    with ReferenceSensor(program) as one:
        yield one
