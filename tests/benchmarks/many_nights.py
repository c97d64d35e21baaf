"""A library of many nights: one night made through the library, and its rows copied to other evenings."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from clonus_sense.library import Library
from tests.review.made import MadeLeg, add_leg, at

N_EPISODES = 12


def make_library(path: Path, n_nights: int) -> None:
    """Make a library of one person and leg with so many nights of ten hours."""
    with Library.open(path) as library:
        first = add_leg(library, MadeLeg(episodes=tuple(at(1.2 + number / 2) for number in range(N_EPISODES))))
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for night in range(1, n_nights):
            copy_night(connection, first.id, first.id + night, timedelta(days=night))
        connection.execute("COMMIT")
    connection.close()


def copy_night(connection: sqlite3.Connection, source: int, number: int, later: timedelta) -> None:
    """Copy the rows of a recording under another number, so much later."""
    (start,) = connection.execute("SELECT start_time FROM recordings WHERE id = ?", (source,)).fetchone()
    start = (datetime.fromisoformat(start) + later).isoformat()
    copy_rows(
        connection,
        "recordings",
        f"id = {source}",
        {"id": f"{number}", "content_hash": f"'copy {number}'", "start_time": f"'{start}'"},
    )
    copy_rows(connection, "epochs", f"recording_id = {source}", {"recording_id": f"{number}"})
    copy_rows(connection, "runs", f"recording_id = {source}", {"id": f"{number}", "recording_id": f"{number}"})
    shift = f"{number} * 1000"
    copy_rows(connection, "episodes", f"run_id = {source}", {"id": f"id + {shift}", "run_id": f"{number}"})
    copy_rows(
        connection,
        "evidence",
        f"episode_id IN (SELECT id FROM episodes WHERE run_id = {source})",
        {"episode_id": f"episode_id + {shift}"},
    )


def copy_rows(connection: sqlite3.Connection, table: str, condition: str, changed: dict[str, str]) -> None:
    """Copy rows of a table with some columns changed."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(name, name) for name in names)
    connection.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {condition}")
