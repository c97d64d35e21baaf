import struct

import numpy as np
import pytest

from clonus_sense.errors import SensorLostError, SensorRefusedError
from clonus_sense.i18n import translator
from clonus_sense.sensors import ReplayingDriver, SensorEvent, SensorEventKind, Sleep, StreamRequest, WaitFor
from clonus_sense.sensors.open_profile import CONFIG, CONTROL, DATA, EVENT, INFO, OpenProfileDriver
from clonus_sense.sensors.packet import NO_FLAGS, PacketFlag
from clonus_sense.sensors.virtual import open_encoding as encoding
from tests.sensors.played import PlayedSensor


def sensor_with(**changes):
    """A sensor that answers with status 0; ``changes`` maps ``op1`` and so on to another status or answer."""
    answers = {bytes([op]): (lambda data: encoding.encode_answer(data, 0)) for op in range(1, 9)}
    for key, answer in changes.items():
        status = answer
        answers[bytes([int(key.removeprefix("op"))])] = (
            (lambda data, status=status: encoding.encode_answer(data, status)) if isinstance(answer, int) else answer
        )
    values = {
        INFO: encoding.encode_info(boot_id=7, ring_capacity_samples=21_000, uptime_us=5),
        CONFIG: encoding.encode_config(rate_hz=52.0, range_g=8, batch=26),
    }
    return PlayedSensor(answers, values)


def config_of(sensor, *values):
    """Let CONFIG read as one value after the other; the last one stays."""
    values = [
        encoding.encode_config(rate_hz=rate_hz, range_g=range_g, batch=batch) for rate_hz, range_g, batch in values
    ]
    sensor.values[CONFIG] = lambda: values.pop(0) if len(values) > 1 else values[0]


def test_start_reads_sets_what_differs_and_starts_in_this_order():
    sensor, driver = sensor_with(), OpenProfileDriver(StreamRequest())
    config_of(sensor, (104.0, 8, 26), (52.0, 8, 26))
    stream = sensor.run(driver.start())
    steps = [step for step in sensor.steps if not isinstance(step, WaitFor)]
    assert [step.characteristic for step in steps] == [INFO, CONFIG, CONFIG, CONFIG, CONTROL]
    assert sensor.written == ["080208001a000000", "010101"]
    assert (driver.boot_id, driver.ring_capacity_samples) == (7, 21_000)
    assert (stream.fs_hz, stream.range_g, stream.step_g) == (52.0, 8.0, 8 / 32768)
    assert (stream.tick_s, stream.stamp_bits, stream.index_bits) == (1e-6, 64, 32)


@pytest.mark.parametrize("more", [b"", b"\x01\x02"])
def test_settings_that_are_in_force_are_not_written(more):
    sensor = sensor_with()
    sensor.values[CONFIG] += more
    assert sensor.run(OpenProfileDriver(StreamRequest()).start()).fs_hz == 52.0
    assert sensor.written == ["010101"]


def test_a_sensor_that_can_is_asked_for_a_checksum_in_each_packet():
    sensor = sensor_with()
    sensor.values[INFO] = encoding.encode_info(boot_id=7, ring_capacity_samples=9, uptime_us=5, has_checksum=True)
    values = [encoding.encode_config(rate_hz=52.0, range_g=8, batch=26, has_checksum=has) for has in (False, True)]
    sensor.values[CONFIG] = lambda: values.pop(0) if len(values) > 1 else values[0]
    sensor.run(OpenProfileDriver(StreamRequest()).start())
    assert sensor.written == ["080208011a000000", "010101"]


