"""``NAME.events.jsonl``: the events of a recording, one JSON object a line."""

from __future__ import annotations

import io
import json
import logging
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from clonus_sense.errors import RecordingError
from clonus_sense.files import LEDGER_SUFFIX, recording_stem
from clonus_sense.recording.file_lock import lock_file
from clonus_sense.showable import is_showable_time

logger = logging.getLogger(__name__)

# Lines that wait while the disk is full: hours of a bad night.
_MOST_WAITING = 10_000

# File endings of a recording; its events have one name for all of them.


class EntryKind(StrEnum):
    """Kinds of events."""

    STARTED = "recording started"
    ENDED = "recording ended"
    SENSOR = "sensor"
    """The sensor reported its identity."""
    STATE = "state"
    """The link entered a state for a reason."""
    STREAM_STARTED = "stream started"
    """The first samples of a connection; ``away_s`` is the time since the last ones of the connection before."""
    STREAM_LOST = "stream lost"
    """A connection ended, with the reason."""
    ATTEMPT_FAILED = "attempt failed"
    MISSING = "sensor missing"
    HOST_SLEPT = "computer asleep"
    GAP = "gap"
    """Samples are missing, from ``start_s`` to ``end_s``."""
    REPLAY_ASKED = "replay asked"
    BACKFILLED = "backfilled"
    """Samples came late from the sensor's memory."""
    DROPPED = "packets dropped"
    RATE = "rate"
    """The sensor streams differently from its settings, and how the recorder handles it."""
    BATTERY = "battery"
    TOLD = "sensor told"
    MARKER = "marker"
    EPISODE_SO_FAR = "episode so far"
    """An episode has ended but is not decided; a later line decides or withdraws it."""
    EPISODE_WITHDRAWN = "episode withdrawn"
    """Later samples show that an undecided episode is none."""
    EPISODE = "episode"
    DETECTION_ENDED = "detection ended"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line.

    Parameters
    ----------
    time_s
        Seconds since the start of the recording.
    kind
        The kind of event; a newer version may write kinds that :class:`EntryKind` does not have.
    facts
        The rest of the line.
    """

    time_s: float
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Ledger:
    """Writes the events of one recording; :meth:`write` passes each line to the operating system before it returns.

    A ledger that cannot be written never stops a recording: the log says so, and each further line is another attempt.
    While it is open, its file is locked, which tells other programs that the recording is in progress.

    Parameters
    ----------
    path
        The file.
    start
        Aware date and time of second 0.
    """

    def __init__(self, path: Path, start: datetime) -> None:
        self._start = start
        self._path = path
        self._waiting: deque[bytes] = deque(maxlen=_MOST_WAITING)
        self._size = 0
        self._is_broken = False
        try:
            self._file = io.FileIO(path, "xb")
        except OSError as error:
            raise RecordingError(f"{path}: cannot be made ({error.strerror}); choose another place.") from error
        try:
            is_locked = lock_file(self._file)
        except OSError as error:
            logger.info("%s: this folder has no locks (%s).", path, error)
        else:
            if not is_locked:
                logger.warning("%s: another program has just opened this new file.", path)

    def write(self, time_s: float, kind: EntryKind, **facts: object) -> None:
        """Write a line.

        Parameters
        ----------
        time_s
            Seconds since the start of the recording.
        kind
            The kind of event.
        facts
            Further facts; each ``None`` is left out.
        """
        at = self._start + timedelta(seconds=time_s)
        known = {key: _plain(value) for key, value in facts.items() if value is not None}
        entry = {"time_s": round(time_s, 6), "at": at.isoformat(timespec="milliseconds"), "kind": kind.value, **known}
        self._waiting.append(json.dumps(entry, ensure_ascii=False, allow_nan=False).encode() + b"\n")
        try:
            while self._waiting:
                self._write_line(self._waiting[0])
                self._waiting.popleft()
            self._is_broken = False
        except OSError as error:
            if not self._is_broken:
                logger.error("%s: events cannot be written now (%s); the recording goes on.", self._path, error)  # noqa: TRY400 - one sentence, no traceback
            self._is_broken = True

    def _write_line(self, line: bytes) -> None:
        """Write a whole line or leave the file unchanged."""
        n_written = 0
        try:
            while n_written < len(line):
                n_written += self._file.write(line[n_written:]) or 0
        except OSError:
            os.ftruncate(self._file.fileno(), self._size)
            self._file.seek(self._size)
            raise
        self._size += len(line)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def ledger_path(recording: Path) -> Path:
    """Return the path of a recording's ledger.

    Parameters
    ----------
    recording
        ``NAME.csv``, ``NAME.csv.gz`` or ``NAME.parquet``.

    Returns
    -------
    Path
        ``NAME.events.jsonl``.

    Examples
    --------
    >>> ledger_path(Path("nights/one.csv.gz")).as_posix()
    'nights/one.events.jsonl'
    """
    return recording.with_name(f"{recording_stem(recording)}{LEDGER_SUFFIX}")


def read_ledger(path: Path) -> tuple[LedgerEntry, ...]:
    """Read the events of a recording.

    Parameters
    ----------
    path
        ``NAME.events.jsonl``; an incomplete last line is skipped.

    Returns
    -------
    tuple of LedgerEntry
        In the order of writing.

    Raises
    ------
    RecordingError
        If the file cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror}); check its name.") from error
    entries = []
    for line in lines:
        try:
            entries.append(_entry_of(line))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            # A power cut may leave an incomplete line or NUL bytes near the end.
            logger.warning("%s: a line that is no event was passed over.", path)
    return tuple(entries)


def _entry_of(line: bytes) -> LedgerEntry:
    """Read one line; a time out of range is an error."""
    facts = json.loads(line)
    time_s = float(facts.pop("time_s"))
    if not is_showable_time(time_s):
        raise ValueError(f"time_s is {time_s}")
    return LedgerEntry(time_s, str(facts.pop("kind")), facts)


def _plain(value: object) -> object:
    """Convert a value to JSON's types; a millionth is finer than any clock here."""
    if isinstance(value, float):
        return round(value, 6)
    return value.value if isinstance(value, StrEnum) else value
