"""Stored entries of the list of nights, so that a list of a thousand nights reads no samples, epochs or episodes.

An entry belongs to recordings that were worn one after the other. It holds the number of changes of each of them and is
ignored as soon as one has changed, so outdated entries need no deletion.
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
    """The part of a recording that the list of nights needs.

    Parameters
    ----------
    person
        The person's code; empty if the recording belongs to nobody yet.
    start
        Aware time of its first sample; ``None`` if the row cannot be read.
    reach
        Earliest and latest moment of its samples and of the rest windows that people stated; ``None`` if the row cannot
        be read.
    n_changes
        Number of changes of rows about it since the library counts them.
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
    """Build the state of a row; a damaged row is reported where the whole row is read."""
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
    """Read the entries, by the number of their first recording: fingerprint of the input, and nights as JSON."""
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM night_entries").fetchall()
    return {row["recording_id"]: (row["made_of"], row["nights_json"]) for row in rows}


def keep_night_entries(library: Library, entries: Iterable[tuple[int, str, str]]) -> None:
    """Store entries: number of the first recording, fingerprint of the input, and nights as JSON.

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
