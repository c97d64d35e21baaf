"""How the tests call the system's C compiler."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "firmware_notes" / "reference"
ENCODER = REFERENCE / "clonus_profile.c"
HOST_PROGRAM = REFERENCE / "clonus_profile_host.c"

# What a firmware's own build may demand; the first four are promised in open_profile.md.
STRICT = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wshadow", "-Wstrict-prototypes")
SANITIZERS = ("-fsanitize=undefined,address", "-fno-sanitize-recover=all")
# The samples stand last in their block, and of such an array a compiler minds the end only when told to: GCC, Clang.
STRICT_BOUNDS = ("-fsanitize=bounds-strict", "-fstrict-flex-arrays=3")


def compiler() -> str | None:
    """The system's C compiler."""
    return shutil.which("cc")


def compile_program(target: Path, *more: str, encoder: Path = ENCODER) -> subprocess.CompletedProcess[str]:
    """Compile the host program with the reference encoder, or with another one for its header."""
    sources = (str(encoder), str(HOST_PROGRAM))
    return run_compiler(*STRICT, "-O1", *more, f"-I{REFERENCE}", *sources, "-o", str(target))


def find_sanitizers(folder: Path) -> tuple[str, ...]:
    """What switches the compiler's sanitizers on, tried with a program that does nothing; empty where it has none."""
    source = folder / "nothing.c"
    source.write_text("int main(void) { return 0; }\n", encoding="utf-8")
    for strict_bounds in STRICT_BOUNDS:
        arguments = (*SANITIZERS, strict_bounds)
        if run_compiler(*arguments, str(source), "-o", str(folder / "nothing")).returncode == 0:
            return arguments
    return ()


def run_compiler(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the compiler and keep what it says."""
    name = compiler()
    assert name is not None
    return subprocess.run([name, *arguments], capture_output=True, text=True, check=False)
