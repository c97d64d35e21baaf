"""A family of sensors: its fixed properties, and the operations of the driver of one connection."""

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
    """The wanted stream; a sensor may use its nearest settings.

    Parameters
    ----------
    rate_hz
        Wanted rate; ``None`` for the family's usual one.
    range_g
        Wanted range; 8 g covers every movement of a sleeping leg, and a stamp on the floor.
    packet_s
        Duration of a packet, for families that let the host choose.  At half a second the radio can sleep between
        packets, and a packet fits the MTU of current hosts.
    """

    rate_hz: float | None = None
    range_g: int = 8
    packet_s: float = 0.5


class SensorDriver(Protocol):
    """The driver of one connection to a sensor: bytes in, packets out.  Each connection needs a new one.

    Attributes
    ----------
    n_bad_packets
        Notifications so far that could not be decoded; each is logged, none raises.
    """

    n_bad_packets: int

    def start(self) -> Commands[StreamFormat]:
        """Set the sensor up and start its stream; a refusal raises a ``SensorError`` with advice."""
        ...

    def stop(self) -> Commands[None]:
        """Stop the stream; a sensor that no longer answers is not an error."""
        ...

    def battery(self) -> Commands[int | None]:
        """Read the charge in per cent; ``None`` if the driver cannot read it."""
        ...

    def receive(self, characteristic: str, data: bytes, arrival_s: float) -> Received:
        """Decode one notification or indication; never raises.

        Parameters
        ----------
        characteristic
            UUID of the characteristic that sent it, in lower case.
        data
            Its bytes.
        arrival_s
            Time of arrival in seconds of the host's monotonic clock.

        Returns
        -------
        Sequence of SensorPacket or SensorEvent
            Empty for an answer to a command, and for bytes that cannot be decoded.
        """
        ...


@runtime_checkable
class ReplayingDriver(Protocol):
    """A driver whose sensor keeps the last minutes in its memory."""

    def replay(self, first_index: int, count: int) -> Commands[bool]:
        """Request lost samples again; returns whether the sensor still has some of them.

        They come as packets with :attr:`PacketFlag.REPLAYED`, between the live ones.  Raises a ``SensorError`` if the
        sensor cannot replay now.
        """
        ...


class DriverMaker(Protocol):
    """Makes a driver for a new connection."""

    def __call__(self, request: StreamRequest, /) -> SensorDriver:
        """Make a driver that asks for this stream."""
        ...


@dataclass(frozen=True, slots=True)
class SensorFamily:
    """The fixed properties of a family of sensors.

    Parameters
    ----------
    key
        Short word for the command line and for ``sensor_family`` in the head of a recording.
    name
        Product name.
    name_pattern
        Regular expression that matches the whole advertised name.
    service_uuids
        Services that it may advertise, in lower case; empty if the name alone identifies it.
    subscriptions
        Characteristics to subscribe to, in this order, before any command.
    rates_hz
        Rates that it offers; the first one is usual.
    has_battery_service
        Whether it has the standard battery service (0x180F); otherwise use :meth:`SensorDriver.battery`.
    preparation
        Steps to prepare it for a night, one sentence each, marked for translation.
    suits_nights
        Whether it suits whole nights at the ankle.
    make_driver
        Makes a driver for a new connection.
    event_subscriptions
        Characteristics for events with their own time, subscribed to after ``subscriptions``.  A sensor may lack them,
        and may send waiting events as soon as it is subscribed to.
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
        """Whether an advertisement with this name and these services comes from a sensor of this family."""
        if name is not None and re.fullmatch(self.name_pattern, name):
            return True
        return bool({uuid.lower() for uuid in service_uuids} & set(self.service_uuids))
