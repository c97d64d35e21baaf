"""Posture of the leg, as far as one sensor shows it: the direction of gravity, and how far it turns.

No posture is called lying, sitting or standing.  A foot that points up may belong to a person on the back in bed or in
a reclining chair, and the orientation of the sensor on the leg is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import acos, degrees

import numpy as np

from clonus_sense.activity.epoch import Epoch
from clonus_sense.model import FloatArray


def measure_angles_deg(epochs: Sequence[Epoch]) -> FloatArray:
    """Measure how far gravity turned from each epoch to the next.

    Parameters
    ----------
    epochs
        Epochs, ascending.

    Returns
    -------
    FloatArray
        In degrees, one fewer than epochs; NaN beside an epoch with unknown gravity.

    Examples
    --------
    >>> from clonus_sense.activity.epoch import WearState
    >>> def lying(start_s, gravity):
    ...     return Epoch(start_s, 30.0, 0.01, gravity, 1.0, still=False, state=WearState.MEASURED_AND_WORN)
    >>> measure_angles_deg([lying(0.0, (0.0, 0.0, 1.0)), lying(30.0, (0.0, 1.0, 0.0)), lying(60.0, (0.0, 1.0, 0.0))])
    array([90.,  0.])
    """
    return np.array(
        [
            np.nan if a.gravity is None or b.gravity is None else angle_between_deg(a.gravity, b.gravity)
            for a, b in pairwise(epochs)
        ],
        dtype=np.float64,
    )


def angle_between_deg(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Angle between two unit vectors, in degrees, 0 to 180."""
    cosine = sum(a * b for a, b in zip(one, other, strict=True))
    return degrees(acos(min(max(cosine, -1.0), 1.0)))
