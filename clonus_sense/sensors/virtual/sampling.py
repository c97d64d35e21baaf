"""Sampling of a virtual sensor: it samples at its own rate and passes packets to its firmware."""

from __future__ import annotations

import asyncio
import bisect
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.sensors.virtual.peripheral import World

Movement: TypeAlias = Callable[[int, int], FloatArray]
"""Gives the samples ``[first, first + n)``, in g, shape ``(n, 3)``."""

# A packet leaves at the next connection event, within this time.
LONGEST_WAIT_S = 0.03


def play(accel_g: FloatArray) -> Movement:
    """Play a recording or a simulation; after its end the sensor rests in its last position."""
    last = len(accel_g) - 1

    def samples(first: int, n_samples: int) -> FloatArray:
        if first + n_samples <= last:
            return accel_g[first : first + n_samples]
        return np.asarray(accel_g[np.minimum(np.arange(first, first + n_samples), last)])

    return samples


@dataclass(frozen=True, slots=True)
class Crystal:
    """Errors of a virtual sensor's clocks, as ratios: 0.01 of ``rate_error`` samples 1 % fast."""

    rate_error: float = 0.0
    stamp_error: float = 0.0


PERFECT = Crystal()


class Sampler:
    """Samples while it is on; sends packets while it is live.

    Sample numbers count from the first one that the sensor ever took, across reboots and pauses.
    """

    def __init__(self, air: World, movement: Movement, crystal: Crystal) -> None:
        self._air = air
        self._movement = movement
        self._crystal = crystal
        self._rate_hz = 1.0
        self._first: list[int] = []  # first sample of each power-on period
        self._start_s: list[float] = []
        self._fs_hz: list[float] = []
        self._n_before = 0
        self._timer: asyncio.TimerHandle | None = None
        self._next = 0
        self._jitter = random.Random(20)
        self.is_on = False

    def begin(self, rate_hz: float) -> None:
        """Start sampling at a nominal rate; the first sample comes after one period."""
        if self.is_on:
            return
        self.is_on = True
        fs_hz = rate_hz * (1.0 + self._crystal.rate_error)
        self._first.append(self._n_before)
        self._start_s.append(self._air.now_s() + 1 / fs_hz)
        self._fs_hz.append(fs_hz)

    def end(self) -> None:
        """Stop sampling."""
        self.pause()
        self._n_before = self.n_taken()
        self.is_on = False

    def n_taken(self) -> int:
        """Return the number of samples taken so far."""
        if not self.is_on:
            return self._n_before
        return self._first[-1] + math.floor((self._air.now_s() - self._start_s[-1]) * self._fs_hz[-1] + 1e-6) + 1

    def time_s(self, sample: int) -> float:
        """Return the true time of a past or future sample, on the clock of the air."""
        which = max(0, bisect.bisect_right(self._first, sample) - 1)
        return self._start_s[which] + (sample - self._first[which]) / self._fs_hz[which]

    def samples(self, first: int, n_samples: int) -> FloatArray:
        """Return the acceleration of samples, in g, shape ``(n_samples, 3)``."""
        return self._movement(first, n_samples)

    def go_live(self, batch: int, send: Callable[[int, int], None], first: int | None = None) -> None:
        """Call ``send(first, n_samples)`` for every ``batch`` new samples from now on."""
        self.pause()
        self._next = self.n_taken() if first is None else first
        wait_s = min(LONGEST_WAIT_S, 0.5 * batch / self._fs_hz[-1])

        def due_s() -> float:
            return self.time_s(self._next + batch - 1) + self._jitter.random() * wait_s

        def tick() -> None:
            self._timer = None
            first, self._next = self._next, self._next + batch
            self._timer = self._air.call_at(due_s(), tick)
            send(first, batch)

        self._timer = self._air.call_at(due_s(), tick)

    def next_live(self) -> int:
        """Return the number of the first sample that was not sent live; valid while it is live."""
        return self._next

    def pause(self) -> None:
        """Stop sending; sampling continues."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def stamp_s(self, sample: int, since_s: float) -> float:
        """Time of a sample on the sensor's own clock, in seconds since true time ``since_s``."""
        return (self.time_s(sample) - since_s) * (1.0 + self._crystal.stamp_error)
