"""Recordings, their gaps, what people said and what they marked, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clonus_sense.export.columns import CellKind, Column, Table
from clonus_sense.export.content import ExportContent, RecordingContent, RunContent
from clonus_sense.export.night_tables import TIME_DECIMALS, utc_of
from clonus_sense.i18n import message
from clonus_sense.library import Annotation, Marker, Verdict
from clonus_sense.model import Finding, Gap
from clonus_sense.night import UtcSpan

_WORD, _TEXT, _INTEGER, _NUMBER = CellKind.WORD, CellKind.TEXT, CellKind.INTEGER, CellKind.NUMBER
_LOCAL, _UTC = CellKind.LOCAL_TIME, CellKind.UTC_TIME


@dataclass(frozen=True, slots=True)
class RunRow:
    """A recording with one of its analyses; ``None`` where it was never analysed."""

    person: str
    nights: str
    recording: RecordingContent
    run: RunContent | None

    @property
    def end(self) -> datetime | None:
        """When it ended by the clock of the place."""
        return self.recording.local(self.recording.stored.duration_s)


def _kinds(findings: Sequence[Finding]) -> str:
    """Name what was noticed by its fixed words; the sentences may quote what a person wrote into a file."""
    return " ".join(dict.fromkeys(finding.kind for finding in findings))


RECORDINGS: Table[RunRow] = Table(
    "recordings",
    "one analysis of a recording; a recording that was analysed twice has two rows",
    (
        Column(
            "recording",
            _INTEGER,
            message("Number of the recording in the library."),
            lambda row: row.recording.stored.id,
        ),
        Column(
            "person", _TEXT, message("Code of the person; empty where nobody is named yet."), lambda row: row.person
        ),
        Column(
            "side",
            _WORD,
            message("Leg: left or right; empty where unknown."),
            lambda row: row.recording.stored.info.side,
        ),
        Column(
            "nights",
            _WORD,
            message("Exported nights into which it reaches, with blanks between."),
            lambda row: row.nights,
        ),
        Column(
            "start_local",
            _LOCAL,
            message("When it began, by the clock of the place."),
            lambda row: row.recording.local(0.0),
        ),
        Column("start_utc", _UTC, message("The same moment in UTC."), lambda row: utc_of(row.recording.local(0.0))),
        Column("end_local", _LOCAL, message("When it ended, by the clock of the place."), lambda row: row.end),
        Column("end_utc", _UTC, message("The same moment in UTC."), lambda row: utc_of(row.end)),
        Column(
            "timezone",
            _WORD,
            message("Zone of the IANA list in which the person was; empty where only the offset is known."),
            lambda row: row.recording.stored.info.timezone,
        ),
        Column(
            "clock_trusted",
            CellKind.TRUTH,
            message("Whether the clock of the host was known to be right; empty where unknown."),
            lambda row: row.recording.stored.info.clock_trusted,
        ),
        Column(
            "duration_s",
            _NUMBER,
            message("From its start to the end of the last sample, gaps included."),
            lambda row: row.recording.stored.duration_s,
            "",
            TIME_DECIMALS,
        ),
        Column(
            "measured_s",
            _NUMBER,
            message("Time in which something was measured."),
            lambda row: row.recording.stored.measured_s,
            "duration_s - sum of the gaps",
            TIME_DECIMALS,
        ),
        Column("gaps_n", _INTEGER, message("How many gaps it has."), lambda row: len(row.recording.stored.gaps)),
        Column("fs_hz", _NUMBER, message("Nominal sampling rate."), lambda row: row.recording.stored.info.fs_hz, "", 4),
        Column(
            "site",
            _WORD,
            message("Where on the leg the sensor sat; empty where unknown."),
            lambda row: row.recording.stored.info.site.value if row.recording.stored.info.site else None,
        ),
        Column(
            "orthosis",
            _TEXT,
            message("What was worn around the joint."),
            lambda row: row.recording.stored.info.orthosis,
            personal=True,
        ),
        Column("sensor_family", _TEXT, message("Kind of sensor."), lambda row: row.recording.stored.info.sensor.family),
        Column(
            "sensor_name",
            _TEXT,
            message("Name of the sensor."),
            lambda row: row.recording.stored.info.sensor.name,
            personal=True,
        ),
        Column(
            "sensor_serial",
            _TEXT,
            message("Serial number of the sensor."),
            lambda row: row.recording.stored.info.sensor.serial,
            personal=True,
        ),
        Column(
            "sensor_firmware", _TEXT, message("Its firmware."), lambda row: row.recording.stored.info.sensor.firmware
        ),
        Column(
            "step_g", _NUMBER, message("One step of the sensor."), lambda row: row.recording.stored.info.step_g, "", 9
        ),
        Column("range_g", _NUMBER, message("Its largest value."), lambda row: row.recording.stored.info.range_g, "", 6),
        Column(
            "findings",
            _WORD,
            message("What was lost, mended or guessed on reading, as fixed words with blanks between."),
            lambda row: _kinds(row.recording.stored.findings),
        ),
        Column(
            "file",
            _TEXT,
            message("Where its samples are."),
            lambda row: str(row.recording.stored.path).encode("utf-8", "backslashreplace").decode(),
            personal=True,
        ),
        Column(
            "added_utc",
            _UTC,
            message("When it came into the library."),
            lambda row: utc_of(row.recording.stored.added_at),
        ),
        Column(
            "run",
            _INTEGER,
            message("Number of the analysis in the library."),
            lambda row: row.run.run.id if row.run else None,
        ),
        Column(
            "is_newest",
            CellKind.TRUTH,
            message("Whether the table episodes holds the episodes of this analysis."),
            lambda row: row.run is row.recording.newest if row.run else None,
        ),
        Column(
            "version",
            _WORD,
            message("Version of clonus_sense that analysed it."),
            lambda row: row.run.run.version if row.run else None,
        ),
        Column(
            "settings",
            _WORD,
            message("Settings of the analysis; what is not named had its default."),
            lambda row: "; ".join(row.run.run.settings_toml.splitlines()) if row.run else None,
        ),
        Column(
            "analysed_utc",
            _UTC,
            message("When it was analysed."),
            lambda row: utc_of(row.run.run.finished_at if row.run else None),
        ),
        Column(
            "run_findings",
            _WORD,
            message("What the detector noticed about the signal, as fixed words with blanks between."),
            lambda row: _kinds(row.run.run.findings) if row.run else None,
        ),
        Column(
            "episodes_n",
            _INTEGER,
            message("How many episodes of any class the analysis found."),
            lambda row: len(row.run.episodes) if row.run else None,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap of a recording."""

    person: str
    night: str
    recording: RecordingContent
    gap: Gap


