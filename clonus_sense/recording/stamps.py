"""What the time stamps of a recording say about its rate, and whether they can be taken as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray

# Nineteen steps in twenty are ordinary ones, single or from bunch to bunch; several times as long is a gap.
_ORDINARY_STEPS_RATIO = 0.95
_GAP_RATIO = 5.0
# A step below half a period means that rows were stamped late; in a recording of ours there is none.  A few in a
# thousand are a hiccup that the plain clock may call a gap.
_SHORT_STEP_RATIO = 0.5
MOST_SHORT_STEPS_RATIO = 0.005
# Two threads of a phone swap a row now and then; a column that goes back more often than this is no time.
_MOST_STEPS_BACK_RATIO = 0.25
# Steps this near to the typical one are single samples, not bunches and not losses; stamps in whole milliseconds jump
# between 2 and 3 at 400 Hz.
_SINGLE_STEP = (0.6, 1.6)
ROWS_LOOKED_AT = 1024
"""Rows for which it is decided at a time whether their stamps are uneven."""
_PIECE_ROWS = 128


@dataclass(frozen=True, slots=True)
class StampStatistics:
    """How the stamps of consecutive rows are spaced."""

    period: float
    uneven: bool
    n_short: int = 0


def measure_stamps(times: FloatArray) -> StampStatistics:
    """Measure the period of time stamps that may be bunched, coarse, torn by gaps or set back."""
    times = times[np.isfinite(times)]
    if len(times) < 2:
        return StampStatistics(period=np.nan, uneven=False)
    steps = np.diff(times)
    forward = steps[steps > 0]
    if not len(forward) or np.count_nonzero(steps < 0) > _MOST_STEPS_BACK_RATIO * len(steps):
        return StampStatistics(period=0.0, uneven=True, n_short=len(steps))
    gap = _GAP_RATIO * float(np.quantile(forward, _ORDINARY_STEPS_RATIO))
    # A line through all stamps evens out bunches of any size; gaps are closed first, so that they do not bend it.
    closed = np.concatenate([[0.0], np.cumsum(np.where(np.abs(steps) > gap, np.median(forward), steps))])
    rows = np.arange(len(closed)) - (len(closed) - 1) / 2
    period = float(np.sum(rows * closed) / np.sum(rows**2))
    if period <= 0:
        return StampStatistics(period=0.0, uneven=True, n_short=len(steps))
    # Where most rows come one by one, their own steps tell the period without the rows that were lost in between.
    single = steps[(steps > _SHORT_STEP_RATIO * period) & (steps < period / _SHORT_STEP_RATIO)]
    if len(single) > len(steps) / 2:
        typical = float(np.median(single))
        low, high = _SINGLE_STEP
        period = float(np.mean(single[(single > low * typical) & (single < high * typical)]))
    n_short = int(np.count_nonzero((steps >= 0) & (steps < _SHORT_STEP_RATIO * period)))
    return StampStatistics(period, uneven=n_short > MOST_SHORT_STEPS_RATIO * len(steps), n_short=n_short)


def find_uneven(times: FloatArray, period: float, *, most_ratio: float = MOST_SHORT_STEPS_RATIO) -> int | None:
    """Find where stamps that began even come late, shared or bunched.

    A change of the rate is not uneven: stamps are looked at in pieces of 128 rows, and the worst piece of each 1024
    rows is passed over, for one piece holds the change.
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
