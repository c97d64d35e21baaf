"""Moments of a recording that somebody marked."""

from __future__ import annotations

from collections.abc import Iterable

from clonus_sense.library.recordings import check_recording
from clonus_sense.library.store import Library
from clonus_sense.library.words import Marker, MarkerKind


def add_markers(library: Library, recording_id: int, markers: Iterable[Marker]) -> None:
    """Add markers; one that is there already stays one.

    Parameters
    ----------
    library
        Open library.
    recording_id
        Their recording.
    markers
        In any order.

    Raises
    ------
    LibraryError
        If there is no such recording.
    """
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
        return tuple(Marker(row["at_s"], MarkerKind(row["kind"]), row["text"]) for row in rows)
