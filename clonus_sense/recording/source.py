"""Source of a recording's rows: recognises the kind of a file and yields its rows in seconds and g."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from clonus_sense.errors import NotARecordingError, RecordingError
from clonus_sense.model import Finding, RecordingInfo, Severity
from clonus_sense.recording.accel_rows import find_accel_conversion
from clonus_sense.recording.archives import choose_table, list_tables
from clonus_sense.recording.csv_rows import CsvRows
from clonus_sense.recording.dialect import find_dialect, find_encoding
from clonus_sense.recording.file_clock import with_said_start
from clonus_sense.recording.foreign import ForeignFormat
from clonus_sense.recording.foreign_units import Conversion
from clonus_sense.recording.header import COLUMNS, Head, claims_our_format, parse_head, read_info
from clonus_sense.recording.known_formats import find_known_format, find_known_text
from clonus_sense.recording.lines import GZIP_MAGIC, UTF8_BOM, LineReader, open_bytes, size_of
from clonus_sense.recording.parquet import PARQUET_MAGIC, read_parquet_blocks, read_parquet_head
from clonus_sense.recording.row_order import measure_in_order
from clonus_sense.recording.rows import RowBlock, RowFormat, RowParser, find_samples
from clonus_sense.recording.stamps import MOST_SHORT_STEPS_RATIO, StampStatistics, measure_stamps

# A few minutes of any sensor: enough to find rate, columns and units, and fast to read.
_SAMPLE_BYTES = 1 << 20
_FIRST_BYTES = 64 << 10
# 20 kHz to 0.5 Hz: every sensor is within these limits, so they exclude only wrong columns.
_SHORTEST_PERIOD_S, _LONGEST_PERIOD_S = 5e-5, 2.0
# A sensor that returns briefly at another rate may write a dozen short steps; these are not uneven stamps.
_MOST_SHORT_OF_OURS_RATIO = 0.05
# Half a beat of 8 Hz is two samples at 25 Hz: a loss of three could hide a beat.
_MOST_FILLED = 2
Progress = Callable[[float], None]


class RecordingSource(Protocol):
    """The properties of a file that the stream needs, whatever its kind."""

    kind: str
    info: RecordingInfo
    stamps: StampStatistics
    rate_is_stated: bool
    most_short_ratio: float
    most_filled: int
    start_is_said: bool
    n_rows_expected: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Damage and guesses, complete when the blocks are exhausted."""
        ...

    def blocks(self) -> Iterator[RowBlock]:
        """Yield all rows, in seconds and g; each call starts at the first row."""
        ...


def open_source(path: Path, foreign: ForeignFormat | None, on_progress: Progress | None) -> RecordingSource:
    """Recognise a file by its content and open it."""
    if not stat.S_ISREG(path.stat().st_mode):
        if path.is_dir():
            raise IsADirectoryError(path)
        raise NotARecordingError("this is a pipe or a device and no file; save what comes out of it as a file first.")
    with path.open("rb") as file:
        first = file.read(_FIRST_BYTES)
    if not first:
        raise NotARecordingError("the file is empty; the recorder or the copy was stopped before anything was written.")
    if not first.strip(b"\0"):
        raise NotARecordingError(
            "the file begins with NUL bytes alone, as a power cut leaves them: nothing of a recording is in it."
        )
    if first.startswith(PARQUET_MAGIC):
        return ParquetSource(path, foreign, on_progress)
    known = find_known_format(path.name, first)
    if known is not None and known.is_unpacked:
        return _open_archive(path, foreign, on_progress)
    if known is not None:
        raise NotARecordingError(f"this is {known.what}; {known.advice}.")
    return _open_text(path, "", first, foreign, on_progress)


def _open_archive(path: Path, foreign: ForeignFormat | None, on_progress: Progress | None) -> RecordingSource:
    """Open the one file of a zip archive that is a recording."""
    sources: dict[str, RecordingSource] = {}
    refusals: dict[str, str] = {}
    for member in list_tables(path):
        try:
            with open_bytes(path, member) as file:
                first = file.read(_FIRST_BYTES)
            sources[member] = _open_text(path, member, first, foreign, on_progress)
        except (RecordingError, zipfile.BadZipFile, zlib.error) as error:
            refusals[member] = str(error)
    return sources[choose_table(list(sources), refusals)]


