"""Connections to an SQLite file: opening, transactions, and errors as sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clonus_sense.errors import DamagedLibraryError, LibraryError

# Storing a night takes well under a second; after this time the other program hangs.
BUSY_TIMEOUT_S = 10.0

DAMAGED = (
    "the library is damaged; bring the last backup back with `clonus-sense restore FILE`, which keeps what is left."
)

# Messages for SQLite's errors, by the beginning of the error's name.
_MEANINGS = {
    "SQLITE_FULL": "the disk is full; nothing was changed; make room and try again.",
    "SQLITE_BUSY": f"another program has kept the library busy for over {BUSY_TIMEOUT_S:.0f} s; nothing was changed; "
    "close that program and try again.",
    "SQLITE_LOCKED": "the library is in use by another part of this program; nothing was changed; try again.",
    "SQLITE_READONLY": "the library must not be written to; check the permissions of the file and its folder.",
    "SQLITE_CANTOPEN": "the library cannot be opened; check that its folder exists and may be written to.",
    "SQLITE_PERM": "the library cannot be opened; check the permissions of the file and its folder.",
    "SQLITE_NOTADB": "this file is no library of clonus_sense, or it is damaged; name another file, or bring the last "
    "backup back with `clonus-sense restore FILE`.",
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_IOERR": "the disk fails or is full; nothing was changed; make room or use another disk.",
}

# Errors of an overwritten or truncated file.
_DAMAGE = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


@contextmanager
def failures_as_sentences(path: Path) -> Iterator[None]:
    """Turn errors of SQLite inside the block into a :class:`LibraryError`."""
    try:
        yield
    except sqlite3.ProgrammingError:
        # A closed connection or a wrong thread is an error of the program, not of the user.
        raise
    except sqlite3.DatabaseError as error:
        name: str = getattr(error, "sqlite_errorname", "")
        for beginning, meaning in _MEANINGS.items():
            if name.startswith(beginning):
                kind = DamagedLibraryError if beginning in _DAMAGE else LibraryError
                raise kind(f"{path}: {meaning}") from error
        if isinstance(error, sqlite3.OperationalError):
            # Our statements are correct, so tables are missing or hold invalid text.
            raise DamagedLibraryError(f"{path}: {DAMAGED} ({error})") from error
        raise LibraryError(
            f"{path}: the library refused this ({error}); nothing was changed; if it happens again, the library is "
            "damaged: bring the last backup back with `clonus-sense restore FILE`."
        ) from error
    except UnicodeDecodeError as error:
        # SQLite quotes the damaged bytes in its message, and they are no text.
        raise DamagedLibraryError(f"{path}: {DAMAGED}") from error


@contextmanager
def file_failures_as_sentences(path: Path) -> Iterator[None]:
    """Turn errors of the file system inside the block into a :class:`LibraryError`."""
    try:
        yield
    except OSError as error:
        raise LibraryError(
            f"{path}: cannot be written ({error.strerror}); check its folder or name another place."
        ) from error


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection with manual transactions and named columns; the file is not changed."""
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        # Overwrites deleted rows with zeros: free pages must not hold a deleted person.
        connection.execute("PRAGMA secure_delete = ON")
        # A finished commit survives a power cut.
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit the block or roll it back; inside another transaction, roll back only the block's own part."""
    if connection.in_transaction:
        begin, commit, roll_back = "SAVEPOINT inner", "RELEASE inner", "ROLLBACK TO inner"
    else:
        # IMMEDIATE waits for another writer now; a later upgrade from reading to writing fails at once.
        begin, commit, roll_back = "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"
    connection.execute(begin)
    try:
        yield
        connection.execute(commit)
    except BaseException:
        # A full disk may have ended the transaction already.
        if connection.in_transaction:
            connection.execute(roll_back)
            if roll_back.startswith("ROLLBACK TO"):
                connection.execute(commit)
        raise
