"""Checks that the rows of a foreign CSV come from one accelerometer."""

from __future__ import annotations

import numpy as np

from clonus_sense.errors import ColumnError, RecordingError
from clonus_sense.model import FloatArray
from clonus_sense.recording.dialect import Dialect
from clonus_sense.recording.foreign import ForeignFormat
from clonus_sense.recording.foreign_units import Conversion, find_conversion
from clonus_sense.recording.look_alikes import name_look_alike, refuse_look_alikes, refuse_rotation
from clonus_sense.recording.mixed_rows import refuse_mixed_rows
from clonus_sense.recording.rows import RowBlock, RowParser, parse_number
from clonus_sense.recording.table import cut_fields

# About a minute of one or two sensors; rows of several sensors show within it.
_N_LINES = 6000


def find_accel_conversion(
    sample: RowBlock, text: bytes, dialect: Dialect, foreign: ForeignFormat, file_name: str
) -> Conversion:
    """Find the units of a foreign CSV; refuse rows of several sensors, and rows that are not acceleration."""
    if not len(sample.times) and dialect.row_format.only is not None:
        raise ColumnError(
            f"no row near the start of the file has --rows {foreign.rows}; check the column and its text."
        )
    rows, columns = _first_rows(text, dialect)
    if dialect.row_format.only is None:
        refuse_mixed_rows(rows, columns)
    point = dialect.row_format.decimal_point
    others = _numbers([texts for texts in columns.values()], len(rows.times), point)
    shown = ", ".join(f"`{name}`" for name in dialect.names[1:])
    refuse_rotation(rows.accel, others, shown)
    try:
        conversion = find_conversion(sample, dialect, foreign)
    except RecordingError as error:
        what = name_look_alike(dialect.names[1:], file_name)
        if what is None or "at rest" not in str(error):
            raise
        raise ColumnError(f"{error} By its name this is {what}.") from error
    refuse_look_alikes(sample.accel * conversion.unit.scale_g, 1 / conversion.stamps.period, shown)
    return conversion


def _first_rows(text: bytes, dialect: Dialect) -> tuple[RowBlock, dict[str, list[str]]]:
    """Read the first rows, and the text of their other columns."""
    row_format = dialect.row_format
    taken = {*row_format.columns, row_format.date_column}
    lines, fields = [], []
    for line in text.split(b"\n", _N_LINES)[:_N_LINES]:
        cut = cut_fields(line.decode(dialect.encoding, errors="replace").strip("\r"), row_format.separator)
        if len(cut) == row_format.n_columns and not line.startswith(b"#") and _is_wanted(cut, dialect):
            lines.append(line + b"\n")
            fields.append(cut)
    rows = RowParser(row_format).parse(b"".join(lines), 1).rows
    columns = {
        name: [cut[number] for cut in fields] for number, name in enumerate(dialect.all_names) if number not in taken
    }
    return rows, columns


def _is_wanted(fields: tuple[str, ...], dialect: Dialect) -> bool:
    """Whether a line is a row of the chosen sensor."""
    only = dialect.row_format.only
    return only is None or fields[only[0]] == only[1]


def _numbers(columns: list[list[str]], n_rows: int, decimal_point: str) -> FloatArray:
    """Columns that hold only numbers, shape ``(n_rows, n_columns)``."""
    read = [[parse_number(text, decimal_point) for text in texts] for texts in columns]
    numbers = [np.array(values, dtype=np.float64) for values in read if None not in values]
    return np.stack(numbers, axis=1) if numbers else np.empty((n_rows, 0))
