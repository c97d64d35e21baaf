"""Migrations of the library's tables: an ordered list of named steps, each applied once.

A released step never changes. A new step goes to the end of :data:`MIGRATIONS`, with a test that runs it on a file of
the version before (``tests/library/library_1.sql`` is a file of version 1, and so on).
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

# "ClSe" in ASCII marks the file as ours, so that we never change the database of another program.
APPLICATION_ID = 0x436C5365

Migration: TypeAlias = Callable[[sqlite3.Connection], None]


def create_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of version 1 in an empty file."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in TABLES_1:
        connection.execute(statement)


def keep_stillness_of_epochs(connection: sqlite3.Connection) -> None:
    """Store the measures that decide wear, so that a better rule can judge old nights without their samples.

    Epochs of version 1 keep their state; their stillness is unknown.
    """
    connection.execute("ALTER TABLE epochs ADD COLUMN still INTEGER")
    connection.execute("ALTER TABLE epochs ADD COLUMN sway_ratio REAL")


def keep_weight_of_evidence(connection: sqlite3.Connection) -> None:
    """Store the weight of each test, so that a page can name the strongest evidence without the detector's weights.

    Evidence of version 2 keeps its value and limit; its weight is unknown.
    """
    connection.execute("ALTER TABLE evidence ADD COLUMN logit REAL")


def keep_baseline_nights(connection: sqlite3.Connection) -> None:
    """Store the baseline nights of a person, each as a moment of a recording.

    A night has no row and its name may change; a moment stays in its night. The person is stored too, so that a
    recording moved to somebody else does not become their baseline.
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
    """Store deleted recordings for a while, with the name of the night that was deleted.

    A row in ``due_sweeps`` says that traces of deleted rows are not overwritten yet. The number of a deleted recording
    is never used again: a printed number must not come to mean another night.
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
    """Store the paths of backups, because an erasure must name those that hold the person.

    A path is stored as the file system's bytes.
    """
    connection.execute("CREATE TABLE backups (path BLOB PRIMARY KEY, written_at TEXT NOT NULL) WITHOUT ROWID")


def keep_handling_in_epochs(connection: sqlite3.Connection) -> None:
    """Store how far gravity turned to and fro in an epoch, which tells handling of the sensor from a turn in bed.

    Epochs of older versions keep their state and lack this measure until their recording is analysed again.
    """
    connection.execute("ALTER TABLE epochs ADD COLUMN handling_deg REAL")


def count_changes_of_recordings(connection: sqlite3.Connection) -> None:
    """Count the changes of all rows about a recording, and store the list entries of its nights.

    Triggers count, so that no writer can forget it. An entry names the counts from which it was made; see
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
            # Deleting a recording deletes its rows too; then no recording is left to count for.
            connection.execute(
                f"""
                CREATE TRIGGER count_{event.lower()}_of_{table} AFTER {event} ON {table}
                BEGIN
                    INSERT INTO changes SELECT id, 1 FROM recordings WHERE id = {recording.format(row=row)}
                    ON CONFLICT (recording_id) DO UPDATE SET number = number + 1;
                END"""
            )


# SQL that gives the recording of a row, by table.
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


def keep_sources_of_review_files(connection: sqlite3.Connection) -> None:
    """Keep the verdict of a review file that an annotation came from, so that a file taken twice counts once.

    Annotations of older versions came from no file.
    """
    connection.execute(
        """
        CREATE TABLE review_sources (
            annotation_id INTEGER PRIMARY KEY REFERENCES annotations (id) ON DELETE CASCADE,
            verdict_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            said_at TEXT NOT NULL,
            UNIQUE (verdict_id, revision)
        )"""
    )


MIGRATIONS: tuple[Migration, ...] = (
    create_tables,
    keep_stillness_of_epochs,
    keep_weight_of_evidence,
    keep_baseline_nights,
    keep_deleted_recordings_in_a_bin,
    know_where_backups_lie,
    keep_handling_in_epochs,
    count_changes_of_recordings,
    keep_sources_of_review_files,
)


def check_is_library(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database of another program, before any change."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (n_tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if n_tables and application_id != APPLICATION_ID:
        raise LibraryError(f"{path}: this database belongs to another program; name another file for the library.")


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Apply the missing steps, each in one transaction with the row that records it; foreign keys are off meanwhile."""
    for number in range(count_applied(connection, path, migrations), len(migrations)):
        name = migrations[number].__name__
        with transaction(connection):
            # Another process may have applied this step while this one waited.
            if count_applied(connection, path, migrations) > number:
                continue
            migrations[number](connection)
            _check_references(connection, path, name)
            _record(connection, number + 1, name)
        logger.info("%s: applied migration %d, %s", path, number + 1, name)


def count_applied(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Count the steps applied to a file; refuse a file that a newer version has changed."""
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
    """Refuse a step that leaves rows with dangling references."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise LibraryError(
            f"{path}: migration {name} would leave rows of {broken['table']} without their owner; the library is "
            "unchanged; report this with the version of clonus_sense."
        )


def _record(connection: sqlite3.Connection, number: int, name: str) -> None:
    """Record a step as applied."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations "
        "(number INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, applied_at TEXT NOT NULL)"
    )
    connection.execute(
        "INSERT INTO migrations VALUES (?, ?, ?, ?)", (number, name, __version__, datetime.now(UTC).isoformat())
    )
