"""Columns and tables of the export; each column carries its own explanation, so none can lack one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

Cell: TypeAlias = str | int | float | bool | datetime | None
"""Content of a cell; ``None`` means unknown, never 0."""

RowType_contra = TypeVar("RowType_contra", contravariant=True)
"""A column fits every row type with the attributes it needs: a column of the person fits every row of a person."""


class CellKind(StrEnum):
    """Kind of the cells of a column, as stated in the data dictionary."""

    WORD = "word"
    """A fixed word, the name of a night, or numbers of other rows."""
    TEXT = "text"
    """Free text of a person or a file."""
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "true or false"
    LOCAL_TIME = "local time"
    """ISO 8601 in local time, with its offset from UTC."""
    UTC_TIME = "UTC time"


@dataclass(frozen=True, slots=True)
class ExportColumn(Generic[RowType_contra]):
    """A column of a table; Parquet ignores ``decimals``, and ``personal`` columns can be left empty."""

    name: str
    kind: CellKind
    meaning: str
    value: Callable[[RowType_contra], Cell]
    formula: str = ""
    decimals: int | None = None
    personal: bool = False

    @property
    def unit(self) -> str:
        """Unit of the numbers, from the ending of the name; empty if there is none."""
        if self.kind not in (CellKind.NUMBER, CellKind.INTEGER):
            return ""
        return next((unit for ending, unit in _UNIT_ENDINGS if self.name.endswith(ending)), "")


# Longer endings first.
_UNIT_ENDINGS = (
    ("_s_per_worn_hour", "s per worn hour"),
    ("_n_per_worn_hour", "episodes per worn hour"),
    ("_hz", "Hz"),
    ("_ratio", "1"),
    ("_s", "s"),
    ("_g", "g (9.80665 m/s2)"),
    ("_n", "count"),
)


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A table with its cells, ready to be written."""

    name: str
    columns: tuple[ExportColumn[object], ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class ExportTable(Generic[RowType_contra]):
    """A table without its cells; ``row_is`` describes one row."""

    name: str
    row_is: str
    columns: tuple[ExportColumn[RowType_contra], ...]

    def fill(self, rows: Iterable[RowType_contra], *, with_personal_data: bool) -> FilledTable:
        """Fill the table from rows; personal cells stay empty unless wanted."""
        return FilledTable(
            self.name,
            self.columns,  # type: ignore[arg-type] # the cells no longer need their row type
            tuple(
                tuple(
                    column.value(row) if with_personal_data or not column.personal else None for column in self.columns
                )
                for row in rows
            ),
        )
