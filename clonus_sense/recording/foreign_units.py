"""Units of a foreign CSV, checked against what must hold: rest near 1 g, a plausible rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from clonus_sense.errors import ColumnError
from clonus_sense.model import Finding, FloatArray, RecordingInfo, Severity
from clonus_sense.recording.dialect import Dialect
from clonus_sense.recording.foreign import ISO_8601, AccelUnit, ForeignFormat, parse_unit, seconds_per
from clonus_sense.recording.rows import RowBlock
from clonus_sense.recording.stamps import StampStatistics, measure_stamps

# A sensor at rest shows 1 g.  Cheap phones are off by a tenth; a quarter leaves room for a sleeper's last movement,
# and stays far from the next unit (mg and raw counts of 1024 per g are the closest pair, and there both are right).
_REST_LOW_G, _REST_HIGH_G = 0.75, 1.25
# Below this there is no gravity in it.
_NO_GRAVITY_G = 0.3
# Rates of loggers; the units of time lie a thousand apart, so that one of them fits at most.
_LOWEST_HZ, _HIGHEST_HZ = 5.0, 3000.0
_TIME_UNITS = ("s", "ms", "us", "ns")
# No sensor counts further; what is larger is damage.
_LARGEST_COUNT = 1e9
_RAW_GUESSES = (256, 512, 1024, 2048, 4096, 8192, 16384)
# Seconds since 1970 of the years 2001 to 2100: anything else counts from a device's own start.
_FIRST_EPOCH_S, _LAST_EPOCH_S = 978_307_200.0, 4_102_444_800.0


@dataclass(frozen=True, slots=True)
class Conversion:
    """How the numbers of a foreign file become seconds and g.

    Parameters
    ----------
    time_unit
        ``s``, ``ms``, ``us``, ``ns`` or ``iso``.
    unit
        Unit of acceleration.
    origin
        Time of second 0, in the file's own unit.
    stamps
        Period in seconds, and whether the stamps are uneven.
    start
        Date and time of second 0 where the stamps tell.
    findings
        What was guessed.
    """

    time_unit: str
    unit: AccelUnit
    origin: float
    stamps: StampStatistics
    start: datetime | None
    findings: tuple[Finding, ...]

    def convert(self, block: RowBlock) -> RowBlock:
        """Seconds since the start, rounded to 1 µs, and g."""
        times_s = np.round((block.times - self.origin) * seconds_per(self.time_unit), 6)
        return RowBlock(times_s, block.accel * self.unit.scale_g)

    def info(self, dialect: Dialect) -> RecordingInfo:
        """Say what the file tells about the recording."""
        notes = (("source_columns", ", ".join(dialect.names)), ("source_unit", self.unit.name))
        return RecordingInfo(start=self.start, fs_hz=round(1 / self.stamps.period, 2), notes=notes)


def find_conversion(sample: RowBlock, dialect: Dialect, foreign: ForeignFormat) -> Conversion:
    """Find the units of a foreign file, and refuse them where rest is not 1 g or the rate is implausible.

    Parameters
    ----------
    sample
        Rows from the beginning of the file, in its own units.
    dialect
        How the file is written.
    foreign
        What the person said; it is checked but never overruled.

    Returns
    -------
    Conversion
        Units, origin and period.

    Raises
    ------
    ColumnError
        If no unit fits, or the one that was named does not.
    """
    if not np.isfinite(sample.times).any():
        raise ColumnError(
            f"column `{dialect.names[0]}`, taken for the time, holds no time; name another with --columns."
        )
    origin = float(sample.times[np.isfinite(sample.times)][0])
    raw_stamps = measure_stamps(sample.times)
    time_unit = _find_time_unit(raw_stamps.period, dialect, foreign)
    stamps = StampStatistics(raw_stamps.period * seconds_per(time_unit), raw_stamps.uneven)
    unit, findings = _find_unit(_rest_level(sample.accel, round(1 / stamps.period)), dialect, foreign)
    start, local = _find_start(origin, time_unit, dialect)
    return Conversion(time_unit, unit, origin, stamps, start, (*findings, *local))


def _find_time_unit(period: float, dialect: Dialect, foreign: ForeignFormat) -> str:
    """Find the unit of time in which the rate is plausible."""
    name = dialect.names[0]
    if period <= 0:
        raise ColumnError(
            f"column `{name}`, taken for the time, does not go forward; name the time column with --columns TIME,X,Y,Z."
        )
    if dialect.row_format.time_is_text:
        candidates: tuple[str, ...] = (ISO_8601,)
    else:
        candidates = _TIME_UNITS if foreign.time_unit is None else (foreign.time_unit,)
    rates_hz = {unit: 1 / (period * seconds_per(unit)) for unit in candidates}
    for unit, rate_hz in rates_hz.items():
        if _LOWEST_HZ <= rate_hz <= _HIGHEST_HZ:
            return unit
    readings = ", ".join(f"{rate_hz:.3g} Hz in {unit}" for unit, rate_hz in rates_hz.items())
    raise ColumnError(
        f"column `{name}`, taken for the time, gives no plausible sampling rate ({readings}); name the time column "
        "with --columns TIME,X,Y,Z or its unit with --time-unit."
    )


def _find_unit(rest: float, dialect: Dialect, foreign: ForeignFormat) -> tuple[AccelUnit, tuple[Finding, ...]]:
    """Find the unit of acceleration in which rest is 1 g."""
    columns = ", ".join(f"`{name}`" for name in dialect.names[1:])
    stated = foreign.unit or dialect.named_unit
    candidates = [stated] if stated is not None else [parse_unit(name) for name in ("g", "m/s2", "mg")]
    for unit in candidates:
        if _REST_LOW_G <= rest * unit.scale_g <= _REST_HIGH_G:
            guessed = Finding(
                Severity.NOTE,
                "unit-guessed",
                f"The unit of columns {columns} was taken to be {unit.name}: rest is 1 g.",
            )
            return unit, (guessed,) if stated is None else ()
    by_whom = "as --unit says" if foreign.unit is not None else "as the columns' names say"
    read_as = f" in {stated.name}, {by_whom}," if stated is not None else ""
    level = f"{rest * stated.scale_g:.3g} g" if stated is not None else f"{rest:.4g}"
    raise ColumnError(
        f"columns {columns}{read_as} show {level} at rest where it should be 1 g; {_advice(rest, stated)}."
    )


def _advice(rest: float, stated: AccelUnit | None) -> str:
    """Say what to do about a rest that is not 1 g."""
    fitting = [name for name in ("g", "m/s2", "mg") if _REST_LOW_G <= rest * parse_unit(name).scale_g <= _REST_HIGH_G]
    if fitting:
        return f"it would fit --unit {fitting[0]}"
    raw = [n for n in _RAW_GUESSES if abs(rest / n - 1) < 0.15]
    if raw:
        return f"these look like raw counts, give --unit raw:{raw[0]} if the sensor counts {raw[0]} per g"
    if rest * (stated.scale_g if stated is not None else 1.0) < _NO_GRAVITY_G:
        return (
            "gravity seems to have been taken out (`linear acceleration`); record the raw accelerometer instead, "
            "or name other columns with --columns"
        )
    return "name other columns with --columns, or the counts per g with --unit raw:N"


def _rest_level(accel: FloatArray, n_per_second: int) -> float:
    """Length of the mean vector in the quietest quarter of all seconds, in the file's own unit."""
    finite = accel[(np.abs(accel) < _LARGEST_COUNT).all(axis=1)]
    n_per_second = max(1, min(n_per_second, len(finite)))
    seconds = finite[: len(finite) // n_per_second * n_per_second].reshape(-1, n_per_second, 3)
    if not len(seconds):
        return np.nan
    unrest = seconds.std(axis=1).sum(axis=1)
    quiet = np.argsort(unrest, kind="stable")[: max(1, len(unrest) // 4)]
    return float(np.median(np.linalg.norm(seconds[quiet].mean(axis=1), axis=1)))


def _find_start(origin: float, time_unit: str, dialect: Dialect) -> tuple[datetime | None, tuple[Finding, ...]]:
    """Date and time of the first row where the stamps tell it, and whether the zone had to be assumed."""
    epoch_s = origin * seconds_per(time_unit)
    if not _FIRST_EPOCH_S <= epoch_s <= _LAST_EPOCH_S:
        return None, ()
    start = datetime.fromtimestamp(epoch_s, tz=UTC)
    if time_unit != ISO_8601 or dialect.time_has_zone:
        return start, ()
    local = start.replace(tzinfo=None).astimezone()
    text = f"Column `{dialect.names[0]}` states no time zone; the zone of this computer ({local.tzname()}) was assumed."
    return local, (Finding(Severity.NOTE, "zone-assumed", text),)
