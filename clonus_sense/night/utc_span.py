"""Spans of absolute time, exact and independent of clock changes.

This module computes all durations of nights and days, in UTC.  Python subtracts two datetimes of one zone by their
clock times, so a night with a clock change would be an hour wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class UtcSpan:
    """A span of time, ``[start, end)``, to the microsecond.

    Parameters
    ----------
    start, end
        Aware datetimes of any zone; kept in UTC.

    Raises
    ------
    ValueError
        If a datetime has no zone or the end lies before the start.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> night = UtcSpan(datetime(2026, 10, 24, 23, tzinfo=berlin), datetime(2026, 10, 25, 7, tzinfo=berlin))
    >>> night.length_s / 3600
    9.0
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError(f"{self.start} to {self.end}: both need a time zone.")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end < self.start:
            raise ValueError(f"{self.start} to {self.end}: the end lies before the start.")

    @property
    def length(self) -> timedelta:
        """True length."""
        return self.end - self.start

    @property
    def length_s(self) -> float:
        """True length in seconds."""
        return self.length.total_seconds()

    @property
    def middle(self) -> datetime:
        """The moment half way between start and end."""
        return self.start + self.length / 2

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies inside."""
        return self.start <= moment < self.end

    def overlaps(self, other: UtcSpan) -> bool:
        """Whether the two spans share a moment."""
        return self.start < other.end and other.start < self.end


def join(spans: Iterable[UtcSpan], within: timedelta = timedelta(0)) -> tuple[UtcSpan, ...]:
    """Join spans that overlap, touch or lie within ``within`` of each other."""
    joined: list[UtcSpan] = []
    for span in sorted(spans):
        if span.start == span.end:
            continue
        if joined and (span.start <= joined[-1].end or span.start - joined[-1].end < within):
            joined[-1] = UtcSpan(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def subtract(spans: Iterable[UtcSpan], taken: Iterable[UtcSpan]) -> tuple[UtcSpan, ...]:
    """Return the remainder of some spans outside others, joined and in order of time."""
    holes = join(taken)
    first = 0
    left: list[UtcSpan] = []
    for span in join(spans):
        # Both are sorted: holes that ended before this span are also irrelevant for all later spans.
        while first < len(holes) and holes[first].end <= span.start:
            first += 1
        start = span.start
        at = first
        while at < len(holes) and holes[at].start < span.end:
            if holes[at].start > start:
                left.append(UtcSpan(start, holes[at].start))
            start = holes[at].end
            at += 1
        if start < span.end:
            left.append(UtcSpan(start, span.end))
    return tuple(left)


def clip(spans: Iterable[UtcSpan], window: UtcSpan) -> tuple[UtcSpan, ...]:
    """Return the parts of some spans that lie inside a window."""
    return tuple(
        UtcSpan(max(span.start, window.start), min(span.end, window.end)) for span in spans if span.overlaps(window)
    )


def total_length(spans: Iterable[UtcSpan]) -> timedelta:
    """Add up the lengths of spans that do not overlap."""
    return sum((span.length for span in spans), timedelta(0))