def test_a_packet_with_a_wrong_checksum_is_bad_and_one_of_version_1_stays_readable():
    driver = OpenProfileDriver(StreamRequest())
    samples, where = np.ones((2, 3)), {"first_index": 5, "stamp_us": 6, "boot_id": 7}
    [whole] = driver.receive(DATA, encoding.encode_data(samples, **where, version=2), 1.0)
    [plain] = driver.receive(DATA, encoding.encode_data(samples, **where), 1.0)
    assert np.array_equal(whole.accel_g, plain.accel_g)
    assert (whole.first_index, whole.stamp_ticks, whole.boot_id) == (5, 6, 7)
    damaged = bytearray(encoding.encode_data(samples, **where, version=2))
    damaged[20] ^= 0x10
    assert driver.receive(DATA, bytes(damaged), 1.0) == ()
    assert driver.n_bad_packets == 1


def test_what_the_sensor_reads_back_counts():
    sensor = sensor_with()
    config_of(sensor, (52.0, 8, 26), (104.0, 4, 10))
    stream = sensor.run(OpenProfileDriver(StreamRequest(rate_hz=90.0)).start())
    assert (stream.fs_hz, stream.range_g) == (104.0, 4.0)


def test_a_sensor_that_samples_on_with_other_settings_is_stopped_first():
    refusals = iter([SensorRefusedError("sampling", status=0x80)])
    sensor = sensor_with()
    config_of(sensor, (104.0, 8, 26), (52.0, 8, 26))
    sensor.answers[bytes.fromhex("0802")] = lambda data: next(refusals, None)
    sensor.run(OpenProfileDriver(StreamRequest()).start())
    assert sensor.written == ["080208001a000000", "0201", "080208001a000000", "010201"]


@pytest.mark.parametrize("value", [None, b"\x08\x02"])
def test_a_sensor_that_does_not_say_how_it_is_set_is_lost(value):
    sensor = sensor_with()
    sensor.values[CONFIG] = value
    with pytest.raises(SensorLostError, match="how it is set"):
        sensor.run(OpenProfileDriver(StreamRequest()).start())


@pytest.mark.parametrize(("n_refusals", "starts"), [(1, True), (3, True), (4, False)])
def test_a_connection_that_still_negotiates_its_packets_is_waited_for(n_refusals, starts):
    statuses = iter([10] * n_refusals + [0])
    sensor = sensor_with(op1=lambda data: encoding.encode_answer(data, next(statuses)))
    if starts:
        sensor.run(OpenProfileDriver(StreamRequest()).start())
    else:
        with pytest.raises(SensorRefusedError, match="MTU"):
            sensor.run(OpenProfileDriver(StreamRequest()).start())
    assert sum(step.seconds for step in sensor.steps if isinstance(step, Sleep)) == min(n_refusals, 3)


def test_a_stream_that_runs_already_is_as_good():
    assert sensor_with(op1=6).run(OpenProfileDriver(StreamRequest()).start()).fs_hz == 52.0


@pytest.mark.parametrize(("status", "words"), [(10, "MTU"), (12, "wrong state"), (13, "charger"), (99, "status 99")])
def test_refusals_come_with_advice(status, words):
    with pytest.raises(SensorRefusedError, match=words) as refusal:
        sensor_with(op1=status).run(OpenProfileDriver(StreamRequest()).start())
    assert refusal.value.status == status
    in_japanese = translator("ja")(refusal.value.text)
    assert in_japanese.startswith("センサーの計測が始まりません。")
    assert in_japanese.endswith("ください。")
    assert ("99" in in_japanese) == (status == 99)


def test_silence_and_strange_firmware_are_told_apart():
    with pytest.raises(SensorLostError):
        sensor_with(op1=[]).run(OpenProfileDriver(StreamRequest()).start())
    for value in (None, b"\x01"):
        sensor = sensor_with()
        sensor.values[INFO] = value
        with pytest.raises(SensorRefusedError, match="firmware"):
            sensor.run(OpenProfileDriver(StreamRequest()).start())
    sensor = sensor_with()
    sensor.values[INFO] = b"\x02" + sensor.values[INFO][1:]
    with pytest.raises(SensorRefusedError, match="version 2"):
        sensor.run(OpenProfileDriver(StreamRequest()).start())


