"""The package's drivers read the pages' bytes as the pages do, and work with the reference encoder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clonus_sense.errors import SensorRefusedError
from clonus_sense.sensors import metamotion, movesense, open_packet, open_profile, polar, polar_frame, witmotion
from clonus_sense.sensors.clock import SensorClock
from clonus_sense.sensors.commands import Read, Sleep, WaitFor, Write
from clonus_sense.sensors.families import FAMILIES
from clonus_sense.sensors.family import StreamRequest
from clonus_sense.sensors.packet import PacketFlag, SensorEvent, SensorEventKind, SensorPacket
from tests.firmware.pages import NOTES, PROTOCOL_PAGES, tables_of, vectors_of
from tests.firmware.test_reference_stream import PERIOD_US, feed, ramp
from tests.sensors.played import run_commands

VECTORS = {(vector.page, vector.name): vector for path in PROTOCOL_PAGES for vector in vectors_of(path)}
STANDARD_GRAVITY_M_S2 = 9.80665


def of_decoder(name: str):
    found = [vector for vector in VECTORS.values() if vector.decoder == name]
    assert found
    return pytest.mark.parametrize("vector", found, ids=[vector.name for vector in found])


@of_decoder("open_data")
def test_open_profile_samples(vector):
    packet = open_packet.decode_data(vector.data, 0.0)
    assert packet.accel_g.tolist() == vector.meaning["samples_g"]
    assert packet.first_index == vector.meaning["first_index"]
    assert packet.stamp_ticks == vector.meaning["t_us"]
    assert packet.boot_id == vector.meaning["boot_id"]


def test_open_profile_marker():
    driver = open_profile.OpenProfileDriver(StreamRequest())
    vector = VECTORS["open_profile", "marker"]
    [event] = driver.receive(open_profile.EVENT, vector.data, 0.0)
    assert (event.kind, event.stamp_ticks) == (SensorEventKind.MARKER, vector.meaning["t_us"])


@of_decoder("advertising")
def test_an_advertisement_of_the_open_profile_is_recognised(vector):
    services = [vector.meaning["service"]] if "service" in vector.meaning else []
    assert open_profile.OPEN_PROFILE.recognises(vector.meaning.get("name"), services)


@of_decoder("polar_data")
def test_polar_frames(vector):
    frame = polar_frame.decode_frame(vector.data)
    raw = np.rint(frame.accel_g * 1000).astype(int)
    assert frame.stamp_ns == vector.meaning["stamp_ns"]
    if "raw" in vector.meaning:
        assert raw.tolist() == vector.meaning["raw"]
    else:
        assert len(raw) == vector.meaning["n"]
        assert raw.sum() == vector.meaning["sum"]
        assert raw[-1].tolist() == vector.meaning["last"]


@of_decoder("polar_answer")
def test_polar_settings(vector):
    settings = polar.read_settings(vector.data[5:])
    assert list(settings.rates_hz) == vector.meaning.get("rates_hz", [])
    assert list(settings.ranges_g) == vector.meaning.get("ranges_g", [])
    assert settings.factor == vector.meaning.get("factor", [1.0])[0]


@pytest.mark.parametrize(("name", "range_g"), [("single_4g", 4), ("packed_8g", 8)])
def test_metamotion_samples(name, range_g):
    driver = metamotion.MetaMotionDriver(StreamRequest(range_g=range_g))
    vector = VECTORS["metamotion", name]
    [packet] = driver.receive(metamotion.NOTIFY, vector.data, 0.0)
    assert packet.accel_g == pytest.approx(np.array(vector.meaning["samples_g"]), abs=6e-4)


def test_metamotion_battery():
    driver = metamotion.MetaMotionDriver(StreamRequest())
    [event] = driver.receive(metamotion.NOTIFY, VECTORS["metamotion", "battery"].data, 0.0)
    assert event.battery_percent == 99


def test_movesense_bytes():
    assert movesense.subscribe_request(52.0) == VECTORS["movesense", "subscribe_52_hz"].data
    vector = VECTORS["movesense", "made_up_data"]
    packet = movesense.decode_payload(vector.data[2:], 0.0)
    assert packet.stamp_ticks == vector.meaning["stamp_ms"]
    assert packet.accel_g * STANDARD_GRAVITY_M_S2 == pytest.approx(np.array(vector.meaning["samples_m_s2"]), rel=1e-12)


@of_decoder("witmotion")
def test_witmotion_stream(vector):
    driver = witmotion.WitMotionDriver(StreamRequest())
    received = driver.receive(witmotion.NOTIFY, vector.data, 0.0)
    packets = [one for one in received if isinstance(one, SensorPacket)]
    assert np.concatenate([packet.accel_g for packet in packets]).tolist() == vector.meaning["samples_g"]
    batteries = [one.battery_percent for one in received if isinstance(one, SensorEvent)]
    # 3.97 V stands between 90 % and 100 % in the table of the page.
    assert all(90 < percent < 100 for percent in batteries)
    assert len(batteries) == len(vector.meaning.get("registers", {}))


def test_the_guide_advises_the_sensors_that_the_package_calls_suitable():
    first_table, *_ = tables_of(NOTES / "README.md")
    advice = {row[0]: row[1].startswith("**yes**") for row in first_table[1:]}
    named = {
        "Polar Verity Sense": "verity-sense",
        "Polar OH1": "polar-oh1",
        "Polar H10": "polar-h10",
        "MbientLab MetaMotionS": "metamotion",
        "Movesense": "movesense",
        "WitMotion WT901BLE, WT9011DCL": "witmotion",
        "your own, with the open profile": "open",
    }
    suits = {family.key: family.suits_nights for family in FAMILIES}
    assert {key: advice[name] for name, key in named.items()} == suits


class Link:
    """What stands between the package's driver and the reference encoder: a radio that loses nothing unless told."""

    def __init__(self, sensor, request=None) -> None:
        self.sensor = sensor
        self.driver = open_profile.OpenProfileDriver(request or StreamRequest())
        self.received: list[SensorPacket | SensorEvent] = []
        self._answers: list[bytes] = []
        sensor.connect()

    def execute(self, step):
        match step:
            case Write(open_profile.CONTROL, data):
                self._expect_success(f"control 0 {data.hex(' ')}")
                self.receive(1)
            case Write(open_profile.CONFIG, data):
                self._expect_success(f"config {data.hex(' ')}")
            case Read(open_profile.INFO):
                return bytes.fromhex(self.sensor.ask("read info 0")[0].removeprefix("INFO "))
            case Read(open_profile.CONFIG):
                return bytes.fromhex(self.sensor.ask("read config")[0].removeprefix("CONFIG "))
            case WaitFor(open_profile.CONTROL, prefix):
                return next(answer for answer in self._answers if answer.startswith(prefix))
            case Sleep():
                pass
            case _:
                raise AssertionError(f"the driver asks for {step}")
        return None

    def _expect_success(self, command: str) -> None:
        if lines := self.sensor.ask(command):
            raise SensorRefusedError(lines[0])

    def receive(self, most="all") -> None:
        names = {"CONTROL": open_profile.CONTROL, "DATA": open_profile.DATA, "EVENT": open_profile.EVENT}
        for line in self.sensor.ask(f"send {most}"):
            name, content = line.split(" ", 1)
            data = bytes.fromhex(content)
            if name == "CONTROL":
                self._answers.append(data)
            self.received += self.driver.receive(names[name], data, 0.0)

    def run(self, commands):
        return run_commands(commands, self.execute)

    @property
    def packets(self) -> list[SensorPacket]:
        return [one for one in self.received if isinstance(one, SensorPacket)]


