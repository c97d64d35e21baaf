"""What people say about a stretch of time: only ever added to, and never tied to what a detector found."""

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
    """Add a person's word.

    What it replaces stays in the library and no longer stands: a moved edge is an annotation with other times that
    replaces one, a join replaces several, a split is several that replace one, and an undo is
    :attr:`Verdict.WITHDRAWN`.

    Parameters
    ----------
    library
        Open library.
    recording_id
        The recording that it speaks about.
    span
        Which time of it.
    verdict
        What it says.
    rater
        Who says it.
    note
        In their own words.
    replaces
        Ids of the rater's own annotations on this recording.

    Returns
    -------
    Annotation
        As stored.

    Raises
    ------
    LibraryError
        If the time touches no part of the recording, a judgement of clonus has no clinician's name, or what it replaces
        is another person's word.
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
    """List all that was ever said about a recording, in the order in which it was said.

    Parameters
    ----------
    library
        Open library.
    recording_id
        The recording.

    Returns
    -------
    tuple of Annotation
        Those that were replaced stand among them; see :func:`standing`.
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
        # Versions before this one let in words on times that no page can show.
        return tuple(
            _annotation_of(row, tuple(replaced.get(row["id"], ())))
            for row in rows
            if is_showable_time(row["start_s"]) and is_showable_time(row["end_s"])
        )


def standing(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """Leave out what was replaced or withdrawn.

    Parameters
    ----------
    annotations
        All annotations on a recording.

    Returns
    -------
    tuple of Annotation
        What holds now, of every rater.
    """
    every = tuple(annotations)
    replaced = {number for annotation in every for number in annotation.replaces}
    return tuple(
        annotation
        for annotation in every
        if annotation.id not in replaced and annotation.verdict is not Verdict.WITHDRAWN
    )


def about_episode(annotations: Iterable[Annotation], episode: Episode) -> tuple[Annotation, ...]:
    """Find what people say about the movement that a detector calls an episode.

    Parameters
    ----------
    annotations
        Annotations on the recording, usually those :func:`standing`.
    episode
        Found by any run on it.

    Returns
    -------
    tuple of Annotation
        Verdicts on movement that share at least half of the shorter time with it.
    """
    span = span_of(episode)
    return tuple(
        annotation
        for annotation in annotations
        if annotation.verdict.is_about_movement and annotation.span.matches(span)
    )


def _check_word(verdict: Verdict, rater: Rater, replaces: Sequence[int]) -> None:
    """Refuse a judgement by nobody, and a withdrawal of nothing."""
    if verdict is Verdict.JUDGED_AS_CLONUS and not (rater.name.strip() and rater.profession.is_clinician):
        raise LibraryError(
            "Only a clinician who gives a name can judge a movement as clonus; give name and profession, or say "
            f"`{Verdict.RHYTHMIC}`."
        )
    if verdict is Verdict.WITHDRAWN and not replaces:
        raise LibraryError("A withdrawal must name what it takes back; give the annotations that it replaces.")


def _check_span(connection: sqlite3.Connection, recording_id: int, span: TimeSpan) -> None:
    """Refuse a time that the recording does not have."""
    check_recording(connection, recording_id)
    row = connection.execute("SELECT duration_s FROM recordings WHERE id = ?", (recording_id,)).fetchone()
    # An episode at an end of the recording reaches half a period beyond it, and so may a word about it.
    is_showable = is_showable_time(span.start_s) and is_showable_time(span.end_s)
    if not (is_showable and span.duration_s > 0 and span.end_s > 0 and span.start_s < row["duration_s"]):
        raise LibraryError(
            f"The time from {span.start_s} s to {span.end_s} s is none of recording {recording_id}, which lasts "
            f"{row['duration_s']} s; give a start before the end, within the recording."
        )


def _check_replaced(connection: sqlite3.Connection, recording_id: int, rater: Rater, replaces: Sequence[int]) -> None:
    """Refuse to replace what is not there or was said by somebody else: two raters stay two."""
    for number in replaces:
        row = connection.execute("SELECT * FROM annotations WHERE id = ?", (number,)).fetchone()
        if row is None or row["recording_id"] != recording_id:
            raise LibraryError(f"Annotation {number} is not on recording {recording_id}; name one that is.")
        if _rater_of(row) != rater:
            raise LibraryError(
                f"Annotation {number} is the word of {row['rater'] or 'another'} ({row['profession']}), which only "
                "they can replace; add your own beside it."
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
