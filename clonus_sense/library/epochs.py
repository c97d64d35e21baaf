"""Activity per epoch; it is derived from the samples, so a new analysis replaces it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from clonus_sense.activity import Epoch, WearState
from clonus_sense.library.decoding import decodes
from clonus_sense.library.recordings import check_recording
from clonus_sense.library.store import Library


def replace_epochs(library: Library, recording_id: int, epochs: Iterable[Epoch]) -> None:
    """Replace the epochs of a recording.

    Parameters
    ----------
    epochs
        Epochs with different starts.

    Raises
    ------
    LibraryError
        If there is no such recording.
    """
    with library.writing() as connection:
        check_recording(connection, recording_id)
        connection.execute("DELETE FROM epochs WHERE recording_id = ?", (recording_id,))
        connection.executemany(
            "INSERT INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    recording_id,
                    epoch.start_s,
                    epoch.measured_s,
                    epoch.movement_g,
                    *(epoch.gravity or (None, None, None)),
                    epoch.state.value,
                    epoch.still,
                    epoch.sway_ratio,
                    epoch.handling_deg,
                )
                for epoch in epochs
            ],
        )


def list_epochs(library: Library, recording_id: int) -> tuple[Epoch, ...]:
    """List the epochs of a recording by time."""
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM epochs WHERE recording_id = ? ORDER BY start_s", (recording_id,))
        return tuple(_epoch_of(row) for row in rows)


@decodes
def _epoch_of(row: sqlite3.Row) -> Epoch:
    """Build the epoch of a row; rows of older versions have no stillness and no handling."""
    gravity = None if row["gravity_x"] is None else (row["gravity_x"], row["gravity_y"], row["gravity_z"])
    return Epoch(
        start_s=row["start_s"],
        measured_s=row["measured_s"],
        movement_g=row["movement_g"],
        gravity=gravity,
        sway_ratio=row["sway_ratio"],
        still=bool(row["still"]),
        state=WearState(row["state"]),
        handling_deg=row["handling_deg"],
    )
