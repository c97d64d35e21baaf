"""Start and end of the virtual open sensor's subscriptions, over every virtual radio."""

import asyncio
import struct
import sys
from contextlib import asynccontextmanager

import pytest

from clonus_sense.sensors.link import Radio
from clonus_sense.sensors.open_packet import DATA_HEAD, EVENT_VALUE
from clonus_sense.sensors.open_profile import CONTROL, DATA, EVENT
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.in_process import in_process_radio
from clonus_sense.sensors.virtual.sampling import Crystal
from tests.recorder.nights import leg, open_sensor
from tests.virtual.bumble_radio import bumble_radio
from tests.virtual.troubled_air import TroubledAir

RING_SAMPLES = 19_376
START_LIVE, START_AND_RECORD, STATUS = b"\x01\x01\x00", b"\x01\x01\x01", b"\x05\x01"
IDLE, RECORDS_ALONE = 0, 3
BOOT, MARKER, CHARGER, STOPPED, REPLAY_DONE = 1, 2, 5, 6, 7
MOST_EVENTS = 16
LINK_LOST_S = 60.0
# Time until the link of a vanished sensor is dropped, with a margin.
GIVEN_UP_S = 10.0


@asynccontextmanager
async def bluez(air):
    from tests.virtual.bluez import bluez_radio  # noqa: PLC0415 - dbus-fast is there on Linux alone

    async with bluez_radio(air):
        radio = Radio()
        yield radio
        await radio.close()


RADIOS = [
    pytest.param(bluez, marks=pytest.mark.skipif(sys.platform != "linux", reason="the mock of org.bluez needs D-Bus")),
    bumble_radio,
    in_process_radio,
]
over_every_radio = pytest.mark.parametrize("radio_of", RADIOS)


class Central:
    """A host that stores everything it receives over bleak, and sends bytes."""

    def __init__(self, air, sensor, radio):
        self.air, self.sensor, self.radio = air, sensor, radio
        self.heard = {CONTROL: [], DATA: [], EVENT: []}
        self.client = None

    async def connect(self, subscriptions=(CONTROL, DATA, EVENT)):
        found = await self.radio.find(lambda _advertisement: True, print)
        self.radio.claimed.clear()
        self.client = self.radio.client(found.device, lambda: None)
        await self.client.connect()
        for uuid in subscriptions:
            await self.subscribe(uuid)

    async def subscribe(self, uuid):
        await self.client.start_notify(
            uuid, lambda _one, data: self.heard[uuid].append(bytes(data)), bluez={"use_start_notify": True}
        )
        await asyncio.sleep(0.2)

    async def unsubscribe(self, uuid):
        await self.client.stop_notify(uuid)
        self.heard[uuid].clear()

    async def lose_link(self, for_s=LINK_LOST_S):
        self.air.vanish(self.sensor, for_s)
        await asyncio.sleep(GIVEN_UP_S)

    async def ask(self, request):
        """Write to CONTROL; returns the status and the data after it."""
        await self.client.write_gatt_char(CONTROL, request, response=True)
        await asyncio.sleep(0.05)
        answer = self.heard[CONTROL][-1]
        assert answer[1:3] == request[:2]
        return answer[3], answer[4:]

    async def state(self):
        """Read STATUS: the state, the index of the next sample, and the number of samples still to replay."""
        _, answer = await self.ask(STATUS)
        does, _, _, _, following, to_replay = struct.unpack("<BBHIII", answer)
        return does, following, to_replay

    def events(self):
        """Kind, argument, index and time of each received event."""
        values = [EVENT_VALUE.unpack(event) for event in self.heard[EVENT]]
        return [(kind, argument, index, t_us) for kind, argument, _, index, t_us in values]

    def data(self):
        """Flags, index and number of samples of each received packet."""
        heads = [DATA_HEAD.unpack_from(packet) for packet in self.heard[DATA]]
        return [(flags, index, n_samples) for _, flags, _, index, _, n_samples, _ in heads]


def meet(radio_of, story, crystal=Crystal(), ring_samples=RING_SAMPLES):  # noqa: B008 - frozen
    """Run a story of a central and a sensor that was just switched on."""

    async def main():
        air = TroubledAir()
        sensor = open_sensor(leg(600), crystal=crystal, ring_samples=ring_samples)
        air.add(sensor)
        async with radio_of(air) as radio:
            await story(Central(air, sensor, radio))

    run_fast_forward(main())


@over_every_radio
def test_unsubscribing_from_data_ends_the_live_stream_and_recording_goes_on(radio_of):
    async def story(central):
        await central.connect()
        await central.ask(START_AND_RECORD)
        await asyncio.sleep(3.0)
        await central.unsubscribe(DATA)
        assert (await central.state())[0] == RECORDS_ALONE
        await asyncio.sleep(10.0)
        await central.subscribe(DATA)
        await asyncio.sleep(10.0)
        assert central.data() == []  # no packets without a new subscription
        status, answer = await central.ask(START_AND_RECORD)
        assert status == 0
        (first_live,) = struct.unpack_from("<I", answer, 1)
        assert first_live > 20 * 52
        await asyncio.sleep(2.0)
        assert central.data()[0][:2] == (0, first_live)
        # The samples taken meanwhile are still available.
        await central.ask(b"\x04\x02" + struct.pack("<II", 4 * 52, 52))
        await asyncio.sleep(1.0)
        assert sum(n for flags, _, n in central.data() if flags & 0x01) == 52

    meet(radio_of, story)


