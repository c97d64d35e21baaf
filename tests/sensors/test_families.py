import re

import pytest

from clonus_sense.errors import SensorError
from clonus_sense.sensors import FAMILIES, SensorDriver, StreamRequest, find_family, recognise_family


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Polar Sense 1A2B3C4D", "verity-sense"),
        ("Polar H10 1A2B3C4D", "polar-h10"),
        ("Polar OH1 1A2B3C4D", "polar-oh1"),
        ("ClonusSense-1234", "open"),
        ("MetaWear", "metamotion"),
        ("Movesense 214830000123", "movesense"),
        ("WT901BLE68", "witmotion"),
    ],
)
def test_sensors_are_recognised_by_name(name, key):
    assert recognise_family(name).key == key


def test_a_renamed_sensor_is_recognised_by_its_service():
    assert recognise_family("my ankle", ["326A9000-85CB-9195-D9DD-464CFBBAE75A"]).key == "metamotion"
    # The standard base differs from WitMotion's own in one digit.
    assert recognise_family(None, ["0000ffe5-0000-1000-8000-00805f9b34fb"]) is None


@pytest.mark.parametrize("name", [None, "", "Polar", "Polar Vantage V2 1A2B", "SomeWT901", "ClonusSense"])
def test_other_devices_are_not_ours(name):
    assert recognise_family(name) is None


def test_unknown_key_names_those_that_exist():
    with pytest.raises(SensorError, match=r"no driver `fitbit`.*verity-sense.*open"):
        find_family("fitbit")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.key)
def test_descriptions_are_complete_and_claim_no_hardware(family):
    assert not family.tried_on_hardware
    assert family.preparation
    subscriptions = (*family.subscriptions, *family.event_subscriptions)
    uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    assert all(uuid.fullmatch(name) for name in (*family.service_uuids, *subscriptions))
    driver: SensorDriver = family.make_driver(StreamRequest())
    assert driver.n_bad_packets == 0
    for characteristic in subscriptions:
        driver.receive(characteristic, b"\xff", 0.0)


def test_keys_are_unique():
    assert len({family.key for family in FAMILIES}) == len(FAMILIES)
