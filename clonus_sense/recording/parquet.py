"""Recordings as Parquet: the same columns as CSV, and the same keys in the schema's metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from clonus_sense.errors import NotARecordingError, RecordingError
from clonus_sense.model import FloatArray, RecordingInfo
from clonus_sense.recording.header import COLUMN_LINE, COLUMNS, FORMAT, KeyValue, head_pairs
from clonus_sense.recording.rows import RowBlock

PARQUET_MAGIC = b"PAR1"
# The same number of rows as in a block of text.
_ROWS_PER_BATCH = 1 << 16
# 44 minutes at 100 Hz: few groups, each a small part of a night.
_ROWS_PER_GROUP = 1 << 18


@dataclass(frozen=True, slots=True)
class ParquetHead:
    """Metadata of a Parquet file."""

    pairs: tuple[KeyValue, ...]
    n_rows: int


def read_parquet_head(path: Path) -> ParquetHead:
    """Read the keys and the number of rows."""
    with _opened(path) as file:
        schema, n_rows = file.schema_arrow, file.metadata.num_rows
    for name in COLUMNS:
        if name not in schema.names:
            raise NotARecordingError(
                f"this Parquet file has no column `{name}`; a recording has {COLUMN_LINE}. Export it as CSV to name "
                "its columns with --columns."
            )
        if schema.names.count(name) > 1:
            raise NotARecordingError(f"this Parquet file has more than one column `{name}`; keep one of them.")
        if not _holds_numbers(schema.field(name).type):
            raise NotARecordingError(
                f"the column `{name}` of this Parquet file holds {schema.field(name).type} and no numbers; write it as "
                "double, as a recording has it."
            )
    stored = (schema.metadata or {}).items()
    metadata = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, value in stored}
    if metadata.get("format", FORMAT) != FORMAT:
        raise NotARecordingError(
            f"the file says `format: {metadata['format']}`, but this version reads `{FORMAT}`; update clonus_sense."
        )
    pairs = tuple((key, value) for key, value in metadata.items() if not key.startswith(("pandas", "ARROW:")))
    return ParquetHead(pairs, n_rows)


def read_parquet_blocks(path: Path, on_progress: Callable[[float], None] | None = None) -> Iterator[RowBlock]:
    """Yield the rows in blocks."""
    with _opened(path) as file:
        n_read, n_rows = 0, max(1, file.metadata.num_rows)
        try:
            for batch in file.iter_batches(_ROWS_PER_BATCH, columns=list(COLUMNS), use_threads=False):
                accel_g = np.empty((batch.num_rows, 3), order="F")
                for axis, name in enumerate(COLUMNS[1:]):
                    accel_g[:, axis] = _numbers(batch.column(name))
                yield RowBlock(_numbers(batch.column(COLUMNS[0])), accel_g)
                n_read += batch.num_rows
                if on_progress is not None:
                    on_progress(n_read / n_rows)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise RecordingError(
                f"the Parquet data are damaged after row {n_read} ({_one_line(error)}); use a copy of the file, or its "
                "CSV."
            ) from error


def write_parquet(path: Path, info: RecordingInfo, times_s: FloatArray, accel_g: FloatArray) -> None:
    """Write a whole recording; see :func:`clonus_sense.recording.write_recording`."""
    metadata = {key: value for key, value in head_pairs(info)}
    schema = pa.schema([(name, pa.float64()) for name in COLUMNS], metadata=metadata)
    columns = [pa.array(column) for column in (times_s, accel_g[:, 0], accel_g[:, 1], accel_g[:, 2])]
    with path.open("xb") as file:
        parquet.write_table(pa.table(columns, schema=schema), file, row_group_size=_ROWS_PER_GROUP, compression="zstd")


def _holds_numbers(kind: pa.DataType) -> bool:
    """Tell whether a column's type can be read as numbers; a column of empty cells can."""
    types = pa.types
    return any(is_kind(kind) for is_kind in (types.is_floating, types.is_integer, types.is_decimal, types.is_null))


def _numbers(column: pa.Array) -> FloatArray:
    """Return a column as numbers; an empty cell is NaN."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _opened(path: Path) -> parquet.ParquetFile:
    """Open the file, or explain in a sentence why it cannot be read."""
    try:
        return parquet.ParquetFile(path, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise RecordingError(
            f"this Parquet file cannot be read ({_one_line(error)}); it was probably cut off while it was written or "
            "copied, and keeps its index at the end: copy it once more, or use the CSV."
        ) from error


def _one_line(error: Exception) -> str:
    """Return an error's text without line breaks."""
    return " ".join(str(error).split())
