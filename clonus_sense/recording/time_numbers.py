"""Times as numbers: finds their unit, and asks if there are several or none that fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.errors import ColumnError
from clonus_sense.model import FloatArray
from clonus_sense.recording.foreign import TimeUnit, parse_time_unit
from clonus_sense.recording.stamps import measure_stamps

# Rates of loggers; units of time are a factor of a thousand apart, so at most one fits.
LOWEST_HZ, HIGHEST_HZ = 5.0, 3000.0
# Whole numbers without a unit may be ticks, so they count as time only at the usual rates of loggers.
_LOWEST_USUAL_HZ, _HIGHEST_USUAL_HZ = 20.0, 400.0
# Minutes with decimals, read as seconds, give 60 times the rate.
_HIGHEST_UNNAMED_HZ = 1000.0
_UNITS_TRIED = ("s", "ms", "us", "ns")
# Seconds since 1970 in the years 2001 to 2100; other numbers count from a device's own start.
_FIRST_EPOCH_S, _LAST_EPOCH_S = 978_307_200.0, 4_102_444_800.0
_DAY_S = 86_400.0
# Day 0 of spreadsheets (30 December 1899) and of MATLAB (year 0), in days before 1970.
_DAYS_BEFORE_1970 = {"days": (25_569.0, 719_529.0)}
# If a column counts samples, at least nine steps in ten are 1; the others are losses.
_COUNTER_RATIO = 0.9
SAME_RATE_RATIO = 0.1


@dataclass(frozen=True, slots=True)
class NumberTime:
    """Meaning of a column of numbers: its unit, and the moment of its zero, ``None`` for a device's own start."""

    unit: TimeUnit
    epoch_s: float | None
    is_local: bool = False


def find_number_time(
    times: FloatArray, name: str, *, said: TimeUnit | None, stated: TimeUnit | None, rate_hz: float | None
) -> NumberTime:
    """Determine the unit of a column of times."""
    times = times[np.isfinite(times)]
    period = measure_stamps(times).period
    if not period > 0:
        raise ColumnError(
            f"column `{name}`, taken for the time, does not go forward; name the time column with --columns "
            "TIME,X,Y,Z, or the rate of the rows with --rate."
        )
    unit = said or (_unit_of_rate(times, period, rate_hz) if rate_hz is not None else None) or stated
    if unit is not None:
        _check_rate(period, name, unit)
        return _since(times, unit)
    for one in map(parse_time_unit, (*_UNITS_TRIED, "days")):
        found = _since(times, one)
        if found.epoch_s is not None and LOWEST_HZ <= 1 / (period * one.scale_s) <= HIGHEST_HZ:
            return found
    return NumberTime(_unit_since_a_start(times, period, name), None)


def counts_samples(times: FloatArray) -> bool:
    """Whether numbers are consecutive, as in a sample counter."""
    times = times[np.isfinite(times)]
    steps = np.diff(times)
    return bool(len(steps) and np.mean(steps == 1) >= _COUNTER_RATIO and times[0] < _FIRST_EPOCH_S)


def _unit_of_rate(times: FloatArray, period: float, rate_hz: float) -> TimeUnit:
    """Find the unit that gives a column the rate that a person named."""
    if not counts_samples(times):
        for one in map(parse_time_unit, _UNITS_TRIED):
            if abs(period * one.scale_s * rate_hz - 1) <= SAME_RATE_RATIO:
                return one
    per_second = rate_hz if counts_samples(times) else rate_hz * period
    return TimeUnit(f"ticks:{per_second:.10g}", 1 / per_second)


def _since(times: FloatArray, unit: TimeUnit) -> NumberTime:
    """Find the zero of a column that counts in this unit."""
    first_s = float(times[0]) * unit.scale_s
    for days in _DAYS_BEFORE_1970.get(unit.name, ()):
        if _FIRST_EPOCH_S <= first_s - days * _DAY_S <= _LAST_EPOCH_S:
            return NumberTime(unit, -days * _DAY_S, is_local=True)
    if unit.name in _UNITS_TRIED and _FIRST_EPOCH_S <= first_s <= _LAST_EPOCH_S:
        return NumberTime(unit, 0.0)
    return NumberTime(unit, None)


def _unit_since_a_start(times: FloatArray, period: float, name: str) -> TimeUnit:
    """Find the unit that gives a plausible rate, for a column that counts from a device's own start."""
    if counts_samples(times):
        raise ColumnError(
            f"column `{name}`, taken for the time, counts samples one by one ({times[0]:.0f}, {times[1]:.0f}, ...) and "
            "tells no time; say how many there are in a second with --rate, such as --rate 50, or what it counts with "
            "--time-unit, such as --time-unit ms."
        )
    if _shows_a_clock(times):
        raise ColumnError(
            f"column `{name}`, taken for the time, holds hours, minutes and seconds as one number, such as "
            f"{times[0]:.10g}; say so with --time-format %H%M%S.%f."
        )
    is_whole = bool(np.all(times == np.floor(times)))
    lowest_hz = _LOWEST_USUAL_HZ if is_whole else LOWEST_HZ
    highest_hz = _HIGHEST_USUAL_HZ if is_whole else _HIGHEST_UNNAMED_HZ
    for unit in map(parse_time_unit, _UNITS_TRIED):
        if lowest_hz <= 1 / (period * unit.scale_s) <= highest_hz:
            return unit
    raise ColumnError(
        f"column `{name}`, taken for the time, goes forward by {period:.6g} a row, which gives no plausible sampling "
        f"rate ({_readings(period, _UNITS_TRIED)}); name another column with --columns TIME,X,Y,Z, or say what it "
        "counts with --time-unit, such as --time-unit ticks:32768, or the rate of the rows with --rate."
    )


def _shows_a_clock(times: FloatArray) -> bool:
    """Whether numbers such as 223059.98 jump by 40 to each new minute and never show 60 seconds."""
    steps = np.diff(times)
    usual = float(np.median(steps))
    at_minutes = np.floor(times[1:] / 100) != np.floor(times[:-1] / 100)
    return bool(
        at_minutes.any()
        and (times % 100 < 60).all()
        and (np.abs(steps[at_minutes] % 100 - 40 - usual) < 1).mean() > _COUNTER_RATIO
    )


def _check_rate(period: float, name: str, unit: TimeUnit) -> None:
    """Refuse a named unit that gives no plausible rate."""
    if not LOWEST_HZ <= 1 / (period * unit.scale_s) <= HIGHEST_HZ:
        raise ColumnError(
            f"column `{name}`, taken for the time, gives no plausible sampling rate "
            f"({1 / (period * unit.scale_s):.3g} Hz in {unit.name}); name the time column with --columns TIME,X,Y,Z "
            "or its unit with --time-unit."
        )


def _readings(period: float, units: tuple[str, ...]) -> str:
    """List the rates that some units give."""
    return ", ".join(f"{1 / (period * parse_time_unit(unit).scale_s):.3g} Hz in {unit}" for unit in units)
