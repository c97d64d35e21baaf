"""Deletion of recordings and people without a trace in the library's file.

This module never touches files of recordings, pages and backups, which lie outside the library.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from clonus_sense.errors import LibraryError
from clonus_sense.library.disposal import note_due_sweep, sweep
from clonus_sense.library.nouns import Erasure
from clonus_sense.library.people import person_id
from clonus_sense.library.recordings import check_recording
from clonus_sense.library.sqlite_connection import failures_as_sentences
from clonus_sense.library.store import Library


def delete_recordings(library: Library, recording_ids: Sequence[int]) -> Erasure:
    """Delete recordings for good, with their runs, episodes and annotations; all of them or none.

    Returns
    -------
    Erasure
        Number of recordings and paths of their files.

    Raises
    ------
    LibraryError
        If a recording does not exist, or another program prevents the overwriting of traces.
    """
    with library.writing() as connection:
        for number in recording_ids:
            check_recording(connection, number, or_in_bin=True)
        places = ", ".join("?" * len(recording_ids))
        erasure = _erasure_of(connection, f"id IN ({places})", recording_ids)
        connection.execute(f"DELETE FROM recordings WHERE id IN ({places})", tuple(recording_ids))
        note_due_sweep(connection)
    sweep_library(library)
    return erasure


def delete_person(library: Library, code: str) -> None:
    """Delete a person's rows and note that a sweep is due; an unknown person is skipped."""
    with library.writing() as connection:
        number = person_id(connection, code)
        if number is None:
            return
        connection.execute("UPDATE moves SET reason = '' WHERE ? IN (person_before, person_after)", (number,))
        connection.execute("DELETE FROM people WHERE id = ?", (number,))
        note_due_sweep(connection)


def list_files(library: Library, code: str) -> tuple[Path, ...]:
    """List the files of a person's recordings, including those in the bin; empty for an unknown person."""
    with library.reading() as connection:
        return _erasure_of(connection, "person_id = ?", (person_id(connection, code),)).paths


def list_filed_before(library: Library, code: str) -> tuple[int, ...]:
    """List the recordings of others that once belonged to a person: their pages show the move."""
    with library.reading() as connection:
        number = person_id(connection, code)
        rows = connection.execute(
            "SELECT DISTINCT recording_id FROM moves JOIN recordings ON recordings.id = recording_id "
            "WHERE ? IN (person_before, person_after) AND person_id IS NOT ? ORDER BY recording_id",
            (number, number),
        )
        return tuple(int(row["recording_id"]) for row in rows)


def sweep_library(library: Library) -> None:
    """Overwrite the traces of deleted rows.

    Raises
    ------
    LibraryError
        If the disk is full or another program has the library open; the next command tries again.
    """
    with library.alone() as connection:
        sweep(connection, library.path)


def erase_in_copy(path: Path, code: str) -> None:
    """Delete a person from a backup; a backup without this person stays unchanged.

    Parameters
    ----------
    path
        Backup in one file.

    Raises
    ------
    LibraryError
        If the backup cannot be read or written.
    """
    if holds_person(path, code) is False:
        return
    with Library.open(path) as copy:
        delete_person(copy, code)
        sweep_library(copy)
        with copy.alone() as connection:
            # Back to one file without a journal.
            connection.execute("PRAGMA journal_mode = DELETE")


def holds_person(path: Path, code: str) -> bool | None:
    """Return whether a backup holds a person; ``None`` if it cannot be read.

    Parameters
    ----------
    path
        Backup; it is not changed.
    """
    try:
        with (
            failures_as_sentences(path),
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection,
        ):
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                return None
            found = connection.execute("SELECT 1 FROM people WHERE code = ?", (code,)).fetchone()
            # Deleted rows that are not overwritten yet may belong to this person.
            due = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'due_sweeps'").fetchone() and (
                connection.execute("SELECT 1 FROM due_sweeps").fetchone()
            )
            return found is not None or bool(due)
    except LibraryError:
        return None


def _erasure_of(connection: sqlite3.Connection, which: str, numbers: Sequence[int | None]) -> Erasure:
    """Count the recordings of a selection and list their files."""
    rows = connection.execute(f"SELECT path FROM recordings WHERE {which} ORDER BY id", tuple(numbers)).fetchall()
    # A damaged path is not stored as bytes.
    return Erasure(len(rows), tuple(Path(os.fsdecode(row["path"])) for row in rows if isinstance(row["path"], bytes)))
