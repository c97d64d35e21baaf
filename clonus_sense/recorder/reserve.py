"""Disk space that a night reserves for its morning: for the last samples, the analysis and the page."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path
from typing import BinaryIO

from clonus_sense.recording.file_lock import lock_file

logger = logging.getLogger(__name__)

# A page with its pictures takes up to 6 MB, a night in the library 1 MB, ten minutes of waiting samples of two sensors
# 8 MB, and the file of late samples as much; the rest is a margin for other programs.
RESERVED_BYTES = 64 << 20
_BLOCK = bytes(1 << 20)


class Reserve:
    """A file that occupies disk space until its release; the system frees its lock if the program is killed."""

    def __init__(self, folder: Path, n_bytes: int) -> None:
        self._path = folder / f"reserve-{os.getpid()}"
        self._file: BinaryIO | None = None
        if not n_bytes:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _remove_left_over(folder)
            self._file = self._path.open("wb", buffering=0)
            with contextlib.suppress(OSError):
                lock_file(self._file)
            _fill(self._file, n_bytes)
        except OSError as error:
            logger.warning("%s: there is no room to reserve for the morning's page (%s).", folder, error.strerror)

    def release(self) -> None:
        """Free the space; a second call does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._path.unlink(missing_ok=True)


def _fill(file: BinaryIO, n_bytes: int) -> None:
    """Write the bytes, because a mere file size occupies no disk space."""
    if hasattr(os, "posix_fallocate"):
        with contextlib.suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, n_bytes)
            return
    file.seek(0)
    for _block in range(n_bytes // len(_BLOCK)):
        file.write(_BLOCK)


def _remove_left_over(folder: Path) -> None:
    """Remove the reserves of programs that have ended."""
    for path in folder.glob("reserve-*"):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            if lock_file(file):
                file.truncate(0)
                path.unlink()
