"""Statements of people about recordings: annotations, markers and baseline nights.

An ``id`` is a row number and valid only in one library file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clonus_sense.library.nouns import TimeSpan
from clonus_sense.terms import Profession, Verdict


@dataclass(frozen=True, slots=True)
class Rater:
    """Author of an annotation; only a judgement of clonus needs a name."""

    name: str
    profession: Profession


@dataclass(frozen=True, slots=True)
class Annotation:
    """Statement of a person about a time of a recording; it belongs to no detector run.

    Parameters
    ----------
    recording_id
        The recording, which gives person and leg, also after a move.
    replaces
        Ids of the annotations that this one replaces.
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
    """Kind of a marked event."""

    FELT = "felt"
    TURNED_BY_HELPER = "turned by a helper"
    STIMULATION_ON = "stimulation on"
    STIMULATION_OFF = "stimulation off"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Marker:
    """A moment of a recording marked by a person.

    Parameters
    ----------
    at_s
        Seconds since the start of the recording.
    """

    at_s: float
    kind: MarkerKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class BaselineMark:
    """A moment of a recording; the night around it is a baseline of the person.

    Parameters
    ----------
    at_s
        Seconds since the start of the recording, in the middle of the night.
    """

    recording_id: int
    at_s: float
