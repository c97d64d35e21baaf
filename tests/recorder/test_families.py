"""Every family through a short night, on a radio that every system has."""

import asyncio
from dataclasses import dataclass

import numpy as np
import pytest

from clonus_sense import DetectionSettings, analyse_recording
from clonus_sense.recording import EntryKind
from clonus_sense.sensors.families import find_family
from clonus_sense.sensors.link import StreamEnd
from clonus_sense.sensors.virtual.firmware import OpenSensor
from clonus_sense.sensors.virtual.peripheral import Label
from clonus_sense.sensors.virtual.sampling import Crystal, play
from tests.recorder.nights import assert_back_within_5_s, leg, record, recorded_accel
from tests.virtual.firmware import MetaMotionSensor, MovesenseSensor, PolarSensor, WitMotionSensor


@dataclass(frozen=True)
class Case:
    """A family, its firmware and what its recordings are held against.

    ``step_g`` is one count, ``tolerance_s`` how well a gap is known.
    """

    key: str
    firmware: type
    name: str
    fs_hz: float
    step_g: float
    tolerance_s: float

    keeps: tuple[tuple[str, object], ...] = ()

    def sensor(self, accel_g):
        """Make one, a little off its rate; one without a memory, so that a loss is a gap."""
        keeps = {"ring_samples": 0} if self.firmware is OpenSensor else {}
        label = Label(self.name, "0001", "C0:00:00:00:00:01")
        return self.firmware(label, play(accel_g), Crystal(0.004, 20e-6), **keeps, **dict(self.keeps))


CASES = [
    Case("open", OpenSensor, "ClonusSense-A", 52.0, 8 / 32768, 0.03),
    Case("open", OpenSensor, "ClonusSense-A", 52.0, 8 / 32768, 0.03, (("has_checksum", True),)),
    Case("verity-sense", PolarSensor, "Polar Sense 1A2B3C4D", 52.0, 1e-3, 0.03),
    Case("metamotion", MetaMotionSensor, "MetaWear", 50.0, 8 / 32768, 0.1),
    Case("movesense", MovesenseSensor, "Movesense 123456789012", 52.0, 1e-5, 0.03),
    Case("witmotion", WitMotionSensor, "WT901BLE68", 50.0, 16 / 32768, 0.1),
]
# One family with a memory and one without over bumble, whose ATT and L2CAP are real.
ON_BUMBLE = [(case, "bumble") for case in CASES[:3]]


@pytest.mark.parametrize(
    ("case", "radio"),
    [*((case, "in process") for case in CASES), *ON_BUMBLE],
    ids=lambda value: value.key if isinstance(value, Case) else value,
)
def test_a_short_night_with_a_loss_is_recorded_to_the_sample(tmp_path, case, radio):
    accel_g = leg(120, fs_hz=case.fs_hz, bouts_at_s=(12.0, 70.0))

    async def scenario(night):
        await asyncio.sleep(30)
        night.air.vanish(night.sensor, 20)

    outcome = record(
        scenario,
        lambda: [case.sensor(accel_g)],
        tmp_path,
        minutes=1.6037,  # between two ticks: what waits then must not be forgotten
        radio=radio,
        families=(find_family(case.key),),
    )
    assert outcome.error is None
    assert outcome.left_over == ""
    (recording,) = outcome.recordings
    assert (recording.info.sensor.family, recording.info.sensor.name) == (case.key, case.name)
    assert recording.info.sensor.firmware == "virtual 1.0"
    written = recorded_accel(outcome.read())
    sent = accel_g[outcome.delivered()]
    assert written.shape == sent.shape
    assert np.abs(written - sent).max() <= (case.step_g + 1e-4) / 2 + 1e-9  # half a step, and half a digit of the file
    (gap,) = outcome.gaps()
    ((start_s, end_s, _),) = outcome.true_gaps()
    assert gap["duration_s"] == pytest.approx(end_s - start_s, abs=case.tolerance_s)
    assert_back_within_5_s(outcome)
    assert [entry.facts["reason"] for entry in outcome.entries(EntryKind.STREAM_LOST)] == [
        StreamEnd.DISCONNECTED,
        StreamEnd.ENDED,
    ]
    assert outcome.entries(EntryKind.BATTERY)
    assert not outcome.night.sensor.sampler.is_on
    assert len(recording.episodes) == 2
    assert analyse_recording(recording.path, DetectionSettings()).analysis.episodes == recording.episodes


def test_a_polar_sensor_that_stops_by_itself_is_started_again(tmp_path):
    accel_g = leg(200)

    async def scenario(night):
        await asyncio.sleep(60)
        night.sensor.stop_by_itself()

    outcome = record(
        scenario,
        lambda: [PolarSensor(Label("Polar Sense 1A2B3C4D", "1A2B3C4D", "C0:00:00:00:00:01"), play(accel_g))],
        tmp_path,
        minutes=2.5,
        radio="in process",
        families=(find_family("verity-sense"),),
    )
    assert len(recorded_accel(outcome.read())) == len(outcome.delivered())
    (gap,) = outcome.gaps()
    assert gap["duration_s"] < 4.0
    assert outcome.entries(EntryKind.STREAM_LOST)[0].facts["reason"] == StreamEnd.STOPPED


def test_a_polar_sensor_on_its_charger_is_asked_for_again_until_it_is_off(tmp_path):
    def sensors():
        sensor = PolarSensor(Label("Polar Sense 1A2B3C4D", "1A2B3C4D", "C0:00:00:00:00:01"), play(leg(200)))
        sensor.on_charger = True
        return [sensor]

    async def scenario(night):
        await asyncio.sleep(60)
        night.sensor.on_charger = False

    outcome = record(
        scenario, sensors, tmp_path, minutes=2.5, radio="in process", families=(find_family("verity-sense"),)
    )
    failed = outcome.entries(EntryKind.ATTEMPT_FAILED)
    assert failed
    assert all("take it off the charger" in entry.facts["text"] for entry in failed)
    assert len(outcome.delivered()) > 30 * 52


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_link_that_is_back_at_once_leaves_a_gap_of_its_true_length(tmp_path, case):
    # Just longer than a link survives: what a sensor counts before and after might be taken for one count.
    accel_g = leg(150, fs_hz=case.fs_hz)

    async def scenario(night):
        for loss_s in (4.7, 5.3, 6.2):
            await asyncio.sleep(25)
            night.air.vanish(night.sensor, loss_s)

    outcome = record(
        scenario,
        lambda: [case.sensor(accel_g)],
        tmp_path,
        minutes=2.0,
        radio="in process",
        families=(find_family(case.key),),
    )
    told, true = outcome.gaps(), outcome.true_gaps()
    assert len(told) == len(true) == 3
    for gap, (start_s, end_s, _) in zip(told, true, strict=True):
        assert gap["start_s"] == pytest.approx(start_s, abs=case.tolerance_s)
        assert gap["duration_s"] == pytest.approx(end_s - start_s, abs=case.tolerance_s)
        assert gap["reason"] == "link lost"
