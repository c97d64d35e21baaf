"""Each packet's position in the sensor's own count, with wrap-arounds and reboots removed."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from clonus_sense.model import FloatArray
from clonus_sense.sensors.packet import PacketFlag, SensorPacket, StampedSample, StreamFormat

# A step this much longer than nominal has lost samples, until the rate is known; then one of this many periods has.
_SURELY_LOST_RATIO = 1.5
_LOST_PERIODS = 0.6
# Index and stamp agree within this ratio once the period is measured: oscillators drift less over minutes.
_DRIFT_RATIO = 0.005
# A sensor may start to sample at twice or half the rate; a step beyond this ratio is not a rate.
_MOST_RATE_RATIO = 2.5
# A period from one second of stamps in milliseconds counts fewer lost samples than this exactly.
_SURELY_COUNTED = 100
# Window of the sample period, with one point each second: stamps in milliseconds need minutes to determine it.
_PERIOD_WINDOW_S = 300.0
_PERIOD_POINT_S = 1.0


# A night has one for each packet; a named tuple is made three times as fast as a frozen dataclass.
class NumberedPacket(NamedTuple):
    """A packet with its position; an epoch is a time without a restart of the sensor's count."""

    accel_g: FloatArray
    arrival_s: float
    epoch: int
    first: int  # index of the first sample; never wraps
    end: int  # index behind the last sample
    device_s: float  # of the last sample, since the start of the epoch
    boot_id: int | None
    is_replayed: bool
    has_gap_before: bool
    misfit_s: float  # how much later the stamp is than the index, or the count of samples, predicts


class SamplePeriod:
    """Time between two samples by the device's clock: measured over the last minutes, nominal before that."""

    def __init__(self, nominal_s: float) -> None:
        self._nominal_s = nominal_s
        self._points: deque[tuple[int, float]] = deque()
        self.seconds = nominal_s
        self.is_measured = False

    def add(self, index: int, device_s: float) -> None:
        """Add the stamp of a sample, later than all before."""
        points = self._points
        if points:
            n_samples, span_s = index - points[0][0], device_s - points[0][1]
            if span_s >= _PERIOD_POINT_S and n_samples > 0:
                measured_s = span_s / n_samples
                if 1 / _MOST_RATE_RATIO <= measured_s / self._nominal_s <= _MOST_RATE_RATIO:
                    self.seconds, self.is_measured = measured_s, True
        if not points or device_s - points[-1][1] >= _PERIOD_POINT_S:
            points.append((index, device_s))
            if device_s - points[0][1] > _PERIOD_WINDOW_S:
                points.popleft()

    def restart(self, *, is_known: bool = True) -> None:
        """Measure from here on; unless ``is_known``, the period so far is only a guess."""
        self._points.clear()
        self.is_measured &= is_known


