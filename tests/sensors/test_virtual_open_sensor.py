"""The virtual sensor with the open profile answers what the profile's page says: it can stand for a real one."""

import asyncio
import struct
from contextlib import contextmanager

import numpy as np
import pytest

from clonus_sense.sensors.open_packet import DATA_HEAD
from clonus_sense.sensors.open_profile import CONFIG, CONTROL, DATA, EVENT
from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.encoding.open_profile import encode_config
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.firmware import OpenSensor
from clonus_sense.sensors.virtual.peripheral import AttRefusal, Label
from clonus_sense.sensors.virtual.sampling import play

OK, NO_SUCH, BAD_LENGTH, BAD_PARAMETER, ALREADY, WRONG_STATE, CHARGER = 0, 1, 4, 5, 6, 12, 13
START_LIVE, START_AND_RECORD, STOP, STATUS = "010100", "010101", "0201", "0501"
LINK_LOST_S = 60.0


class Central:
    """A host that keeps what it is told, and speaks in bytes."""

    def __init__(self, air, sensor):
        self.air, self.sensor, self.heard = air, sensor, []
        air.host = self
        self.connect()

    def connect(self):
        self.air.link(self.sensor)
        for uuid in (CONTROL, DATA, EVENT):
            self.sensor.subscribe(uuid, on=True)

    def ask(self, request):
        """Write to CONTROL; gives the status and what follows it."""
        self.sensor.write(CONTROL, bytes.fromhex(request))
        answer = self.packets(CONTROL)[-1]
        assert answer[:3] == b"\xf0" + bytes.fromhex(request)[:2]
        return answer[3], answer[4:]

    def state(self):
        """What STATUS says it does."""
        return self.ask(STATUS)[1][0]

    def packets(self, uuid):
        return [packet.data for packet in self.heard if packet.uuid == uuid]

    def notified(self, peripheral, packet):
        self.heard.append(packet)

    def link_lost(self, peripheral):
        pass


@contextmanager
def refusal(code):
    with pytest.raises(AttRefusal) as refused:
        yield
    assert refused.value.code == code


def meet(story, ring_samples=21_800):
    """Run a story of a central and a sensor that was just switched on."""

    async def main():
        air = Air()
        sensor = OpenSensor(
            Label("ClonusSense-A", "0001", "C0:00:00:00:00:01"), play(np.zeros((60_000, 3))), ring_samples=ring_samples
        )
        air.add(sensor)
        await story(Central(air, sensor))
        air.close()

    run_fast_forward(main())


def test_start_after_a_lost_link_says_where_the_live_stream_goes_on():
    async def story(central):
        _, answer = central.ask(START_AND_RECORD)
        await asyncio.sleep(2.0)
        assert answer[1:] == central.packets(DATA)[0][4:8]
        assert central.ask(START_AND_RECORD) == (ALREADY, b"")
        central.air.unlink(central.sensor)
        await asyncio.sleep(LINK_LOST_S)
        central.connect()
        assert central.state() == 3, "it records without a live stream"
        status, answer = central.ask(START_AND_RECORD)
        assert status == OK
        n_per_packet, first_live = struct.unpack("<BI", answer)
        assert n_per_packet == 26
        assert first_live == pytest.approx((2.0 + LINK_LOST_S) * 52, abs=2)
        central.heard.clear()
        await asyncio.sleep(2.0)
        assert answer[1:] == central.packets(DATA)[0][4:8]

    meet(story)


def test_without_recording_sampling_ends_with_the_link():
    async def story(central):
        central.ask(START_LIVE)
        assert central.state() == 1
        central.air.unlink(central.sensor)
        await asyncio.sleep(LINK_LOST_S)
        central.connect()
        assert central.state() == 0
        assert central.ask(STOP) == (ALREADY, b"")

    meet(story)


