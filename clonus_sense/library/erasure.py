"""Taking recordings and people out of the library so that nothing of them stays in its file.

Files of recordings, pages and backups lie outside the library and are not touched.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from clonus_sense.errors import LibraryError
from clonus_sense.library.nouns import Erasure
from clonus_sense.library.people import known_person_id
from clonus_sense.library.recordings import check_recording
from clonus_sense.library.store import Library


def delete_recording(library: Library, recording_id: int) -> Erasure:
    """Take one recording out, with its runs, episodes and all that people said about it.

    Parameters
    ----------
    library
        Open library.
    recording_id
        What goes.

    Returns
    -------
    Erasure
        Where its file lies.

    Raises
    ------
    LibraryError
        If there is no such recording, or another program keeps traces of it from being overwritten.
    """
    with library.writing() as connection:
        check_recording(connection, recording_id)
        erasure = _erasure_of(connection, "id", recording_id)
        connection.execute("DELETE FROM recordings WHERE id = ?", (recording_id,))
    _sweep(library)
    return erasure


def erase_person(library: Library, code: str) -> Erasure:
    """Take out a person with all their recordings and all that was said about them.

    Traces of recordings that were moved to or from this person stay with those recordings, without code and reason.
    What others wrote in free text about their own nights is not searched.

    Parameters
    ----------
    library
        Open library.
    code
        Who goes.

    Returns
    -------
    Erasure
        How many recordings went, and where their files lie.

    Raises
    ------
    LibraryError
        If there is no such person, or another program keeps traces of them from being overwritten.
    """
    with library.writing() as connection:
        number = known_person_id(connection, code)
        erasure = _erasure_of(connection, "person_id", number)
        connection.execute("UPDATE moves SET reason = '' WHERE ? IN (person_before, person_after)", (number,))
        connection.execute("DELETE FROM people WHERE id = ?", (number,))
    _sweep(library)
    return erasure


def _erasure_of(connection: sqlite3.Connection, column: str, number: int) -> Erasure:
    """Say what is about to go."""
    rows = connection.execute(f"SELECT path FROM recordings WHERE {column} = ? ORDER BY id", (number,)).fetchall()
    return Erasure(len(rows), tuple(Path(os.fsdecode(row["path"])) for row in rows))


def _sweep(library: Library) -> None:
    """Rebuild the file without what was deleted, and empty what was written ahead."""
    try:
        with library.alone() as connection:
            connection.execute("VACUUM")
            (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except LibraryError as error:
        raise LibraryError(
            f"{library.path}: deleted, but traces may stay in the file, which could not be rebuilt; make room on the "
            "disk, close other programs that have the library open, and delete or erase something once more."
        ) from error
    if is_busy:
        raise LibraryError(
            f"{library.path}: deleted, but traces stay in {library.path.name}-wal for as long as another program has "
            "the library open; close that program, then open and close the library once more."
        )
