"""Presses of a sensor's button: each is told by an event and by a flag on a packet, and is one press all the same."""

from __future__ import annotations

from collections import deque

from clonus_sense.sensors.packet import SensorEvent, SensorEventKind, SensorPacket, StampedSample, StreamFormat

# A sensor that reads its samples in batches flags one that it took up to a batch before or after the press.
SAME_PRESS_S = 1.0
# A sensor that sends again what it flagged reaches back by minutes, in which nobody presses more often than this.
_MOST_REMEMBERED = 256


class Presses:
    """Remembers which presses are known.

    An event has the exact time of a press; a sensor may lack events, or drop some when too many wait, and then the flag
    is all there is.
    """

    def __init__(self) -> None:
        self._told: deque[SensorEvent] = deque(maxlen=_MOST_REMEMBERED)
        self._flagged: deque[SensorEvent] = deque(maxlen=_MOST_REMEMBERED)

    def told(self, event: SensorEvent) -> None:
        """Take note of a press that an event told."""
        self._told.append(event)

    def flagged(self, packet: SensorPacket, stream: StreamFormat) -> SensorEvent | None:
        """Take a packet that bears the flag."""
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
    """Stamp of the middle of a packet; ``None`` where it has no stamp."""
    if packet.stamp_ticks is None or stream.tick_s is None:
        return None
    half_ticks = round(half_s / stream.tick_s)
    return packet.stamp_ticks + (half_ticks if stream.stamped_sample is StampedSample.FIRST else -half_ticks)


def _is_near(press: SensorEvent, other: SensorEvent, within_s: float, stream: StreamFormat) -> bool:
    """Whether two presses of one boot lie so close together; without stamps nobody can tell."""
    if press.stamp_ticks is None or other.stamp_ticks is None or stream.tick_s is None:
        return False
    return press.boot_id == other.boot_id and abs(press.stamp_ticks - other.stamp_ticks) * stream.tick_s <= within_s