def test_status_tells_what_the_ring_holds():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(100.0)
        status, answer = central.ask(STATUS)
        does, battery, _, oldest, following, to_replay = struct.unpack("<BBHIII", answer)
        assert (status, does, battery) == (OK, 2, central.sensor.battery_percent)
        assert following == pytest.approx(5200, abs=2)
        assert (following - oldest, to_replay) == (1000, 0)
        central.ask("0402" + struct.pack("<II", oldest + 500, 100).hex())
        assert struct.unpack_from("<I", central.ask(STATUS)[1], 12) == (100,)
        assert central.ask("0403" + struct.pack("<II", 0, 0).hex())[0] == OK
        assert struct.unpack_from("<I", central.ask(STATUS)[1], 12) == (0,)
        assert central.ask(STOP) == (OK, struct.pack("<I", following))

    meet(story, ring_samples=1000)


@pytest.mark.parametrize(
    ("request_hex", "status"),
    [
        ("0101", BAD_LENGTH),
        ("010102", BAD_PARAMETER),
        ("020100", BAD_LENGTH),
        ("0401aa", BAD_LENGTH),
        ("6301", NO_SUCH),
    ],
)
def test_a_wrong_request_gets_its_number(request_hex, status):
    async def story(central):
        assert central.ask(request_hex) == (status, b"")

    meet(story)


@pytest.mark.parametrize(
    ("wanted", "in_force"),
    [
        ((90.0, 3, 60), (104.0, 4, 26)),
        ((39.0, 8, 26), (52.0, 8, 26)),
        ((1.0, 0, 0), (26.0, 2, 1)),
        ((999.9, 99, 10), (208.0, 16, 10)),
    ],
)
def test_settings_are_clamped_to_what_the_sensor_has(wanted, in_force):
    def config(values):
        return encode_config(rate_hz=values[0], range_g=values[1], batch=values[2])

    async def story(central):
        central.sensor.write(CONFIG, config(wanted))
        assert central.sensor.read(CONFIG) == config(in_force)
        central.ask(START_AND_RECORD)
        central.sensor.write(CONFIG, config(wanted))  # as before: what would change nothing is no change
        with refusal(0x80):
            central.sensor.write(CONFIG, config((52.0, 16, 5)))
        with refusal(0x0D):
            central.sensor.write(CONFIG, b"\x08")
        with refusal(0x0D):
            central.sensor.write(CONTROL, b"\x01")

    meet(story)


def test_another_rate_empties_the_ring_and_the_index_goes_on():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(10.0)
        (end,) = struct.unpack("<I", central.ask(STOP)[1])
        central.sensor.write(CONFIG, encode_config(rate_hz=104.0, range_g=8, batch=26))
        assert struct.unpack_from("<II", central.ask(STATUS)[1], 4) == (end, end)
        assert struct.unpack("<II", central.ask("0401" + struct.pack("<II", 0, end).hex())[1])[1] == 0

    meet(story)


def test_time_sync_tells_the_time_since_boot():
    async def story(central):
        await asyncio.sleep(5.0)
        assert central.ask("0301" + "00" * 8) == (OK, struct.pack("<Q", 5_000_000))

    meet(story)


def data_of(packet):
    """Flags, index, stamp and number of samples of a DATA packet."""
    _, flags, _, index, stamp_us, n_samples, _ = DATA_HEAD.unpack_from(packet)
    return flags, index, stamp_us, n_samples


def test_what_was_sampled_before_a_stop_follows_its_answer():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(1.3)
        status, answer = central.ask(STOP)
        (end,) = struct.unpack("<I", answer)
        assert (status, end) == (OK, 67)
        assert [data_of(packet)[1::2] for packet in central.packets(DATA)] == [(0, 26), (26, 26), (52, 15)]
        assert [packet.uuid for packet in central.heard[-2:]] == [CONTROL, DATA]
        await asyncio.sleep(10.0)
        assert len(central.packets(DATA)) == 3

    meet(story)


