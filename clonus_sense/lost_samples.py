"""Single lost samples: detected by time, interpolated from their neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray

# A step counts as a whole number of periods within this part of one; stamps in whole milliseconds scatter less.
_OFF_PERIODS = 0.3
# Neighbours further away say little about the shape of a beat.
_FAR_PERIODS = 3.5


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """Samples, with interpolated ones in place of the lost ones."""

    times_s: FloatArray
    accel_g: FloatArray
    is_filled: NDArray[np.bool_]


def count_lost(steps_s: FloatArray, period_s: float, most: int) -> NDArray[np.intp]:
    """Count the samples lost in each step; steps with more than ``most`` are gaps and count 0."""
    periods = steps_s / period_s
    whole = np.rint(periods)
    is_lost = (whole >= 2) & (whole <= most + 1) & (np.abs(periods - whole) <= _OFF_PERIODS)
    return np.where(is_lost, whole - 1, 0).astype(np.intp)


def fill_in(times_s: FloatArray, accel_g: FloatArray, n_lost: NDArray[np.intp], period_s: float) -> Filled:
    """Interpolate lost samples by a cubic through two neighbours on either side; by a line if one side has only one.

    At 60 Hz a line flattens a peak of 6 Hz by 19 %, a cubic by 5 %.
    """
    rows = np.repeat(np.flatnonzero(n_lost), n_lost[n_lost > 0])
    # Position of each lost sample in its run: 1, 2, ...
    first_of = np.cumsum(n_lost)[rows] - n_lost[rows]
    part = (np.arange(len(rows)) - first_of + 1) / (n_lost[rows] + 1)
    left_s, right_s = times_s[rows - 1], times_s[rows]
    at_s = left_s + part * (right_s - left_s)
    values_g = accel_g[rows - 1] + part[:, None] * (accel_g[rows] - accel_g[rows - 1])
    before, after = np.maximum(rows - 2, 0), np.minimum(rows + 1, len(times_s) - 1)
    far_s = _FAR_PERIODS * period_s
    is_cubic = (rows >= 2) & (rows + 1 < len(times_s))
    is_cubic &= (left_s - times_s[before] <= far_s) & (times_s[after] - right_s <= far_s)
    four = np.stack([before, rows - 1, rows, after], axis=1)[is_cubic]
    weights = _cubic_weights(times_s[four] - at_s[is_cubic, None])
    values_g[is_cubic] = np.einsum("nk,nka->na", weights, accel_g[four])
    is_filled = np.zeros(len(times_s) + len(rows), dtype=bool)
    is_filled[rows + np.arange(len(rows))] = True
    out_g = np.empty((len(is_filled), 3), order="F")
    out_g[~is_filled], out_g[is_filled] = accel_g, values_g
    out_s = np.empty(len(is_filled))
    out_s[~is_filled], out_s[is_filled] = times_s, np.round(at_s, 6)
    return Filled(out_s, out_g, is_filled)


def _cubic_weights(from_s: FloatArray) -> FloatArray:
    """Weights of four samples, ``from_s`` away, in the cubic through them at 0; shape ``(n, 4)``."""
    weights = np.ones_like(from_s)
    for own in range(4):
        for other in range(4):
            if other != own:
                weights[:, own] *= from_s[:, other] / (from_s[:, other] - from_s[:, own])
    return weights
