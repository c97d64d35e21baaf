"""The recordings of the library; their samples stay in their files."""

from __future__ import annotations

import json
import os
import sqlite3
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from clonus_sense.errors import DamagedLibraryError, LibraryError
from clonus_sense.library.decoding import decodes
from clonus_sense.library.finding_rows import insert_findings, read_findings
from clonus_sense.library.limits import check_dates, check_number, check_time
from clonus_sense.library.nouns import AddedRecording, Person, StoredRecording
from clonus_sense.library.people import insert_person, known_person_id, person_id
from clonus_sense.library.store import Library
from clonus_sense.model import Finding, Gap, RecordingInfo, SensorIdentity, Site

_SELECT = "SELECT recordings.*, people.code AS person FROM recordings LEFT JOIN people ON people.id = person_id"
# Only the bin shows deleted recordings that can be brought back.
IS_BINNED = "recordings.id IN (SELECT recording_id FROM bin)"
# By time; recordings without a date come last.
_IN_ORDER = "ORDER BY start_time IS NULL, julianday(start_time), recordings.id"


def add_recording(
    library: Library,
    path: Path,
    content_hash: str,
    info: RecordingInfo,
    *,
    duration_s: float,
    gaps: Sequence[Gap] = (),
    findings: Sequence[Finding] = (),
) -> AddedRecording:
    """Add a recording; one that the library holds already keeps its person and leg.

    Of a known recording the path, the zone and the way to read the file are updated.

    A recording in the bin comes back.

    Parameters
    ----------
    content_hash
        From :func:`clonus_sense.library.hash_recording`.
    info
        Facts about the recording. A new person code adds the person; an empty code means that it belongs to nobody yet.
    duration_s
        From the first sample to the end of the last, in seconds.
    gaps
        Times without samples, in order.
    findings
        Losses, repairs and guesses of the reader.
    """
    check_dates(info.start, duration_s)
    for name in ("fs_hz", "step_g", "range_g"):
        check_number(name, getattr(info, name))
    for gap in gaps:
        check_time(gap.start_s)
        check_time(gap.end_s)
    with library.writing() as connection:
        known = connection.execute("SELECT id FROM recordings WHERE content_hash = ?", (content_hash,)).fetchone()
        if known is not None:
            _renew_said(connection, known["id"], path, info)
            n_back = connection.execute("DELETE FROM bin WHERE recording_id = ?", (known["id"],)).rowcount
            return AddedRecording(_select_one(connection, known["id"]), was_known=True, was_binned=n_back > 0)
        number = _insert(connection, path, content_hash, info, duration_s)
        _insert_reading(connection, number, gaps, findings)
        return AddedRecording(_select_one(connection, number), was_known=False)


def find_recording(library: Library, recording_id: int) -> StoredRecording:
    """Find a recording by its id.

    Raises
    ------
    LibraryError
        If it does not exist or is in the bin.
    """
    with library.reading() as connection:
        check_recording(connection, recording_id)
        return _select_one(connection, recording_id)


def find_recording_by_hash(library: Library, content_hash: str) -> StoredRecording | None:
    """Find a recording by its content, in the bin or not.

    Parameters
    ----------
    content_hash
        From :func:`clonus_sense.library.hash_recording`.

    Returns
    -------
    StoredRecording or None
        ``None`` if the library does not hold it.
    """
    with library.reading() as connection:
        row = connection.execute("SELECT id FROM recordings WHERE content_hash = ?", (content_hash,)).fetchone()
        return None if row is None else _select_one(connection, row["id"])


def find_recordings_by_start(library: Library, start: datetime) -> tuple[StoredRecording, ...]:
    """Find the recordings whose files state this start.

    Parameters
    ----------
    start
        Start as stated in the file, even if a person corrected it later.
    """
    with library.reading() as connection:
        corrected = "SELECT recording_id FROM start_corrections WHERE start_before = ?"
        rows = connection.execute(
            f"{_SELECT} WHERE start_time = ? OR recordings.id IN ({corrected}) {_IN_ORDER}", [start.isoformat()] * 2
        ).fetchall()
        return tuple(_recording_of(connection, row) for row in rows)


def renew_recording(
    library: Library,
    recording_id: int,
    path: Path,
    content_hash: str,
    *,
    duration_s: float,
    gaps: Sequence[Gap] = (),
    findings: Sequence[Finding] = (),
) -> StoredRecording:
    """Replace the known reading of a recording by a longer one; person and leg stay.

    Parameters
    ----------
    path, content_hash, duration_s, gaps, findings
        As for :func:`add_recording`.

    Raises
    ------
    LibraryError
        If the recording does not exist.
    """
    with library.writing() as connection:
        check_recording(connection, recording_id, or_in_bin=True)
        connection.execute(
            "UPDATE recordings SET path = ?, content_hash = ?, duration_s = ? WHERE id = ?",
            (_path_bytes(path), content_hash, duration_s, recording_id),
        )
        connection.execute("DELETE FROM gaps WHERE recording_id = ?", (recording_id,))
        connection.execute("DELETE FROM findings WHERE recording_id = ? AND run_id IS NULL", (recording_id,))
        _insert_reading(connection, recording_id, gaps, findings)
        return _select_one(connection, recording_id)


