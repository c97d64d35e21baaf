"""The input of nights and days: recordings of one leg, and a person's corrections of the night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from math import isfinite
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clonus_sense.errors import NightError
from clonus_sense.model import Episode, Gap
from clonus_sense.night.utc_span import UtcSpan, clip, join, subtract

# A rest includes a night at least once a day, so a longer window has a wrong date.
LONGEST_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of a recording, ``[start_s, end_s)``, in seconds since its start."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class RecordedSpan:
    """One recording of one leg, as input to nights and days.

    All times except ``start`` count from the start of the recording.  If the host's clock was wrong, correct the date
    with ``dataclasses.replace(recorded, start=...)``; no duration changes.

    Parameters
    ----------
    start
        Aware date and time of second 0.
    duration_s
        From the start to the end of the last sample, gaps included, in seconds.
    timezone
        IANA name of the person's zone; empty if unknown, then the offset of ``start`` applies.
    person
        The person's code, empty if unknown.
    side
        ``left`` or ``right``; empty if unknown, which counts as a side of its own.
    gaps
        Times without samples.
    not_confirmed
        Times in which the sensor was too still to tell a resting leg from a bedside table.
    not_worn
        Times for which a person said that the sensor was not worn; they count as not measured.
    rest_windows
        Estimated times of rest.
    episodes
        Rhythmic movements found.

    Raises
    ------
    NightError
        If the start has no zone, the zone is unknown or the duration is negative or not finite.

    Examples
    --------
    >>> from datetime import UTC
    >>> recorded = RecordedSpan(datetime(2026, 11, 5, 13, tzinfo=UTC), 3600.0, timezone="Asia/Tokyo")
    >>> recorded.span.start.astimezone(recorded.zone).isoformat()
    '2026-11-05T22:00:00+09:00'
    """

    start: datetime
    duration_s: float
    timezone: str = ""
    person: str = ""
    side: str = ""
    gaps: tuple[Gap, ...] = ()
    not_confirmed: tuple[Interval, ...] = ()
    not_worn: tuple[Interval, ...] = ()
    rest_windows: tuple[Interval, ...] = ()
    episodes: tuple[Episode, ...] = ()

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None:
            raise NightError(f"The recording of {self.start} has no time zone; say in which zone its clock ran.")
        if not (isfinite(self.duration_s) and self.duration_s >= 0):
            raise NightError(f"The recording of {self.start} lasts {self.duration_s} s; a length must be 0 or more.")
        try:
            _ = self.zone
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise NightError(
                f"The recording of {self.start} names the unknown time zone `{self.timezone}`; "
                "write an IANA name such as Europe/Berlin."
            ) from error

    @property
    def zone(self) -> tzinfo:
        """The zone by which the person's clock ran."""
        if self.timezone:
            return ZoneInfo(self.timezone)
        return timezone(self.start.utcoffset() or timedelta(0))

    @property
    def span(self) -> UtcSpan:
        """From the first sample to the last, gaps included."""
        whole = UtcSpan(self.start, self.start)
        return UtcSpan(whole.start, whole.start + timedelta(seconds=self.duration_s))

    def measured(self) -> tuple[UtcSpan, ...]:
        """Return the times with samples, worn or not."""
        return subtract([self.span], self._spans(self.gaps))

    def worn(self) -> tuple[UtcSpan, ...]:
        """Return the times measured on the leg."""
        return subtract(self.measured(), self._spans((*self.not_confirmed, *self.not_worn)))

    def unconfirmed(self) -> tuple[UtcSpan, ...]:
        """Return the measured times in which the sensor was perhaps not on the leg."""
        return subtract(self._spans(self.not_confirmed), self._spans((*self.gaps, *self.not_worn)))

    def said_not_worn(self) -> tuple[UtcSpan, ...]:
        """Return the times for which a person said that the sensor was not worn."""
        return self._spans(self.not_worn)

    def rests(self) -> tuple[UtcSpan, ...]:
        """Return the rest windows."""
        return self._spans(self.rest_windows)

    def onset_of(self, episode: Episode) -> datetime:
        """Start of an episode, limited to the recording: the half period before a first beat may lie outside."""
        span = self.span
        onset = span.start + timedelta(seconds=episode.onset_s)
        return max(span.start, min(onset, span.end - timedelta.resolution))

    def _spans(self, intervals: Iterable[Interval | Gap]) -> tuple[UtcSpan, ...]:
        """Place intervals in absolute time, cut to the recording."""
        whole = self.span
        placed = (
            UtcSpan(whole.start + timedelta(seconds=i.start_s), whole.start + timedelta(seconds=i.end_s))
            for i in intervals
        )
        return clip(join(placed), whole)


@dataclass(frozen=True, slots=True)
class WindowCorrection:
    """A person's correction of a rest window; it overrides every estimate, and a later one overrides an earlier one.

    Parameters
    ----------
    start, end
        Aware datetimes ``[start, end)``; they may reach beyond the recording.
    person, side
        The person and leg.

    Raises
    ------
    NightError
        If a datetime has no zone, or the end is not within a day after the start.
    """

    start: datetime
    end: datetime
    person: str = ""
    side: str = ""

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise NightError(f"The night from {self.start} to {self.end} has no time zone; say whose clock this is.")
        if not self.start < self.end or self.span.length > LONGEST_WINDOW:
            raise NightError(
                f"The night from {self.start} to {self.end} cannot be; "
                "give an end that comes after the start and within 24 hours of it."
            )

    @property
    def span(self) -> UtcSpan:
        """The corrected window."""
        return UtcSpan(self.start, self.end)
