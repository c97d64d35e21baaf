"""Table of gaps: times without samples, with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clonus_sense.export.columns import CellKind, ExportColumn, ExportTable
from clonus_sense.export.content import ExportContent, RecordingContent
from clonus_sense.export.shared_columns import FIRST_NIGHT, PERSON, RECORDING, SIDE, TIME_DECIMALS, utc_column
from clonus_sense.i18n import message
from clonus_sense.model import Gap


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap of a recording."""

    person: str
    night: str
    recording: RecordingContent
    gap: Gap


GAPS: ExportTable[GapRow] = ExportTable(
    "gaps",
    "a time of a recording in which nothing was measured; nothing is ever interpolated into it",
    (
        PERSON,
        FIRST_NIGHT,
        SIDE,
        RECORDING,
        ExportColumn(
            "start_local",
            CellKind.LOCAL_TIME,
            message("Start by the clock of the place."),
            lambda row: row.recording.local(row.gap.start_s),
        ),
        utc_column("start_utc", lambda row: row.recording.local(row.gap.start_s)),
        ExportColumn(
            "start_s",
            CellKind.NUMBER,
            message("End of the last sample before it, since the start of the recording."),
            lambda row: row.gap.start_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "end_s",
            CellKind.NUMBER,
            message("First sample after it, since the start of the recording."),
            lambda row: row.gap.end_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "duration_s",
            CellKind.NUMBER,
            message("How long it was."),
            lambda row: row.gap.duration_s,
            "end_s - start_s",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "reason",
            CellKind.TEXT,
            message("Why nothing was measured, as far as is known."),
            lambda row: row.gap.reason,
        ),
    ),
)


def gap_rows(content: ExportContent) -> Iterator[GapRow]:
    """Yield the gaps of exported recordings that touch exported nights."""
    for recording in content.recordings:
        for gap in recording.stored.gaps:
            night = content.night_name(recording, gap.start_s, gap.end_s)
            if night is not None:
                yield GapRow(content.label(recording.stored.info.person), night, recording, gap)
