"""The clock of a foreign file: how its times become seconds since its start, and when and in which zone it began."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from clonus_sense.errors import RecordingError
from clonus_sense.model import Finding, FloatArray, RecordingInfo, Severity
from clonus_sense.recording.dialect import Dialect
from clonus_sense.recording.foreign import ForeignFormat, parse_time_unit
from clonus_sense.recording.local_clock import LocalClock
from clonus_sense.recording.stamps import StampStatistics, measure_stamps
from clonus_sense.recording.time_numbers import NumberTime, find_number_time
from clonus_sense.recording.time_text import offset_in_text
from clonus_sense.zones import computer_zone, find_zone, zone_name, zone_with_offset

# A start that is said must be that of the file itself; a person types whole seconds.
LARGEST_START_ERROR_S = 1.0
# A clock that begins here counts from the start of the recording and shows no time of day.
_NEAR_MIDNIGHT_S = 1.0
_DAY_S = 86_400.0
# A clock that goes back by more than half of its range has passed midnight, or the full hour.
_WRAP_RATIO = 0.5


@dataclass(frozen=True, slots=True)
class FileClock:
    """How the times of a foreign file become seconds since its start.

    Parameters
    ----------
    scale_s
        Length of one unit of the column, in seconds.
    origin
        Time of second 0, in the column's unit.
    stamps
        Period in seconds, and whether the stamps are uneven.
    local
        Zone and local time of second 0, in seconds since 1970 as if it were UTC, of times that state no offset;
        ``None`` where they do, or count from no known moment.
    wraps_s
        Seconds after which a clock without a date begins again; ``None`` where it does not.
    counted_hz
        Rate at which rows are counted; ``None`` where a column tells the time.
    late_s
        How much later the samples are than their stamps, on average: whole seconds hold what follows them.
    """

    scale_s: float
    origin: float
    stamps: StampStatistics
    local: tuple[tzinfo, float, int] | None = None
    wraps_s: float | None = None
    counted_hz: float | None = None
    late_s: float = 0.0

    def start_clock(self) -> Callable[[FloatArray], FloatArray]:
        """Begin at the first row.

        Returns
        -------
        Callable
            Turns the times of the next rows into seconds since the start, rounded to 1 µs.
        """
        local = LocalClock(*self.local) if self.local is not None else None
        last_s, wrapped_s, n_rows = 0.0, 0.0, 0

        def seconds(times: FloatArray) -> FloatArray:
            """Seconds of the next rows."""
            nonlocal last_s, wrapped_s, n_rows
            if self.counted_hz is not None:
                times_s = (n_rows + np.arange(len(times))) / self.counted_hz
                n_rows += len(times)
                return np.where(np.isnan(times), np.nan, np.round(times_s, 6))
            times_s = (times - self.origin) * self.scale_s
            if self.wraps_s is not None:
                rows = np.isfinite(times_s)
                steps_s = np.diff(times_s[rows], prepend=last_s)
                turns = np.cumsum(steps_s < -_WRAP_RATIO * self.wraps_s) * self.wraps_s + wrapped_s
                if rows.any():
                    last_s, wrapped_s = float(times_s[rows][-1]), float(turns[-1])
                times_s[rows] += turns
            if local is not None:
                times_s = local.seconds(times_s)
            return np.round(times_s + self.late_s, 6)

        return seconds


@dataclass(frozen=True, slots=True)
class FileStart:
    """When and in which zone a file begins.

    Parameters
    ----------
    moment
        Aware local date and time of second 0; ``None`` where neither file nor person says.
    timezone
        IANA name of the zone; empty where only an offset is known.
    is_said
        Whether the person said the moment, and the file does not.
    findings
        What was assumed.
    """

    moment: datetime | None
    timezone: str = ""
    is_said: bool = False
    findings: tuple[Finding, ...] = ()


def read_clock(times: FloatArray, dialect: Dialect, foreign: ForeignFormat) -> tuple[FileClock, FileStart]:
    """Find out how a foreign file tells the time.

    Parameters
    ----------
    times
        Times at the start of the file, in the file's own unit; NaN is passed over.
    dialect
        How the file is written.
    foreign
        What the person said.

    Returns
    -------
    FileClock
        Turns times into seconds.
    FileStart
        Second 0 as a date and time.

    Raises
    ------
    ColumnError
        If the times are none, or could be several things.
    RecordingError
        If the file begins at another moment than the person says.
    """
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
    wraps_s = text.wraps_s if text is not None and not text.has_date else None
    plain = FileClock(scale_s, origin, StampStatistics(0.0, uneven=False), wraps_s=wraps_s)
    stamps = measure_stamps(plain.start_clock()(times))
    if not stamps.period > 0:
        stamps = StampStatistics(0.0, uneven=True)
    if number.epoch_s is not None:
        shown_s: float | None = origin * scale_s + number.epoch_s
    else:
        shown_s = _shown_by_clock(origin, foreign, dialect) if wraps_s == _DAY_S else None
    start = _find_start(shown_s, dialect, foreign, is_local=number.is_local)
    local = None
    if start.moment is not None and start.moment.tzinfo is not None and shown_s is not None and number.is_local:
        local = (start.moment.tzinfo, shown_s, start.moment.fold)
    late_s = _lateness_s(finite * scale_s, stamps)
    return FileClock(scale_s, origin, stamps, local, wraps_s, late_s=late_s), start


def with_said_start(info: RecordingInfo, foreign: ForeignFormat | None) -> RecordingInfo:
    """Let a person say the start and the zone of a recording of ours.

    Parameters
    ----------
    info
        What its head says.
    foreign
        What the person said.

    Returns
    -------
    RecordingInfo
        With the start where the head states none, and in the zone that was said.

    Raises
    ------
    RecordingError
        If the head states another start.
    """
    said = foreign or ForeignFormat()
    if said.start is not None and info.start is not None:
        _check_said(said.start, info.start)
    start = info.start or said.start
    if said.timezone is None:
        return replace(info, start=start)
    zone = find_zone(said.timezone)
    return replace(info, start=start and start.astimezone(zone), timezone=zone_name(zone))


def _lateness_s(stamps_s: FloatArray, stamps: StampStatistics) -> float:
    """Mean time by which samples come later than stamps that were cut to whole seconds."""
    is_cut = stamps.uneven and stamps.period < 0.5 and bool(np.all(np.abs(stamps_s - np.round(stamps_s)) < 1e-6))
    return (1.0 - stamps.period) / 2 if is_cut else 0.0


def _shown_by_clock(clock_s: float, foreign: ForeignFormat, dialect: Dialect) -> float | None:
    """Local time at second 0 of a clock without a date, in seconds since 1970 as if it were UTC."""
    if foreign.start is None:
        return None
    zone = _said_zone(foreign, dialect) or foreign.start.tzinfo
    local = foreign.start.astimezone(zone).replace(tzinfo=UTC).timestamp()
    if clock_s < _NEAR_MIDNIGHT_S:
        # This clock counts from its own start.
        return local
    # The day on which this clock is nearest to the start that was said.
    return clock_s + _DAY_S * round((local - clock_s) / _DAY_S)


def _said_zone(foreign: ForeignFormat, dialect: Dialect) -> tzinfo | None:
    """Zone that the person says or the file names; ``None`` where neither does."""
    if foreign.timezone is not None:
        return find_zone(foreign.timezone)
    if dialect.zone_name:
        here = computer_zone()
        return find_zone(dialect.zone_name) or (here if _calls_itself(here, dialect.zone_name) else None)
    return dialect.stated.zone


def _calls_itself(zone: tzinfo, word: str) -> bool:
    """Whether a zone is known by an abbreviation, in winter or summer."""
    return word in {datetime(2026, month, 1, tzinfo=zone).tzname() for month in (1, 7)}


def _find_start(shown_s: float | None, dialect: Dialect, foreign: ForeignFormat, *, is_local: bool) -> FileStart:
    """Date, time and zone of second 0, held against the start that the person says."""
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
    """Zone of a start that was said with an offset."""
    return zone_with_offset(said.utcoffset() or timedelta(0), said)


def _check_said(said: datetime, moment: datetime) -> None:
    """Refuse a start that is not that of the file."""
    if abs((moment - said).total_seconds()) > LARGEST_START_ERROR_S:
        raise RecordingError(
            f"says itself that it began at {moment.isoformat()}, and not at {said.isoformat()}; leave out --start, say "
            "the zone of its times with --timezone, or correct a wrong clock with `clonus-sense correct start`."
        )


def _assumed(dialect: Dialect, zone: tzinfo, moment: datetime, *, is_local: bool) -> Finding:
    """Say that the zone of this computer was taken."""
    name = zone_name(zone) or moment.astimezone(zone).tzname()
    what = "states no time zone" if is_local else "states the time in UTC and no time zone"
    text = (
        f"Column `{dialect.names[0]}` {what}; the zone of this computer ({name}) was assumed. Say another with "
        "--timezone."
    )
    return Finding(Severity.NOTE, "zone-assumed", text)
