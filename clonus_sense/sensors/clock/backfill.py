"""Late samples: which of them fill a gap, and when they were measured."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.rounding import round_as_written
from clonus_sense.sensors.clock.clocked import Backfill
from clonus_sense.sensors.clock.numbering import NumberedPacket

# Enough for a loss every ten seconds all night; the oldest are no longer filled.
_MOST_RANGES = 4096


@dataclass(frozen=True, slots=True)
class _Missing:
    """Missing samples ``[first, end)`` of an epoch, and the straight line of their times."""

    epoch: int
    first: int
    end: int
    time_of_zero_s: float
    period_s: float


class BackfillBook:
    """Keeps a list of missing samples, and takes late samples off it."""

    def __init__(self, step_g: float | None) -> None:
        self._step_g = step_g
        self._missing: deque[_Missing] = deque(maxlen=_MOST_RANGES)
        self.n_passed_over = 0

    def lose(self, epoch: int, first: int, end: int, *, before_s: float, after_s: float) -> None:
        """Note samples ``[first, end)`` as missing between the times of their neighbours."""
        period_s = (after_s - before_s) / (end - first + 1)
        self._missing.append(_Missing(epoch, first, end, before_s - (first - 1) * period_s, period_s))

    def misses(self, packet: NumberedPacket) -> bool:
        """Whether some of the samples of a packet are missing."""
        return any(
            missing.epoch == packet.epoch and packet.first < missing.end and missing.first < packet.end
            for missing in self._missing
        )

    def fill(self, packet: NumberedPacket) -> list[Backfill]:
        """Return the samples of a late packet that are still missing; each sample is returned once."""
        filled: list[Backfill] = []
        n_new = 0
        still: list[_Missing] = []
        for missing in self._missing:
            start, end = max(packet.first, missing.first), min(packet.end, missing.end)
            if missing.epoch != packet.epoch or start >= end:
                still.append(missing)
                continue
            indices = np.arange(start, end, dtype=np.float64)
            times_s: FloatArray = missing.time_of_zero_s + missing.period_s * indices
            accel_g = packet.accel_g[start - packet.first : end - packet.first]
            rounded = round_as_written(times_s, accel_g, self._step_g)
            filled.append(Backfill(rounded.times_s, rounded.accel_g))
            n_new += end - start
            rests = ((missing.first, start), (end, missing.end))
            still += [_with_range(missing, *rest) for rest in rests if rest[0] < rest[1]]
        if filled:
            self._missing = deque(still, maxlen=_MOST_RANGES)
        self.n_passed_over += len(packet.accel_g) - n_new
        return filled


def _with_range(missing: _Missing, first: int, end: int) -> _Missing:
    """Return a part of a missing range."""
    return _Missing(missing.epoch, first, end, missing.time_of_zero_s, missing.period_s)
