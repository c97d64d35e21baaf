"""Lines of text into numbers: a fast parser for whole blocks, a tolerant one for lines that the first refuses."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from clonus_sense.model import FloatArray
from clonus_sense.recording.time_text import TimeText

# A block that does not parse is first cut into parts of this size, so that the slow parser gets only one part for each
# bad line.
_PART_BYTES = 16 << 10
# This many lines in a row with another number of fields are another layout instead of damage.
_N_STRANGE_LINES = 5
_NOT_A_NUMBER = {"", "na", "n/a", "nan", "null", "none"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE | re.ASCII)

# Sensors measure less than a thousand times gravity, and recordings last less than thirty years.  Larger numbers are
# damage, and their squares would overflow.
_LARGEST_G = 1e4
_LARGEST_TIME_S = 1e9
_Axes = tuple[float, float, float]
_NO_AXES: _Axes = (np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class RowFormat:
    """Positions of the four numbers in a line of text."""

    n_columns: int
    columns: tuple[int, int, int, int]
    separator: str = ","
    decimal_point: str = "."
    quoted: bool = False
    time_text: TimeText | None = None
    date_column: int | None = None
    has_time: bool = True
    only: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RowBlock:
    """Consecutive rows of a file, in its units."""

    times: FloatArray
    accel: FloatArray


def find_samples(block: RowBlock) -> NDArray[np.bool_]:
    """Find the rows that are samples: finite, and within what any sensor can measure."""
    times, accel = block.times, block.accel
    if len(times) and _within(accel, _LARGEST_G) and _within(times, _LARGEST_TIME_S):
        return np.ones(len(times), dtype=bool)
    return (np.abs(times) < _LARGEST_TIME_S) & (np.abs(accel) < _LARGEST_G).all(axis=1)


def _within(values: FloatArray, limit: float) -> bool:
    """Whether all values are within the limit; false for any NaN."""
    return bool(values.min() > -limit and values.max() < limit)


@dataclass(frozen=True, slots=True)
class StrangeLines:
    """Consecutive lines with another number of fields than the rows before."""

    row: int
    fields: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class ParsedLines:
    """Result of parsing a block of lines."""

    rows: RowBlock
    n_unreadable: int = 0
    first_unreadable_line: int | None = None
    strange: StrangeLines | None = None


class RowParser:
    r"""Parses blocks of lines; it has no state, so several blocks can be parsed at once."""

    def __init__(self, row_format: RowFormat, others: tuple[RowFormat, ...] = ()) -> None:
        self._format = row_format
        self._others = {other.n_columns: RowParser(other) for other in others}
        names = [f"c{number}" for number in range(row_format.n_columns)]
        wanted = [names[number] for number in row_format.columns]
        types = dict.fromkeys(wanted, pa.float64())
        if row_format.time_text is not None:
            types[wanted[0]] = pa.string()
        if row_format.date_column is not None:
            wanted.append(names[row_format.date_column])
            types[wanted[-1]] = pa.string()
        if row_format.only is not None:
            types[names[row_format.only[0]]] = pa.string()
        self._wanted = wanted
        self._parse_options = arrow_csv.ParseOptions(
            delimiter=row_format.separator, quote_char='"' if row_format.quoted else False
        )
        self._convert_options = arrow_csv.ConvertOptions(
            column_types=types,
            include_columns=list(dict.fromkeys([*wanted, *types])),
            decimal_point=row_format.decimal_point,
        )
        # Several blocks are parsed in parallel; further threads within a block would only compete.
        self._read_options = arrow_csv.ReadOptions(column_names=names, use_threads=False)

    def parse(self, block: bytes, first_line: int) -> ParsedLines:
        """Parse whole lines."""
        rows = self._parser_of(block)._parse_fast(block)
        if rows is not None:
            return ParsedLines(rows)
        parts = _parts(block)
        # A single line, however long, cannot be cut further.
        if len(block) <= 2 * _PART_BYTES or len(parts) == 1:
            return self._parse_line_by_line(block, first_line)
        parsed = []
        for part in parts:
            parsed.append(self.parse(part, first_line))
            first_line += part.count(b"\n")
        firsts = [part.first_unreadable_line for part in parsed if part.first_unreadable_line is not None]
        n_unreadable = sum(part.n_unreadable for part in parsed)
        return ParsedLines(
            join_blocks([part.rows for part in parsed]), n_unreadable, min(firsts, default=None), _first_strange(parsed)
        )

    def _parser_of(self, block: bytes) -> RowParser:
        """Choose the parser for a block by the number of fields in its first line."""
        if not self._others:
            return self
        return self._others.get(len(self._cut(block[: block.find(b"\n")].decode("latin-1").strip("\r "))), self)

    def _parse_fast(self, block: bytes) -> RowBlock | None:
        """Parse with Arrow; ``None`` if a line does not fit."""
        if not block or block.isspace():  # strip() would copy the block
            return RowBlock(np.empty(0), np.empty((0, 3), order="F"))
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(block),
                read_options=self._read_options,
                parse_options=self._parse_options,
                convert_options=self._convert_options,
            )
        except pa.ArrowInvalid:
            return None
        if self._format.only is not None:
            column, text = self._format.only
            table = table.filter(pc.equal(pc.utf8_trim(table.column(f"c{column}"), ' "'), text))
        time, *axes = (table.column(name) for name in self._wanted[:4])
        accel = np.empty((table.num_rows, 3), order="F")
        for number, axis in enumerate(axes):
            accel[:, number] = _numbers(axis)
        return RowBlock(self._times(time, table), accel)

    def _times(self, time: pa.ChunkedArray, table: pa.Table) -> FloatArray:
        """Return the times of a table's rows."""
        if not self._format.has_time:
            return np.zeros(table.num_rows)
        if self._format.time_text is None:
            return _numbers(time)
        if self._format.date_column is not None:
            time = pc.binary_join_element_wise(table.column(self._wanted[-1]), time, " ")
        return self._format.time_text.seconds(time.combine_chunks())

    def _parse_line_by_line(self, block: bytes, first_line: int) -> ParsedLines:
        """Parse each line on its own."""
        times: list[str] = []
        axes: list[_Axes] = []
        unreadable: list[int] = []
        alike: list[tuple[str, ...]] = []
        strange: StrangeLines | None = None
        for number, line in enumerate(block.split(b"\n")[:-1], first_line):
            text = line.decode("latin-1").strip("\r ")
            if not text or text.startswith("#"):
                continue
            cut = self._cut(text)
            fields = self._others.get(len(cut), self)._wanted_fields(cut)
            if fields == []:
                continue
            if strange is None:
                is_known = len(cut) in (self._format.n_columns, *self._others)
                alike = [] if is_known or (alike and len(alike[0]) != len(cut)) else [*alike, tuple(cut)]
                if len(alike) == _N_STRANGE_LINES:
                    strange = StrangeLines(len(times) + 1 - _N_STRANGE_LINES, tuple(alike))
            numbers = None if fields is None else self._parse_axes(fields)
            if fields is None or numbers is None:
                unreadable.append(number)
            times.append("" if fields is None or numbers is None else fields[0])
            axes.append(numbers or _NO_AXES)
        accel = np.asfortranarray(np.array(axes, dtype=np.float64).reshape(-1, 3))
        rows = RowBlock(self._parse_times(times), accel)
        return ParsedLines(rows, len(unreadable), unreadable[0] if unreadable else None, strange)

    def _cut(self, text: str) -> list[str]:
        """Cut a line into its fields."""
        if self._format.quoted:
            fields = next(csv.reader([text], delimiter=self._format.separator, skipinitialspace=True))
        else:
            fields = text.split(self._format.separator)
        return [field.strip(' "') for field in fields]

    def _wanted_fields(self, fields: list[str]) -> list[str] | None:
        """Choose four fields of a line; ``None`` for a bad line, an empty list for a row of another sensor."""
        if len(fields) != self._format.n_columns:
            return None
        if self._format.only is not None and fields[self._format.only[0]] != self._format.only[1]:
            return []
        time, *axes = (fields[number] for number in self._format.columns)
        if self._format.time_text is None and parse_number(time, self._format.decimal_point) is None:
            return None
        if self._format.date_column is not None:
            time = f"{fields[self._format.date_column]} {time}"
        return [time, *axes]

    def _parse_axes(self, fields: list[str]) -> _Axes | None:
        """Return the acceleration of a line; ``None`` if a field is not a number."""
        x, y, z = (parse_number(field, self._format.decimal_point) for field in fields[1:])
        return None if x is None or y is None or z is None else (x, y, z)

    def _parse_times(self, texts: list[str]) -> FloatArray:
        """Return the times of lines, each a number or a date, or empty."""
        if not self._format.has_time:
            return np.where([text == "" for text in texts], np.nan, 0.0)
        if self._format.time_text is not None:
            return self._format.time_text.seconds(pa.array(texts, pa.string()))
        return np.array([parse_number(text, self._format.decimal_point) for text in texts], dtype=np.float64)


