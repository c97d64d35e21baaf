"""A night from bedtime to its page, with a virtual sensor in fast motion."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from clonus_sense.cli.console.bedtime import Asking, choose_sensors, look_at_sensors, signal_sentences
from clonus_sense.cli.console.live import status_line
from clonus_sense.cli.verbs.record import Ended, _own_settings, _Settling, next_time, record_night, take_in_night
from clonus_sense.config import DetectionSettings
from clonus_sense.errors import RecordingError, SensorNotFoundError, SettingsError
from clonus_sense.i18n import Phrase, translator
from clonus_sense.library import Library, Person, add_person
from clonus_sense.model import SensorIdentity, Site
from clonus_sense.recorder import (
    PlannedSensor,
    RecorderPlan,
    RecorderStatus,
    RememberedSensor,
    SensorSignal,
    SensorStatus,
    read_remembered,
)
from clonus_sense.review import list_nights
from clonus_sense.sensors.link import Advertisement, LinkState, WantedSensor
from clonus_sense.sensors.open_profile import OPEN_PROFILE
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.in_process import in_process_radio, world_clock
from clonus_sense.simulate import NightPlan, SimulatedSensor, simulate_night
from tests.recorder.nights import leg, open_sensor
from tests.virtual.troubled_air import TroubledAir

EN, JA = translator("en"), translator("ja")
MINUTES = 4


def heard(*names):
    return [Advertisement(name, f"C0:{n}", (), -50, object()) for n, name in enumerate(names)]


def test_sensors_that_are_named_win_over_the_last_nights_and_those_over_what_is_heard():
    last = (RememberedSensor("open", "ClonusSense-A", "0001", "left", "foot", "P07"),)
    assert choose_sensors(["ClonusSense-A"], last, ()) == list(last)
    [named] = choose_sensors(["Polar Sense 1A2B3C4D"], last, ())
    assert (named.family, named.name) == ("verity-sense", "Polar Sense 1A2B3C4D")
    assert choose_sensors([], last, heard("Polar Sense 1A2B3C4D")) == list(last)
    [only] = choose_sensors([], (), heard("Lamp", "Polar Sense 1A2B3C4D"))
    assert only.family == "verity-sense"


@pytest.mark.parametrize(
    ("names", "there", "sentence"),
    [
        (["Lamp"], [], "`Lamp` is not a known sensor"),
        ([], ["Lamp"], "No sensor is in range; switch it on"),
        ([], [f"Polar Sense 1A2B3C4{n}" for n in range(3)], "Several sensors are in range"),
    ],
)
def test_a_choice_that_cannot_be_made_is_a_sentence(names, there, sentence):
    with pytest.raises(SensorNotFoundError, match=sentence) as refused:
        choose_sensors(names, (), heard(*there))
    assert JA(refused.value.text).endswith(("ください。", "できます。"))


def signal(**changes):
    facts = {
        "identity": SensorIdentity("open", "ClonusSense-A", "0001"),
        "battery_percent": 90,
        "magnitude_g": 1.0,
        "spread_g": 0.0,
        "trouble": "",
    }
    return SensorSignal(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "● Battery 90 %."),
        ({"battery_percent": 40}, "! Battery 40 %: it may not last until the morning; charge it if you can."),
        ({"battery_percent": None}, "? Its battery level is unknown; charge it before each night."),
        ({"magnitude_g": 9.8}, "! At rest it shows 9.80 g instead of 1 g"),
        (
            {"magnitude_g": None, "trouble": "in the charger."},
            "! ClonusSense-A is not connected yet. (in the charger.)",
        ),
    ],
)
def test_what_a_sensor_shows_is_said_in_plain_words(changes, sentence):
    assert any(line.startswith(sentence) for line in signal_sentences("", signal(**changes), EN))


def test_why_a_sensor_does_not_stream_is_said_in_the_persons_language():
    trouble = Phrase("the sensor does not start: {advice}", advice=Phrase("its storage is full; erase it."))
    [line] = signal_sentences("", signal(magnitude_g=None, trouble=trouble), JA)
    assert line.endswith(
        "(センサーの計測が始まりません。センサーの記憶容量がいっぱいです。中のデータを消去してください。)"
    )


def test_the_line_while_recording():
    one = SensorStatus(
        label="left", path=None, state=LinkState.STREAM, sensor=SensorIdentity(), elapsed_s=3600.0, measured_s=3564.0,
        silent_s=0.4, battery_percent=81, magnitude_g=1.0, n_episodes=3, n_bad=0, trouble="",
    )  # fmt: skip
    status = RecorderStatus(3600.0, (one,))
    assert status_line(status, EN) == "1:00:00 | left: signal, battery 81 %, measured 99 %, movements 3"
    assert status_line(status, JA).startswith("1:00:00 | 左:")


def test_a_time_is_the_next_one(monkeypatch):
    now = datetime(2026, 11, 5, 22, 30).astimezone()
    assert next_time("07:00", now) - now == timedelta(hours=8, minutes=30)
    assert next_time("22:31", now) - now == timedelta(minutes=1)
    with pytest.raises(SettingsError, match="`seven` is not a time"):
        next_time("seven", now)


def night_of(tmp_path, scenario, accel_g=None, minutes=MINUTES):
    """Look at a sensor and record it for some minutes, while something happens."""
    told: list[str] = []

    class Told(Asking):
        def tell(self, text):
            told.append(text)

    async def main():
        air = TroubledAir()
        sensor = open_sensor(leg(60.0 * minutes, bouts_at_s=(60.0, 150.0)) if accel_g is None else accel_g)
        air.add(sensor)
        async with in_process_radio(air) as radio:
            clock = world_clock(air)
            asking = Told(EN, is_silent=True)
            wanted = WantedSensor(OPEN_PROFILE, sensor.label.name)
            planned = [PlannedSensor(wanted, site=Site.FOOT, side="left", person="P07")]
            planned = await look_at_sensors(planned, radio, clock, asking)
            plan = RecorderPlan(
                tuple(planned),
                tmp_path,
                tmp_path / "locks",
                timezone="Asia/Tokyo",
                until=datetime.now(ZoneInfo("Asia/Tokyo")) + timedelta(minutes=minutes),
            )
            running = asyncio.create_task(record_night(plan, radio, clock, asking, tmp_path / "sensors.json"))
            await scenario(air, sensor)
            return await running

    return run_fast_forward(main()), told


def test_a_night_ends_with_its_page(tmp_path, capsys):
    async def nothing(_air, _sensor):
        pass

    ended, told = night_of(tmp_path, nothing)
    assert ended.refused is None
    assert "● ClonusSense-A is connected." in told
    assert "Recording. Good night." in told
    [remembered] = read_remembered(tmp_path / "sensors.json")
    assert (remembered.family, remembered.serial, remembered.side, remembered.person) == ("open", "0001", "left", "P07")
    assert not take_in_night(ended, tmp_path / "library.sqlite3", "en")
    lines = capsys.readouterr().out.splitlines()
    assert Path(lines[-1]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert lines[-2] == str(ended.recordings[0].path)
    assert any("rhythmic movements 2" in line for line in lines)


def test_why_the_link_was_lost_and_what_was_marked_stand_on_the_page(tmp_path, capsys):
    async def vanish(air, sensor):
        await asyncio.sleep(100.0)
        air.vanish(sensor, 30.0)

    ended, _told = night_of(tmp_path, vanish)
    [recording] = ended.recordings
    with recording.ledger_path.open("a", encoding="utf-8") as ledger:
        ledger.write('{"time_s": 200.0, "kind": "marker", "marker": "felt", "by": "person"}\n')
    take_in_night(ended, tmp_path / "library.sqlite3", "en")
    page = Path(capsys.readouterr().out.splitlines()[-1]).read_text(encoding="utf-8")
    assert "the sensor went out of reach or was switched off" in page
    assert "I felt it" in page


def test_a_sensor_taken_off_in_the_night_is_asked_about_and_not_called_quiet(tmp_path, capsys):
    """Worn for half an hour, then on the bedside table, where it streams perfectly."""

    async def nothing(_air, _sensor):
        pass

    plan = NightPlan(
        hours=1.25, sensor=SimulatedSensor(fs_hz=52.0), n_gaps=0, n_bouts=3, n_turns=3, n_helper_turns=0, n_kicks=2,
        n_limb_movement_series=0, n_tremors=0, n_bathroom_walks=0, n_hums=0, taken_off_at_s=1800.0,
    )  # fmt: skip
    ended, _told = night_of(tmp_path, nothing, simulate_night(plan, seed=5).accel_g, minutes=75)
    take_in_night(ended, tmp_path / "library.sqlite3", "en")
    with Library.open(tmp_path / "library.sqlite3") as library:
        [leg_of_night] = list_nights(library)[0].legs
    coverage = leg_of_night.summary.coverage
    assert coverage.not_confirmed_s == pytest.approx(45 * 60, abs=120)
    assert coverage.worn_s == pytest.approx(30 * 60, abs=120)
    printed = capsys.readouterr().out
    assert "was the sensor on the leg all night?" in printed
    page = Path(printed.splitlines()[-1]).read_text(encoding="utf-8")
    assert "Was the sensor on the leg all night?" in page


def test_a_night_without_a_sensor_says_so(tmp_path, capsys):
    ended = Ended((), None)
    assert take_in_night(ended, tmp_path / "library.sqlite3", "en")
    assert "Nothing was recorded: no sensor was heard." in capsys.readouterr().err


def test_a_night_whose_disk_was_full_at_its_end_is_kept_and_shown_and_the_end_says_the_truth(tmp_path, capsys):
    async def nothing(_air, _sensor):
        pass

    ended, _told = night_of(tmp_path, nothing)
    [recording] = ended.recordings
    full = replace(recording, trouble=f"{recording.path}: the disk was full when the night ended; make room.")
    assert take_in_night(Ended((full,), None), tmp_path / "library.sqlite3", "en")
    told = capsys.readouterr()
    assert Path(told.out.splitlines()[-1]).suffix == ".html"
    assert "the disk was full when the night ended" in told.err
    assert "no sensor was heard" not in told.err


def test_a_night_that_failed_before_its_first_sample_does_not_say_that_no_sensor_was_heard(tmp_path, capsys):
    failed = RecordingError("night.csv: the disk fails; start a new recording on another disk.")
    assert take_in_night(Ended((), failed), tmp_path / "library.sqlite3", "en")
    told = capsys.readouterr().err
    assert "the disk fails" in told
    assert "no sensor was heard" not in told


def test_a_page_or_a_library_that_cannot_be_written_hides_no_recording(tmp_path, capsys, monkeypatch):
    async def nothing(_air, _sensor):
        pass

    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device", "night.html")

    ended, _told = night_of(tmp_path, nothing)
    monkeypatch.setattr("clonus_sense.workflows.recorded_nights.write_night_page", full)
    assert take_in_night(ended, tmp_path / "library.sqlite3", "en")
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == str(ended.recordings[0].path)
    assert "could not be made" in told.err
    (tmp_path / "folder").mkdir()
    assert take_in_night(ended, tmp_path / "folder", "en")
    told = capsys.readouterr()
    assert told.out.splitlines() == [str(ended.recordings[0].path)]


def test_a_full_disk_stands_in_the_line_while_recording():
    one = SensorStatus(
        label="left", path=None, state=LinkState.STREAM, sensor=SensorIdentity(), elapsed_s=3600.0, measured_s=3564.0,
        silent_s=0.4, battery_percent=81, magnitude_g=1.0, n_episodes=3, n_bad=0, trouble="", is_disk_full=True,
    )  # fmt: skip
    assert status_line(RecorderStatus(3600.0, (one,)), EN).endswith(
        "left: the disk is full; make room, writing is tried again each minute"
    )


def test_the_count_while_recording_uses_the_persons_own_settings_and_no_library_can_stop_it(tmp_path):
    path = tmp_path / "library.sqlite3"
    assert _own_settings(path, "P07") == DetectionSettings()
    assert not path.exists()
    with Library.open(path) as library:
        add_person(library, Person("P07", settings_toml="band_low_hz = 4.0\n"))
        add_person(library, Person("P08"))
        with library.writing() as connection:
            connection.execute("UPDATE people SET settings_toml = 'wobble = 1' WHERE code = 'P08'")
    assert _own_settings(path, "P07") == DetectionSettings(band_low_hz=4.0)
    assert [_own_settings(path, code) for code in ("P08", "P99", "")] == [DetectionSettings()] * 3
    path.write_text("no library", encoding="utf-8")
    assert _own_settings(path, "P07") == DetectionSettings()


def test_a_planned_sensor_gets_the_settings_of_the_person_who_wears_it(tmp_path):
    path = tmp_path / "library.sqlite3"
    with Library.open(path) as library:
        add_person(library, Person("P07", settings_toml="band_low_hz = 4.0\n"))
    settle = _Settling((), (), None, None, None, tmp_path, None, True, None, path)
    remembered = [RememberedSensor("open", "S1", "0001", "left", "foot", code, "") for code in ("P07", "P08")]
    assert [one.settings.band_low_hz for one in settle.planned(remembered)] == [4.0, 4.5]
