"""D-Bus objects of the mock of org.bluez: paths, interfaces and their properties, as BlueZ documents them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from dbus_fast import Variant

from clonus_sense.sensors.virtual.peripheral import Peripheral

Interfaces: TypeAlias = dict[str, dict[str, Variant]]

OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"

ADAPTER_PATH = "/org/bluez/hci0"
# BlueZ offers this MTU; a sensor with long packets uses it.
_ATT_MTU = 517


def device_path(peripheral: Peripheral) -> str:
    """Path of a device's object."""
    return f"{ADAPTER_PATH}/dev_{peripheral.label.address.replace(':', '_')}"


def adapter_interfaces(*, powered: bool) -> Interfaces:
    """Describe the adapter."""
    return {
        ADAPTER: {
            "Address": Variant("s", "00:00:5E:00:53:00"),
            "Name": Variant("s", "virtual"),
            "Alias": Variant("s", "virtual"),
            "Powered": Variant("b", powered),
            "Discovering": Variant("b", False),
            "UUIDs": Variant("as", []),
            "Roles": Variant("as", ["central"]),
        }
    }


def device_interfaces(peripheral: Peripheral) -> Interfaces:
    """Describe a device that was just heard."""
    return {
        DEVICE: {
            "Address": Variant("s", peripheral.label.address),
            "AddressType": Variant("s", "random"),
            "Name": Variant("s", peripheral.label.name),
            "Alias": Variant("s", peripheral.label.name),
            "Paired": Variant("b", False),
            "Bonded": Variant("b", False),
            "Trusted": Variant("b", False),
            "Blocked": Variant("b", False),
            "Connected": Variant("b", False),
            "ServicesResolved": Variant("b", False),
            "UUIDs": Variant("as", list(peripheral.advertised_uuids)),
            "Adapter": Variant("o", ADAPTER_PATH),
            "RSSI": Variant("n", -60),
        }
    }


def gatt_objects(peripheral: Peripheral) -> Iterator[tuple[str, str | None, Interfaces]]:
    """Describe the GATT table of a device.

    Yields
    ------
    tuple
        Path; UUID of a characteristic, ``None`` for a service; interfaces.
    """
    handle = 1
    device = device_path(peripheral)
    for service in peripheral.services:
        path = f"{device}/service{handle:04x}"
        yield (
            path,
            None,
            {
                SERVICE: {
                    "UUID": Variant("s", service.uuid),
                    "Device": Variant("o", device),
                    "Primary": Variant("b", True),
                    "Includes": Variant("ao", []),
                }
            },
        )
        for characteristic in service.characteristics:
            handle += 1
            yield (
                f"{path}/char{handle:04x}",
                characteristic.uuid,
                {
                    CHARACTERISTIC: {
                        "UUID": Variant("s", characteristic.uuid),
                        "Service": Variant("o", path),
                        "Flags": Variant("as", list(characteristic.properties)),
                        "Notifying": Variant("b", False),
                        "MTU": Variant("q", _ATT_MTU),
                    }
                },
            )
        handle += 1
