"""Table of markers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clonus_sense.export.columns import CellKind, ExportColumn, ExportTable
from clonus_sense.export.content import ExportContent, RecordingContent
from clonus_sense.export.shared_columns import PERSON, RECORDING, SIDE, TIME_DECIMALS, utc_column
from clonus_sense.i18n import message
from clonus_sense.library import Marker


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """A marker of a recording."""

    person: str
    night: str
    recording: RecordingContent
    marker: Marker


MARKERS: ExportTable[MarkerRow] = ExportTable(
    "markers",
    "a moment of a recording that somebody marked",
    (
        PERSON,
        ExportColumn(
            "night", CellKind.WORD, message("Name of the exported night in which it lies."), lambda row: row.night
        ),
        SIDE,
        RECORDING,
        ExportColumn(
            "at_local",
            CellKind.LOCAL_TIME,
            message("When, by the clock of the place."),
            lambda row: row.recording.local(row.marker.at_s),
        ),
        utc_column("at_utc", lambda row: row.recording.local(row.marker.at_s)),
        ExportColumn(
            "at_s",
            CellKind.NUMBER,
            message("When, since the start of the recording."),
            lambda row: row.marker.at_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "kind",
            CellKind.WORD,
            message("What happened: felt, turned by a helper, stimulation on, stimulation off, other."),
            lambda row: row.marker.kind.value,
        ),
        ExportColumn(
            "text", CellKind.TEXT, message("More in their own words."), lambda row: row.marker.text, personal=True
        ),
    ),
)


def marker_rows(content: ExportContent) -> Iterator[MarkerRow]:
    """Yield the markers of exported recordings in exported nights."""
    for recording in content.recordings:
        for marker in recording.markers:
            night = content.night_name(recording, marker.at_s, marker.at_s)
            if night is not None:
                yield MarkerRow(content.label(recording.stored.info.person), night, recording, marker)
