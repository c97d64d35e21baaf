"""Samples reduced second by second from the start of their stretch, so that the cut into batches does not matter."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray, SampleBatch, Stretch, TimeMap

# The values of one second.
SECOND = np.dtype(
    [
        ("start_s", np.float64),
        ("end_s", np.float64),
        # Mean acceleration, and standard deviation as root mean square of the axes, in g.
        ("mean_g", np.float64, (3,)),
        ("spread_g", np.float64),
        # Squared distances, in g^2: between its half seconds' means, and from its own mean to that of the next second.
        ("half_step_g2", np.float64),
        ("next_step_g2", np.float64),
        # Excess of the path of gravity over its turn, in the six seconds from this one on, in degrees: near 0 for a
        # turn in bed, which goes one way; large in a hand, which turns a sensor to and fro.
        ("handling_deg", np.float64),
        # Whether there are enough samples for a mean and a spread.
        ("known", np.bool_),
    ]
)

# A second is two knots of the time map, so its edges are exact times of the recording.
KNOTS_PER_SECOND = 2

# Number of seconds reduced at once.  0.4 MB of each axis at 100 Hz fits the processor's cache and limits the memory for
# any batch size.  Half or twice as many take as long.
SECONDS_AT_ONCE = 512

# Seconds over which handling is measured.  A turn in bed takes up to 5 s, and two turns rarely follow that closely; the
# shortest handling takes 5 s.
HANDLING_SECONDS = 6

# A mean acceleration below half of gravity has no reliable direction.
LEAST_GRAVITY_G = 0.5


class StretchSeconds:
    """Reduces the samples of one stretch second by second, as they come.

    A second is returned when six more have ended: only then are its end and its handling known exactly.
    """

    def __init__(self, stretch: Stretch) -> None:
        self.stretch = stretch
        self.end_index = 0
        self._size = KNOTS_PER_SECOND * stretch.knot_every
        self._n_reduced = 0
        self._first_knot = 0
        self._knot_times_s: FloatArray = np.empty(0)
        self._begun: list[FloatArray] = []
        self._held = np.empty(0, SECOND)

    def push(self, batch: SampleBatch) -> NDArray[np.void]:
        """Take the next batch; return the seconds that ended, of type :data:`SECOND`."""
        self._knot_times_s = np.concatenate([self._knot_times_s, batch.knot_times_s])
        self.end_index = batch.end_index
        edge = ceil(batch.first_index / self._size) * self._size
        parts = batch.cut(list(range(edge, batch.end_index, SECONDS_AT_ONCE * self._size)))
        closed = np.concatenate([np.empty(0, SECOND), *(self._reduce(part.accel_g) for part in parts)])
        self._forget_knots()
        return closed

    def remaining(self) -> NDArray[np.void]:
        """Return the seconds that :meth:`push` still holds, as if the stretch ended here; the state does not change."""
        seconds = self._held.copy()
        # Steps are compared in pairs; without a next second the half step does not count.
        seconds["half_step_g2"][-1:] = 0.0
        if len(seconds):
            # At the end, gravity turns no further than to its present direction.
            to_now_g = np.concatenate([seconds["mean_g"], np.repeat(seconds["mean_g"][-1:], HANDLING_SECONDS, axis=0)])
            seconds["handling_deg"] = _measure_handling_deg(to_now_g)
        n_begun = sum(map(len, self._begun))
        if n_begun:
            tail = np.zeros(1, SECOND)
            tail["start_s"] = self._knot_time_s(np.array([self._n_reduced]))
            tail["known"] = n_begun >= self.stretch.knot_every
            rows = np.concatenate(self._begun)
            tail["mean_g"], tail["spread_g"] = rows.mean(axis=0), np.sqrt(rows.var(axis=0).mean())
            seconds["end_s"][-1:] = tail["start_s"]
            seconds = np.concatenate([seconds, tail])
        if len(seconds):
            knots = TimeMap(self.stretch.knot_every, self._first_knot, self._knot_times_s, self.stretch.fs_hz)
            seconds["end_s"][-1] = knots.seconds(self.end_index)
        return seconds

    def _reduce(self, accel_g: FloatArray) -> NDArray[np.void]:
        """Reduce the complete seconds and keep the rest; return the seconds that ended."""
        n_begun = sum(map(len, self._begun))
        n_whole = (n_begun + len(accel_g)) // self._size
        if n_whole:
            rows = np.concatenate([*self._begun, accel_g]) if n_begun else accel_g
            accel_g, self._begun = rows[n_whole * self._size :], []
        if len(accel_g):
            # A copy: a view would keep the whole batch in memory.
            self._begun.append(accel_g.copy())
        if not n_whole:
            return np.empty(0, SECOND)
        seconds = np.concatenate([self._held, _reduce_whole(rows[: n_whole * self._size], self.stretch.knot_every)])
        seconds["start_s"][-n_whole:] = self._knot_time_s(self._n_reduced + np.arange(n_whole))
        self._n_reduced += n_whole
        seconds["end_s"][:-1] = seconds["start_s"][1:]
        seconds["next_step_g2"][:-1] = _squared_length(np.diff(seconds["mean_g"], axis=0))
        n_closed = max(len(seconds) - HANDLING_SECONDS, 0)
        seconds["handling_deg"][:n_closed] = _measure_handling_deg(seconds["mean_g"])
        self._held = seconds[n_closed:].copy()
        return seconds[:n_closed]

    def _knot_time_s(self, second: NDArray[np.int_]) -> FloatArray:
        """Time of the knot at the start of each second."""
        return np.asarray(self._knot_times_s[second * KNOTS_PER_SECOND - self._first_knot])

    def _forget_knots(self) -> None:
        """Keep the knots of the current second and one before, so that the time map's last line can continue."""
        drop = self._n_reduced * KNOTS_PER_SECOND - 2 - self._first_knot
        if drop > 0:
            self._knot_times_s = self._knot_times_s[drop:]
            self._first_knot += drop