def test_the_packages_driver_gets_a_whole_night_from_the_reference_over_a_lost_link(sensor):
    sensor.boot(n_blocks=744)
    truth = ramp(52 * 400)
    lost_from, found_at = 52 * 30, 52 * 330

    before = Link(sensor)
    stream = before.run(before.driver.start())
    assert (stream.fs_hz, stream.range_g, stream.index_bits) == (52.0, 8.0, 32)
    assert before.driver.ring_capacity_samples == 743 * 26
    feed(sensor, truth[:lost_from])
    before.receive()
    sensor.tell("link down")
    feed(sensor, truth[lost_from:found_at], lost_from)

    after = Link(sensor)
    assert after.run(after.driver.start()) == stream
    feed(sensor, truth[found_at : found_at + 26], found_at)
    after.receive()
    [first_live] = after.packets
    gap = first_live.first_index - lost_from
    assert gap == found_at - lost_from
    assert after.run(after.driver.replay(lost_from, gap)) is True
    for first in range(found_at + 26, len(truth), 26):
        feed(sensor, truth[first : first + 26], first)
        after.receive(8)
    after.receive()
    assert after.run(after.driver.replay(0, 5)) is False
    after.run(after.driver.stop())

    packets = sorted(before.packets + after.packets, key=lambda packet: packet.first_index)
    counted = np.concatenate([packet.first_index + np.arange(len(packet.accel_g)) for packet in packets])
    assert np.array_equal(counted, np.arange(len(truth)))
    accel_g = np.concatenate([packet.accel_g for packet in packets])
    assert np.array_equal(accel_g, np.array(truth) * (8 / 32768))
    last_ones = np.array([packet.first_index + len(packet.accel_g) - 1 for packet in packets])
    assert [packet.stamp_ticks for packet in packets] == (1_000_000 + last_ones * PERIOD_US).tolist()
    assert sum(PacketFlag.REPLAYED in packet.flags for packet in packets) == gap // 26
    assert before.driver.n_bad_packets == after.driver.n_bad_packets == 0


