"""A mock of bluetoothd: answers on D-Bus as BlueZ does, for the sensors of one :class:`~..air.TroubledAir`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from bleak.backends.bluezdbus.version import BlueZFeatures
from dbus_fast import Message, Variant

from clonus_sense.sensors.virtual.air import CONNECT_S
from clonus_sense.sensors.virtual.peripheral import AttRefusal, Packet, Peripheral
from tests.virtual.bluez.bus import Bus, Client
from tests.virtual.bluez.objects import (
    ADAPTER,
    ADAPTER_PATH,
    CHARACTERISTIC,
    DEVICE,
    OBJECT_MANAGER,
    PROPERTIES,
    Interfaces,
    adapter_interfaces,
    device_interfaces,
    device_path,
    gatt_objects,
)
from tests.virtual.troubled_air import TroubledAir

logger = logging.getLogger(__name__)

# BlueZ forgets a device that has no link and is no longer heard.
FORGET_AFTER_S = 30.0
# BlueZ tries to reach a known device for this long.
CONNECT_TIMEOUT_S = 25.0
_RETRY_S = 0.1
_FAREWELL_S = 0.01


@dataclass(slots=True)
class _Attempt:
    """A call of Connect without an answer yet."""

    client: Client
    call: Message
    deadline_s: float


class Bluez:
    """``org.bluez`` with one adapter, ``hci0``.

    Attributes
    ----------
    connect_error
        D-Bus error name and text for every Connect; ``None`` lets them succeed.
    """

    name = "org.bluez"

    def __init__(self, air: TroubledAir) -> None:
        self._loop = asyncio.get_running_loop()
        self._air = air
        self._bus: Bus | None = None
        self._objects: dict[str, Interfaces] = {}
        self._seen: dict[str, Peripheral] = {}
        self._gatt: dict[str, tuple[Peripheral, str]] = {}
        self._paths: dict[tuple[Peripheral, str], str] = {}
        self._scanning: set[Client] = set()
        self._notifying: dict[str, Client] = {}
        self._attempts: dict[Peripheral, _Attempt] = {}
        self.running = True
        self.connect_error: tuple[str, str] | None = None
        air.host = self

    def serve(self, bus: Bus) -> None:
        """Start to answer on a bus."""
        self._bus = bus
        self._objects[ADAPTER_PATH] = adapter_interfaces(powered=self._air.adapter_powered)

    # Disturbances

    def die(self) -> None:
        """Die as bluetoothd does: without a signal, all links drop and every call fails."""
        self.running = False
        self._air.stop_host()
        self._objects.clear()
        self._seen.clear()
        self._gatt.clear()
        self._paths.clear()
        self._scanning.clear()
        self._notifying.clear()
        self._attempts.clear()

    def come_back(self) -> None:
        """Restart with no state."""
        self.running = True
        self._air.restart_host()
        self._add(ADAPTER_PATH, adapter_interfaces(powered=self._air.adapter_powered))

    # Told by the air

    def advertised(self, peripheral: Peripheral) -> None:
        """Publish a device, or that it was heard again."""
        path = device_path(peripheral)
        if path in self._objects:
            self._change(path, DEVICE, {"RSSI": Variant("n", -60)})
            return
        self._seen[path] = peripheral
        self._add(path, device_interfaces(peripheral))

    def link_lost(self, peripheral: Peripheral) -> None:
        """Publish that the link is down, and remove the device's GATT table."""
        path = device_path(peripheral)
        if not self.running or path not in self._objects:
            return
        self._notifying = {char: client for char, client in self._notifying.items() if not char.startswith(path)}
        for gatt_path in [one for one in self._objects if one.startswith(f"{path}/")]:
            self._remove(gatt_path)
        self._change(path, DEVICE, {"ServicesResolved": Variant("b", False), "Connected": Variant("b", False)})
        self._loop.call_later(FORGET_AFTER_S, self._forget, path)

    def notified(self, peripheral: Peripheral, packet: Packet) -> None:
        """Pass a notification on as a changed value."""
        path = self._paths.get((peripheral, packet.uuid))
        if path in self._notifying:
            self._change(path, CHARACTERISTIC, {"Value": Variant("ay", packet.data)})

    def adapter_changed(self) -> None:
        """Publish the adapter's state."""
        if self.running:
            self._scanning.clear()
            self._air.listen(on=False)
            self._change(ADAPTER_PATH, ADAPTER, {"Powered": Variant("b", self._air.adapter_powered)})

    # Called over D-Bus

    def client_left(self, client: Client) -> None:
        """End a client's operations, as BlueZ does."""
        self._scanning.discard(client)
        self._listen()
        for path in [path for path, owner in self._notifying.items() if owner is client]:
            self._stop_notify(path)

    def called(self, client: Client, call: Message) -> None:
        """Answer a call."""
        method = self._methods().get((call.interface or "", call.member or ""))
        if method is None or (call.path != "/" and call.path not in self._objects):
            kind = "UnknownMethod" if method is None else "UnknownObject"
            client.send(Message.new_error(call, f"org.freedesktop.DBus.Error.{kind}", f"{call.path} {call.member}"))
            return
        try:
            answer = method(client, call)
        except AttRefusal as refusal:
            answer = _failed(call, f"Operation failed with ATT error: 0x{refusal.code:02x}")
        if answer is not None:
            client.send(answer)

    def _methods(self) -> dict[tuple[str, str], Callable[[Client, Message], Message | None]]:
        """All methods that a client of ours calls."""
        return {
            (OBJECT_MANAGER, "GetManagedObjects"): self._managed_objects,
            (ADAPTER, "SetDiscoveryFilter"): lambda _client, call: Message.new_method_return(call),
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (DEVICE, "Connect"): self._connect,
            (DEVICE, "Disconnect"): self._disconnect,
            (CHARACTERISTIC, "ReadValue"): self._read,
            (CHARACTERISTIC, "WriteValue"): self._write,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): self._end_notify,
        }

    def _managed_objects(self, _client: Client, call: Message) -> Message:
        return Message.new_method_return(call, "a{oa{sa{sv}}}", [self._objects])

    def _start_discovery(self, client: Client, call: Message) -> Message:
        if not self._air.adapter_powered:
            return Message.new_error(call, "org.bluez.Error.NotReady", "Resource Not Ready")
        if client in self._scanning:
            return Message.new_error(call, "org.bluez.Error.InProgress", "Operation already in progress")
        self._scanning.add(client)
        self._listen()
        return Message.new_method_return(call)

    def _stop_discovery(self, client: Client, call: Message) -> Message:
        if client not in self._scanning:
            return _failed(call, "No discovery started")
        self._scanning.discard(client)
        self._listen()
        for path in self._seen:
            self._loop.call_later(FORGET_AFTER_S, self._forget, path)
        return Message.new_method_return(call)

    def _connect(self, client: Client, call: Message) -> Message | None:
        if not self._air.adapter_powered:
            return Message.new_error(call, "org.bluez.Error.NotReady", "Resource Not Ready")
        if self.connect_error is not None:
            return Message.new_error(call, *self.connect_error)
        peripheral = self._seen[str(call.path)]
        if peripheral in self._attempts:
            return Message.new_error(call, "org.bluez.Error.InProgress", "Operation already in progress")
        self._attempts[peripheral] = _Attempt(client, call, self._loop.time() + CONNECT_TIMEOUT_S)
        self._loop.call_later(CONNECT_S, self._try_to_connect, peripheral)
        return None

    def _try_to_connect(self, peripheral: Peripheral) -> None:
        """Answer a Connect, or try again in a moment."""
        attempt = self._attempts.get(peripheral)
        if attempt is None:
            return
        if self._air.can_hear(peripheral) and not self._air.reach(peripheral).linked:
            del self._attempts[peripheral]
            self._air.link(peripheral)
            path = device_path(peripheral)
            self._change(path, DEVICE, {"Connected": Variant("b", True)})
            attempt.client.send(Message.new_method_return(attempt.call))
            self._show_services(peripheral)
        elif self._loop.time() >= attempt.deadline_s:
            del self._attempts[peripheral]
            attempt.client.send(_failed(attempt.call, "Connection timed out"))
        else:
            self._loop.call_later(_RETRY_S, self._try_to_connect, peripheral)

    def _show_services(self, peripheral: Peripheral) -> None:
        """Publish the GATT table of a device."""
        for path, uuid, interfaces in gatt_objects(peripheral):
            if uuid is not None:
                self._gatt[path] = (peripheral, uuid)
                self._paths[peripheral, uuid] = path
            self._add(path, interfaces)
        self._change(device_path(peripheral), DEVICE, {"ServicesResolved": Variant("b", True)})

    def _disconnect(self, _client: Client, call: Message) -> Message:
        peripheral = self._seen[str(call.path)]
        attempt = self._attempts.pop(peripheral, None)
        if attempt is not None:
            attempt.client.send(_failed(attempt.call, "Operation canceled"))
        elif not self._air.reach(peripheral).linked:
            return Message.new_error(call, "org.bluez.Error.NotConnected", "Not Connected")
        self._air.unlink(peripheral)
        return Message.new_method_return(call)

    def _read(self, _client: Client, call: Message) -> Message:
        peripheral, uuid = self._gatt[str(call.path)]
        return Message.new_method_return(call, "ay", [peripheral.read(uuid)])

    def _write(self, _client: Client, call: Message) -> Message:
        peripheral, uuid = self._gatt[str(call.path)]
        if not self._air.reach(peripheral).in_range:
            return _failed(call, "Not connected")
        peripheral.write(uuid, bytes(call.body[0]))
        return Message.new_method_return(call)

    def _start_notify(self, client: Client, call: Message) -> Message:
        path = str(call.path)
        peripheral, uuid = self._gatt[path]
        self._notifying[path] = client
        peripheral.subscribe(uuid, on=True)
        return Message.new_method_return(call)

    def _end_notify(self, _client: Client, call: Message) -> Message:
        self._stop_notify(str(call.path))
        return Message.new_method_return(call)

    def _stop_notify(self, path: str) -> None:
        """Switch the notifications of a characteristic off."""
        self._notifying.pop(path, None)
        peripheral, uuid = self._gatt[path]
        peripheral.subscribe(uuid, on=False)

    # Objects

    def _listen(self) -> None:
        """Listen while any client discovers."""
        self._air.listen(on=bool(self._scanning))

    def _forget(self, path: str) -> None:
        """Remove a device that no client uses, as BlueZ does."""
        peripheral = self._seen.get(path)
        if peripheral is None or self._scanning or peripheral in self._attempts:
            return
        if not self._air.reach(peripheral).linked:
            del self._seen[path]
            self._remove(path)

    def _add(self, path: str, interfaces: Interfaces) -> None:
        """Publish a new object."""
        self._objects[path] = interfaces
        self._emit("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, interfaces])

    def _remove(self, path: str) -> None:
        """Remove an object."""
        interfaces = self._objects.pop(path)
        self._gatt.pop(path, None)
        self._emit("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", [path, list(interfaces)])

    def _change(self, path: str, interface: str, values: dict[str, Variant]) -> None:
        """Change properties of an object."""
        if path not in self._objects:
            return
        if "Value" not in values:
            self._objects[path][interface].update(values)
        self._emit(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, values, []])

    def _emit(self, path: str, interface: str, member: str, signature: str, body: list[object]) -> None:
        if self._bus is not None and self.running:
            self._bus.emit(Message.new_signal(path, interface, member, signature, body))


