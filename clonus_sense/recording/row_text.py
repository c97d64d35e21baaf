"""Rows of a recording as text."""

from __future__ import annotations

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.rounding import TIME_DECIMALS, accel_decimals, round_as_written


def format_rows(times_s: FloatArray, accel_g: FloatArray, step_g: float | None) -> bytes:
    r"""Write rows of a recording as text.

    Parameters
    ----------
    times_s
        Seconds since the start of the recording, shape ``(n_samples,)``.
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``.
    step_g
        Size of one step of the sensor, in g; ``None`` where unknown.

    Returns
    -------
    bytes
        One line per sample, ASCII.

    Examples
    --------
    >>> format_rows(np.array([0.02]), np.array([[0.0, -0.5, 1.0]]), None)
    b'0.020000,0.0000,-0.5000,1.0000\n'
    """
    rounded = round_as_written(times_s, accel_g, step_g)
    decimals = accel_decimals(step_g)
    line = (f"%.{TIME_DECIMALS}f" + f",%.{decimals}f" * 3 + "\n").encode()
    rows = np.empty((len(times_s), 4))
    rows[:, 0], rows[:, 1:] = rounded.times_s, rounded.accel_g
    return line * len(rows) % tuple(rows.ravel().tolist())
