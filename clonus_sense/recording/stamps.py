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
_MOST_SHORT_STEPS_RATIO = 0.005
# Two threads of a phone swap a row now and then; a column that goes back more often than this is no time.
_MOST_STEPS_BACK_RATIO = 0.25
# Steps this near to the typical one are single samples, not bunches and not losses; stamps in whole milliseconds jump
# between 2 and 3 at 400 Hz.
_SINGLE_STEP = (0.6, 1.6)


@dataclass(frozen=True, slots=True)
class StampStatistics:
    """How the stamps of consecutive rows are spaced.

    Parameters
    ----------
    period
        Time between two samples, in the unit of the stamps; NaN where there are fewer than two rows, 0 where
        the stamps do not go forward.
    uneven
        Whether rows share stamps or come in bunches, so that the stamps must not be taken as they are.
    """

    period: float
    uneven: bool


def measure_stamps(times: FloatArray) -> StampStatistics:
    """Measure the period of time stamps that may be bunched, coarse, torn by gaps or set back.

    Parameters
    ----------
    times
        Time stamps in any unit, shape ``(n_rows,)``; NaN is passed over.

    Returns
    -------
    StampStatistics
        Period and evenness.

    Examples
    --------
    Five samples under each stamp, 50 Hz:

    >>> measure_stamps(np.repeat(np.arange(0.0, 30.0, 0.1), 5)).uneven
    True
    >>> round(measure_stamps(np.repeat(np.arange(0.0, 30.0, 0.1), 5)).period, 4)
    0.02
    """
    times = times[np.isfinite(times)]
    if len(times) < 2:
        return StampStatistics(period=np.nan, uneven=False)
    steps = np.diff(times)
    forward = steps[steps > 0]
    if not len(forward) or np.count_nonzero(steps < 0) > _MOST_STEPS_BACK_RATIO * len(steps):
        return StampStatistics(period=0.0, uneven=True)
    gap = _GAP_RATIO * float(np.quantile(forward, _ORDINARY_STEPS_RATIO))
    # A line through all stamps evens out bunches of any size; gaps are closed first, so that they do not bend it.
    closed = np.concatenate([[0.0], np.cumsum(np.where(np.abs(steps) > gap, np.median(forward), steps))])
    rows = np.arange(len(closed)) - (len(closed) - 1) / 2
    period = float(np.sum(rows * closed) / np.sum(rows**2))
    if period <= 0:
        return StampStatistics(period=0.0, uneven=True)
    # Where most rows come one by one, their own steps tell the period without the rows that were lost in between.
    single = steps[(steps > _SHORT_STEP_RATIO * period) & (steps < period / _SHORT_STEP_RATIO)]
    if len(single) > len(steps) / 2:
        typical = float(np.median(single))
        low, high = _SINGLE_STEP
        period = float(np.mean(single[(single > low * typical) & (single < high * typical)]))
    n_short = np.count_nonzero((steps >= 0) & (steps < _SHORT_STEP_RATIO * period))
    return StampStatistics(period=period, uneven=bool(n_short > _MOST_SHORT_STEPS_RATIO * len(steps)))
