"""What happens in a night, each thing once, in nights of 10 or 20 minutes: all that arrived is kept, all else told."""

import asyncio
import random
import sys
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from clonus_sense import DetectionSettings, analyse_recording
from clonus_sense.activity import ActivityBuilder, WearState, find_wear_spans
from clonus_sense.recording import EntryKind
from clonus_sense.sensors import open_profile
from clonus_sense.sensors.clock import LossReason
from clonus_sense.sensors.link import StreamEnd
from clonus_sense.sensors.virtual.peripheral import Packet
from clonus_sense.sensors.virtual.sampling import Crystal
from tests.recorder.nights import (
    FS_HZ,
    START,
    assert_a_night_is_accounted_for,
    leg,
    nothing,
    open_sensor,
    plan_for,
    record,
)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the mock of org.bluez needs D-Bus; test_families.py runs everywhere"
)

NIGHT_S = 20 * 60
LEG = leg(NIGHT_S, bouts_at_s=(100.0, 500.0, 900.0))


def loss_reasons(outcome):
    return [entry.facts["reason"] for entry in outcome.entries(EntryKind.STREAM_LOST)]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A night in which nothing happens."""
    return record(nothing, lambda: [open_sensor(LEG)], tmp_path_factory.mktemp("quiet"))


def test_a_quiet_night_is_one_stretch_and_live_episodes_are_those_of_the_file(quiet):
    assert_a_night_is_accounted_for(quiet, LEG)
    assert quiet.gaps() == []
    (recording,) = quiet.recordings
    assert recording.info.start == START
    assert (recording.info.side, recording.info.sensor.serial) == ("left", "0001")
    assert recording.n_samples > (NIGHT_S - 3) * FS_HZ
    assert [round(episode.onset_s) for episode in recording.episodes] == pytest.approx([101, 501, 901], abs=1)
    assert analyse_recording(recording.path, DetectionSettings()).analysis.episodes == recording.episodes
    assert loss_reasons(quiet) == [StreamEnd.ENDED]
    assert not quiet.night.sensor.sampler.is_on  # it was told to stop
    batteries = [entry.facts["percent"] for entry in quiet.entries(EntryKind.BATTERY)]
    assert batteries == [90, 90, 89, 89]  # at the start and every five minutes


def test_an_episode_is_told_within_3_s_of_its_end(quiet):
    lateness = [told_s - episode.offset_s for episode, told_s in quiet.night.logged]
    assert len(lateness) == 3
    assert max(lateness) <= 3.0
    assert [entry.facts["beats"] for entry in quiet.entries(EntryKind.EPISODE)] == [
        episode.beats for episode in quiet.recordings[0].episodes
    ]


def test_where_the_leg_goes_on_moving_an_episode_is_told_so_far_within_3_s_of_its_end(tmp_path):
    times_s = np.arange(len(LEG)) / FS_HZ
    shaking = np.outer(0.1 * np.sin(2 * np.pi * 3.4 * times_s), [0.0, 1.0, 0.0])
    goes_on = (times_s >= 102.5) & (times_s < 112.0)
    outcome = record(nothing, lambda: [open_sensor(LEG + goes_on[:, None] * shaking)], tmp_path, minutes=3)
    told = outcome.entries(EntryKind.EPISODE_SO_FAR)
    first, decided = told[0], outcome.entries(EntryKind.EPISODE)[0]
    assert decided.time_s - decided.facts["offset_s"] > 3.0
    assert first.time_s - first.facts["offset_s"] <= 3.0
    assert (first.facts["onset_s"], first.facts["beats"]) == (decided.facts["onset_s"], decided.facts["beats"])


def test_a_bout_that_a_loss_cuts_is_told_when_the_link_is_lost_and_not_when_it_is_back(tmp_path):
    async def scenario(night):
        await asyncio.sleep(101.8)
        night.air.vanish(night.sensor, 60.0)

    outcome = record(scenario, lambda: [open_sensor(leg(300, bouts_at_s=(100.0,)))], tmp_path, minutes=4)
    lost, back = outcome.entries(EntryKind.STREAM_LOST)[0], outcome.gaps()[0]["end_s"]
    told = outcome.entries(EntryKind.EPISODE_SO_FAR)[0]
    assert told.time_s < lost.time_s + 0.5 < back
    assert told.facts["offset_s"] > outcome.gaps()[0]["start_s"] - 0.2


def test_fifty_losses_of_1_s_to_minutes_are_all_in_the_ledger(tmp_path):
    lengths_s = random.Random(5).choices([1.0, 2.0, 4.5, 6.0, 10.0, 20.0], k=50)

    async def scenario(night):
        for length_s in lengths_s:
            await asyncio.sleep(12.0)
            night.air.vanish(night.sensor, length_s)
            await asyncio.sleep(length_s)

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path)
    assert_a_night_is_accounted_for(outcome, LEG)
    # The link holds over a second or two and delivers what its buffer kept; longer losses end it.
    assert loss_reasons(outcome).count(StreamEnd.DISCONNECTED) == sum(length_s > 4.0 for length_s in lengths_s)
    live = analyse_recording(outcome.recordings[0].path, DetectionSettings()).analysis.episodes
    assert live == outcome.recordings[0].episodes


def test_a_sensor_that_is_away_for_half_an_hour_is_found_at_once_when_it_is_back(tmp_path):
    async def scenario(night):
        await asyncio.sleep(60)
        night.air.vanish(night.sensor, 1800)

    outcome = record(scenario, lambda: [open_sensor(leg(2400))], tmp_path, minutes=35)
    assert_a_night_is_accounted_for(outcome, leg(2400), minutes=35)
    (gap,) = outcome.gaps()
    assert gap["duration_s"] == pytest.approx(1800, abs=3)
    assert gap["why"] == StreamEnd.DISCONNECTED
    missing = outcome.entries(EntryKind.MISSING)
    assert len(missing) == 1
    assert 110 < missing[0].time_s - 60 < 130


def test_after_a_loss_of_five_minutes_the_sensors_own_memory_fills_the_gap(tmp_path):
    async def scenario(night):
        await asyncio.sleep(290)
        night.air.vanish(night.sensor, 300)

    accel_g = leg(NIGHT_S, bouts_at_s=(100.0, 400.0, 650.0))
    outcome = record(scenario, lambda: [open_sensor(accel_g, ring_samples=21_800)], tmp_path)
    assert_a_night_is_accounted_for(outcome, accel_g)
    recording = outcome.read()
    assert len(recording.stretches) == 1  # nothing is missing
    assert np.all(np.diff(outcome.delivered()) == 1)
    assert outcome.entries(EntryKind.ENDED)[0].facts["n_late_samples"] == pytest.approx(300 * FS_HZ, abs=80)
    assert not list(tmp_path.glob("*.backfill.csv"))
    # The bout of 400 s came out of the memory: live it was not seen, in the end it is.
    found = analyse_recording(outcome.recordings[0].path, DetectionSettings()).analysis.episodes
    assert [round(episode.onset_s) for episode in found] == pytest.approx([101, 401, 651], abs=1)
    assert len(outcome.recordings[0].episodes) == 2


def test_a_link_that_breaks_during_the_replay_is_no_loss(tmp_path):
    async def scenario(night):
        for _ in range(2):
            await asyncio.sleep(200)
            night.air.vanish(night.sensor, 60)
            await asyncio.sleep(61.5)
            night.air.vanish(night.sensor, 6)  # in the middle of what it sends again

    outcome = record(scenario, lambda: [open_sensor(LEG, ring_samples=21_800)], tmp_path)
    assert_a_night_is_accounted_for(outcome, LEG)
    assert len(outcome.read().stretches) == 1


def test_a_link_that_says_nothing_any_more_is_torn_down(tmp_path):
    async def scenario(night):
        for _ in range(3):
            await asyncio.sleep(150)
            night.air.silence(night.sensor, 3600)

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path, minutes=10)
    assert_a_night_is_accounted_for(outcome, LEG, minutes=10)
    assert loss_reasons(outcome).count(StreamEnd.SILENT) == 3
    assert all(gap["duration_s"] < 8.0 and gap["why"] == StreamEnd.SILENT for gap in outcome.gaps())


def test_bluetoothd_dies_and_returns(tmp_path):
    async def scenario(night):
        await asyncio.sleep(200)
        night.bluez.die()
        await asyncio.sleep(40)
        night.bluez.come_back()

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path, minutes=10)
    assert_a_night_is_accounted_for(outcome, LEG, minutes=10)
    told = [entry.facts["text"] for entry in outcome.entries(EntryKind.ATTEMPT_FAILED)]
    assert any("systemctl start bluetooth" in text for text in told)
    (gap,) = outcome.gaps()
    assert gap["duration_s"] == pytest.approx(41, abs=2)


def test_bluetooth_switched_off_and_on_again(tmp_path):
    async def scenario(night):
        await asyncio.sleep(200)
        night.air.power_adapter(on=False)
        await asyncio.sleep(60)
        night.air.power_adapter(on=True)

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path, minutes=10)
    assert_a_night_is_accounted_for(outcome, LEG, minutes=10)
    told = [entry.facts["text"] for entry in outcome.entries(EntryKind.ATTEMPT_FAILED)]
    assert len(told) == 1  # said once, not every second
    assert "switched off" in told[0]


def test_garbage_empty_and_doubled_packets_cost_only_themselves(tmp_path):
    noise = random.Random(3)

    def garble(packet):
        if packet.uuid != open_profile.DATA:
            return [packet]
        match noise.randrange(12):
            case 0:
                return [Packet(packet.uuid, noise.randbytes(noise.randrange(1, 200)))]
            case 1:
                return [Packet(packet.uuid, b""), packet]
            case 2:
                return [packet, packet]
            case 3:
                return []
        return [packet]

    async def scenario(night):
        await asyncio.sleep(30)
        night.air.tamper(night.sensor, garble)
        await asyncio.sleep(540)
        night.air.tamper(night.sensor, None)

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path)
    assert_a_night_is_accounted_for(outcome, LEG)
    assert len(outcome.gaps()) > 60
    dropped = outcome.entries(EntryKind.DROPPED)
    assert sum(entry.facts["n_bad"] for entry in dropped) > 100
    assert outcome.night.recorder.status().sensors[0].n_bad == sum(entry.facts["n_bad"] for entry in dropped)


def test_packets_that_change_places_are_put_in_order(tmp_path):
    held = []

    def swap(packet):
        if packet.uuid != open_profile.DATA:
            return [packet]
        held.append(packet)
        if len(held) < 2:
            return []
        out = held[::-1]
        held.clear()
        return out

    async def scenario(night):
        await asyncio.sleep(60)
        night.air.tamper(night.sensor, swap)
        await asyncio.sleep(480)
        night.air.tamper(night.sensor, None)

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path, minutes=10)
    assert_a_night_is_accounted_for(outcome, LEG, minutes=10)
    # The one that was held when it ended is lost, if there was one.
    assert outcome.gaps() == [gap for gap in outcome.gaps() if gap["n_lost"] == 26][:1]
    assert len(outcome.read().stretches) == 1


def test_a_sensor_that_starts_anew_begins_a_new_stretch(tmp_path):
    async def scenario(night):
        await asyncio.sleep(200)
        night.air.reboot(night.sensor)
        await asyncio.sleep(200)
        night.air.reboot(night.sensor, for_s=30)

    outcome = record(scenario, lambda: [open_sensor(LEG, ring_samples=21_800)], tmp_path, minutes=10)
    # Two clocks that do not know of each other: arrivals alone tell how long it took.
    assert_a_night_is_accounted_for(outcome, LEG, minutes=10, tolerance_s=0.1)
    assert [gap["reason"] for gap in outcome.gaps()] == ["sensor started anew"] * 2


def test_a_sensor_that_charges_for_a_while_is_off_for_as_long_as_its_clock_says(tmp_path):
    async def scenario(night):
        await asyncio.sleep(200)
        night.sensor.charge(on=True)
        await asyncio.sleep(60)
        night.sensor.charge(on=False)

    outcome = record(
        scenario, lambda: [open_sensor(LEG, crystal=Crystal(0.03, 20e-6), ring_samples=21_800)], tmp_path, minutes=10
    )
    assert_a_night_is_accounted_for(outcome, LEG, minutes=10, unable_s=[(200, 260 + 30)])
    (gap,) = outcome.gaps()
    assert 60 < gap["duration_s"] < 60 + 30 + 5  # it is asked again after half a minute at most
    assert gap["why"] == StreamEnd.STOPPED
    # What was never sampled is asked for once, and given up.
    asked = outcome.entries(EntryKind.REPLAY_ASKED)
    assert [entry.facts["granted"] for entry in asked] == [False]


def test_what_was_lost_inside_the_sensor_is_not_asked_for(tmp_path):
    dropped = []

    def overrun(packet):
        if packet.uuid != open_profile.DATA or len(dropped) > 1:
            return [packet]
        dropped.append(packet)
        data = bytearray(packet.data)
        data[1] |= 0x02
        return [] if len(dropped) == 1 else [replace(packet, data=bytes(data))]

    async def scenario(night):
        await asyncio.sleep(100)
        night.air.tamper(night.sensor, overrun)

    outcome = record(scenario, lambda: [open_sensor(LEG, ring_samples=21_800)], tmp_path, minutes=3)
    assert_a_night_is_accounted_for(outcome, LEG, minutes=3)
    (gap,) = outcome.gaps()
    assert (gap["reason"], gap["n_lost"]) == (LossReason.SENSOR, 26)
    assert outcome.entries(EntryKind.REPLAY_ASKED) == []


def test_a_computer_that_sleeps_for_an_hour_knows_how_long(tmp_path):
    async def scenario(night):
        await asyncio.sleep(300)
        night.air.host_sleeps(3600)

    outcome = record(scenario, lambda: [open_sensor(leg(4300))], tmp_path, minutes=10)
    assert_a_night_is_accounted_for(outcome, leg(4300), minutes=10 + 60)
    (gap,) = outcome.gaps()
    assert gap["duration_s"] == pytest.approx(3601, abs=1)
    assert gap["why"] == StreamEnd.HOST_SLEPT
    (slept,) = outcome.entries(EntryKind.HOST_SLEPT)
    assert slept.facts["slept_s"] == pytest.approx(3600)


def test_a_battery_that_dies_ends_nothing_but_the_samples(tmp_path):
    async def scenario(night):
        night.sensor.charge_percent = 8.0
        night.sensor.drain_percent_per_h = 60.0
        await asyncio.sleep(480)
        night.air.vanish(night.sensor)

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path)
    assert_a_night_is_accounted_for(outcome, LEG)
    batteries = [entry.facts["percent"] for entry in outcome.entries(EntryKind.BATTERY)]
    assert batteries == [8, 3]
    last = outcome.entries(EntryKind.GAP)[-1].facts
    assert last["end_s"] == pytest.approx(NIGHT_S, abs=0.1)
    assert last["duration_s"] == pytest.approx(NIGHT_S - 480, abs=1.0)
    assert last["why"] == StreamEnd.DISCONNECTED


@pytest.mark.parametrize("fault", ["missing", "refused"])
def test_a_sensor_that_cannot_be_set_up_is_tried_again_and_said_why(tmp_path, fault):
    def sensors():
        sensor = open_sensor(LEG)
        getattr(sensor, fault).add(open_profile.DATA if fault == "missing" else open_profile.CONTROL)
        return [sensor]

    async def scenario(night):
        await asyncio.sleep(60)
        getattr(night.sensor, fault).clear()

    outcome = record(scenario, sensors, tmp_path, minutes=10)
    # While it cannot be set up it is left alone for longer and longer, half a minute at most.
    assert_a_night_is_accounted_for(outcome, LEG, minutes=10, unable_s=[(0, 60 + 30)])
    assert 60 < outcome.true_times_s()[0] < 60 + 30 + 5
    failed = outcome.entries(EntryKind.ATTEMPT_FAILED)
    assert 4 <= len(failed) <= 12  # with pauses that grow
    word = "lacks the characteristic" if fault == "missing" else "refuses"
    assert all(word in entry.facts["text"] for entry in failed)
    assert outcome.gaps() == []


def test_of_two_sensors_with_one_name_the_right_one_is_taken(tmp_path):
    right, wrong = leg(NIGHT_S, seed=1), leg(NIGHT_S, seed=2)

    def sensors():
        # The wrong one is heard first.
        return [open_sensor(wrong, serial="0002"), open_sensor(right, serial="0001")]

    def plan_of(made, folder, families, request):
        return plan_for(made[1:], folder, families, request)

    async def scenario(night):
        await asyncio.sleep(200)
        night.air.vanish(night.sensors[1], 20)

    outcome = record(scenario, sensors, tmp_path, minutes=10, plan_of=plan_of)
    assert outcome.recordings[0].info.sensor.serial == "0001"
    assert_a_night_is_accounted_for(outcome, right, minutes=10, sensor=1)
    assert outcome.night.air.reach(outcome.night.sensors[0]).delivered == []


def test_two_legs_are_two_recordings_and_the_loss_of_one_does_not_touch_the_other(tmp_path):
    left, right = leg(NIGHT_S, seed=1, bouts_at_s=(200.0,)), leg(NIGHT_S, seed=2)

    async def scenario(night):
        await asyncio.sleep(100)
        night.air.vanish(night.sensors[1], 300)

    outcome = record(
        scenario,
        lambda: [open_sensor(left, serial="0001"), open_sensor(right, serial="0002")],
        tmp_path,
        minutes=10,
        families=(open_profile.OPEN_PROFILE, open_profile.OPEN_PROFILE),
    )
    assert [one.info.side for one in outcome.recordings] == ["left", "right"]
    assert_a_night_is_accounted_for(outcome, left, minutes=10, which=0)
    assert_a_night_is_accounted_for(outcome, right, minutes=10, which=1)
    assert outcome.gaps(0) == []
    assert len(outcome.gaps(1)) == 1
    assert [len(one.episodes) for one in outcome.recordings] == [1, 0]


@pytest.mark.parametrize("rate_error", [0.05, -0.03])
def test_a_sensor_off_its_rate_is_timed_right(tmp_path, rate_error):
    outcome = record(
        nothing,
        lambda: [open_sensor(LEG, crystal=Crystal(rate_error, 20e-6))],
        tmp_path,
        minutes=10,
        radio="in process",
    )
    assert_a_night_is_accounted_for(outcome, LEG, minutes=10)
    (samples,) = outcome.read().stretches
    truth_s = outcome.true_times_s()
    error_s = samples.time_map.seconds(np.arange(len(truth_s))) - truth_s
    assert np.abs(error_s).max() < 0.04  # the radio's own delay included


def test_a_sensor_that_is_taken_off_is_recorded_on_and_asked_about(tmp_path):
    # Long enough on the table for a doubt: a leg may lie still for half an hour.
    worn_s, minutes = 600, 60
    accel_g = leg(60 * minutes, bouts_at_s=(100.0, 500.0))
    on_the_table = np.array([0.0, 1.0, 0.0]) + 0.002 * np.random.default_rng(1).standard_normal(accel_g.shape)
    accel_g = np.concatenate([accel_g[: round(worn_s * FS_HZ)], on_the_table[round(worn_s * FS_HZ) :]])

    async def scenario(night):
        await asyncio.sleep(1200)
        night.air.vanish(night.sensor, 20)

    outcome = record(scenario, lambda: [open_sensor(accel_g)], tmp_path, minutes=minutes, radio="in process")
    assert_a_night_is_accounted_for(outcome, accel_g, minutes=minutes)
    assert [round(episode.onset_s) for episode in outcome.recordings[0].episodes] == pytest.approx([101, 501], abs=1)
    activity = ActivityBuilder(outcome.read().info.step_g)
    for batch in outcome.read().batches():
        activity.add(batch)
    worn, asked = [span for span in find_wear_spans(activity.build()) if span.state is not WearState.NOT_MEASURED][-2:]
    assert (worn.state, asked.state) == (WearState.MEASURED_AND_WORN, WearState.WEAR_NOT_CONFIRMED)
    assert asked.start_s == pytest.approx(worn_s, abs=30)


@pytest.mark.parametrize("away_s", [1.2, 2.5, 4.5, 20.0])
def test_a_loss_that_is_under_way_at_the_end_has_its_gap_and_reason(tmp_path, away_s):
    async def scenario(night):
        await asyncio.sleep(120 - away_s)
        night.air.vanish(night.sensor)

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path, minutes=2)
    assert_a_night_is_accounted_for(outcome, LEG, minutes=2)
    (gap,) = outcome.gaps()
    assert gap["end_s"] == 120
    assert away_s <= gap["duration_s"] < away_s + 0.6  # the packet that was being filled went too
    # A link of which nothing was heard for less than four seconds is not yet given up.
    assert gap["why"] == (StreamEnd.SILENT if away_s < 4.0 else StreamEnd.DISCONNECTED)
    assert [one.gap.end_s for one in outcome.recordings[0].gaps][-1] == 120


def test_the_wait_for_a_sensor_that_is_away_is_no_part_of_the_night(tmp_path):
    def deaf(packet):
        return [] if packet.uuid == open_profile.CONTROL else [packet]

    async def scenario(night):
        await asyncio.sleep(60)
        night.air.tamper(night.sensor, deaf)

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path, minutes=2)
    assert outcome.night.elapsed_s() > 124  # it was waited for
    assert outcome.recordings[0].duration_s == pytest.approx(120, abs=1)
    assert outcome.gaps() == []


def test_a_press_of_the_sensors_button_and_of_a_key_are_markers(tmp_path):
    async def scenario(night):
        await asyncio.sleep(100)
        night.sensor.press_button()
        await asyncio.sleep(50)
        night.recorder.mark("felt", "a cramp")

    outcome = record(scenario, lambda: [open_sensor(LEG)], tmp_path, minutes=4)
    button, key = outcome.entries(EntryKind.MARKER)
    assert (button.facts["by"], button.facts["marker"]) == ("sensor", "felt")
    assert button.time_s == pytest.approx(100, abs=0.6)
    assert (key.facts["by"], key.facts["text"]) == ("person", "a cramp")
    assert key.time_s == pytest.approx(150, abs=0.01)


def test_the_night_ends_at_the_time_that_was_set(tmp_path):
    def plan_of(*arguments):
        return replace(plan_for(*arguments), until=START + timedelta(minutes=2))

    outcome = record(nothing, lambda: [open_sensor(LEG)], tmp_path, minutes=5, plan_of=plan_of)
    assert outcome.recordings[0].duration_s == pytest.approx(120, abs=1)
