"""A second virtual radio: ATT, L2CAP and HCI by bumble between a controller for each sensor and one for the host.

For tests only: the package does not depend on bumble.  The air decides which sensors the host can hear, and reports
advertisements, because bumble's virtual controller delivers no scan responses.  A lost link is a supervision timeout
that the air reports to both controllers.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import NotifyCallback
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble.att import ATT_Error, Attribute
from bumble.controller import Controller
from bumble.core import ProtocolError
from bumble.device import Connection, Device, Peer
from bumble.gatt import Characteristic as BumbleCharacteristic
from bumble.gatt import CharacteristicValue
from bumble.gatt import Service as BumbleService
from bumble.hci import HCI_CONNECTION_TIMEOUT_ERROR, Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from clonus_sense.sensors.link.radio import Radio
from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.in_process import InProcessRadio, VirtualClient
from clonus_sense.sensors.virtual.peripheral import AttRefusal, Packet, Peripheral

logger = logging.getLogger(__name__)

_HOST_ADDRESS = "C0:FF:EE:00:00:01"
_MTU = 247
# bumble's default of 27 would cut every packet into seven.
_ACL_BYTES = 251
_ATT_TIMEOUT_S = 10.0


def _controller_and_device(name: str, address: str, link: LocalLink) -> tuple[Controller, Device]:
    """Make one end of a radio."""
    controller = Controller(name, link=link)
    controller.le_acl_data_packet_length = controller.acl_data_packet_length = _ACL_BYTES
    device = Device(name=name, address=Address(address), host=Host(controller, AsyncPipeSink(controller)))
    return controller, device


class _SensorEnd:
    """A sensor's controller and GATT server, with the firmware behind it."""

    def __init__(self, peripheral: Peripheral, link: LocalLink) -> None:
        self._peripheral = peripheral
        self._link = link
        self._sending: asyncio.Queue[Packet] = asyncio.Queue()
        self._sender: asyncio.Task[None] | None = None
        self._characteristics: dict[str, BumbleCharacteristic[Any]] = {}
        self.controller, self.device = _controller_and_device(peripheral.label.name, peripheral.label.address, link)

    async def power_on(self) -> None:
        """Publish the present GATT table, and start sending."""
        for service in self._peripheral.services:
            self.device.add_service(
                BumbleService(
                    service.uuid, [self._characteristic(one.uuid, one.properties) for one in service.characteristics]
                )
            )
        await self.device.power_on()
        self._sender = asyncio.create_task(self._send())

    async def power_off(self) -> None:
        """Stop."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)

    def queue(self, packet: Packet) -> None:
        """Queue a notification or indication."""
        self._sending.put_nowait(packet)

    def _characteristic(self, uuid: str, properties: tuple[str, ...]) -> BumbleCharacteristic[Any]:
        """Make a characteristic whose reads and writes go to the firmware."""
        names = ",".join(one.upper().replace("-", "_") for one in properties)
        made: BumbleCharacteristic[Any] = BumbleCharacteristic(
            uuid,
            BumbleCharacteristic.Properties.from_string(names),
            Attribute.Permissions.READABLE | Attribute.Permissions.WRITEABLE,
            CharacteristicValue(read=partial(self._read, uuid), write=partial(self._write, uuid)),
        )
        made.on(made.EVENT_SUBSCRIPTION, partial(self._subscribed, uuid))
        self._characteristics[uuid] = made
        return made

    def _read(self, uuid: str, _connection: Connection) -> bytes:
        try:
            return self._peripheral.read(uuid)
        except AttRefusal as refusal:
            raise ATT_Error(refusal.code) from refusal

    def _write(self, uuid: str, _connection: Connection, value: bytes) -> None:
        try:
            self._peripheral.write(uuid, value)
        except AttRefusal as refusal:
            raise ATT_Error(refusal.code) from refusal

    def _subscribed(
        self, uuid: str, _connection: Connection, notify: bool, indicate: bool
    ) -> None:  # bumble's own order
        self._peripheral.subscribe(uuid, on=notify or indicate)

    async def _send(self) -> None:
        """Send the queue in order; an indication waits for its confirmation."""
        while True:
            packet = await self._sending.get()
            characteristic = self._characteristics[packet.uuid]
            for connection in list(self.device.connections.values()):
                # A lost link loses its packets.
                with contextlib.suppress(ProtocolError, TimeoutError):
                    await self._send_one(connection, characteristic, packet.data)

    async def _send_one(self, connection: Connection, characteristic: BumbleCharacteristic[Any], data: bytes) -> None:
        """Send one; bumble cancels an indication that can no longer be confirmed."""
        if BumbleCharacteristic.Properties.INDICATE not in characteristic.properties:
            await self.device.notify_subscriber(connection, characteristic, data)
            return
        waiting = asyncio.ensure_future(self.device.indicate_subscriber(connection, characteristic, data))
        try:
            await asyncio.wait([waiting])
        finally:
            waiting.cancel()
            await asyncio.wait([waiting])
        if not waiting.cancelled() and waiting.exception() is not None:
            logger.info("an indication was not confirmed: %s", waiting.exception())


class BumbleRadio(InProcessRadio):
    """Plays the host of an air over bumble; pass its two classes to bleak as ``backend=``."""

    def __init__(self, air: Air) -> None:
        super().__init__(air, _Client)
        self._link = LocalLink()  # type: ignore[no-untyped-call]
        self._ends: dict[Peripheral, _SensorEnd] = {}
        self.controller, self.device = _controller_and_device("host", _HOST_ADDRESS, self._link)

    async def power_on(self) -> None:
        """Start the host's controller."""
        await self.device.power_on()

    async def power_off(self) -> None:
        """Stop all senders."""
        for end in self._ends.values():
            await end.power_off()

    async def end_of(self, peripheral: Peripheral) -> _SensorEnd:
        """Return the sensor's end, rebuilt for each connection because its GATT table may have changed."""
        old = self._ends.pop(peripheral, None)
        if old is not None:
            await old.power_off()
            self._link.remove_controller(old.controller)
        end = self._ends[peripheral] = _SensorEnd(peripheral, self._link)
        await end.power_on()
        return end

    def notified(self, peripheral: Peripheral, packet: Packet) -> None:
        """Send it from the sensor's own end."""
        self._ends[peripheral].queue(packet)

    def link_lost(self, peripheral: Peripheral) -> None:
        """Report a supervision timeout to both controllers."""
        end = self._ends.get(peripheral)
        for controller in (self.controller, *(() if end is None else (end.controller,))):
            for connection in list(controller.le_connections.values()):
                if Address(peripheral.label.address) in (connection.peer_address, connection.self_address):
                    controller.on_le_disconnected(connection, HCI_CONNECTION_TIMEOUT_ERROR)
        super().link_lost(peripheral)


