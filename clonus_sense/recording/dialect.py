"""How a foreign CSV is written: encoding, separator, decimal point, and which columns hold time and acceleration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

import numpy as np

from clonus_sense.errors import ColumnError, NotARecordingError
from clonus_sense.recording.foreign import ISO_8601, AccelUnit, ForeignFormat, parse_unit
from clonus_sense.recording.header import decode_text
from clonus_sense.recording.rows import RowFormat, parse_dates, parse_number

_SEPARATORS_TRIED = ("\t", ";", ",", " ")
# Rows at the end of the first part of the file that are looked at: no preamble reaches there.
_N_ROWS_TRIED = 50
_MOST_ROWS = 0.9
# No logger's preamble is longer.
_MOST_LINES_ABOVE = 1000
_SHOWN_COLUMNS = 12
_TIME_NAME = re.compile(
    r"time|epoc|stamp|elapsed|second|clock|date|zeit|時刻|時間|日時|^t$|^t[\W_]|^[mun]?s$", re.IGNORECASE
)
# Columns in threes that are something else: turning, magnetic field, angles, estimated gravity alone.
_OTHER_TRIPLE = re.compile(
    r"gyr|mag|angle|rot|orient|(?<!with )(?<!including)gravity|quat|veloc|roll|euler|compass|deg|°|rad|µt|角|磁",
    re.IGNORECASE,
)
_ZONE = re.compile(r"\d(Z|[+-]\d\d:?\d\d)$")
_WITHOUT_GRAVITY = re.compile(r"linear|user|without", re.IGNORECASE)
_ACCEL_NAME = re.compile(r"acc|^a\W?_?[xyz]|^gf|g-force|加速度", re.IGNORECASE)
_UNIT_NAMES = (
    (re.compile(r"m/s\^?[2²]|m/s/s|ms-2|ms\^-2|m_s2", re.IGNORECASE), "m/s2"),
    (re.compile(r"[(\[_ ]mg\b", re.IGNORECASE), "mg"),
    (re.compile(r"[(\[_ ]g\b|^gf", re.IGNORECASE), "g"),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a foreign CSV is written, and what its columns are called.

    Parameters
    ----------
    row_format
        Where the numbers stand.
    n_lines_above
        Lines above the first row.
    names
        Names of the time, x, y and z column; ``column 3`` where the file gives none.
    named_unit
        The unit that the columns' names state, if any.
    encoding
        How to decode the file.
    time_has_zone
        Whether the time is a date and time that states its offset from UTC.
    """

    row_format: RowFormat
    n_lines_above: int
    names: tuple[str, str, str, str]
    named_unit: AccelUnit | None
    encoding: str
    time_has_zone: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """Lines of a file cut into fields."""

    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    first_row: int
    separator: str
    decimal_point: str
    has_names: bool


def find_encoding(text: bytes) -> str:
    """Find the encoding of a file by its byte order mark, else by what decodes.

    Examples
    --------
    >>> find_encoding("t,ax".encode("utf-16"))
    'utf-16-le'
    """
    if text.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if text.startswith(b"\xfe\xff"):
        return "utf-16-be"
    return decode_text(text)[1]


def find_dialect(text: bytes, foreign: ForeignFormat, encoding: str) -> Dialect:
    """Find out how a foreign CSV is written.

    Parameters
    ----------
    text
        The first part of the file as whole lines, without byte order mark.
    foreign
        What the person said; it is never overruled.
    encoding
        How to decode the text.

    Returns
    -------
    Dialect
        Columns and separators.

    Raises
    ------
    NotARecordingError
        If the text is no table of numbers.
    ColumnError
        If a column that was asked for is not there, or several could be meant.
    """
    decoded = text.decode(encoding, errors="replace").replace("\r", "")
    table = _find_table(decoded.split("\n")[:-1], foreign)
    if foreign.columns is not None:
        columns = [_find_column(name, table) for name in foreign.columns.all]
        time, x, y, z = columns
    else:
        time = _find_time_column(table)
        x, y, z = _find_axes(table, time)
    is_date = parse_number(table.rows[0][time], table.decimal_point) is None
    row_format = RowFormat(
        n_columns=len(table.rows[0]),
        columns=(time, x, y, z),
        separator=table.separator,
        decimal_point=table.decimal_point,
        quoted='"' in decoded.split("\n")[table.first_row],
        time_is_text=is_date or foreign.time_unit == ISO_8601,
    )
    _check_numbers(table, row_format)
    names = (table.names[time], table.names[x], table.names[y], table.names[z])
    has_zone = _ZONE.search(table.rows[0][time]) is not None
    return Dialect(row_format, table.first_row, names, _unit_in_name(names[1]), encoding, has_zone)


def _find_table(lines: list[str], foreign: ForeignFormat) -> _Table:
    """Cut the lines into fields and find the first row and the names above it."""
    tail = [line for line in lines[-_N_ROWS_TRIED:] if line.strip()]
    given = foreign.separator_character
    for separator in (given,) if given is not None else _SEPARATORS_TRIED:
        cut = partial(_fields, separator=separator)
        widths = [len(cut(line)) for line in tail]
        n_fields = max(set(widths), key=widths.count, default=0)
        if n_fields < 4 or widths.count(n_fields) < _MOST_ROWS * len(widths):
            continue
        points = (foreign.decimal_point,) if foreign.decimal_point is not None else (".", ",")
        for decimal_point in points:
            if decimal_point == separator:
                continue
            data = [row for row in map(cut, tail) if _is_row(row, n_fields, decimal_point)]
            if len(data) < _MOST_ROWS * len(tail):
                continue
            top = [cut(line) for line in lines[:_MOST_LINES_ABOVE]]
            first_row = next((n for n, row in enumerate(top) if _is_row(row, n_fields, decimal_point)), None)
            if first_row is None:
                continue
            above = [row for row in top[:first_row] if any(row)]
            has_names = bool(above) and len(above[-1]) == n_fields
            names = above[-1] if has_names else tuple(f"column {n + 1}" for n in range(n_fields))
            return _Table(tuple(data), names, first_row, separator, decimal_point, has_names)
    raise NotARecordingError(
        "this is no table of numbers with at least four columns (time, x, y, z); give a CSV file, and name its "
        "columns with --columns if need be."
    )


