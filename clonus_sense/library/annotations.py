"""Annotations: statements of people about a time of a recording. They are only added and belong to no detector run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from clonus_sense.errors import LibraryError
from clonus_sense.library.decoding import decodes
from clonus_sense.library.detector_runs import span_of
from clonus_sense.library.nouns import TimeSpan
from clonus_sense.library.recordings import check_recording
from clonus_sense.library.store import Library
from clonus_sense.library.words import Annotation, Rater
from clonus_sense.model import Episode
from clonus_sense.showable import is_showable_time
from clonus_sense.terms import Profession, Verdict


def annotate(
    library: Library,
    recording_id: int,
    span: TimeSpan,
    verdict: Verdict,
    rater: Rater,
    *,
    note: str = "",
    replaces: Sequence[int] = (),
) -> Annotation:
    """Add an annotation.

    Replaced annotations stay in the library but no longer count. To move an edge, replace one annotation by one with
    other times. To join, replace several by one; to split, replace one by several. To undo, use
    :attr:`Verdict.WITHDRAWN`.

    Parameters
    ----------
    replaces
        Ids of the rater's own annotations on this recording.

    Raises
    ------
    LibraryError
        If the time lies outside the recording, a judgement of clonus has no clinician's name, or a replaced annotation
        belongs to another rater.
    """
    _check_word(verdict, rater, replaces)
    with library.writing() as connection:
        _check_span(connection, recording_id, span)
        _check_replaced(connection, recording_id, rater, replaces)
        row = connection.execute(
            "INSERT INTO annotations (recording_id, start_s, end_s, verdict, rater, profession, note, written_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (
                recording_id,
                span.start_s,
                span.end_s,
                verdict,
                rater.name,
                rater.profession,
                note,
                datetime.now(UTC).isoformat(),
            ),
        ).fetchone()
        connection.executemany("INSERT INTO replacements VALUES (?, ?)", [(row["id"], number) for number in replaces])
        return _annotation_of(row, tuple(replaces))


def list_annotations(library: Library, recording_id: int) -> tuple[Annotation, ...]:
    """List all annotations of a recording, oldest first.

    Returns
    -------
    tuple of Annotation
        Replaced and withdrawn ones included; see :func:`standing`.
    """
    with library.reading() as connection:
        replaced: dict[int, list[int]] = {}
        pairs = connection.execute(
            "SELECT replacements.* FROM replacements JOIN annotations ON annotations.id = annotation_id "
            "WHERE recording_id = ? ORDER BY replaced_id",
            (recording_id,),
        )
        for pair in pairs:
            replaced.setdefault(pair["annotation_id"], []).append(pair["replaced_id"])
        rows = connection.execute("SELECT * FROM annotations WHERE recording_id = ? ORDER BY id", (recording_id,))
        # Earlier versions accepted times that no page can show.
        return tuple(
            _annotation_of(row, tuple(replaced.get(row["id"], ())))
            for row in rows
            if is_showable_time(row["start_s"]) and is_showable_time(row["end_s"])
        )


def standing(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """Leave out replaced and withdrawn annotations.

    Parameters
    ----------
    annotations
        All annotations on a recording.
    """
    every = tuple(annotations)
    replaced = {number for annotation in every for number in annotation.replaces}
    return tuple(
        annotation
        for annotation in every
        if annotation.id not in replaced and annotation.verdict is not Verdict.WITHDRAWN
    )


def about_episode(annotations: Iterable[Annotation], episode: Episode) -> tuple[Annotation, ...]:
    """Find the annotations about an episode.

    Parameters
    ----------
    annotations
        Annotations of the recording, usually the :func:`standing` ones.
    episode
        From any run on the recording.

    Returns
    -------
    tuple of Annotation
        Verdicts on movement that overlap the episode by at least half of the shorter of the two.
    """
    span = span_of(episode)
    return tuple(
        annotation
        for annotation in annotations
        if annotation.verdict.is_about_movement and annotation.span.matches(span)
    )


def _check_word(verdict: Verdict, rater: Rater, replaces: Sequence[int]) -> None:
    """Refuse a judgement of clonus without a clinician's name, and a withdrawal that withdraws no annotation."""
    if verdict is Verdict.JUDGED_AS_CLONUS and not (rater.name.strip() and rater.profession.is_clinician):
        raise LibraryError(
            "Only a clinician who gives a name can judge a movement as clonus; give name and profession, or say "
            f"`{Verdict.RHYTHMIC}`."
        )
    if verdict is Verdict.WITHDRAWN and not replaces:
        raise LibraryError("A withdrawal must name the annotations that it takes back; give their numbers.")


def _check_span(connection: sqlite3.Connection, recording_id: int, span: TimeSpan) -> None:
    """Refuse a time outside the recording."""
    check_recording(connection, recording_id)
    row = connection.execute("SELECT duration_s FROM recordings WHERE id = ?", (recording_id,)).fetchone()
    # An episode at an end of the recording reaches half a period beyond it; an annotation may too.
    is_showable = is_showable_time(span.start_s) and is_showable_time(span.end_s)
    if not (is_showable and span.duration_s > 0 and span.end_s > 0 and span.start_s < row["duration_s"]):
        raise LibraryError(
            f"The time from {span.start_s} s to {span.end_s} s lies outside recording {recording_id}, which lasts "
            f"{row['duration_s']} s; give a start before the end, within the recording."
        )


def _check_replaced(connection: sqlite3.Connection, recording_id: int, rater: Rater, replaces: Sequence[int]) -> None:
    """Refuse to replace a missing annotation or one of another rater."""
    for number in replaces:
        row = connection.execute("SELECT * FROM annotations WHERE id = ?", (number,)).fetchone()
        if row is None or row["recording_id"] != recording_id:
            raise LibraryError(f"Annotation {number} is not on recording {recording_id}; name one that is.")
        if _rater_of(row) != rater:
            raise LibraryError(
                f"Annotation {number} was written by {row['rater'] or 'another rater'} ({row['profession']}), and only "
                "they can replace it; add your own annotation."
            )


@decodes
def _annotation_of(row: sqlite3.Row, replaces: tuple[int, ...]) -> Annotation:
    """Build the annotation of a row."""
    return Annotation(
        id=row["id"],
        recording_id=row["recording_id"],
        span=TimeSpan(row["start_s"], row["end_s"]),
        verdict=Verdict(row["verdict"]),
        rater=_rater_of(row),
        note=row["note"],
        replaces=replaces,
        written_at=datetime.fromisoformat(row["written_at"]),
    )


def _rater_of(row: sqlite3.Row) -> Rater:
    """Return who wrote an annotation."""
    return Rater(row["rater"], Profession(row["profession"]))
