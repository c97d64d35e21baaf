"""Moves of recordings to another person or leg and corrections of their start; each is recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from clonus_sense.errors import LibraryError
from clonus_sense.library.decoding import decodes
from clonus_sense.library.limits import check_dates
from clonus_sense.library.nouns import Filing, Move, StartCorrection
from clonus_sense.library.people import known_person_id
from clonus_sense.library.recordings import check_recording
from clonus_sense.library.store import Library
from clonus_sense.showable import is_showable_date
from clonus_sense.terms import SIDES


def move_recordings(
    library: Library, recording_ids: Iterable[int], to: Filing, *, moved_by: str, reason: str
) -> tuple[Move, ...]:
    """Move recordings, such as those of one night, to another person or leg; all of them or none.

    Annotations and runs move with their recording.

    Parameters
    ----------
    to
        New person and side; an empty code means that they belong to nobody.

    Returns
    -------
    tuple of Move
        One for each moved recording; none for a recording that was there already.

    Raises
    ------
    LibraryError
        If a person or recording does not exist, the side is invalid, or another recording of that leg covers the same
        time: two legs would become one.
    """
    if to.side not in ("", *SIDES):
        raise LibraryError(f"The side is {to.side!r}; it must be left, right or empty.")
    with library.writing() as connection:
        person = known_person_id(connection, to.person) if to.person else None
        recording_ids = tuple(recording_ids)
        _check_leg_is_free(connection, recording_ids, person, to)
        return tuple(move for number in recording_ids for move in _file_anew(connection, number, to, moved_by, reason))


def swap_sides(library: Library, recording_ids: Iterable[int], *, moved_by: str, reason: str) -> tuple[Move, ...]:
    """Swap left and right of recordings, all at once.

    Parameters
    ----------
    recording_ids
        Recordings of both legs, such as those of one night.

    Returns
    -------
    tuple of Move
        One for each swapped recording; none for a recording without a side.

    Raises
    ------
    LibraryError
        If a recording does not exist, or another recording of the same leg covers the same time.
    """
    swapped = {"left": "right", "right": "left"}
    with library.writing() as connection:
        recording_ids = tuple(recording_ids)
        moved: list[Move] = []
        for number in recording_ids:
            check_recording(connection, number)
        rows = {
            number: connection.execute(
                "SELECT side, people.code AS code FROM recordings LEFT JOIN people ON people.id = person_id "
                "WHERE recordings.id = ?",
                (number,),
            ).fetchone()
            for number in recording_ids
        }
        # Through nobody: otherwise both legs would be on one side halfway.
        for number in recording_ids:
            connection.execute("UPDATE recordings SET side = '' WHERE id = ? AND side <> ''", (number,))
        for number, row in rows.items():
            if row["side"] not in swapped:
                continue
            to = Filing(row["code"] or "", swapped[row["side"]])
            _check_leg_is_free(connection, (number,), known_person_id(connection, to.person) if to.person else None, to)
            connection.execute("UPDATE recordings SET side = ? WHERE id = ?", (row["side"], number))
            moved += _file_anew(connection, number, to, moved_by, reason)
        return tuple(moved)


def list_moves(library: Library, recording_id: int) -> tuple[Move, ...]:
    """List the moves of a recording, oldest first."""
    with library.reading() as connection:
        return _select_moves(connection, recording_id)


def correct_start(
    library: Library, recording_id: int, start: datetime, *, corrected_by: str, reason: str
) -> StartCorrection:
    """Correct the start of a recording whose host had a wrong clock; its duration stays the same.

    Parameters
    ----------
    start
        Aware date and time of the first sample.

    Raises
    ------
    LibraryError
        If the recording does not exist, or the start has no offset or lies outside the accepted years.
    """
    with library.writing() as connection:
        check_recording(connection, recording_id)
        before = connection.execute(
            "SELECT start_time, duration_s FROM recordings WHERE id = ?", (recording_id,)
        ).fetchone()
        # With a damaged duration only the start can be checked.
        check_dates(start, before["duration_s"] if isinstance(before["duration_s"], float) else 1.0)
        connection.execute("UPDATE recordings SET start_time = ? WHERE id = ?", (start.isoformat(), recording_id))
        row = connection.execute(
            "INSERT INTO start_corrections (recording_id, start_before, start_after, corrected_by, reason, "
            "corrected_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
            (
                recording_id,
                before["start_time"],
                start.isoformat(),
                corrected_by,
                reason,
                datetime.now(UTC).isoformat(),
            ),
        ).fetchone()
        return _correction_of(row)


def list_start_corrections(library: Library, recording_id: int) -> tuple[StartCorrection, ...]:
    """List the corrections of a recording's start, oldest first."""
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM start_corrections WHERE recording_id = ? ORDER BY id", (recording_id,))
        return tuple(_correction_of(row) for row in rows if _showable_start(row["start_after"]) is not None)