def list_recordings(
    library: Library, *, person: str | None = None, side: str | None = None, is_dated: bool | None = None
) -> tuple[StoredRecording, ...]:
    """List recordings by their start, those without a date last.

    Parameters
    ----------
    person
        Only this person's; an empty code selects recordings that belong to nobody yet.
    side
        Only of this side.
    is_dated
        Only recordings with (true) or without (false) a date.

    Raises
    ------
    LibraryError
        If the person does not exist.
    """
    with library.reading() as connection:
        filters, values = [f"NOT {IS_BINNED}"], list[object]()
        if person is not None:
            filters.append("person_id IS ?")
            values.append(known_person_id(connection, person) if person else None)
        if side is not None:
            filters.append("side = ?")
            values.append(side)
        if is_dated is not None:
            filters.append(f"start_time IS {'NOT ' if is_dated else ''}NULL")
        rows = connection.execute(f"{_SELECT} WHERE {' AND '.join(filters)} {_IN_ORDER}", values).fetchall()
        recordings = []
        for row in rows:
            try:
                recordings.append(_recording_of(connection, row))
            except DamagedLibraryError as error:
                # One damaged row must not hide the other nights.
                library.tell_once(f"{_about_unreadable(row['id'], error)} It is skipped.")
        return tuple(recordings)


def salvage_recording(library: Library, recording_id: int) -> StoredRecording:
    """Read the undamaged part of a recording, so that every row can be named, deleted and brought back.

    Parameters
    ----------
    recording_id
        Id of a recording in the bin or not.

    Returns
    -------
    StoredRecording
        Complete if the row can be read, else only with person, side and file.

    Raises
    ------
    LibraryError
        If it does not exist.
    """
    with library.reading() as connection:
        check_recording(connection, recording_id, or_in_bin=True)
        row = connection.execute(f"{_SELECT} WHERE recordings.id = ?", (recording_id,)).fetchone()
        try:
            return _recording_of(connection, row)
        except DamagedLibraryError:
            return _salvaged(row)


def check_recording(connection: sqlite3.Connection, recording_id: int, *, or_in_bin: bool = False) -> None:
    """Raise ``LibraryError`` for a recording that does not exist or, unless allowed, is in the bin."""
    row = connection.execute(
        f"SELECT {IS_BINNED} AS is_binned FROM recordings WHERE id = ?", (recording_id,)
    ).fetchone()
    if row is None:
        raise LibraryError(f"Recording {recording_id} is not in the library; it was deleted, or never added.")
    if row["is_binned"] and not or_in_bin:
        raise LibraryError(
            f"Recording {recording_id} is in the bin; `clonus-sense undelete recording:{recording_id}` brings it back."
        )


def _insert(
    connection: sqlite3.Connection, path: Path, content_hash: str, info: RecordingInfo, duration_s: float
) -> int:
    """Write a new recording's row and return its number."""
    values: dict[str, object] = {
        "id": _next_number(connection),
        "content_hash": content_hash,
        "path": _path_bytes(path),
        "person_id": _person_of(connection, info.person),
        "side": info.side,
        "start_time": None if info.start is None else info.start.isoformat(),
        "timezone": info.timezone,
        "duration_s": duration_s,
        "fs_hz": info.fs_hz,
        "site": info.site,
        "orthosis": info.orthosis,
        "sensor_family": info.sensor.family,
        "sensor_name": info.sensor.name,
        "sensor_serial": info.sensor.serial,
        "sensor_firmware": info.sensor.firmware,
        "step_g": info.step_g,
        "range_g": info.range_g,
        "clock_trusted": info.clock_trusted,
        "notes_json": json.dumps(info.notes, ensure_ascii=False),
        "added_at": datetime.now(UTC).isoformat(),
    }
    names, places = ", ".join(values), ", ".join("?" * len(values))
    row = connection.execute(
        f"INSERT INTO recordings ({names}) VALUES ({places}) RETURNING id", tuple(values.values())
    ).fetchone()
    return int(row["id"])


def _next_number(connection: sqlite3.Connection) -> int:
    """Choose a number that no recording of this library ever had."""
    row = connection.execute(
        "SELECT max(highest, coalesce((SELECT max(id) FROM recordings), 0)) + 1 AS number FROM used_numbers"
    ).fetchone()
    return int(row["number"])


