"""The time column of a foreign CSV, and the format of its times."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from clonus_sense.errors import ColumnError
from clonus_sense.model import FloatArray
from clonus_sense.recording.foreign import ISO_8601, ForeignFormat
from clonus_sense.recording.rows import parse_number
from clonus_sense.recording.stated import StatedHead
from clonus_sense.recording.table import Table
from clonus_sense.recording.time_text import TimeText, find_time_text

_TIME_NAME = re.compile(
    r"time|epoc|stamp|tick|elapsed|second|clock|date|zeit|uhr|datum|時刻|時間|日時|日付|^t$|^t[\W_]|^[mun]?s$|^ts$",
    re.IGNORECASE,
)
_DATE_NAME = re.compile(r"date|datum|日付|day", re.IGNORECASE)
_COUNTER_NAME = re.compile(r"sample|packet|count|index|frame|seq|^n$|^no\.?$|^#$|^id$|番号", re.IGNORECASE)
# A clock within a date and time, with any separators.
_CLOCK = re.compile(r"\d\s?[:時hT]\s?\d|\d{14}|[ T_-]\d{6}|\d\.\d{2}\.\d{2}(?!\d)")
# Dates and times as one number, with decimals of the seconds directly appended or behind a point.
_PLAIN_DATE = re.compile(r"(19|20)\d{6}\d{6}(\d{3}|[.,]\d+)?")
_MOST_ROWS = 0.9
_FORMAT_EXAMPLE = "--time-format, such as --time-format %d.%m.%Y,%H:%M:%S"

LaterRows = Callable[[], list[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """The column of the times, and their format."""

    number: int | None
    name: str
    texts: tuple[str, ...]
    text: TimeText | None = None
    date: int | None = None


def find_time_column(table: Table, foreign: ForeignFormat, stated: StatedHead, later_rows: LaterRows) -> TimeColumn:
    """Find the column that holds the time."""
    if foreign.columns is not None:
        column = _said_column(table, foreign.columns.time)
    else:
        column = _likeliest_column(table, foreign, stated)
    if column.number is None:
        if foreign.rate_hz is None and stated.rate_hz is None:
            raise ColumnError(
                f"no column looks like the time; name it with --columns TIME,X,Y,Z, or say how many rows there are in "
                f"a second with --rate; {table.shown()}."
            )
        return column
    if not _is_text(column, table, foreign):
        return column
    return _with_text(column, table, foreign, stated, later_rows)


def _said_column(table: Table, name: str) -> TimeColumn:
    """Take the column that a person named, or the two columns of date and time of day."""
    if not name:
        return TimeColumn(None, "row number", ())
    if "+" in name and name not in table.names:
        date, _, clock = name.partition("+")
        return _joined(table, table.find_column(date), table.find_column(clock))
    return _single(table, table.find_column(name))


def _single(table: Table, number: int) -> TimeColumn:
    """Take one column as the time."""
    return TimeColumn(number, table.names[number], tuple(table.column(number)))


def _joined(table: Table, date: int, clock: int) -> TimeColumn:
    """Take two columns as date and time of day."""
    texts = tuple(f"{one} {other}" for one, other in zip(table.column(date), table.column(clock), strict=True))
    return TimeColumn(clock, f"{table.names[date]}+{table.names[clock]}", texts, date=date)


def _likeliest_column(table: Table, foreign: ForeignFormat, stated: StatedHead) -> TimeColumn:
    """Find the first column that goes forward and has a name of time; without names, the first that goes forward."""
    named = [n for n, name in enumerate(table.names) if _TIME_NAME.search(name)]
    numbers = named if table.has_names else list(range(len(table.names)))
    date = next((n for n in numbers if _holds_dates_alone(table, n, named)), None)
    candidates = [_single(table, n) for n in numbers if n != date]
    if date is not None:
        candidates = [_joined(table, date, one.number or 0) if _shows_clock(one) else one for one in candidates]
    forward = [one for one in candidates if _goes_forward(one, table, foreign)]
    # A counter, or a clock without a date, is the time only if there is no better column.
    ranked = sorted(forward, key=lambda one: _is_counter(one, table) or (_shows_clock(one) and one.date is None))
    if ranked:
        return ranked[0]
    if stated.rate_hz is not None or foreign.rate_hz is not None:
        return TimeColumn(None, "row number", ())
    if named and table.has_names:
        return _single(table, named[0])
    counters = [n for n, name in enumerate(table.names) if _COUNTER_NAME.search(name)] if table.has_names else []
    return next((one for n in counters if _is_counter(one := _single(table, n), table)), TimeColumn(None, "", ()))


def _holds_dates_alone(table: Table, number: int, named: list[int]) -> bool:
    """Whether a column holds dates without a time of day."""
    texts = table.column(number)
    if any(_CLOCK.search(text) for text in texts) or (number not in named and table.has_names):
        return False
    if all(re.fullmatch(r"(19|20)\d{6}", text) for text in texts):
        return not table.has_names or _DATE_NAME.search(table.names[number]) is not None
    if any(parse_number(text, table.decimal_point) is not None for text in texts):
        return False
    choice = find_time_text(texts)
    return choice is not None and choice.readings[0].has_date


def _shows_clock(column: TimeColumn) -> bool:
    """Whether a column holds times of day without a date."""
    if not _CLOCK.search(column.texts[0]) and ":" not in column.texts[0]:
        return False
    choice = find_time_text(column.texts)
    return choice is not None and not choice.readings[0].has_date


def _numbers(column: TimeColumn, table: Table) -> FloatArray | None:
    """Numbers of a column; ``None`` if some cells are not numbers."""
    values = [parse_number(text, table.decimal_point) for text in column.texts]
    return None if any(value is None for value in values) else np.array(values, dtype=np.float64)


def _is_counter(column: TimeColumn, table: Table) -> bool:
    """Whether a column counts rows; the table's rows are spread, so the size of its steps does not matter."""
    numbers = _numbers(column, table)
    if numbers is None or len(numbers) < 2:
        return False
    per_row = np.ptp(numbers) / max(1, table.row_numbers[-1] - table.row_numbers[0])
    return bool(abs(per_row - 1) < 0.1 and (numbers == np.floor(numbers)).all() and numbers[0] < 1e9)


