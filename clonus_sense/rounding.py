"""Rounding of samples to the precision of a file before any analysis, so that live and file results agree."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray

TIME_DECIMALS = 6
# Without a known step: 0.1 mg is far below the noise of every sensor that streams.
_LEAST_ACCEL_DECIMALS = 4
# A written multiple of a step is within a twentieth of the step of the true multiple.
_DECIMALS_BEYOND_STEP = 1


@dataclass(frozen=True, slots=True, eq=False)
class RoundedSamples:
    """Samples exactly as a file stores them.

    Parameters
    ----------
    times_s
        Seconds since the start, whole microseconds, shape ``(n_samples,)``.
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``, column-major.
    """

    times_s: FloatArray
    accel_g: FloatArray


def accel_decimals(step_g: float | None) -> int:
    """Decimals of the acceleration in a file."""
    if step_g is None:
        return _LEAST_ACCEL_DECIMALS
    return max(_LEAST_ACCEL_DECIMALS, math.ceil(-math.log10(step_g)) + _DECIMALS_BEYOND_STEP)


def round_as_written(times_s: FloatArray, accel_g: FloatArray, step_g: float | None) -> RoundedSamples:
    """Round samples to the precision of a file with this step; reading the file returns the same bits.

    Parameters
    ----------
    times_s
        Seconds since the start of the recording, shape ``(n_samples,)``.
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``.
    step_g
        Size of one step of the sensor, in g; ``None`` if unknown.

    Returns
    -------
    RoundedSamples
        Time in whole microseconds; acceleration in steps, then to :func:`accel_decimals`.

    Examples
    --------
    >>> round_as_written(np.array([1 / 3]), np.array([[0.1, 0.98765, -1e-9]]), None).accel_g
    array([[0.1   , 0.9876, 0.    ]])
    """
    in_steps = accel_g if step_g is None else np.rint(accel_g / step_g) * step_g
    # Adding zero turns -0.0 into 0.0, so zero has one spelling.
    accel = np.asfortranarray(in_steps.round(accel_decimals(step_g)) + 0.0)
    return RoundedSamples(times_s.round(TIME_DECIMALS) + 0.0, accel)