def _reduce_whole(rows: FloatArray, half: int) -> NDArray[np.void]:
    """Reduce whole seconds, each of two halves; their times are set later."""
    seconds = np.zeros(len(rows) // (2 * half), SECOND)
    seconds["known"] = True
    variance_g2 = np.zeros(len(seconds))
    for axis in range(3):
        samples = np.ascontiguousarray(rows[:, axis]).reshape(len(seconds), 2 * half)
        halves = samples.reshape(len(seconds), 2, half).mean(axis=2)
        mean = halves.mean(axis=1)
        around = samples - mean[:, np.newaxis]
        variance_g2 += np.einsum("ij,ij->i", around, around) / (2 * half)
        seconds["mean_g"][:, axis] = mean
        seconds["half_step_g2"] += (halves[:, 1] - halves[:, 0]) ** 2
    seconds["spread_g"] = np.sqrt(variance_g2 / 3)
    return seconds


def _measure_handling_deg(means_g: FloatArray) -> FloatArray:
    """Measure the handling that begins in each second except the last six; see :data:`SECOND`."""
    steps_deg = _measure_angles_deg(means_g[:-1], means_g[1:])
    n_measured = max(len(means_g) - HANDLING_SECONDS, 0)
    # Add one after the other, so that the sum rounds alike for any cut of the samples.
    way_deg = np.zeros(n_measured)
    for ahead in range(HANDLING_SECONDS):
        way_deg += steps_deg[ahead : ahead + n_measured]
    return way_deg - _measure_angles_deg(means_g[:n_measured], means_g[HANDLING_SECONDS:])


def _measure_angles_deg(ones_g: FloatArray, others_g: FloatArray) -> FloatArray:
    """Angle between the directions in each row, in degrees; 0 if either is too short to have a direction."""
    product_g2 = ones_g[:, 0] * others_g[:, 0] + ones_g[:, 1] * others_g[:, 1] + ones_g[:, 2] * others_g[:, 2]
    lengths_g = np.sqrt(_squared_length(ones_g)), np.sqrt(_squared_length(others_g))
    directed = np.minimum(*lengths_g) >= LEAST_GRAVITY_G
    cosine = product_g2 / np.where(directed, lengths_g[0] * lengths_g[1], 1.0)
    return np.where(directed, np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))), 0.0)


def _squared_length(vectors: FloatArray) -> FloatArray:
    """Squared length of each row; axes are added in a fixed order."""
    return np.asarray(vectors[:, 0] ** 2 + vectors[:, 1] ** 2 + vectors[:, 2] ** 2)
