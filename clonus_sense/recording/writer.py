"""Writing of recordings: row by row during a night, or all at once."""

from __future__ import annotations

import errno
import gzip
import io
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from clonus_sense.errors import DiskFullError, RecordingError
from clonus_sense.model import FloatArray, RecordingInfo
from clonus_sense.recording.header import head_text
from clonus_sense.recording.parquet import write_parquet
from clonus_sense.recording.row_text import format_rows
from clonus_sense.rounding import RoundedSamples, round_as_written

logger = logging.getLogger(__name__)

# A power cut may cost the data since the last sync.  Ten seconds are short for a night, and long enough to spare a
# memory card.
FSYNC_EVERY_S = 10.0
_ROWS_AT_ONCE = 1 << 14
# The highest level takes four times as long and saves a hundredth of the size.
_GZIP_LEVEL = 6
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class RecordingWriter:
    """Writes a recording in progress.

    Each call of :meth:`append` passes its rows to the operating system, so a kill loses only later samples.  A
    separate thread syncs the file every ten seconds, so a slow disk never delays the sensor.

    Parameters
    ----------
    path
        The file, ending in ``.csv``; it must not exist.
    info
    Becomes the head.
    fsync_every_s
        Seconds between two calls of ``sync``.
    sync
        Syncs a file descriptor; replaced in tests.

    Attributes
    ----------
    n_samples
        Samples in the file.
    last_s
        Time of the last of them; minus infinity before the first.

    Raises
    ------
    RecordingError
        If the file exists already, or cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "night.csv"
    >>> with RecordingWriter(path, RecordingInfo(start=None, fs_hz=50.0)) as writer:
    ...     writer.append(np.array([0.0, 0.02]), np.array([[0.0, 0.0, 1.0], [0.01, 0.0, 1.0]]))
    >>> path.read_text(encoding="utf-8").splitlines()[-1]
    '0.020000,0.0100,0.0000,1.0000'
    """

    def __init__(
        self,
        path: Path,
        info: RecordingInfo,
        *,
        fsync_every_s: float = FSYNC_EVERY_S,
        sync: Callable[[int], None] = os.fsync,
    ) -> None:
        self._path = path
        self._step_g = info.step_g
        self._sync = sync
        self.n_samples = 0
        self.last_s = -np.inf
        self._in_part_from_s: float | None = None  # first sample of a call that the disk could not take whole
        self._unsynced = threading.Event()
        self._closing = threading.Event()
        self._sync_error: OSError | None = None
        self._size = 0
        self._thread = threading.Thread(target=self._keep_synced, args=(fsync_every_s,), daemon=True)
        self._file = _create(path)
        try:
            self._write(head_text(info).encode())
        except RecordingError:
            self._file.close()
            path.unlink()
            raise
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def append(self, times_s: FloatArray, accel_g: FloatArray) -> None:
        """Write further samples.

        Parameters
        ----------
        times_s
            Seconds since the start of the recording, later than all before, shape ``(n_samples,)``.
        accel_g
            Acceleration, in g, shape ``(n_samples, 3)``.

        Raises
        ------
        RecordingError
            As :meth:`append_rounded` does.
        """
        self.append_rounded(round_as_written(times_s, accel_g, self._step_g))

    def append_rounded(self, samples: RoundedSamples) -> None:
        """Write further samples that were rounded to the step of this recording.

        Parameters
        ----------
        samples
            Later than all before.

        Raises
        ------
        RecordingError
            If time does not go forward, the recording is closed, or the disk fails; whole lines so far stay in the
            file.  On a full disk it is a :class:`~clonus_sense.errors.DiskFullError`: the file stays open, and the same
            samples can be passed again, including those already written.
        """
        if self._file.closed:
            raise RecordingError(f"{self._path}: the recording is closed; start a new one.")
        if self._sync_error is not None:
            error, self._sync_error = self._sync_error, None
            raise self._failure(error) from error
        check_shapes(samples.times_s, samples.accel_g)
        if not len(samples.times_s):
            return
        from_s = float(samples.times_s[0])
        if from_s == self._in_part_from_s:
            is_new = samples.times_s > self.last_s
            samples = RoundedSamples(samples.times_s[is_new], samples.accel_g[is_new])
        times_s = samples.times_s
        if not (times_s[0] > self.last_s and (times_s[1:] > times_s[:-1]).all()):
            raise RecordingError(f"{self._path}: time must go forward; the samples from {times_s[0]:.6f} s on do not.")
        text = format_rows(samples, self._step_g)
        size = self._size
        try:
            self._write(text)
        except RecordingError:
            self._in_part_from_s = from_s
            self._count(times_s[: text.count(b"\n", 0, self._size - size)])
            raise
        self._in_part_from_s = None
        self._count(times_s)

    def _count(self, times_s: FloatArray) -> None:
        """Count rows that are now in the file."""
        if len(times_s):
            self.n_samples += len(times_s)
            self.last_s = float(times_s[-1])
            self._unsynced.set()

    @property
    def is_closed(self) -> bool:
        """Whether the file is closed for writing."""
        return self._file.closed

    def close(self) -> None:
        """Sync and close the file.

        Raises
        ------
        RecordingError
            If the disk fails.
        """
        if self._file.closed:
            return
        self._closing.set()
        self._thread.join()
        try:
            self._sync(self._file.fileno())
        except OSError as error:
            raise self._failure(error) from error
        finally:
            self._file.close()

    def _write(self, text: bytes) -> None:
        """Write all of ``text``, or cut the file back to its last whole line."""
        n_written = 0
        try:
            while n_written < len(text):
                n_written += self._file.write(text[n_written:]) or 0
        except OSError as error:
            self._size += text.rfind(b"\n", 0, n_written) + 1
            os.ftruncate(self._file.fileno(), self._size)
            self._file.seek(self._size)
            raise self._failure(error) from error
        self._size += n_written

    def _failure(self, error: OSError) -> RecordingError:
        """Build the error, and close a file on a failing disk."""
        if error.errno in DISK_FULL:
            return DiskFullError(f"{self._path}: the disk is full; everything before is safe in the file; make room.")
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._file.close()
        return RecordingError(
            f"{self._path}: the disk fails ({error.strerror}); everything before is safe in the file; start a new "
            "recording on another disk."
        )

    def _keep_synced(self, every_s: float) -> None:
        """Sync new data at a fixed interval."""
        while not self._closing.wait(every_s):
            if not self._unsynced.is_set():
                continue
            self._unsynced.clear()
            try:
                self._sync(self._file.fileno())
            except OSError as error:
                logger.warning("%s: the disk does not keep what was written: %s", self._path, error)
                self._sync_error = error
                if error.errno not in DISK_FULL:
                    return
                self._unsynced.set()  # a later sync may succeed when there is space again


