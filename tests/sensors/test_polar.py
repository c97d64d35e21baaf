import struct

import pytest

from clonus_sense.errors import SensorLostError, SensorRefusedError
from clonus_sense.i18n import translator
from clonus_sense.sensors import SensorEvent, SensorEventKind, Sleep, StreamRequest, polar
from clonus_sense.sensors.polar import CONTROL, DATA, PolarDriver, PolarSettings, read_settings
from tests.sensors.played import PlayedSensor
from tests.virtual.encoding import polar as encoding

H10_SETTINGS = bytes.fromhex("0004190032006400c800 01011000 0203020004000800")
VERITY_SDK = PolarSettings(rates_hz=(26, 52, 104, 208, 416), bits=(16,), ranges_g=(2, 4, 8, 16), channels=(3,))


def verity(**changes):
    """A Verity Sense that answers as the published ones do; ``changes`` maps hex of a command to another answer."""
    answers = {
        b"\x03": lambda data: encoding.encode_answer(data, 0),
        b"\x02\x09": encoding.encode_answer(b"\x02\x09", 0),
        b"\x04\x02": encoding.encode_answer(b"\x04\x02", 0, encoding.encode_settings(VERITY_SDK)),
        b"\x02\x02": encoding.encode_answer(b"\x02\x02", 0),
    }
    answers |= {bytes.fromhex(key.removeprefix("x")): answer for key, answer in changes.items()}
    return PlayedSensor(answers, {CONTROL: encoding.encode_features(sdk_mode=True)})


def h10():
    answers = {
        b"\x03\x02": bytes.fromhex("f003020000"),
        b"\x01\x02": bytes.fromhex("f001020000") + H10_SETTINGS,
        b"\x02\x02": bytes.fromhex("f0020200 0001"),
    }
    return PlayedSensor(answers, {CONTROL: encoding.encode_features(sdk_mode=False)})


def test_verity_sense_enters_sdk_mode_before_anything_else_starts():
    sensor = verity()
    stream = sensor.run(PolarDriver(StreamRequest()).start())
    assert sensor.written == ["0302", "0209", "0402", "0202" + "00013400" + "01011000" + "02010800" + "040103"]
    assert (stream.fs_hz, stream.range_g, stream.tick_s, stream.index_bits) == (52.0, 8.0, 1e-9, None)
    # 100 ms between SDK mode and the next command.
    after = sensor.steps[[step.data.hex() if hasattr(step, "data") else "" for step in sensor.steps].index("0209") + 2]
    assert after == Sleep(0.1)


def test_all_running_measurements_are_stopped_before_sdk_mode():
    sensor = verity()
    sensor.values[CONTROL] = bytes([0x0F, 0b0110_1110, 0b10])
    sensor.run(PolarDriver(StreamRequest()).start())
    assert sensor.written[:5] == ["0301", "0302", "0303", "0305", "0306"]


def test_h10_has_no_sdk_mode_and_no_channels():
    sensor = h10()
    stream = sensor.run(PolarDriver(StreamRequest(rate_hz=200.0)).start())
    assert sensor.written == ["0302", "0102", "0202" + "0001c800" + "01011000" + "02010800"]
    assert stream.fs_hz == 200.0


def test_nearest_rate_and_range_are_taken():
    stream = verity().run(PolarDriver(StreamRequest(rate_hz=100.0, range_g=5)).start())
    assert (stream.fs_hz, stream.range_g) == (104.0, 4.0)


def test_settings_that_come_in_parts_are_joined():
    content = encoding.encode_settings(VERITY_SDK)
    parts = [
        encoding.encode_answer(b"\x04\x02", 0, content[:7], more=True),
        encoding.encode_answer(b"\x04\x02", 0, content[7:]),
    ]
    stream = verity(x0402=parts).run(PolarDriver(StreamRequest(rate_hz=416.0, range_g=16)).start())
    assert (stream.fs_hz, stream.range_g) == (416.0, 16.0)


def test_settings_are_read_in_any_order():
    assert read_settings(bytes.fromhex("0201080000013400")) == PolarSettings(rates_hz=(52,), ranges_g=(8,))


