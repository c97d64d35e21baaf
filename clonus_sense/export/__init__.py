"""Exports nights for other programs: tables as CSV or Parquet, recordings as EDF+D or Parquet."""

from clonus_sense.export.content import ExportContent, RecordingContent, Selection, read_content
from clonus_sense.export.tables import fill_tables
from clonus_sense.export.writing import ExportOutcome, write_export
from clonus_sense.terms import ExportFormat

__all__ = [
    "ExportContent",
    "ExportFormat",
    "ExportOutcome",
    "RecordingContent",
    "Selection",
    "fill_tables",
    "read_content",
    "write_export",
]
