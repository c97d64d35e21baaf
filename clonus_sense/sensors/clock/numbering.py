"""Each packet's place in the sensor's own counting, wrap-arounds and reboots taken out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True, eq=False)
class NumberedPacket:
    """A packet with its place.

    Parameters
    ----------
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``.
    arrival_s
        When it came in.
    epoch
        Counts the times that the sensor's counting began anew.
    first
        Index of the first sample; it never wraps.
    device_s
        When the last sample was measured, by the device's clock, since the start of the epoch.
    flags
        What the device said.
    boot_id
        Number of the boot; ``None`` where the sensor has none.
    """

    accel_g: FloatArray
    arrival_s: float
    epoch: int
    first: int
    device_s: float
    flags: PacketFlag
    boot_id: int | None

    @property
    def end(self) -> int:
        """Index after the last sample."""
        return self.first + len(self.accel_g)

    def starting_at(self, index: int) -> NumberedPacket:
        """Return the part from an index on."""
        if index == self.first:
            return self
        return replace(self, accel_g=self.accel_g[index - self.first :], first=index)


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
        self._stream = stream
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
        replayed = PacketFlag.REPLAYED in packet.flags
        if replayed and (self._is_new or packet.boot_id != self._boot_id or packet.first_index is None):
            return None
        if self._is_new or packet.boot_id != self._boot_id or (not replayed and self._went_back(packet)):
            self._start_epoch(packet)
        numbered = self._by_index(packet) if packet.first_index is not None else self._by_stamp(packet)
        if numbered is not None and not replayed and numbered.end > self._end:
            self._advance(packet, numbered)
        return numbered

    def device_s(self, stamp_ticks: int, boot_id: int | None) -> float | None:
        """Give a stamp in seconds since the start of the epoch; ``None`` where it is of another boot."""
        if self._is_new or boot_id != self._boot_id or self._stream.tick_s is None:
            return None
        return self._last_device_s + self._seconds_after_last(stamp_ticks)

    def _went_back(self, packet: SensorPacket) -> bool:
        """Whether stamp or index went back further than packets change places."""
        if packet.first_index is not None:
            back = -self._index_step(packet.first_index)
            if packet.boot_id is None:
                return back > (0 if self._link_restarted else self._reorder_samples)
            # The sensor says that it runs on; it may send again what the link did not confirm, but no more than that.
            return self._link_restarted and back > self._reorder_samples
        back_s = -self._stamp_step_s(packet)
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
        self._last_device_s = self._stamped(packet) / self._stream.fs_hz
        self.period.restart()

    def _index_step(self, index: int) -> int:
        """Count the samples from the end of the newest packet to this index; negative where it lies before."""
        return _signed(index - self._end, self._stream.index_bits or 64)

    def _stamp_step_s(self, packet: SensorPacket) -> float:
        """Device time from the newest stamp to this one."""
        return self._seconds_after_last(packet.stamp_ticks or 0)

    def _seconds_after_last(self, stamp_ticks: int) -> float:
        """Device time from the newest stamp to another; negative where it lies before."""
        ticks = _signed(stamp_ticks - self._last_ticks, self._stream.stamp_bits)
        return ticks * (self._stream.tick_s or 0.0)

    def _stamped(self, packet: SensorPacket) -> int:
        """Position within a packet of the sample that is stamped."""
        return 0 if self._stream.stamped_sample is StampedSample.FIRST else len(packet.accel_g) - 1

    def _by_index(self, packet: SensorPacket) -> NumberedPacket:
        """Place it by the device's own index."""
        first = self._end + self._index_step(packet.first_index or 0)
        last = first + len(packet.accel_g) - 1
        if packet.stamp_ticks is None or not self._stream.tick_s:
            return self._numbered(packet, first, last / self._stream.fs_hz)
        stamped_s = self._last_device_s + self._stamp_step_s(packet)
        after = len(packet.accel_g) - 1 - self._stamped(packet)
        return self._numbered(packet, first, stamped_s + after * self.period.seconds)

    def _by_stamp(self, packet: SensorPacket) -> NumberedPacket | None:
        """Place it by how much later the stamp is than the last one."""
        step_s = self._stamp_step_s(packet)
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
        return self._numbered(packet, index - stamped, self._last_device_s + step_s + after * period_s)

    def _numbered(self, packet: SensorPacket, first: int, device_s: float) -> NumberedPacket:
        """Put it together."""
        return NumberedPacket(
            packet.accel_g, packet.arrival_s, self.epoch, first, device_s, packet.flags, packet.boot_id
        )

    def _advance(self, packet: SensorPacket, numbered: NumberedPacket) -> None:
        """Count on from the newest packet."""
        self._link_restarted = False
        if packet.stamp_ticks is not None:
            worked_out = packet.first_index is None and numbered.first != self._end
            if worked_out or PacketFlag.GAP_BEFORE in packet.flags:
                # A loss whose samples were counted by the time, or not at all, must not bend the period.
                self.period.restart()
            stamped = numbered.first + self._stamped(packet)
            self._last_device_s += self._stamp_step_s(packet)
            self._last_index, self._last_ticks = stamped, packet.stamp_ticks
            self.period.add(stamped, self._last_device_s)
        self._end = numbered.end


def _signed(difference: int, n_bits: int) -> int:
    """Difference of two numbers that wrap, taken the short way round."""
    half = 1 << (n_bits - 1)
    return (difference + half) % (1 << n_bits) - half