def _insert_reading(
    connection: sqlite3.Connection, number: int, gaps: Sequence[Gap], findings: Sequence[Finding]
) -> None:
    """Write the gaps and findings of the reader."""
    connection.executemany(
        "INSERT INTO gaps VALUES (?, ?, ?, ?, ?)",
        [(number, at, gap.start_s, gap.end_s, gap.reason) for at, gap in enumerate(gaps)],
    )
    insert_findings(connection, number, None, findings)


def _renew_said(connection: sqlite3.Connection, number: int, path: Path, info: RecordingInfo) -> None:
    """Update the facts that may change for a known recording: its path, its zone, the way to read its file."""
    connection.execute(
        "UPDATE recordings SET path = ?, timezone = ?, notes_json = ? WHERE id = ?",
        (_path_bytes(path), info.timezone, json.dumps(info.notes, ensure_ascii=False), number),
    )
    stored = _select_one(connection, number)
    # The same moment with another offset updates the zone; another moment needs a correction of the start.
    if info.start is not None and stored.info.start == info.start:
        connection.execute("UPDATE recordings SET start_time = ? WHERE id = ?", (info.start.isoformat(), number))


def _person_of(connection: sqlite3.Connection, stated_code: str) -> int | None:
    """Return the row number of a person, who is added if new; ``None`` without a code."""
    code = " ".join(stated_code.split())
    if not code:
        return None
    return person_id(connection, code) or insert_person(connection, Person(code))


def _select_one(connection: sqlite3.Connection, recording_id: int) -> StoredRecording:
    """Read one recording; it must exist."""
    row = connection.execute(f"{_SELECT} WHERE recordings.id = ?", (recording_id,)).fetchone()
    try:
        return _recording_of(connection, row)
    except DamagedLibraryError as error:
        raise DamagedLibraryError(_about_unreadable(recording_id, error)) from error


def _about_unreadable(recording_id: int, error: DamagedLibraryError) -> str:
    """Explain why a recording cannot be read and what to do."""
    return (
        f"Recording {recording_id} cannot be read ({error.__cause__}); `clonus-sense delete recording:{recording_id}` "
        f"deletes it, `clonus-sense correct start {recording_id} --from TIME` corrects a wrong date, and "
        "`clonus-sense restore FILE` brings a backup back."
    )


def _salvaged(row: sqlite3.Row) -> StoredRecording:
    """Build the readable part of a recording whose row is damaged."""
    person, side, path = row["person"], row["side"], row["path"]
    return StoredRecording(
        id=row["id"],
        content_hash="",
        path=Path(os.fsdecode(path)) if isinstance(path, bytes) else Path("?"),
        info=RecordingInfo(
            start=None,
            fs_hz=1.0,
            person=person if isinstance(person, str) else "",
            side=side if isinstance(side, str) else "",
        ),
        duration_s=0.0,
        gaps=(),
        findings=(),
        added_at=datetime.fromtimestamp(0, UTC),
    )


@decodes
def _recording_of(connection: sqlite3.Connection, row: sqlite3.Row) -> StoredRecording:
    """Build the recording of a row, with its gaps and findings."""
    gaps = connection.execute("SELECT * FROM gaps WHERE recording_id = ? ORDER BY number", (row["id"],))
    info = _info_of(row)
    check_dates(info.start, row["duration_s"])
    return StoredRecording(
        id=row["id"],
        content_hash=row["content_hash"],
        path=Path(os.fsdecode(row["path"])),
        info=info,
        duration_s=row["duration_s"],
        gaps=tuple(Gap(gap["start_s"], gap["end_s"], gap["reason"]) for gap in gaps),
        findings=read_findings(connection, row["id"], None),
        added_at=datetime.fromisoformat(row["added_at"]),
    )


def _check_zone(name: str) -> None:
    """Refuse an unknown time zone; readers never accept one."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"timezone is {name!r}") from error


def _info_of(row: sqlite3.Row) -> RecordingInfo:
    """Build the facts about a recording."""
    trusted = row["clock_trusted"]
    if row["timezone"]:
        _check_zone(row["timezone"])
    return RecordingInfo(
        start=None if row["start_time"] is None else datetime.fromisoformat(row["start_time"]),
        fs_hz=row["fs_hz"],
        timezone=row["timezone"],
        site=None if row["site"] is None else Site(row["site"]),
        side=row["side"],
        person=row["person"] or "",
        orthosis=row["orthosis"],
        sensor=SensorIdentity(row["sensor_family"], row["sensor_name"], row["sensor_serial"], row["sensor_firmware"]),
        step_g=row["step_g"],
        range_g=row["range_g"],
        clock_trusted=None if trusted is None else bool(trusted),
        notes=tuple((key, value) for key, value in json.loads(row["notes_json"])),
    )


def _path_bytes(path: Path) -> bytes:
    """Return the absolute path as the file system's bytes."""
    return os.fsencode(path.absolute())
