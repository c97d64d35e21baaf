"""The virtual sensor with the open profile answers what the profile's page says: it can stand for a real one."""

import asyncio
import struct

import numpy as np
import pytest

from clonus_sense.sensors.open_packet import DATA_HEAD
from clonus_sense.sensors.open_profile import CONFIG, CONTROL, DATA, EVENT, INFO
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.firmware import OpenSensor
from clonus_sense.sensors.virtual.open_encoding import encode_config
from clonus_sense.sensors.virtual.peripheral import AttRefusal, Label
from clonus_sense.sensors.virtual.sampling import play
from tests.virtual.troubled_air import TroubledAir

OK, NO_SUCH, BAD_LENGTH, BAD_PARAMETER, ALREADY, WRONG_STATE, CHARGER = 0, 1, 4, 5, 6, 12, 13
START_LIVE, START_AND_RECORD, STOP, STATUS = "010100", "010101", "0201", "0501"
IDENTIFY, ERASE, POWER_OFF = "0601", "0701", "0801"
REPLAYED, GAP_BEFORE, CLIPPED, ON_CHARGER, MARKER = 0x01, 0x02, 0x04, 0x08, 0x20
LINK_LOST_S = 60.2
LYING = np.zeros((60_000, 3))


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


def refusal_of(sensor, uuid, data):
    """The code with which a sensor refuses what is written to it."""
    with pytest.raises(AttRefusal) as refused:
        sensor.write(uuid, data)
    return refused.value.code


