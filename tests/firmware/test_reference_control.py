"""CONTROL, CONFIG, INFO and events of the reference encoder."""

from __future__ import annotations

import struct

import pytest

from tests.firmware.decoding import decode_open_config, decode_open_info
from tests.firmware.reference_sensor import (
    ERASE,
    IDENTIFY,
    POWER_OFF,
    REPLAY,
    START,
    STATUS,
    STOP,
    TIME_SYNC,
    ReferenceSensor,
    bytes_of,
    data_of,
    events_of,
)
from tests.firmware.test_reference_stream import feed, ramp

LENGTH_OF_ARGUMENTS = {START: 1, STOP: 0, TIME_SYNC: 8, REPLAY: 8, STATUS: 0, IDENTIFY: 0, ERASE: 0, POWER_OFF: 0}


@pytest.fixture
def connected(sensor):
    sensor.boot()
    sensor.connect()
    return sensor


def read_config(sensor: ReferenceSensor) -> dict:
    [line] = sensor.ask("read config")
    return decode_open_config(bytes_of(line))


@pytest.mark.parametrize(("op", "length"), LENGTH_OF_ARGUMENTS.items())
def test_an_operation_of_another_length_is_refused_and_does_nothing(connected, op, length):
    for wrong in {0, 1, 7, 9, 18} - {length}:
        answer = connected.control(op, bytes(wrong))
        assert (answer.status, answer.arguments) == (4, b"")
    assert connected.actions() == set()
    assert connected.status().state == 0


@pytest.mark.parametrize("op", [0, 9, 0x7F, 0xF0, 0xFF])
def test_an_operation_that_does_not_exist_is_refused(connected, op):
    assert connected.control(op).status == 1
    assert connected.control(op, b"\x01\x02").status == 1


def test_states_and_the_answers_that_they_forbid(connected):
    assert connected.control(STOP).status == 6
    assert connected.start(mode=2).status == 5
    assert connected.start(mode=0).status == 0
    assert connected.status().state == 1
    assert connected.start(mode=1).status == 6
    assert connected.control(ERASE).status == 12
    connected.control(STOP)
    assert connected.start(mode=1).status == 0
    assert connected.status().state == 2
    connected.tell("link down")
    connected.connect()
    assert connected.status().state == 3
    assert connected.control(STOP).status == 0
    assert connected.status().state == 0


def test_status_tells_battery_charger_boot_and_indices(sensor):
    sensor.boot(boot_id=0xFFEE, first_index=2**32 - 30, n_blocks=3)
    sensor.connect()
    assert sensor.status() == (0, 255, 0xFFEE, 2**32 - 30, 2**32 - 30, 0)
    sensor.start()
    feed(sensor, ramp(26 * 3 + 4))
    sensor.tell("power 7 1 1 9")
    # Two closed blocks are held, and the four samples behind them.
    assert sensor.status() == (2 | 0x10 | 0x20, 7, 0xFFEE, 2**32 - 4, 52, 0)


def test_time_sync_answers_the_device_time_of_the_request(connected):
    answer = connected.control(TIME_SYNC, struct.pack("<q", -1), now_us=2**40 + 7)
    assert (answer.status, struct.unpack("<Q", answer.arguments)) == (0, (2**40 + 7,))


def test_identify_erase_and_power_off_are_left_to_the_firmware(connected):
    assert connected.control(IDENTIFY).status == 0
    assert connected.actions() == {"identify"}
    assert connected.control(ERASE).status == 0
    assert connected.actions() == {"erase"}
    connected.start()
    assert connected.actions() == {"sensor-on"}
    assert connected.control(POWER_OFF).status == 0
    assert connected.actions() == {"sensor-off", "power-off"}
    assert connected.actions() == set()


def test_of_switching_on_and_off_the_last_word_counts(connected):
    connected.start()
    connected.control(STOP)
    assert connected.actions() == {"sensor-off"}
    connected.start()
    connected.actions()
    connected.control(STOP)
    connected.start()
    assert connected.actions() == {"sensor-on"}


def test_a_sensor_that_may_be_worn_while_it_charges_starts_on_its_charger(connected):
    connected.tell("power 50 0 1 0")
    assert connected.start().status == 0


def test_erase_empties_the_ring_and_counts_on(connected):
    connected.start()
    feed(connected, ramp(52))
    connected.send()
    connected.control(STOP)
    assert connected.control(ERASE).status == 0
    assert connected.status()[3:] == (52, 52, 0)
    assert connected.replay(0, 52).numbers == (52, 0)


def test_a_second_request_waits_for_the_first_answer(connected):
    assert connected.ask("control 1 05 01", "control 1 05 02") == ["ATT FE"]
    [answer] = [packet for packet in connected.send() if packet["kind"] == "CONTROL"]
    assert answer["token"] == 1


def test_without_indications_no_request_is_taken(sensor):
    sensor.boot()
    sensor.connect(subscriptions=("data", "event"))
    assert sensor.ask("control 1 01 01 01") == ["ATT FD"]
    assert sensor.actions() == set()


@pytest.mark.parametrize("request_bytes", ["", "05"])
def test_a_request_without_a_token_is_no_request(connected, request_bytes):
    assert connected.ask(f"control 1 {request_bytes}") == ["ATT 0D"]


