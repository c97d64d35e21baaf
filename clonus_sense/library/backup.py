"""Copies of the library, made and brought back while it is open."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from clonus_sense.errors import LibraryError
from clonus_sense.library.connection import connect, failures_as_sentences, file_failures_as_sentences
from clonus_sense.library.migrations import check_is_library, count_applied, migrate
from clonus_sense.library.store import COMPANION_ENDINGS, Library, create_private


def back_up(library: Library, path: Path) -> None:
    """Copy the library into one new file, private to the user; it appears whole or not at all.

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
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
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
        back_up(library, before)
        with library.alone() as connection:
            source.backup(connection)
            connection.execute("PRAGMA foreign_keys = OFF")
            try:
                migrate(connection, library.path)
            finally:
                connection.execute("PRAGMA foreign_keys = ON")
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
    Library.open(path).close()
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
