"""What the recorder refuses, and how it says where it stands."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from clonus_sense import SignalError
from clonus_sense.errors import RecorderError
from clonus_sense.recorder.locks import SensorLocks
from clonus_sense.recorder.recording_files import free_path
from clonus_sense.recording import EntryKind
from clonus_sense.sensors import StreamRequest
from clonus_sense.sensors.link import LinkState, SensorLink
from tests.recorder.nights import START, leg, nothing, open_sensor, plan_for, record, recorded_accel

LEG = leg(300)


def test_a_sensor_that_another_recorder_has_is_refused(tmp_path):
    other = SensorLocks(tmp_path / "locks")
    other.hold("ClonusSense-A 0001")
    with pytest.raises(RecorderError, match="is being recorded already"):
        record(nothing, lambda: [open_sensor(LEG)], tmp_path, minutes=1, radio="in process")
    other.release()
    assert list(tmp_path.glob("*.csv")) == []


def test_a_sensor_found_by_its_family_alone_is_refused_when_another_recorder_has_it(tmp_path):
    other = SensorLocks(tmp_path / "locks")
    other.hold("ClonusSense-A C0:00:00:00:00:01")

    def any_of_the_family(*arguments):
        plan = plan_for(*arguments)
        (planned,) = plan.sensors
        return replace(plan, sensors=(replace(planned, wanted=replace(planned.wanted, name="", serial="")),))

    outcome = record(
        nothing, lambda: [open_sensor(LEG)], tmp_path, minutes=1, radio="in process", plan_of=any_of_the_family
    )
    other.release()
    assert isinstance(outcome.error, RecorderError)
    assert outcome.night.air.reach(outcome.night.sensor).delivered == []


def test_a_night_without_a_sensor_in_its_plan_is_refused(tmp_path):
    with pytest.raises(RecorderError, match="no sensor to record"):
        record(
            nothing,
            lambda: [open_sensor(LEG)],
            tmp_path,
            plan_of=lambda *arguments: replace(plan_for(*arguments), sensors=()),
            radio="in process",
        )


def test_a_sensor_that_never_comes_leaves_a_ledger_and_no_recording(tmp_path):
    async def away(night):
        night.air.vanish(night.sensor)

    outcome = record(away, lambda: [open_sensor(LEG)], tmp_path, minutes=5, radio="in process")
    assert outcome.recordings == ()
    assert outcome.left_over == ""
    (ledger,) = tmp_path.glob("*.events.jsonl")
    assert '"sensor missing"' in ledger.read_text(encoding="utf-8")


def test_the_status_says_what_a_live_line_needs(tmp_path):
    seen = []

    async def look(night):
        night.air.vanish(night.sensor)
        await asyncio.sleep(30)
        seen.append(night.recorder.status())
        night.air.come_back(night.sensor)
        await asyncio.sleep(60)
        seen.append(night.recorder.status())
        night.air.power_adapter(on=False)
        await asyncio.sleep(30)
        seen.append(night.recorder.status())

    record(look, lambda: [open_sensor(leg(300, bouts_at_s=(20.0,)))], tmp_path, minutes=2.5, radio="in process")
    before, during, after = (status.sensors[0] for status in seen)
    assert (before.state, before.path, before.measured_ratio) == (LinkState.SCAN, None, 0.0)
    assert (during.state, during.battery_percent, during.n_episodes, during.trouble) == (LinkState.STREAM, 90, 1, "")
    assert during.measured_ratio == pytest.approx(59 / 90, abs=0.02)
    assert during.magnitude_g == pytest.approx(1.0, abs=0.02)
    assert during.silent_s < 0.6
    assert after.state is LinkState.SCAN
    assert "switched off" in after.trouble
    assert after.silent_s == pytest.approx(30, abs=1)
    assert seen[2].elapsed_s == pytest.approx(120, abs=0.1)


def test_a_sensor_that_comes_back_with_another_rate_begins_another_file(tmp_path):
    async def other_rate(night):
        await asyncio.sleep(60)
        night.recorder._recorders[0]._link._request = StreamRequest(rate_hz=26.0)
        night.air.reboot(night.sensor)

    outcome = record(other_rate, lambda: [open_sensor(LEG)], tmp_path, minutes=2, radio="in process")
    assert [one.info.fs_hz for one in outcome.recordings] == [52.0, 26.0]
    assert outcome.left_over == ""
    first, second = outcome.recordings
    assert second.info.start - first.info.start == pytest.approx(timedelta(seconds=61.6), abs=timedelta(seconds=1))
    assert sum(one.n_samples for one in outcome.recordings) == len(outcome.delivered())
    assert len(recorded_accel(outcome.read(1))) == second.n_samples
    # Second 0 lies a second before the first packet, whose 13 samples or so came before its end.
    first_s = outcome.read(1).stretches[0].knot_times_s[0]
    assert first_s == pytest.approx(0.5, abs=0.3)


def test_an_error_that_nobody_foresaw_does_not_end_the_night(tmp_path, monkeypatch):
    run, calls = SensorLink.run, []

    async def stumble(link):
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError("oops")
        await run(link)

    monkeypatch.setattr(SensorLink, "run", stumble)
    outcome = record(nothing, lambda: [open_sensor(LEG)], tmp_path, minutes=1, radio="in process")
    assert outcome.error is None
    assert len(outcome.delivered()) > 50 * 52
    assert "ZeroDivisionError" in outcome.entries(EntryKind.ATTEMPT_FAILED)[0].facts["text"]


def test_a_detector_that_fails_does_not_stop_the_samples(tmp_path, monkeypatch):
    def refuse(_detector, _batch):
        raise SignalError("cannot be.")

    monkeypatch.setattr("clonus_sense.detection.detector.Detector.push", refuse)
    outcome = record(nothing, lambda: [open_sensor(LEG)], tmp_path, minutes=1, radio="in process")
    assert outcome.recordings[0].n_samples == len(outcome.delivered()) > 50 * 52
    (ended,) = outcome.entries(EntryKind.DETECTION_ENDED)
    assert ended.facts["reason"] == "cannot be."


def test_names_of_recordings_tell_start_and_leg_and_are_never_used_twice(tmp_path):
    first = free_path(tmp_path, START, "left")
    assert first.name == "2026-11-24_230000_left.csv"
    first.touch()
    assert free_path(tmp_path, START, "left").name == "2026-11-24_230000_left_2.csv"
    assert free_path(tmp_path, START, "Polar Sense/1").name == "2026-11-24_230000_Polar-Sense-1.csv"