@over_every_radio
def test_without_recording_sampling_ends_when_data_is_unsubscribed(radio_of):
    async def story(central):
        await central.connect()
        await central.ask(START_LIVE)
        await asyncio.sleep(3.0)
        await central.unsubscribe(DATA)
        does, following, _ = await central.state()
        assert does == IDLE
        await asyncio.sleep(10.0)
        assert (await central.state())[1] == following

    meet(radio_of, story)


@over_every_radio
def test_unsubscribing_from_data_drops_the_replays(radio_of):
    async def story(central):
        await central.connect()
        await central.ask(START_AND_RECORD)
        await asyncio.sleep(100.0)
        _, answer = await central.ask(b"\x04\x02" + struct.pack("<II", 0, 5000))
        assert struct.unpack("<II", answer) == (0, 5000)
        await central.unsubscribe(DATA)
        assert (await central.state())[2] == 0
        await central.subscribe(DATA)
        await asyncio.sleep(10.0)
        assert central.data() == []
        assert [kind for kind, *_ in central.events()] == [BOOT]  # nor is it told as done

    meet(radio_of, story)


@over_every_radio
def test_presses_during_a_lost_link_arrive_later_the_oldest_of_seventeen_dropped(radio_of):
    async def story(central):
        await central.connect()
        await central.ask(START_AND_RECORD)
        await asyncio.sleep(5.0)
        central.heard[EVENT].clear()
        await central.lose_link()
        pressed = []
        for _ in range(MOST_EVENTS + 1):
            await asyncio.sleep(1.0)
            central.sensor.press_button()
            sampler = central.sensor.sampler
            # The clock of the stamps runs 20 ppm fast, and the first sample came after one period.
            pressed.append(
                (sampler.n_taken(), round(sampler.stamp_s(sampler.n_taken() - 1, central.sensor._boot_s) * 1e6))
            )
        await asyncio.sleep(LINK_LOST_S)
        await central.connect(subscriptions=(CONTROL, DATA))
        await central.ask(START_AND_RECORD)
        assert central.events() == []
        await central.subscribe(EVENT)
        told = central.events()
        assert [event[:3] for event in told] == [(MARKER, 0, index) for index, _ in pressed[1:]]
        for (_, _, _, t_us), (_, before_us) in zip(told, pressed[1:], strict=True):
            assert 0 <= t_us - before_us <= 1e6 / 52
        await asyncio.sleep(10.0)
        assert central.events() == told  # each once

    meet(radio_of, story, crystal=Crystal(0.0, 20e-6))


@over_every_radio
def test_every_kind_of_event_waits_for_its_subscription(radio_of):
    async def story(central):
        await central.connect(subscriptions=(CONTROL, DATA))
        await central.ask(START_AND_RECORD)
        await asyncio.sleep(5.0)
        await central.ask(b"\x04\x02" + struct.pack("<II", 0, 26))
        await asyncio.sleep(1.0)
        central.sensor.press_button()
        central.sensor.charge(on=True)
        await asyncio.sleep(1.0)
        central.sensor.charge(on=False)
        await central.subscribe(EVENT)
        assert [event[:2] for event in central.events()] == [
            (BOOT, 1),
            (REPLAY_DONE, 0),
            (MARKER, 0),
            (CHARGER, 1),
            (STOPPED, 13),
            (CHARGER, 0),
        ]
        times_us = [t_us for *_, t_us in central.events()]
        assert times_us == sorted(times_us)

    meet(radio_of, story)


def test_a_press_while_the_radio_is_jammed_arrives_once_it_has_room():
    async def story(central):
        await central.connect()
        await central.ask(START_AND_RECORD)
        await asyncio.sleep(5.0)
        central.heard[EVENT].clear()
        central.air.vanish(central.sensor, 3.8)  # the link holds, its buffer of six packets is full after three seconds
        await asyncio.sleep(3.6)
        central.sensor.press_button()
        index = central.sensor.sampler.n_taken()
        await asyncio.sleep(1.0)
        assert [event[:3] for event in central.events()] == [(MARKER, 0, index)]

    meet(in_process_radio, story)


def test_a_reboot_takes_the_events_along_and_tells_of_itself():
    async def story(central):
        await central.connect()
        await central.lose_link(5.0)
        central.sensor.press_button()
        central.air.reboot(central.sensor)
        await asyncio.sleep(5.0)
        central.heard[EVENT].clear()
        await central.connect()
        assert central.events() == [(BOOT, 1, 0, 0)]

    meet(in_process_radio, story)