@pytest.mark.parametrize("off_s", [0.0, 0.03, 60.0])
def test_over_a_pause_the_index_goes_on_at_the_nominal_rate(off_s):
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(10.0)
        (end,) = struct.unpack("<I", central.ask(STOP)[1])
        _, _, before_us, _ = data_of(central.packets(DATA)[-1])
        await asyncio.sleep(off_s)
        central.heard.clear()
        # It cannot know yet how long the pause was: the jump comes with the first sample.
        assert struct.unpack_from("<I", central.ask(START_AND_RECORD)[1], 1) == (end,)
        await asyncio.sleep(2.0)
        flags, index, stamp_us, n_samples = data_of(central.packets(DATA)[0])
        first_us = stamp_us - (n_samples - 1) * 1e6 / 52
        assert index == end + max(1, round((first_us - before_us) * 52e-6) - 1)
        assert flags == 0x02
        assert data_of(central.packets(DATA)[1])[:2] == (0, index + n_samples)
        assert struct.unpack_from("<I", central.ask(STATUS)[1], 8)[0] >= index + 2 * n_samples

    meet(story)


def test_the_first_sample_of_a_boot_follows_no_pause():
    async def story(central):
        await asyncio.sleep(60.0)
        central.ask(START_AND_RECORD)
        await asyncio.sleep(1.0)
        assert data_of(central.packets(DATA)[0])[:2] == (0, 0)
        central.air.reboot(central.sensor)
        await asyncio.sleep(5.0)
        central.connect()
        central.heard.clear()
        central.ask(START_AND_RECORD)
        await asyncio.sleep(1.0)
        assert data_of(central.packets(DATA)[0])[:2] == (0, 0)

    meet(story)


def test_a_replay_crosses_a_pause_and_there_is_nothing_in_it():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(10.0)
        (end,) = struct.unpack("<I", central.ask(STOP)[1])
        await asyncio.sleep(60.0)
        central.ask(START_AND_RECORD)
        await asyncio.sleep(2.0)
        live = data_of(central.packets(DATA)[-1])[1]
        assert central.ask("0407" + struct.pack("<II", end, 60 * 52 - 1).hex()) == (OK, struct.pack("<II", 0, 0))
        _, answer = central.ask("0408" + struct.pack("<II", end - 30, live - end + 30).hex())
        assert struct.unpack("<II", answer) == (end - 30, live - end + 30)
        central.heard.clear()
        await asyncio.sleep(0.4)
        replayed = [data_of(packet) for packet in central.packets(DATA) if packet[1] & 0x01]
        resumed = live - sum(n for _, index, _, n in replayed if index > end)
        assert [(flags, index, n) for flags, index, _, n in replayed] == [
            (0x01, end - 30, 26),
            (0x01, end - 4, 4),
            *[(0x03 if k == resumed else 0x01, k, 26) for k in range(resumed, live, 26)],
        ]
        (done,) = central.packets(EVENT)
        assert (done[0], struct.unpack_from("<I", done, 4)) == (7, (live,))

    meet(story)


def test_on_its_charger_it_stops_by_itself_and_does_not_start():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(1.3)
        central.sensor.charge(on=True)
        assert [event[:2] for event in central.packets(EVENT)] == [b"\x05\x01", b"\x06\x0d"]
        assert sum(data_of(packet)[3] for packet in central.packets(DATA)) == 67
        assert central.ask(START_AND_RECORD) == (CHARGER, b"")
        await asyncio.sleep(30.0)
        central.sensor.charge(on=False)
        assert central.packets(EVENT)[-1][:2] == b"\x05\x00"
        assert central.state() == 0
        assert central.ask(START_AND_RECORD)[0] == OK
        await asyncio.sleep(1.0)
        assert data_of(central.packets(DATA)[-1])[0] == 0x02

    meet(story)


def test_nothing_is_streamed_to_a_central_that_did_not_subscribe():
    async def story(central):
        central.sensor.subscribe(DATA, on=False)
        assert central.ask(START_AND_RECORD) == (WRONG_STATE, b"")
        assert central.ask("0402" + "00" * 8) == (WRONG_STATE, b"")
        assert central.state() == 0

    meet(story)
