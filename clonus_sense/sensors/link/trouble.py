"""The one border at which foreign exceptions become ours, each with what a person can do about it."""

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

_NOT_AVAILABLE = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: (
        "this computer has no Bluetooth adapter; plug a USB Bluetooth adapter in (Bluetooth 5 or newer)."
    ),
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: (
        "the Bluetooth adapter cannot do Bluetooth Low Energy; plug a newer one in (Bluetooth 5)."
    ),
    BleakBluetoothNotAvailableReason.POWERED_OFF: (
        "Bluetooth is switched off; switch it on in the system's settings and end flight mode."
    ),
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: (
        "this program was not allowed to use Bluetooth; allow it in the system's privacy settings."
    ),
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: (
        "the system does not let this user use Bluetooth; on Linux, add the user to the group `bluetooth` and sign in "
        "again."
    ),
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: (
        "this program may not use Bluetooth; allow it in the system's privacy settings."
    ),
    BleakBluetoothNotAvailableReason.UNKNOWN: "Bluetooth is not available; switch it off and on again.",
}

# Beginnings of D-Bus error names, with what they mean to a person.
_DBUS = (
    (
        "org.freedesktop.DBus.Error.ServiceUnknown",
        "the Bluetooth service of this computer is not running; start it with `sudo systemctl start bluetooth`.",
    ),
    (
        "org.freedesktop.DBus.Error.NameHasNoOwner",
        "the Bluetooth service of this computer is not running; start it with `sudo systemctl start bluetooth`.",
    ),
    (
        "org.freedesktop.DBus.Error.AccessDenied",
        "the system does not let this user use Bluetooth; add the user to the group `bluetooth` and sign in again.",
    ),
    ("org.bluez.Error.NotReady", "Bluetooth is switched off; switch it on in the system's settings."),
    (
        "org.bluez.Error.InProgress",
        "Bluetooth is busy with another request; close other Bluetooth windows and programs. If it stays so, switch "
        "Bluetooth off and on again.",
    ),
    (
        "org.bluez.Error.NotPermitted",
        "the sensor wants to be paired first; pair it in the system's Bluetooth settings.",
    ),
    (
        "org.bluez.Error.NotAuthorized",
        "the sensor wants to be paired first; pair it in the system's Bluetooth settings.",
    ),
)
_LOST = (
    "the connection broke off; keep sensor and computer within a few metres, and the computer away from USB 3 disks."
)

# Errors whose type says it all; the narrower kind first.
_PLAIN: tuple[tuple[tuple[type[Exception], ...], type[SensorError], str], ...] = (
    (
        (BleakDeviceNotFoundError,),
        SensorNotFoundError,
        "the sensor cannot be reached any more; bring it nearer.",
    ),
    (
        (TimeoutError,),
        SensorLostError,
        "no answer in time; bring the sensor nearer and check that it is switched on and charged.",
    ),
    (
        (FileNotFoundError, ConnectionRefusedError),
        SensorRefusedError,
        "this computer's D-Bus cannot be reached, and Bluetooth with it; start it (in a container, mount /run/dbus).",
    ),
    (
        (PermissionError,),
        SensorRefusedError,
        "the system does not let this user use Bluetooth; add the user to the group `bluetooth` and sign in again.",
    ),
    ((EOFError, OSError), SensorLostError, _LOST),
)
_PAIRING_CODES = (
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
)
_LOST = (
    "the connection broke off; keep sensor and computer within a few metres, and the computer away from USB 3 disks."
)


@contextlib.asynccontextmanager
async def translated(doing: str, timeout_s: float) -> AsyncIterator[None]:
    """Do something with bleak: in time, and with our errors.

    Parameters
    ----------
    doing
        What is done, to begin the sentence with, such as ``Connecting to Polar Sense 12345678``.
    timeout_s
        How long it may take.

    Raises
    ------
    SensorError
        In place of whatever was raised inside, a cancellation excepted.
    """
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except SensorError:
        raise
    except Exception as error:
        # bleak lets errors of D-Bus, sockets and its own assertions through; a night must survive them all.
        raise translate(error, doing) from error


def translate(error: Exception, doing: str) -> SensorError:
    """Turn a foreign error into ours.

    Parameters
    ----------
    error
        What bleak, or what it stands on, raised.
    doing
        What was being done.

    Returns
    -------
    SensorError
        What, where, what to do.

    Examples
    --------
    >>> str(translate(TimeoutError(), "Connecting"))
    'Connecting: no answer in time; bring the sensor nearer and check that it is switched on and charged.'
    """
    match error:
        case BleakGATTProtocolError():
            return _refused_by_sensor(error, doing)
        case BleakDBusError():
            return _translate_dbus(error, doing)
        case BleakBluetoothNotAvailableError():
            return SensorRefusedError(f"{doing}: {_NOT_AVAILABLE[error.reason]}")
        case BleakCharacteristicNotFoundError():
            return SensorRefusedError(
                f"{doing}: the sensor lacks the characteristic {error.char_specifier}; it may be another model, or its "
                "firmware too old: update it with its maker's app."
            )
    for kinds, ours, advice in _PLAIN:
        if isinstance(error, kinds):
            return ours(f"{doing}: {advice}")
    return SensorLostError(f"{doing}: {_LOST} ({type(error).__name__}: {error})")


def _refused_by_sensor(error: BleakGATTProtocolError, doing: str) -> SensorRefusedError:
    """Translate an answer of the sensor itself."""
    # Codes from 0x80 on are the sensor's own and no member of bleak's enumeration.
    code = int(error.args[0])
    if code in _PAIRING_CODES:
        text = f"{doing}: the sensor wants to be paired first; pair it in the system's Bluetooth settings."
    else:
        text = f"{doing}: the sensor refuses (ATT error 0x{code:02x}); switch it off and on again."
    return SensorRefusedError(text, status=code)


def _translate_dbus(error: BleakDBusError, doing: str) -> SensorError:
    """Translate an error that BlueZ or the bus answered with."""
    for name, advice in _DBUS:
        if error.dbus_error == name:
            return SensorRefusedError(f"{doing}: {advice}")
    if error.dbus_error == "org.freedesktop.DBus.Error.UnknownObject":
        return SensorNotFoundError(f"{doing}: the sensor cannot be reached any more; bring it nearer.")
    return SensorLostError(f"{doing}: {_LOST} ({error.dbus_error_details or error.dbus_error})")