class Numberer:
    """Numbers the packets of a sensor that stamps or counts.

    Placing a packet changes nothing; only an accepted packet advances the count.
    """

    def __init__(self, stream: StreamFormat) -> None:
        self._fs_hz = stream.fs_hz
        self._tick_s = stream.tick_s
        self._stamps_first = stream.stamped_sample is StampedSample.FIRST
        self._half_stamp = 1 << (stream.stamp_bits - 1)
        self._half_index = 1 << ((stream.index_bits or 64) - 1)
        self._boot_id: int | None = None
        self._last_index = -1
        self._last_ticks = 0
        self._last_device_s = 0.0
        self.end = 0
        self.epoch = -1
        self.period = SamplePeriod(1 / stream.fs_hz)

    def knows_boot(self, boot_id: int | None) -> bool:
        """Whether a packet of this boot can be placed."""
        return self.epoch >= 0 and boot_id == self._boot_id

    def start_epoch(self, packet: SensorPacket) -> None:
        """Count from this packet on, because the sensor's count restarted or jumped."""
        self.epoch += 1
        self._boot_id = packet.boot_id
        first = packet.first_index or 0
        self.end = first
        self._last_index = first + self._stamped(packet)
        self._last_ticks = packet.stamp_ticks or 0
        self._last_device_s = self._stamped(packet) / self._fs_hz
        self.period.restart(is_known=False)

    def place(self, packet: SensorPacket) -> NumberedPacket | None:
        """Place a packet; ``None`` if it is a repeat, of another boot, or a replay without an index."""
        is_replayed = PacketFlag.REPLAYED in packet.flags
        if not self.knows_boot(packet.boot_id) or (is_replayed and packet.first_index is None):
            return None
        place = self._by_stamp(packet) if packet.first_index is None else self._by_index(packet, packet.first_index)
        if place is None:
            return None
        first, device_s, misfit_s = place
        has_gap_before = PacketFlag.GAP_BEFORE in packet.flags
        return NumberedPacket(
            accel_g=packet.accel_g,
            arrival_s=packet.arrival_s,
            epoch=self.epoch,
            first=first,
            end=first + len(packet.accel_g),
            device_s=device_s,
            boot_id=packet.boot_id,
            is_replayed=is_replayed,
            has_gap_before=has_gap_before,
            # During a pause the index advances at the nominal rate, or not at all.
            misfit_s=0.0 if has_gap_before or is_replayed else misfit_s,
        )

    def tolerance_s(self, n_samples: int) -> float:
        """Largest misfit of a packet this many samples after the newest one."""
        drift_ratio = _DRIFT_RATIO if self.period.is_measured else _SURELY_LOST_RATIO - 1
        return max(_LOST_PERIODS, drift_ratio * abs(n_samples)) * self.period.seconds

    def accept(self, packet: SensorPacket, numbered: NumberedPacket) -> None:
        """Advance the count to a packet if it is the newest."""
        if numbered.end <= self.end:
            return
        if packet.stamp_ticks is not None:
            n_worked_out = numbered.first - self.end if packet.first_index is None else 0
            if n_worked_out > _SURELY_COUNTED or numbered.has_gap_before:
                # A loss with a wrong or missing count of samples must not bend the period.
                self.period.restart()
            self._last_device_s += self._seconds_after_last(packet.stamp_ticks)
            self._last_index, self._last_ticks = numbered.first + self._stamped(packet), packet.stamp_ticks
            self.period.add(self._last_index, self._last_device_s)
        self.end = numbered.end

    def device_s(self, stamp_ticks: int, boot_id: int | None) -> float | None:
        """Convert a stamp to seconds since the start of the epoch; ``None`` if it is of another boot."""
        if not self.knows_boot(boot_id) or self._tick_s is None:
            return None
        return self._last_device_s + self._seconds_after_last(stamp_ticks)

    def _seconds_after_last(self, stamp_ticks: int) -> float:
        """Device time from the newest stamp to another; negative if the other is earlier."""
        return signed_difference(stamp_ticks - self._last_ticks, self._half_stamp) * (self._tick_s or 0.0)

    def _stamped(self, packet: SensorPacket) -> int:
        """Position of the stamped sample within a packet."""
        return 0 if self._stamps_first else len(packet.accel_g) - 1

    def _by_index(self, packet: SensorPacket, first_index: int) -> tuple[int, float, float]:
        """Place a packet by the device's index: index of the first sample, device time of the last, misfit."""
        first = self.end + signed_difference(first_index - self.end, self._half_index)
        to_last = len(packet.accel_g) - 1
        if packet.stamp_ticks is None or not self._tick_s:
            return first, (first + to_last) / self._fs_hz, 0.0
        step_s, stamped = self._seconds_after_last(packet.stamp_ticks), self._stamped(packet)
        misfit_s = step_s - (first + stamped - self._last_index) * self.period.seconds
        return first, self._last_device_s + step_s + (to_last - stamped) * self.period.seconds, misfit_s

    def _by_stamp(self, packet: SensorPacket) -> tuple[int, float, float] | None:
        """Place a packet by the time since the newest stamp; ``None`` for a repeat."""
        step_s = self._seconds_after_last(packet.stamp_ticks or 0)
        stamped = self._stamped(packet)
        n_steps = self.end + stamped - self._last_index
        if step_s == 0 and self.end > self._last_index:
            return None
        period_s = self.period.seconds
        late_s, misfit_s = step_s - n_steps * period_s, 0.0
        if step_s < 0:
            index = self._last_index + round(step_s / period_s)
        elif late_s > self.tolerance_s(0 if self.period.is_measured else n_steps):
            index = self._last_index + n_steps + max(1, round(late_s / period_s))
        else:
            index, misfit_s = self._last_index + n_steps, late_s
        after = len(packet.accel_g) - 1 - stamped
        return index - stamped, self._last_device_s + step_s + after * period_s, misfit_s


def signed_difference(difference: int, half: int) -> int:
    """Difference of two numbers that wrap at ``2 * half``, taken the short way round."""
    if -half <= difference < half:
        return difference
    return (difference + half) % (2 * half) - half
