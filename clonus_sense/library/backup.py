"""Copies of the library, made and brought back while it is open."""

from __future__ import annotations

import glob
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from clonus_sense.errors import LibraryError
from clonus_sense.files import begin_part, remove_leftovers
from clonus_sense.library.migrations import check_is_library, count_applied, migrate
from clonus_sense.library.sqlite_connection import connect, failures_as_sentences, file_failures_as_sentences
from clonus_sense.library.store import COMPANION_ENDINGS, Library, create_private


def back_up(library: Library, path: Path) -> None:
    """Copy the library into one new file, private to the user; it appears whole or not at all.

    The library, and with it the copy, remembers where the copy lies: an erasure has to name it.

    Parameters
    ----------
    library
        Open library; others may go on writing to it.
    path
        The copy; it must not exist.

    Raises
    ------
    LibraryError
        If the file exists, or cannot be written.
    """
    if path.exists():
        raise LibraryError(f"{path}: this file exists already and is not overwritten; choose another name.")
    # Before the copy is made: killed in between, it leaves a part beside this path.
    _remember(library, [path])
    _copy(library, path)


def list_backups(library: Library) -> tuple[Path, ...]:
    """List where backups were written, also those that are gone since."""
    with library.reading() as connection:
        rows = connection.execute("SELECT path FROM backups ORDER BY path")
        return tuple(Path(os.fsdecode(row["path"])) for row in rows)


def automatic_copies(path: Path) -> tuple[Path, ...]:
    """List the copies that :func:`restore` has made beside a library.

    Parameters
    ----------
    path
        The library's file.
    """
    return tuple(sorted(path.parent.glob(f"{glob.escape(path.stem)}.before-restore-*{glob.escape(path.suffix)}")))


def damaged_copies(path: Path) -> tuple[Path, ...]:
    """List what :func:`replace_damaged` has put aside beside a library, which nobody can look into.

    Parameters
    ----------
    path
        The library's file.
    """
    return tuple(sorted(path.parent.glob(f"{glob.escape(path.stem)}.damaged-*")))


def _remember(library: Library, paths: Iterable[Path]) -> None:
    """Write down where copies lie."""
    with library.writing() as connection:
        connection.executemany(
            "INSERT OR IGNORE INTO backups VALUES (?, ?)",
            [(os.fsencode(path.absolute()), library.now().isoformat()) for path in paths],
        )


def _copy(library: Library, path: Path) -> None:
    """Copy the library into one new file."""
    part = begin_part(path)
    # What fails here fails at the copy, so its name is the inner one.
    with library.alone() as source, failures_as_sentences(path), file_failures_as_sentences(path):
        try:
            create_private(part)
            with closing(connect(part)) as copy:
                source.backup(copy)
                # One file alone, to be carried away: no journal beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
            _sync(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)  # Is gone where all went well.


def restore(library: Library, backup_path: Path) -> Path:
    """Bring a copy back in place of what the library holds now, which is itself copied first.

    The change is one transaction: a kill or a power cut leaves the library as it was.

    Parameters
    ----------
    library
        Open library.
    backup_path
        Made by :func:`back_up`, of this version or an older one.

    Returns
    -------
    Path
        Beside the library: a copy of what it held before.

    Raises
    ------
    LibraryError
        If the copy is missing, damaged, newer than this program or no library; nothing was changed then.
    """
    if not backup_path.is_file():
        raise LibraryError(f"{backup_path}: there is no such file; check its name.")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    before = library.path.with_name(f"{library.path.stem}.before-restore-{stamp}{library.path.suffix}")
    with failures_as_sentences(backup_path), closing(connect(backup_path)) as source:
        _check_whole(source, backup_path)
        # Each restore has a name of its own, so none would meet what a killed one left.
        remove_leftovers(library.path.parent, f"{library.path.stem}.before-restore-")
        _copy(library, before)
        known = list_backups(library)
        with library.alone() as connection:
            source.backup(connection)
            connection.execute("PRAGMA foreign_keys = OFF")
            try:
                migrate(connection, library.path)
            finally:
                connection.execute("PRAGMA foreign_keys = ON")
        _remember(library, (*known, backup_path))
    return before


def replace_damaged(path: Path, backup_path: Path) -> Path:
    """Put a copy in place of a library that cannot be opened any more; what is left of that is kept aside.

    Parameters
    ----------
    path
        Where the library lies.
    backup_path
        Made by :func:`back_up`, of this version or an older one.

    Returns
    -------
    Path
        Beside the library: what is left of it.

    Raises
    ------
    LibraryError
        If the copy is missing, damaged, newer than this program or no library; nothing was changed then.
    """
    if not backup_path.is_file():
        raise LibraryError(f"{backup_path}: there is no such file; check its name.")
    with failures_as_sentences(backup_path), closing(connect(backup_path)) as source:
        _check_whole(source, backup_path)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    with file_failures_as_sentences(path):
        for ending in ("", *COMPANION_ENDINGS):
            left = path.with_name(path.name + ending)
            if left.exists():
                left.replace(aside.with_name(aside.name + ending))
    with (
        failures_as_sentences(backup_path),
        closing(connect(backup_path)) as source,
        Library.open(path) as library,
        library.alone() as connection,
    ):
        source.backup(connection)
    # Opened once more, an older copy is brought up to date.
    with Library.open(path) as library:
        _remember(library, [backup_path])
    return aside


def _check_whole(source: sqlite3.Connection, path: Path) -> None:
    """Refuse a copy that is empty, damaged, newer or another program's."""
    check_is_library(source, path)
    if count_applied(source, path) == 0:
        raise LibraryError(f"{path}: this file is empty and no backup; name another one.")
    (verdict,) = source.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise LibraryError(f"{path}: this backup is damaged ({verdict}); use an older one.")


def _sync(path: Path) -> None:
    """Have the disk keep a file before it gets its name."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
