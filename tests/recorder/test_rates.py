"""A sensor that sends otherwise than it was set to: its true rate is used, and said."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from clonus_sense import DetectionSettings, analyse_recording
from clonus_sense.recording import EntryKind
from clonus_sense.sensors.clock import RateHold, RepeatedPackets
from clonus_sense.sensors.families import find_family
from clonus_sense.sensors.packet import SensorPacket, StreamFormat
from clonus_sense.sensors.virtual.firmware import OpenSensor
from clonus_sense.sensors.virtual.peripheral import Label
from clonus_sense.sensors.virtual.sampling import Crystal, play
from tests.recorder.nights import leg, record, recorded_accel
from tests.sensors.clock.simulated import ALL, Radio
from tests.virtual.firmware import MetaMotionSensor, MovesenseSensor, PolarSensor, WitMotionSensor

FIRMWARE = {
    "open": (OpenSensor, "ClonusSense-A", 52.0, 0.03),
    "verity-sense": (PolarSensor, "Polar Sense 1A2B3C4D", 52.0, 0.05),
    "movesense": (MovesenseSensor, "Movesense 123456789012", 52.0, 0.05),
    "metamotion": (MetaMotionSensor, "MetaWear", 50.0, 0.3),
    "witmotion": (WitMotionSensor, "WT901BLE68", 50.0, 0.3),
}
MINUTES = 3.0


def twice(packet):
    """Every notification comes again."""
    return [packet, replace(packet, n_samples=0)]


def night_of(key, folder, *, rate_error=0.0, tamper=None, minutes=MINUTES):
    firmware, name, fs_hz, _ = FIRMWARE[key]
    true_hz = fs_hz * (1 + rate_error)
    accel_g = leg(60 * minutes + 20, fs_hz=true_hz, bouts_at_s=(60.0, 140.0))
    keeps = {"ring_samples": 0} if firmware is OpenSensor else {}
    made = Label(name, "0001", "C0:00:00:00:00:01")

    async def scenario(night):
        night.air.tamper(night.sensor, tamper)
        await asyncio.sleep(0)

    return record(
        scenario,
        lambda: [firmware(made, play(accel_g), Crystal(rate_error, 20e-6), **keeps)],
        folder,
        minutes=minutes,
        radio="in process",
        families=(find_family(key),),
    )


# The rates between are of the same kind: they run with the long tests.
@pytest.mark.parametrize("rate_error", [1.0, *(pytest.param(one, marks=pytest.mark.night) for one in (0.1, -0.1))])
@pytest.mark.parametrize("key", FIRMWARE)
def test_a_sensor_off_its_set_rate_is_recorded_at_its_true_rate_and_it_is_said(tmp_path, key, rate_error):
    outcome = night_of(key, tmp_path, rate_error=rate_error)
    assert outcome.error is None
    [recording] = outcome.recordings
    _, _, fs_hz, tolerance_s = FIRMWARE[key]
    assert recording.info.fs_hz == pytest.approx(fs_hz * (1 + rate_error), rel=0.04)
    assert outcome.gaps() == []
    [told] = outcome.entries(EntryKind.RATE)
    assert f"where {fs_hz:g} were set" in told.facts["text"]
    read = outcome.read()
    [samples] = read.stretches
    truth_s = outcome.true_times_s()
    assert len(samples.accel_g) == len(truth_s)
    error_s = np.abs(samples.time_map.seconds(np.arange(len(truth_s))) - truth_s)
    assert error_s.max() < tolerance_s
    assert len(recording.episodes) == 2
    assert analyse_recording(recording.path, DetectionSettings()).analysis.episodes == recording.episodes


@pytest.mark.parametrize("key", FIRMWARE)
def test_notifications_that_come_twice_are_taken_once(tmp_path, key):
    outcome = night_of(key, tmp_path, tamper=twice)
    [recording] = outcome.recordings
    assert recording.info.fs_hz == FIRMWARE[key][2]
    assert outcome.gaps() == []
    assert len(recorded_accel(outcome.read())) == len(outcome.delivered())
    assert len(recording.episodes) == 2
    told = outcome.entries(EntryKind.RATE)
    assert len(told) == (key == "witmotion")


def test_a_sensor_that_hangs_sends_data(tmp_path):
    stream = StreamFormat(fs_hz=50.0, range_g=16.0)
    hung = [SensorPacket(np.ones((1, 3)), 100.0 + number / 50) for number in range(1000)]
    repeats = RepeatedPackets(stream, comes_twice=False)
    assert not any(repeats.is_repeat(packet) for packet in hung)
    doubled = [packet for packet in hung for _ in range(2)]
    repeats = RepeatedPackets(stream, comes_twice=True)
    assert sum(not repeats.is_repeat(packet) for packet in doubled) == pytest.approx(1000, abs=2)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("rate_error", [0.0, 0.04, -0.04])
@pytest.mark.parametrize("seed", range(3))
def test_the_usual_error_of_an_oscillator_is_no_other_rate(name, rate_error, seed):
    sensor = ALL[name].but(rate_error=rate_error, radio=Radio(bursts_per_hour=0.0))
    hold = RateHold(sensor.stream, known_hz=None)
    for packet in sensor.packets(10.0, seed=seed):
        hold.add(packet)
        if hold.is_known:
            break
    assert hold.packets[-1].arrival_s - hold.packets[0].arrival_s < 7.0
    assert hold.judge() == sensor.stream


def test_a_rate_is_compared_with_that_of_the_connection_before():
    sensor = ALL["witmotion"].but(rate_error=1.02, radio=Radio(bursts_per_hour=0.0))
    hold = RateHold(sensor.stream, known_hz=100.0)
    for packet in sensor.packets(6.0):
        hold.add(packet)
    assert hold.judge().fs_hz == 100.0