def _open_text(
    path: Path, member: str, first: bytes, foreign: ForeignFormat | None, on_progress: Progress | None
) -> RecordingSource:
    """Open a text of our own format or any other table."""
    encoding = find_encoding(first[:2]) if not first.startswith(GZIP_MAGIC) else "utf-8"
    encoding = (foreign.encoding if foreign is not None else None) or encoding
    reader = LineReader(path, member=member, encoding=encoding, limit_bytes=_SAMPLE_BYTES, block_bytes=_SAMPLE_BYTES)
    text = next(reader.blocks(), b"")
    if not (foreign is not None and foreign.is_about_layout) and claims_our_format(
        text or first.removeprefix(UTF8_BOM)
    ):
        return OwnCsvSource(path, text, foreign, encoding, on_progress, member)
    if not text and first.startswith(GZIP_MAGIC):
        raise NotARecordingError(
            "the compressed file is cut off or damaged before its first whole line; use another copy of it."
        )
    known = find_known_text(path.name, text or first)
    if not text and known is None:
        raise NotARecordingError("this is no text in lines; give a recording as .csv, .csv.gz or .parquet.")
    try:
        return ForeignCsvSource(path, text, foreign or ForeignFormat(), encoding, on_progress, member)
    except NotARecordingError as error:
        if known is None:
            raise
        raise NotARecordingError(f"this is {known.what} and no table of numbers; {known.advice}.") from error


class OwnCsvSource:
    """A recording of ours as CSV, gzipped or not."""

    kind = "recording as CSV"
    most_short_ratio = _MOST_SHORT_OF_OURS_RATIO
    most_filled = 0

    def __init__(
        self,
        path: Path,
        text: bytes,
        foreign: ForeignFormat | None,
        encoding: str,
        on_progress: Progress | None,
        member: str = "",
    ) -> None:
        head: Head = parse_head(text)
        positions = [head.columns.index(name) for name in COLUMNS]
        row_format = RowFormat(len(head.columns), (positions[0], positions[1], positions[2], positions[3]))
        self._rows = CsvRows(path, row_format, head.n_lines, encoding, on_progress, size_of(path, member), member)
        self._damage: list[Finding] = []
        below = text.split(b"\n", head.n_lines)[head.n_lines]
        sample = RowParser(row_format).parse(below, head.n_lines + 1).rows
        _check_has_rows(sample, below, head.n_lines)
        self.stamps = _measure(sample)
        self.rate_is_stated = head.fs_hz is not None
        read = read_info(head.pairs, _rate(head.fs_hz, self.stamps))
        self.info = with_said_start(read.info, foreign)
        self.start_is_said = read.info.start is None
        self._head_findings = (*_encoding_finding(head.encoding), *read.findings)
        self.n_rows_expected = self._rows.n_rows_expected(text, len(sample.times))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Damage, complete when the blocks are exhausted."""
        return (*self._head_findings, *self._damage)

    def blocks(self) -> Iterator[RowBlock]:
        """Give out all rows."""
        return self._rows.blocks(self._damage)


class ForeignCsvSource:
    """The CSV of a phone or logger."""

    kind = "foreign CSV"
    rate_is_stated = True
    most_short_ratio = MOST_SHORT_STEPS_RATIO
    most_filled = _MOST_FILLED

    def __init__(
        self,
        path: Path,
        text: bytes,
        foreign: ForeignFormat,
        encoding: str,
        on_progress: Progress | None,
        member: str = "",
    ) -> None:
        names_encoding = "utf-8" if encoding.startswith("utf-16") else foreign.encoding or find_encoding(text)
        dialect = find_dialect(text, foreign, names_encoding, lambda: _last_lines(path, member, encoding))
        self._rows = CsvRows(
            path, dialect.row_format, dialect.n_lines_above, encoding, on_progress, size_of(path, member), member
        )
        below = text.split(b"\n", dialect.n_lines_above)[dialect.n_lines_above]
        sample = RowParser(dialect.row_format).parse(below, dialect.n_lines_above + 1).rows
        self._conversion: Conversion = find_accel_conversion(sample, below, dialect, foreign, member or path.name)
        self._damage: list[Finding] = []
        self.stamps = measure_in_order(next(self._conversion.convert([sample])), self._conversion.stamps)
        self.info = self._conversion.info(dialect, foreign, self.stamps.period)
        self.start_is_said = self._conversion.start.is_said
        self.n_rows_expected = self._rows.n_rows_expected(text, len(sample.times))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Guesses and damage, complete when the blocks are exhausted."""
        return (*self._conversion.findings, *self._damage)

    def blocks(self) -> Iterator[RowBlock]:
        """Give out all rows."""
        return self._conversion.convert(self._rows.blocks(self._damage))


