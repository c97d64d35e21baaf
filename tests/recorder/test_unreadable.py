"""Packets that arrive damaged, and a serial number that is misread: the person is told, and the night goes on."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from clonus_sense.i18n import translator
from clonus_sense.recording import EntryKind
from clonus_sense.sensors.families import find_family
from clonus_sense.sensors.link import StreamEnd
from clonus_sense.sensors.polar import DATA as POLAR_DATA
from clonus_sense.sensors.virtual.peripheral import Label, Packet
from clonus_sense.sensors.virtual.sampling import play
from tests.recorder.nights import leg, open_sensor, plan_for, record, recorded_accel
from tests.recorder.test_families import CASES
from tests.virtual.firmware import PolarSensor

# An ATT notification at the smallest MTU.
SMALLEST = 20


def cut_short(packet):
    return [replace(packet, data=packet.data[:SMALLEST], n_samples=0)]


@pytest.mark.parametrize("case", [case for case in CASES if case.key in ("open", "verity-sense", "movesense")])
@pytest.mark.parametrize("after_s", [0, 60])
def test_packets_that_arrive_cut_short_are_told_within_a_minute(tmp_path, case, after_s):
    statuses = []

    async def scenario(night):
        if after_s:
            await asyncio.sleep(after_s)
        night.air.tamper(night.sensor, lambda packet: cut_short(packet) if len(packet.data) > SMALLEST else [packet])
        for _second in range(60):
            await asyncio.sleep(1)
            statuses.append(night.recorder.status().sensors[0].trouble)

    outcome = record(
        scenario,
        lambda: [case.sensor(leg(200, fs_hz=case.fs_hz))],
        tmp_path,
        minutes=2.5,
        radio="in process",
        families=(find_family(case.key),),
    )
    told = [status for status in statuses if "cannot be read" in status]
    assert told
    assert "読み取れません" in translator("ja")(told[0])
    entries = [one for path in tmp_path.glob("*.events.jsonl") for one in path.read_text("utf-8").splitlines()]
    assert any("cannot be read" in entry and EntryKind.ATTEMPT_FAILED in entry for entry in entries)
    if after_s:
        assert StreamEnd.UNREADABLE in [entry.facts["reason"] for entry in outcome.entries(EntryKind.STREAM_LOST)]


@pytest.mark.parametrize("misread", ["0002", "000A"])
def test_a_serial_number_that_differs_once_does_not_end_the_night(tmp_path, misread):
    async def scenario(night):
        await asyncio.sleep(60)
        sensor = night.sensor
        label = sensor.label
        sensor.label = replace(label, serial=misread)
        night.air.vanish(sensor, 10)
        await asyncio.sleep(25)
        sensor.label = label

    outcome = record(scenario, lambda: [open_sensor(leg(200), serial="000a")], tmp_path, minutes=3, radio="in process")
    assert len(recorded_accel(outcome.read())) > 150 * 52
    told = [one.facts["text"] for one in outcome.entries(EntryKind.ATTEMPT_FAILED)]
    assert (misread == "0002") == any("0002" in text for text in told)


def test_a_serial_number_that_is_misread_at_the_first_connection_costs_seconds(tmp_path):
    def sensors():
        sensor = open_sensor(leg(200), serial="0001")
        sensor.right, sensor.label = sensor.label, replace(sensor.label, serial="9999")
        return [sensor]

    async def scenario(night):
        await asyncio.sleep(4)
        night.sensor.label = night.sensor.right

    def plan_of(made, folder, families, request):
        plan = plan_for(made, folder, families, request)
        wanted = replace(plan.sensors[0].wanted, serial="0001")
        return replace(plan, sensors=(replace(plan.sensors[0], wanted=wanted),))

    outcome = record(scenario, sensors, tmp_path, minutes=2, radio="in process", plan_of=plan_of)
    assert len(recorded_accel(outcome.read())) > 100 * 52


def test_gaps_that_late_packets_fill_are_told_as_filled_for_a_sensor_without_an_index(tmp_path):
    rng = np.random.default_rng(3)
    true = []

    async def scenario(night):
        await asyncio.sleep(60)

        def delay(packet):
            if packet.uuid != POLAR_DATA:
                return [packet]
            if len(true) < 2 and rng.random() < 0.02:
                true.append(packet)
                return []
            if rng.random() < 0.1:
                asyncio.get_running_loop().call_later(20.0, night.air.host.notified, night.sensor, packet)
                return []
            return [packet]

        night.air.tamper(night.sensor, delay)
        await asyncio.sleep(420)
        night.air.tamper(night.sensor, None)

    outcome = record(
        scenario,
        lambda: [PolarSensor(Label("Polar Sense 1A2B3C4D", "1A2B3C4D", "C0:00:00:00:00:01"), play(leg(700)))],
        tmp_path,
        minutes=10,
        radio="in process",
        families=(find_family("verity-sense"),),
    )
    filled = {entry.facts["start_s"] for entry in outcome.entries(EntryKind.BACKFILLED)}
    told = [gap for gap in outcome.gaps() if gap["start_s"] not in filled]
    assert len(filled) > 20
    assert len(true) == len(told) == 2
    recording = outcome.read()
    assert len(recording.stretches) == 3
    assert isinstance(true[0], Packet)
