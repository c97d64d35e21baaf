"""What a sensor tells besides samples stands in the ledger at its own time, however late it is told."""

import asyncio
import sys

import pytest

from clonus_sense.recording import EntryKind
from clonus_sense.sensors import open_profile
from clonus_sense.sensors.link import StreamEnd
from clonus_sense.sensors.virtual.firmware.replays import Replays
from clonus_sense.sensors.virtual.firmware.waiting_events import MOST_EVENTS
from clonus_sense.sensors.virtual.sampling import Crystal
from tests.recorder.nights import assert_a_night_is_accounted_for, leg, open_sensor, record

NIGHT_S = 12 * 60
LEG = leg(NIGHT_S)
RING_SAMPLES = 19_376
# 1 % off its rate, and stamps that run 20 ppm fast, as of a usual crystal.
CRYSTAL = Crystal(0.01, 20e-6)
# What a sensor with stamps owes.
TOLERANCE_S = 0.03
# Where there is but a flag, it is known to half a packet.
PACKET_S = 0.5

RADIOS = [
    pytest.param(
        "bluez", marks=pytest.mark.skipif(sys.platform != "linux", reason="the mock of org.bluez needs D-Bus")
    ),
    "bumble",
    "in process",
]


def night_of(folder, scenario, *, radio="in process", ring_samples=RING_SAMPLES, minutes=NIGHT_S / 60, change=None):
    def sensors():
        sensor = open_sensor(LEG, crystal=CRYSTAL, ring_samples=ring_samples)
        if change is not None:
            change(sensor)
        return [sensor]

    return record(scenario, sensors, folder, radio=radio, minutes=minutes)


def marked_s(outcome):
    """When the sensor's button was pressed, as the ledger tells."""
    return [entry.time_s for entry in outcome.entries(EntryKind.MARKER) if entry.facts["by"] == "sensor"]


def told(outcome):
    return [(entry.facts["what"], entry.time_s) for entry in outcome.entries(EntryKind.TOLD)]


def pressing(*times_s):
    """Press the button at times of the night."""

    async def press(night):
        for at_s in times_s:
            await asyncio.sleep(at_s - night.elapsed_s())
            night.sensor.press_button()

    return press


@pytest.mark.parametrize("radio", RADIOS)
def test_a_press_during_a_lost_link_is_marked_at_its_own_time(tmp_path, radio):
    async def scenario(night):
        await asyncio.sleep(200)
        night.air.vanish(night.sensor, 300)
        await pressing(250.0, 251.0, 400.0)(night)

    outcome = night_of(tmp_path, scenario, radio=radio)
    assert_a_night_is_accounted_for(outcome, LEG, minutes=NIGHT_S / 60)
    assert len(outcome.read().stretches) == 1  # and no sample is missing
    # Each once, though the packets that are sent again bear the mark as well.
    assert marked_s(outcome) == pytest.approx([250.0, 251.0, 400.0], abs=TOLERANCE_S)


def test_a_sensor_without_a_memory_for_samples_keeps_the_press(tmp_path):
    async def scenario(night):
        await asyncio.sleep(200)
        night.air.vanish(night.sensor, 300)
        await pressing(400.0)(night)

    outcome = night_of(tmp_path, scenario, ring_samples=0)
    assert marked_s(outcome) == pytest.approx([400.0], abs=TOLERANCE_S)


def test_of_more_presses_than_the_sensor_keeps_the_packets_tell_the_others(tmp_path):
    times_s = [210.0 + 5 * k for k in range(MOST_EVENTS + 4)]

    async def scenario(night):
        await asyncio.sleep(200)
        night.air.vanish(night.sensor, 200)
        await pressing(*times_s)(night)

    outcome = night_of(tmp_path, scenario)
    marked = sorted(marked_s(outcome))
    assert marked[4:] == pytest.approx(times_s[4:], abs=TOLERANCE_S)
    assert marked[:4] == pytest.approx(times_s[:4], abs=PACKET_S / 2 + TOLERANCE_S)