def meet(story, ring_samples=19_376, accel_g=LYING, **holds):
    """Run a story of a central and a sensor that was just switched on."""

    async def main():
        air = TroubledAir()
        sensor = OpenSensor(
            Label("ClonusSense-A", "0001", "C0:00:00:00:00:01"), play(accel_g), ring_samples=ring_samples, **holds
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
        # The live stream goes on with the block that is being filled.
        assert first_live == (2.0 + LINK_LOST_S) * 52 // 26 * 26
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
        assert refusal_of(central.sensor, CONFIG, config((52.0, 16, 5))) == 0x80
        assert refusal_of(central.sensor, CONFIG, b"\x08") == 0x0D
        assert refusal_of(central.sensor, CONTROL, b"\x01") == 0x0D

    meet(story)


def test_a_sensor_with_large_blocks_sends_longer_packets_where_they_are_asked_for_only():
    async def story(central):
        assert central.sensor.read(CONFIG) == encode_config(rate_hz=52.0, range_g=8, batch=26)
        central.sensor.write(CONFIG, encode_config(rate_hz=52.0, range_g=8, batch=200))
        assert central.sensor.read(CONFIG) == encode_config(rate_hz=52.0, range_g=8, batch=82)
        central.ask(START_AND_RECORD)
        await asyncio.sleep(10.0)
        assert {DATA_HEAD.unpack_from(packet)[5] for packet in central.packets(DATA)} == {82}

    meet(story, most_batch=82)


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
            (0x01, end - 30, 4),  # the rest of the packet of which it is a part
            (0x01, end - 26, 26),
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
        assert [event[:2] for event in central.packets(EVENT)] == [b"\x01\x01", b"\x05\x01", b"\x06\x0d"]
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


def replay(first_index, count):
    return "0409" + struct.pack("<II", first_index, count).hex()


def replayed_of(central):
    return [packet for packet in central.packets(DATA) if packet[1] & REPLAYED]


def test_a_replayed_packet_is_the_live_packet_but_for_its_flag():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(5.2)
        central.sensor.press_button()
        await asyncio.sleep(5.0)
        live = central.packets(DATA)
        assert central.ask(replay(0, 26 * len(live)))[0] == OK
        await asyncio.sleep(0.4)
        replayed = replayed_of(central)
        assert [bytes([packet[0], packet[1] & ~REPLAYED, *packet[2:]]) for packet in replayed] == live
        # A part of a block is sent up to the block's end.
        central.heard.clear()
        assert central.ask(replay(30, 50)) == (OK, struct.pack("<II", 30, 50))
        await asyncio.sleep(0.4)
        assert [data_of(packet)[1::2] for packet in replayed_of(central)] == [(30, 22), (52, 26), (78, 2)]

    meet(story, accel_g=np.arange(3 * 60_000.0).reshape(-1, 3) % 4000 / 1000)


def test_what_the_live_stream_will_bring_is_not_replayed():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(5.2)  # 270 samples, of which 10 wait for their packet
        assert central.ask(replay(208, 1000)) == (OK, struct.pack("<II", 208, 52))
        central.sensor.subscribe(DATA, on=False)
        central.sensor.subscribe(DATA, on=True)
        assert central.ask(replay(208, 1000)) == (OK, struct.pack("<II", 208, 52))
        central.ask(START_AND_RECORD)
        status, answer = central.ask(STOP)
        (end,) = struct.unpack("<I", answer)
        assert (status, end) == (OK, 270)
        assert central.ask(replay(208, 1000)) == (OK, struct.pack("<II", 208, end - 208))

    meet(story)


def test_a_ring_that_overtakes_a_replay_shows_what_is_gone():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(10.0)
        assert central.ask(replay(0, 494)) == (OK, struct.pack("<II", 0, 494))
        central.heard.clear()
        central.air.vanish(central.sensor)  # after four packets the radio has no room for a while
        await asyncio.sleep(3.9)
        central.air.come_back(central.sensor)
        await asyncio.sleep(0.05)
        oldest = struct.unpack_from("<I", central.ask(STATUS)[1], 4)[0]
        await asyncio.sleep(1.0)
        flags_and_indices = [data_of(packet)[:2] for packet in replayed_of(central)]
        assert flags_and_indices[:4] == [(REPLAYED, 26 * k) for k in range(4)]
        flags, index = flags_and_indices[4]
        assert flags == REPLAYED | GAP_BEFORE
        assert 4 * 26 < index == pytest.approx(oldest, abs=3)
        assert {flags for flags, _ in flags_and_indices[5:]} == {REPLAYED}
        (done,) = central.packets(EVENT)
        assert (done[:2], struct.unpack_from("<I", done, 4)) == (b"\x07\x01", (494,))

    meet(story, ring_samples=560)


def test_a_range_that_was_overwritten_while_it_waited_is_told():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(10.0)
        first = struct.unpack_from("<I", central.ask(STATUS)[1], 4)[0]
        assert central.ask(replay(first, 2))[1] == struct.pack("<II", first, 2)
        central.heard.clear()
        await asyncio.sleep(1.0)
        assert replayed_of(central) == []
        (done,) = central.packets(EVENT)
        assert (done[:2], struct.unpack_from("<I", done, 4)) == (b"\x07\x01", (first + 2,))

    meet(story, ring_samples=260)


def test_four_replayed_packets_wait_in_the_radio_at_most():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(60.0)
        assert central.ask(replay(0, 2600))[0] == OK
        central.air.vanish(central.sensor)
        await asyncio.sleep(0.9)
        waiting = [data_of(packet.data)[0] for packet in central.air.reach(central.sensor).waiting]
        assert (waiting.count(REPLAYED), waiting.count(0)) == (4, 2)

    meet(story)


def test_eight_ranges_wait_and_a_ninth_is_refused():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(60.0)
        assert [central.ask(replay(26 * k, 26))[0] for k in range(9)] == [OK] * 8 + [WRONG_STATE]
        assert central.ask(replay(100_000, 26)) == (WRONG_STATE, b"")  # whatever it is
        await asyncio.sleep(1.0)
        assert len(replayed_of(central)) == 8
        done = [event for event in central.packets(EVENT) if event[0] == 7]
        assert [struct.unpack_from("<I", event, 4)[0] for event in done] == [26 * k for k in range(1, 9)]

    meet(story)


def test_a_press_flags_the_packet_of_the_sample_that_follows_it():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(1.2)
        central.sensor.press_button()
        await asyncio.sleep(0.1)
        central.sensor.press_button()  # the first of a batch bears the flag, both are events
        await asyncio.sleep(3.0)
        assert [data_of(packet)[0] for packet in central.packets(DATA)[:4]] == [0, 0, MARKER, 0]
        assert [event[:1] for event in central.packets(EVENT)] == [b"\x01", b"\x02", b"\x02"]
        central.air.unlink(central.sensor)
        await asyncio.sleep(10.0)
        central.sensor.press_button()
        pressed_before = struct.unpack_from("<I", central_event(central.sensor), 4)[0]
        await asyncio.sleep(10.0)
        central.connect()
        central.heard.clear()
        central.ask(START_AND_RECORD)
        for _ in range(2):  # each time that it is sent
            central.ask(replay(0, 26 * 40))
            await asyncio.sleep(1.0)
        flagged = [data_of(packet) for packet in central.packets(DATA) if packet[1] & MARKER]
        pressed_at = [52, pressed_before // 26 * 26]
        assert [(flags, index) for flags, index, _, _ in flagged] == [(REPLAYED | MARKER, at) for at in pressed_at * 2]

    meet(story)


def central_event(sensor):
    """The youngest event that waits inside a sensor."""
    return sensor._events.newest


@pytest.mark.parametrize("is_before_the_stop", [True, False])
def test_a_press_that_no_sample_followed_flags_none_of_a_later_stream(is_before_the_stop):
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(1.2)
        if is_before_the_stop:
            central.sensor.press_button()
        central.ask(STOP)
        if not is_before_the_stop:
            central.sensor.press_button()
        central.ask(START_AND_RECORD)
        await asyncio.sleep(2.0)
        assert [packet[1] & MARKER for packet in central.packets(DATA)] == [0] * len(central.packets(DATA))

    meet(story)


def test_a_sample_at_full_scale_is_flagged_on_its_packet_alone():
    accel_g = np.zeros((200, 3))
    accel_g[30, 1], accel_g[60, 2], accel_g[80, 0] = 9.0, -9.0, 7.99

    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(2.6)
        assert [data_of(packet)[0] for packet in central.packets(DATA)] == [0, CLIPPED, CLIPPED, 0, 0]

    meet(story, accel_g=accel_g)


def test_start_announces_the_most_samples_in_a_packet():
    async def story(central):
        central.sensor.write(CONFIG, encode_config(rate_hz=52.0, range_g=8, batch=10))
        assert central.ask(START_AND_RECORD) == (OK, struct.pack("<BI", 10, 0))
        await asyncio.sleep(2.0)
        assert {data_of(packet)[3] for packet in central.packets(DATA)} == {10}

    meet(story)


def test_no_packet_before_a_stop_spans_two_blocks():
    async def story(central):
        central.sensor.sampler._jitter.random = lambda: 1.0  # the radio makes each packet wait for 30 ms
        central.ask(START_AND_RECORD)
        await asyncio.sleep(0.525)
        central.ask(STOP)
        assert [data_of(packet)[1::2] for packet in central.packets(DATA)] == [(0, 26), (26, 1)]

    meet(story)


def test_status_and_the_last_packet_tell_that_it_charges():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(1.3)
        central.sensor.charge(on=True)
        central.sensor.charge(on=True)  # as before: no news
        assert [data_of(packet)[0] for packet in central.packets(DATA)] == [0, 0, ON_CHARGER]
        assert len(central.packets(EVENT)) == 3
        assert central.state() == 0x10
        central.ask(replay(26, 41))
        await asyncio.sleep(0.2)
        assert [data_of(packet)[0] for packet in replayed_of(central)] == [REPLAYED, REPLAYED | ON_CHARGER]

    meet(story)


def test_without_indications_no_request_is_taken():
    async def story(central):
        central.sensor.subscribe(CONTROL, on=False)
        for request in (STATUS, "05"):
            assert refusal_of(central.sensor, CONTROL, bytes.fromhex(request)) == 0xFD

    meet(story)


def test_a_wish_to_save_power_is_kept():
    async def story(central):
        economical = encode_config(rate_hz=52.0, range_g=8, batch=26, saves_power=True)
        central.sensor.write(CONFIG, economical)
        assert central.sensor.read(CONFIG) == economical
        central.sensor.write(CONFIG, economical[:5] + b"\x02" + economical[6:])
        assert central.sensor.read(CONFIG) == encode_config(rate_hz=52.0, range_g=8, batch=26)

    meet(story)


def test_it_blinks_forgets_and_switches_off_on_request():
    async def story(central):
        central.ask(START_AND_RECORD)
        await asyncio.sleep(10.0)
        assert central.ask(IDENTIFY) == (OK, b"")
        assert central.ask(ERASE) == (WRONG_STATE, b"")
        (end,) = struct.unpack("<I", central.ask(STOP)[1])
        assert central.ask(ERASE) == (OK, b"")
        assert struct.unpack_from("<II", central.ask(STATUS)[1], 4) == (end, end)
        central.ask(START_AND_RECORD)
        assert central.ask(POWER_OFF) == (OK, b"")
        await asyncio.sleep(1.0)
        assert not central.air.reach(central.sensor).linked
        assert not central.air.can_hear(central.sensor)
        assert not central.sensor.sampler.is_on

    meet(story)


def test_a_boot_has_another_number_than_the_one_before():
    async def story(central):
        central.sensor._boots.randrange = lambda *_: 7  # chance would have it
        central.sensor.booted()
        before = central.sensor.read(INFO)[2:4]
        central.sensor.booted()
        assert central.sensor.read(INFO)[2:4] != before

    meet(story)
