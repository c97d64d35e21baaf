"""Foreign errors become ours at one border, each with advice."""

import asyncio

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from clonus_sense.errors import SensorError, SensorLostError, SensorNotFoundError, SensorRefusedError
from clonus_sense.i18n import Phrase, translator
from clonus_sense.sensors.link.trouble import translate, translated


@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["…"]), SensorRefusedError, "systemctl start"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["…"]), SensorRefusedError, "group `bluetooth`"),
        (BleakDBusError("org.freedesktop.DBus.Error.UnknownObject", ["…"]), SensorNotFoundError, "bring it nearer"),
        (BleakDBusError("org.bluez.Error.NotReady", ["…"]), SensorRefusedError, "switch it on"),
        (BleakDBusError("org.bluez.Error.InProgress", ["…"]), SensorRefusedError, "close other Bluetooth"),
        (BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"]), SensorRefusedError, "pair it"),
        (BleakDBusError("org.bluez.Error.Failed", ["Software caused connection abort"]), SensorLostError, "abort"),
        (BleakGATTProtocolError(0x05), SensorRefusedError, "pair it"),
        (BleakGATTProtocolError(0x80), SensorRefusedError, "0x80"),
        (BleakCharacteristicNotFoundError("1234"), SensorRefusedError, "lacks the characteristic 1234"),
        (BleakDeviceNotFoundError("C0:00", "gone"), SensorNotFoundError, "bring it nearer"),
        (BleakError("Not connected"), SensorLostError, "Not connected"),
        (TimeoutError(), SensorLostError, "no answer in time"),
        (EOFError(), SensorLostError, "broke off"),
        (BrokenPipeError(), SensorLostError, "broke off"),
        (FileNotFoundError(2, "No such file"), SensorRefusedError, "D-Bus"),
        (ConnectionRefusedError(), SensorRefusedError, "D-Bus"),
        (PermissionError(), SensorRefusedError, "group `bluetooth`"),
        (AssertionError(), SensorLostError, "AssertionError"),
    ],
    ids=lambda value: repr(value)[:50] if isinstance(value, Exception) else "",
)
def test_every_foreign_error_becomes_a_sentence_with_advice(error, kind, advice):
    ours = translate(error, "Connecting to Polar Sense 1A2B3C4D")
    assert type(ours) is kind
    assert str(ours).startswith("Connecting to Polar Sense 1A2B3C4D: ")
    assert advice in str(ours)


@pytest.mark.parametrize("reason", BleakBluetoothNotAvailableReason)
def test_each_way_in_which_bluetooth_is_not_there_has_its_own_advice(reason):
    ours = translate(BleakBluetoothNotAvailableError("…", reason), "Looking")
    assert isinstance(ours, SensorRefusedError)
    assert ";" in str(ours)


def test_the_status_of_a_refusal_is_kept():
    assert translate(BleakGATTProtocolError(0x80), "Writing").status == 0x80


def test_what_takes_too_long_ends_and_says_so():
    async def main():
        with pytest.raises(SensorLostError, match="Reading: no answer in time"):
            async with translated("Reading", 0.01):
                await asyncio.sleep(60)

    asyncio.run(main())


def test_our_own_errors_and_a_cancellation_pass_unchanged():
    async def main():
        with pytest.raises(SensorRefusedError, match=r"^no\.$"):
            async with translated("Reading", 1.0):
                raise SensorRefusedError("no.")
        with pytest.raises(asyncio.CancelledError):
            async with translated("Reading", 1.0):
                raise asyncio.CancelledError

    asyncio.run(main())
    assert issubclass(SensorLostError, SensorError)


@pytest.mark.parametrize("reason", BleakBluetoothNotAvailableReason)
def test_advice_is_told_in_japanese_too(reason):
    ours = translate(BleakBluetoothNotAvailableError("…", reason), Phrase("Connecting to {sensor}", sensor="Polar 1"))
    told = translator("ja")(ours.text)
    assert told.startswith("Polar 1への接続:")
    assert told.endswith("ください。")


def test_what_the_system_says_itself_stays_as_it_is():
    ours = translate(BleakDBusError("org.bluez.Error.Failed", ["abort {0}"]), "Connecting to Polar 1")
    assert str(ours).endswith("USB 3 disks. (abort {0})")
    assert translator("ja")(ours.text).endswith("離してください。(abort {0})")
