"""Rows of a recording as text."""

from __future__ import annotations

import numpy as np

from clonus_sense.rounding import TIME_DECIMALS, RoundedSamples, accel_decimals


def format_rows(samples: RoundedSamples, step_g: float | None) -> bytes:
    r"""Write rows of a recording as text."""
    line = f"%.{TIME_DECIMALS}f" + f",%.{accel_decimals(step_g)}f" * 3 + "\n"
    rows = np.empty((len(samples.times_s), 4))
    rows[:, 0], rows[:, 1:] = samples.times_s, samples.accel_g
    return line.encode() * len(rows) % tuple(rows.ravel().tolist())