def _goes_forward(column: TimeColumn, table: Table, foreign: ForeignFormat) -> bool:
    """Whether the times of a column go forward."""
    values = None if _is_text(column, table, foreign) else _numbers(column, table)
    if values is None:
        if foreign.time_format is not None:
            return True
        choice = find_time_text(column.texts)
        if choice is None:
            return False
        reading = choice.readings[0]
        values = reading.seconds(pa.array(column.texts, pa.string()))
        if not reading.has_date:
            values = np.unwrap(values, period=reading.wraps_s)
    steps = np.diff(values[np.isfinite(values)])
    return bool(len(steps) and np.any(steps > 0) and np.mean(steps >= 0) >= _MOST_ROWS)


def _is_text(column: TimeColumn, table: Table, foreign: ForeignFormat) -> bool:
    """Whether the times of a column are read as texts."""
    if foreign.time_format is not None or foreign.time_unit == ISO_8601 or column.date is not None:
        return True
    if foreign.time_unit is not None:
        return False
    if all(_PLAIN_DATE.fullmatch(text) for text in column.texts):
        choice = find_time_text(column.texts)
        return choice is not None and bool(np.isfinite(choice.readings[0].seconds(pa.array(column.texts))).all())
    return _numbers(column, table) is None


def _with_text(
    column: TimeColumn, table: Table, foreign: ForeignFormat, stated: StatedHead, later_rows: LaterRows
) -> TimeColumn:
    """Determine the format of a column's times."""
    choice = find_time_text(column.texts, stated.date_order)
    readings = choice.readings if choice is not None else ()
    if foreign.time_format is not None:
        said = TimeText(foreign.time_format)
        sample = pa.array(column.texts, pa.string())
        expected_s = said.seconds(sample)
        if not np.isfinite(expected_s).any():
            raise ColumnError(
                f"column `{column.name}` holds times such as `{column.texts[0]}`, which are not written as "
                f"--time-format `{foreign.time_format}` says."
            )
        # The format chooses among the readings, which are faster than a parse of each row by the format.
        same = [one for one in readings if np.allclose(one.seconds(sample), expected_s, equal_nan=True)]
        return replace(column, text=same[0] if same else said)
    if choice is None:
        raise ColumnError(
            f"column `{column.name}`, taken for the time, holds values such as `{column.texts[-1]}`, which are no "
            f"numbers, dates or times that are known; say how they are written with {_FORMAT_EXAMPLE}, or name another "
            f"column with --columns TIME,X,Y,Z; {table.shown()}."
        )
    if not choice.is_clear:
        choice = find_time_text([*column.texts, *_later_texts(column, later_rows())], stated.date_order) or choice
    if not choice.is_clear:
        formats = " or ".join(f'--time-format "{_as_said(one, column.texts[0])}"' for one in choice.readings)
        raise ColumnError(
            f"column `{column.name}` holds dates such as `{column.texts[0]}`, in which the day cannot be told from the "
            f"month or year; say which it is with {formats}."
        )
    return replace(column, text=choice.readings[0])


def _later_texts(column: TimeColumn, rows: list[tuple[str, ...]]) -> list[str]:
    """Return the times of later rows, in the same form as the column's texts."""
    assert column.number is not None
    if column.date is None:
        return [row[column.number] for row in rows]
    return [f"{row[column.date]} {row[column.number]}" for row in rows]


def _as_said(reading: TimeText, text: str) -> str:
    """Write a reading as the format option that selects it."""
    has_fraction = re.search(r":\d\d[.,:]\d", text) is not None
    return reading.form.replace("%S", "%S.%f") if has_fraction else reading.form
