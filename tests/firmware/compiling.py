"""How the tests call the system's C compiler."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "firmware_notes" / "reference"
SOURCES = (REFERENCE / "clonus_profile.c", REFERENCE / "clonus_profile_host.c")

# What a firmware's own build may demand; the first four are promised in open_profile.md.
STRICT = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wshadow", "-Wstrict-prototypes")
SANITIZERS = ("-fsanitize=undefined,address", "-fno-sanitize-recover=all")


def compiler() -> str | None:
    """The system's C compiler."""
    return shutil.which("cc")


def compile_program(target: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Compile the host program with the reference encoder."""
    return run_compiler(*STRICT, "-O1", *more, *map(str, SOURCES), "-o", str(target))


def run_compiler(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the compiler and keep what it says."""
    name = compiler()
    assert name is not None
    return subprocess.run([name, *arguments], capture_output=True, text=True, check=False)
