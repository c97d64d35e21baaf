"""Seconds of a recording as a person reads them: local clock time, or time since the start where that is unknown."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from clonus_sense.i18n import Translator, message
from clonus_sense.model import RecordingInfo

logger = logging.getLogger(__name__)

# Steps between labels that people count in, from one second to a day.
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)

# Every zone in use today lies a multiple of a quarter of an hour from UTC.
_ZONE_GRAIN_S = 900

_DAY_S = 86_400

WEEKDAYS = (
    message("Mon"),
    message("Tue"),
    message("Wed"),
    message("Thu"),
    message("Fri"),
    message("Sat"),
    message("Sun"),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled moment of a time axis."""

    at_s: float
    label: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns seconds since the start of a recording into labels."""

    start: datetime | None
    zone_name: str = ""

    def moment(self, at_s: float) -> datetime | None:
        """Local date and time; ``None`` where the start is unknown."""
        if self.start is None:
            return None
        # Through UTC: local arithmetic would lose or invent an hour when the clocks change.
        return (self.start.astimezone(UTC) + timedelta(seconds=at_s)).astimezone(self.start.tzinfo)

    def label(self, at_s: float) -> str:
        """Local time as ``HH:MM:SS``, or time since the start as ``H:MM:SS``."""
        moment = self.moment(at_s)
        if moment is not None:
            return f"{moment:%H:%M:%S}"
        return elapsed(at_s)

    def ticks(self, start_s: float, end_s: float, at_most: int = 12) -> list[Tick]:
        """Round times between two times, at most so many."""
        length_s = max(end_s - start_s, 1e-9)
        step_s = next((step for step in _STEPS_S if length_s / step <= at_most), _DAY_S)
        grain_s = min(step_s, _ZONE_GRAIN_S) if self.start else step_s
        origin_s = self.start.timestamp() if self.start else 0.0
        first = math.ceil((origin_s + start_s) / grain_s)
        last = math.floor((origin_s + end_s) / grain_s)
        times_s = [number * grain_s - origin_s for number in range(first, last + 1)]
        round_s = [at_s for at_s in times_s if self._is_round(at_s, step_s)]
        # Only days can be too many: some are then passed over.
        every = max(1, math.ceil(len(round_s) / (at_most + 1)))
        return [Tick(at_s, self._short_label(at_s, step_s)) for at_s in round_s[::every]]

    def changes(self, duration_s: float) -> bool:
        """Whether the clocks are set forward or back within so many seconds."""
        return bool(self.shifts(duration_s))

    def shifts(self, duration_s: float) -> list[tuple[float, float]]:
        """Where the clocks are set forward or back, and by how many seconds; every zone changes on a quarter hour."""
        if self.start is None:
            return []
        first = math.ceil(self.start.timestamp() / _ZONE_GRAIN_S) * _ZONE_GRAIN_S - self.start.timestamp()
        times_s = [0.0, *np.arange(first, duration_s, _ZONE_GRAIN_S).tolist(), duration_s]
        offsets_s = [self._offset_s(at_s) for at_s in times_s]
        return [
            (at_s, offset_s - before_s)
            for at_s, before_s, offset_s in zip(times_s[1:], offsets_s, offsets_s[1:], strict=False)
            if offset_s != before_s
        ]

    def axis_label(self, duration_s: float, _: Translator) -> str:
        """Say what the labels of a time axis mean."""
        if self.start is None:
            return _("Time since the start (h:min)") if duration_s >= 600 else _("Time since the start (h:min:s)")
        text = _("Local time ({zone})").format(zone=self.zone_name) if self.zone_name else _("Local time")
        return _("{label} – the clocks change in this time").format(label=text) if self.changes(duration_s) else text

    def _offset_s(self, at_s: float) -> float:
        """Offset of the local clock from UTC."""
        moment = self.moment(at_s)
        return ((moment and moment.utcoffset()) or timedelta(0)).total_seconds()

    def _is_round(self, at_s: float, step_s: int) -> bool:
        """Whether the local clock shows a multiple of the step."""
        moment = self.moment(at_s)
        if moment is None:
            return True
        since_midnight_s = moment.hour * 3600 + moment.minute * 60 + moment.second + round(moment.microsecond / 1e6)
        return since_midnight_s % step_s == 0

    def _short_label(self, at_s: float, step_s: int) -> str:
        """Label without seconds where the step is a whole minute, with the date where the step is a day."""
        moment = self.moment(at_s)
        if moment is None:
            return elapsed(at_s) if step_s < 60 else elapsed(at_s)[:-3]
        # A float second may fall a microsecond short of the round time that it stands for.
        moment += timedelta(milliseconds=1)
        return (
            f"{moment:%m-%d %H:%M}" if step_s == _DAY_S else f"{moment:%H:%M:%S}" if step_s < 60 else f"{moment:%H:%M}"
        )


def clock_of(info: RecordingInfo | None) -> Clock:
    """Make the clock of a recording."""
    if info is None or info.start is None:
        return Clock(None)
    zone: tzinfo | None = None
    if info.timezone:
        try:
            zone = ZoneInfo(info.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            logger.warning("the zone %r is unknown here; times keep the offset of the start", info.timezone)
    if zone is None:
        return Clock(info.start)
    return Clock(info.start.astimezone(zone), info.timezone)


def elapsed(seconds: float) -> str:
    """Length of time as ``H:MM:SS``, rounded to a second."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def date_range(start: datetime, end: datetime, _: Translator) -> str:
    """Write the day or days from one local moment to another."""
    if start.date() == end.date():
        return date_words(start, _)
    return _("{first} to {last}").format(first=date_words(start, _), last=date_words(end, _))


def date_words(day: date, _: Translator) -> str:
    """Write a date with its weekday, independent of the machine's locale."""
    return _("{year}-{month:02d}-{day:02d} ({weekday})").format(
        year=day.year, month=day.month, day=day.day, weekday=_(WEEKDAYS[day.weekday()])
    )


def later_date_words(day: date, earlier: date, _: Translator) -> str:
    """Write a date that follows another: the year stands again only if it is a new one."""
    if day.year != earlier.year:
        return date_words(day, _)
    return _("{month:02d}-{day:02d} ({weekday})").format(
        month=day.month, day=day.day, weekday=_(WEEKDAYS[day.weekday()])
    )
