"""From sensor time to host time, by the earliest arrivals: a packet can be late but never early.

Reference: Moon, Skelly, Towsley (1999), Estimation and removal of clock skew from network delay measurements, INFOCOM.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

# The window has this many bins, each with its earliest arrival, so memory and work stay small all night.
_MOST_BINS = 64
_FIRST_BIN_S = 0.5
# Oscillators are at most 5 % off; a larger error has another cause.
MOST_RATE_ERROR_RATIO = 0.06
# Scatter of the earliest arrivals within the first seconds, and when many arrivals give a better estimate.
_FIRST_SCATTER_S = 0.1
_FIRST_SCATTER_UNTIL_S = 60.0
# A deviation of this multiple of the expected one refutes the prior.
_REFUTED = 4.0
# The rate still drifts by this part of its initial uncertainty, however well it was measured.
_DRIFT_RATIO = 0.1
# The scatter of radio scheduling is at least this.
_LEAST_SCATTER_S = 0.002


class _Point(NamedTuple):
    """An arrival; ``key`` is the number of its bin."""

    key: int
    device_s: float
    arrival_s: float


class HostMap:
    """The line below all arrivals: host time by device time.

    The line follows the edge of the arrivals' lower convex hull below their middle: no other line below all arrivals is
    nearer.  Its slope is weighed against the prior rate: a few seconds of arrivals say less than a crystal.  The line
    then moves up until it touches the latest arrivals.
    """

    def __init__(self, window_s: float, offset_window_s: float, prior_ratio: float) -> None:
        self._window_s = window_s
        self._offset_window_s = offset_window_s
        self._prior = 1.0
        self._prior_ratio = prior_ratio
        self._least_prior_ratio = prior_ratio * _DRIFT_RATIO
        self._offset_s = 0.0
        self._bin_s = _FIRST_BIN_S
        self._points: list[_Point] = []
        self.slope = 1.0
        self.uncertainty_ratio = prior_ratio

    @property
    def is_empty(self) -> bool:
        """Whether nothing has arrived yet."""
        return not self._points

    def seconds(self, device_s: float) -> float:
        """Host time at which the device's clock showed this time."""
        return self._offset_s + self.slope * device_s

    def restart(self) -> None:
        """Forget all arrivals because the device's clock restarted; the rate remains the best guess."""
        self._keep_rate()
        self._points = []
        self._bin_s = _FIRST_BIN_S

    def add(self, device_s: float, arrival_s: float) -> None:
        """Add the arrival of a packet, with the device time of its last sample."""
        point = _Point(int(device_s // self._bin_s), device_s, arrival_s)
        if not self._points:
            self._points = [point]
            self._fit()
        elif point.key > self._points[-1].key:
            self._points.append(point)
            self._forget()
            self._fit()
        elif point.key == self._points[-1].key:
            if self._late_s(point) < self._late_s(self._points[-1]):
                self._points[-1] = point
        elif self._late_s(point) < 0:
            insort(self._points, point)
            self._fit()
        # A packet that arrived before its measurement by the line proves the line too late.
        self._offset_s = min(self._offset_s, arrival_s - self.slope * device_s)

    def _late_s(self, point: _Point) -> float:
        """Delay of a point behind the line."""
        return point.arrival_s - self.seconds(point.device_s)

    def _forget(self) -> None:
        """Drop points older than the window; merge bins in pairs if there are too many."""
        oldest = self._points[-1].device_s - self._window_s
        if self._points[0].device_s < oldest:
            if self._points[-2].device_s < oldest:
                self._keep_rate()
            self._points = [point for point in self._points if point.device_s >= oldest]
        if len(self._points) <= _MOST_BINS:
            return
        self._bin_s *= 2
        merged: dict[int, _Point] = {}
        for point in self._points:
            key = int(point.device_s // self._bin_s)
            other = merged.get(key)
            if other is None or self._late_s(point) < self._late_s(other):
                merged[key] = _Point(key, point.device_s, point.arrival_s)
        self._points = list(merged.values())

    def _keep_rate(self) -> None:
        """Use the measured rate as the new prior."""
        self._prior = self.slope
        self._prior_ratio = max(self.uncertainty_ratio, self._least_prior_ratio)

    def _fit(self) -> None:
        """Fit rate and offset to the arrivals."""
        points = self._points
        span_s = points[-1].device_s - points[0].device_s
        if span_s > 0:
            fitted = _slope_below_middle(points)
            late = sorted(point.arrival_s - fitted * point.device_s for point in points)
            scatter_s = _LEAST_SCATTER_S + late[len(late) // 2] - late[0]
            scatter_s += _FIRST_SCATTER_S * max(0.0, 1 - span_s / _FIRST_SCATTER_UNTIL_S)
            self._weigh(fitted, scatter_s / span_s)
        recent_s = points[-1].device_s - self._offset_window_s
        self._offset_s = min(
            point.arrival_s - self.slope * point.device_s for point in points if point.device_s >= recent_s
        )

    def _weigh(self, fitted: float, fitted_ratio: float) -> None:
        """Weigh the fitted rate against the prior, each by its uncertainty."""
        prior_ratio = self._prior_ratio
        if abs(fitted - self._prior) > _REFUTED * max(fitted_ratio, prior_ratio):
            # The sensor refutes the prior: use the measurement.
            prior_ratio = MOST_RATE_ERROR_RATIO
        weight = fitted_ratio**-2 / (fitted_ratio**-2 + prior_ratio**-2)
        slope = self._prior + weight * (fitted - self._prior)
        self.slope = min(max(slope, 1 - MOST_RATE_ERROR_RATIO), 1 + MOST_RATE_ERROR_RATIO)
        self.uncertainty_ratio = (fitted_ratio**-2 + prior_ratio**-2) ** -0.5


def slope_of_arrivals(arrivals: Sequence[tuple[float, float]]) -> float:
    """Slope of the line below a few ``(device_s, arrival_s)``; 1 if they do not determine it."""
    return _slope_below_middle([_Point(0, device_s, arrival_s) for device_s, arrival_s in arrivals])


def _slope_below_middle(points: list[_Point]) -> float:
    """Slope of the edge of the lower convex hull below the middle of the points."""
    hull: list[_Point] = []
    for point in points:
        while len(hull) > 1 and _turns_right(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    middle_s = sum(point.device_s for point in points) / len(points)
    for left, right in pairwise(hull):
        if right.device_s >= middle_s and right.device_s > left.device_s:
            return (right.arrival_s - left.arrival_s) / (right.device_s - left.device_s)
    return 1.0


def _turns_right(first: _Point, second: _Point, third: _Point) -> bool:
    """Whether the second of three points lies on or above the line from the first to the third."""
    rise = (second.arrival_s - first.arrival_s) * (third.device_s - first.device_s)
    return rise >= (third.arrival_s - first.arrival_s) * (second.device_s - first.device_s)