def test_an_answer_that_was_not_fetched_dies_with_its_link(connected):
    connected.tell("control 1 05 01", "link down")
    connected.connect()
    assert [packet["kind"] for packet in connected.send()] == ["EVENT"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({"rate_hz": 52.0, "range_g": 8, "batch_n": 26}, (52.0, 8, 26)),
        ({"rate_hz": 100.0, "range_g": 5, "batch_n": 13}, (104.0, 8, 13)),
        ({"rate_hz": 0.0, "range_g": 0, "batch_n": 0}, (26.0, 2, 1)),
        ({"rate_hz": 6000.0, "range_g": 255, "batch_n": 255}, (208.0, 16, 26)),
        ({"rate_hz": 78.0, "range_g": 16, "batch_n": 27}, (104.0, 16, 26)),
        ({"rate_hz": 38.9, "range_g": 4, "batch_n": 25, "conn_pref": 1}, (26.0, 4, 25)),
    ],
)
def test_settings_are_clamped_and_reading_shows_what_is_in_force(connected, asked, given):
    assert connected.configure(**asked) == []
    config = read_config(connected)
    assert (config["rate_hz"], config["range_g"], config["batch_n"]) == given
    assert config["connection"] == asked.get("conn_pref", 0)


def test_default_settings(connected):
    assert read_config(connected) == {"rate_hz": 52.0, "range_g": 8, "format": 0, "batch_n": 26, "connection": 0}


@pytest.mark.parametrize("content", ["", "08 02 08 00 1A 00 00", "08 02 08 00 1A 00 00 00 00"])
def test_settings_of_another_length_are_refused(connected, content):
    assert connected.ask(f"config {content}") == ["ATT 0D"]


def test_settings_in_force_may_be_written_while_sampling_but_no_others(connected):
    connected.start()
    connected.actions()
    assert connected.configure() == []
    # Clamped to what is in force: that is the same.
    assert connected.configure(batch_n=82, range_g=7) == []
    assert connected.configure(batch_n=25) == ["ATT 80"]
    assert connected.configure(rate_hz=104.0) == ["ATT 80"]
    assert connected.configure(range_g=4) == ["ATT 80"]
    assert connected.configure(conn_pref=1) == ["ATT 80"]
    assert connected.actions() == set()


@pytest.mark.parametrize(("change", "n_left"), [({"batch_n": 13}, 52), ({"rate_hz": 104.0}, 0), ({"range_g": 2}, 0)])
def test_samples_of_another_rate_or_range_are_not_kept(connected, change, n_left):
    connected.start()
    feed(connected, ramp(52))
    connected.send()
    connected.control(STOP)
    connected.configure(**change)
    assert connected.replay(0, 52).numbers[1] == n_left
    assert connected.status().next_index == 52
    assert "new-config" in connected.actions()


def test_info_tells_what_the_sensor_is(sensor):
    sensor.boot(boot_id=0xBEEF, n_blocks=100)
    sensor.connect()
    sensor.configure(batch_n=10)
    [line] = sensor.ask(f"read info {2**33 + 1}")
    info = decode_open_info(bytes_of(line))
    assert (info["major"], info["minor"], info["boot_id"]) == (1, 1, 0xBEEF)
    assert (info["ring_capacity_samples"], info["uptime_us"]) == (990, 2**33 + 1)
    assert (info["rates_hz"], info["ranges_g"]) == ([26, 52, 104, 208], [2, 4, 8, 16])


def test_the_ring_holds_as_many_samples_as_info_says(sensor):
    sensor.boot(n_blocks=10)
    sensor.connect()
    sensor.configure(batch_n=7)
    sensor.start()
    feed(sensor, ramp(200))
    sensor.send()
    status = sensor.status()
    n_open = 200 % 7
    assert status.next_index - status.oldest_index - n_open == 63


def test_events_bear_the_index_and_time_at_which_they_happened(connected):
    connected.start()
    feed(connected, ramp(5))
    connected.tell("wear 1 100", "wear 0 200", "marker 300", "stop 12 400", "stop 12 500")
    packets = connected.send()
    events = [(event["event"], event["argument"], event["index"], event["t_us"]) for event in events_of(packets)]
    assert events == [(1, 1, 0, 0), (3, 1, 5, 100), (3, 0, 5, 200), (2, 0, 5, 300), (6, 12, 5, 400)]
    # What was sampled before the stop still comes, and events go before it.
    assert [packet["kind"] for packet in packets] == ["EVENT"] * 5 + ["DATA"]
    assert len(data_of(packets)[0]["raw"]) == 5
    assert connected.status().state == 0


def test_events_wait_for_their_subscription(sensor):
    sensor.boot(reset_reason=3)
    sensor.connect(subscriptions=("control", "data"))
    assert sensor.send() == []
    sensor.tell("subscribe event")
    assert [(event["event"], event["argument"]) for event in sensor.send()] == [(1, 3)]
    assert sensor.send() == []


def test_a_sensor_that_must_not_charge_on_the_body_refuses_to_start_on_its_charger(sensor):
    sensor.boot(more="refuse-on-charger")
    sensor.connect()
    sensor.tell("power 50 0 1 0")
    assert sensor.start().status == 13
    sensor.tell("power 50 0 0 0")
    assert sensor.start().status == 0
