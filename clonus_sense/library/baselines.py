"""Which nights of a person are their baseline, kept as moments of recordings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from clonus_sense.errors import LibraryError
from clonus_sense.library.decoding import decodes
from clonus_sense.library.people import known_person_id
from clonus_sense.library.recordings import IS_BINNED, check_recording
from clonus_sense.library.store import Library
from clonus_sense.library.words import BaselineMark


def mark_baseline(library: Library, marks: Iterable[BaselineMark]) -> None:
    """Mark moments whose nights are a baseline of the person whose recordings they are in; all of them or none.

    Parameters
    ----------
    library
        Open library.
    marks
        The moments; one that is there already stays one.

    Raises
    ------
    LibraryError
        If there is no such recording, or it is nobody's yet.
    """
    with library.writing() as connection:
        for mark in marks:
            check_recording(connection, mark.recording_id)
            (person,) = connection.execute(
                "SELECT person_id FROM recordings WHERE id = ?", (mark.recording_id,)
            ).fetchone()
            if person is None:
                raise LibraryError(
                    f"Recording {mark.recording_id} is nobody's yet and can be nobody's baseline; say whose it is with "
                    "`clonus-sense move`."
                )
            connection.execute(
                "INSERT OR REPLACE INTO baselines VALUES (?, ?, ?, ?)",
                (mark.recording_id, mark.at_s, person, datetime.now(UTC).isoformat()),
            )


def unmark_baseline(library: Library, marks: Iterable[BaselineMark]) -> None:
    """Take marks away; one that is not there is passed over."""
    with library.writing() as connection:
        connection.executemany(
            "DELETE FROM baselines WHERE recording_id = ? AND at_s = ?",
            [(mark.recording_id, mark.at_s) for mark in marks],
        )


def list_baselines(library: Library, person: str) -> tuple[BaselineMark, ...]:
    """List what is marked as a person's baseline.

    Parameters
    ----------
    library
        Open library.
    person
        The person's code.

    Returns
    -------
    tuple of BaselineMark
        In recordings that are this person's now.

    Raises
    ------
    LibraryError
        If there is no such person.
    """
    with library.reading() as connection:
        rows = connection.execute(
            "SELECT baselines.* FROM baselines JOIN recordings ON recordings.id = recording_id "
            "WHERE baselines.person_id = ? AND recordings.person_id = baselines.person_id "
            f"AND NOT {IS_BINNED} ORDER BY recording_id, at_s",
            (known_person_id(connection, person),),
        )
        return tuple(_mark_of(row) for row in rows)


@decodes
def _mark_of(row: sqlite3.Row) -> BaselineMark:
    """Build the mark of a row."""
    return BaselineMark(row["recording_id"], row["at_s"])
