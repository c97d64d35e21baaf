"""The air between virtual sensors and one host: reach and links.

A radio stack plays the host: it asks the air to connect, and the air reports advertisements, lost links and
notifications.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from clonus_sense.sensors.virtual.peripheral import Packet, Peripheral

# After this time without contact both ends drop a link; 4 s is in the middle of the usual range of centrals.
SUPERVISION_TIMEOUT_S = 4.0
# A small stack keeps a few packets while the other end does not answer; further ones are dropped.
RADIO_BUFFER_PACKETS = 6
# Slow enough for a battery, fast enough to be found within a second.
ADVERTISING_INTERVAL_S = 0.5
# Link-layer handshake and service discovery.
CONNECT_S = 0.15


class Host(Protocol):
    """Receives the events of the air."""

    def advertised(self, peripheral: Peripheral) -> None:
        """Take an advertisement."""

    def link_lost(self, peripheral: Peripheral) -> None:
        """Take note that a link was lost."""

    def notified(self, peripheral: Peripheral, packet: Packet) -> None:
        """Take a notification."""

    def adapter_changed(self) -> None:
        """Take note that the adapter was switched on or off."""


@dataclass(slots=True)
class Delivery:
    """Samples that reached the host without a loss between them; ``time_s`` is the arrival of the first packet."""

    time_s: float
    first_sample: int
    n_samples: int


@dataclass(slots=True)
class Reach:
    """One sensor's state as seen by the host."""

    in_range: bool = True
    linked: bool = False
    silent: bool = False
    tamper: Callable[[Packet], list[Packet]] | None = None
    supervision: asyncio.TimerHandle | None = None
    waiting: deque[Packet] = field(default_factory=deque)
    delivered: list[Delivery] = field(default_factory=list)
    advertised_s: list[float] = field(default_factory=list)
    """When the host could first hear it again after the link was lost."""

    def note(self, time_s: float, packet: Packet) -> None:
        """Count a packet that reached the host; memory grows only with losses."""
        last = self.delivered[-1] if self.delivered else None
        if last is not None and last.first_sample + last.n_samples == packet.first_sample:
            last.n_samples += packet.n_samples
        else:
            self.delivered.append(Delivery(time_s, packet.first_sample, packet.n_samples))


