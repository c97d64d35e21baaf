"""A family of sensors: what is fixed about it, and what a driver of one connection can do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from clonus_sense.sensors.commands import Commands
from clonus_sense.sensors.packet import SensorEvent, SensorPacket, StreamFormat

Received: TypeAlias = Sequence[SensorPacket | SensorEvent]


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """What to ask a sensor for; it may give the nearest that it has.

    Parameters
    ----------
    rate_hz
        Wanted rate; ``None`` for the family's usual one.
    range_g
        Wanted range; 8 g holds every movement of a sleeping leg, and a stamp on the floor as well.
    packet_s
        How much time a packet holds, where a family leaves that to us: in half a second the radio sleeps, and a packet
        fits the MTU of every host of today.
    """

    rate_hz: float | None = None
    range_g: int = 8
    packet_s: float = 0.5


class SensorDriver(Protocol):
    """One connection to a sensor: bytes in, packets out.  Make a new one for each connection.

    Attributes
    ----------
    n_bad_packets
        Notifications so far that made no sense; each is logged, none raises.
    """

    n_bad_packets: int

    def start(self) -> Commands[StreamFormat]:
        """Set the sensor up and start its stream; raises a ``SensorError`` with advice where it refuses."""
        ...

    def stop(self) -> Commands[None]:
        """Stop the stream; a sensor that does not answer any more is no error."""
        ...

    def battery(self) -> Commands[int | None]:
        """Ask for the charge in per cent; ``None`` where the sensor does not tell."""
        ...

    def receive(self, characteristic: str, data: bytes, arrival_s: float) -> Received:
        """Decode one notification or indication; never raises, whatever the bytes.

        Parameters
        ----------
        characteristic
            UUID of the characteristic that sent it, in lower case.
        data
            Its bytes.
        arrival_s
            When it came in, in seconds of the host's clock that never steps.

        Returns
        -------
        Sequence of SensorPacket or SensorEvent
            What it holds; empty for an answer to a command, and for bytes that make no sense.
        """
        ...


@runtime_checkable
class ReplayingDriver(Protocol):
    """A driver whose sensor keeps the last minutes in its own memory."""

    def replay(self, first_index: int, count: int) -> Commands[bool]:
        """Ask for samples that were lost on the way; returns whether the sensor still has some of them.

        They come as packets with :attr:`PacketFlag.REPLAYED`, between the live ones.  Raises a ``SensorError`` where
        the sensor cannot tell now.
        """
        ...


class DriverMaker(Protocol):
    """Makes a driver for a new connection."""

    def __call__(self, request: StreamRequest, /) -> SensorDriver:
        """Make it."""
        ...


@dataclass(frozen=True, slots=True)
class SensorFamily:
    """What is fixed about a family of sensors.

    Parameters
    ----------
    key
        Short word for the command line and ``sensor_family`` in the head of a recording.
    name
        How shops call it.
    name_pattern
        Regular expression that the whole advertised name fits.
    service_uuids
        Services that it may advertise, in lower case; empty where its name alone tells.
    subscriptions
        Characteristics to subscribe, in this order, before any command.
    rates_hz
        Rates that it offers; the first one is usual.
    has_battery_service
        Whether it has the standard battery service (0x180F); else ask :meth:`SensorDriver.battery`.
    preparation
        What to do with it before a night, one sentence each, marked for translation.
    suits_nights
        Whether it suits whole nights at the ankle.
    make_driver
        Makes a driver for a new connection.
    event_subscriptions
        Characteristics to subscribe after those, which tell events with their own time and nothing else.  A sensor may
        lack them, and may tell at once what waited for the subscription.
    tried_on_hardware
        Whether anybody has tried this driver with a real sensor.
    """

    key: str
    name: str
    name_pattern: str
    service_uuids: tuple[str, ...]
    subscriptions: tuple[str, ...]
    rates_hz: tuple[float, ...]
    has_battery_service: bool
    preparation: tuple[str, ...]
    suits_nights: bool
    make_driver: DriverMaker
    event_subscriptions: tuple[str, ...] = ()
    tried_on_hardware: bool = False

    def recognises(self, name: str | None, service_uuids: Sequence[str] = ()) -> bool:
        """Whether an advertisement with this name and these services comes from such a sensor."""
        if name is not None and re.fullmatch(self.name_pattern, name):
            return True
        return bool({uuid.lower() for uuid in service_uuids} & set(self.service_uuids))