GAPS: Table[GapRow] = Table(
    "gaps",
    "a time of a recording in which nothing was measured; nothing is ever interpolated into it",
    (
        Column(
            "person", _TEXT, message("Code of the person; empty where nobody is named yet."), lambda row: row.person
        ),
        Column("night", _WORD, message("Name of the first exported night that it touches."), lambda row: row.night),
        Column(
            "side",
            _WORD,
            message("Leg: left or right; empty where unknown."),
            lambda row: row.recording.stored.info.side,
        ),
        Column(
            "recording",
            _INTEGER,
            message("Number of the recording in the library."),
            lambda row: row.recording.stored.id,
        ),
        Column(
            "start_local",
            _LOCAL,
            message("Start by the clock of the place."),
            lambda row: row.recording.local(row.gap.start_s),
        ),
        Column(
            "start_utc",
            _UTC,
            message("The same moment in UTC."),
            lambda row: utc_of(row.recording.local(row.gap.start_s)),
        ),
        Column(
            "start_s",
            _NUMBER,
            message("End of the last sample before it, since the start of the recording."),
            lambda row: row.gap.start_s,
            "",
            TIME_DECIMALS,
        ),
        Column(
            "end_s",
            _NUMBER,
            message("First sample after it, since the start of the recording."),
            lambda row: row.gap.end_s,
            "",
            TIME_DECIMALS,
        ),
        Column(
            "duration_s",
            _NUMBER,
            message("How long it was."),
            lambda row: row.gap.duration_s,
            "end_s - start_s",
            TIME_DECIMALS,
        ),
        Column("reason", _TEXT, message("Why nothing was measured, as far as is known."), lambda row: row.gap.reason),
    ),
)


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """A person's word, and what became of it."""

    person: str
    night: str
    recording: RecordingContent
    word: Annotation
    replaced_by: tuple[int, ...]

    @property
    def stands(self) -> bool:
        """Whether it holds now."""
        return not self.replaced_by and self.word.verdict is not Verdict.WITHDRAWN


ANNOTATIONS: Table[AnnotationRow] = Table(
    "annotations",
    "a person's word on a time of a recording, also where it was replaced or taken back",
    (
        Column("annotation", _INTEGER, message("Number of the word in the library."), lambda row: row.word.id),
        Column(
            "person", _TEXT, message("Code of the person; empty where nobody is named yet."), lambda row: row.person
        ),
        Column("night", _WORD, message("Name of the first exported night that it touches."), lambda row: row.night),
        Column(
            "side",
            _WORD,
            message("Leg: left or right; empty where unknown."),
            lambda row: row.recording.stored.info.side,
        ),
        Column(
            "recording",
            _INTEGER,
            message("Number of the recording in the library."),
            lambda row: row.recording.stored.id,
        ),
        Column(
            "start_local",
            _LOCAL,
            message("Start of the time that it speaks of, by the clock of the place."),
            lambda row: row.recording.local(row.word.span.start_s),
        ),
        Column(
            "start_utc",
            _UTC,
            message("The same moment in UTC."),
            lambda row: utc_of(row.recording.local(row.word.span.start_s)),
        ),
        Column(
            "start_s",
            _NUMBER,
            message("The same since the start of the recording."),
            lambda row: row.word.span.start_s,
            "",
            TIME_DECIMALS,
        ),
        Column(
            "end_s",
            _NUMBER,
            message("End of the time that it speaks of, since the start of the recording."),
            lambda row: row.word.span.end_s,
            "",
            TIME_DECIMALS,
        ),
        Column(
            "verdict",
            _WORD,
            message(
                "What it says: rhythmic, not rhythmic, unsure, judged as clonus (by a named clinician), worn, not "
                "worn, rest (the rest window), note, withdrawn."
            ),
            lambda row: row.word.verdict.value,
        ),
        Column("profession", _WORD, message("Who says it."), lambda row: row.word.rater.profession.value),
        Column("rater", _TEXT, message("Name of who says it."), lambda row: row.word.rater.name, personal=True),
        Column("note", _TEXT, message("In their own words."), lambda row: row.word.note, personal=True),
        Column("written_utc", _UTC, message("When it was written."), lambda row: utc_of(row.word.written_at)),
        Column(
            "replaces",
            _WORD,
            message("Numbers of the words that no longer stand because of it, with blanks between."),
            lambda row: " ".join(map(str, row.word.replaces)),
        ),
        Column(
            "replaced_by",
            _WORD,
            message("Numbers of the words because of which it no longer stands, with blanks between."),
            lambda row: " ".join(map(str, row.replaced_by)),
        ),
        Column("stands", CellKind.TRUTH, message("Whether it holds now."), lambda row: row.stands),
    ),
)


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """A moment that somebody marked."""

    person: str
    night: str
    recording: RecordingContent
    marker: Marker