def test_an_old_answer_is_no_answer_to_this_request():
    # Tokens differ, so that an answer that comes late is not taken for the next one.
    sensor, driver = sensor_with(), OpenProfileDriver(StreamRequest())
    sensor.run(driver.start())
    sensor.answers[b"\x05"] = encoding.encode_answer(b"\x05\x01", 0, bytes([1, 83]) + bytes(14))
    with pytest.raises(SensorLostError):
        sensor.run(driver.battery())
    assert sensor.written[-1] == "0502"


@pytest.mark.parametrize(("n_held", "comes"), [(500, True), (0, False)])
def test_replay_says_whether_anything_will_come(n_held, comes):
    sensor = sensor_with()
    sensor.answers[b"\x04"] = lambda data: encoding.encode_answer(data, 0, struct.pack("<II", 1000, n_held))
    driver = OpenProfileDriver(StreamRequest())
    assert isinstance(driver, ReplayingDriver)
    assert sensor.run(driver.replay((1 << 32) + 1000, 500)) is comes
    assert sensor.written == ["0401" + "e8030000" + "f4010000"]


def test_replay_that_is_refused_brings_nothing():
    assert sensor_with(op4=10).run(OpenProfileDriver(StreamRequest()).replay(0, 1)) is False


def test_a_sensor_whose_queue_of_replays_is_full_has_forgotten_nothing():
    with pytest.raises(SensorRefusedError, match="asked later"):
        sensor_with(op4=12).run(OpenProfileDriver(StreamRequest()).replay(0, 1))


def test_battery_comes_with_the_status():
    sensor = sensor_with()
    sensor.answers[b"\x05"] = lambda data: encoding.encode_answer(data, 0, bytes([1, 83]) + bytes(14))
    assert sensor.run(OpenProfileDriver(StreamRequest()).battery()) == 83
    sensor.answers[b"\x05"] = lambda data: encoding.encode_answer(data, 0, bytes([1, 255]) + bytes(14))
    assert sensor.run(OpenProfileDriver(StreamRequest()).battery()) is None


@pytest.mark.parametrize(
    ("kind", "argument", "expected"),
    [
        (1, 3, SensorEventKind.REBOOTED),
        (2, 0, SensorEventKind.MARKER),
        (3, 1, SensorEventKind.PUT_ON),
        (3, 0, SensorEventKind.TAKEN_OFF),
        (5, 1, SensorEventKind.ON_CHARGER),
        (5, 0, SensorEventKind.OFF_CHARGER),
        (6, 13, SensorEventKind.STOPPED),
    ],
)
def test_events(kind, argument, expected):
    data = encoding.encode_event(kind, argument, boot_id=7, number=0, stamp_us=123)
    received = OpenProfileDriver(StreamRequest()).receive(EVENT, data, 4.0)
    assert received == (SensorEvent(expected, 4.0, stamp_ticks=123, boot_id=7),)


@pytest.mark.parametrize(
    ("live_from", "stopped_at", "is_old"),
    [(500, 400, True), (500, 500, True), (500, 501, False), (10, (1 << 32) - 10, True), ((1 << 32) - 10, 10, False)],
)
def test_a_stop_from_before_the_start_is_told_as_such(live_from, stopped_at, is_old):
    sensor, driver = sensor_with(), OpenProfileDriver(StreamRequest())
    sensor.answers[b"\x01"] = lambda data: encoding.encode_answer(data, 0, struct.pack("<BI", 26, live_from))
    sensor.run(driver.start())
    stopped = encoding.encode_event(6, 13, boot_id=7, number=stopped_at, stamp_us=123)
    [event] = driver.receive(EVENT, stopped, 4.0)
    assert event.before_stream is is_old


