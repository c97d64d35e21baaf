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

# Only the user may read and write the file: it holds health data.
PRIVATE_MODE = 0o600
# SQLite's write-ahead files, which get the mode of the library's file.
COMPANION_ENDINGS = ("-wal", "-shm")
# The other program is done within milliseconds.
_RETRY_S = 0.01


def default_path() -> Path:
    """Return the default path of the library, in the user's data folder."""
    return platformdirs.user_data_path("clonus_sense", appauthor=False) / "library.sqlite3"


class Library:
    """An open library; a context manager that closes the file at the end.

    The modules of this package read and write it. Several processes may have it open at once.

    Parameters
    ----------
    connection
        Open connection with an up-to-date schema.
    now
        Returns the aware present time.

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
        """Open a library and migrate it; create it if it does not exist.

        This deletes recordings whose time in the bin is over, and does an overdue sweep.

        Parameters
        ----------
        path
            ``None`` takes :func:`default_path`.
        must_exist
            Whether to refuse a missing file: a typing error must not give an empty list of nights.
        now
            Returns the aware present time; ``None`` takes the computer's clock.

        Raises
        ------
        LibraryError
            If the file is no library, was changed by a newer version, or cannot be opened.
        """
        if must_exist and path is not None and not path.exists():
            raise LibraryError(f"{path}: there is no library; check its name, or add a recording to create it.")
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
        """Log a warning, but each text only once."""
        if text not in self._told:
            self._told.add(text)
            logger.warning("%s: %s", self.path, text)

    @property
    def size_bytes(self) -> int:
        """Size of the library's files, in bytes."""
        return sum(file.stat().st_size for file in _files_of(self.path))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for reading; one block sees one consistent state.

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
        """Give the connection for writing; one block is committed as a whole or not at all.

        Blocks may be nested, so that a recording, its run and its epochs are added together.

        Raises
        ------
        LibraryError
            If the disk is full, another program keeps the file busy, or the file is read-only.
        """
        with failures_as_sentences(self.path), transaction(self._connection):
            yield self._connection

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """Give the connection outside any transaction, to copy or rebuild the whole file.

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
        # Not exclusive: two programs may start at once, and an empty file becomes a library.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_MODE))


def make_private(path: Path) -> None:
    """Remove the access of other users to the library's files, which a copy by hand may have given."""
    for file in _files_of(path):
        if file.stat().st_mode & 0o077:
            file.chmod(PRIVATE_MODE)


def erasures_path(path: Path) -> Path:
    """Return the path of the journal of unfinished erasures; the file exists only while there are any."""
    return path.with_name(f"{path.stem}.erasures.json")


def _files_of(path: Path) -> list[Path]:
    """List the library's file and its write-ahead files, as far as they exist."""
    files = (path, *(path.with_name(path.name + ending) for ending in COMPANION_ENDINGS))
    return [file for file in files if file.exists()]


def _utc_now() -> datetime:
    """Read the computer's clock."""
    return datetime.now(UTC)


def _dispose(connection: sqlite3.Connection, path: Path, now: datetime) -> None:
    """Delete recordings whose time in the bin is over, and sweep if due, without waiting for other programs.

    If another program prevents it, the next opening of the library tries again.
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
    """Switch to write-ahead logging, so that readers continue during a write, if the file system allows it."""
    give_up_s = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError as error:
            # SQLite does not wait here when two programs create the same library at once.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_s:
                raise
            time.sleep(_RETRY_S)
    if mode != "wal":
        logger.warning("%s: this disk allows only a plain journal (%s); programs wait for one another.", path, mode)
