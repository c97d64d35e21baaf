"""A sensor as seen by the air: its advertisement, its GATT table, and the firmware behind both."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

# ATT error codes of the Bluetooth core specification.
ATT_LENGTH = 0x0D
ATT_UNLIKELY = 0x0E
ATT_APPLICATION = 0x80
ATT_NOT_SUBSCRIBED = 0xFD  # "Client Characteristic Configuration Descriptor improperly configured"

BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
DEVICE_INFORMATION_SERVICE = "0000180a-0000-1000-8000-00805f9b34fb"
SERIAL_NUMBER = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE_REVISION = "00002a26-0000-1000-8000-00805f9b34fb"


class AttRefusal(Exception):  # noqa: N818 - it is an answer of the protocol, which each stack turns into its own error
    """The firmware refuses a read or write."""

    def __init__(self, code: int) -> None:
        super().__init__(f"ATT error 0x{code:02x}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic."""

    uuid: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One primary service with its characteristics, in the order of their handles."""

    uuid: str
    characteristics: tuple[Characteristic, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """One notification on its way."""

    uuid: str
    data: bytes
    first_sample: int = 0
    n_samples: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """Name, serial number and address of a sensor."""

    name: str
    serial: str
    address: str
    firmware: str = "virtual 1.0"


class World(Protocol):
    """Surroundings of a sensor: a clock, and the air that carries its packets."""

    def now_s(self) -> float:
        """Seconds on the world's clock."""

    def call_at(self, time_s: float, act: Callable[[], object]) -> asyncio.TimerHandle:
        """Schedule an action at a time of the world."""

    def carry(self, peripheral: Peripheral, packet: Packet) -> bool:
        """Accept a notification from a sensor; returns whether it left the sensor's radio."""

    def waiting(self, peripheral: Peripheral) -> Iterable[Packet]:
        """Return the packets that wait in the radio of a sensor out of range."""

    def switch_off(self, peripheral: Peripheral) -> None:
        """Switch a sensor off."""


class Peripheral(ABC):
    """Common part of all virtual sensors; a subclass is the firmware of one family."""

    def __init__(self, label: Label, services: tuple[Service, ...], advertised_uuids: tuple[str, ...]) -> None:
        self.label = label
        self.advertised_uuids = advertised_uuids
        self.charge_percent = 90.0
        self.drain_percent_per_h = 4.0
        self.missing: set[str] = set()
        self.refused: set[str] = set()
        self._services = (*services, *_STANDARD_SERVICES)
        self._air: World | None = None
        self._on_since_s = 0.0
        self._subscribed: set[str] = set()

    @property
    def services(self) -> tuple[Service, ...]:
        """GATT table of this sensor."""
        return tuple(
            Service(service.uuid, tuple(one for one in service.characteristics if one.uuid not in self.missing))
            for service in self._services
        )

    @property
    def air(self) -> World:
        """The air that the sensor was added to."""
        if self._air is None:
            raise RuntimeError(f"{self.label.name} was not put into the air.")
        return self._air

    @property
    def battery_percent(self) -> int:
        """Present charge."""
        hours = (self.air.now_s() - self._on_since_s) / 3600
        return max(0, min(100, round(self.charge_percent - self.drain_percent_per_h * hours)))

    def enter(self, air: World) -> None:
        """Start in a world, powered on."""
        self._air = air
        self._on_since_s = air.now_s()
        self.booted()

    def read(self, uuid: str) -> bytes:
        """Answer a read."""
        standard = {
            BATTERY_LEVEL: bytes([self.battery_percent]),
            SERIAL_NUMBER: self.label.serial.encode(),
            FIRMWARE_REVISION: self.label.firmware.encode(),
        }
        if uuid in standard:
            return standard[uuid]
        return self.answer_read(uuid)

    def write(self, uuid: str, data: bytes) -> None:
        """Take a write."""
        if uuid in self.refused:
            raise AttRefusal(ATT_APPLICATION)
        self.take_write(uuid, data)

    def subscribe(self, uuid: str, *, on: bool) -> None:
        """Switch the notifications of a characteristic on or off."""
        if on:
            self._subscribed.add(uuid)
        else:
            self._subscribed.discard(uuid)

    def unlink(self) -> None:
        """Drop the link with its subscriptions."""
        self._subscribed.clear()
        self.disconnected()

    def notify(self, packet: Packet) -> bool:
        """Send a notification; returns whether the radio accepted it."""
        return self.is_subscribed(packet.uuid) and self.air.carry(self, packet)

    def is_subscribed(self, uuid: str) -> bool:
        """Whether the central has subscribed to a characteristic."""
        return uuid in self._subscribed

    @abstractmethod
    def booted(self) -> None:
        """Initialise the state, at the start and after a reboot."""

    @abstractmethod
    def disconnected(self) -> None:
        """Note that the link was lost."""

    @abstractmethod
    def answer_read(self, uuid: str) -> bytes:
        """Answer a read of one of its own characteristics."""

    @abstractmethod
    def take_write(self, uuid: str, data: bytes) -> None:
        """Take a write to one of its own characteristics."""


_STANDARD_SERVICES = (
    Service(BATTERY_SERVICE, (Characteristic(BATTERY_LEVEL, ("read", "notify")),)),
    Service(
        DEVICE_INFORMATION_SERVICE,
        (Characteristic(SERIAL_NUMBER, ("read",)), Characteristic(FIRMWARE_REVISION, ("read",))),
    ),
)
