"""Events of a sensor with the open profile that wait for a subscription and for room in the radio."""

from __future__ import annotations

import asyncio
from collections import deque

from clonus_sense.sensors import open_profile as profile
from clonus_sense.sensors.virtual.peripheral import Packet, Peripheral

# Events wait for a subscription; a further one replaces the oldest.
MOST_EVENTS = 16
# A full radio has room again after a connection interval.
_AGAIN_S = 0.05


class WaitingEvents:
    """The waiting events of a sensor, the oldest first."""

    def __init__(self, sensor: Peripheral) -> None:
        self._sensor = sensor
        self._events: deque[bytes] = deque(maxlen=MOST_EVENTS)
        self._again: asyncio.TimerHandle | None = None

    def add(self, event: bytes) -> None:
        """Add an event, and send it as soon as the central has subscribed."""
        self._events.append(event)
        self.send()

    @property
    def newest(self) -> bytes:
        """The latest event; raises IndexError if none waits."""
        return self._events[-1]

    def clear(self) -> None:
        """Discard all events."""
        self._events.clear()

    def send(self) -> None:
        """Send the events; those that the radio refuses keep waiting."""
        if self._again is not None:
            self._again.cancel()
            self._again = None
        while self._events and self._sensor.notify(Packet(profile.EVENT, self._events[0])):
            self._events.popleft()
        if self._events and self._sensor.is_subscribed(profile.EVENT):
            self._again = self._sensor.air.call_at(self._sensor.air.now_s() + _AGAIN_S, self.send)
