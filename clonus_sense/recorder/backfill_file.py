"""``NAME.backfill.csv``: late samples from the sensor's memory, and how they are merged into the recording."""

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

# End of a complete row; bytes behind the last one are an incomplete row.
_LINE_END = b"\n"
# A night has hundreds of blocks of this size, and late samples fall into only a few of them.
_BLOCK_BYTES = 1 << 16


class BackfillFile:
    """Writes late samples in the order of arrival; the first ones create the file."""

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
                    file.truncate(size)  # an incomplete row would spoil the next one
                    raise
        except OSError as error:
            kind = DiskFullError if error.errno in DISK_FULL else RecordingError
            raise kind(f"{self._path}: late samples cannot be written ({error.strerror}); make room.") from error
        self.n_samples += len(times_s)


def merge_backfill(recording: Path) -> int:
    """Merge late samples into the recording in the order of time, and delete their file.

    Every sample is on disk at all times: the merged recording is complete before it replaces the old one.

    Parameters
    ----------
    recording
        A closed recording of ours whose ledger this program has locked.

    Returns
    -------
    int
        Number of samples added; 0 if there are none.

    Raises
    ------
    RecordingError
        If the files cannot be read or written; both stay unchanged.
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
            # Windows keeps a file that another program has open; the next merge skips samples that both files have.
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
    """Read late rows in the order of time, without duplicates."""
    rows: dict[float, bytes] = {}
    in_head = True
    for line in path.read_bytes().splitlines(keepends=True):
        if in_head:
            in_head = line.strip() != COLUMN_LINE.encode()
        elif (time_s := _time_s(line)) is not None:
            rows[time_s] = line
    return sorted(rows.items())


def _merge(old: BinaryIO, merged: BinaryIO, late: list[tuple[float, bytes]]) -> int:
    """Write the rows of both in the order of time; returns how many late rows were new to the recording."""
    waiting = deque(late)
    n_added = 0
    while block := old.readlines(_BLOCK_BYTES):
        last_s = _time_s(block[-1])
        if waiting and (last_s is None or last_s >= waiting[0][0]):
            n_added += _merge_rows(block, merged, waiting)
        else:
            # The recorder writes rows in the order of time, so no late row belongs before the end of this block.
            merged.writelines(line for line in block if line.endswith(_LINE_END))
    merged.writelines(row for _, row in waiting)
    return n_added + len(waiting)


def _merge_rows(block: list[bytes], merged: BinaryIO, waiting: deque[tuple[float, bytes]]) -> int:
    """Write rows one by one, with each late row before the first later one, and duplicates left out."""
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
    """Time of a row; ``None`` for a line of the head, an incomplete row, and the remains of a power cut."""
    if not line.endswith(_LINE_END):
        return None
    try:
        return float(line.split(b",", 1)[0])
    except ValueError:
        return None