def test_the_packages_driver_changes_the_rate_of_a_sensor_that_still_records(sensor):
    sensor.boot()
    first = Link(sensor)
    first.run(first.driver.start())
    sensor.tell("link down")
    second = Link(sensor, StreamRequest(rate_hz=104.0, range_g=4))
    stream = second.run(second.driver.start())
    assert (stream.fs_hz, stream.range_g) == (104.0, 4.0)
    feed(sensor, ramp(26))
    second.receive()
    assert sum(len(packet.accel_g) for packet in second.packets) == 26


def test_the_packages_driver_reads_the_charge_and_the_button(sensor):
    sensor.boot()
    link = Link(sensor)
    link.run(link.driver.start())
    assert link.run(link.driver.battery()) is None
    sensor.tell("power 83 0 0 5", "marker 7")
    assert link.run(link.driver.battery()) == 83
    link.receive()
    kinds = [one.kind for one in link.received if isinstance(one, SensorEvent)]
    assert kinds == [SensorEventKind.REBOOTED, SensorEventKind.MARKER]


def test_the_packages_driver_says_why_a_charging_sensor_refuses(sensor):
    sensor.boot(more="refuse-on-charger")
    sensor.tell("power 50 0 1 5")
    link = Link(sensor)
    with pytest.raises(SensorRefusedError, match="on its charger"):
        link.run(link.driver.start())


def test_the_packages_clock_sees_a_pause_of_the_reference_as_a_gap(sensor):
    sensor.boot()
    link = Link(sensor)
    stream = link.run(link.driver.start())
    clock = SensorClock(stream, origin_s=0.0, step_g=stream.step_g)
    n_before, pause_us = 26 * 40, 60_000_000
    feed(sensor, ramp(n_before))
    link.receive()
    link.run(link.driver.stop())
    link.receive()
    link.run(link.driver.start())
    for k, xyz in enumerate(ramp(n_before, n_before), n_before):
        sensor.sample(xyz, 1_000_000 + k * PERIOD_US + pause_us)
    link.receive()
    parts = [clock.push(replace(packet, arrival_s=packet.stamp_ticks * 1e-6)) for packet in link.packets]
    parts.append(clock.finish())

    _before_the_first, gap = [one.gap for part in parts for one in part.gaps]
    assert gap.end_s - gap.start_s == pytest.approx(60.0, abs=0.02)
    assert sum(len(times.times_s) for part in parts for times in part.batches) == 2 * n_before
