"""How the leg lies, as far as one sensor can say: the direction of gravity, and when it changes for good.

Nothing here is called lying, sitting or standing: a foot that points up may belong to a person on the back in bed or
to one in a reclining chair, and how the sensor sits on the leg is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, degrees

import numpy as np

from clonus_sense.activity.epoch import Epoch
from clonus_sense.model import FloatArray

# Between the back and a side a leg rolls by 60 to 90 degrees; sinking, a shifted ankle and a slipped strap stay below
# 20.  Half of the smallest roll lies between them.
TURN_DEG = 30.0

# An epoch with a turn inside shows a mixture; a posture counts when the next epoch confirms it.
SETTLED_DEG = 10.0


@dataclass(frozen=True, slots=True)
class PostureChange:
    """A leg came to lie in another way (a turn).

    Parameters
    ----------
    at_s
        Start of the first epoch that shows the new posture, in seconds since the start of the recording: the turn lies
        within half a minute of it, or in the time before that was not measured or not known to be worn.
    angle_deg
        Angle between gravity before and after.
    """

    at_s: float
    angle_deg: float


def measure_angles_deg(epochs: Sequence[Epoch]) -> FloatArray:
    """Measure how far gravity turned from each epoch to the next.

    Parameters
    ----------
    epochs
        Epochs, ascending.

    Returns
    -------
    FloatArray
        In degrees, one fewer than epochs; NaN beside an epoch whose gravity is not known.

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


def find_posture_changes(epochs: Sequence[Epoch]) -> tuple[PostureChange, ...]:
    """Find where a worn leg came to lie in another way.

    A posture is what two neighbouring epochs agree on; it is new when it differs enough from the posture before.  Slow
    creeping adds up until it is a change.

    Parameters
    ----------
    epochs
        Epochs, ascending; only those measured and worn count.

    Returns
    -------
    tuple[PostureChange, ...]
        Ascending.
    """
    changes: list[PostureChange] = []
    before: tuple[float, float, float] | None = None
    for epoch, following in pairwise(epoch for epoch in epochs if epoch.is_worn):
        if epoch.gravity is None or following.gravity is None:
            continue
        if angle_between_deg(epoch.gravity, following.gravity) > SETTLED_DEG:
            continue
        if before is None:
            before = epoch.gravity
            continue
        angle_deg = angle_between_deg(before, epoch.gravity)
        if angle_deg >= TURN_DEG:
            changes.append(PostureChange(epoch.start_s, angle_deg))
            before = epoch.gravity
    return tuple(changes)


def compute_posture_changes_per_hour(epochs: Sequence[Epoch]) -> float | None:
    """Count changes of posture per worn hour.

    Parameters
    ----------
    epochs
        Epochs, ascending.

    Returns
    -------
    float | None
        ``None`` where nothing is known to have been worn.
    """
    worn_s = sum(epoch.measured_s for epoch in epochs if epoch.is_worn)
    return len(find_posture_changes(epochs)) / (worn_s / 3600) if worn_s > 0.0 else None


def angle_between_deg(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Angle between two unit vectors, in degrees, 0 to 180."""
    cosine = sum(a * b for a, b in zip(one, other, strict=True))
    return degrees(acos(min(max(cosine, -1.0), 1.0)))