def _fields(line: str, separator: str) -> tuple[str, ...]:
    """Fields of a line without quotes and blanks around them."""
    text = line.lstrip("#").strip(" ") if separator != "\t" else line.lstrip("#")
    return tuple(field.strip().strip('"').strip() for field in text.split(separator))


def _is_row(row: tuple[str, ...], n_fields: int, decimal_point: str) -> bool:
    """Whether a line has the right number of fields and at least three numbers."""
    n_numbers = sum(parse_number(field, decimal_point) is not None and field != "" for field in row)
    return len(row) == n_fields and n_numbers >= 3


def _find_column(name: str, table: _Table) -> int:
    """Position of a column that a person asked for by name or number."""
    if name in table.names:
        return table.names.index(name)
    if name.isdecimal() and 1 <= int(name) <= len(table.names):
        return int(name) - 1
    raise ColumnError(f"there is no column `{name}`; {_shown(table)}.")


def _find_time_column(table: _Table) -> int:
    """Find the first column that is named like a time and goes forward; without names the first that goes forward."""
    named = [n for n, name in enumerate(table.names) if _TIME_NAME.search(name)]
    for column in named if table.has_names else range(len(table.names)):
        texts = [row[column] for row in table.rows[-_N_ROWS_TRIED:]]
        values = np.array([parse_number(text, table.decimal_point) for text in texts], dtype=object)
        if any(value is None for value in values):
            values = parse_dates(np.array(texts, dtype=object))
        steps = np.diff(values.astype(np.float64))
        if np.isfinite(steps).all() and np.any(steps > 0) and np.mean(steps >= 0) >= _MOST_ROWS:
            return column
    if table.has_names and named:
        name, text = table.names[named[0]], table.rows[-1][named[0]]
        raise ColumnError(
            f"column `{name}`, taken for the time, holds values such as `{text}`: it must go forward as numbers, or as "
            f"dates with the time (2026-11-05 22:30:00.250); name another with --columns TIME,X,Y,Z; {_shown(table)}."
        )
    raise ColumnError(f"no column looks like the time; name it with --columns TIME,X,Y,Z; {_shown(table)}.")


def _find_axes(table: _Table, time: int) -> tuple[int, int, int]:
    """Find the three columns whose names differ in x, y, z alone and that are acceleration with gravity."""
    if not table.has_names:
        if len(table.names) == 4:
            x, y, z = (column for column in range(4) if column != time)
            return x, y, z
        raise ColumnError(f"the columns have no names; say which to take with --columns 1,2,3,4; {_shown(table)}.")
    triples = [t for t in _triples(table.names) if time not in t and not _OTHER_TRIPLE.search(table.names[t[0]])]
    ranked = [
        [
            t
            for t in triples
            if _ACCEL_NAME.search(table.names[t[0]]) and not _WITHOUT_GRAVITY.search(table.names[t[0]])
        ],
        [t for t in triples if not _WITHOUT_GRAVITY.search(table.names[t[0]])],
        triples,
    ]
    for choice in ranked:
        if len(choice) == 1:
            return choice[0]
        if choice:
            break
    problem = "several columns look like acceleration" if triples else "no three columns look like acceleration"
    raise ColumnError(f"{problem}; name them with --columns TIME,X,Y,Z; {_shown(table)}.")


def _triples(names: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """Columns whose names are the same but for one letter that is x, y and z."""
    found = []
    for column, name in enumerate(names):
        for match in re.finditer("[xX]", name):
            upper = match.group() == "X"
            other = [name[: match.start()] + letter + name[match.end() :] for letter in ("YZ" if upper else "yz")]
            if all(candidate in names for candidate in other):
                found.append((column, names.index(other[0]), names.index(other[1])))
    return found


def _check_numbers(table: _Table, row_format: RowFormat) -> None:
    """Refuse columns that hold no numbers, and say where."""
    for column, axis in zip(row_format.columns[1:], "xyz", strict=True):
        for row in table.rows[-_N_ROWS_TRIED:]:
            if parse_number(row[column], table.decimal_point) is None:
                raise ColumnError(
                    f"column `{table.names[column]}`, taken for {axis}, holds `{row[column]}`, which is no number; "
                    f"name another with --columns; {_shown(table)}."
                )


def _unit_in_name(name: str) -> AccelUnit | None:
    """Return the unit that the name of a column states."""
    return next((parse_unit(unit) for pattern, unit in _UNIT_NAMES if pattern.search(name)), None)


def _shown(table: _Table) -> str:
    """List the columns of a file for a message."""
    names = ", ".join(f"{n + 1} `{name}`" for n, name in enumerate(table.names[:_SHOWN_COLUMNS]))
    return f"the file has {names}{' and more' if len(table.names) > _SHOWN_COLUMNS else ''}"
