"""Tables and recordings as Parquet; numbers are exact."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from clonus_sense.export.columns import CellKind, ExportColumn, FilledTable
from clonus_sense.export.content import ExportContent, RecordingContent
from clonus_sense.export.csv_files import moment_text
from clonus_sense.model import RecordingInfo, SensorIdentity
from clonus_sense.recording import how_it_was_read
from clonus_sense.recording.foreign import OPTIONS_NOTE
from clonus_sense.recording.parquet import write_parquet
from clonus_sense.recording.source import open_source

if TYPE_CHECKING:
    from datetime import datetime

_TYPES = {
    CellKind.WORD: pa.string(),
    CellKind.TEXT: pa.string(),
    CellKind.INTEGER: pa.int64(),
    CellKind.NUMBER: pa.float64(),
    CellKind.TRUTH: pa.bool_(),
    # As text, because no type of Parquet stores the offset.
    CellKind.LOCAL_TIME: pa.string(),
    CellKind.UTC_TIME: pa.timestamp("us", tz="UTC"),
}


def table_as_parquet(table: FilledTable) -> bytes:
    """Write a table as Parquet: exact numbers, UTC as timestamps, local time as text, unknown cells null."""
    columns = [
        pa.array([_cell(row[number], column) for row in table.rows], type=_TYPES[column.kind])
        for number, column in enumerate(table.columns)
    ]
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns, names=[column.name for column in table.columns]), buffer, compression="zstd")
    return buffer.getvalue()


def write_recording_as_parquet(content: ExportContent, about: RecordingContent, fs_hz: float, path: Path) -> None:
    """Write a recording in our Parquet format, with the rows of its file."""
    blocks = list(open_source(about.stored.path, how_it_was_read(about.stored.info), None).blocks())
    info = exported_info(content, about)
    times_s = np.concatenate([block.times for block in blocks])
    accel_g = np.concatenate([block.accel for block in blocks])
    write_parquet(path, replace(info, fs_hz=fs_hz), times_s, accel_g)


def exported_info(content: ExportContent, about: RecordingContent) -> RecordingInfo:
    """Return the facts for the head of an exported recording, as stored now, without personal data if not wanted."""
    stored = about.stored.info
    # The options for reading the old file do not apply to the new one.
    notes = tuple(note for note in stored.notes if note[0] != OPTIONS_NOTE)
    info = replace(stored, person=content.label(stored.person), notes=notes)
    if content.with_personal_data:
        return info
    # The sensor's family is free text of the file.
    return replace(info, orthosis="", sensor=SensorIdentity(), notes=())


def _cell(cell: object, column: ExportColumn[object]) -> object:
    """Convert one cell to the type of its column."""
    if column.kind is CellKind.LOCAL_TIME and cell is not None:
        moment: datetime = cell  # type: ignore[assignment] # the kind of the column says so
        return moment_text(moment, column.kind)
    return float(cell) if column.kind is CellKind.NUMBER and isinstance(cell, int) else cell
