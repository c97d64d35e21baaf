"""Recordings as files: written safely, read fast, recovered after damage; also CSVs of other devices."""

from clonus_sense.recording.foreign import (
    AccelUnit,
    ColumnChoice,
    ForeignFormat,
    how_it_was_read,
    parse_columns,
    parse_unit,
)
from clonus_sense.recording.in_progress import UNFINISHED, backfill_path, hold_ended, is_in_progress, known_until_s
from clonus_sense.recording.ledger import EntryKind, Ledger, LedgerEntry, ledger_path, read_ledger
from clonus_sense.recording.stream import RecordingStream, stream_recording
from clonus_sense.recording.whole import Piece, Recording, StretchSamples, read_recording
from clonus_sense.recording.writer import RecordingWriter, write_recording
from clonus_sense.rounding import RoundedSamples, round_as_written

__all__ = [
    "UNFINISHED",
    "AccelUnit",
    "ColumnChoice",
    "EntryKind",
    "ForeignFormat",
    "Ledger",
    "LedgerEntry",
    "Piece",
    "Recording",
    "RecordingStream",
    "RecordingWriter",
    "RoundedSamples",
    "StretchSamples",
    "backfill_path",
    "hold_ended",
    "how_it_was_read",
    "is_in_progress",
    "known_until_s",
    "ledger_path",
    "parse_columns",
    "parse_unit",
    "read_ledger",
    "read_recording",
    "round_as_written",
    "stream_recording",
    "write_recording",
]
