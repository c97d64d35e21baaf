"""Nights and days in numbers, as a whole and for each hour of the clock."""

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
    """The part of a night or day within one hour of the clock.

    Parameters
    ----------
    start
        Its first moment by the person's clock.  The hour that an autumn night has twice comes twice, with different
        offsets; the hour that a spring night lacks does not come.
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
        The night.
    figures
        Its numbers.
    hours
        The same for each hour, in order of time; their sum is the night.
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
        The day.
    figures
        Its numbers.
    hours
        The same for each hour, in order of time; their sum is the day.
    """

    day: Day
    figures: Figures
    hours: tuple[ClockHour, ...]


@dataclass(frozen=True, slots=True)
class PartSummary:
    """A part of a wear period in numbers, with night and waking time separate.

    Parameters
    ----------
    part
        The part.
    night
        The numbers of its night; ``None`` if it has none.
    waking
        The numbers of the waking time around the night; ``None`` if there is no such time.
    coverage
        Measured and worn time of the whole part: a sensor taken off at 02:00 ends the night, not the recording.
    hours
        Each hour of the part, in order of time.
    """

    part: PeriodPart
    night: NightSummary | None
    waking: Figures | None
    coverage: Coverage
    hours: tuple[ClockHour, ...]

    @property
    def headline(self) -> Figures:
        """The numbers of the night; of the waking time if there is no night."""
        figures = self.night.figures if self.night else self.waking
        assert figures is not None, "a part is made of a night, of waking time, or of both"
        return figures


def summarise_night(night: Night, recordings: Sequence[RecordedSpan]) -> NightSummary:
    """Compute the numbers of a night.

    Parameters
    ----------
    night
        From :func:`divide_time`.
    recordings
        The divided recordings, or more; only those of the night's person and leg count.

    Returns
    -------
    NightSummary
        Counts, seconds and rates per worn hour, by class and by hour, and the night's coverage.

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
    """Compute the numbers of a day.

    Parameters
    ----------
    day
        From :func:`divide_time`.
    recordings
        The divided recordings, or more; only those of the day's person and leg count.
    """
    leg = _time_of_leg(day, day.spans, recordings)
    return DaySummary(day, leg.figures(day.spans), _by_hour(leg, day.spans, day.zone))


def summarise_part(part: PeriodPart, recordings: Sequence[RecordedSpan]) -> PartSummary:
    """Compute the numbers of a part of a wear period.

    Parameters
    ----------
    part
        From :func:`divide_time`.
    recordings
        The divided recordings, or more; only those of the part's person and leg count.
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
    """Select the recordings of one leg that overlap some spans."""
    return LegTime(
        [
            recorded
            for recorded in recordings
            if (recorded.person, recorded.side) == (whose.person, whose.side)
            and any(span.overlaps(recorded.span) for span in spans)
        ]
    )


def _by_hour(leg: LegTime, spans: Sequence[UtcSpan], zone: tzinfo) -> tuple[ClockHour, ...]:
    """Compute the numbers of each hour of the clock."""
    return tuple(
        ClockHour(hour.start.astimezone(zone), leg.figures([hour]))
        for span in spans
        for hour in _clock_hours(span, zone)
    )


def _clock_hours(span: UtcSpan, zone: tzinfo) -> list[UtcSpan]:
    """Cut a span at the full hours of the person's clock."""
    hours = []
    start = span.start
    while start < span.end:
        local = start.astimezone(zone)
        since_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        end = min(start + _HOUR - since_hour, span.end)
        hours.append(UtcSpan(start, end))
        start = end
    return hours
