"""Nights and days in numbers, as a whole and hour by hour of the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from clonus_sense.night.division import Day, Night, PeriodPart
from clonus_sense.night.figures import Coverage, Figures, LegTime
from clonus_sense.night.recorded import RecordedSpan
from clonus_sense.night.utc_span import UtcSpan

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ClockHour:
    """One hour of the clock, as far as a night or day reaches into it.

    Parameters
    ----------
    start
        Its first moment by the person's clock.  The hour that an autumn night has twice comes twice, with different
        offsets; the one that a spring night lacks does not come.
    figures
        Its numbers.
    """

    start: datetime
    figures: Figures


@dataclass(frozen=True, slots=True)
class NightSummary:
    """A night in numbers; its episodes are those with their onset in the rest window.

    Parameters
    ----------
    night
        Which night.
    figures
        Its numbers.
    hours
        The same hour by hour, in order of time; they add up to the night.
    """

    night: Night
    figures: Figures
    hours: tuple[ClockHour, ...]


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A day in numbers; its episodes are those with their onset outside the nights.

    Parameters
    ----------
    day
        Which day.
    figures
        Its numbers.
    hours
        The same hour by hour, in order of time; they add up to the day.
    """

    day: Day
    figures: Figures
    hours: tuple[ClockHour, ...]


@dataclass(frozen=True, slots=True)
class PartSummary:
    """A part of a wear period in numbers, night and waking time apart.

    Parameters
    ----------
    part
        Which part.
    night
        The numbers of its night; ``None`` where it has none.
    waking
        The numbers of the waking time around the night; ``None`` where there is no such time.
    coverage
        How well all of it was measured: a sensor that was taken off at 02:00 ends the night, not the recording.
    hours
        All of it hour by hour, in order of time.
    """

    part: PeriodPart
    night: NightSummary | None
    waking: Figures | None
    coverage: Coverage
    hours: tuple[ClockHour, ...]

    @property
    def headline(self) -> Figures:
        """The numbers of the night; of the waking time where there is no night."""
        figures = self.night.figures if self.night else self.waking
        assert figures is not None, "a part is made of a night, of waking time, or of both"
        return figures


def summarise_night(night: Night, recordings: Sequence[RecordedSpan]) -> NightSummary:
    """Put a night into numbers.

    Parameters
    ----------
    night
        One of :func:`divide_time`.
    recordings
        Those that were divided, or more; only the night's own person and leg count.

    Returns
    -------
    NightSummary
        Counts, seconds and rates per worn hour, by class and by hour, and how well the night was measured.

    Examples
    --------
    >>> from datetime import UTC
    >>> from clonus_sense.night import Interval, divide_time
    >>> bedtime = datetime(2026, 11, 5, 22, tzinfo=UTC)
    >>> doubtful, rest = Interval(0, 3600), Interval(0, 25200)
    >>> recorded = RecordedSpan(bedtime, 28800, not_confirmed=(doubtful,), rest_windows=(rest,))
    >>> figures = summarise_night(divide_time([recorded]).nights[0], [recorded]).figures
    >>> figures.coverage
    Coverage(worn_s=21600.0, not_confirmed_s=3600.0, not_measured_s=0.0)
    >>> figures.clonus.n_per_worn_hour
    0.0
    """
    leg = _time_of_leg(night, [night.span], recordings)
    return NightSummary(night, leg.figures([night.span]), _by_hour(leg, [night.span], night.zone))


def summarise_day(day: Day, recordings: Sequence[RecordedSpan]) -> DaySummary:
    """Put a day into numbers.

    Parameters
    ----------
    day
        One of :func:`divide_time`.
    recordings
        Those that were divided, or more; only the day's own person and leg count.

    Returns
    -------
    DaySummary
        The same numbers as those of a night.
    """
    leg = _time_of_leg(day, day.spans, recordings)
    return DaySummary(day, leg.figures(day.spans), _by_hour(leg, day.spans, day.zone))


def summarise_part(part: PeriodPart, recordings: Sequence[RecordedSpan]) -> PartSummary:
    """Put a part of a wear period into numbers.

    Parameters
    ----------
    part
        One of :func:`divide_time`.
    recordings
        Those that were divided, or more; only the part's own person and leg count.

    Returns
    -------
    PartSummary
        The night and the waking time apart, and both hour by hour.
    """
    leg = _time_of_leg(part, [part.span], recordings)
    return PartSummary(
        part=part,
        night=summarise_night(part.night, recordings) if part.night else None,
        waking=leg.figures(part.waking) if part.waking else None,
        coverage=leg.figures([part.span]).coverage,
        hours=_by_hour(leg, [part.span], part.zone),
    )


def _time_of_leg(
    whose: Night | Day | PeriodPart, spans: Sequence[UtcSpan], recordings: Sequence[RecordedSpan]
) -> LegTime:
    """Take the recordings of one leg that reach into some spans."""
    return LegTime(
        [
            recorded
            for recorded in recordings
            if (recorded.person, recorded.side) == (whose.person, whose.side)
            and any(span.overlaps(recorded.span) for span in spans)
        ]
    )


def _by_hour(leg: LegTime, spans: Sequence[UtcSpan], zone: tzinfo) -> tuple[ClockHour, ...]:
    """Put each hour of the clock into numbers."""
    return tuple(
        ClockHour(hour.start.astimezone(zone), leg.figures([hour]))
        for span in spans
        for hour in _clock_hours(span, zone)
    )


def _clock_hours(span: UtcSpan, zone: tzinfo) -> list[UtcSpan]:
    """Cut a span where the person's clock strikes the hour."""
    hours = []
    start = span.start
    while start < span.end:
        local = start.astimezone(zone)
        since_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        end = min(start + _HOUR - since_hour, span.end)
        hours.append(UtcSpan(start, end))
        start = end
    return hours