MARKERS: Table[MarkerRow] = Table(
    "markers",
    "a moment of a recording that somebody marked",
    (
        Column(
            "person", _TEXT, message("Code of the person; empty where nobody is named yet."), lambda row: row.person
        ),
        Column("night", _WORD, message("Name of the exported night in which it lies."), lambda row: row.night),
        Column(
            "side",
            _WORD,
            message("Leg: left or right; empty where unknown."),
            lambda row: row.recording.stored.info.side,
        ),
        Column(
            "recording",
            _INTEGER,
            message("Number of the recording in the library."),
            lambda row: row.recording.stored.id,
        ),
        Column(
            "at_local",
            _LOCAL,
            message("When, by the clock of the place."),
            lambda row: row.recording.local(row.marker.at_s),
        ),
        Column(
            "at_utc", _UTC, message("The same moment in UTC."), lambda row: utc_of(row.recording.local(row.marker.at_s))
        ),
        Column(
            "at_s",
            _NUMBER,
            message("When, since the start of the recording."),
            lambda row: row.marker.at_s,
            "",
            TIME_DECIMALS,
        ),
        Column(
            "kind",
            _WORD,
            message("What happened: felt, turned by a helper, stimulation on, stimulation off, other."),
            lambda row: row.marker.kind.value,
        ),
        Column("text", _TEXT, message("More in their own words."), lambda row: row.marker.text, personal=True),
    ),
)


def recording_rows(content: ExportContent) -> Iterator[RunRow]:
    """Lay out the recordings that are exported, each with its analyses, oldest first."""
    for recording in content.recordings:
        person = content.label(recording.stored.info.person)
        nights = " ".join(dict.fromkeys(part.night.name for part in content.legs_of(recording)))
        for run in recording.runs or (None,):
            yield RunRow(person, nights, recording, run)


def gap_rows(content: ExportContent) -> Iterator[GapRow]:
    """Lay out the gaps of the recordings that are exported, as far as they touch exported nights."""
    for recording in content.recordings:
        for gap in recording.stored.gaps:
            night = _night_of(content, recording, gap.start_s, gap.end_s)
            if night is not None:
                yield GapRow(content.label(recording.stored.info.person), night, recording, gap)


def annotation_rows(content: ExportContent) -> Iterator[AnnotationRow]:
    """Lay out every word about the recordings that are exported, as far as it touches exported nights."""
    for recording in content.recordings:
        replaced_by: dict[int, list[int]] = {}
        for word in recording.annotations:
            for number in word.replaces:
                replaced_by.setdefault(number, []).append(word.id)
        for word in recording.annotations:
            night = _night_of(content, recording, word.span.start_s, word.span.end_s)
            if night is not None:
                person = content.label(recording.stored.info.person)
                yield AnnotationRow(person, night, recording, word, tuple(replaced_by.get(word.id, ())))


def marker_rows(content: ExportContent) -> Iterator[MarkerRow]:
    """Lay out the markers of the recordings that are exported, as far as they lie in exported nights."""
    for recording in content.recordings:
        for marker in recording.markers:
            night = _night_of(content, recording, marker.at_s, marker.at_s)
            if night is not None:
                yield MarkerRow(content.label(recording.stored.info.person), night, recording, marker)


def _night_of(content: ExportContent, recording: RecordingContent, start_s: float, end_s: float) -> str | None:
    """Name the first exported night that a time touches; empty without a date, ``None`` if it touches none."""
    if recording.leg is None:
        return ""
    # A word on an episode may begin before the recording, and a marker has no length.
    whole = recording.leg.span.span
    start = min(max(recording.leg.moment(start_s), whole.start), whole.end - timedelta.resolution)
    time = UtcSpan(start, max(recording.leg.moment(end_s), start + timedelta.resolution))
    return next((part.night.name for part in content.legs_of(recording) if part.span.overlaps(time)), None)
