"""Baseline nights of a person, stored as moments of recordings."""

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
    """Mark nights as a baseline of the person whom their recordings belong to; all of them or none.

    Parameters
    ----------
    marks
        Moments in these nights; a mark that exists already is not repeated.

    Raises
    ------
    LibraryError
        If a recording does not exist or belongs to nobody yet.
    """
    with library.writing() as connection:
        for mark in marks:
            check_recording(connection, mark.recording_id)
            (person,) = connection.execute(
                "SELECT person_id FROM recordings WHERE id = ?", (mark.recording_id,)
            ).fetchone()
            if person is None:
                raise LibraryError(
                    f"Recording {mark.recording_id} belongs to nobody yet, so it cannot be a baseline; assign it with "
                    "`clonus-sense move`."
                )
            connection.execute(
                "INSERT OR REPLACE INTO baselines VALUES (?, ?, ?, ?)",
                (mark.recording_id, mark.at_s, person, datetime.now(UTC).isoformat()),
            )


def unmark_baseline(library: Library, marks: Iterable[BaselineMark]) -> None:
    """Remove marks; a mark that does not exist is skipped."""
    with library.writing() as connection:
        connection.executemany(
            "DELETE FROM baselines WHERE recording_id = ? AND at_s = ?",
            [(mark.recording_id, mark.at_s) for mark in marks],
        )


def list_baselines(library: Library, person: str) -> tuple[BaselineMark, ...]:
    """List the baseline marks of a person.

    Returns
    -------
    tuple of BaselineMark
        Marks in recordings that belong to this person now.

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
