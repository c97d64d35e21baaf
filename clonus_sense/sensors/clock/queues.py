"""Packets into runs: sorted, repeats removed, losses told from delays, in bounded time."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.sensors.clock.clocked import LossReason
from clonus_sense.sensors.clock.host_map import HostMap
from clonus_sense.sensors.clock.numbering import NumberedPacket, SamplePeriod
from clonus_sense.sensors.packet import SensorPacket

# Wait for a missing packet; the radio itself never changes the order.
HOLD_S = 1.0
# Arrivals of this long tell when the first samples were measured, and whether a stall is caught up.
LOOK_S = 1.5
# A quarter of a second is short beside the seconds that an episode needs to be decided.
JOIN_S = 0.25
# Without stamps, a packet this late may follow a loss; a packet within the second limit has caught up.
_LATE_S = 0.15
_CAUGHT_UP_S = 0.03
# A shorter loss is hidden by the scatter of arrivals.
_LEAST_LOSS_S = 0.07
# Weight of a new observation in the running smallest delay.
_TYPICAL_WEIGHT = 0.2
_LOSS_PERIODS = 1.5
# Until the rate is known, its error over this long looks like a delay.
_RATE_ERROR_OVER_S = 10.0
# Two packets may share one sample because stamps scatter; if more samples overlap, one packet is wrong.
_SHARED = 2
_FIRST = attrgetter("first")


@dataclass(frozen=True, slots=True)
class Loss:
    """Samples that are missing before a run; ``is_new_epoch`` if only arrivals tell how long the loss lasted."""

    reason: LossReason
    n_lost: int | None = None  # None if the sensor cannot tell
    is_new_epoch: bool = False


# A named tuple for speed, as there is one for each packet.
class Run(NamedTuple):
    """Samples that follow the previous run or a loss; ``first`` is ``None`` if the sensor neither counts nor stamps."""

    accel_g: FloatArray
    first: int | None
    first_device_s: float
    last_device_s: float
    loss: Loss | None
    boot_id: int | None = None


class RunJoiner:
    """Joins short runs: one run for each sample would make the work of a night tenfold."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def push(self, run: Run) -> list[Run]:
        """Take a run; return joined runs that are long enough, or that end at a loss."""
        out = self.take() if run.loss is not None else []
        self._runs.append(run)
        if run.last_device_s - self._runs[0].first_device_s >= JOIN_S:
            out += self.take()
        return out

    def take(self) -> list[Run]:
        """Return the waiting runs as one run."""
        runs, self._runs = self._runs, []
        if len(runs) < 2:
            return runs
        first, accel_g = runs[0], np.concatenate([run.accel_g for run in runs])
        return [Run(accel_g, first.first, first.first_device_s, runs[-1].last_device_s, first.loss, first.boot_id)]


class OrderedQueue:
    """Packets of one epoch of a sensor that stamps or counts."""

    def __init__(self, loss: Loss | None, opened_s: float) -> None:
        self.n_passed_over = 0
        self._loss = loss
        self._opened_s = opened_s
        self._pending: list[NumberedPacket] = []
        self._reason: LossReason | None = None
        self.next: int | None = None

    def lose_link(self) -> None:
        """Note that a loss before the next packet comes from the link."""
        self._reason = LossReason.LINK

    def is_late(self, packet: NumberedPacket) -> bool:
        """Whether all samples of a packet were already given out or given up."""
        return self.next is not None and packet.end <= self.next

    def push(self, packet: NumberedPacket) -> None:
        """Queue a packet that is not late; it replaces a queued packet for the same samples."""
        for place, other in enumerate(self._pending):
            if contradict(packet, other):
                self.n_passed_over += len(other.accel_g)
                del self._pending[place]
                break
        insort(self._pending, packet, key=_FIRST)

    def release(self, now_s: float, period: SamplePeriod, *, everything: bool = False) -> list[Run]:
        """Return the packets that are in order, and those that have waited long enough for a missing one."""
        # The first packets wait for enough arrivals to determine their time.
        if self.next is None and now_s - self._opened_s < LOOK_S and not everything:
            return []
        runs: list[Run] = []
        while self._pending:
            packet = self._pending[0]
            follows = self.next is None or packet.first <= self.next
            explained = packet.has_gap_before or self._reason is not None
            if not (follows or explained or everything or now_s - packet.arrival_s >= HOLD_S):
                break
            del self._pending[0]
            if self.is_late(packet):
                self.n_passed_over += len(packet.accel_g)
            else:
                runs.append(self._run(packet, period))
        return runs

    def _run(self, packet: NumberedPacket, period: SamplePeriod) -> Run:
        """Take the new part of a packet, with the loss before it."""
        expected = packet.first if self.next is None else self.next
        n_old = max(0, expected - packet.first)
        self.n_passed_over += n_old
        first, accel_g = packet.first + n_old, packet.accel_g[n_old:]
        n_lost = first - expected
        # A sensor that reports a loss has lost something, even if it does not count the samples.
        in_sensor = packet.has_gap_before and not n_old and self.next is not None
        loss = self._loss
        if loss is None and (n_lost or in_sensor):
            reason = self._reason or (LossReason.SENSOR if in_sensor else LossReason.PACKETS)
            loss = Loss(reason, n_lost or None)
        self._loss = self._reason = None
        self.next = packet.end
        first_device_s = packet.device_s - (len(accel_g) - 1) * period.seconds
        return Run(accel_g, first, first_device_s, packet.device_s, loss, packet.boot_id)