@contextlib.asynccontextmanager
async def bluez_radio(air: TroubledAir) -> AsyncIterator[Bluez]:
    """Let bleak's unmodified Linux backend find the sensors of ``air``.

    Meanwhile ``DBUS_SYSTEM_BUS_ADDRESS`` points to a bus of this process.  A test can stop, restart or change the mock.
    """
    before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")
    # Otherwise bleak asks the program bluetoothctl for a version, which is not that of the mock.
    checked, BlueZFeatures.checked_bluez_version = BlueZFeatures.checked_bluez_version, True
    with tempfile.TemporaryDirectory(prefix="clonus-sense-") as folder:
        bluez = Bluez(air)
        bus = Bus(Path(folder) / "bus", bluez)
        bluez.serve(bus)
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bus.address
        try:
            yield bluez
        finally:
            air.close()
            await _close(bus)
            BlueZFeatures.checked_bluez_version = checked
            if before is None:
                del os.environ["DBUS_SYSTEM_BUS_ADDRESS"]
            else:
                os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = before


async def _close(bus: Bus) -> None:
    """Close the bus without the warnings that bleak logs for an unexpected end."""
    log = logging.getLogger("bleak.backends.bluezdbus.manager")
    log.addFilter(_pass_nothing)
    try:
        bus.close()
        # Clients notice the end of the bus before the loop closes.
        await asyncio.sleep(_FAREWELL_S)
    finally:
        log.removeFilter(_pass_nothing)


def _pass_nothing(_record: logging.LogRecord) -> bool:
    return False


def _failed(call: Message, text: str) -> Message:
    """BlueZ's answer to most failures."""
    return Message.new_error(call, "org.bluez.Error.Failed", text)
