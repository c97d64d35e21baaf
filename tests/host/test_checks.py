from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from clonus_sense.host import Grade, HostFacts, check_host
from clonus_sense.host.checks import NIGHT_BYTES
from clonus_sense.i18n import translator

GOOD = HostFacts(
    now=datetime(2026, 11, 5, 22, 30, tzinfo=ZoneInfo("Asia/Tokyo")),
    timezone="Asia/Tokyo",
    free_bytes=NIGHT_BYTES,
    is_clock_synchronised=True,
    is_on_mains=True,
    battery_percent=100,
    has_lid=False,
)


def grades(**changes):
    return {check.name: check.grade for check in check_host(replace(GOOD, **changes), translator("en"))}


def text_of(name, language="en", **changes):
    [text] = [c.text for c in check_host(replace(GOOD, **changes), translator(language)) if c.name == name]
    return text


def test_a_computer_that_is_fit_for_the_night():
    assert set(grades().values()) == {Grade.GOOD}


@pytest.mark.parametrize(
    ("change", "name", "grade"),
    [
        ({"free_bytes": NIGHT_BYTES - 1}, "disk", Grade.STOP),
        ({"is_on_mains": False, "battery_percent": 80}, "power", Grade.MIND),
        ({"is_on_mains": None, "battery_percent": 80}, "power", Grade.MIND),
        ({"has_lid": True}, "lid", Grade.MIND),
        ({"is_clock_synchronised": False}, "clock", Grade.MIND),
        ({"is_clock_synchronised": None}, "clock", Grade.UNKNOWN),
        ({"timezone": ""}, "zone", Grade.MIND),
    ],
)
def test_each_thing_that_may_cost_a_night(change, name, grade):
    assert grades(**change)[name] is grade
    assert {other for other in grades(**change).items() if other[1] is not Grade.GOOD} == {(name, grade)}


def test_a_computer_without_a_battery_is_plugged_in():
    assert "power" not in grades(is_on_mains=None, battery_percent=None)


def test_sentences_hold_the_facts():
    assert "81 %" in text_of("power", is_on_mains=False, battery_percent=81)
    assert text_of("clock", is_clock_synchronised=False).startswith("Clock: 2026-11-05 22:30, not set by the network")
    assert "Asia/Tokyo" in text_of("zone")
    assert "2026-11-05 22:30" in text_of("clock", "ja")
