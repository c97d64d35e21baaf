"""The mock of org.bluez behaves as the installed bleak expects."""

import asyncio
import inspect
import os
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("the mock of org.bluez needs D-Bus", allow_module_level=True)

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.bluezdbus import defs
from bleak.backends.bluezdbus.client import BleakClientBlueZDBus
from bleak.backends.bluezdbus.version import BlueZFeatures
from bleak.exc import BleakDBusError, BleakGATTProtocolError

from clonus_sense.sensors import open_profile
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.peripheral import BATTERY_LEVEL, SERIAL_NUMBER
from tests.recorder.nights import leg, open_sensor
from tests.virtual.bluez import bluez_radio, objects
from tests.virtual.troubled_air import TroubledAir


def on_bluez(scenario):
    """Run a scenario against one sensor on the mock."""

    async def main():
        air = TroubledAir()
        sensor = open_sensor(leg(60))
        air.add(sensor)
        async with bluez_radio(air) as bluez:
            result = await scenario(air, sensor, bluez)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return result

    return run_fast_forward(main())


async def find():
    return await BleakScanner.find_device_by_filter(
        lambda _device, data: open_profile.SERVICE in data.service_uuids, timeout=5
    )


def test_names_of_interfaces_are_those_that_bleak_uses():
    assert objects.ADAPTER == defs.ADAPTER_INTERFACE
    assert objects.DEVICE == defs.DEVICE_INTERFACE
    assert objects.SERVICE == defs.GATT_SERVICE_INTERFACE
    assert objects.CHARACTERISTIC == defs.GATT_CHARACTERISTIC_INTERFACE
    shown = objects.device_interfaces(open_sensor(leg(1)))[objects.DEVICE]
    assert set(shown) <= set(defs.Device1.__annotations__)


def test_bleak_runs_its_own_linux_backend_through_a_bus_of_this_process():
    async def scenario(_air, sensor, _bluez):
        device = await find()
        assert (device.name, device.address) == (sensor.label.name, sensor.label.address)
        assert os.environ["DBUS_SYSTEM_BUS_ADDRESS"].startswith("unix:path=")
        client = BleakClient(device)
        assert type(client._backend) is BleakClientBlueZDBus
        async with client:
            assert await client.read_gatt_char(SERIAL_NUMBER) == b"0001"
            assert await client.read_gatt_char(BATTERY_LEVEL) == bytes([90])
            characteristic = client.services.get_characteristic(open_profile.DATA)
            assert characteristic.properties == ["notify"]
            assert characteristic.max_write_without_response_size == 514
            connected = await (await BleakAdapter.get()).get_connected_devices([open_profile.SERVICE])
            assert [one.address for one in connected] == [device.address]
        assert not client.is_connected

    before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS"), BlueZFeatures.checked_bluez_version
    on_bluez(scenario)
    assert (os.environ.get("DBUS_SYSTEM_BUS_ADDRESS"), BlueZFeatures.checked_bluez_version) == before


def test_a_refused_write_is_the_att_error_that_the_firmware_gave():
    async def scenario(_air, sensor, _bluez):
        sensor.refused.add(open_profile.CONFIG)
        async with BleakClient(await find()) as client:
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.write_gatt_char(open_profile.CONFIG, b"12345678", response=True)
            assert refused.value.args[0] == 0x80

    on_bluez(scenario)


def test_a_lost_link_is_told_and_a_dead_bluetoothd_is_not():
    async def scenario(air, sensor, bluez):
        told = []
        client = BleakClient(await find(), disconnected_callback=lambda _client: told.append("down"))
        await client.connect()
        air.vanish(sensor)
        await asyncio.sleep(10)
        assert (told, client.is_connected) == (["down"], False)
        air.come_back(sensor)
        client = BleakClient(await find(), disconnected_callback=lambda _client: told.append("down"))
        await client.connect()
        bluez.die()
        await asyncio.sleep(60)
        assert (told, client.is_connected) == (["down"], True)  # so the link needs its own watchdog
        with pytest.raises(BleakDBusError, match="ServiceUnknown"):
            await client.disconnect()

    on_bluez(scenario)


def test_a_device_that_nobody_needs_is_forgotten():
    async def scenario(air, sensor, bluez):
        await find()
        assert objects.device_path(sensor) in bluez._objects
        air.vanish(sensor)
        await asyncio.sleep(40)
        assert objects.device_path(sensor) not in bluez._objects

    on_bluez(scenario)


def test_hundreds_of_notifications_at_once_all_arrive():
    async def scenario(_air, sensor, _bluez):
        got = []
        async with BleakClient(await find()) as client:
            await client.start_notify(open_profile.EVENT, lambda _characteristic, data: got.append(bytes(data)))
            for _ in range(500):
                sensor.press_button()
            await asyncio.sleep(1)
        return got

    assert len(on_bluez(scenario)) == 1 + 500  # its boot too


def test_the_parts_of_bleak_that_the_link_stands_on_are_there():
    assert "use_start_notify" in inspect.getsource(BleakClientBlueZDBus.start_notify)
    assert "backend" in inspect.signature(BleakClient.__init__).parameters
    assert "backend" in inspect.signature(BleakScanner.__init__).parameters
