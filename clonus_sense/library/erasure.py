"""Taking recordings and people out of the library so that nothing of them stays in its file.

Files of recordings, pages and backups lie outside the library and are not touched.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from clonus_sense.library.disposal import note_due_sweep, sweep
from clonus_sense.library.nouns import Erasure
from clonus_sense.library.people import known_person_id
from clonus_sense.library.recordings import check_recording
from clonus_sense.library.store import Library


def delete_recordings(library: Library, recording_ids: Sequence[int]) -> Erasure:
    """Take recordings out for good, with their runs, episodes and all that people said about them; all or none.

    Parameters
    ----------
    library
        Open library.
    recording_ids
        What goes, in the bin or not.

    Returns
    -------
    Erasure
        Where their files lie.

    Raises
    ------
    LibraryError
        If there is no such recording, or another program keeps traces from being overwritten.
    """
    with library.writing() as connection:
        for number in recording_ids:
            check_recording(connection, number, or_in_bin=True)
        places = ", ".join("?" * len(recording_ids))
        erasure = _erasure_of(connection, f"id IN ({places})", recording_ids)
        connection.execute(f"DELETE FROM recordings WHERE id IN ({places})", tuple(recording_ids))
        note_due_sweep(connection)
    with library.alone() as connection:
        sweep(connection, library.path)
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
        erasure = _erasure_of(connection, "person_id = ?", (number,))
        connection.execute("UPDATE moves SET reason = '' WHERE ? IN (person_before, person_after)", (number,))
        connection.execute("DELETE FROM people WHERE id = ?", (number,))
        note_due_sweep(connection)
    with library.alone() as connection:
        sweep(connection, library.path)
    return erasure


def _erasure_of(connection: sqlite3.Connection, which: str, numbers: Sequence[int]) -> Erasure:
    """Say what is about to go."""
    rows = connection.execute(f"SELECT path FROM recordings WHERE {which} ORDER BY id", tuple(numbers)).fetchall()
    return Erasure(len(rows), tuple(Path(os.fsdecode(row["path"])) for row in rows))
