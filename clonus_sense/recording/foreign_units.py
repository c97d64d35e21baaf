"""Units of a foreign CSV, checked by two rules: rest is near 1 g, and the rate is plausible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from clonus_sense.errors import ColumnError
from clonus_sense.model import Finding, FloatArray, RecordingInfo, Severity
from clonus_sense.recording.dialect import Dialect
from clonus_sense.recording.file_clock import FileClock, FileStart, read_clock
from clonus_sense.recording.foreign import OPTIONS_NOTE, AccelUnit, ForeignFormat, parse_unit
from clonus_sense.recording.rows import RowBlock
from clonus_sense.recording.stamps import StampStatistics

# A sensor at rest shows 1 g.  Cheap phones are off by a tenth; a quarter leaves room for a sleeper's last movement.
# The next unit is still far away: mg and raw counts of 1024 per g are the closest pair, and either one fits.
_REST_LOW_G, _REST_HIGH_G = 0.75, 1.25
# Below this, the signal has no gravity.
_NO_GRAVITY_G = 0.3
# No sensor counts further; a larger number is damage.
_LARGEST_COUNT = 1e9
_RAW_GUESSES = (256, 512, 1024, 2048, 4096, 8192, 16384)


@dataclass(frozen=True, slots=True)
class Conversion:
    """Conversion of a foreign file's numbers to seconds and g."""

    clock: FileClock
    start: FileStart
    unit: AccelUnit
    rate_hz: float | None
    findings: tuple[Finding, ...]

    @property
    def stamps(self) -> StampStatistics:
        """Sample period in seconds, and whether the stamps are uneven."""
        return self.clock.stamps

    def convert(self, blocks: Iterable[RowBlock]) -> Iterator[RowBlock]:
        """Convert all rows of the file, from the first one on, to seconds and g."""
        seconds = self.clock.start_clock()
        for block in blocks:
            yield RowBlock(seconds(block.times), block.accel * self.unit.scale_g)

    def info(self, dialect: Dialect, foreign: ForeignFormat, period_s: float) -> RecordingInfo:
        """Describe the recording and how it was read; ``period_s`` is its sample period."""
        zone = foreign.timezone or self.start.timezone
        if not zone and self.start.moment is not None and self.start.findings:
            zone = f"{self.start.moment:%z}"
        notes = [("source_columns", ", ".join(dialect.names)), ("source_unit", self.unit.name)]
        if options := replace(foreign, timezone=zone or None).as_options():
            notes.append((OPTIONS_NOTE, options))
        return RecordingInfo(
            start=self.start.moment,
            fs_hz=self.rate_hz or round(1 / period_s, 2),
            timezone=self.start.timezone,
            notes=tuple(notes),
        )


def find_conversion(sample: RowBlock, dialect: Dialect, foreign: ForeignFormat) -> Conversion:
    """Find the units of a foreign file; refuse them if rest is not 1 g or the rate is implausible."""
    if not np.isfinite(sample.times).any():
        raise ColumnError(
            f"column `{dialect.names[0]}`, taken for the time, holds no time; name another with --columns."
        )
    clock, start = read_clock(sample.times, dialect, foreign)
    if not clock.stamps.period > 0:
        raise ColumnError(
            f"column `{dialect.names[0]}`, taken for the time, does not go forward; name the time column with "
            "--columns TIME,X,Y,Z, or the rate of the rows with --rate."
        )
    unit, findings = _find_unit(_rest_level(sample.accel, round(1 / clock.stamps.period)), dialect, foreign)
    rate_hz = foreign.rate_hz if foreign.rate_hz is not None else clock.counted_hz
    return Conversion(clock, start, unit, rate_hz, (*findings, *start.findings))


def _find_unit(rest: float, dialect: Dialect, foreign: ForeignFormat) -> tuple[AccelUnit, tuple[Finding, ...]]:
    """Find the unit of acceleration in which rest is 1 g."""
    columns = ", ".join(f"`{name}`" for name in dialect.names[1:])
    stated = foreign.unit or dialect.accel_unit
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
    """Advise what to do about a rest level that is not 1 g."""
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
