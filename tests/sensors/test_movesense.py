import numpy as np
import pytest

from clonus_sense.errors import SensorLostError, SensorRefusedError
from clonus_sense.sensors import StampedSample, StreamRequest
from clonus_sense.sensors.movesense import NOTIFY, MovesenseDriver
from tests.sensors.played import PlayedSensor
from tests.virtual.encoding import movesense as encoding


def test_start_subscribes_and_says_how_it_streams():
    played = PlayedSensor({b"\x01": encoding.encode_answer})
    stream = played.run(MovesenseDriver(StreamRequest(rate_hz=100.0)).start())
    assert played.written == ["0163" + b"/Meas/Acc/104".hex()]
    assert (stream.fs_hz, stream.tick_s, stream.stamp_bits) == (104.0, 1e-3, 32)
    assert stream.stamped_sample is StampedSample.FIRST


def test_old_firmware_is_refused_with_advice():
    played = PlayedSensor({b"\x01": lambda data: encoding.encode_answer(data, 404)})
    with pytest.raises(SensorRefusedError, match=r"firmware to 2\.3") as refusal:
        played.run(MovesenseDriver(StreamRequest()).start())
    assert refusal.value.status == 404
    with pytest.raises(SensorLostError, match="wake it up"):
        PlayedSensor().run(MovesenseDriver(StreamRequest()).start())


def test_stop_ends_the_subscription_and_battery_is_told_elsewhere():
    played = PlayedSensor()
    played.run(MovesenseDriver(StreamRequest()).stop())
    assert played.written == ["0263"]
    assert played.run(MovesenseDriver(StreamRequest()).battery()) is None


def test_a_lost_second_part_costs_its_packet_only():
    long_g, short_g = np.zeros((20, 3)), np.ones((4, 3))
    driver = MovesenseDriver(StreamRequest())
    first, _ = encoding.encode_data(long_g, stamp_ms=1)
    assert driver.receive(NOTIFY, first, 0.0) == []
    [packet] = driver.receive(NOTIFY, encoding.encode_data(short_g, stamp_ms=2)[0], 1.0)
    assert (packet.stamp_ticks, packet.arrival_s) == (2, 1.0)
    assert driver.n_bad_packets == 1


def test_a_second_part_without_a_first_is_bad():
    driver = MovesenseDriver(StreamRequest())
    _, second = encoding.encode_data(np.zeros((20, 3)), stamp_ms=1)
    assert driver.receive(NOTIFY, second, 0.0) == []
    assert driver.n_bad_packets == 1


def test_arrival_is_that_of_the_first_part():
    driver = MovesenseDriver(StreamRequest())
    first, second = encoding.encode_data(np.zeros((20, 3)), stamp_ms=1)
    driver.receive(NOTIFY, first, 5.0)
    [packet] = driver.receive(NOTIFY, second, 6.0)
    assert packet.arrival_s == 5.0


@pytest.mark.parametrize("value", ["0000c07f", "0000a07f", "0000807f", "000080ff", "ffff7f7f"])
def test_what_is_no_number_of_a_sensor_is_bad(value):
    driver = MovesenseDriver(StreamRequest())
    data = encoding.encode_data(np.zeros((2, 3)), stamp_ms=1)[0]
    assert driver.receive(NOTIFY, data[:-4] + bytes.fromhex(value), 0.0) == []
    assert driver.n_bad_packets == 1


def test_answers_are_no_data():
    driver = MovesenseDriver(StreamRequest())
    assert driver.receive(NOTIFY, encoding.encode_answer(b"\x01\x63"), 0.0) == []
    assert driver.n_bad_packets == 0
