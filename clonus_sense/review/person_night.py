"""The nouns of a review: a night of a person, and each leg's part of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, tzinfo

from clonus_sense.night import Comparison, Coverage, Figures, PartSummary, UtcSpan
from clonus_sense.review.leg_recording import LegRecording


@dataclass(frozen=True, slots=True)
class BaselineNight:
    """A night of one leg that later ones are shown beside; numbers side by side, and no judgement.

    Parameters
    ----------
    name
        As :attr:`PersonNight.name`.
    side
        Which leg.
    span
        When it was.
    figures
        Its headline numbers.
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
        ``left`` or ``right``, empty where unknown.
    summary
        Its numbers, night and waking time apart.
    comparison
        The person's own median of the last nights, or why there is none; ``None`` where there is no night.
    recordings
        Those that reach into it, in order of time.
    is_baseline
        Whether the person's baseline is this night, or this night among others.
    baselines
        Baseline nights of this leg that were before it, in order of time.
    """

    side: str
    summary: PartSummary
    comparison: Comparison | None
    recordings: tuple[LegRecording, ...]
    is_baseline: bool = False
    baselines: tuple[BaselineNight, ...] = ()

    @property
    def span(self) -> UtcSpan:
        """From its first moment to its last."""
        return self.summary.part.span

    @property
    def headline(self) -> Figures:
        """The numbers of the night, or of the waking time where there is no rest window."""
        return self.summary.headline

    @property
    def recording_ids(self) -> tuple[int, ...]:
        """The numbers of its recordings."""
        return tuple(recording.stored.id for recording in self.recordings)


@dataclass(frozen=True, slots=True)
class PersonNight:
    """A night of a person with the waking time around it, as one page shows it.

    Parameters
    ----------
    person
        The person's code, empty where the recordings are nobody's yet.
    date
        The evening before; without a rest window, the date on which it began.
    number
        1, or 2 and more where a person has several nights of one date (a flight, a sensor off for hours).
    legs
        One for each side, by side.
    """

    person: str
    date: date
    number: int
    legs: tuple[LegNight, ...]

    @property
    def name(self) -> str:
        """What it is called on the command line and in file names, such as ``2026-11-05``."""
        return f"{self.date}" if self.number == 1 else f"{self.date}-{self.number}"

    @property
    def span(self) -> UtcSpan:
        """From the first moment of any leg to the last."""
        spans = [leg.summary.part.span for leg in self.legs]
        return UtcSpan(min(span.start for span in spans), max(span.end for span in spans))

    @property
    def zone(self) -> tzinfo:
        """By which clock it is told."""
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
        """SHA-256 of all that a page of this night shows: a page that bears another one is out of date."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def recordings(self) -> tuple[LegRecording, ...]:
        """Of all legs."""
        return tuple(recording for leg in self.legs for recording in leg.recordings)


@dataclass(frozen=True, slots=True)
class ListedLeg:
    """One leg's part of a night in the list.

    Parameters
    ----------
    side
        ``left`` or ``right``, empty where unknown.
    span
        From its first moment to its last.
    rest
        The rest window; ``None`` where there is none.
    is_rest_stated
        Whether a person said when it was.
    coverage
        How well all of the span was measured.
    headline
        The numbers of the night, or of the waking time where there is no rest window.
    waking
        The numbers of the waking time; ``None`` where there is none.
    doubts
        Times in which wear is not confirmed.
    recording_ids
        Recordings that reach into it, in order of time.
    is_baseline, baselines
        As in :class:`LegNight`.
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
    is_baseline: bool = False
    baselines: tuple[BaselineNight, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedNight:
    """A night in the list.

    Parameters
    ----------
    person, date, number
        As in :class:`PersonNight`.
    zone
        By which clock it is told.
    legs
        One for each side, by side.
    """

    person: str
    date: date
    number: int
    zone: tzinfo
    legs: tuple[ListedLeg, ...]

    @property
    def name(self) -> str:
        """What it is called on the command line, such as ``2026-11-05``."""
        return f"{self.date}" if self.number == 1 else f"{self.date}-{self.number}"

    @property
    def span(self) -> UtcSpan:
        """From the first moment of any leg to the last."""
        return UtcSpan(min(leg.span.start for leg in self.legs), max(leg.span.end for leg in self.legs))
