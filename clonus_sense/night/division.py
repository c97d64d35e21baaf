"""Nights and days: wear periods divided at the person's rest, at any time of the day.

A wear period is divided in five steps:

1. A person's correction replaces every estimated rest window that it touches.
2. Rest windows with less than an hour of measured waking between them are one rest.
3. If there is a rest of 3 h or more, a shorter one with waking on both sides is a nap and belongs to the day.
4. A period over 18 h is cut in the middle of its longest waking stretch, until no part is longer or can be cut.
5. The night of a part is the person's correction, otherwise its longest rest; the remaining time is day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from clonus_sense.night.recorded import RecordedSpan, WindowCorrection
from clonus_sense.night.utc_span import UtcSpan, clip, join, subtract, total_length
from clonus_sense.night.wear_period import WearPeriod, find_wear_periods

# Breaks of a night's rest are shorter than an hour (van Hees 2018 joins blocks of rest over breaks of up to 60 min).
ONE_REST_WITHIN = timedelta(hours=1)

# A person with a rest longer than this has napped in any shorter one.
SHORTEST_NIGHT_BESIDE_NAPS = timedelta(hours=3)

# This much measured waking on either side shows the start and end of a rest.  With less, the recording may have cut the
# rest off: a night whose battery ran out is not a nap.
SEEN_WAKING = timedelta(minutes=30)

# An evening, a long night and a late morning fit into this length; two nights do not.
LONGEST_PERIOD = timedelta(hours=18)

# A rest that begins before noon belongs to the evening before.  This rule only names nights and does not divide them.
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Night:
    """A rest window of one person and leg; never called sleep.

    Two nights of one leg can have the same date: after a flight eastward over the date line, or if the sensor was off
    for 3 h in between.  Their ``span`` distinguishes them.

    Parameters
    ----------
    person, side
        The person and leg.
    date
        The evening before: 2026-11-05 for the night of 5-6 November.
    span
        The rest window.
    zone
        Zone of its clock times: that of the recording in which it began.
    corrected
        Whether a person stated its times; otherwise they are estimated.
    """

    person: str
    side: str
    date: date
    span: UtcSpan
    zone: tzinfo
    corrected: bool

    @property
    def local_start(self) -> datetime:
        """Start by the person's clock; compute durations from ``span`` only."""
        return self.span.start.astimezone(self.zone)

    @property
    def local_end(self) -> datetime:
        """End by the person's clock; compute durations from ``span`` only."""
        return self.span.end.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Day:
    """The recorded time of one person and leg on one date outside the nights.

    Parameters
    ----------
    person, side
        The person and leg.
    date
        Date on which each part began; waking before a night has the date of that night.
    spans
        Its parts, in order of time: often a morning and an evening.
    zone
        Zone of its clock times.
    """

    person: str
    side: str
    date: date
    spans: tuple[UtcSpan, ...]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """A wear period of at most 18 h, or a part of a longer one: a night with the waking time around it.

    One page shows one part: a recording from 22:00 to 08:00 is shown whole.

    Parameters
    ----------
    person, side
        The person and leg.
    span
        From its first moment to its last.
    night
        Its night; ``None`` if there was no rest.
    waking
        The time around the night, in order of time.
    zone
        Zone of its clock times: that of the night, otherwise of the recording in which it began.
    """

    person: str
    side: str
    span: UtcSpan
    night: Night | None
    waking: tuple[UtcSpan, ...]
    zone: tzinfo

    @property
    def date(self) -> date:
        """The evening before its night; without a night, the date on which it began."""
        return self.night.date if self.night else self.span.start.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class NightsAndDays:
    """All recorded time, divided: every moment of a wear period lies in exactly one night or day.

    Parameters
    ----------
    nights, days
        Sorted by person, side and time.
    parts
        The same time in parts: every moment of a wear period lies in exactly one part.
    """

    nights: tuple[Night, ...]
    days: tuple[Day, ...]
    parts: tuple[PeriodPart, ...]


@dataclass(frozen=True, slots=True)
class _Rest:
    """A rest; ``said`` is the number of the person's correction, from 0, or ``None`` for an estimate."""

    span: UtcSpan
    said: int | None = None


@dataclass(frozen=True, slots=True)
class _Waking:
    """A waking part of a day, with the date and zone for its name."""

    person: str
    side: str
    date: date
    span: UtcSpan
    zone: tzinfo


def divide_time(recordings: Sequence[RecordedSpan], corrections: Sequence[WindowCorrection] = ()) -> NightsAndDays:
    """Divide all recorded time into nights and days.

    Parameters
    ----------
    recordings
        Of any people and legs, in any order.
    corrections
        The people's corrections, in the order in which they were made.

    Returns
    -------
    NightsAndDays
        Each person and leg is divided separately.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from clonus_sense.night import Interval
    >>> bedtime = datetime(2026, 11, 6, 3, tzinfo=ZoneInfo("Europe/Berlin"))
    >>> late = RecordedSpan(bedtime, 11 * 3600, "Europe/Berlin", rest_windows=(Interval(3600, 11 * 3600),))
    >>> divided = divide_time([late])
    >>> [(str(night.date), night.span.length_s / 3600) for night in divided.nights]
    [('2026-11-05', 10.0)]
    >>> [(str(day.date), day.spans[0].length_s / 3600) for day in divided.days]
    [('2026-11-05', 1.0)]
    """
    parts: list[PeriodPart] = []
    waking: list[_Waking] = []
    for period in find_wear_periods(recordings, corrections):
        rests = _without_naps(_find_rests(period), period)
        for part in _cut_long(period.span, [rest.span for rest in rests]):
            night = _choose_night(period, [rest for rest in rests if rest.span.overlaps(part)])
            around = _waking_around(part, night, period)
            waking += around
            zone = night.zone if night else period.zone_at(part.start)
            spans = tuple(piece.span for piece in around)
            parts.append(PeriodPart(period.person, period.side, part, night, spans, zone))
    nights = tuple(part.night for part in parts if part.night)
    return NightsAndDays(nights, _gather_days(waking), tuple(parts))


