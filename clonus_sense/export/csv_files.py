"""Tables as CSV that a spreadsheet opens as it is, Excel in Japanese included."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from clonus_sense.export.columns import Cell, CellKind, ExportColumn, FilledTable

# Without it Excel takes UTF-8 for the code page of the system, and Japanese text falls apart.
BOM = "\ufeff"
# What makes a spreadsheet compute a cell; Japanese input gives the full-width ones.
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def table_as_csv(table: FilledTable) -> bytes:
    """Write a table as the bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(
        [cell_text(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows
    )
    return (BOM + text.getvalue()).encode("utf-8")


def cell_text(cell: Cell, column: ExportColumn[object]) -> str:
    """Write one cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return moment_text(cell, column.kind)
    if isinstance(cell, float) and column.decimals is not None:
        # Adding zero turns -0.0 into 0.0: there is one way to write nothing.
        return f"{round(cell, column.decimals) + 0.0:.{column.decimals}f}"
    return without_formula(cell) if isinstance(cell, str) and column.kind is CellKind.TEXT else str(cell)


def moment_text(moment: datetime, kind: CellKind) -> str:
    """Write a moment to the microsecond, UTC with a Z and local time with its offset."""
    text = moment.isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z") if kind is CellKind.UTC_TIME else text


def without_formula(text: str) -> str:
    """Keep a spreadsheet from computing what a person wrote."""
    return f"'{text}" if text.lstrip(" \n").startswith((*_FORMULA_SIGNS, "'")) else text
