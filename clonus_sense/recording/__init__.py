"""Recordings as files: written safely, read fast, recovered after damage; foreign CSVs."""

from clonus_sense.recording.foreign import AccelUnit, ColumnChoice, ForeignFormat, parse_columns, parse_unit
from clonus_sense.recording.stream import RecordingStream, stream_recording
from clonus_sense.recording.whole import Piece, Recording, StretchSamples, read_recording
from clonus_sense.recording.writer import RecordingWriter, write_recording
from clonus_sense.rounding import RoundedSamples, round_as_written

__all__ = [
    "AccelUnit",
    "ColumnChoice",
    "ForeignFormat",
    "Piece",
    "Recording",
    "RecordingStream",
    "RecordingWriter",
    "RoundedSamples",
    "StretchSamples",
    "parse_columns",
    "parse_unit",
    "read_recording",
    "round_as_written",
    "stream_recording",
    "write_recording",
]
