"""A foreign CSV cut into fields: its first row, and the names and units of its columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby, takewhile

import numpy as np

from clonus_sense.errors import ColumnError, NotARecordingError
from clonus_sense.recording.foreign import ForeignFormat
from clonus_sense.recording.rows import parse_number
from clonus_sense.recording.stated import is_unit_row

_SEPARATORS_TRIED = ("\t", ";", ",", " ")
# Rows to examine at the end of the file's first part, which no preamble reaches.
_N_ROWS_TRIED = 50
# Rows spread over the first part of the file: some minutes, in which even whole seconds go forward.
_N_ROWS_KEPT = 300
_MOST_ROWS = 0.9
# Preambles of loggers are shorter.
_MOST_LINES_ABOVE = 1000
_SHOWN_COLUMNS = 12
# Without a time column, x, y and z are enough.
_FEWEST_COLUMNS = 3
# Heads with separators in each line are shorter.
_N_ROWS_OF_A_TABLE = 200


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of a file cut into fields."""

    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    lines_above: tuple[str, ...]
    separator: str
    decimal_point: str
    has_names: bool
    is_quoted: bool

    def column(self, number: int) -> list[str]:
        """Text of a column's cells."""
        return [row[number] for row in self.rows]

    def numbers(self, number: int) -> list[float | None]:
        """Numbers of a column; ``None`` for other text."""
        return [parse_number(text, self.decimal_point) for text in self.column(number)]

    def named_with_unit(self, number: int) -> str:
        """Name of a column, with the unit below it."""
        return f"{self.names[number]} ({self.units[number]})" if self.units[number] else self.names[number]

    def find_column(self, name: str) -> int:
        """Position of a column that a person asked for by name or number."""
        if name in self.names:
            return self.names.index(name)
        if name.isdecimal() and 1 <= int(name) <= len(self.names):
            return int(name) - 1
        raise ColumnError(f"there is no column `{name}`; {self.shown()}.")

    def shown(self) -> str:
        """List the columns for a message."""
        names = ", ".join(f"{n + 1} `{name}`" for n, name in enumerate(self.names[:_SHOWN_COLUMNS]))
        return f"the file has {names}{' and more' if len(self.names) > _SHOWN_COLUMNS else ''}"


def cut_table(text: str, foreign: ForeignFormat) -> Table:
    """Cut the first part of a file into fields, and find its first row and the names above it."""
    all_lines = text.split("\n")[:-1]
    given = foreign.separator_character
    for separator in (given,) if given is not None else _SEPARATORS_TRIED:
        cut = partial(cut_fields, separator=separator)
        lines = _until_change(all_lines, separator)
        tail = [line for line in lines[-_N_ROWS_TRIED:] if line.strip()]
        widths = [len(cut(line)) for line in tail]
        n_fields = max(set(widths), key=widths.count, default=0)
        if n_fields < _FEWEST_COLUMNS or widths.count(n_fields) < _MOST_ROWS * len(widths):
            continue
        decimal_point = foreign.decimal_point or _find_decimal_point([cut(line) for line in tail], separator)
        is_row = partial(_is_row, n_fields=n_fields, decimal_point=decimal_point)
        if sum(is_row(cut(line)) for line in tail) < _MOST_ROWS * len(tail):
            continue
        top = [cut(line) for line in lines[:_MOST_LINES_ABOVE]]
        first_row = next((number for number, row in enumerate(top) if is_row(row)), None)
        if first_row is None:
            continue
        above = top[:first_row]
        names, units = _names_and_units(above, n_fields)
        below = lines[len(above) :]
        spread = np.unique(np.linspace(0, len(below) - 1, _N_ROWS_KEPT).astype(int))
        rows = {number: row for number in spread.tolist() if is_row(row := cut(below[number]))}
        return Table(
            tuple(rows.values()),
            tuple(rows),
            names or tuple(f"column {n + 1}" for n in range(n_fields)),
            units,
            tuple(lines[: len(above)]),
            separator,
            decimal_point,
            has_names=bool(names),
            is_quoted='"' in below[0],
        )
    raise NotARecordingError(
        "this is no table of numbers with at least four columns (time, x, y, z); give a CSV file, and name its "
        "columns with --columns if need be."
    )


def _until_change(lines: list[str], separator: str) -> list[str]:
    """Lines up to a lasting change of the number of fields; a head is too short to count as one."""
    widths = [line.count(separator) for line in lines]
    end, settled = 0, 0
    for width, run in groupby(widths):
        length = sum(1 for _ in run)
        if settled and width != settled and length >= _N_ROWS_TRIED:
            return lines[:end]
        if not settled and length >= _N_ROWS_OF_A_TABLE and width >= _FEWEST_COLUMNS - 1:
            settled = width
        end += length
    return lines


def cut_fields(line: str, separator: str) -> tuple[str, ...]:
    """Cut a line into fields, without surrounding quotes and blanks."""
    text = line.lstrip("#").strip(" \r") if separator != "\t" else line.lstrip("#").rstrip("\r")
    fields: Iterator[str] | list[str] = iter(text.split(separator))
    if '"' in text:
        fields = next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])
    return tuple(field.strip().strip('"').strip() for field in fields)


def _find_decimal_point(rows: list[tuple[str, ...]], separator: str) -> str:
    """Find the decimal sign, point or comma, that makes most fields numbers; whole numbers fit both."""
    counts = {
        point: sum(parse_number(field, point) is not None for row in rows for field in row)
        for point in (".", ",")
        if point != separator or any(point in field for row in rows for field in row)
    }
    return max(counts, key=lambda point: counts[point])


def _is_row(row: tuple[str, ...], *, n_fields: int, decimal_point: str) -> bool:
    """Whether a line has the right number of fields and at least three numbers."""
    n_numbers = sum(parse_number(field, decimal_point) is not None and field != "" for field in row)
    return len(row) == n_fields and n_numbers >= _FEWEST_COLUMNS


def _names_and_units(above: list[tuple[str, ...]], n_fields: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names and units from the lines right above the rows; empty if there are none."""
    nearest = [row for row in above if any(row)][::-1]
    heads = list(takewhile(lambda row: len(row) == n_fields, nearest))
    units = ("",) * n_fields
    if len(heads) > 1 and is_unit_row(heads[0]):
        units = heads[0]
    # A line with the same text in each column, such as a device name or `CAL`, does not name the columns.
    names = [row for row in heads if row is not units and len(set(row)) > n_fields / 2]
    return (names[0] if names else ()), units
