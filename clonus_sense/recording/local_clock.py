"""Local times without an offset: which of two hours is meant around a change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from itertools import pairwise

import numpy as np

from clonus_sense.model import FloatArray

# Clocks change by at least half an hour (Lord Howe Island); a shorter jump has another cause.
_SMALLEST_CHANGE_S = 1000.0


class LocalClock:
    """Converts the local times of rows to seconds that continue through a change of the clocks.

    The offset from UTC changes only where the stamps jump.  A logger that shows the missing hour, or does not repeat
    the repeated one, does not follow the zone and keeps the offset of its start.
    """

    def __init__(self, zone: tzinfo, start_s: float, fold: int = 0) -> None:
        self._zone = zone
        self._start_s = start_s
        self._offset_at_start_s = _offset_s(zone, start_s, fold)
        self._offset_s = self._offset_at_start_s
        self._follows_zone = True
        self._last_s = 0.0

    @property
    def start(self) -> datetime:
        """Aware local date and time of second 0."""
        utc_s = self._start_s - self._offset_at_start_s
        return datetime.fromtimestamp(utc_s, UTC).astimezone(self._zone)

    def seconds(self, local_s: FloatArray) -> FloatArray:
        """Convert the next rows."""
        rows = np.flatnonzero(np.isfinite(local_s))
        if not len(rows):
            return local_s
        shown_s = local_s[rows]
        steps_s = np.diff(shown_s, prepend=self._last_s)
        jumps = np.flatnonzero(np.abs(steps_s) >= _SMALLEST_CHANGE_S)
        self._last_s = float(shown_s[-1])
        true_s = local_s.copy() if len(jumps) or self._offset_s != self._offset_at_start_s else local_s
        for begin, end in pairwise([0, *jumps.tolist(), len(rows)]):
            if begin in jumps:
                before_s = float(shown_s[begin] - steps_s[begin])
                self._offset_s = self._offset_after(float(shown_s[begin]), before_s)
            self._follows_zone &= self._offset_s in self._fitting(float(shown_s[end - 1]))
            if self._offset_s != self._offset_at_start_s:
                true_s[rows[begin:end]] -= self._offset_s - self._offset_at_start_s
        return true_s

    def _offset_after(self, shown_s: float, before_s: float) -> float:
        """Offset from UTC of a row behind a jump: the one with the earliest time after the row before."""
        fitting = self._fitting(shown_s)
        step_s = shown_s - before_s
        forward = {offset_s: step_s - (offset_s - self._offset_s) for offset_s in fitting}
        possible = [offset_s for offset_s in fitting if forward[offset_s] > 0]
        if self._offset_s in possible or not possible or not self._follows_zone:
            return self._offset_s
        return min(possible, key=lambda offset_s: forward[offset_s])

    def _fitting(self, shown_s: float) -> set[float]:
        """Offsets that fit the local time: two in the repeated hour and in the missing one."""
        return {_offset_s(self._zone, self._start_s + shown_s, fold) for fold in (0, 1)}


def _offset_s(zone: tzinfo, shown_s: float, fold: int) -> float:
    """Offset from UTC when a clock of the zone shows a time."""
    offset = datetime.fromtimestamp(shown_s, UTC).replace(tzinfo=zone, fold=fold).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0
