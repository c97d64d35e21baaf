from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from clonus_sense.host import facts as facts_module
from clonus_sense.host import read_host_facts
from clonus_sense.host.facts import run_program

NOW = datetime(2026, 11, 5, 22, 30, tzinfo=ZoneInfo("Asia/Tokyo"))


def facts_of(tmp_path, answers, platform="linux"):
    return read_host_facts(tmp_path / "new" / "folder", NOW, run=lambda c: answers.get(c[0]), platform=platform)


def make_supply(folder, name, **files):
    (folder / name).mkdir(parents=True)
    for file, text in files.items():
        (folder / name / file).write_text(f"{text}\n", encoding="utf-8")


@pytest.fixture(autouse=True)
def no_supplies(tmp_path, monkeypatch):
    monkeypatch.setattr(facts_module, "POWER_SUPPLIES", tmp_path / "supplies")
    monkeypatch.setattr(facts_module, "LIDS", tmp_path / "lids")


@pytest.mark.parametrize(
    ("platform", "program", "answer", "synchronised"),
    [
        ("linux", "timedatectl", "yes\n", True),
        ("linux", "timedatectl", "no\n", False),
        ("linux", "timedatectl", "\n", None),
        ("linux", "nothing", "", None),
        ("win32", "w32tm", "Source: time.windows.com", True),
        ("win32", "w32tm", "Source: Local CMOS Clock", False),
        ("darwin", "nothing", "", None),
    ],
)
def test_whether_the_clock_was_set_by_the_network(tmp_path, platform, program, answer, synchronised):
    assert facts_of(tmp_path, {program: answer}, platform).is_clock_synchronised is synchronised


def test_a_laptop_on_battery_and_on_mains(tmp_path):
    supplies = tmp_path / "supplies"
    make_supply(supplies, "BAT0", type="Battery", capacity="81")
    make_supply(supplies, "mouse", type="Battery", scope="Device", capacity="3")
    make_supply(supplies, "AC", type="Mains", online="0")
    told = facts_of(tmp_path, {})
    assert (told.is_on_mains, told.battery_percent) == (False, 81)
    (supplies / "AC" / "online").write_text("1\n", encoding="utf-8")
    assert facts_of(tmp_path, {}).is_on_mains is True


def test_a_computer_that_tells_nothing_of_power(tmp_path):
    told = facts_of(tmp_path, {})
    assert (told.is_on_mains, told.battery_percent, told.has_lid) == (None, None, False)


def test_power_and_lid_of_a_mac(tmp_path):
    answers = {
        "pmset": "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t64%; discharging; 3:10 remaining",
        "ioreg": '  "AppleClamshellState" = No',
    }
    told = facts_of(tmp_path, answers, "darwin")
    assert (told.is_on_mains, told.battery_percent, told.has_lid) == (False, 64, True)
    assert facts_of(tmp_path, {"pmset": "Now drawing from 'AC Power'"}, "darwin").is_on_mains is True


def test_a_lid_and_room_on_the_disk(tmp_path):
    (tmp_path / "lids" / "LID0").mkdir(parents=True)
    told = facts_of(tmp_path, {})
    assert told.has_lid is True
    assert told.free_bytes > 0
    assert told.now == NOW


def test_a_program_that_is_missing_or_fails_tells_nothing():
    assert run_program(["a-program-that-is-not-there"]) is None
    assert run_program(["false"]) is None
    assert run_program(["echo", "hello"]) == "hello\n"