def _find_rests(period: WearPeriod) -> list[_Rest]:
    """Take steps 1 and 2: the corrections, and the estimated rests that they do not touch, in order of time."""
    said = [_Rest(correction.span, number) for number, correction in enumerate(period.corrections)]
    estimated = join(span for recorded in period.recordings for span in recorded.rests())
    measured = _measured(period)
    joined: list[UtcSpan] = []
    for span in estimated:
        if any(rest.span.overlaps(span) for rest in said):
            continue
        if joined and _is_one_rest(joined[-1], span, measured, said):
            joined[-1] = UtcSpan(joined[-1].start, span.end)
        else:
            joined.append(span)
    return sorted([*said, *map(_Rest, joined)], key=lambda rest: rest.span)


def _is_one_rest(before: UtcSpan, after: UtcSpan, measured: Sequence[UtcSpan], said: Sequence[_Rest]) -> bool:
    """Whether little waking was measured between two rests, and no corrected night lies there."""
    between = UtcSpan(before.end, after.start)
    if any(rest.span.overlaps(UtcSpan(before.start, after.end)) for rest in said):
        return False
    return total_length(clip(measured, between)) < ONE_REST_WITHIN


def _measured(period: WearPeriod) -> tuple[UtcSpan, ...]:
    """Time with samples from any sensor of the period."""
    return join(span for recorded in period.recordings for span in recorded.measured())


def _without_naps(rests: Sequence[_Rest], period: WearPeriod) -> list[_Rest]:
    """Take step 3: leave out naps; a corrected night is never a nap."""
    if not any(rest.span.length >= SHORTEST_NIGHT_BESIDE_NAPS for rest in rests):
        return list(rests)
    waking = subtract(_measured(period), [rest.span for rest in rests])

    def is_nap(rest: _Rest) -> bool:
        if rest.said is not None or rest.span.length >= SHORTEST_NIGHT_BESIDE_NAPS:
            return False
        before = clip(waking, UtcSpan(period.span.start, rest.span.start))
        after = clip(waking, UtcSpan(rest.span.end, period.span.end))
        return min(total_length(before), total_length(after)) >= SEEN_WAKING

    return [rest for rest in rests if not is_nap(rest)]


def _cut_long(span: UtcSpan, rests: Sequence[UtcSpan]) -> list[UtcSpan]:
    """Take step 4: cut a span over 18 h in the middle of its longest waking stretch."""
    if span.length <= LONGEST_PERIOD:
        return [span]
    longest = max(subtract([span], rests), key=lambda waking: waking.length, default=UtcSpan(span.start, span.start))
    # A shorter stretch is a break in a rest: a person who stays in bed for 20 h has one night of 20 h.
    if longest.length < ONE_REST_WITHIN:
        return [span]
    cut = longest.middle
    return [*_cut_long(UtcSpan(span.start, cut), rests), *_cut_long(UtcSpan(cut, span.end), rests)]


def _choose_night(period: WearPeriod, rests: Sequence[_Rest]) -> Night | None:
    """Take step 5: the latest correction, otherwise the longest rest; ``None`` if there was no rest."""
    if not rests:
        return None
    last_said = max((rest for rest in rests if rest.said is not None), key=lambda rest: rest.said or 0, default=None)
    chosen = last_said or max(rests, key=lambda rest: rest.span.length)
    zone = period.zone_at(chosen.span.start)
    return Night(
        period.person, period.side, _evening_before(chosen.span.start, zone), chosen.span, zone, last_said is not None
    )


def _evening_before(start: datetime, zone: tzinfo) -> date:
    """Date of the evening before a rest that starts at a moment."""
    local = start.astimezone(zone)
    return local.date() - timedelta(days=1) if local.time() < NOON else local.date()


def _waking_around(part: UtcSpan, night: Night | None, period: WearPeriod) -> list[_Waking]:
    """Name the time of a part outside its night."""
    named = []
    for span in subtract([part], [night.span] if night else []):
        zone = period.zone_at(span.start)
        is_eve = night is not None and span.end == night.span.start
        day = night.date if night and is_eve else span.start.astimezone(zone).date()
        named.append(_Waking(period.person, period.side, day, span, zone))
    return named


def _gather_days(waking: Sequence[_Waking]) -> tuple[Day, ...]:
    """Group waking by leg, date and zone."""
    spans_of: dict[tuple[str, str, date, tzinfo], list[UtcSpan]] = {}
    for piece in waking:
        spans_of.setdefault((piece.person, piece.side, piece.date, piece.zone), []).append(piece.span)
    days = [Day(person, side, day, join(spans), zone) for (person, side, day, zone), spans in spans_of.items()]
    return tuple(sorted(days, key=lambda day: (day.person, day.side, day.spans[0])))
