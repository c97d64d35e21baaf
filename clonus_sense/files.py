"""Atomic writes, removal of incomplete files of killed programs, and the names of our files."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from pathlib import Path

# Name of the file, number of the program that writes it, and a word that marks it as incomplete.
_NAME = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.part", re.DOTALL)

# Another program may have the same number by now; no write takes a day.
OLDEST_S = 24 * 3600.0

RECORDING_SUFFIXES = (".csv.gz", ".csv", ".parquet")
"""Endings of a recording's name; a longer one comes before a shorter one that also fits."""

TRUTH_SUFFIX = ".truth.csv"
"""The true bouts of a simulated recording."""

LEDGER_SUFFIX = ".events.jsonl"
"""The events of a recording."""

BACKFILL_SUFFIX = ".backfill.csv"
"""Samples that came late, until they are merged."""

RUN_SUFFIX = ".run.json"
"""How the episodes of a log were found."""

REJECTED_SUFFIX = ".rejected.csv"
"""The rejected candidates."""


def recording_stem(path: Path) -> str:
    """Name of a recording without its ending; any other name is returned whole."""
    for suffix in RECORDING_SUFFIXES:
        if path.name.lower().endswith(suffix):
            return path.name[: -len(suffix)]
    return path.name


def write_text_atomically(path: Path, text: str, *, mode: int | None = None) -> None:
    """Write a text in UTF-8, completely or not at all; see :func:`write_bytes_atomically`."""
    # A file name that is not UTF-8 appears in a text as an escape.
    write_bytes_atomically(path, text.encode(errors="backslashreplace"), mode=mode)


def write_bytes_atomically(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file so that it appears complete or not at all, even after a crash."""
    part = begin_part(path)
    try:
        with part.open("wb") as file:
            if mode is not None:
                part.chmod(mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        # The error of a full disk names no file, and users do not know the name of the part.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        part.unlink(missing_ok=True)  # already gone after a success


def begin_part(path: Path) -> Path:
    """Name the hidden file for writing, and remove incomplete ones of the same file from killed programs."""
    remove_leftovers(path.parent, path.name)
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def remove_leftovers(folder: Path, beginning: str = "", ending: str = "") -> tuple[Path, ...]:
    """Remove incomplete files of killed programs from a folder; one that cannot be removed stays."""
    removed = []
    with contextlib.suppress(OSError):
        for part in sorted(folder.iterdir()):
            match = _NAME.fullmatch(part.name)
            if match is None or not (match["name"].startswith(beginning) and match["name"].endswith(ending)):
                continue
            with contextlib.suppress(OSError):
                if _is_left(part, int(match["process"])):
                    part.unlink()
                    removed.append(part)
    return tuple(removed)


def _is_left(part: Path, process: int) -> bool:
    """Whether the program that wrote it has ended."""
    if time.time() - part.stat().st_mtime > OLDEST_S:
        return True
    if process == os.getpid():
        return False
    if sys.platform == "win32":
        # On this system, a look for the process by its number would end it.
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass
    return False
