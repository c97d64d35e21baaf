import sys

import pytest

from clonus_sense.sensors.families import find_family
from clonus_sense.sensors.link import Radio
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.in_process import in_process_radio
from clonus_sense.sensors.virtual.peripheral import Label
from tests.recorder.nights import leg, open_sensor
from tests.virtual.firmware import PolarSensor
from tests.virtual.troubled_air import TroubledAir


def heard_by(act):
    """Listen for five seconds to a lamp-less world of two sensors."""

    async def main():
        air = TroubledAir()
        air.add(open_sensor(leg(10)))
        air.add(PolarSensor(Label("Polar Sense 1A2B3C4D", "1A2B3C4D", "C0:00:00:00:00:02"), leg))
        async with in_process_radio(air) as radio:
            act(air)
            return await radio.hear(5.0)

    return run_fast_forward(main())


def test_each_sensor_is_heard_once():
    heard = heard_by(lambda air: None)
    assert [one.name for one in heard] == ["ClonusSense-A", "Polar Sense 1A2B3C4D"]
    assert all(one.rssi_dbm == -60 for one in heard)


def test_why_nothing_can_be_heard_is_said():
    with pytest.raises(Exception, match="Bluetooth is switched off"):
        heard_by(lambda air: air.power_adapter(on=False))


def test_scan_prints_name_kind_and_strength(clonus_sense, monkeypatch):
    heard = heard_by(lambda air: None)

    async def hear(_radio, _for_s):
        return heard

    monkeypatch.setattr(Radio, "hear", hear)
    code, out, _ = clonus_sense("scan", "--seconds", "1")
    assert code == 0
    assert out.splitlines() == [
        "ClonusSense-A\tClonus Sense (open profile)\t-60 dBm",
        "Polar Sense 1A2B3C4D\tPolar Verity Sense\t-60 dBm",
    ]


def test_scan_says_what_to_do_when_no_sensor_is_heard(clonus_sense, monkeypatch):
    async def hear(_radio, _for_s):
        return ()

    monkeypatch.setattr(Radio, "hear", hear)
    code, out, err = clonus_sense("scan", "--lang", "en")
    assert (code, out) == (0, "")
    assert "Switch it on" in err


@pytest.mark.skipif(sys.platform != "linux", reason="asks for D-Bus")
def test_scan_without_bluetooth_is_one_sentence(clonus_sense, monkeypatch, tmp_path):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    code, out, err = clonus_sense("scan", "--seconds", "1", "--lang", "en")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "D-Bus cannot be reached" in err


def test_sensors_lists_every_family_with_its_preparation(clonus_sense):
    code, out, _ = clonus_sense("sensors", "--lang", "en")
    assert code == 0
    assert "verity-sense: Polar Verity Sense, 26, 52, 104, 208 Hz" in out
    assert f"  - {find_family('open').preparation[0]}" in out
    assert out.count("not for whole nights") >= 1
    assert "has not been tried on a real sensor" in out


def test_a_name_from_the_air_is_one_line_and_moves_nothing_on_a_screen(clonus_sense, monkeypatch):
    async def main():
        air = TroubledAir()
        name = "Polar Sense 1A2B\nPolar Sense\tgood\x1b[2J"
        air.add(PolarSensor(Label(name, "1A2B3C4D", "C0:00:00:00:00:02"), leg))
        async with in_process_radio(air) as radio:
            return await radio.hear(5.0)

    heard = run_fast_forward(main())

    async def hear(_radio, _for_s):
        return heard

    monkeypatch.setattr(Radio, "hear", hear)
    code, out, _ = clonus_sense("scan", "--seconds", "1")
    assert code == 0
    assert out == "Polar Sense 1A2B Polar Sense good\\u001b[2J\tPolar Verity Sense\t-60 dBm\n"
