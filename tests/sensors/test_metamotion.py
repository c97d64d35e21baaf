import numpy as np
import pytest

from clonus_sense.errors import SensorLostError, SensorRefusedError
from clonus_sense.sensors import SensorEvent, SensorEventKind, StreamRequest
from clonus_sense.sensors.metamotion import NOTIFY, MetaMotionDriver, MetaMotionMode
from tests.sensors.played import PlayedSensor
from tests.virtual.encoding import metamotion as encoding


def sensor(implementation=4, processor=5):
    answers = {
        b"\x03\x80": encoding.encode_implementation(implementation),
        b"\x09\x02": encoding.encode_new_processor(processor),
        b"\x11\x8c": encoding.encode_battery(99, 4148),
    }
    return PlayedSensor(answers)


def test_packed_stream_of_the_s_is_set_up_as_published():
    played = sensor()
    stream = played.run(MetaMotionDriver(StreamRequest(rate_hz=50.0), mode=MetaMotionMode.PACKED).start())
    clear = ["0908", "0a05", "0b0a", "030400", "030500"]
    assert played.written == ["0380", *clear, "020201", "0303a702", "030501", "03020100", "030101"]
    assert (stream.fs_hz, stream.range_g, stream.tick_s, stream.index_bits) == (50.0, 8.0, None, None)


def test_packed_stream_of_the_rl_uses_its_own_codes():
    played = sensor(implementation=1)
    played.run(MetaMotionDriver(StreamRequest(rate_hz=100.0), mode=MetaMotionMode.PACKED).start())
    assert played.written[5:] == ["031c00", "020201", "03032808", "031c01", "03020100", "030101"]


@pytest.mark.parametrize(("mode", "code"), [(MetaMotionMode.COUNT, "30"), (MetaMotionMode.TICK, "31")])
def test_accounter_is_made_and_switched_on(mode, code):
    played = sensor()
    driver = MetaMotionDriver(StreamRequest(), mode=mode)
    stream = played.run(driver.start())
    assert played.written[8:] == [f"09020304ffa011{code}03", "090301", "09070501", "03020100", "030101"]
    assert stream.index_bits == (32 if mode is MetaMotionMode.COUNT else None)
    assert stream.tick_s == (48 / 32768 if mode is MetaMotionMode.TICK else None)
    # Samples of another processor are left from an earlier session.
    stale = encoding.encode_accounted(np.zeros((1, 3)), number=3, range_g=8, processor=4)
    assert driver.receive(NOTIFY, stale, 0.0) == ()
    assert driver.n_bad_packets == 1


def test_unknown_accelerometer_is_refused_and_silence_is_a_loss():
    with pytest.raises(SensorRefusedError, match="unknown kind"):
        sensor(implementation=9).run(MetaMotionDriver(StreamRequest()).start())
    with pytest.raises(SensorLostError):
        PlayedSensor().run(MetaMotionDriver(StreamRequest()).start())


def test_battery():
    driver = MetaMotionDriver(StreamRequest())
    assert sensor().run(driver.battery()) == 99
    received = driver.receive(NOTIFY, encoding.encode_battery(99, 4148), 1.0)
    assert received == (SensorEvent(SensorEventKind.BATTERY, 1.0, 99),)


def test_stop_switches_everything_off():
    played = sensor()
    played.run(MetaMotionDriver(StreamRequest()).stop())
    assert played.written == ["030100", "03020001", "0908", "0a05", "0b0a", "030400", "030500"]


def test_answers_are_no_data():
    driver = MetaMotionDriver(StreamRequest())
    assert driver.receive(NOTIFY, encoding.encode_implementation(4), 0.0) == ()
    assert driver.receive(NOTIFY, encoding.encode_new_processor(4), 0.0) == ()
    assert driver.n_bad_packets == 0
