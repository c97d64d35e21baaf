"""``NAME.backfill.csv``: samples that came late from the sensor's own memory, and how they join the others."""

from __future__ import annotations

import contextlib
import io
import os
from collections import deque
from pathlib import Path
from typing import BinaryIO

from clonus_sense.errors import DiskFullError, RecordingError
from clonus_sense.model import FloatArray, RecordingInfo
from clonus_sense.recording import RoundedSamples
from clonus_sense.recording.header import COLUMN_LINE, head_text
from clonus_sense.recording.in_progress import backfill_path, merging_path
from clonus_sense.recording.row_text import format_rows
from clonus_sense.recording.writer import DISK_FULL

# One row ends here; what stands behind the last one is half a row.
_LINE_END = b"\n"
# So much is looked at at once; a night is hundreds of times that, and late samples belong into a few places of it.
_BLOCK_BYTES = 1 << 16


class BackfillFile:
    """Writes late samples in the order in which they come; the file is made with the first of them."""

    def __init__(self, recording: Path, info: RecordingInfo) -> None:
        self._path = backfill_path(recording)
        self._info = info
        self.n_samples = 0

    def append(self, times_s: FloatArray, accel_g: FloatArray) -> None:
        """Write late samples."""
        text = format_rows(RoundedSamples(times_s, accel_g), self._info.step_g)
        try:
            with io.FileIO(self._path, "ab") as file:
                size = file.tell()
                rest = memoryview(text if size else head_text(self._info).encode() + text)
                try:
                    while rest:
                        rest = rest[file.write(rest) :]
                except OSError:
                    file.truncate(size)  # half a row would spoil the next one
                    raise
        except OSError as error:
            kind = DiskFullError if error.errno in DISK_FULL else RecordingError
            raise kind(f"{self._path}: late samples cannot be written ({error.strerror}); make room.") from error
        self.n_samples += len(times_s)


def merge_backfill(recording: Path) -> int:
    """Put late samples in their places; the recording then holds all of them, and their own file is gone.

    At no moment is a sample on no file: the merged recording is whole on disk before it takes the place of the old one.

    Parameters
    ----------
    recording
        A recording of ours, closed, whose ledger this program has locked.

    Returns
    -------
    int
        How many samples were added; 0 where there are none.

    Raises
    ------
    RecordingError
        If the files cannot be read or written; both are left as they were.
    """
    late_path = backfill_path(recording)
    if not late_path.exists():
        return 0
    merged_path = merging_path(recording)
    try:
        late = _late_rows(late_path)
        with recording.open("rb") as old, merged_path.open("wb") as merged:
            n_added = _merge(old, merged, late)
            merged.flush()
            os.fsync(merged.fileno())
        merged_path.replace(recording)
        with contextlib.suppress(PermissionError):
            # Windows keeps what another program has open; a sample that both files have is taken once.
            late_path.unlink()
    except OSError as error:
        merged_path.unlink(missing_ok=True)
        kind = DiskFullError if error.errno in DISK_FULL else RecordingError
        raise kind(
            f"{recording}: late samples cannot be merged ({error.strerror}); they are safe in {late_path.name}; make "
            "room and try again."
        ) from error
    return n_added


def _late_rows(path: Path) -> list[tuple[float, bytes]]:
    """Read late rows in the order of time, each once."""
    rows: dict[float, bytes] = {}
    in_head = True
    for line in path.read_bytes().splitlines(keepends=True):
        if in_head:
            in_head = line.strip() != COLUMN_LINE.encode()
        elif (time_s := _time_s(line)) is not None:
            rows[time_s] = line
    return sorted(rows.items())


def _merge(old: BinaryIO, merged: BinaryIO, late: list[tuple[float, bytes]]) -> int:
    """Write the rows of both in the order of time; gives how many late ones were new to the recording."""
    waiting = deque(late)
    n_added = 0
    while block := old.readlines(_BLOCK_BYTES):
        last_s = _time_s(block[-1])
        if waiting and (last_s is None or last_s >= waiting[0][0]):
            n_added += _merge_rows(block, merged, waiting)
        else:
            # A recorder writes its rows in the order of time: no late one belongs before the last of these.
            merged.writelines(line for line in block if line.endswith(_LINE_END))
    merged.writelines(row for _, row in waiting)
    return n_added + len(waiting)


def _merge_rows(block: list[bytes], merged: BinaryIO, waiting: deque[tuple[float, bytes]]) -> int:
    """Write rows one by one, each late one before the first later one; a time that both have is taken once."""
    n_added = 0
    for line in block:
        time_s = _time_s(line)
        if time_s is not None:
            while waiting and waiting[0][0] < time_s:
                merged.write(waiting.popleft()[1])
                n_added += 1
            while waiting and waiting[0][0] == time_s:
                waiting.popleft()
        if line.endswith(_LINE_END):
            merged.write(line)
    return n_added


def _time_s(line: bytes) -> float | None:
    """Time of a row; ``None`` for a line of the head, half a row, and what a power cut left behind."""
    if not line.endswith(_LINE_END):
        return None
    try:
        return float(line.split(b",", 1)[0])
    except ValueError:
        return None
