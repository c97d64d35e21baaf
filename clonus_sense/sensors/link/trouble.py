"""Translation of foreign exceptions into ours, each with advice for the user; no other module catches them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from clonus_sense.errors import SensorError, SensorLostError, SensorNotFoundError, SensorRefusedError
from clonus_sense.i18n import Phrase, message

_NOT_AVAILABLE = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: message(
        "this computer has no Bluetooth adapter; plug a USB Bluetooth adapter in (Bluetooth 5 or newer)."
    ),
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: message(
        "the Bluetooth adapter cannot do Bluetooth Low Energy; plug a newer one in (Bluetooth 5)."
    ),
    BleakBluetoothNotAvailableReason.POWERED_OFF: message(
        "Bluetooth is switched off; switch it on in the system's settings and end flight mode."
    ),
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: message(
        "this program was not allowed to use Bluetooth; allow it in the system's privacy settings."
    ),
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: message(
        "the system does not let this user use Bluetooth; on Linux, add the user to the group `bluetooth` and sign in "
        "again."
    ),
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: message(
        "this program may not use Bluetooth; allow it in the system's privacy settings."
    ),
    BleakBluetoothNotAvailableReason.UNKNOWN: message("Bluetooth is not available; switch it off and on again."),
}

_NO_SERVICE = message(
    "the Bluetooth service of this computer is not running; start it with `sudo systemctl start bluetooth`."
)
_NOT_ALLOWED = message(
    "the system does not let this user use Bluetooth; add the user to the group `bluetooth` and sign in again."
)
_NOT_PAIRED = message("the sensor wants to be paired first; pair it in the system's Bluetooth settings.")
_OUT_OF_REACH = message("the sensor cannot be reached any more; bring it nearer.")
_LOST = message(
    "the connection broke off; keep sensor and computer within a few metres, and the computer away from USB 3 disks."
)

# D-Bus error names and their meaning for the user.
_DBUS = {
    "org.freedesktop.DBus.Error.ServiceUnknown": _NO_SERVICE,
    "org.freedesktop.DBus.Error.NameHasNoOwner": _NO_SERVICE,
    "org.freedesktop.DBus.Error.AccessDenied": _NOT_ALLOWED,
    "org.bluez.Error.NotReady": message("Bluetooth is switched off; switch it on in the system's settings."),
    "org.bluez.Error.InProgress": message(
        "Bluetooth is busy with another request; close other Bluetooth windows and programs. If it stays so, switch "
        "Bluetooth off and on again."
    ),
    "org.bluez.Error.NotPermitted": _NOT_PAIRED,
    "org.bluez.Error.NotAuthorized": _NOT_PAIRED,
}

# Errors that their type alone explains; the narrower type first.
_PLAIN: tuple[tuple[tuple[type[Exception], ...], type[SensorError], str], ...] = (
    ((BleakDeviceNotFoundError,), SensorNotFoundError, _OUT_OF_REACH),
    (
        (TimeoutError,),
        SensorLostError,
        message("no answer in time; bring the sensor nearer and check that it is switched on and charged."),
    ),
    (
        (FileNotFoundError, ConnectionRefusedError),
        SensorRefusedError,
        message(
            "this computer's D-Bus cannot be reached, and Bluetooth with it; start it (in a container, mount "
            "/run/dbus)."
        ),
    ),
    ((PermissionError,), SensorRefusedError, _NOT_ALLOWED),
    ((EOFError, OSError), SensorLostError, _LOST),
)
_PAIRING_CODES = (
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
)
_DOING_AND_ADVICE = message("{doing}: {advice}")
_DOING_ADVICE_AND_MORE = message("{doing}: {advice} ({more})")


@contextlib.asynccontextmanager
async def translated(doing: str, timeout_s: float) -> AsyncIterator[None]:
    """Run bleak calls within a time limit, and raise our errors; ``doing`` begins the message."""
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except SensorError:
        raise
    except Exception as error:
        # bleak lets errors of D-Bus, sockets and its own assertions through; the night must survive all of them.
        raise translate(error, doing) from error


def translate(error: Exception, doing: str) -> SensorError:
    """Turn a foreign error into ours."""
    match error:
        case BleakGATTProtocolError():
            return _refused_by_sensor(error, doing)
        case BleakDBusError():
            return _translate_dbus(error, doing)
        case BleakBluetoothNotAvailableError():
            return SensorRefusedError(_advised(doing, _NOT_AVAILABLE[error.reason]))
        case BleakCharacteristicNotFoundError():
            advice = message(
                "the sensor lacks the characteristic {characteristic}; it may be another model, or its firmware too "
                "old: update it with its maker's app."
            )
            return SensorRefusedError(_advised(doing, advice, characteristic=error.char_specifier))
    for kinds, ours, advice in _PLAIN:
        if isinstance(error, kinds):
            return ours(_advised(doing, advice))
    return SensorLostError(_lost(doing, f"{type(error).__name__}: {error}"))


def _advised(doing: str, advice: str, **facts: object) -> Phrase:
    """Build a message from the action and the advice."""
    return Phrase(_DOING_AND_ADVICE, doing=doing, advice=Phrase(advice, **facts))


def _lost(doing: str, more: str) -> Phrase:
    """Report a lost connection, with the system's own words."""
    return Phrase(_DOING_ADVICE_AND_MORE, doing=doing, advice=Phrase(_LOST), more=more)


def _refused_by_sensor(error: BleakGATTProtocolError, doing: str) -> SensorRefusedError:
    """Translate a refusal by the sensor."""
    # Codes from 0x80 on belong to the sensor and are not in bleak's enumeration.
    code = int(error.args[0])
    if code in _PAIRING_CODES:
        return SensorRefusedError(_advised(doing, _NOT_PAIRED), status=code)
    refused = message("the sensor refuses (ATT error 0x{code:02x}); switch it off and on again.")
    return SensorRefusedError(_advised(doing, refused, code=code), status=code)


def _translate_dbus(error: BleakDBusError, doing: str) -> SensorError:
    """Translate an error from BlueZ or the bus."""
    advice = _DBUS.get(error.dbus_error)
    if advice is not None:
        return SensorRefusedError(_advised(doing, advice))
    if error.dbus_error == "org.freedesktop.DBus.Error.UnknownObject":
        return SensorNotFoundError(_advised(doing, _OUT_OF_REACH))
    return SensorLostError(_lost(doing, error.dbus_error_details or error.dbus_error))
