"""What people say about recordings: annotations, markers and baseline nights.

An ``id`` names a row of one library file; it means nothing in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clonus_sense.library.nouns import TimeSpan


class Profession(StrEnum):
    """Who speaks."""

    PATIENT = "patient"
    CARER = "carer"
    PHYSIOTHERAPIST = "physiotherapist"
    OCCUPATIONAL_THERAPIST = "occupational therapist"
    PHYSICIAN = "physician"
    NURSE = "nurse"
    RESEARCHER = "researcher"
    OTHER = "other"

    @property
    def is_clinician(self) -> bool:
        """Whether this profession may judge a movement as clonus."""
        return self in _CLINICIANS


# The professions that examine clonus by hand and answer for what they write into a file.
_CLINICIANS = (
    Profession.PHYSIOTHERAPIST,
    Profession.OCCUPATIONAL_THERAPIST,
    Profession.PHYSICIAN,
    Profession.NURSE,
)


@dataclass(frozen=True, slots=True)
class Rater:
    """Who wrote an annotation; the name may stay empty, except for a clinician's judgement."""

    name: str
    profession: Profession


class Verdict(StrEnum):
    """What an annotation says about its time."""

    RHYTHMIC = "rhythmic"
    NOT_RHYTHMIC = "not rhythmic"
    UNSURE = "unsure"
    JUDGED_AS_CLONUS = "judged as clonus"
    """By a named clinician only."""
    WORN = "worn"
    """The answer to the morning's question whether a still sensor was on the leg."""
    NOT_WORN = "not worn"
    REST = "rest"
    """The rest window as a person corrects it."""
    NOTE = "note"
    """A note that judges nothing."""
    WITHDRAWN = "withdrawn"
    """Takes back what it replaces and says nothing in its place."""

    @property
    def is_about_movement(self) -> bool:
        """Whether it says what a movement was."""
        return self in (Verdict.RHYTHMIC, Verdict.NOT_RHYTHMIC, Verdict.UNSURE, Verdict.JUDGED_AS_CLONUS)


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
