"""Backups of the library, made and restored while it is open."""

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
    """Copy the library into one new file, private to the user; the file appears only when it is complete.

    The library and the copy both store the path of the copy, because an erasure must name all backups.

    Parameters
    ----------
    library
        Open library; other programs may write to it meanwhile.
    path
        New file.

    Raises
    ------
    LibraryError
        If the file exists, or cannot be written.
    """
    if path.exists():
        raise LibraryError(f"{path}: this file exists already and is not overwritten; choose another name.")
    # First: a program that is killed while it copies leaves a partial file beside this path.
    _remember(library, [path])
    _copy(library, path)


def list_backups(library: Library) -> tuple[Path, ...]:
    """List the paths of all backups ever written; some may no longer exist."""
    with library.reading() as connection:
        rows = connection.execute("SELECT path FROM backups ORDER BY path")
        return tuple(Path(os.fsdecode(row["path"])) for row in rows)


def automatic_copies(path: Path) -> tuple[Path, ...]:
    """List the copies that :func:`restore` made beside a library's file."""
    return tuple(sorted(path.parent.glob(f"{glob.escape(path.stem)}.before-restore-*{glob.escape(path.suffix)}")))


def damaged_copies(path: Path) -> tuple[Path, ...]:
    """List the unreadable files that :func:`replace_damaged` kept beside a library's file."""
    return tuple(sorted(path.parent.glob(f"{glob.escape(path.stem)}.damaged-*")))


def _remember(library: Library, paths: Iterable[Path]) -> None:
    """Store the paths of backups."""
    with library.writing() as connection:
        connection.executemany(
            "INSERT OR IGNORE INTO backups VALUES (?, ?)",
            [(os.fsencode(path.absolute()), library.now().isoformat()) for path in paths],
        )


def _copy(library: Library, path: Path) -> None:
    """Copy the library into one new file."""
    part = begin_part(path)
    # Errors in this block name the copy, because it is written here.
    with library.alone() as source, failures_as_sentences(path), file_failures_as_sentences(path):
        try:
            create_private(part)
            with closing(connect(part)) as copy:
                source.backup(copy)
                # The copy must be one file without a journal, so that it can be moved.
                copy.execute("PRAGMA journal_mode = DELETE")
            _sync(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)  # No longer exists after success.


def restore(library: Library, backup_path: Path) -> Path:
    """Replace the content of the library by a backup; the present content is copied first.

    The change is one transaction: a crash or a power cut leaves the library as it was.

    Parameters
    ----------
    backup_path
        Made by :func:`back_up`, of this version or an older one.

    Returns
    -------
    Path
        Copy of the earlier content, beside the library.

    Raises
    ------
    LibraryError
        If the backup is missing, damaged, newer than this program or no library; the library is then unchanged.
    """
    if not backup_path.is_file():
        raise LibraryError(f"{backup_path}: there is no such file; check its name.")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    before = library.path.with_name(f"{library.path.stem}.before-restore-{stamp}{library.path.suffix}")
    with failures_as_sentences(backup_path), closing(connect(backup_path)) as source:
        _check_whole(source, backup_path)
        # Each restore uses a new name, so no later one would remove the leftovers of one that was killed.
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
    """Replace a library that cannot be opened by a backup; the damaged file is renamed and kept.

    Parameters
    ----------
    backup_path
        Made by :func:`back_up`, of this version or an older one.

    Returns
    -------
    Path
        The damaged file under its new name, beside the library.

    Raises
    ------
    LibraryError
        If the backup is missing, damaged, newer than this program or no library; the library is then unchanged.
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
    # Opening migrates a backup of an older version.
    with Library.open(path) as library:
        _remember(library, [backup_path])
    return aside


def _check_whole(source: sqlite3.Connection, path: Path) -> None:
    """Refuse a backup that is empty, damaged, newer than this program or of another program."""
    check_is_library(source, path)
    if count_applied(source, path) == 0:
        raise LibraryError(f"{path}: this file is empty, so it is no backup; name another one.")
    (verdict,) = source.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise LibraryError(f"{path}: this backup is damaged ({verdict}); use an older one.")


def _sync(path: Path) -> None:
    """Write a file through to the disk, before it is renamed."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
