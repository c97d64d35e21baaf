"""The bin: deleted recordings, which no other command shows, and which come back with all that people said about them.

They leave the library for good 30 days later, when it is next opened; see :mod:`clonus_sense.library.disposal`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from clonus_sense.errors import LibraryError
from clonus_sense.library.disposal import STAYS_IN_BIN, read_binned_at
from clonus_sense.library.nouns import StoredRecording
from clonus_sense.library.recordings import check_recording, salvage_recording
from clonus_sense.library.store import Library


@dataclass(frozen=True, slots=True)
class BinnedRecording:
    """A recording in the bin.

    Parameters
    ----------
    recording
        As it was filed.
    night
        Name of the night with which it was deleted; empty where it belonged to none.
    binned_at
        When it was deleted.
    """

    recording: StoredRecording
    night: str
    binned_at: datetime

    @property
    def leaves_at(self) -> datetime:
        """From when on it is deleted for good."""
        return self.binned_at + STAYS_IN_BIN


def put_in_bin(library: Library, recording_id: int, *, night: str = "") -> datetime:
    """Put a recording into the bin; no row about it is changed.

    Parameters
    ----------
    library
        Open library.
    recording_id
        What goes.
    night
        Name of the night to which it belongs, by which it can be brought back.

    Returns
    -------
    datetime
        From when on it is deleted for good.

    Raises
    ------
    LibraryError
        If there is no such recording, or it is in the bin already.
    """
    now = library.now()
    with library.writing() as connection:
        check_recording(connection, recording_id)
        connection.execute("INSERT INTO bin VALUES (?, ?, ?)", (recording_id, now.isoformat(), night))
    return now + STAYS_IN_BIN


def take_out_of_bin(library: Library, recording_ids: Iterable[int]) -> None:
    """Bring recordings back as they were filed, all of them or none.

    Parameters
    ----------
    library
        Open library.
    recording_ids
        What comes back.

    Raises
    ------
    LibraryError
        If one is not in the bin.
    """
    with library.writing() as connection:
        for number in recording_ids:
            if connection.execute("DELETE FROM bin WHERE recording_id = ?", (number,)).rowcount == 0:
                raise LibraryError(
                    f"Recording {number} is not in the bin; `clonus-sense undelete` lists those that are."
                )


def list_binned(library: Library) -> tuple[BinnedRecording, ...]:
    """List what is in the bin, in the order in which it was deleted."""
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM bin ORDER BY julianday(binned_at), recording_id").fetchall()
        return tuple(
            BinnedRecording(
                salvage_recording(library, row["recording_id"]), str(row["night"]), read_binned_at(row) or library.now()
            )
            for row in rows
        )
