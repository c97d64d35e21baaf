"""Tables as CSV for spreadsheets, including Japanese Excel."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from clonus_sense.export.columns import Cell, CellKind, ExportColumn, FilledTable

# Without it Excel reads UTF-8 in the system's code page, which garbles Japanese text.
BOM = "\ufeff"
# First characters of a formula; Japanese input gives the full-width ones.
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def table_as_csv(table: FilledTable) -> bytes:
    """Write a table as CSV: UTF-8 with byte order mark, CR LF, unknown cells empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(
        [cell_text(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows
    )
    return (BOM + text.getvalue()).encode("utf-8")


def cell_text(cell: Cell, column: ExportColumn[object]) -> str:
    """Write one cell; empty if unknown."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return moment_text(cell, column.kind)
    if isinstance(cell, float) and column.decimals is not None:
        # Adding zero turns -0.0 into 0.0, so that zero has one form.
        return f"{round(cell, column.decimals) + 0.0:.{column.decimals}f}"
    return without_formula(cell) if isinstance(cell, str) and column.kind is CellKind.TEXT else str(cell)


def moment_text(moment: datetime, kind: CellKind) -> str:
    """Write a time to the microsecond, UTC with a Z and local time with its offset."""
    text = moment.isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z") if kind is CellKind.UTC_TIME else text


def without_formula(text: str) -> str:
    """Put an apostrophe before a text that begins like a formula or with an apostrophe; this is reversible."""
    return f"'{text}" if text.lstrip(" \n").startswith((*_FORMULA_SIGNS, "'")) else text
