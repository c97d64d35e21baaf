"""A sensor as the air sees it: what it advertises, its GATT table, and a firmware behind both."""

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
    """What is printed on a sensor."""

    name: str
    serial: str
    address: str
    firmware: str = "virtual 1.0"


class World(Protocol):
    """What a sensor has around it: a clock, and the air that carries what it sends."""

    def now_s(self) -> float:
        """Seconds on the clock of the world."""

    def call_at(self, time_s: float, act: Callable[[], object]) -> asyncio.TimerHandle:
        """Do something at a time of the world."""

    def carry(self, peripheral: Peripheral, packet: Packet) -> bool:
        """Take a notification of a sensor on its way; tells whether the sensor got rid of it."""

    def waiting(self, peripheral: Peripheral) -> Iterable[Packet]:
        """Give what waits in the radio of a sensor that is out of range."""

    def switch_off(self, peripheral: Peripheral) -> None:
        """Let a sensor switch itself off."""


class Peripheral(ABC):
    """What every virtual sensor has; a subclass is the firmware of one family."""

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
        """GATT table as this copy shows it."""
        return tuple(
            Service(service.uuid, tuple(one for one in service.characteristics if one.uuid not in self.missing))
            for service in self._services
        )

    @property
    def air(self) -> World:
        """The air that it was put into."""
        if self._air is None:
            raise RuntimeError(f"{self.label.name} was not put into the air.")
        return self._air

    @property
    def battery_percent(self) -> int:
        """Charge now."""
        hours = (self.air.now_s() - self._on_since_s) / 3600
        return max(0, min(100, round(self.charge_percent - self.drain_percent_per_h * hours)))

    def enter(self, air: World) -> None:
        """Begin to exist, powered on."""
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
        """Switch the notifications of a characteristic."""
        if on:
            self._subscribed.add(uuid)
        else:
            self._subscribed.discard(uuid)

    def unlink(self) -> None:
        """Lose the link, with everything that belongs to it."""
        self._subscribed.clear()
        self.disconnected()

    def notify(self, packet: Packet) -> bool:
        """Send a notification; tells whether the radio took it."""
        return self.is_subscribed(packet.uuid) and self.air.carry(self, packet)

    def is_subscribed(self, uuid: str) -> bool:
        """Tell whether the central wants to be told of a characteristic."""
        return uuid in self._subscribed

    @abstractmethod
    def booted(self) -> None:
        """Start from nothing: at the beginning, and after a reboot."""

    @abstractmethod
    def disconnected(self) -> None:
        """Notice that the link is gone."""

    @abstractmethod
    def answer_read(self, uuid: str) -> bytes:
        """Answer a read of a characteristic of its own."""

    @abstractmethod
    def take_write(self, uuid: str, data: bytes) -> None:
        """Take a write to a characteristic of its own."""


_STANDARD_SERVICES = (
    Service(BATTERY_SERVICE, (Characteristic(BATTERY_LEVEL, ("read", "notify")),)),
    Service(
        DEVICE_INFORMATION_SERVICE,
        (Characteristic(SERIAL_NUMBER, ("read",)), Characteristic(FIRMWARE_REVISION, ("read",))),
    ),
)
