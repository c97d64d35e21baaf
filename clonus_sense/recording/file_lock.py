"""Locks on open files; the operating system releases them when the file is closed or its program ends."""

from __future__ import annotations

import errno
import os
import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Answers of the system if another program holds the lock; any other answer means that locks are not available.
_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
# Windows prevents others from reading a locked byte, so this one lies behind the end of any text of ours.
_LOCKED_BYTE = 1 << 30


def lock_file(file: IO[bytes]) -> bool:
    """Lock an open file until it is closed."""
    try:
        if sys.platform == "win32":
            position = file.tell()
            file.seek(_LOCKED_BYTE)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            finally:
                file.seek(position)
        else:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A program started by this one must not inherit the lock.
            os.set_inheritable(file.fileno(), False)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True
