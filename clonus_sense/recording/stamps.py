"""Statistics of a recording's time stamps: the rate, and whether the stamps are even enough to use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray

# Nineteen steps in twenty are ordinary, from sample to sample or from bunch to bunch; a gap is several times as long.
_ORDINARY_STEPS_RATIO = 0.95
_GAP_RATIO = 5.0
# A step below half a period means late stamps; our own recordings have none.  A few steps in a thousand are a brief
# irregularity, which the plain clock may call a gap.
_SHORT_STEP_RATIO = 0.5
MOST_SHORT_STEPS_RATIO = 0.005
# Two threads of a phone swap a row now and then; a column that goes back more often than this is not the time.
_MOST_STEPS_BACK_RATIO = 0.25
# Steps this near to the typical one are single samples, neither bunches nor losses; at 400 Hz, stamps in whole
# milliseconds alternate between 2 and 3.
_SINGLE_STEP = (0.6, 1.6)
ROWS_LOOKED_AT = 1024
"""Number of rows for which evenness is decided together."""
_PIECE_ROWS = 128


@dataclass(frozen=True, slots=True)
class StampStatistics:
    """Spacing of the stamps of consecutive rows; ``period`` in the column's unit."""

    period: float
    uneven: bool
    n_short: int = 0


def measure_stamps(times: FloatArray) -> StampStatistics:
    """Measure the period of time stamps that may be bunched, coarse, interrupted by gaps or set back."""
    times = times[np.isfinite(times)]
    if len(times) < 2:
        return StampStatistics(period=np.nan, uneven=False)
    steps = np.diff(times)
    forward = steps[steps > 0]
    if not len(forward) or np.count_nonzero(steps < 0) > _MOST_STEPS_BACK_RATIO * len(steps):
        return StampStatistics(period=0.0, uneven=True, n_short=len(steps))
    gap = _GAP_RATIO * float(np.quantile(forward, _ORDINARY_STEPS_RATIO))
    # A line through all stamps averages out bunches of any size; gaps are closed first, so that they do not bend it.
    closed = np.concatenate([[0.0], np.cumsum(np.where(np.abs(steps) > gap, np.median(forward), steps))])
    rows = np.arange(len(closed)) - (len(closed) - 1) / 2
    period = float(np.sum(rows * closed) / np.sum(rows**2))
    if period <= 0:
        return StampStatistics(period=0.0, uneven=True, n_short=len(steps))
    # If most rows come one by one, their own steps give the period without the influence of lost rows.
    single = steps[(steps > _SHORT_STEP_RATIO * period) & (steps < period / _SHORT_STEP_RATIO)]
    if len(single) > len(steps) / 2:
        typical = float(np.median(single))
        low, high = _SINGLE_STEP
        period = float(np.mean(single[(single > low * typical) & (single < high * typical)]))
    n_short = int(np.count_nonzero((steps >= 0) & (steps < _SHORT_STEP_RATIO * period)))
    return StampStatistics(period, uneven=n_short > MOST_SHORT_STEPS_RATIO * len(steps), n_short=n_short)


def find_uneven(times: FloatArray, period: float, *, most_ratio: float = MOST_SHORT_STEPS_RATIO) -> int | None:
    """Find the row from which stamps are late, shared or bunched; ``None`` if they are even.

    A change of the rate does not count: stamps are examined in pieces of 128 rows, and the worst piece of each 1024
    rows, which may hold the change, is ignored.
    """
    steps = np.diff(times)
    suspect = np.flatnonzero((steps >= 0) & (steps < _SHORT_STEP_RATIO * period))
    for window in np.unique(suspect // ROWS_LOOKED_AT).tolist():
        part = times[window * ROWS_LOOKED_AT : (window + 1) * ROWS_LOOKED_AT]
        n_short = [measure_stamps(piece).n_short for piece in np.array_split(part, max(1, len(part) // _PIECE_ROWS))]
        worst = max(n_short) if len(n_short) > 2 else 0
        if sum(n_short) - worst > most_ratio * len(part):
            return int(suspect[np.searchsorted(suspect, window * ROWS_LOOKED_AT)])
    return None
