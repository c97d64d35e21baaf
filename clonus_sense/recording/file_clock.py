"""The clock of a foreign file: its times as seconds since its start, with date and zone of the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from clonus_sense.errors import ColumnError, RecordingError
from clonus_sense.model import Finding, FloatArray, RecordingInfo, Severity
from clonus_sense.recording.dialect import Dialect
from clonus_sense.recording.foreign import ForeignFormat, parse_time_unit
from clonus_sense.recording.local_clock import LocalClock
from clonus_sense.recording.row_order import LATEST_ROW_S
from clonus_sense.recording.stamps import StampStatistics, measure_stamps
from clonus_sense.recording.time_numbers import SAME_RATE_RATIO, NumberTime, find_number_time
from clonus_sense.recording.time_text import offset_in_text
from clonus_sense.zones import computer_zone, find_zone, zone_name, zone_with_offset

# A start that a person gives must match the file's own; a person types whole seconds.
LARGEST_START_ERROR_S = 1.0
# A clock that starts this close to zero counts from the start of the recording and does not show the time of day.
_NEAR_MIDNIGHT_S = 1.0
_DAY_S = 86_400.0
# Whole seconds are precise enough for slower rows.
_LONGEST_CUT_PERIOD_S = 0.5
# The list of zones has CET and EST, but not this name.
_ABBREVIATIONS = {"JST": "Asia/Tokyo"}
# A clock that falls by nearly its whole range has passed midnight, or the end of its counter.
_WRAP_RATIO = 0.9
_COUNTER_RANGES = (2.0**8, 2.0**16, 2.0**24, 2.0**32)
# Stamps that show only minutes do not determine a rate.
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class FileClock:
    """Conversion of a foreign file's times to seconds since its start."""

    scale_s: float
    origin: float
    stamps: StampStatistics
    local: tuple[tzinfo, float, int] | None = None
    wraps: tuple[float, ...] = ()
    counted_hz: float | None = None
    n_first_second: int | None = None

    def start_clock(self) -> Callable[[FloatArray], FloatArray]:
        """Return a converter that starts at the first row."""
        if self.counted_hz is not None:
            return _RowCounter(self.counted_hz).seconds
        steps: list[Callable[[FloatArray], FloatArray]] = []
        if self.wraps:
            steps.append(_Unwrapper(self.wraps, self.origin).unwrap)
        steps.append(lambda times: (times - self.origin) * self.scale_s)
        if self.local is not None:
            steps.append(LocalClock(*self.local).seconds)
        if self.n_first_second is not None:
            steps.append(_SecondFiller(self.stamps.period, self.n_first_second).fill)

        def seconds(times: FloatArray) -> FloatArray:
            """Seconds of the next rows."""
            for step in steps:
                times = step(times)
            return np.round(times, 6)

        return seconds


class _RowCounter:
    """Derives the time of each row from its number."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._n_rows = 0

    def seconds(self, times: FloatArray) -> FloatArray:
        """Seconds of the next rows."""
        numbers = self._n_rows + np.arange(len(times))
        self._n_rows += len(times)
        return np.where(np.isnan(times), np.nan, np.round(numbers / self._rate_hz, 6))


class _Unwrapper:
    """Continues a clock that restarts at 0, at midnight or at the end of a counter's range."""

    def __init__(self, wraps: tuple[float, ...], first: float) -> None:
        self._wraps = np.array(wraps)
        self._last = first
        self._added = 0.0

    def unwrap(self, times: FloatArray) -> FloatArray:
        """Continuous times of the next rows."""
        rows = np.flatnonzero(np.isfinite(times))
        if not len(rows):
            return times
        steps = np.diff(times[rows], prepend=self._last)
        self._last = float(times[rows[-1]])
        if not self._added and steps.min() >= 0:
            return times
        turns = np.zeros(len(rows))
        for at in np.flatnonzero(steps < 0).tolist():
            # Take the smallest range that holds the step; setting a clock back is a small part of a range.
            fitting = self._wraps[(self._wraps > -steps[at]) & (self._wraps * _WRAP_RATIO < -steps[at])]
            turns[at] = fitting.min() if len(fitting) else 0.0
        added = self._added + np.cumsum(turns)
        self._added = float(added[-1])
        unwrapped = times.copy()
        unwrapped[rows] += added
        return unwrapped


class _SecondFiller:
    """Spreads the rows of each whole second over it; the rows of the first second lie at its end."""

    def __init__(self, period_s: float, n_first: int) -> None:
        self._period_s = period_s
        self._last_s = 0.0
        self._n_before = max(0, round(1 / period_s) - n_first)

    def fill(self, times_s: FloatArray) -> FloatArray:
        """Spread the next rows."""
        rows = np.flatnonzero(np.isfinite(times_s))
        if not len(rows):
            return times_s
        stamps_s = times_s[rows]
        numbers = np.arange(len(rows))
        begins = np.diff(stamps_s, prepend=self._last_s) != 0
        first = np.maximum.accumulate(np.where(begins, numbers, -1))
        places = np.where(first < 0, numbers + self._n_before, numbers - first)
        self._last_s, self._n_before = float(stamps_s[-1]), int(places[-1]) + 1
        filled_s = times_s.copy()
        # Rows beyond the capacity of a second share its end.
        filled_s[rows] += np.minimum(places * self._period_s, 1 - self._period_s / 2)
        return filled_s


