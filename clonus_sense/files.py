"""Files that appear whole or not at all, what killed programs leave of them, and how our files are called."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from pathlib import Path

# The name of the file, the number of the program that writes it, and a word that says that it is not whole.
_NAME = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.part", re.DOTALL)

# A number may have been given to another program since; no file takes a day to write.
OLDEST_S = 24 * 3600.0

RECORDING_SUFFIXES = (".csv.gz", ".csv", ".parquet")
"""How the name of a recording ends, the longer of two that fit first."""

TRUTH_SUFFIX = ".truth.csv"
"""The bouts that a simulated recording holds."""

LEDGER_SUFFIX = ".events.jsonl"
"""The events around the samples of a recording."""

BACKFILL_SUFFIX = ".backfill.csv"
"""Samples that came late, until they are merged."""

RUN_SUFFIX = ".run.json"
"""How the episodes of a log were found."""

REJECTED_SUFFIX = ".rejected.csv"
"""The candidates that are no episodes."""


def recording_stem(path: Path) -> str:
    """Name a recording without its ending; what ``path`` is called otherwise stays whole."""
    for suffix in RECORDING_SUFFIXES:
        if path.name.lower().endswith(suffix):
            return path.name[: -len(suffix)]
    return path.name


def write_text_atomically(path: Path, text: str, *, mode: int | None = None) -> None:
    """Write a text in UTF-8 so that the file appears whole or not at all; see :func:`write_bytes_atomically`."""
    # A file name that is no UTF-8 stands in a text as an escape.
    write_bytes_atomically(path, text.encode(errors="backslashreplace"), mode=mode)


def write_bytes_atomically(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file so that it appears whole or not at all, whatever happens meanwhile."""
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
        # A full disk is reported without any name, and nobody knows the name of the part.
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        part.unlink(missing_ok=True)  # Is gone where all went well.


def begin_part(path: Path) -> Path:
    """Name the hidden file in which a file is written, and remove what killed programs left of the same file."""
    remove_leftovers(path.parent, path.name)
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def remove_leftovers(folder: Path, beginning: str = "", ending: str = "") -> tuple[Path, ...]:
    """Remove what killed programs left in a folder; one that cannot be removed stays."""
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
    """Whether the program that wrote it is gone."""
    if time.time() - part.stat().st_mtime > OLDEST_S:
        return True
    if process == os.getpid():
        return False
    if sys.platform == "win32":
        # Asking for a process by its number would end it there.
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass
    return False
