"""All tables of an export, and the data dictionary, which explains every column."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.export.annotation_table import ANNOTATIONS, annotation_rows
from clonus_sense.export.columns import CellKind, ExportColumn, ExportTable, FilledTable
from clonus_sense.export.content import ExportContent
from clonus_sense.export.episode_table import EPISODES, episode_rows
from clonus_sense.export.gap_table import GAPS, gap_rows
from clonus_sense.export.marker_table import MARKERS, marker_rows
from clonus_sense.export.night_table import NIGHTS, night_rows
from clonus_sense.export.recording_table import RECORDINGS, recording_rows
from clonus_sense.i18n import message, translator


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A row of the data dictionary."""

    table: str
    row_is: str
    column: ExportColumn[object]

    @property
    def written(self) -> str:
        """Format of its cells in a CSV file."""
        if self.column.kind in (CellKind.LOCAL_TIME, CellKind.UTC_TIME):
            return "ISO 8601, to 1 microsecond"
        if self.column.kind is CellKind.TEXT:
            return "with an apostrophe before a text that begins like a formula or with an apostrophe"
        return "" if self.column.decimals is None else f"to {self.column.decimals} decimals"


DICTIONARY: ExportTable[ColumnRow] = ExportTable(
    "data_dictionary",
    "a column of a table",
    (
        ExportColumn("table", CellKind.WORD, message("Name of the table."), lambda row: row.table),
        ExportColumn("row_is", CellKind.WORD, message("What one row of the table stands for."), lambda row: row.row_is),
        ExportColumn("column", CellKind.WORD, message("Name of the column."), lambda row: row.column.name),
        ExportColumn("kind", CellKind.WORD, message("What kind of cells it holds."), lambda row: row.column.kind.value),
        ExportColumn(
            "unit",
            CellKind.WORD,
            message("Unit of its numbers; empty where there is none."),
            lambda row: row.column.unit,
        ),
        ExportColumn("meaning", CellKind.WORD, message("What it says."), lambda row: row.column.meaning),
        ExportColumn(
            "meaning_ja",
            CellKind.WORD,
            message("The same in Japanese."),
            lambda row: translator("ja")(row.column.meaning),
        ),
        ExportColumn(
            "formula",
            CellKind.WORD,
            message("How it is computed, where that goes beyond its meaning."),
            lambda row: row.column.formula,
        ),
        ExportColumn(
            "written",
            CellKind.WORD,
            message("How it is written into CSV; Parquet keeps numbers whole."),
            lambda row: row.written,
        ),
        ExportColumn(
            "personal",
            CellKind.TRUTH,
            message("Whether it stays empty where personal data are left out; codes of people are replaced then."),
            lambda row: row.column.personal,
        ),
    ),
)


def fill_tables(content: ExportContent) -> tuple[FilledTable, ...]:
    """Fill all tables of an export.

    Returns
    -------
    tuple of FilledTable
        Episodes, nights, gaps, annotations, markers, recordings, and the data dictionary.
    """
    personal = content.with_personal_data
    return (
        EPISODES.fill(episode_rows(content), with_personal_data=personal),
        NIGHTS.fill(night_rows(content), with_personal_data=personal),
        GAPS.fill(gap_rows(content), with_personal_data=personal),
        ANNOTATIONS.fill(annotation_rows(content), with_personal_data=personal),
        MARKERS.fill(marker_rows(content), with_personal_data=personal),
        RECORDINGS.fill(recording_rows(content), with_personal_data=personal),
        DICTIONARY.fill(_column_rows(), with_personal_data=personal),
    )


def _column_rows() -> list[ColumnRow]:
    """List every column of every table, including those of the data dictionary."""
    tables: tuple[ExportTable[object], ...] = (EPISODES, NIGHTS, GAPS, ANNOTATIONS, MARKERS, RECORDINGS, DICTIONARY)  # type: ignore[assignment] # only names and meanings are read
    return [ColumnRow(table.name, table.row_is, column) for table in tables for column in table.columns]
