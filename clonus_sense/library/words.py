"""What people say about recordings: annotations, markers and baseline nights.

An ``id`` names a row of one library file; it means nothing in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clonus_sense.library.nouns import TimeSpan
from clonus_sense.terms import Profession, Verdict


@dataclass(frozen=True, slots=True)
class Rater:
    """Who wrote an annotation; the name may stay empty, except for a clinician's judgement."""

    name: str
    profession: Profession


@dataclass(frozen=True, slots=True)
class Annotation:
    """A person's word on a stretch of time of a recording; it belongs to no detector run.

    Parameters
    ----------
    id
        Names it in this library.
    recording_id
        The recording, and through it the person and the leg: after a move it speaks of the right ones.
    span
        Which time of the recording.
    verdict
        What it says.
    rater
        Who says it.
    note
        In their own words.
    replaces
        Annotations that no longer stand because of this one, by id.
    written_at
        When it was written.
    """

    id: int
    recording_id: int
    span: TimeSpan
    verdict: Verdict
    rater: Rater
    note: str
    replaces: tuple[int, ...]
    written_at: datetime


class MarkerKind(StrEnum):
    """What happened at a moment."""

    FELT = "felt"
    TURNED_BY_HELPER = "turned by a helper"
    STIMULATION_ON = "stimulation on"
    STIMULATION_OFF = "stimulation off"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Marker:
    """A moment of a recording that somebody marked.

    Parameters
    ----------
    at_s
        Seconds since the start of the recording.
    kind
        What happened.
    text
        More in their own words.
    """

    at_s: float
    kind: MarkerKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class BaselineMark:
    """A moment of a recording whose night is a baseline of the person.

    Parameters
    ----------
    recording_id
        The recording.
    at_s
        Seconds since its start, in the middle of the night that was meant.
    """

    recording_id: int
    at_s: float