def test_a_press_while_the_link_holds_is_marked_to_the_hundredth(tmp_path):
    times_s = [100.0, 100.2, 200.31]
    outcome = night_of(tmp_path, pressing(*times_s), minutes=4)
    assert marked_s(outcome) == pytest.approx(times_s, abs=TOLERANCE_S)


def test_a_press_of_a_sensor_without_events_is_marked_to_half_a_packet(tmp_path):
    async def scenario(night):
        await asyncio.sleep(60)
        night.air.vanish(night.sensor, 60)
        await pressing(80.0, 150.0, 150.6)(night)

    outcome = night_of(tmp_path, scenario, minutes=4, change=lambda sensor: sensor.missing.add(open_profile.EVENT))
    assert sorted(marked_s(outcome)) == pytest.approx([80.0, 150.0, 150.6], abs=PACKET_S / 2 + TOLERANCE_S)


def test_what_happened_before_the_recording_marks_nothing_in_it(tmp_path):
    def press_and_wait(sensor):
        enter = sensor.enter

        def enter_and_press(air):
            enter(air)
            sensor._boot_s -= 100.0  # it was switched on long ago
            sensor._events.clear()
            sensor.press_button()
            sensor._boot_s -= 50.0

        sensor.enter = enter_and_press

    outcome = night_of(tmp_path, pressing(60.0), minutes=2, change=press_and_wait)
    assert marked_s(outcome) == pytest.approx([60.0], abs=TOLERANCE_S)
    ((what, at_s),) = told(outcome)
    assert (what, at_s) == ("marker", pytest.approx(-50.0, abs=TOLERANCE_S))


def test_a_boot_is_told_at_its_time(tmp_path):
    async def scenario(night):
        await asyncio.sleep(100)
        night.air.reboot(night.sensor, for_s=30)
        await asyncio.sleep(30)
        night.air.vanish(night.sensor, 60)

    outcome = night_of(tmp_path, scenario, minutes=5)
    (_, first_s), (what, second_s) = told(outcome)
    assert first_s == pytest.approx(0.0, abs=TOLERANCE_S)
    assert (what, second_s) == ("rebooted", pytest.approx(130.0, abs=TOLERANCE_S))


def test_charging_during_a_lost_link_is_told_at_its_times_and_ends_no_stream(tmp_path):
    async def scenario(night):
        await asyncio.sleep(100)
        night.air.vanish(night.sensor, 60)
        await asyncio.sleep(20)
        night.sensor.charge(on=True)
        await asyncio.sleep(20)
        night.sensor.charge(on=False)

    outcome = night_of(tmp_path, scenario, minutes=5)
    assert [what for what, _ in told(outcome)[1:]] == ["on charger", "stopped by the sensor", "off charger"]
    assert [at_s for _, at_s in told(outcome)[1:]] == pytest.approx([120, 120, 140], abs=TOLERANCE_S)
    lost = [entry.facts["reason"] for entry in outcome.entries(EntryKind.STREAM_LOST)]
    assert lost == [StreamEnd.DISCONNECTED, StreamEnd.ENDED]


def test_an_event_whose_time_was_never_known_stands_at_its_arrival(tmp_path):
    def on_charger(sensor):
        sensor.on_charger = True

    outcome = night_of(tmp_path, pressing(30.0), minutes=2, change=on_charger)
    assert outcome.recordings == ()
    (ledger,) = tmp_path.glob("*.events.jsonl")
    lines = ledger.read_text(encoding="utf-8")
    assert '"what": "rebooted"' in lines
    assert '"marker": "felt"' in lines


def test_a_sensor_that_takes_no_request_for_a_while_is_asked_again(tmp_path, monkeypatch):
    busy_until_s = 185.0

    async def scenario(night):
        is_full = property(lambda _replays: night.elapsed_s() < busy_until_s)
        monkeypatch.setattr(Replays, "is_full", is_full)
        await asyncio.sleep(100)
        night.air.vanish(night.sensor, 60)

    outcome = night_of(tmp_path, scenario, minutes=5)
    assert_a_night_is_accounted_for(outcome, LEG, minutes=5)
    assert len(outcome.read().stretches) == 1