def write_recording(path: Path, info: RecordingInfo, times_s: FloatArray, accel_g: FloatArray) -> None:
    """Write a whole recording.

    Parameters
    ----------
    path
        The file, ending in ``.csv``, ``.csv.gz`` or ``.parquet``; it must not exist.
    info
        Becomes the head.
    times_s
        Seconds since the start, going forward, shape ``(n_samples,)``; rounded to 1 µs.
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``; rounded to ``info.step_g`` or 0.0001 g.

    Raises
    ------
    RecordingError
        If the file exists already, the name has another ending, the shapes do not fit, or the disk is full.
    """
    check_shapes(times_s, accel_g)
    if path.exists():
        raise _already_there(path)
    try:
        _write_whole(path, info, times_s, accel_g)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise RecordingError(f"{path}: cannot be written ({error.strerror}); choose another place.") from error


def check_shapes(times_s: FloatArray, accel_g: FloatArray) -> None:
    """Refuse arrays that are not one time and three axes for each sample."""
    if accel_g.shape != (len(times_s), 3):
        raise RecordingError(
            f"{len(times_s)} times need acceleration of shape ({len(times_s)}, 3), not {accel_g.shape}."
        )


def _write_whole(path: Path, info: RecordingInfo, times_s: FloatArray, accel_g: FloatArray) -> None:
    """Write in the format that the name's ending selects."""
    if path.name.endswith(".parquet"):
        rounded = round_as_written(times_s, accel_g, info.step_g)
        write_parquet(path, info, rounded.times_s, rounded.accel_g)
    elif path.name.endswith((".csv", ".csv.gz")):
        with path.open("xb") as file:
            # Without name and date, equal samples give equal bytes.
            packed = gzip.GzipFile("", "wb", _GZIP_LEVEL, fileobj=file, mtime=0) if path.name.endswith(".gz") else None
            out = packed or file
            out.write(head_text(info).encode())
            for start in range(0, len(times_s), _ROWS_AT_ONCE):
                rows = slice(start, start + _ROWS_AT_ONCE)
                out.write(format_rows(round_as_written(times_s[rows], accel_g[rows], info.step_g), info.step_g))
            if packed is not None:
                packed.close()
    else:
        raise RecordingError(f"{path}: a recording ends in .csv, .csv.gz or .parquet; choose such a name.")


def _create(path: Path) -> io.FileIO:
    """Create a file; an existing one is an error."""
    if not path.name.endswith(".csv"):
        raise RecordingError(f"{path}: a recording that is being made ends in .csv; choose such a name.")
    try:
        return io.FileIO(path, "xb")
    except FileExistsError as error:
        raise _already_there(path) from error
    except OSError as error:
        raise RecordingError(f"{path}: cannot be made ({error.strerror}); choose another place.") from error


def _already_there(path: Path) -> RecordingError:
    """Build the refusal to overwrite."""
    return RecordingError(f"{path}: there is a file of this name already, and recordings are never overwritten.")
