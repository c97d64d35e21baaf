"""The dialect of a foreign CSV: encoding, separator, decimal point, and the columns of time and acceleration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clonus_sense.errors import ColumnError, NotARecordingError
from clonus_sense.recording.foreign import AccelUnit, ForeignFormat, TimeUnit
from clonus_sense.recording.header import decode_text
from clonus_sense.recording.rows import RowFormat, parse_number
from clonus_sense.recording.stated import StatedHead, accel_unit_in, read_stated, time_unit_in
from clonus_sense.recording.table import Table, cut_fields, cut_table
from clonus_sense.recording.time_column import TimeColumn, find_time_column
from clonus_sense.recording.time_text import offset_in_text, zone_in_text

# Other quantities in three columns: rotation, magnetic field, angles, gravity alone.
_OTHER_TRIPLE = re.compile(
    r"gyr|mag|angle|rot|orient|(?<!with )(?<!including)gravity|quat|veloc|roll|euler|compass|deg|°|rad|µt|角|磁",
    re.IGNORECASE,
)
_WITHOUT_GRAVITY = re.compile(r"linear|user|without", re.IGNORECASE)
_ACCEL_NAME = re.compile(r"acc|^a\W?_?[xyz]|^gf|g-force|加速度", re.IGNORECASE)

LaterLines = Callable[[], Iterable[bytes]]
"""Yields lines from the whole file, to settle a question that its first part leaves open."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The dialect of a foreign CSV, and the names of its columns."""

    row_format: RowFormat
    n_lines_above: int
    names: tuple[str, str, str, str]
    all_names: tuple[str, ...]
    accel_unit: AccelUnit | None
    time_unit: TimeUnit | None
    encoding: str
    first_time: str
    stated: StatedHead

    @property
    def has_offset(self) -> bool:
        """Whether the times give their offset from UTC."""
        return self.row_format.time_text is not None and offset_in_text(self.first_time) is not None

    @property
    def zone_name(self) -> str:
        """Zone that the times name beside their offset; empty if they name none."""
        return zone_in_text(self.first_time) if self.row_format.time_text is not None else ""


def find_encoding(text: bytes) -> str:
    """Find the encoding of a file by its byte order mark, otherwise by trying to decode it."""
    if text.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if text.startswith(b"\xfe\xff"):
        return "utf-16-be"
    return decode_text(text)[1]


def find_dialect(text: bytes, foreign: ForeignFormat, encoding: str, later_lines: LaterLines = tuple) -> Dialect:
    """Find the dialect of a foreign CSV."""
    table = cut_table(text.decode(encoding, errors="replace").replace("\r", ""), foreign)
    stated = read_stated(table.lines_above)
    if len(table.names) < 4 and foreign.rate_hz is None and stated.rate_hz is None:
        raise NotARecordingError(
            "this table has three columns of numbers and no time; say how many rows there are in a second with --rate, "
            f"or give a CSV file with at least four columns (time, x, y, z); {table.shown()}."
        )

    def later_rows() -> list[tuple[str, ...]]:
        """Rows from the whole file."""
        rows = (cut_fields(line.decode(encoding, errors="replace"), table.separator) for line in later_lines())
        return [row for row in rows if len(row) == len(table.names)]

    time = find_time_column(table, foreign, stated, later_rows)
    chosen = foreign.columns
    if chosen is not None:
        x, y, z = (table.find_column(name) for name in (chosen.x, chosen.y, chosen.z))
    else:
        x, y, z = _find_axes(table, time)
    _check_numbers(table, (x, y, z))
    row_format = RowFormat(
        n_columns=len(table.names),
        columns=(x if time.number is None else time.number, x, y, z),
        separator=table.separator,
        decimal_point=table.decimal_point,
        quoted=table.is_quoted,
        time_text=time.text,
        date_column=time.date,
        has_time=time.number is not None,
        only=_find_rows(table, foreign),
    )
    return Dialect(
        row_format,
        len(table.lines_above),
        (time.name, table.names[x], table.names[y], table.names[z]),
        table.names,
        accel_unit_in(table.named_with_unit(x)),
        None if time.number is None else time_unit_in(table.named_with_unit(time.number)),
        encoding,
        time.texts[0] if time.texts else "",
        stated,
    )


def _find_rows(table: Table, foreign: ForeignFormat) -> tuple[int, str] | None:
    """Position of the column that selects rows, and the text in its wanted rows."""
    if foreign.rows is None:
        return None
    name, _, text = foreign.rows.partition("=")
    return table.find_column(name.strip()), text.strip()


def _find_axes(table: Table, time: TimeColumn) -> tuple[int, int, int]:
    """Find the three columns of acceleration with gravity whose names differ only in x, y and z."""
    taken = {time.number, time.date}
    if not table.has_names:
        others = [column for column in range(len(table.names)) if column not in taken]
        if len(others) == 3:
            return others[0], others[1], others[2]
        raise ColumnError(f"the columns have no names; say which to take with --columns 1,2,3,4; {table.shown()}.")
    triples = [t for t in _triples(table.names) if taken.isdisjoint(t) and not _OTHER_TRIPLE.search(table.names[t[0]])]
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
    raise ColumnError(f"{problem}; name them with --columns TIME,X,Y,Z; {table.shown()}.")


def _triples(names: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """Columns whose names differ in one letter only: x, y and z."""
    found = []
    for column, name in enumerate(names):
        for match in re.finditer("[xX]", name):
            upper = match.group() == "X"
            other = [name[: match.start()] + letter + name[match.end() :] for letter in ("YZ" if upper else "yz")]
            if all(candidate in names for candidate in other):
                found.append((column, names.index(other[0]), names.index(other[1])))
    return found


def _check_numbers(table: Table, axes: tuple[int, int, int]) -> None:
    """Refuse columns that do not hold numbers, and say where."""
    for column, axis in zip(axes, "xyz", strict=True):
        for text in table.column(column):
            if parse_number(text, table.decimal_point) is not None:
                continue
            other_point = "," if table.decimal_point == "." else "."
            help_with_point = (
                f"say --decimal {other_point} if that is its decimal point"
                if parse_number(text, other_point) is not None
                else "name another with --columns"
            )
            raise ColumnError(
                f"column `{table.names[column]}`, taken for {axis}, holds `{text}`, which is no number; "
                f"{help_with_point}; {table.shown()}."
            )