def parse_number(text: str, decimal_point: str = ".") -> float | None:
    """One number; NaN for an empty field or a word for a missing value, ``None`` for anything else."""
    if text.lower() in _NOT_A_NUMBER:
        return np.nan
    if decimal_point != ".":
        # With a decimal comma, a point must not count as one.
        text = text.replace(".", " ").replace(decimal_point, ".")
    return float(text) if _NUMBER.fullmatch(text) else None


def _numbers(column: pa.ChunkedArray) -> FloatArray:
    """Convert a column to numbers; an empty cell becomes NaN.

    Arrow's own conversion loads pandas first, which takes half a second; NumPy can use Arrow's memory directly.
    """
    if column.null_count:
        return np.asarray(column.to_numpy(), dtype=np.float64)
    chunks = [chunk for chunk in column.chunks if len(chunk)]
    return np.concatenate(
        [np.empty(0), *(np.frombuffer(one.buffers()[1], np.float64, len(one), one.offset * 8) for one in chunks)]
    )


def _first_strange(parts: list[ParsedLines]) -> StrangeLines | None:
    """Find the first strange lines in the parts of a block, with their position in the block."""
    n_rows = 0
    for part in parts:
        if part.strange is not None:
            return StrangeLines(n_rows + part.strange.row, part.strange.fields)
        n_rows += len(part.rows.times)
    return None


def _parts(block: bytes) -> list[bytes]:
    """Cut a block at line ends near every ``_PART_BYTES``."""
    parts = []
    start = 0
    while start < len(block):
        end = block.find(b"\n", min(start + _PART_BYTES, len(block) - 1)) + 1
        parts.append(block[start:end])
        start = end
    return parts


def join_blocks(blocks: list[RowBlock]) -> RowBlock:
    """Join the rows of several blocks."""
    times = np.concatenate([block.times for block in blocks])
    accel = np.empty((len(times), 3), order="F")
    np.concatenate([block.accel for block in blocks], out=accel)
    return RowBlock(times, accel)