def contradict(packet: NumberedPacket, other: NumberedPacket) -> bool:
    """Tell whether two packets claim the same samples, so that one of them is wrong."""
    shared = min(packet.end, other.end) - max(packet.first, other.first)
    return shared >= min(_SHARED, len(packet.accel_g), len(other.accel_g))


class ArrivalQueue:
    """Packets of a sensor that sends no stamps and no count.

    The number of samples received is the device's clock.  A late packet opens a wait.  If later packets catch up
    with the count, it was a delay.  Otherwise the smallest delay among them, minus the usual smallest delay, was a
    loss.
    """

    def __init__(self, period_s: float, host_map: HostMap) -> None:
        self._period_s = period_s
        self._host_map = host_map
        self._next_s = 0.0
        self._held: list[SensorPacket] = []
        self._reason: LossReason | None = None
        self._typical_s = 0.0
        self._least_s = np.inf
        self._looking_since_s = -np.inf

    def lose_link(self) -> None:
        """Note that samples are missing before the next packet because the link was lost."""
        self._reason = None if self._host_map.is_empty else LossReason.LINK

    def push(self, packet: SensorPacket) -> list[Run]:
        """Take a packet, and return it unless it must wait."""
        must_wait = self._host_map.is_empty or self._reason is not None
        late_s = packet.arrival_s - self._host_map.seconds(self._last_s(packet))
        if self._held or must_wait or late_s > _LATE_S + self._rate_error_s:
            self._held.append(packet)
            return []
        return [self._run(packet, None)]

    def release(self, now_s: float, *, everything: bool = False) -> list[Run]:
        """Return the packets that have waited long enough."""
        if not self._held:
            return []
        is_over = everything or now_s - self._held[0].arrival_s >= LOOK_S
        if self._host_map.is_empty:
            return self._give_out(None) if is_over else []
        lost_s = self._least_delay_s()
        if self._reason is None and lost_s <= _CAUGHT_UP_S:
            return self._give_out(None)
        if not is_over:
            return []
        least_s = max(_LEAST_LOSS_S, _LOSS_PERIODS * self._period_s) + self._rate_error_s
        if self._reason is None and lost_s < least_s:
            return self._give_out(None)
        # A loss is at least one sample.
        self._next_s += max(lost_s / self._host_map.slope, self._period_s)
        loss = Loss(self._reason or LossReason.PACKETS)
        self._reason = None
        return self._give_out(loss)

    @property
    def _rate_error_s(self) -> float:
        """Apparent delay that an error of the rate may cause."""
        return 2 * self._host_map.uncertainty_ratio * _RATE_ERROR_OVER_S

    def _last_s(self, packet: SensorPacket) -> float:
        """Device time of the last sample of the next packet."""
        return self._next_s + (len(packet.accel_g) - 1) * self._period_s

    def _least_delay_s(self) -> float:
        """Smallest delay of the waiting packets, beyond the usual smallest delay."""
        device_s = self._next_s
        delays_s = []
        for packet in self._held:
            device_s += len(packet.accel_g) * self._period_s
            delays_s.append(packet.arrival_s - self._host_map.seconds(device_s - self._period_s))
        return min(delays_s) - self._typical_s

    def _give_out(self, loss: Loss | None) -> list[Run]:
        """Return all waiting packets."""
        held, self._held = self._held, []
        return [self._run(packet, loss if number == 0 else None) for number, packet in enumerate(held)]

    def _run(self, packet: SensorPacket, loss: Loss | None) -> Run:
        """Count a packet's samples and note its arrival."""
        first_s, last_s = self._next_s, self._last_s(packet)
        self._host_map.add(last_s, packet.arrival_s)
        self._look(packet.arrival_s, packet.arrival_s - self._host_map.seconds(last_s))
        self._next_s = last_s + self._period_s
        return Run(packet.accel_g, None, first_s, last_s, loss)

    def _look(self, arrival_s: float, late_s: float) -> None:
        """Update the usual smallest delay, once for each length of a wait."""
        self._least_s = min(self._least_s, late_s)
        if arrival_s - self._looking_since_s >= LOOK_S:
            if self._least_s < _LATE_S:
                self._typical_s += _TYPICAL_WEIGHT * (self._least_s - self._typical_s)
            self._least_s, self._looking_since_s = np.inf, arrival_s
