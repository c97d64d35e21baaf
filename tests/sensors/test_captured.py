"""Captured and published packets give their known values; damage to them is counted or seen, and never raises."""

import numpy as np
import pytest

from clonus_sense.sensors import SensorEvent, SensorEventKind
from clonus_sense.sensors.movesense import subscribe_request
from tests.sensors.captured import PACKETS, VECTORS, as_plain, check_sane, is_passed_over, make_driver, receive

SAMPLES = [vector for vector in PACKETS if vector["id"] != "mw_battery"]


def by_id(vectors):
    return {"argvalues": vectors, "ids": [vector["id"] for vector in vectors]}


@pytest.mark.parametrize("vector", **by_id(SAMPLES))
def test_values_are_those_published(vector):
    driver = make_driver(vector)
    [packet] = receive(driver, vector, bytes.fromhex(vector["hex"]))
    assert driver.n_bad_packets == 0
    assert packet.arrival_s == 1.0
    if "mg" in vector:
        assert np.rint(packet.accel_g * 1000).tolist() == vector["mg"]
    if "g" in vector:
        assert np.abs(packet.accel_g - vector["g"]).max() <= 6e-4
    stamps = {"ts_ns", "tick", "t_us", "ts_ms"} & set(vector)
    assert packet.stamp_ticks == (vector[stamps.pop()] if stamps else None)
    assert packet.first_index == vector.get("first_index")


def test_real_capture_of_two_block_widths_decodes_to_the_last_sample():
    vector = next(vector for vector in VECTORS if vector["id"] == "polar_vs_443")
    [packet] = receive(make_driver(vector), vector, bytes.fromhex(vector["hex"]))
    mg = np.rint(packet.accel_g * 1000).astype(int)
    assert len(mg) == vector["n"]
    assert mg[:4].tolist() == vector["mg_first4"]
    assert mg[-1].tolist() == vector["mg_last"]
    assert mg.sum() == vector["sum_all_components"]


def test_battery_of_a_metamotion():
    vector = next(vector for vector in VECTORS if vector["id"] == "mw_battery")
    received = receive(make_driver(vector), vector, bytes.fromhex(vector["hex"]))
    assert received == (SensorEvent(SensorEventKind.BATTERY, 1.0, vector["percent"]),)


def test_movesense_is_asked_for_acceleration_in_the_published_way():
    vector = next(vector for vector in VECTORS if vector["id"] == "movesense_subscribe")
    assert subscribe_request(52.0).hex() == vector["hex"]


@pytest.mark.parametrize("vector", **by_id(PACKETS))
def test_every_truncation_is_counted_or_gives_less(vector):
    data = bytes.fromhex(vector["hex"])
    whole = as_plain(receive(make_driver(vector), vector, data))
    for length in range(len(data)):
        driver = make_driver(vector)
        cut = receive(driver, vector, data[:length])
        check_sane(cut)
        assert as_plain(cut) != whole
        # What was cut off may still come; the next whole packet shows that it does not.
        again = receive(driver, vector, data)
        assert driver.n_bad_packets or length == 0 or (len(cut) == 1 and as_plain(again) == whole)


@pytest.mark.parametrize("vector", **by_id(PACKETS))
def test_every_flipped_bit_is_counted_or_changes_a_value(vector):
    data = bytes.fromhex(vector["hex"])
    whole = as_plain(receive(make_driver(vector), vector, data))
    for byte in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[byte] ^= 1 << bit
            driver = make_driver(vector)
            received = receive(driver, vector, bytes(damaged))
            check_sane(received)
            if is_passed_over(vector, byte, bit):
                assert as_plain(received) == whole
            else:
                assert driver.n_bad_packets or as_plain(received) != whole, (byte, bit)
