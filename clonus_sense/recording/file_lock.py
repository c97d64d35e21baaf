"""Locks on open files, which the operating system releases when the file is closed or its program dies."""

from __future__ import annotations

import errno
import os
import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# What systems answer where another program holds the lock; another answer means that there are no locks here.
_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
# Windows keeps others from reading a byte that is locked: this one lies behind the end of any text of ours.
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
            # A program that this one starts must not inherit the lock.
            os.set_inheritable(file.fileno(), False)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True
