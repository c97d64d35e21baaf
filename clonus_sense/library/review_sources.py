"""Where a word of a review file came from: the verdict's random id and revision, beside the annotation."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from clonus_sense.library.decoding import decodes
from clonus_sense.library.store import Library


@dataclass(frozen=True, slots=True)
class ReviewSource:
    """The verdict of a review file that became an annotation.

    Parameters
    ----------
    annotation_id
        The annotation.
    verdict_id
        Random id of the verdict.
    revision
        Which revision was taken.
    said_at
        When it was said, by the clock of the page's computer.
    """

    annotation_id: int
    verdict_id: str
    revision: int
    said_at: datetime


def keep_source(library: Library, source: ReviewSource) -> None:
    """Store the verdict and revision of a review file from which an annotation came; each pair only once."""
    with library.writing() as connection:
        connection.execute(
            "INSERT INTO review_sources VALUES (?, ?, ?, ?)",
            (source.annotation_id, source.verdict_id, source.revision, source.said_at.isoformat()),
        )


def list_sources(library: Library) -> tuple[ReviewSource, ...]:
    """List the sources of all annotations that came in review files, by annotation."""
    with library.reading() as connection:
        rows = connection.execute("SELECT * FROM review_sources ORDER BY annotation_id")
        return tuple(_source_of(row) for row in rows)


@decodes
def _source_of(row: sqlite3.Row) -> ReviewSource:
    """Build the source of a row."""
    return ReviewSource(
        row["annotation_id"], row["verdict_id"], row["revision"], datetime.fromisoformat(row["said_at"])
    )
