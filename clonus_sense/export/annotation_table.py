"""Table of annotations, including replaced and withdrawn ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clonus_sense.export.columns import CellKind, ExportColumn, ExportTable
from clonus_sense.export.content import ExportContent, RecordingContent
from clonus_sense.export.shared_columns import (
    FIRST_NIGHT,
    PERSON,
    RECORDING,
    SIDE,
    TIME_DECIMALS,
    utc_column,
    utc_of,
)
from clonus_sense.i18n import message
from clonus_sense.library import Annotation, Verdict


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """An annotation and its replacements."""

    person: str
    night: str
    recording: RecordingContent
    word: Annotation
    replaced_by: tuple[int, ...]

    @property
    def stands(self) -> bool:
        """Whether it is neither replaced nor withdrawn."""
        return not self.replaced_by and self.word.verdict is not Verdict.WITHDRAWN


ANNOTATIONS: ExportTable[AnnotationRow] = ExportTable(
    "annotations",
    "a person's word on a time of a recording, also where it was replaced or taken back",
    (
        ExportColumn(
            "annotation", CellKind.INTEGER, message("Number of the annotation in the library."), lambda row: row.word.id
        ),
        PERSON,
        FIRST_NIGHT,
        SIDE,
        RECORDING,
        ExportColumn(
            "start_local",
            CellKind.LOCAL_TIME,
            message("Start of the annotated time, by the clock of the place."),
            lambda row: row.recording.local(row.word.span.start_s),
        ),
        utc_column("start_utc", lambda row: row.recording.local(row.word.span.start_s)),
        ExportColumn(
            "start_s",
            CellKind.NUMBER,
            message("The same since the start of the recording."),
            lambda row: row.word.span.start_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "end_s",
            CellKind.NUMBER,
            message("End of the annotated time, since the start of the recording."),
            lambda row: row.word.span.end_s,
            "",
            TIME_DECIMALS,
        ),
        ExportColumn(
            "verdict",
            CellKind.WORD,
            message(
                "What it says: rhythmic, not rhythmic, unsure, judged as clonus (by a named clinician), worn, not "
                "worn, rest (the rest window), note, withdrawn."
            ),
            lambda row: row.word.verdict.value,
        ),
        ExportColumn("profession", CellKind.WORD, message("Who says it."), lambda row: row.word.rater.profession.value),
        ExportColumn(
            "rater", CellKind.TEXT, message("Name of the rater."), lambda row: row.word.rater.name, personal=True
        ),
        ExportColumn("note", CellKind.TEXT, message("In their own words."), lambda row: row.word.note, personal=True),
        ExportColumn(
            "written_utc", CellKind.UTC_TIME, message("When it was written."), lambda row: utc_of(row.word.written_at)
        ),
        ExportColumn(
            "replaces",
            CellKind.WORD,
            message("Numbers of the annotations that it replaces, with blanks between."),
            lambda row: " ".join(map(str, row.word.replaces)),
        ),
        ExportColumn(
            "replaced_by",
            CellKind.WORD,
            message("Numbers of the annotations that replace it, with blanks between."),
            lambda row: " ".join(map(str, row.replaced_by)),
        ),
        ExportColumn(
            "stands", CellKind.TRUTH, message("Whether it is neither replaced nor withdrawn."), lambda row: row.stands
        ),
    ),
)


def annotation_rows(content: ExportContent) -> Iterator[AnnotationRow]:
    """Yield the annotations of exported recordings that touch exported nights."""
    for recording in content.recordings:
        replaced_by: dict[int, list[int]] = {}
        for word in recording.annotations:
            for number in word.replaces:
                replaced_by.setdefault(number, []).append(word.id)
        for word in recording.annotations:
            night = content.night_name(recording, word.span.start_s, word.span.end_s)
            if night is not None:
                person = content.label(recording.stored.info.person)
                yield AnnotationRow(person, night, recording, word, tuple(replaced_by.get(word.id, ())))