def _file_anew(connection: sqlite3.Connection, number: int, to: Filing, moved_by: str, reason: str) -> tuple[Move, ...]:
    """Move one recording and record the move; return none if it was there already."""
    check_recording(connection, number)
    person = known_person_id(connection, to.person) if to.person else None
    before = connection.execute("SELECT person_id, side FROM recordings WHERE id = ?", (number,)).fetchone()
    if tuple(before) == (person, to.side):
        return ()
    connection.execute("UPDATE recordings SET person_id = ?, side = ? WHERE id = ?", (person, to.side, number))
    connection.execute(
        "INSERT INTO moves (recording_id, person_before, side_before, person_after, side_after, moved_by, "
        "reason, moved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, *before, person, to.side, moved_by, reason, datetime.now(UTC).isoformat()),
    )
    return _select_moves(connection, number)[-1:]


def _check_leg_is_free(
    connection: sqlite3.Connection, recording_ids: tuple[int, ...], person: int | None, to: Filing
) -> None:
    """Refuse to move recordings to a leg of which another recording covers their time."""
    places = ", ".join("?" * len(recording_ids))
    taken = connection.execute(
        "SELECT mine.id AS mine, other.id AS other FROM recordings AS mine JOIN recordings AS other "
        f"ON other.id NOT IN ({places}) AND other.person_id IS ? AND other.side = ? "
        "AND other.id NOT IN (SELECT recording_id FROM bin) "
        "AND julianday(other.start_time) < julianday(mine.start_time) + mine.duration_s / 86400.0 "
        "AND julianday(mine.start_time) < julianday(other.start_time) + other.duration_s / 86400.0 "
        f"WHERE mine.id IN ({places}) AND NOT (mine.person_id IS ? AND mine.side = ?)",
        (*recording_ids, person, to.side, *recording_ids, person, to.side),
    ).fetchone()
    if taken is not None:
        whose = f"{to.person or 'nobody'}, {to.side or 'no side'}"
        raise LibraryError(
            f"Recording {taken['mine']} cannot go to {whose}: recording {taken['other']} of that leg covers the same "
            "time, and two legs would become one; swap both with --swap-sides, or move the other one first."
        )


def _select_moves(connection: sqlite3.Connection, recording_id: int) -> tuple[Move, ...]:
    """Read the moves of a recording, oldest first."""
    rows = connection.execute(
        "SELECT moves.*, before.code AS code_before, after.code AS code_after FROM moves "
        "LEFT JOIN people AS before ON before.id = person_before "
        "LEFT JOIN people AS after ON after.id = person_after WHERE recording_id = ? ORDER BY moves.id",
        (recording_id,),
    )
    return tuple(_move_of(row) for row in rows)


@decodes
def _move_of(row: sqlite3.Row) -> Move:
    """Build the move of a row."""
    return Move(
        recording_id=row["recording_id"],
        before=Filing(row["code_before"] or "", row["side_before"]),
        after=Filing(row["code_after"] or "", row["side_after"]),
        moved_by=row["moved_by"],
        reason=row["reason"],
        moved_at=datetime.fromisoformat(row["moved_at"]),
    )


def _showable_start(text: str | None) -> datetime | None:
    """Read a start; ``None`` if there was none or no command can show it."""
    try:
        start = None if text is None else datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return start if start is not None and start.tzinfo is not None and is_showable_date(start) else None


@decodes
def _correction_of(row: sqlite3.Row) -> StartCorrection:
    """Build the correction of a row."""
    return StartCorrection(
        recording_id=row["recording_id"],
        before=_showable_start(row["start_before"]),
        after=datetime.fromisoformat(row["start_after"]),
        corrected_by=row["corrected_by"],
        reason=row["reason"],
        corrected_at=datetime.fromisoformat(row["corrected_at"]),
    )