@dataclass(frozen=True, slots=True)
class FileStart:
    """Date, time and zone of a file's start."""

    moment: datetime | None
    timezone: str = ""
    is_said: bool = False
    findings: tuple[Finding, ...] = ()


def read_clock(times: FloatArray, dialect: Dialect, foreign: ForeignFormat) -> tuple[FileClock, FileStart]:
    """Find out how a foreign file gives the time."""
    finite = times[np.isfinite(times)]
    origin = float(finite[0])
    if not dialect.row_format.has_time:
        rate_hz = foreign.rate_hz or dialect.stated.rate_hz
        assert rate_hz is not None
        start = _find_start(dialect.stated.start_s, dialect, foreign, is_local=True)
        stamps = StampStatistics(1 / rate_hz, uneven=False)
        return FileClock(1.0, 0.0, stamps, counted_hz=rate_hz), start
    text = dialect.row_format.time_text
    if text is None:
        number = find_number_time(
            times,
            dialect.names[0],
            said=parse_time_unit(foreign.time_unit) if foreign.time_unit is not None else None,
            stated=dialect.time_unit,
            rate_hz=foreign.rate_hz,
        )
    else:
        number = NumberTime(parse_time_unit("s"), 0.0 if text.has_date else None, is_local=not dialect.has_offset)
    scale_s = number.unit.scale_s
    wraps: tuple[float, ...] = () if number.epoch_s is not None else _COUNTER_RANGES
    if text is not None:
        wraps = () if text.has_date else (text.wraps_s,)
    if text is None or text.has_date:
        origin = _earliest_near_start(finite, LATEST_ROW_S / scale_s)
    clock = FileClock(scale_s, origin, StampStatistics(0.0, uneven=False), wraps=wraps)
    stamps = measure_stamps(clock.start_clock()(times))
    clock = replace(clock, stamps=stamps)
    if text is not None:
        clock = _with_coarse_stamps(clock, finite, dialect, foreign)
    if number.epoch_s is not None:
        shown_s: float | None = origin * scale_s + number.epoch_s
    else:
        shown_s = _shown_by_clock(origin, foreign, dialect) if wraps == (_DAY_S,) else None
    start = _find_start(shown_s, dialect, foreign, is_local=number.is_local)
    local = None
    if start.moment is not None and start.moment.tzinfo is not None and shown_s is not None and number.is_local:
        local = (start.moment.tzinfo, shown_s, start.moment.fold)
    is_cut = stamps.uneven and 0 < stamps.period < _LONGEST_CUT_PERIOD_S and _are_multiples(finite * scale_s, 1.0)
    n_first = int(np.argmax(finite != origin)) if is_cut else None
    return replace(clock, local=local, n_first_second=n_first), start


def with_said_start(info: RecordingInfo, foreign: ForeignFormat | None) -> RecordingInfo:
    """Set the start and the zone that a person gives for a recording of ours."""
    said = foreign or ForeignFormat()
    if said.start is not None and info.start is not None:
        _check_said(said.start, info.start)
    start = info.start or said.start
    if said.timezone is None:
        return replace(info, start=start)
    zone = find_zone(said.timezone)
    return replace(info, start=start and start.astimezone(zone), timezone=zone_name(zone))


def _with_coarse_stamps(clock: FileClock, times_s: FloatArray, dialect: Dialect, foreign: ForeignFormat) -> FileClock:
    """Check dates and clocks against the rate that a person gives; count rows if they show only minutes."""
    period_s, rate_hz = clock.stamps.period, foreign.rate_hz
    if _are_multiples(times_s, _MINUTE_S):
        if rate_hz is None:
            raise ColumnError(
                f"column `{dialect.names[0]}` shows no seconds (`{dialect.first_time}`), so that it cannot tell the "
                "time of each row; say how many rows there are in a second with --rate."
            )
        return replace(clock, stamps=StampStatistics(1 / rate_hz, uneven=False), wraps=(), counted_hz=rate_hz)
    if rate_hz is not None and period_s > 0 and abs(period_s * rate_hz - 1) > SAME_RATE_RATIO:
        raise ColumnError(
            f"the times in column `{dialect.names[0]}` give {1 / period_s:.4g} Hz and not {rate_hz:g} Hz as --rate "
            "says; leave out --rate, or name another column with --columns."
        )
    return clock