@pytest.mark.parametrize("cut", range(len(H10_SETTINGS)))
def test_cut_settings_end_the_reading(cut):
    assert set(read_settings(H10_SETTINGS[:cut]).rates_hz) <= {25, 50, 100, 200}


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_a_factor_that_makes_no_sense_is_passed_over(factor):
    assert read_settings(b"\x05\x01" + struct.pack("<f", factor)).factor == 1.0


def test_factor_of_the_start_answer_scales_old_frames():
    answer = encoding.encode_answer(b"\x02\x02", 0, bytes.fromhex("050140da7f39"))
    driver = PolarDriver(StreamRequest())
    verity(x0202=answer).run(driver.start())
    frame = bytes.fromhex("02646c76c43cc67f0780d0ff6501e40f")
    [packet] = driver.receive(DATA, frame, 0.0)
    assert (packet.accel_g[0] / 0.000244).round().tolist() == [-48, 357, 4068]


def test_a_stream_that_still_runs_is_stopped_and_started_again():
    answers = iter([encoding.encode_answer(b"\x02\x02", 6), encoding.encode_answer(b"\x02\x02", 0)])
    sensor = verity(x0202=lambda data: next(answers))
    sensor.run(PolarDriver(StreamRequest()).start())
    start = sensor.written[3]
    assert sensor.written[3:] == [start, "0302", start]


def test_sdk_mode_that_is_on_already_is_as_good():
    fresh, on_already = verity(), verity(x0209=encoding.encode_answer(b"\x02\x09", 6))
    stream = on_already.run(PolarDriver(StreamRequest()).start())
    assert stream == fresh.run(PolarDriver(StreamRequest()).start())
    assert on_already.written == fresh.written


@pytest.mark.parametrize("command", ["x0209", "x0202"])
@pytest.mark.parametrize(("status", "words"), [(13, "charger"), (12, "wrong state"), (10, "MTU"), (7, "status 7")])
def test_refusals_come_with_advice(command, status, words):
    answer = encoding.encode_answer(bytes.fromhex(command[1:]), status)
    with pytest.raises(SensorRefusedError, match=words) as refusal:
        verity(**{command: answer}).run(PolarDriver(StreamRequest()).start())
    assert refusal.value.status == status
    in_japanese = translator("ja")(refusal.value.text)
    assert in_japanese.startswith("センサー")
    assert in_japanese.endswith("ください。")


def test_a_sensor_that_is_silent_is_lost():
    with pytest.raises(SensorLostError, match="does not answer"):
        verity(x0402=[]).run(PolarDriver(StreamRequest()).start())


@pytest.mark.parametrize("features", [None, b"", b"\x0f", bytes([0x0F, 0b1, 0]), bytes([0x0E, 0b100, 0])])
def test_a_device_without_acceleration_is_refused(features):
    with pytest.raises(SensorRefusedError):
        PlayedSensor({}, {CONTROL: features}).run(PolarDriver(StreamRequest()).start())


def test_the_sensor_ending_the_stream_is_an_event():
    driver = PolarDriver(StreamRequest())
    assert driver.receive(CONTROL, encoding.encode_stopped(), 2.0) == (SensorEvent(SensorEventKind.STOPPED, 2.0),)
    assert driver.receive(CONTROL, b"\x01\x01", 2.0) == ()
    assert driver.receive(CONTROL, b"\xf0\x02\x02\x00\x00", 2.0) == ()
    assert driver.n_bad_packets == 0
    assert driver.receive(CONTROL, b"\x77", 2.0) == ()
    assert driver.n_bad_packets == 1


def test_stop_and_battery():
    sensor = verity()
    driver = PolarDriver(StreamRequest())
    sensor.run(driver.stop())
    assert sensor.written == ["0302"]
    assert sensor.run(driver.battery()) is None
    verity(x03=[]).run(driver.stop())


def test_other_characteristics_are_passed_over():
    assert PolarDriver(StreamRequest()).receive(polar.SERVICE, b"\x00", 0.0) == ()
