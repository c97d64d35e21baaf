"""Table of recordings with their analyses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from clonus_sense.export.columns import CellKind, ExportColumn, ExportTable
from clonus_sense.export.content import ExportContent, RecordingContent, RunContent
from clonus_sense.export.shared_columns import PERSON, RECORDING, SIDE, TIME_DECIMALS, utc_column, utc_of
from clonus_sense.i18n import message
from clonus_sense.model import Finding


@dataclass(frozen=True, slots=True)
class RunRow:
    """A recording with one of its analyses; ``None`` if it was never analysed."""

    person: str
    nights: str
    recording: RecordingContent
    run: RunContent | None

    @property
    def end(self) -> datetime | None:
        """End of the recording in local time."""
        return self.recording.local(self.recording.stored.duration_s)


def _kinds(findings: Sequence[Finding]) -> str:
    """Join the kinds of findings; their sentences are left out because they may quote personal text."""
    return " ".join(dict.fromkeys(finding.kind for finding in findings))


RECORDINGS: ExportTable[RunRow] = ExportTable(
    "recordings",
    "one analysis of a recording; a recording that was analysed twice has two rows",
    (
        RECORDING,
        PERSON,
        SIDE,
        ExportColumn(
            "nights",
            CellKind.WORD,
            message("Exported nights into which it reaches, with blanks between."),
            lambda row: row.nights,
        ),
        ExportColumn(
            "start_local",
            CellKind.LOCAL_TIME,
            message("When it began, by the clock of the place."),
            lambda row: row.recording.local(0.0),
        ),
        utc_column("start_utc", lambda row: row.recording.local(0.0)),
        ExportColumn(
            "end_local", CellKind.LOCAL_TIME, message("When it ended, by the clock of the place."), lambda row: row.end
        ),
        utc_column("end_utc", lambda row: row.end),
        ExportColumn(
            "timezone",
            CellKind.WORD,
            message("Zone of the IANA list in which the person was; empty where only the offset is known."),
            lambda row: row.recording.stored.info.timezone,
        ),
        ExportColumn(
            "clock_trusted",
            CellKind.TRUTH,
            message("Whether the clock of the host was known to be right; empty where unknown."),
            lambda row: row.recording.stored.info.clock_trusted,
        ),
        ExportColumn(
            "duration_s",
            CellKind.NUMBER,
            message("From its start to the end of the last sample, gaps included."),
            lambda row: row.recording.stored.duration_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "measured_s",
            CellKind.NUMBER,
            message("Duration without gaps."),
            lambda row: row.recording.stored.measured_s,
            "duration_s - sum of the gaps",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "gaps_n", CellKind.INTEGER, message("How many gaps it has."), lambda row: len(row.recording.stored.gaps)
        ),
        ExportColumn(
            "fs_hz",
            CellKind.NUMBER,
            message("Nominal sampling rate."),
            lambda row: row.recording.stored.info.fs_hz,
            "",
            4,
        ),
        ExportColumn(
            "site",
            CellKind.WORD,
            message("Where on the leg the sensor sat; empty where unknown."),
            lambda row: row.recording.stored.info.site.value if row.recording.stored.info.site else None,
        ),
        ExportColumn(
            "orthosis",
            CellKind.TEXT,
            message("What was worn around the joint."),
            lambda row: row.recording.stored.info.orthosis,
            personal=True,
        ),
        ExportColumn(
            "sensor_family",
            CellKind.TEXT,
            message("Kind of sensor."),
            lambda row: row.recording.stored.info.sensor.family,
            personal=True,
        ),
        ExportColumn(
            "sensor_name",
            CellKind.TEXT,
            message("Name of the sensor."),
            lambda row: row.recording.stored.info.sensor.name,
            personal=True,
        ),
        ExportColumn(
            "sensor_serial",
            CellKind.TEXT,
            message("Serial number of the sensor."),
            lambda row: row.recording.stored.info.sensor.serial,
            personal=True,
        ),
        ExportColumn(
            "sensor_firmware",
            CellKind.TEXT,
            message("Its firmware."),
            lambda row: row.recording.stored.info.sensor.firmware,
            personal=True,
        ),
        ExportColumn(
            "step_g",
            CellKind.NUMBER,
            message("One step of the sensor."),
            lambda row: row.recording.stored.info.step_g,
            "",
            9,
        ),
        ExportColumn(
            "range_g",
            CellKind.NUMBER,
            message("Its largest value."),
            lambda row: row.recording.stored.info.range_g,
            "",
            6,
        ),
        ExportColumn(
            "findings",
            CellKind.WORD,
            message("Losses, repairs and guesses of the reader, as fixed words with blanks between."),
            lambda row: _kinds(row.recording.stored.findings),
        ),
        ExportColumn(
            "file",
            CellKind.TEXT,
            message("Where its samples are."),
            lambda row: str(row.recording.stored.path).encode("utf-8", "backslashreplace").decode(),
            personal=True,
        ),
        ExportColumn(
            "added_utc",
            CellKind.UTC_TIME,
            message("When it came into the library."),
            lambda row: utc_of(row.recording.stored.added_at),
        ),
        ExportColumn(
            "run",
            CellKind.INTEGER,
            message("Number of the analysis in the library."),
            lambda row: row.run.run.id if row.run else None,
        ),
        ExportColumn(
            "is_newest",
            CellKind.TRUTH,
            message("Whether the table episodes holds the episodes of this analysis."),
            lambda row: row.run is row.recording.newest if row.run else None,
        ),
        ExportColumn(
            "version",
            CellKind.WORD,
            message("Version of clonus_sense that analysed it."),
            lambda row: row.run.run.version if row.run else None,
        ),
        ExportColumn(
            "settings",
            CellKind.WORD,
            message("Settings of the analysis; what is not named had its default."),
            lambda row: "; ".join(row.run.run.settings_toml.splitlines()) if row.run else None,
        ),
        ExportColumn(
            "analysed_utc",
            CellKind.UTC_TIME,
            message("When it was analysed."),
            lambda row: utc_of(row.run.run.finished_at if row.run else None),
        ),
        ExportColumn(
            "run_findings",
            CellKind.WORD,
            message("Findings of the detector about the signal, as fixed words with blanks between."),
            lambda row: _kinds(row.run.run.findings) if row.run else None,
        ),
        ExportColumn(
            "episodes_n",
            CellKind.INTEGER,
            message("How many episodes of any class the analysis found."),
            lambda row: len(row.run.episodes) if row.run else None,
        ),
    ),
)


def recording_rows(content: ExportContent) -> Iterator[RunRow]:
    """Yield the exported recordings, each with its analyses, oldest first."""
    for recording in content.recordings:
        person = content.label(recording.stored.info.person)
        nights = " ".join(dict.fromkeys(part.night.name for part in content.legs_of(recording)))
        for run in recording.runs or (None,):
            yield RunRow(person, nights, recording, run)
