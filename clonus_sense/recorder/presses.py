"""Presses of a sensor's button; an event and a flag on a packet may report the same press."""

from __future__ import annotations

from collections import deque

from clonus_sense.sensors.packet import SensorEvent, SensorEventKind, SensorPacket, StampedSample, StreamFormat

# A sensor that reads its samples in batches may flag a sample up to a batch before or after the press.
SAME_PRESS_S = 1.0
# A replay repeats flags of the last minutes; no person presses more often than this in that time.
_MOST_REMEMBERED = 256


class Presses:
    """Remembers the known presses.

    An event has the exact time of a press.  A sensor may lack events, or drop some when too many wait; the flag is then
    the only report.
    """

    def __init__(self) -> None:
        self._told: deque[SensorEvent] = deque(maxlen=_MOST_REMEMBERED)
        self._flagged: deque[SensorEvent] = deque(maxlen=_MOST_REMEMBERED)

    def told(self, event: SensorEvent) -> None:
        """Note a press that an event reported."""
        self._told.append(event)

    def flagged(self, packet: SensorPacket, stream: StreamFormat) -> SensorEvent | None:
        """Take a packet with the flag; returns a press unless it is already known."""
        half_s = len(packet.accel_g) / 2 / stream.fs_hz
        press = SensorEvent(
            SensorEventKind.MARKER, packet.arrival_s, None, _middle_ticks(packet, stream, half_s), packet.boot_id
        )
        if any(_is_near(press, one, half_s + SAME_PRESS_S, stream) for one in self._told):
            return None
        if any(_is_near(press, one, half_s, stream) for one in self._flagged):
            return None
        self._flagged.append(press)
        return press


def _middle_ticks(packet: SensorPacket, stream: StreamFormat, half_s: float) -> int | None:
    """Stamp of the middle of a packet; ``None`` if it has no stamp."""
    if packet.stamp_ticks is None or stream.tick_s is None:
        return None
    half_ticks = round(half_s / stream.tick_s)
    return packet.stamp_ticks + (half_ticks if stream.stamped_sample is StampedSample.FIRST else -half_ticks)


def _is_near(press: SensorEvent, other: SensorEvent, within_s: float, stream: StreamFormat) -> bool:
    """Whether two presses of one boot are this close; without stamps this cannot be told."""
    if press.stamp_ticks is None or other.stamp_ticks is None or stream.tick_s is None:
        return False
    return press.boot_id == other.boot_id and abs(press.stamp_ticks - other.stamp_ticks) * stream.tick_s <= within_s
