"""What a table of the export is made of: columns that carry their own explanation, so that none can lack one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

Cell: TypeAlias = str | int | float | bool | datetime | None
"""What stands in a cell; ``None`` means that nothing is known, never 0."""

RowType_contra = TypeVar("RowType_contra", contravariant=True)
"""A column takes whatever has what it needs: one that needs a person alone stands in the table of any such row."""


class CellKind(StrEnum):
    """What kind of cells a column holds; a program reads it in the data dictionary."""

    WORD = "word"
    """One of our own fixed words, a name of a night, numbers of other rows."""
    TEXT = "text"
    """What a person or a file said in their own words."""
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "true or false"
    LOCAL_TIME = "local time"
    """ISO 8601 by the clock of the place, with its offset from UTC."""
    UTC_TIME = "UTC time"


@dataclass(frozen=True, slots=True)
class ExportColumn(Generic[RowType_contra]):
    """A column of a table."""

    name: str
    kind: CellKind
    meaning: str
    value: Callable[[RowType_contra], Cell]
    formula: str = ""
    decimals: int | None = None
    personal: bool = False

    @property
    def unit(self) -> str:
        """Unit of the numbers, as the name says it; empty where there is none."""
        if self.kind not in (CellKind.NUMBER, CellKind.INTEGER):
            return ""
        return next((unit for ending, unit in _UNIT_ENDINGS if self.name.endswith(ending)), "")


# The longer ending first.
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
    """A table as it is written."""

    name: str
    columns: tuple[ExportColumn[object], ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class ExportTable(Generic[RowType_contra]):
    """A table before it is filled."""

    name: str
    row_is: str
    columns: tuple[ExportColumn[RowType_contra], ...]

    def fill(self, rows: Iterable[RowType_contra], *, with_personal_data: bool) -> FilledTable:
        """Take the cells out of rows."""
        return FilledTable(
            self.name,
            self.columns,  # type: ignore[arg-type] # how the cells were taken no longer matters
            tuple(
                tuple(
                    column.value(row) if with_personal_data or not column.personal else None for column in self.columns
                )
                for row in rows
            ),
        )
