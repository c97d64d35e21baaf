"""The link alone, over both virtual radios: what recorders do not show."""

import asyncio
import sys
from contextlib import AsyncExitStack

import pytest

from clonus_sense.sensors import ReplayingDriver, StreamRequest
from clonus_sense.sensors.link import (
    AttemptFailed,
    Identified,
    LinkState,
    NotificationsDropped,
    Radio,
    SensorLink,
    StateEntered,
    StreamEnd,
    StreamLost,
    StreamStarted,
    WantedSensor,
)
from clonus_sense.sensors.link import connection as connection_module
from clonus_sense.sensors.open_profile import DATA, EVENT, OPEN_PROFILE
from clonus_sense.sensors.packet import SensorEvent, SensorEventKind
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.in_process import in_process_radio, world_clock
from tests.recorder.nights import leg, open_sensor
from tests.virtual.bluez import bluez_radio
from tests.virtual.troubled_air import TroubledAir

LEG = leg(600)
needs_dbus = pytest.mark.skipif(sys.platform != "linux", reason="the mock of org.bluez needs D-Bus")


class Listener:
    """Writes everything down."""

    def __init__(self):
        self.n_samples = 0
        self.events = []
        self.formats = []

    def found(self, name, address):
        self.events.append((name, address))

    def streaming(self, sensor, stream):
        self.formats.append((sensor, stream))

    def received(self, packet):
        self.n_samples += len(packet.accel_g)

    def told(self, event):
        self.events.append(event)

    def happened(self, event):
        self.events.append(event)

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


def run_link(scenario, *, kind="in process", sensors=None, wanted=WantedSensor(OPEN_PROFILE), seconds=120):  # noqa: B008
    """Run a link beside a scenario; gives listener and air."""

    async def main():
        air = TroubledAir()
        made = sensors() if sensors else [open_sensor(LEG)]
        for sensor in made:
            air.add(sensor)
        listener = Listener()
        async with AsyncExitStack() as stack:
            bluez = None
            if kind == "bluez":
                bluez = await stack.enter_async_context(bluez_radio(air))
                radio = Radio()
                stack.push_async_callback(radio.close)
            else:
                radio = await stack.enter_async_context(in_process_radio(air))
            link = SensorLink(radio, wanted, listener, world_clock(air))
            running = asyncio.create_task(link.run())
            happening = asyncio.create_task(scenario(air, made, bluez))
            await asyncio.wait([running], timeout=seconds)
            running.cancel()
            ends = await asyncio.gather(running, happening, return_exceptions=True)
            assert isinstance(ends[0], asyncio.CancelledError), ends[0]
            assert ends[1] is None, ends[1]
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return listener, air, made

    return run_fast_forward(main())


async def nothing(_air, _sensors, _bluez):
    """Let time pass."""


@pytest.mark.parametrize("kind", [pytest.param("bluez", marks=needs_dbus), "in process"])
def test_every_cycle_walks_through_the_states_in_their_order(kind):
    async def vanish(air, sensors, _bluez):
        await asyncio.sleep(30)
        air.vanish(sensors[0], 20)

    listener, air, sensors = run_link(vanish, kind=kind)
    states = [event.state for event in listener.of(StateEntered)]
    cycle = [LinkState.CONNECT, LinkState.SETUP, LinkState.STREAM, LinkState.CLEANUP]
    assert states == [LinkState.SCAN, *cycle, LinkState.SCAN, *cycle]
    assert [event.reason for event in listener.of(StreamLost)] == [StreamEnd.DISCONNECTED, StreamEnd.ENDED]
    first, second = listener.of(StreamStarted)
    assert first.away_s is None
    assert second.away_s == pytest.approx(21, abs=1.5)
    assert listener.n_samples == sum(one.n_samples for one in air.reach(sensors[0]).delivered)


@pytest.mark.parametrize("kind", [pytest.param("bluez", marks=needs_dbus), "in process"])
def test_a_sensor_is_remembered_by_the_serial_number_of_its_first_connection(kind):
    async def change(air, sensors, _bluez):
        air.vanish(sensors[1])
        await asyncio.sleep(30)
        air.vanish(sensors[0], 40)
        air.come_back(sensors[1])  # another one of the same name is heard while the first is away

    listener, air, sensors = run_link(
        change, kind=kind, sensors=lambda: [open_sensor(LEG, serial="0001"), open_sensor(LEG, serial="0002")]
    )
    assert {event.sensor.serial for event in listener.of(Identified)} == {"0001"}
    assert air.reach(sensors[1]).delivered == []
    assert "0002" in listener.of(AttemptFailed)[0].text
    assert len(air.reach(sensors[0]).delivered) == 2


@needs_dbus
def test_a_connection_left_over_from_a_crash_is_taken_over():
    # BlueZ keeps the link of a program that died, and the sensor does not advertise any more.
    async def main():
        air = TroubledAir()
        sensor = open_sensor(LEG)
        air.add(sensor)
        async with bluez_radio(air) as bluez:
            bluez.advertised(sensor)
            air.link(sensor)
            bluez._objects[next(iter(bluez._seen))]["org.bluez.Device1"]["Connected"].value = True
            bluez._show_services(sensor)
            listener, radio = Listener(), Radio()
            link = SensorLink(radio, WantedSensor(OPEN_PROFILE), listener, world_clock(air))
            running = asyncio.create_task(link.run())
            await asyncio.sleep(20)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await radio.close()
        return listener

    assert run_fast_forward(main()).n_samples > 15 * 52


