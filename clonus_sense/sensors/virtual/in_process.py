"""A radio inside this process: classes below bleak's API that use the air directly."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakError,
    BleakGATTProtocolError,
)

from clonus_sense.sensors.link.host_clock import HostClock
from clonus_sense.sensors.link.radio import Radio
from clonus_sense.sensors.virtual.air import CONNECT_S, Air
from clonus_sense.sensors.virtual.peripheral import AttRefusal, Packet, Peripheral

# Windows and BlueZ offer this MTU; a sensor with long packets uses it.
_MTU = 517
_CONNECT_POLL_S = 0.1
_RSSI_DBM = -60


class InProcessRadio:
    """Plays the host of an air; hand its two classes to bleak as ``backend=``."""

    def __init__(self, air: Air, client: type[VirtualClient] | None = None) -> None:
        self.air = air
        self.scanners: set[_Scanner] = set()
        self.clients: dict[Peripheral, VirtualClient] = {}
        air.host = self
        self.scanner_backend: type[BaseBleakScanner] = type("VirtualScanner", (_Scanner,), {"radio": self})
        self.client_backend: type[BaseBleakClient] = type("Client", (client or VirtualClient,), {"radio": self})

    def advertised(self, peripheral: Peripheral) -> None:
        """Pass an advertisement to every scanner."""
        for scanner in list(self.scanners):
            scanner.heard(peripheral)

    def link_lost(self, peripheral: Peripheral) -> None:
        """Tell the client that its link was lost."""
        client = self.clients.pop(peripheral, None)
        if client is not None:
            client.went_down()

    def notified(self, peripheral: Peripheral, packet: Packet) -> None:
        """Pass a notification to the client."""
        client = self.clients.get(peripheral)
        if client is not None:
            client.came(packet)

    def adapter_changed(self) -> None:
        """Stop listening when the adapter is switched off."""
        if not self.air.adapter_powered:
            self.scanners.clear()
            self.air.listen(on=False)

    def check_adapter(self) -> None:
        """Refuse to work while the adapter is off."""
        if not self.air.adapter_powered:
            raise BleakBluetoothNotAvailableError("switched off", BleakBluetoothNotAvailableReason.POWERED_OFF)


class _Scanner(BaseBleakScanner):
    """Listens to the air."""

    radio: InProcessRadio

    def __init__(
        self,
        detection_callback: Callable[[BLEDevice, AdvertisementData], None] | None,
        service_uuids: list[str] | None,
        scanning_mode: str,
        **_kwargs: Any,  # noqa: ANN401 - what other systems need
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        """Start to listen."""
        self.radio.check_adapter()
        self.seen_devices = {}
        self.radio.scanners.add(self)
        self.radio.air.listen(on=True)

    async def stop(self) -> None:
        """Stop listening."""
        self.radio.scanners.discard(self)
        self.radio.air.listen(on=bool(self.radio.scanners))

    def heard(self, peripheral: Peripheral) -> None:
        """Pass an advertisement on."""
        label = peripheral.label
        data = AdvertisementData(label.name, {}, {}, list(peripheral.advertised_uuids), None, _RSSI_DBM, ())
        if self.is_allowed_uuid(data.service_uuids):
            device = self.create_or_update_device(label.address, label.address, label.name, peripheral, data)
            self.call_detection_callbacks(device, data)


class VirtualClient(BaseBleakClient):
    """One connection through the air."""

    radio: InProcessRadio

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **kwargs: Any,  # noqa: ANN401 - what other systems need
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout, **kwargs)
        if not isinstance(address_or_ble_device, BLEDevice):
            raise BleakError("Scan first: a virtual sensor is found, not addressed.")
        self._peripheral: Peripheral = address_or_ble_device.details
        self._callbacks: dict[str, NotifyCallback] = {}
        self._is_connected = False

    @property
    def name(self) -> str:
        """Name of the sensor."""
        return self._peripheral.label.name

    @property
    def mtu_size(self) -> int:
        """Largest ATT packet."""
        return _MTU

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""
        return self._is_connected

    async def connect(self, pair: bool, **_kwargs: Any) -> None:  # noqa: ANN401 - bleak's own signature
        """Connect as soon as the sensor is heard."""
        self.radio.check_adapter()
        async with asyncio.timeout(self._timeout):
            await asyncio.sleep(CONNECT_S)
            while not self.radio.air.can_hear(self._peripheral) or self.radio.air.reach(self._peripheral).linked:
                await asyncio.sleep(_CONNECT_POLL_S)
            await self.open_link()
        self.radio.clients[self._peripheral] = self
        self._is_connected = True
        self.services = _services(self._peripheral)

    async def open_link(self) -> None:
        """Establish the link."""
        self.radio.air.link(self._peripheral)

    async def disconnect(self) -> None:
        """Drop the link."""
        if self._is_connected:
            self.radio.air.unlink(self._peripheral)

    def went_down(self) -> None:
        """Note that the link is down."""
        self._is_connected = False
        self.services = None
        self._callbacks.clear()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    def came(self, packet: Packet) -> None:
        """Pass a notification on."""
        callback = self._callbacks.get(packet.uuid)
        if callback is not None:
            callback(bytearray(packet.data))

    async def pair(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Virtual sensors need no pairing."""

    async def unpair(self) -> None:
        """Virtual sensors need no pairing."""

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **kwargs: Any,  # noqa: ANN401
    ) -> bytearray:
        """Read."""
        self.check_up()
        try:
            return bytearray(self._peripheral.read(characteristic.uuid))
        except AttRefusal as refusal:
            raise BleakGATTProtocolError(refusal.code) from refusal

    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,
        **kwargs: Any,  # noqa: ANN401
    ) -> bytearray:
        """Refuse: virtual sensors have no descriptors."""
        raise BleakError("Virtual sensors have no descriptors.")

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,
    ) -> None:
        """Write."""
        self.check_up()
        try:
            self._peripheral.write(characteristic.uuid, bytes(data))
        except AttRefusal as refusal:
            if response:
                raise BleakGATTProtocolError(refusal.code) from refusal

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Refuse: virtual sensors have no descriptors."""
        raise BleakError("Virtual sensors have no descriptors.")

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Subscribe."""
        self.check_up()
        self._callbacks[characteristic.uuid] = callback
        self._peripheral.subscribe(characteristic.uuid, on=True)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        self.check_up()
        self._callbacks.pop(characteristic.uuid, None)
        self._peripheral.subscribe(characteristic.uuid, on=False)

    def check_up(self) -> None:
        """Raise an error if the link is down."""
        if not self._is_connected or not self.radio.air.reach(self._peripheral).in_range:
            raise BleakError("Not connected")


def _services(peripheral: Peripheral) -> BleakGATTServiceCollection:
    """Describe the GATT table in bleak's types."""
    collection = BleakGATTServiceCollection()
    handle = 1
    for service in peripheral.services:
        described = BleakGATTService(None, handle, service.uuid)
        collection.add_service(described)
        for one in service.characteristics:
            handle += 1
            properties: Any = list(one.properties)
            collection.add_characteristic(
                BleakGATTCharacteristic(None, handle, one.uuid, properties, lambda: _MTU - 3, described)
            )
        handle += 1
    return collection


@contextlib.asynccontextmanager
async def in_process_radio(air: Air) -> AsyncIterator[Radio]:
    """Reach virtual sensors through classes below bleak's API."""
    host = InProcessRadio(air)
    radio = Radio(host.scanner_backend, host.client_backend)
    try:
        yield radio
    finally:
        await radio.close()
        air.close()


def world_clock(air: Air) -> HostClock:
    """Return the host's clock of a virtual world; it continues while the host sleeps."""
    return HostClock(air.now_s, air.awake_s)
