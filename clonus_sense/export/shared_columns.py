"""Columns of more than one table, each explained once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from clonus_sense.export.columns import CellKind, ExportColumn, RowType_contra
from clonus_sense.export.content import RecordingContent
from clonus_sense.i18n import message

TIME_DECIMALS = 6
"""Times of recordings are whole microseconds."""


class RowOfPerson(Protocol):
    """A row that belongs to a person."""

    @property
    def person(self) -> str:
        """Exported name of the person's code."""


class RowOfNight(Protocol):
    """A row that belongs to at most one night."""

    @property
    def night(self) -> str:
        """Name of the night; empty without a date."""


class RowOfRecording(Protocol):
    """A row that belongs to a recording."""

    @property
    def recording(self) -> RecordingContent:
        """All library data of the recording."""


PERSON: ExportColumn[RowOfPerson] = ExportColumn(
    "person", CellKind.TEXT, message("Code of the person; empty where nobody is named yet."), lambda row: row.person
)
FIRST_NIGHT: ExportColumn[RowOfNight] = ExportColumn(
    "night", CellKind.WORD, message("Name of the first exported night that it touches."), lambda row: row.night
)
SIDE: ExportColumn[RowOfRecording] = ExportColumn(
    "side",
    CellKind.WORD,
    message("Leg: left or right; empty where unknown."),
    lambda row: row.recording.stored.info.side,
)
RECORDING: ExportColumn[RowOfRecording] = ExportColumn(
    "recording",
    CellKind.INTEGER,
    message("Number of the recording in the library."),
    lambda row: row.recording.stored.id,
)


def utc_column(name: str, moment: Callable[[RowType_contra], datetime | None]) -> ExportColumn[RowType_contra]:
    """Make the UTC column for a column in local time."""
    return ExportColumn(name, CellKind.UTC_TIME, message("The same moment in UTC."), lambda row: utc_of(moment(row)))


def utc_of(moment: datetime | None) -> datetime | None:
    """Convert a time to UTC."""
    return moment.astimezone(UTC) if moment else None
