"""Each packet's place in the sensor's own counting, wrap-arounds and reboots taken out."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from clonus_sense.model import FloatArray
from clonus_sense.sensors.clock.host_map import MOST_RATE_ERROR_RATIO
from clonus_sense.sensors.packet import PacketFlag, SensorPacket, StampedSample, StreamFormat

# Packets of one connection change places within a burst at most; what goes back further began anew.
REORDER_S = 10.0
# Before the rate is known, a step this much longer than nominal has lost samples; afterwards, one of this many samples.
_SURELY_LOST_RATIO = 1.5
_LOST_PERIODS = 0.6
# The sample period is measured over so long, by a point each so often: stamps in milliseconds need minutes to tell it.
_PERIOD_WINDOW_S = 300.0
_PERIOD_POINT_S = 1.0


# There is one of these for each packet of a night; a named tuple is made three times as fast as a frozen dataclass.
class NumberedPacket(NamedTuple):
    """A packet with its place.

    Parameters
    ----------
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``.
    arrival_s
        When it came in.
    epoch
        Counts the times that the sensor's counting began anew.
    first, end
        Index of the first sample, and the one after the last; they never wrap.
    device_s
        When the last sample was measured, by the device's clock, since the start of the epoch.
    boot_id
        Number of the boot; ``None`` where the sensor has none.
    is_replayed
        Whether it comes from the sensor's own memory.
    has_gap_before
        Whether the sensor says that it lost samples right before these.
    """

    accel_g: FloatArray
    arrival_s: float
    epoch: int
    first: int
    end: int
    device_s: float
    boot_id: int | None
    is_replayed: bool
    has_gap_before: bool


class SamplePeriod:
    """Time between two samples by the device's clock: measured over the last minutes, nominal until then.

    Parameters
    ----------
    nominal_s
        Nominal period.

    Attributes
    ----------
    seconds
        The period.
    is_measured
        Whether it was measured yet.
    """

    def __init__(self, nominal_s: float) -> None:
        self._nominal_s = nominal_s
        self._points: deque[tuple[int, float]] = deque()
        self.seconds = nominal_s
        self.is_measured = False

    def add(self, index: int, device_s: float) -> None:
        """Take the stamp of a sample, later than all before."""
        points = self._points
        if points:
            n_samples, span_s = index - points[0][0], device_s - points[0][1]
            if span_s >= _PERIOD_POINT_S and n_samples > 0:
                measured_s = span_s / n_samples
                if abs(measured_s / self._nominal_s - 1) <= MOST_RATE_ERROR_RATIO:
                    self.seconds, self.is_measured = measured_s, True
        if not points or device_s - points[-1][1] >= _PERIOD_POINT_S:
            points.append((index, device_s))
            if device_s - points[0][1] > _PERIOD_WINDOW_S:
                points.popleft()

    def restart(self) -> None:
        """Measure anew from here on; what was measured holds until then."""
        self._points.clear()


class Numberer:
    """Numbers the packets of a sensor that stamps or counts.

    Parameters
    ----------
    stream
        How it streams.

    Attributes
    ----------
    epoch
        Counts the times that the sensor's counting began anew.
    period
        Time between two samples by the device's clock.
    """

    def __init__(self, stream: StreamFormat) -> None:
        self._fs_hz = stream.fs_hz
        self._tick_s = stream.tick_s
        self._stamps_first = stream.stamped_sample is StampedSample.FIRST
        self._half_stamp = 1 << (stream.stamp_bits - 1)
        self._half_index = 1 << ((stream.index_bits or 64) - 1)
        self._reorder_samples = round(REORDER_S * stream.fs_hz)
        self._boot_id: int | None = None
        self._is_new = True
        self._link_restarted = False
        self._end = 0
        self._last_index = -1
        self._last_ticks = 0
        self._last_device_s = 0.0
        self.epoch = -1
        self.period = SamplePeriod(1 / stream.fs_hz)

    def restart_link(self) -> None:
        """Say that the link was lost: what comes now is later than all before, or of a sensor that began anew."""
        self._link_restarted = True

    def begin_epoch(self) -> None:
        """Say that the sensor's counting began anew, whatever the next packet says."""
        self._is_new = True

    def number(self, packet: SensorPacket) -> NumberedPacket | None:
        """Give a packet its place.

        Parameters
        ----------
        packet
            As the driver decoded it.

        Returns
        -------
        NumberedPacket or None
            Its place; ``None`` for a packet that came a second time, or of a boot that is over.
        """
        is_replayed = PacketFlag.REPLAYED in packet.flags
        is_of_other_boot = self._is_new or packet.boot_id != self._boot_id
        if is_replayed and (is_of_other_boot or packet.first_index is None):
            return None
        if is_of_other_boot or (not is_replayed and self._went_back(packet)):
            self._start_epoch(packet)
        place = self._by_stamp(packet) if packet.first_index is None else self._by_index(packet, packet.first_index)
        if place is None:
            return None
        first, device_s = place
        numbered = NumberedPacket(
            accel_g=packet.accel_g,
            arrival_s=packet.arrival_s,
            epoch=self.epoch,
            first=first,
            end=first + len(packet.accel_g),
            device_s=device_s,
            boot_id=packet.boot_id,
            is_replayed=is_replayed,
            has_gap_before=PacketFlag.GAP_BEFORE in packet.flags,
        )
        if not is_replayed and numbered.end > self._end:
            self._advance(packet, numbered)
        return numbered

    def device_s(self, stamp_ticks: int, boot_id: int | None) -> float | None:
        """Give a stamp in seconds since the start of the epoch; ``None`` where it is of another boot."""
        if self._is_new or boot_id != self._boot_id or self._tick_s is None:
            return None
        return self._last_device_s + self._seconds_after_last(stamp_ticks)

    def _went_back(self, packet: SensorPacket) -> bool:
        """Whether stamp or index went back further than packets change places."""
        if packet.first_index is not None:
            back = -_signed(packet.first_index - self._end, self._half_index)
            if packet.boot_id is None:
                return back > (0 if self._link_restarted else self._reorder_samples)
            # The sensor says that it runs on; it may send again what the link did not confirm, but no more than that.
            return self._link_restarted and back > self._reorder_samples
        back_s = -self._seconds_after_last(packet.stamp_ticks or 0)
        return back_s > (0 if self._link_restarted else REORDER_S)

    def _start_epoch(self, packet: SensorPacket) -> None:
        """Count from this packet on."""
        self.epoch += 1
        self._is_new = False
        self._boot_id = packet.boot_id
        first = packet.first_index or 0
        self._end = first
        self._last_index = first + self._stamped(packet)
        self._last_ticks = packet.stamp_ticks or 0
        self._last_device_s = self._stamped(packet) / self._fs_hz
        self.period.restart()

    def _seconds_after_last(self, stamp_ticks: int) -> float:
        """Device time from the newest stamp to another; negative where it lies before."""
        return _signed(stamp_ticks - self._last_ticks, self._half_stamp) * (self._tick_s or 0.0)

    def _stamped(self, packet: SensorPacket) -> int:
        """Position within a packet of the sample that is stamped."""
        return 0 if self._stamps_first else len(packet.accel_g) - 1

    def _by_index(self, packet: SensorPacket, first_index: int) -> tuple[int, float]:
        """Place it by the device's own index: index of the first sample, device time of the last."""
        first = self._end + _signed(first_index - self._end, self._half_index)
        to_last = len(packet.accel_g) - 1
        if packet.stamp_ticks is None or not self._tick_s:
            return first, (first + to_last) / self._fs_hz
        stamped_s = self._last_device_s + self._seconds_after_last(packet.stamp_ticks)
        return first, stamped_s + (to_last - self._stamped(packet)) * self.period.seconds

    def _by_stamp(self, packet: SensorPacket) -> tuple[int, float] | None:
        """Place it by how much later the stamp is than the last one; ``None`` where it came a second time."""
        step_s = self._seconds_after_last(packet.stamp_ticks or 0)
        stamped = self._stamped(packet)
        n_steps = self._end + stamped - self._last_index
        if step_s == 0 and self._end > self._last_index:
            return None
        period_s = self.period.seconds
        if step_s < 0:
            index = self._last_index + round(step_s / period_s)
        else:
            surely_s = _LOST_PERIODS * period_s
            if not self.period.is_measured:
                surely_s = max(surely_s, (_SURELY_LOST_RATIO - 1) * n_steps * period_s)
            late_s = step_s - n_steps * period_s
            index = self._last_index + n_steps + (max(1, round(late_s / period_s)) if late_s > surely_s else 0)
        after = len(packet.accel_g) - 1 - stamped
        return index - stamped, self._last_device_s + step_s + after * period_s

    def _advance(self, packet: SensorPacket, numbered: NumberedPacket) -> None:
        """Count on from the newest packet."""
        self._link_restarted = False
        if packet.stamp_ticks is not None:
            worked_out = packet.first_index is None and numbered.first != self._end
            if worked_out or numbered.has_gap_before:
                # A loss whose samples were counted by the time, or not at all, must not bend the period.
                self.period.restart()
            stamped = numbered.first + self._stamped(packet)
            self._last_device_s += self._seconds_after_last(packet.stamp_ticks)
            self._last_index, self._last_ticks = stamped, packet.stamp_ticks
            self.period.add(stamped, self._last_device_s)
        self._end = numbered.end


def _signed(difference: int, half: int) -> int:
    """Difference of two numbers that wrap at twice ``half``, taken the short way round."""
    if -half <= difference < half:
        return difference
    return (difference + half) % (2 * half) - half
