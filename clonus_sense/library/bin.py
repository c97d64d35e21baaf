"""The bin: deleted recordings. No other command shows them; they come back with all annotations.

The library deletes them for good when it is opened 30 days later or more; see :mod:`clonus_sense.library.disposal`.
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
    night
        Name of the night with which it was deleted; empty if it belonged to none.
    """

    recording: StoredRecording
    night: str
    binned_at: datetime

    @property
    def leaves_at(self) -> datetime:
        """Time after which it is deleted for good."""
        return self.binned_at + STAYS_IN_BIN


def put_in_bin(library: Library, recording_id: int, *, night: str = "") -> datetime:
    """Put a recording into the bin; its own rows stay unchanged.

    Parameters
    ----------
    night
        Name of its night, with which it can be brought back.

    Returns
    -------
    datetime
        Time after which it is deleted for good.

    Raises
    ------
    LibraryError
        If the recording does not exist or is in the bin already.
    """
    now = library.now()
    with library.writing() as connection:
        check_recording(connection, recording_id)
        connection.execute("INSERT INTO bin VALUES (?, ?, ?)", (recording_id, now.isoformat(), night))
    return now + STAYS_IN_BIN


def take_out_of_bin(library: Library, recording_ids: Iterable[int]) -> None:
    """Bring recordings back as they were filed, all of them or none.

    Raises
    ------
    LibraryError
        If a recording is not in the bin.
    """
    with library.writing() as connection:
        for number in recording_ids:
            if connection.execute("DELETE FROM bin WHERE recording_id = ?", (number,)).rowcount == 0:
                raise LibraryError(
                    f"Recording {number} is not in the bin; `clonus-sense undelete` lists those that are."
                )


def list_binned(library: Library) -> tuple[BinnedRecording, ...]:
    """List the recordings in the bin in the order of their deletion."""
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM bin ORDER BY julianday(binned_at), recording_id").fetchall()
        return tuple(
            BinnedRecording(
                salvage_recording(library, row["recording_id"]), str(row["night"]), read_binned_at(row) or library.now()
            )
            for row in rows
        )
