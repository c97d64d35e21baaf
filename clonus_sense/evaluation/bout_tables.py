"""Reads small CSV tables of bouts; each error names file, line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from clonus_sense.errors import EvaluationError

ENCODINGS = ("utf-8-sig", "cp932")
"""UTF-8 with or without byte order mark, else the encoding of Japanese spreadsheets."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; empty cells count as missing."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Text of a cell; empty if the column or the value is missing."""
        return self.cells.get(column, "").strip()

    def number(self, column: str) -> float | None:
        """Finite number of a cell; ``None`` if the column or the value is missing."""
        text = self.text(column)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError as error:
            raise EvaluationError(f"{self.path}, line {self.line}: {column} is {text!r}, not a number.") from error
        if not isfinite(value):
            raise EvaluationError(f"{self.path}, line {self.line}: {column} is {text!r}; leave the cell empty instead.")
        return value

    def whole_number(self, column: str) -> int | None:
        """Whole number of a cell; ``None`` if missing. Spreadsheets write 12 as ``12.0``."""
        value = self.number(column)
        if value is None:
            return None
        if value != int(value):
            raise EvaluationError(f"{self.path}, line {self.line}: {column} is {value}; it must be a whole number.")
        return int(value)

    def interval_s(self) -> tuple[float, float]:
        """Onset and offset in seconds."""
        onset_s, offset_s = self.number("onset_s"), self.number("offset_s")
        if onset_s is None or offset_s is None:
            raise EvaluationError(f"{self.path}, line {self.line}: onset_s or offset_s is empty; fill in both.")
        if offset_s <= onset_s:
            raise EvaluationError(
                f"{self.path}, line {self.line}: offset_s ({offset_s}) must lie after onset_s ({onset_s})."
            )
        return onset_s, offset_s


def read_rows(path: Path, required_columns: Sequence[str] = ("onset_s", "offset_s")) -> list[Row]:
    """Read the rows of a table in their order; lines that begin with ``#`` are skipped."""
    numbered = [
        (number, line)
        for number, line in enumerate(io.StringIO(_read_text(path)), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if not numbered:
        raise EvaluationError(f"{path}: the file is empty; a table without bouts still needs its line of column names.")
    reader = csv.reader(line for _, line in numbered)
    columns = [name.strip() for name in next(reader)]
    for column in required_columns:
        if column not in columns:
            raise EvaluationError(f"{path}: the column {column} is missing; the columns are {', '.join(columns)}.")
    # Spreadsheets leave out empty cells at the end of a line, and add empty lines.
    return [
        Row(path, numbered[reader.line_num - 1][0], dict(zip(columns, cells, strict=False)))
        for cells in reader
        if any(cell.strip() for cell in cells)
    ]


def read_columns(path: Path) -> tuple[str, ...]:
    """Read the column names of a table; none if the file is empty or no text."""
    try:
        lines = (line for line in _read_text(path).splitlines() if line.strip() and not line.startswith("#"))
    except EvaluationError:
        return ()
    return tuple(name.strip() for name in next(csv.reader(lines), []))


def _read_text(path: Path) -> str:
    """Read a file as text in the first encoding that fits."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read ({error.strerror}).") from error
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise EvaluationError(f"{path}: the text is neither UTF-8 nor CP932; save it as a CSV file in UTF-8.")
