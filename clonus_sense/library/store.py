"""The library: one SQLite file, private to its user."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs

from clonus_sense.errors import DamagedLibraryError, LibraryError
from clonus_sense.library.disposal import delete_expired, is_sweep_due, sweep
from clonus_sense.library.migrations import check_is_library, migrate
from clonus_sense.library.sqlite_connection import (
    BUSY_TIMEOUT_S,
    connect,
    failures_as_sentences,
    file_failures_as_sentences,
    transaction,
)

logger = logging.getLogger(__name__)

# Read and written by its user alone: nights are about health.
PRIVATE_MODE = 0o600
# SQLite writes ahead into these and makes them with the library's own mode.
COMPANION_ENDINGS = ("-wal", "-shm")
# The other program needs a few milliseconds.
_RETRY_S = 0.01


def default_path() -> Path:
    """Name the library's usual place, in the user's own data folder."""
    return platformdirs.user_data_path("clonus_sense", appauthor=False) / "library.sqlite3"


class Library:
    """An open library; as a context manager it is closed at the end.

    The modules of this package read and write it; several processes may have it open at once.

    Parameters
    ----------
    path
        The file.
    connection
        Open connection to it, its schema up to date.
    now
        Tells the aware present time.

    Examples
    --------
    >>> import tempfile
    >>> from clonus_sense.library import Person, add_person, list_people
    >>> with Library.open(Path(tempfile.mkdtemp()) / "library.sqlite3") as library:
    ...     add_person(library, Person("P07", affected_side="left"))
    ...     print([person.code for person in list_people(library)])
    ['P07']
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self.path = path
        self.now = now
        self._connection = connection
        self._told: set[str] = set()

    @classmethod
    def open(
        cls, path: Path | None = None, *, must_exist: bool = False, now: Callable[[], datetime] | None = None
    ) -> Self:
        """Open a library and bring its schema up to date; a new one is made where there is none.

        Recordings whose time in the bin is over are deleted, and what another program kept from being overwritten is.

        Parameters
        ----------
        path
            The file; ``None`` takes :func:`default_path`.
        must_exist
            Whether to refuse a path at which there is none: a slip of the keys must not read "no nights".
        now
            Tells the aware present time; ``None`` takes the computer's clock.

        Returns
        -------
        Library
            To be closed after use.

        Raises
        ------
        LibraryError
            If the file is no library, is newer than this program, or cannot be opened.
        """
        if must_exist and path is not None and not path.exists():
            raise LibraryError(f"{path}: there is no library; check its name, or add a recording to make one.")
        path = default_path() if path is None else path
        with failures_as_sentences(path), file_failures_as_sentences(path):
            create_private(path)
            connection = connect(path)
            try:
                check_is_library(connection, path)
                make_private(path)
                _write_ahead(connection, path)
                migrate(connection, path)
                connection.execute("PRAGMA foreign_keys = ON")
                _dispose(connection, path, now() if now else _utc_now())
            except BaseException:
                connection.close()
                raise
        if erasures_path(path).exists():
            logger.warning(
                "%s: an erasure was interrupted; `clonus-sense erase` with the same person finishes it.", path
            )
        return cls(path, connection, now or _utc_now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._connection.close()

    def tell_once(self, text: str) -> None:
        """Say in the log what was passed over; what was said already is not said again."""
        if text not in self._told:
            self._told.add(text)
            logger.warning("%s: %s", self.path, text)

    @property
    def size_bytes(self) -> int:
        """How much of the disk the library takes, in bytes."""
        return sum(file.stat().st_size for file in _files_of(self.path))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for reading; everything read in one block is of one moment.

        Raises
        ------
        LibraryError
            If the file cannot be read.
        """
        with failures_as_sentences(self.path):
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                # A disk that fails has ended the transaction already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for writing; what is written in one block is kept as a whole or not at all.

        Blocks may stand inside one another, so that a recording, its run and its epochs are added as one.

        Raises
        ------
        LibraryError
            If the disk is full, another program keeps the file busy, or it must not be written to.
        """
        with failures_as_sentences(self.path), transaction(self._connection):
            yield self._connection

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """Give the connection outside of any transaction, for copying or rebuilding the whole file.

        Raises
        ------
        LibraryError
            As for :meth:`writing`.
        """
        if self._connection.in_transaction:
            raise sqlite3.ProgrammingError("The whole file cannot be worked on inside a transaction.")
        with failures_as_sentences(self.path):
            yield self._connection


def create_private(path: Path) -> None:
    """Create the folder and an empty file with private modes; leave an existing file alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Not exclusive: two programs may start at once, and an empty file is a library to be.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_MODE))


def make_private(path: Path) -> None:
    """Take away what others may do with the library's files, as after copying them by hand."""
    for file in _files_of(path):
        if file.stat().st_mode & 0o077:
            file.chmod(PRIVATE_MODE)


def erasures_path(path: Path) -> Path:
    """Name the file beside a library that says which erasures are not finished; there is none where all are."""
    return path.with_name(f"{path.stem}.erasures.json")


def _files_of(path: Path) -> list[Path]:
    """Name the library's file and those of its companions that are there."""
    files = (path, *(path.with_name(path.name + ending) for ending in COMPANION_ENDINGS))
    return [file for file in files if file.exists()]


def _utc_now() -> datetime:
    """Read the computer's clock."""
    return datetime.now(UTC)


def _dispose(connection: sqlite3.Connection, path: Path, now: datetime) -> None:
    """Empty the bin of what has lain in it for long enough, and sweep where that is due; no command waits for it.

    What another program keeps us from is done when the library is next opened.
    """
    try:
        with failures_as_sentences(path):
            connection.execute("PRAGMA busy_timeout = 0")
            delete_expired(connection, now)
        if is_sweep_due(connection):
            sweep(connection, path)
    except DamagedLibraryError:
        raise
    except LibraryError as error:
        logger.info("%s", error)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_TIMEOUT_S * 1000)}")


def _write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Let readers go on while one writes, as far as the file system can."""
    give_up_s = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError as error:
            # SQLite does not wait here by itself when two programs make the same library at once.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_s:
                raise
            time.sleep(_RETRY_S)
    if mode != "wal":
        logger.warning("%s: this disk keeps a plain journal (%s); programs wait for one another.", path, mode)
