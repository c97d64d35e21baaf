"""Columns in threes that rest near 1 g or have similar names, but are not acceleration."""

from __future__ import annotations

import re

import numpy as np

from clonus_sense.errors import ColumnError
from clonus_sense.model import FloatArray

# An estimate of gravity has a constant length; the noise of any accelerometer changes its length by more.
_CONSTANT_LENGTH = 2e-4
# With steps finer than this, an accelerometer shows its noise; with coarser steps it may show none at rest.
_FINEST_STEP_G = 2e-4
_MOST_NOISE_G = 5e-6
# A direction that turns at constant length is an estimate even without a look at its noise.
_LEAST_TURN_G = 0.01
_TURN_RATIO = 50.0
# The four numbers of a rotation have length 1, within the rounding of the file.
_UNIT_LENGTH = 2e-3
# The mean of a second is mostly gravity, even during running; people do not accelerate by 3 g for a whole second.
_MOST_MEAN_G = 3.0
_MOST_SECONDS_BEYOND = 0.05
_FEWEST_ROWS = 100
_TURNING_NAME = re.compile(r"gyr|omega|angular|rotation.?rate|^w\W?_?[xyz]|角速度", re.IGNORECASE)
_ROTATION_NAME = re.compile(r"quat|orient|attitude|euler|^q\W?_?[xyz0-3]", re.IGNORECASE)
_GRAVITY_NAME = re.compile(r"gravity", re.IGNORECASE)
_LINEAR_NAME = re.compile(r"linear|user.?acc|without.?g", re.IGNORECASE)
_INSTEAD = "name the columns of the raw accelerometer with --columns TIME,X,Y,Z, or record it as well"
_NAMED = (
    (_TURNING_NAME, "the angular rate of a gyroscope"),
    (_ROTATION_NAME, "an orientation (quaternions or angles)"),
    (_GRAVITY_NAME, "an estimate of gravity"),
    (_LINEAR_NAME, "linear acceleration, from which gravity was taken out"),
)


def name_look_alike(names: tuple[str, ...], file_name: str) -> str | None:
    """Return the quantity that the column names or the file name state, such as angular rate."""
    for text in (*names, file_name):
        for pattern, what in _NAMED:
            if pattern.search(text):
                return what
    return None


def refuse_look_alikes(accel_g: FloatArray, fs_hz: float, columns: str) -> None:
    """Refuse columns that rest near 1 g and are not acceleration."""
    is_row = np.isfinite(accel_g).all(axis=1)
    accel_g = accel_g[is_row]
    if len(accel_g) < _FEWEST_ROWS:
        return
    if _is_gravity_estimate(accel_g):
        raise ColumnError(
            f"columns {columns} look like an estimate of gravity: their length is always the same, and they have "
            f"no noise; {_INSTEAD}."
        )
    if not _stays_near_gravity(accel_g, fs_hz):
        raise ColumnError(
            f"columns {columns} look like the angular rate of a gyroscope: whole seconds lie beyond 3 g; {_INSTEAD}."
        )


def refuse_rotation(axes: FloatArray, others: FloatArray, columns: str) -> None:
    """Refuse three of the four numbers of a rotation; ``axes`` and ``others`` are unconverted."""
    is_row = np.isfinite(axes).all(axis=1)
    squares = (axes[is_row] ** 2).sum(axis=1)
    if len(squares) < _FEWEST_ROWS:
        return
    for other in others[is_row].T:
        length = np.sqrt(squares + other**2)
        is_varied = np.ptp(other) > 0 and np.ptp(squares) > _UNIT_LENGTH
        if is_varied and np.isfinite(length).all() and np.abs(length - 1).max() < _UNIT_LENGTH:
            raise ColumnError(
                f"columns {columns} look like a rotation (quaternion): with one more column their length is always 1; "
                f"{_INSTEAD}."
            )


def _is_gravity_estimate(accel_g: FloatArray) -> bool:
    """Whether the length never changes although the values are finely stepped and smooth."""
    lengths = np.linalg.norm(accel_g, axis=1)
    low, high = np.quantile(lengths, [0.01, 0.99])
    if high - low > _CONSTANT_LENGTH * high:
        return False
    steps_g = [np.diff(np.unique(axis)) for axis in accel_g.T]
    finest_g = min((float(steps.min()) for steps in steps_g if len(steps)), default=np.inf)
    if finest_g > _FINEST_STEP_G:
        return False
    if np.ptp(accel_g, axis=0).max() > max(_LEAST_TURN_G, _TURN_RATIO * (high - low)):
        return True
    # Third differences remove a slow turn and multiply the noise of an accelerometer by sqrt(20).
    noise_g = float(np.median(np.abs(np.diff(accel_g, n=3, axis=0)).max(axis=1))) / np.sqrt(20)
    return bool(noise_g < _MOST_NOISE_G)


def _stays_near_gravity(accel_g: FloatArray, fs_hz: float) -> bool:
    """Whether the mean of nearly every second is plausible for a body on Earth."""
    n_per_second = max(1, round(fs_hz))
    n_seconds = len(accel_g) // n_per_second
    means_g = accel_g[: n_seconds * n_per_second].reshape(n_seconds, n_per_second, 3).mean(axis=1)
    n_beyond = np.count_nonzero(np.linalg.norm(means_g, axis=1) > _MOST_MEAN_G)
    return bool(n_beyond <= _MOST_SECONDS_BEYOND * n_seconds)