class Air:
    """Holds the sensors of one world, and one host.

    The clock continues while the host sleeps, as the sensors do.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reach: dict[Peripheral, Reach] = {}
        self._asleep_s = 0.0
        self._advertising: asyncio.TimerHandle | None = None
        self.host: Host | None = None
        self.host_is_up = True
        self.adapter_powered = True

    # The world's clock

    def now_s(self) -> float:
        """Seconds on the world's clock, which continues while the host is asleep."""
        return self._loop.time() + self._asleep_s

    def awake_s(self) -> float:
        """Seconds on a clock that stops while the host sleeps."""
        return self._loop.time()

    def call_at(self, time_s: float, act: Callable[[], object]) -> asyncio.TimerHandle:
        """Schedule an action at a time of the world."""
        return self._loop.call_at(time_s - self._asleep_s, act)

    # Sensors

    @property
    def peripherals(self) -> tuple[Peripheral, ...]:
        """All sensors of this world."""
        return tuple(self._reach)

    def add(self, peripheral: Peripheral) -> None:
        """Put a sensor into this world, switched on and in range."""
        self._reach[peripheral] = Reach()
        peripheral.enter(self)

    def reach(self, peripheral: Peripheral) -> Reach:
        """Return a sensor's state as seen by the host."""
        return self._reach[peripheral]

    def waiting(self, peripheral: Peripheral) -> Iterable[Packet]:
        """Return the packets that wait in the radio of a sensor out of range."""
        return self._reach[peripheral].waiting

    def carry(self, peripheral: Peripheral, packet: Packet) -> bool:
        """Accept a notification from a sensor; returns whether it left the sensor's radio."""
        reach = self._reach[peripheral]
        if not reach.linked:
            return False
        if not reach.in_range:
            if len(reach.waiting) >= RADIO_BUFFER_PACKETS:
                return False
            reach.waiting.append(packet)
            return True
        self._deliver(peripheral, reach, packet)
        return True

    def _deliver(self, peripheral: Peripheral, reach: Reach, packet: Packet) -> None:
        """Pass a packet to the host, after any tampering."""
        if reach.silent or self.host is None:
            return
        for one in [packet] if reach.tamper is None else reach.tamper(packet):
            if one.n_samples:
                reach.note(self.now_s(), one)
            self.host.notified(peripheral, one)

    def vanish(self, peripheral: Peripheral, for_s: float | None = None) -> None:
        """Take a sensor out of range, for some seconds or until :meth:`come_back`."""
        reach = self._reach[peripheral]
        reach.in_range = False
        if reach.linked:
            reach.supervision = self._loop.call_later(SUPERVISION_TIMEOUT_S, self._drop, peripheral)
        if for_s is not None:
            self._loop.call_later(for_s, self.come_back, peripheral)

    def come_back(self, peripheral: Peripheral) -> None:
        """Bring a sensor back into range; a link that still holds delivers the waiting packets."""
        reach = self._reach[peripheral]
        if reach.in_range:
            return
        reach.in_range = True
        if reach.supervision is not None:
            reach.supervision.cancel()
            reach.supervision = None
        self._note_advertising(peripheral)
        while reach.waiting:
            self._deliver(peripheral, reach, reach.waiting.popleft())

    def switch_off(self, peripheral: Peripheral) -> None:
        """Switch a sensor off: its link drops, and it is not heard until it boots."""
        self._reach[peripheral].in_range = False
        self._drop(peripheral)

    # Calls of the host

    def can_hear(self, peripheral: Peripheral) -> bool:
        """Whether the host can hear and reach a sensor now."""
        return self.host_is_up and self.adapter_powered and self._reach[peripheral].in_range

    def listen(self, *, on: bool) -> None:
        """Start or stop reporting advertisements to the host."""
        if self._advertising is not None:
            self._advertising.cancel()
            self._advertising = None
        if on:
            self._advertising = self._loop.call_later(ADVERTISING_INTERVAL_S, self._advertise)

    def link(self, peripheral: Peripheral) -> None:
        """Establish a link; the host has checked that it can hear the sensor."""
        self._reach[peripheral].linked = True

    def unlink(self, peripheral: Peripheral) -> None:
        """Drop a link at the host's request."""
        self._drop(peripheral)

    def _advertise(self) -> None:
        """Send an advertisement of each unlinked sensor in range, and schedule the next round."""
        self._advertising = self._loop.call_later(ADVERTISING_INTERVAL_S, self._advertise)
        for peripheral, reach in self._reach.items():
            if self.host is not None and not reach.linked and self.can_hear(peripheral):
                self.host.advertised(peripheral)

    def _drop(self, peripheral: Peripheral) -> None:
        """Drop a link at both ends."""
        reach = self._reach[peripheral]
        if reach.supervision is not None:
            reach.supervision.cancel()
            reach.supervision = None
        reach.waiting.clear()
        if reach.linked:
            reach.linked = reach.silent = False
            peripheral.unlink()
            self._note_advertising(peripheral)
            if self.host is not None:
                self.host.link_lost(peripheral)

    def _note_advertising(self, peripheral: Peripheral) -> None:
        """Note since when the host can hear a sensor without a link."""
        reach = self._reach[peripheral]
        if not reach.linked and self.can_hear(peripheral):
            reach.advertised_s.append(self.now_s())

    def close(self) -> None:
        """Switch every sensor off and cancel all scheduled actions."""
        self.listen(on=False)
        for peripheral in self.peripherals:
            self._drop(peripheral)
        self.host = None