class ParquetSource:
    """A recording of ours as Parquet."""

    kind = "recording as Parquet"
    most_short_ratio = _MOST_SHORT_OF_OURS_RATIO
    most_filled = 0

    def __init__(self, path: Path, foreign: ForeignFormat | None, on_progress: Progress | None) -> None:
        self._path = path
        self._on_progress = on_progress
        head = read_parquet_head(path)
        sample = next(read_parquet_blocks(path), None)
        if sample is None:
            raise RecordingError("the file holds a head but not one sample; choose another recording.")
        self.stamps = _measure(sample)
        stated = Head(head.pairs, COLUMNS, 0, "utf-8").fs_hz
        self.rate_is_stated = stated is not None
        read = read_info(head.pairs, _rate(stated, self.stamps))
        self.info, self.findings = with_said_start(read.info, foreign), read.findings
        self.start_is_said = read.info.start is None
        self.n_rows_expected = head.n_rows

    def blocks(self) -> Iterator[RowBlock]:
        """Give out all rows."""
        return read_parquet_blocks(self._path, self._on_progress)


def _last_lines(path: Path, member: str, encoding: str) -> Iterator[bytes]:
    """Yield the last line of each block of a file."""
    for block in LineReader(path, member=member, encoding=encoding).blocks():
        yield block.rstrip(b"\n").rpartition(b"\n")[2]


def _measure(sample: RowBlock) -> StampStatistics:
    """Measure the stamps at the start of a recording of ours; refuse times that are not seconds since its start."""
    times_s = sample.times[find_samples(sample)]
    stamps = measure_in_order(sample, measure_stamps(times_s))
    if np.isfinite(stamps.period) and not _SHORTEST_PERIOD_S <= stamps.period <= _LONGEST_PERIOD_S:
        raise RecordingError(
            "the numbers in `time_s` do not go forward as seconds do; if they are another time, name the columns and "
            "units with --columns and --time-unit."
        )
    # Use the median, because single damaged rows may hold any number.
    if len(times_s) and np.median(times_s) < 0:
        raise RecordingError(
            "`time_s` lies before 0, which is `start_time`; count the seconds from the first sample, and state its "
            "date as `start_time`."
        )
    return stamps


def _rate(stated_hz: float | None, stamps: StampStatistics) -> float:
    """Return the stated rate, otherwise the measured one."""
    if stated_hz is not None:
        return stated_hz
    if not stamps.period > 0:
        raise RecordingError(
            "the head states no rate (`# fs_hz: ...`), and the time stamps do not tell it; add that line."
        )
    return 1 / stamps.period


def _check_has_rows(sample: RowBlock, below: bytes, n_lines_above: int) -> None:
    """Refuse a file without readable rows below its head."""
    if not below.strip():
        raise RecordingError(
            "the file holds a head but not one whole sample: the recorder was stopped within its first second."
        )
    if not np.isfinite(sample.times).any():
        raise RecordingError(
            f"nothing from line {n_lines_above + 1} on can be read as numbers; rows look like 0.02,0.01,-0.03,0.99."
        )


def _encoding_finding(encoding: str) -> tuple[Finding, ...]:
    """Report a head that is not UTF-8."""
    if encoding == "utf-8":
        return ()
    return (Finding(Severity.NOTE, "encoding", f"The head is not UTF-8 and was read as {encoding.upper()}."),)