class _Client(VirtualClient):
    """One connection over bumble."""

    radio: BumbleRadio
    _peer: Peer | None = None

    async def open_link(self) -> None:
        """Connect, agree on an MTU, and discover all services."""
        end = await self.radio.end_of(self._peripheral)
        await end.device.start_advertising()
        connection = await self.radio.device.connect(Address(self._peripheral.label.address), timeout=_ATT_TIMEOUT_S)
        self.radio.air.link(self._peripheral)
        peer = self._peer = Peer(connection)
        await peer.request_mtu(_MTU)
        await peer.discover_all()  # type: ignore[no-untyped-call]

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **kwargs: Any,  # noqa: ANN401 - bleak's own signature
    ) -> bytearray:
        """Read over ATT."""
        return bytearray(await self._ask(self._remote(characteristic).read_value()))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        """Write over ATT."""
        await self._ask(self._remote(characteristic).write_value(bytes(data), with_response=response))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **kwargs: Any,  # noqa: ANN401 - bleak's own signature
    ) -> None:
        """Subscribe by writing the descriptor."""
        await self._ask(self._remote(characteristic).subscribe(lambda value: callback(bytearray(value))))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe by writing the descriptor."""
        await self._ask(self._remote(characteristic).unsubscribe(force=True))

    def _remote(self, characteristic: BleakGATTCharacteristic) -> Any:  # noqa: ANN401 - bumble's proxy is generic
        """Find the characteristic at the other end."""
        self.check_up()
        if self._peer is None:
            raise BleakError("Not connected")
        return self._peer.get_characteristics_by_uuid(_uuid(characteristic.uuid))[0]

    @staticmethod
    async def _ask(work: Any) -> Any:  # noqa: ANN401 - whatever the proxy gives
        """Run an operation at the other end, and raise bleak's errors."""
        try:
            async with asyncio.timeout(_ATT_TIMEOUT_S):
                return await work
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except (ProtocolError, asyncio.InvalidStateError) as error:
            raise BleakError(str(error)) from error


def _uuid(text: str) -> Any:  # noqa: ANN401 - bumble's UUID
    """Convert a UUID to bumble's type."""
    from bumble.core import UUID  # noqa: PLC0415 - its name would hide Python's

    return UUID(text)


@contextlib.asynccontextmanager
async def bumble_radio(air: Air) -> AsyncIterator[Radio]:
    """Reach virtual sensors over bumble."""
    logging.getLogger("bumble").setLevel(logging.ERROR)
    host = BumbleRadio(air)
    await host.power_on()
    radio = Radio(host.scanner_backend, host.client_backend)
    try:
        yield radio
    finally:
        await radio.close()
        air.close()
        await host.power_off()
