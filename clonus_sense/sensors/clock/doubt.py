"""Packets whose numbers do not fit: damaged ones, or the first of a sensor whose counting jumped."""

from __future__ import annotations

from clonus_sense.sensors.clock.numbering import signed_difference
from clonus_sense.sensors.packet import SensorPacket, StreamFormat

# Packets that fit each other for so long prove a jump: no damage makes two packets that follow one another.
_PROVEN_S = 1.0
_FEWEST_PACKETS = 2
# What a sensor sends twice comes in a burst; what it measures comes as fast as it is measured.
_LIVE_RATIO = 0.5
# Stamps of two packets may differ by so much more or less than their samples take: a rate is not known better yet.
_RATE_RATIO = 0.5
# How much later than its neighbour a packet may come.
_LATE_S = 0.5


class DoubtfulPackets:
    """Keeps packets that fit nothing before them, until they prove a jump or are contradicted.

    Parameters
    ----------
    stream
        How the sensor streams.
    """

    def __init__(self, stream: StreamFormat) -> None:
        self._period_s = 1 / stream.fs_hz
        self._tick_s = stream.tick_s
        self._half_stamp = 1 << (stream.stamp_bits - 1)
        self._half_index = 1 << ((stream.index_bits or 64) - 1)
        self._packets: list[SensorPacket] = []

    @property
    def n_samples(self) -> int:
        """Samples that are in doubt."""
        return sum(len(packet.accel_g) for packet in self._packets)

    def add(self, packet: SensorPacket) -> int:
        """Take a packet; those before it that it does not follow are given up.

        Parameters
        ----------
        packet
            A live packet that does not fit what was believed before.

        Returns
        -------
        int
            How many samples were given up.
        """
        n_given_up = 0
        if self._packets and not self._follows(self._packets[-1], packet):
            n_given_up = self.drop()
        self._packets.append(packet)
        return n_given_up

    def drop(self) -> int:
        """Give up all of them, because what came after them fits what was believed; returns how many samples."""
        n_samples = self.n_samples
        self._packets = []
        return n_samples

    def take(self) -> list[SensorPacket]:
        """Give all of them out, in their order."""
        packets, self._packets = self._packets, []
        return packets

    @property
    def agree(self) -> bool:
        """Whether several follow one another."""
        return len(self._packets) >= _FEWEST_PACKETS

    @property
    def prove_a_jump(self) -> bool:
        """Whether they follow one another for long enough, as fast as they are measured."""
        if not self.agree:
            return False
        since_first_s = (self.n_samples - len(self._packets[0].accel_g)) * self._period_s
        arrived_s = self._packets[-1].arrival_s - self._packets[0].arrival_s
        return self.n_samples * self._period_s >= _PROVEN_S and arrived_s >= _LIVE_RATIO * since_first_s - _LATE_S

    def _follows(self, before: SensorPacket, packet: SensorPacket) -> bool:
        """Whether a packet goes on where another one ends, or later by as much as it came later."""
        if before.boot_id != packet.boot_id:
            return False
        arrived_s = packet.arrival_s - before.arrival_s
        if packet.first_index is not None and before.first_index is not None:
            end = before.first_index + len(before.accel_g)
            missing = signed_difference(packet.first_index - end, self._half_index)
            if not 0 <= missing * self._period_s <= arrived_s + _LATE_S:
                return False
        if packet.stamp_ticks is None or before.stamp_ticks is None:
            return True
        step_s = signed_difference(packet.stamp_ticks - before.stamp_ticks, self._half_stamp) * (self._tick_s or 0.0)
        samples_s = max(len(before.accel_g), len(packet.accel_g)) * self._period_s
        is_next = abs(step_s - samples_s) <= _RATE_RATIO * samples_s
        return is_next or samples_s < step_s <= arrived_s + _LATE_S
