"""Whether a recorder still writes a recording: it locks the ledger for as long as it does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from clonus_sense.files import BACKFILL_SUFFIX
from clonus_sense.model import Finding, Severity
from clonus_sense.recording.file_lock import lock_file
from clonus_sense.recording.ledger import EntryKind, ledger_path, read_ledger

UNFINISHED = Finding(
    Severity.WARNING,
    "unfinished",
    "The recorder is still writing this recording; it was read as it stands now. Read it again when it has ended.",
)

# A program that tests a lock holds it for microseconds; a recorder holds it for hours.
_LOOK_FOR_S = 0.5
# A merge of late samples copies a night, which takes seconds even on a slow card.
_MERGE_FOR_S = 120.0
_LOOK_EVERY_S = 0.05


def backfill_path(recording: Path) -> Path:
    """Path of a recording's late samples."""
    return recording.with_name(f"{recording.stem}{BACKFILL_SUFFIX}")


def merging_path(recording: Path) -> Path:
    """Path of the temporary file while late samples are merged."""
    return recording.with_name(f"{recording.stem}.merging")


def is_in_progress(recording: Path) -> bool:
    """Tell whether a recorder still writes a recording.

    Parameters
    ----------
    recording
        Any file; without a ledger beside it no recorder writes it.

    Returns
    -------
    bool
        ``False`` after a recorder was killed.
    """
    with hold_ended(recording) as has_ended:
        return not has_ended


def known_until_s(recording: Path, duration_s: float) -> float | None:
    """Say how far to read a recording again to get the same samples as before.

    Parameters
    ----------
    recording
        The recording.
    duration_s
        Its duration then.

    Returns
    -------
    float or None
        For ``until_s`` of :func:`~clonus_sense.recording.read_recording`: it leaves out later samples of a recorder.
        ``None`` for a recording that has ended, which is read whole.
    """
    return duration_s if is_in_progress(recording) else None


@contextmanager
def hold_ended(recording: Path) -> Iterator[bool]:
    """Lock a recording during the block, so that no other program merges its late samples.

    Parameters
    ----------
    recording
        The recording.

    Yields
    ------
    bool
        Whether it has ended.  A recording in progress must not be replaced: its recorder would write on into a deleted
        file.
    """
    # The companions lie beside the real file, not beside a link to it.
    recording = Path(os.path.realpath(recording))
    ledger, late = ledger_path(recording), backfill_path(recording)
    try:
        file = _open(ledger if ledger.exists() else late)
    except FileNotFoundError:
        yield True
        return
    with file:
        yield _lock_ended(file, recording)


def _open(path: Path) -> BinaryIO:
    """Open a file for locking; network folders lock only writable files."""
    try:
        return path.open("r+b", buffering=0)
    except FileNotFoundError:
        raise
    except OSError:
        return path.open("rb", buffering=0)


def _lock_ended(file: BinaryIO, recording: Path) -> bool:
    """Lock the ledger unless a recorder holds it; wait for a merge to end."""
    began_s = time.monotonic()
    try:
        while not lock_file(file):
            patience_s = _MERGE_FOR_S if merging_path(recording).exists() else _LOOK_FOR_S
            if time.monotonic() - began_s > patience_s:
                return False
            time.sleep(_LOOK_EVERY_S)
    except OSError:
        # Without locks, only the recorder's last entry tells.
        entries = read_ledger(ledger_path(recording)) if ledger_path(recording).exists() else ()
        return any(entry.kind == EntryKind.ENDED for entry in entries)
    return True