@needs_dbus
def test_bluetooth_that_is_busy_is_asked_again_with_pauses():
    async def busy(_air, _sensors, bluez):
        bluez.connect_error = ("org.bluez.Error.InProgress", "Operation already in progress")
        await asyncio.sleep(60)
        bluez.connect_error = None

    listener, _, _ = run_link(busy, kind="bluez", seconds=150)
    failed = listener.of(AttemptFailed)
    assert 5 <= len(failed) <= 8
    assert all("close other Bluetooth" in event.text for event in failed)
    waits = [event.reason for event in listener.of(StateEntered) if event.state is LinkState.BACKOFF]
    assert waits[:5] == ["for 0.5 s", "for 1 s", "for 2 s", "for 5 s", "for 10 s"]
    assert listener.n_samples > 40 * 52


def test_a_sensor_that_is_set_up_but_sends_nothing_is_a_failed_attempt():
    async def mute(air, sensors, _bluez):
        air.tamper(sensors[0], lambda packet: [] if packet.uuid == DATA else [packet])

    listener, _, _ = run_link(mute)
    assert listener.n_samples == 0
    assert {event.reason for event in listener.of(StreamLost)} == {StreamEnd.SILENT, StreamEnd.ENDED}
    assert any("sent nothing" in event.text for event in listener.of(AttemptFailed))


def test_what_does_not_fit_into_the_inbox_is_counted(monkeypatch):
    monkeypatch.setattr(connection_module, "INBOX_SIZE", 0)
    listener, air, sensors = run_link(nothing, seconds=12)
    assert listener.n_samples == 0
    assert sum(event.n_dropped for event in listener.of(NotificationsDropped)) > 10
    assert air.reach(sensors[0]).delivered


def test_stopping_while_it_scans_connects_or_sets_up_leaves_nothing_behind():
    for seconds in (0.2, 0.55, 0.64, 0.66, 0.8):
        listener, air, sensors = run_link(nothing, seconds=seconds)
        assert not air.reach(sensors[0]).linked
        assert listener.of(StateEntered)


def test_only_a_sensor_with_a_memory_is_asked_again():
    assert isinstance(OPEN_PROFILE.make_driver(StreamRequest()), ReplayingDriver)


def test_two_links_that_want_any_sensor_of_a_family_take_one_each():
    async def main():
        air = TroubledAir()
        for serial in ("0001", "0002"):
            air.add(open_sensor(LEG, serial=serial))
        listeners = Listener(), Listener()
        async with in_process_radio(air) as radio:
            links = [SensorLink(radio, WantedSensor(OPEN_PROFILE), one, world_clock(air)) for one in listeners]
            running = [asyncio.create_task(link.run()) for link in links]
            await asyncio.sleep(30)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        return [[event.sensor.serial for event in one.of(Identified)] for one in listeners]

    assert sorted(run_fast_forward(main())) == [["0001"], ["0002"]]


def kinds_told(listener):
    return [event.kind for event in listener.of(SensorEvent)]


over_two_radios = pytest.mark.parametrize("kind", [pytest.param("bluez", marks=needs_dbus), "in process"])


@over_two_radios
def test_what_happened_while_nobody_listened_is_told_once_when_somebody_does(kind):
    async def press(air, sensors, _bluez):
        await asyncio.sleep(30)
        air.vanish(sensors[0], 40)
        await asyncio.sleep(20)
        sensors[0].press_button()

    listener, _, _ = run_link(press, kind=kind)
    assert kinds_told(listener) == [SensorEventKind.REBOOTED, SensorEventKind.MARKER]
    _, pressed = listener.of(SensorEvent)
    assert pressed.arrival_s - 1000 == pytest.approx(70, abs=2)
    assert pressed.stamp_ticks == pytest.approx(50e6, abs=1e6)


def test_events_that_came_while_the_set_up_failed_are_not_lost():
    def charging():
        sensor = open_sensor(LEG)
        sensor.on_charger = True
        return [sensor]

    listener, _, _ = run_link(nothing, sensors=charging)
    assert listener.of(StreamStarted) == []
    assert "on its charger" in listener.of(AttemptFailed)[0].text
    assert kinds_told(listener) == [SensorEventKind.REBOOTED]


def test_a_stop_that_is_over_does_not_end_the_stream_that_follows_it():
    async def charge_meanwhile(air, sensors, _bluez):
        await asyncio.sleep(30)
        air.vanish(sensors[0], 40)
        await asyncio.sleep(20)
        sensors[0].charge(on=True)
        await asyncio.sleep(10)
        sensors[0].charge(on=False)

    listener, _, _ = run_link(charge_meanwhile)
    assert SensorEventKind.STOPPED in kinds_told(listener)
    assert [event.reason for event in listener.of(StreamLost)] == [StreamEnd.DISCONNECTED, StreamEnd.ENDED]


@over_two_radios
def test_a_sensor_without_events_streams_all_the_same(kind):
    def eventless():
        sensor = open_sensor(LEG)
        sensor.missing.add(EVENT)
        return [sensor]

    listener, _, _ = run_link(nothing, kind=kind, sensors=eventless)
    assert listener.n_samples > 110 * 52
    assert listener.of(AttemptFailed) == []
