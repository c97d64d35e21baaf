import numpy as np
import pytest

from clonus_sense.sensors import SensorEvent, SensorEventKind, StreamRequest
from clonus_sense.sensors.witmotion import NOTIFY, WitMotionDriver
from tests.sensors.played import PlayedSensor
from tests.virtual.encoding import witmotion as encoding


@pytest.mark.parametrize(("rate_hz", "code"), [(None, "08"), (104.0, "09"), (20.0, "07")])
def test_start_unlocks_sets_the_rate_and_saves(rate_hz, code):
    played = PlayedSensor()
    stream = played.run(WitMotionDriver(StreamRequest(rate_hz=rate_hz)).start())
    assert played.written == ["ffaa6988b5", f"ffaa03{code}00", "ffaa000000"]
    assert (stream.range_g, stream.tick_s, stream.index_bits) == (16.0, None, None)


def test_battery_is_found_between_the_samples():
    driver = WitMotionDriver(StreamRequest())
    motion = encoding.encode_motion(np.array([[0.0, 0.0, 1.0]]))
    commands = driver.battery()
    assert next(commands).data.hex() == "ffaa276400"
    next(commands)
    packet, event = driver.receive(NOTIFY, motion + encoding.encode_battery(3.87), 7.0)
    assert packet.accel_g.tolist() == [[0.0, 0.0, 1.0]]
    assert event == SensorEvent(SensorEventKind.BATTERY, 7.0, 60)
    with pytest.raises(StopIteration) as end:
        next(commands)
    assert end.value.value == 60


def test_a_sensor_that_tells_nothing_has_no_charge():
    assert PlayedSensor().run(WitMotionDriver(StreamRequest()).battery()) is None


def test_other_registers_are_passed_over():
    driver = WitMotionDriver(StreamRequest())
    assert list(driver.receive(NOTIFY, bytes([0x55, 0x71, 0x03]) + bytes(17), 0.0)) == []
    assert driver.n_bad_packets == 0


def test_stop_has_nothing_to_do():
    played = PlayedSensor()
    played.run(WitMotionDriver(StreamRequest()).stop())
    assert played.steps == []
