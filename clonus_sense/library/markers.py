"""Moments of a recording that somebody marked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from clonus_sense.library.decoding import decodes
from clonus_sense.library.limits import check_time
from clonus_sense.library.recordings import check_recording
from clonus_sense.library.store import Library
from clonus_sense.library.words import Marker, MarkerKind
from clonus_sense.showable import is_showable_time


def add_markers(library: Library, recording_id: int, markers: Iterable[Marker]) -> None:
    """Add markers; a marker that exists already is not repeated.

    Raises
    ------
    LibraryError
        If the recording does not exist or the time of a marker is invalid.
    """
    markers = tuple(markers)
    for marker in markers:
        check_time(marker.at_s)
    with library.writing() as connection:
        check_recording(connection, recording_id)
        connection.executemany(
            "INSERT INTO markers (recording_id, at_s, kind, text) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(recording_id, marker.at_s, marker.kind, marker.text) for marker in markers],
        )


def list_markers(library: Library, recording_id: int) -> tuple[Marker, ...]:
    """List the markers of a recording by time."""
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM markers WHERE recording_id = ? ORDER BY at_s, id", (recording_id,))
        # Earlier versions accepted times that no page can show, such as infinity.
        return tuple(_marker_of(row) for row in rows if is_showable_time(row["at_s"]))


@decodes
def _marker_of(row: sqlite3.Row) -> Marker:
    """Build the marker of a row."""
    return Marker(row["at_s"], MarkerKind(row["kind"]), row["text"])
