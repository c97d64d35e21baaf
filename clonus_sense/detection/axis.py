"""The main axis: the direction in which a candidate moves, with a sign that no mounting can flip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray

# A steady swing reaches 1.4 times its root mean square, one that fades twice.
LONGEST_OF_RMS = 2.0
# A steady swing reaches 1.4 times the middle of its lengths; a bout that builds up and fades seldom thrice.
LONGEST_OF_MIDDLE = 3.0
# A kick rings for up to a second, and must not look like a rhythm with a knock in it: only what lasts longer is looked
# at with its knocks cut down to the rest.
BESIDE_KNOCK_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class MainAxis:
    """Direction of the largest movement.

    Parameters
    ----------
    direction
        Unit vector in the sensor's own coordinates, shape ``(3,)``.
    linearity
        1 less the ratio of the second largest to the largest variance: 1 moves on a line, 0 on a circle.
    """

    direction: FloatArray
    linearity: float


def find_main_axis(wide_g: FloatArray) -> MainAxis:
    """Find the direction of the largest movement, pointing to the side of the sharper peaks.

    Parameters
    ----------
    wide_g
        Band-passed acceleration of the candidate, in g, shape ``(n, 3)``.

    Returns
    -------
    MainAxis
        The first principal axis.

    Notes
    -----
    The magnitude of acceleration would show twice the frequency when the toes point up, the night posture: a foot at
    6 Hz has 0.81 g at 6 Hz on its own axis and nothing at 6 Hz in the magnitude (forward model).  So we work on the
    principal axis.  Its sign is arbitrary, and turning the sensor round must not shift the beats by half a period: we
    let the axis point where the peaks are sharper (positive third moment).  The reflex pushes in short bursts against
    a slower stretch (45 % of the period against 55 %, Boyraz 2015), and the burst falls on the end of dorsiflexion.

    Examples
    --------
    >>> t = np.arange(200) / 50
    >>> beat = np.maximum(0, np.cos(2 * np.pi * 6 * t)) - 0.3
    >>> axis = find_main_axis(np.outer(beat, [0.0, -0.6, 0.8]))
    >>> axis.direction.round(3) + 0.0
    array([ 0. , -0.6,  0.8])
    >>> find_main_axis(np.outer(-beat, [0.0, -0.6, 0.8])).direction.round(3) + 0.0
    array([ 0. ,  0.6, -0.8])
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
    """Shorten what sticks out, so that one knock within a bout does not turn its axis (Winsor)."""
    squares = wide_g[:, 0] ** 2 + wide_g[:, 1] ** 2 + wide_g[:, 2] ** 2
    limit = LONGEST_OF_RMS**2 * squares.sum() / max(1, len(squares))
    longest = squares.max(initial=0.0)
    if longest <= limit:
        return wide_g
    return np.asarray(wide_g * np.sqrt(limit / np.maximum(squares, limit))[:, None], dtype=np.float64)


def shorten_knocks(wide_g: FloatArray, working_hz: float) -> FloatArray:
    """Shorten what sticks out of a long movement, so that one knock in a bout does not speak for all of it (Winsor).

    Parameters
    ----------
    wide_g
        Band-passed acceleration, in g, shape ``(n, 3)``.
    working_hz
        Its rate.

    Returns
    -------
    ndarray
        The same, no sample longer than three times the middle length; as it is where it is shorter than 2 s.

    Examples
    --------
    >>> bout_g = np.outer(np.sin(2 * np.pi * 6 * np.arange(150) / 50), [0.0, 0.0, 0.1])
    >>> knocked_g = bout_g.copy()
    >>> knocked_g[70] = [3.0, 0.0, 0.0]
    >>> float(np.abs(shorten_knocks(bout_g, 50.0) - bout_g).max())
    0.0
    >>> float(shorten_knocks(knocked_g, 50.0).max().round(2))
    0.21
    """
    if len(wide_g) < BESIDE_KNOCK_S * working_hz:
        return wide_g
    squares = wide_g[:, 0] ** 2 + wide_g[:, 1] ** 2 + wide_g[:, 2] ** 2
    middle = len(squares) // 2
    limit = LONGEST_OF_MIDDLE**2 * np.partition(squares, middle)[middle]
    if squares.max() <= limit:
        return wide_g
    return np.asarray(wide_g * np.sqrt(limit / np.maximum(squares, limit))[:, None], dtype=np.float64)


def project(signal_g: FloatArray, direction: FloatArray) -> FloatArray:
    """Project onto a direction, element by element: the result never depends on how memory is laid out."""
    return np.asarray(
        signal_g[:, 0] * direction[0] + signal_g[:, 1] * direction[1] + signal_g[:, 2] * direction[2],
        dtype=np.float64,
    )