def _are_multiples(times_s: FloatArray, step_s: float) -> bool:
    """Whether all times are multiples of a step."""
    return bool(np.all(np.abs(times_s / step_s - np.round(times_s / step_s)) < 1e-9))


def _shown_by_clock(clock_s: float, foreign: ForeignFormat, dialect: Dialect) -> float | None:
    """Local time at second 0 of a clock without a date, in seconds since 1970 as if it were UTC."""
    if foreign.start is None:
        return None
    zone = _said_zone(foreign, dialect) or foreign.start.tzinfo
    local = foreign.start.astimezone(zone).replace(tzinfo=UTC).timestamp()
    if clock_s < _NEAR_MIDNIGHT_S:
        # This clock counts from its own start.
        return local
    # Choose the day on which this clock is nearest to the start that the person gave.
    return clock_s + _DAY_S * round((local - clock_s) / _DAY_S)


def _said_zone(foreign: ForeignFormat, dialect: Dialect) -> tzinfo | None:
    """Zone from the person or the file; ``None`` if neither gives one."""
    if foreign.timezone is not None:
        return find_zone(foreign.timezone)
    if dialect.zone_name:
        return _zone_called(dialect.zone_name, dialect)
    return dialect.stated.zone


def _zone_called(word: str, dialect: Dialect) -> tzinfo | None:
    """Find the zone of a name or an abbreviation in the times; ``None`` if their offset gives it."""
    here = computer_zone()
    zone = find_zone(_ABBREVIATIONS.get(word, word)) or (here if _calls_itself(here, word) else None)
    if zone is None and not dialect.has_offset:
        raise ColumnError(
            f"the times in column `{dialect.names[0]}` name the zone `{word}`, which is not known; say which it is "
            "with --timezone, such as --timezone Asia/Tokyo."
        )
    return zone


def _calls_itself(zone: tzinfo, word: str) -> bool:
    """Whether a zone has this abbreviation in winter or summer."""
    return word in {datetime(2026, month, 1, tzinfo=zone).tzname() for month in (1, 7)}


def _earliest_near_start(times: FloatArray, most_late: float) -> float:
    """Find the earliest of the first rows, because a packet may have overtaken an earlier one."""
    past = np.flatnonzero(times > times[0] + most_late)
    first = times[: int(past[0]) if len(past) else len(times)]
    return float(first[first >= times[0] - most_late].min())


def _find_start(shown_s: float | None, dialect: Dialect, foreign: ForeignFormat, *, is_local: bool) -> FileStart:
    """Date, time and zone of second 0, checked against the start that the person gives."""
    zone = _said_zone(foreign, dialect)
    said = foreign.start
    if shown_s is None:
        if said is None:
            return FileStart(None, zone_name(zone))
        moment = said.astimezone(zone) if zone is not None else said
        return FileStart(moment, zone_name(moment.tzinfo), is_said=True)
    findings: tuple[Finding, ...] = ()
    offset = offset_in_text(dialect.first_time) if dialect.has_offset else None
    utc = datetime.fromtimestamp(shown_s, UTC)
    if zone is None and offset:
        zone = zone_with_offset(offset, utc)
    if zone is None and said is not None:
        zone = _zone_of_said(said)
    if zone is None:
        zone = computer_zone()
        findings = (_assumed(dialect, zone, utc, is_local=is_local),)
    moment = LocalClock(zone, shown_s).start if is_local else utc.astimezone(zone)
    if said is not None:
        after = LocalClock(zone, shown_s, fold=1).start if is_local else moment
        moment = min(moment, after, key=lambda one: abs(one - said))
        _check_said(said, moment)
    has_date = dialect.row_format.time_text is None or dialect.row_format.time_text.has_date
    return FileStart(moment, zone_name(zone), is_said=not has_date, findings=findings)


def _zone_of_said(said: datetime) -> tzinfo:
    """Zone of a start that was given with an offset."""
    return zone_with_offset(said.utcoffset() or timedelta(0), said)


def _check_said(said: datetime, moment: datetime) -> None:
    """Refuse a start that differs from the file's own."""
    if abs((moment - said).total_seconds()) > LARGEST_START_ERROR_S:
        raise RecordingError(
            f"says itself that it began at {moment.isoformat()}, and not at {said.isoformat()}; leave out --start, say "
            "the zone of its times with --timezone, or correct a wrong clock with `clonus-sense correct start`."
        )


def _assumed(dialect: Dialect, zone: tzinfo, moment: datetime, *, is_local: bool) -> Finding:
    """Report that this computer's zone was assumed."""
    name = zone_name(zone) or moment.astimezone(zone).tzname()
    what = "states no time zone" if is_local else "states the time in UTC and no time zone"
    text = (
        f"Column `{dialect.names[0]}` {what}; the zone of this computer ({name}) was assumed. Say another with "
        "--timezone."
    )
    return Finding(Severity.NOTE, "zone-assumed", text)
