"""The reference encoder compiles for a sensor: no warning, no libc, no floating point."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.firmware.compiling import REFERENCE, STRICT, compile_program, compiler, run_compiler

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler here: the reference encoder is not tested")


@pytest.mark.parametrize("more", [(), ("-O3",), ("-DCLONUS_BLOCK_SAMPLES=82u",), ("-DCLONUS_BLOCK_SAMPLES=1u",)])
def test_compiles_without_a_warning(tmp_path, more):
    result = compile_program(tmp_path / "program", *more)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""


def test_a_block_that_no_packet_can_carry_is_refused_by_the_compiler(tmp_path):
    result = compile_program(tmp_path / "program", "-DCLONUS_BLOCK_SAMPLES=83u")
    assert result.returncode != 0
    assert "1 to 82" in result.stderr


def test_the_encoder_needs_nothing_but_copies_of_memory(tmp_path):
    nm = shutil.which("nm")
    if nm is None:
        pytest.skip("no nm here: what the encoder links against is not tested")
    target = tmp_path / "clonus_profile.o"
    freestanding = ("-Os", "-ffreestanding", "-c", str(REFERENCE / "clonus_profile.c"), "-o", str(target))
    result = run_compiler(*STRICT, *freestanding)
    assert result.returncode == 0, result.stderr
    undefined = subprocess.run([nm, "-u", target], capture_output=True, text=True, check=True).stdout.split()
    # A compiler may turn the copy of a struct into a call of these; every toolchain for bare metal has them.
    assert set(undefined) - {"U"} <= {"memcpy", "memset", "memmove"}


@pytest.mark.parametrize("name", ["clonus_profile.h", "clonus_profile.c"])
def test_the_encoder_uses_no_floating_point_and_no_heap(name):
    code = re.sub(r"/\*.*?\*/", "", (REFERENCE / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"\b(float|double|malloc|calloc|free|printf)\b", code) == []


def test_the_command_on_the_page_compiles(tmp_path):
    page = (REFERENCE.parent / "open_profile.md").read_text(encoding="utf-8")
    [command] = re.findall(r"^cc (.*) -o clonus_profile_host$", page, flags=re.MULTILINE)
    arguments = command.replace("firmware_notes/reference", str(REFERENCE)).split()
    result = run_compiler(*arguments, "-o", str(tmp_path / "program"))
    assert result.returncode == 0, result.stderr


def test_the_header_serves_c_plus_plus(tmp_path):
    name = shutil.which("c++")
    if name is None:
        pytest.skip("no C++ compiler here: the header is tested for C alone")
    header = str(REFERENCE / "clonus_profile.h")
    command = [name, "-std=c++11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-x", "c++", header]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
