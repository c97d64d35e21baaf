"""The main axis: the direction in which a candidate moves, with a sign that no mounting can flip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray

# A steady swing reaches 1.4 times its root mean square, one that fades twice.
LONGEST_OF_RMS = 2.0
# A steady swing reaches 1.4 times its median length; a bout that builds up and fades seldom reaches 3 times.
LONGEST_OF_MIDDLE = 3.0
# A kick rings for up to a second and must not pass for a rhythm with a knock in it: knocks are shortened only in longer
# movement.
BESIDE_KNOCK_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class MainAxis:
    """Direction of the largest movement: unit vector ``(3,)`` in the sensor's own coordinates.

    ``linearity`` is 1 less the ratio of the second largest to the largest variance: 1 on a line, 0 on a circle.
    """

    direction: FloatArray
    linearity: float


def find_main_axis(wide_g: FloatArray) -> MainAxis:
    """Find the direction of the largest movement ``(n, 3)``, pointing to the side of the sharper peaks.

    When the toes point up, as at night, the magnitude of acceleration shows twice the frequency: a foot at 6 Hz has
    0.81 g at 6 Hz on its own axis and nothing at 6 Hz in the magnitude (forward model).  So we work on the principal
    axis.  Its sign is arbitrary, and turning the sensor round must not shift the beats by half a period: the axis
    points where the peaks are sharper (positive third moment).  The reflex pushes in short bursts against a slower
    stretch (45 % of the period against 55 %, Boyraz 2015), and the burst falls on the end of dorsiflexion.
    """
    # Row by row in memory: the product of matrices is the same to the last bit wherever the samples come from.
    wide_g = np.ascontiguousarray(_shorten(wide_g))
    variances, directions = np.linalg.eigh(wide_g.T @ wide_g)
    direction = directions[:, -1]
    if (project(wide_g, direction) ** 3).sum() < 0:
        direction = -direction
    linearity = 1.0 - variances[1] / variances[2] if variances[2] > 0 else 0.0
    return MainAxis(direction, float(linearity))


def _shorten(wide_g: FloatArray) -> FloatArray:
    """Shorten outliers, so that one knock within a bout does not turn its axis (Winsor)."""
    squares = wide_g[:, 0] ** 2 + wide_g[:, 1] ** 2 + wide_g[:, 2] ** 2
    limit = LONGEST_OF_RMS**2 * squares.sum() / max(1, len(squares))
    longest = squares.max(initial=0.0)
    if longest <= limit:
        return wide_g
    return np.asarray(wide_g * np.sqrt(limit / np.maximum(squares, limit))[:, None], dtype=np.float64)


def shorten_knocks(wide_g: FloatArray, working_hz: float) -> FloatArray:
    """Shorten outliers of 2 s or more of movement to three times the median length: no knock dominates (Winsor)."""
    if len(wide_g) < BESIDE_KNOCK_S * working_hz:
        return wide_g
    squares = wide_g[:, 0] ** 2 + wide_g[:, 1] ** 2 + wide_g[:, 2] ** 2
    middle = len(squares) // 2
    limit = LONGEST_OF_MIDDLE**2 * np.partition(squares, middle)[middle]
    if squares.max() <= limit:
        return wide_g
    return np.asarray(wide_g * np.sqrt(limit / np.maximum(squares, limit))[:, None], dtype=np.float64)


def project(signal_g: FloatArray, direction: FloatArray) -> FloatArray:
    """Project onto a direction, element by element: the result does not depend on the memory layout."""
    return np.asarray(
        signal_g[:, 0] * direction[0] + signal_g[:, 1] * direction[1] + signal_g[:, 2] * direction[2],
        dtype=np.float64,
    )
