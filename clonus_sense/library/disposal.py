"""Deletion for good: recordings whose time in the bin is over, and overwriting of the traces of deleted rows."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from clonus_sense.errors import LibraryError
from clonus_sense.library.sqlite_connection import failures_as_sentences, transaction
from clonus_sense.showable import is_showable_date

# A night deleted by mistake is missed at the next visit, and visits are at most a month apart.
STAYS_IN_BIN = timedelta(days=30)


def delete_expired(connection: sqlite3.Connection, now: datetime) -> int:
    """Delete the recordings whose time in the bin is over, note that a sweep is due, and return their number."""
    rows = connection.execute("SELECT recording_id, binned_at FROM bin").fetchall()
    expired = [
        (row["recording_id"],)
        for row in rows
        if (binned_at := read_binned_at(row)) is not None and binned_at + STAYS_IN_BIN <= now
    ]
    if expired:
        with transaction(connection):
            connection.executemany("DELETE FROM recordings WHERE id = ?", expired)
            note_due_sweep(connection)
    return len(expired)


def read_binned_at(row: sqlite3.Row) -> datetime | None:
    """Read when a recording was deleted; ``None`` if the time is damaged: the recording then stays in the bin."""
    try:
        binned_at = datetime.fromisoformat(row["binned_at"])
    except (ValueError, TypeError):
        return None
    return binned_at if binned_at.tzinfo is not None and is_showable_date(binned_at) else None


def note_due_sweep(connection: sqlite3.Connection) -> None:
    """Note in the deleting transaction that traces remain; the note survives a crash."""
    connection.execute("INSERT OR IGNORE INTO due_sweeps VALUES (1)")


def is_sweep_due(connection: sqlite3.Connection) -> bool:
    """Whether traces of deleted rows may still be in the file."""
    return connection.execute("SELECT 1 FROM due_sweeps").fetchone() is not None


def sweep(connection: sqlite3.Connection, path: Path) -> None:
    """Rebuild the file without deleted rows and empty the write-ahead log; the sweep stays due if this fails."""
    try:
        with failures_as_sentences(path):
            connection.execute("VACUUM")
            (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                connection.execute("DELETE FROM due_sweeps")
    except LibraryError as error:
        raise LibraryError(
            f"{path}: deleted, but the file could not be rebuilt and may hold traces; make room on the disk and "
            "close other programs that have the library open; the next command rebuilds it."
        ) from error
    if is_busy:
        raise LibraryError(
            f"{path}: deleted, but traces stay in {path.name}-wal for as long as another program has the library open; "
            "close that program; the next command empties it."
        )
