"""How the tables of the library came about: an ordered list of named steps, each applied once.

A step that was ever released is never changed; a new one goes to the end of :data:`MIGRATIONS`, with a test that runs
it on a file of the version before (``tests/library/library_1.sql`` is one of version 1, and so on).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from clonus_sense.errors import LibraryError
from clonus_sense.library.schema import TABLES_1
from clonus_sense.library.sqlite_connection import transaction
from clonus_sense.version import __version__

logger = logging.getLogger(__name__)

# "ClSe" in ASCII: marks the file as ours, so that no other program's database is ever changed.
APPLICATION_ID = 0x436C5365

Migration: TypeAlias = Callable[[sqlite3.Connection], None]


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of version 1 in an empty file."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in TABLES_1:
        connection.execute(statement)


def keep_stillness_of_epochs(connection: sqlite3.Connection) -> None:
    """Keep what wear was judged by, so that a better rule can judge old nights without their samples.

    Epochs of version 1 keep their state and do not say how still they were.
    """
    connection.execute("ALTER TABLE epochs ADD COLUMN still INTEGER")
    connection.execute("ALTER TABLE epochs ADD COLUMN sway_ratio REAL")


def keep_weight_of_evidence(connection: sqlite3.Connection) -> None:
    """Keep how much each test weighed, so that a page can say what spoke loudest without the detector's weights.

    Evidence of version 2 keeps its value and limit and does not say how much it weighed.
    """
    connection.execute("ALTER TABLE evidence ADD COLUMN logit REAL")


def keep_baseline_nights(connection: sqlite3.Connection) -> None:
    """Keep which nights of a person are their baseline, as a moment of a recording.

    A night has no row of its own and may change its name; the moment stays in it.  The person stands beside, so that a
    recording that is moved to somebody else is no baseline of theirs.
    """
    connection.execute(
        """
        CREATE TABLE baselines (
            recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
            at_s REAL NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            marked_at TEXT NOT NULL,
            PRIMARY KEY (recording_id, at_s)
        ) WITHOUT ROWID"""
    )
    connection.execute("CREATE INDEX baselines_of_person ON baselines (person_id)")


def keep_deleted_recordings_in_a_bin(connection: sqlite3.Connection) -> None:
    """Keep deleted recordings for a while, with the name of the night that they were deleted with.

    A row in ``due_sweeps`` says that traces of what was deleted for good have not been overwritten yet.  The number of
    a recording that went is never given to another: a printed line with it must not come to mean another night.
    """
    connection.execute(
        """
        CREATE TABLE bin (
            recording_id INTEGER PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
            binned_at TEXT NOT NULL,
            night TEXT NOT NULL
        )"""
    )
    connection.execute("CREATE TABLE due_sweeps (number INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE used_numbers (highest INTEGER NOT NULL)")
    connection.execute("INSERT INTO used_numbers VALUES (0)")
    connection.execute(
        """
        CREATE TRIGGER keep_number_used AFTER DELETE ON recordings
        BEGIN
            UPDATE used_numbers SET highest = max(highest, OLD.id);
        END"""
    )


def know_where_backups_lie(connection: sqlite3.Connection) -> None:
    """Keep where backups were written, because an erasure has to name those that hold the person.

    The path is kept as the file system's own bytes.
    """
    connection.execute("CREATE TABLE backups (path BLOB PRIMARY KEY, written_at TEXT NOT NULL) WITHOUT ROWID")


def keep_handling_in_epochs(connection: sqlite3.Connection) -> None:
    """Keep how much gravity turned this way and that, by which hands at the sensor are told from a turn in bed.

    Epochs of older versions keep their state and do not say it, until their recording is analysed again.
    """
    connection.execute("ALTER TABLE epochs ADD COLUMN handling_deg REAL")


def count_changes_of_recordings(connection: sqlite3.Connection) -> None:
    """Count the changes of all rows about a recording, and keep the list entries of its nights.

    Triggers count, so that no writer can forget to.  An entry names the counts that it was made with; see
    :mod:`clonus_sense.library.night_entries`.
    """
    connection.execute(
        """
        CREATE TABLE changes (
            recording_id INTEGER PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
            number INTEGER NOT NULL
        )"""
    )
    connection.execute(
        """
        CREATE TABLE night_entries (
            recording_id INTEGER PRIMARY KEY REFERENCES recordings (id) ON DELETE CASCADE,
            made_of TEXT NOT NULL,
            nights_json TEXT NOT NULL
        )"""
    )
    for table, recording in TABLES_ABOUT_RECORDINGS.items():
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            # A recording that goes takes its rows along: then there is nothing left to count for.
            connection.execute(
                f"""
                CREATE TRIGGER count_{event.lower()}_of_{table} AFTER {event} ON {table}
                BEGIN
                    INSERT INTO changes SELECT id, 1 FROM recordings WHERE id = {recording.format(row=row)}
                    ON CONFLICT (recording_id) DO UPDATE SET number = number + 1;
                END"""
            )


# Where a row says which recording it is about.
TABLES_ABOUT_RECORDINGS = {
    "recordings": "{row}.id",
    "gaps": "{row}.recording_id",
    "runs": "{row}.recording_id",
    "findings": "{row}.recording_id",
    "annotations": "{row}.recording_id",
    "replacements": "(SELECT recording_id FROM annotations WHERE id = {row}.annotation_id)",
    "markers": "{row}.recording_id",
    "epochs": "{row}.recording_id",
    "moves": "{row}.recording_id",
    "start_corrections": "{row}.recording_id",
    "bin": "{row}.recording_id",
    "episodes": "(SELECT recording_id FROM runs WHERE id = {row}.run_id)",
    "evidence": "(SELECT recording_id FROM runs JOIN episodes ON episodes.run_id = runs.id "
    "WHERE episodes.id = {row}.episode_id)",
}


MIGRATIONS: tuple[Migration, ...] = (
    create_tables,
    keep_stillness_of_epochs,
    keep_weight_of_evidence,
    keep_baseline_nights,
    keep_deleted_recordings_in_a_bin,
    know_where_backups_lie,
    keep_handling_in_epochs,
    count_changes_of_recordings,
)


def check_is_library(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database of another program before anything in it is changed."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (n_tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if n_tables and application_id != APPLICATION_ID:
        raise LibraryError(f"{path}: this database belongs to another program; name another file for the library.")


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Apply what is missing, each step in one transaction with the row that records it."""
    for number in range(count_applied(connection, path, migrations), len(migrations)):
        name = migrations[number].__name__
        with transaction(connection):
            # Another process may have done this step while we waited for our turn.
            if count_applied(connection, path, migrations) > number:
                continue
            migrations[number](connection)
            _check_references(connection, path, name)
            _record(connection, number + 1, name)
        logger.info("%s: applied migration %d, %s", path, number + 1, name)


def count_applied(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Count the steps that a file has seen."""
    names = [migration.__name__ for migration in migrations]
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone() is None:
        return 0
    rows = connection.execute("SELECT name, version FROM migrations ORDER BY number").fetchall()
    for row, name in zip(rows, [*names, *[None] * len(rows)], strict=False):
        if row["name"] != name:
            raise LibraryError(
                f"{path}: clonus_sense {row['version']} has changed this library in a way that this version "
                f"({__version__}) does not know; update clonus_sense, or name another library."
            )
    return len(rows)


def _check_references(connection: sqlite3.Connection, path: Path, name: str) -> None:
    """Refuse a step that leaves rows which belong to nothing."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise LibraryError(
            f"{path}: migration {name} would leave rows of {broken['table']} that belong to nothing; nothing was "
            "changed; report this with the version of clonus_sense."
        )


def _record(connection: sqlite3.Connection, number: int, name: str) -> None:
    """Write down that a step was done."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations "
        "(number INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, applied_at TEXT NOT NULL)"
    )
    connection.execute(
        "INSERT INTO migrations VALUES (?, ?, ?, ?)", (number, name, __version__, datetime.now(UTC).isoformat())
    )
