"""Packets whose numbers do not fit: damaged ones, or the first ones after a jump of the sensor's count."""

from __future__ import annotations

from clonus_sense.sensors.clock.numbering import signed_difference
from clonus_sense.sensors.packet import SensorPacket, StampedSample, StreamFormat

# Packets that fit each other for this long prove a jump: damage does not produce consecutive packets.
_PROVEN_S = 1.0
_FEWEST_PACKETS = 2
# Repeated packets come in a burst; live packets come at the pace of measurement, apart from scatter.
_LIVE_RATIO = 0.5
_SCATTER_S = 0.1
# Tolerance for a packet later than its neighbour, and for a loss shorter than the wait for it.
_LATE_S = 0.5


class DoubtfulPackets:
    """Keeps packets that fit no earlier one until they prove a jump or are contradicted."""

    def __init__(self, stream: StreamFormat) -> None:
        self._period_s = 1 / stream.fs_hz
        self._tick_s = stream.tick_s
        self._stamps_first = stream.stamped_sample is StampedSample.FIRST
        self._half_stamp = 1 << (stream.stamp_bits - 1)
        self._half_index = 1 << ((stream.index_bits or 64) - 1)
        self._packets: list[SensorPacket] = []

    @property
    def n_samples(self) -> int:
        """Number of samples in doubt."""
        return sum(len(packet.accel_g) for packet in self._packets)

    @property
    def first_arrival_s(self) -> float | None:
        """Arrival of the first packet in doubt; ``None`` if there is none."""
        return self._packets[0].arrival_s if self._packets else None

    @property
    def last_length(self) -> int:
        """Number of samples in the last packet in doubt; 0 if there is none."""
        return len(self._packets[-1].accel_g) if self._packets else 0

    def add(self, packet: SensorPacket) -> None:
        """Add a live packet that does not fit the accepted ones."""
        self._packets.append(packet)

    def are_followed_by(self, packet: SensorPacket, tolerance_s: float, *, may_miss: bool) -> bool:
        """Tell whether a packet continues the last one, if need be after a loss that fits the time (``may_miss``)."""
        if not self._packets or self._packets[-1].boot_id != packet.boot_id:
            return False
        before = self._packets[-1]
        longest_s = packet.arrival_s - before.arrival_s + _LATE_S if may_miss else 0.0
        n_missing = 0
        if packet.first_index is not None and before.first_index is not None:
            end = before.first_index + len(before.accel_g)
            n_missing = signed_difference(packet.first_index - end, self._half_index)
            if n_missing < 0 or n_missing * self._period_s > longest_s:
                return False
        if packet.stamp_ticks is None or before.stamp_ticks is None:
            return True
        step_s = signed_difference(packet.stamp_ticks - before.stamp_ticks, self._half_stamp) * (self._tick_s or 0.0)
        n_steps = len(before.accel_g if self._stamps_first else packet.accel_g) + n_missing
        late_s = step_s - n_steps * self._period_s
        return abs(late_s) <= tolerance_s or (packet.first_index is None and 0 < late_s <= longest_s)

    def drop(self) -> int:
        """Discard all of them; returns their number of samples."""
        return sum(len(packet.accel_g) for packet in self.take())

    def take(self) -> list[SensorPacket]:
        """Return all of them in order, and keep none."""
        packets, self._packets = self._packets, []
        return packets

    @property
    def agree(self) -> bool:
        """Whether at least two packets are consecutive."""
        return len(self._packets) >= _FEWEST_PACKETS

    @property
    def prove_a_jump(self) -> bool:
        """Whether consecutive packets lasted long enough, at the pace of measurement."""
        if not self.agree:
            return False
        since_first_s = (self.n_samples - len(self._packets[0].accel_g)) * self._period_s
        arrived_s = self._packets[-1].arrival_s - self._packets[0].arrival_s
        return self.n_samples * self._period_s >= _PROVEN_S and arrived_s >= _LIVE_RATIO * since_first_s - _SCATTER_S