def test_low_battery_tells_its_charge_and_new_kinds_are_passed_over():
    driver = OpenProfileDriver(StreamRequest())
    low = encoding.encode_event(4, 12, boot_id=7, number=0, stamp_us=1)
    assert driver.receive(EVENT, low, 4.0) == (SensorEvent(SensorEventKind.LOW_BATTERY, 4.0, 12, 1, 7),)
    unknown = encoding.encode_event(200, 0, boot_id=7, number=0, stamp_us=1)
    assert driver.receive(EVENT, unknown, 4.0) == ()
    assert driver.n_bad_packets == 0
    assert driver.receive(EVENT, low[:15], 4.0) == ()
    assert driver.n_bad_packets == 1


def test_answers_are_no_data():
    driver = OpenProfileDriver(StreamRequest())
    assert driver.receive(CONTROL, b"\xf0\x01\x01\x00", 0.0) == ()
    assert driver.n_bad_packets == 0
    assert driver.receive(DATA, b"", 0.0) == ()
    assert driver.n_bad_packets == 1


def test_stop_forgives_silence():
    sensor = sensor_with(op2=[])
    sensor.run(OpenProfileDriver(StreamRequest()).stop())
    assert sensor.written == ["0201"]


def test_stop_waits_for_the_rest_with_checksums_too():
    sensor, driver = sensor_with(), OpenProfileDriver(StreamRequest())
    sensor.values[INFO] = encoding.encode_info(boot_id=7, ring_capacity_samples=9, uptime_us=5, has_checksum=True)
    sensor.values[CONFIG] = encoding.encode_config(rate_hz=52.0, range_g=8, batch=26, has_checksum=True)
    sensor.run(driver.start())
    where = {"stamp_us": 1, "boot_id": 7, "version": 2}
    driver.receive(DATA, encoding.encode_data(np.zeros((26, 3)), first_index=0, **where), 0.0)
    rest = encoding.encode_data(np.zeros((14, 3)), first_index=26, **where)
    sensor.answers[b"\x02"] = lambda data: [encoding.encode_answer(data, 0, struct.pack("<I", 40)), rest]
    sensor.steps.clear()
    sensor.run(driver.stop())
    assert [step.characteristic for step in sensor.steps if isinstance(step, WaitFor)] == [CONTROL, DATA]


def played_stop(rest, *, n_before=26, end=40):
    """A sensor that had sent so many samples, and sends the given packets behind its answer to STOP."""
    sensor, driver = sensor_with(), OpenProfileDriver(StreamRequest())
    driver.receive(DATA, encode_samples(0, n_before), 0.0)
    sensor.answers[b"\x02"] = lambda data: [encoding.encode_answer(data, 0, struct.pack("<I", end)), *rest]
    sensor.run(driver.stop())
    return [step.characteristic for step in sensor.steps if isinstance(step, WaitFor)]


def encode_samples(first, n_samples, flags=NO_FLAGS):
    return encoding.encode_data(np.zeros((n_samples, 3)), first_index=first, stamp_us=1, boot_id=7, flags=flags)


def test_stop_waits_for_what_was_sampled_before_it():
    assert played_stop([encode_samples(26, 10), encode_samples(36, 4), encode_samples(40, 1)]) == [CONTROL, DATA, DATA]
    assert played_stop([], n_before=40) == [CONTROL]
    assert played_stop([encode_samples(26, 10)]) == [CONTROL, DATA, DATA]  # the last one never comes


def test_stop_is_not_misled_by_what_is_sent_again_or_makes_no_sense():
    again = encode_samples(26, 14, PacketFlag.REPLAYED)
    assert played_stop([again, b"\x10\x00", encode_samples(26, 14)]) == [CONTROL, DATA, DATA, DATA]


def test_stop_over_the_wrap_of_the_index_and_before_the_first_sample():
    sensor, driver = sensor_with(), OpenProfileDriver(StreamRequest())
    sensor.answers[b"\x02"] = lambda data: encoding.encode_answer(data, 0, struct.pack("<I", 0))
    sensor.run(driver.stop())
    driver.receive(DATA, encode_samples((1 << 32) - 4, 4), 0.0)
    sensor.run(driver.stop())
    assert [step.characteristic for step in sensor.steps if isinstance(step, WaitFor)] == [CONTROL, CONTROL]
