"""Entries of the list of nights, kept so that a list of a thousand nights needs no samples, epochs or episodes.

An entry belongs to recordings that were worn one after the other.  It holds the count of changes of each of them, and
is passed over as soon as one of them has changed; nothing has to be deleted in time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from clonus_sense.library.decoding import UNSOUND
from clonus_sense.library.recordings import IS_BINNED
from clonus_sense.library.store import Library
from clonus_sense.terms import Verdict


@dataclass(frozen=True, slots=True)
class RecordingState:
    """A recording as far as the list of nights needs it.

    Parameters
    ----------
    id
        Its number.
    person
        The person's code; empty where it is nobody's yet.
    start
        Aware moment of its first sample; ``None`` where the row cannot be read.
    reach
        First and last moment of its samples and of the rest windows that people stated in it; ``None`` likewise.
    n_changes
        How often a row about it was written, since the library counts.
    """

    id: int
    person: str
    start: datetime | None
    reach: tuple[datetime, datetime] | None
    n_changes: int


def list_recording_states(library: Library) -> tuple[RecordingState, ...]:
    """List the dated recordings that are not in the bin."""
    with library.reading() as connection:
        rows = connection.execute(
            "SELECT recordings.id, code, start_time, duration_s, coalesce(number, 0) AS n_changes, "
            "(SELECT min(start_s) FROM annotations WHERE recording_id = recordings.id AND verdict = ?) AS first_s, "
            "(SELECT max(end_s) FROM annotations WHERE recording_id = recordings.id AND verdict = ?) AS last_s "
            "FROM recordings LEFT JOIN people ON people.id = person_id "
            "LEFT JOIN changes ON recording_id = recordings.id "
            f"WHERE start_time IS NOT NULL AND NOT {IS_BINNED}",
            (Verdict.REST.value, Verdict.REST.value),
        ).fetchall()
    return tuple(_state_of(row) for row in rows if row["duration_s"] != 0)


def _state_of(row: sqlite3.Row) -> RecordingState:
    """Build the state of a row; whoever reads the whole row says what is wrong with it."""
    start: datetime | None = None
    reach: tuple[datetime, datetime] | None = None
    try:
        start = datetime.fromisoformat(row["start_time"]).astimezone(UTC)
        reach = (
            start + timedelta(seconds=min(0.0, row["first_s"] or 0.0)),
            start + timedelta(seconds=max(row["duration_s"], row["last_s"] or 0.0)),
        )
    except UNSOUND:
        start = reach = None
    return RecordingState(row["id"], row["code"] or "", start, reach, row["n_changes"])


def read_night_entries(library: Library) -> Mapping[int, tuple[str, str]]:
    """Read the entries: what each was made of and its nights as JSON, by the number of its first recording."""
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM night_entries").fetchall()
    return {row["recording_id"]: (row["made_of"], row["nights_json"]) for row in rows}


def keep_night_entries(library: Library, entries: Iterable[tuple[int, str, str]]) -> None:
    """Keep entries: number of the first recording, what it was made of, and its nights as JSON.

    Raises
    ------
    LibraryError
        If the library cannot be written.
    """
    with library.writing() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO night_entries SELECT ?1, ?2, ?3 WHERE EXISTS "
            "(SELECT 1 FROM recordings WHERE id = ?1)",
            list(entries),
        )
