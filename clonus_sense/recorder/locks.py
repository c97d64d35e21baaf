"""One recorder for one sensor: file locks that the operating system releases even after a crash."""

from __future__ import annotations

import contextlib
import logging
import re
import zlib
from pathlib import Path
from typing import IO

from clonus_sense.errors import RecorderError
from clonus_sense.recording.file_lock import lock_file

logger = logging.getLogger(__name__)


class SensorLocks:
    """Locks of this program, kept until :meth:`release` or the end of the program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, IO[bytes]] = {}

    def hold(self, sensor: str) -> None:
        """Take the lock of a sensor, unless it is already held."""
        if sensor in self._held:
            return
        # The checksum separates two names that differ only in special characters.
        name = re.sub(r"[^A-Za-z0-9]+", "-", sensor) + f"-{zlib.crc32(sensor.encode()):08x}.lock"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = (self._folder / name).open("ab")
        except OSError as error:
            raise RecorderError(
                f"{self._folder / name}: cannot be made ({error.strerror}); check the permissions of this folder."
            ) from error
        try:
            is_mine = lock_file(file)
        except OSError as error:
            # Recording goes on without locks: two recorders of one sensor are a rare mistake.
            logger.warning("%s: this folder has no locks (%s); a second recorder is not noticed.", self._folder, error)
            is_mine = True
        if not is_mine:
            file.close()
            raise RecorderError(f"{sensor} is being recorded already; end the other recorder first.")
        self._held[sensor] = file

    def release(self) -> None:
        """Release all locks."""
        for file in self._held.values():
            with contextlib.suppress(OSError):
                file.close()
        self._held.clear()
