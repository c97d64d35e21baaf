"""Data types of a review: a night of a person, and each leg's part."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, tzinfo

from clonus_sense.night import Comparison, Coverage, Figures, MovementTime, PartSummary, UtcSpan, WornHour
from clonus_sense.review.leg_recording import LegRecording


@dataclass(frozen=True, slots=True)
class BaselineNight:
    """A baseline night of one leg; later nights show its numbers without a judgement.

    Parameters
    ----------
    name
        See :attr:`PersonNight.name`.
    figures
        Its headline figures.
    """

    name: str
    side: str
    span: UtcSpan
    figures: Figures


@dataclass(frozen=True, slots=True)
class LegNight:
    """One leg's part of a night.

    Parameters
    ----------
    side
        ``left`` or ``right``; empty if unknown.
    summary
        Its figures, separate for night and waking time.
    comparison
        The person's own median of the last nights, or why there is none; ``None`` without a night.
    recordings
        Recordings that overlap it, in order of time.
    is_baseline
        Whether this night is a baseline of the person.
    baselines
        Earlier baseline nights of this leg, in order of time.
    """

    side: str
    summary: PartSummary
    comparison: Comparison | None
    recordings: tuple[LegRecording, ...]
    is_baseline: bool = False
    baselines: tuple[BaselineNight, ...] = ()

    @property
    def span(self) -> UtcSpan:
        """Time from its first moment to its last."""
        return self.summary.part.span

    @property
    def headline(self) -> Figures:
        """Figures of the night, or of the waking time without a rest window."""
        return self.summary.headline

    @property
    def recording_ids(self) -> tuple[int, ...]:
        """Ids of its recordings."""
        return tuple(recording.stored.id for recording in self.recordings)


@dataclass(frozen=True, slots=True)
class PersonNight:
    """A night of a person with the waking time around it; one page shows it.

    Parameters
    ----------
    person
        The person's code; empty if the recordings belong to nobody yet.
    date
        Date of the evening; without a rest window, date of the start.
    number
        1; 2 and more if a person has several nights with one date (a flight, a sensor off for hours).
    legs
        One for each side, sorted by side.
    """

    person: str
    date: date
    number: int
    legs: tuple[LegNight, ...]

    @property
    def name(self) -> str:
        """Name on the command line and in file names, such as ``2026-11-05``."""
        return f"{self.date}" if self.number == 1 else f"{self.date}-{self.number}"

    @property
    def span(self) -> UtcSpan:
        """Time from the first moment of any leg to the last."""
        spans = [leg.summary.part.span for leg in self.legs]
        return UtcSpan(min(span.start for span in spans), max(span.end for span in spans))

    @property
    def zone(self) -> tzinfo:
        """Time zone of the night."""
        return self.legs[0].summary.part.zone

    @property
    def has_rest(self) -> bool:
        """Whether any leg has a rest window."""
        return any(leg.summary.night is not None for leg in self.legs)

    @property
    def is_baseline(self) -> bool:
        """Whether any leg's part is a baseline."""
        return any(leg.is_baseline for leg in self.legs)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all data on a page of this night; a page with another one is outdated."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def recordings(self) -> tuple[LegRecording, ...]:
        """Recordings of all legs."""
        return tuple(recording for leg in self.legs for recording in leg.recordings)


@dataclass(frozen=True, slots=True)
class ListedLeg:
    """One leg's part of a night in the list.

    Parameters
    ----------
    side
        ``left`` or ``right``; empty if unknown.
    span
        Time from its first moment to its last.
    rest
        The rest window; ``None`` if there is none.
    is_rest_stated
        Whether a person stated the rest window.
    coverage
        Measured, unconfirmed and missing time of the span.
    headline
        Figures of the night, or of the waking time without a rest window.
    waking
        Figures of the waking time; ``None`` if there is none.
    doubts
        Times without confirmed wear.
    recording_ids
        Ids of the overlapping recordings, in order of time.
    movements, hours
        Rhythmic movements and worn hours of the rest window, in order of time; empty without one.
    n_shown, n_reviewed
        Number of movements of any class on the page of the night, and of those with a verdict of a person.
    is_baseline, baselines
        See :class:`LegNight`.
    """

    side: str
    span: UtcSpan
    rest: UtcSpan | None
    is_rest_stated: bool
    coverage: Coverage
    headline: Figures
    waking: Figures | None
    doubts: tuple[UtcSpan, ...]
    recording_ids: tuple[int, ...]
    movements: tuple[MovementTime, ...] = ()
    hours: tuple[WornHour, ...] = ()
    n_shown: int = 0
    n_reviewed: int = 0
    is_baseline: bool = False
    baselines: tuple[BaselineNight, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedNight:
    """A night in the list.

    Parameters
    ----------
    person, date, number
        See :class:`PersonNight`.
    zone
        Time zone of the night.
    legs
        One for each side, sorted by side.
    """

    person: str
    date: date
    number: int
    zone: tzinfo
    legs: tuple[ListedLeg, ...]

    @property
    def name(self) -> str:
        """Name on the command line, such as ``2026-11-05``."""
        return f"{self.date}" if self.number == 1 else f"{self.date}-{self.number}"

    @property
    def span(self) -> UtcSpan:
        """Time from the first moment of any leg to the last."""
        return UtcSpan(min(leg.span.start for leg in self.legs), max(leg.span.end for leg in self.legs))
