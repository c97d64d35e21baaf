import numpy as np
import pytest

from clonus_sense.recorder.presses import SAME_PRESS_S, Presses
from clonus_sense.sensors.packet import PacketFlag, SensorEvent, SensorEventKind, SensorPacket, StreamFormat

STREAM = StreamFormat(fs_hz=52.0, range_g=8.0, tick_s=1e-6, index_bits=32)
SECOND = 1_000_000


def press(stamp_s, boot_id=7):
    return SensorEvent(SensorEventKind.MARKER, 0.0, None, round(stamp_s * SECOND), boot_id)


def packet(last_s, boot_id=7):
    """A flagged packet of half a second that ends at this time of the sensor."""
    return SensorPacket(np.zeros((26, 3)), 0.0, round(last_s * SECOND), 0, boot_id, PacketFlag.MARKER)


def test_a_flag_of_which_no_event_told_is_a_press_in_the_middle_of_its_packet():
    found = Presses().flagged(packet(10.0), STREAM)
    assert (found.kind, found.boot_id) == (SensorEventKind.MARKER, 7)
    assert found.stamp_ticks == pytest.approx(9.75 * SECOND)


@pytest.mark.parametrize(
    ("at_s", "boot_id", "is_known"),
    [
        (9.6, 7, True),
        (10.0 + SAME_PRESS_S, 7, True),
        (9.5 - SAME_PRESS_S, 7, True),
        (10.1 + SAME_PRESS_S, 7, False),
        (9.4 - SAME_PRESS_S, 7, False),
        (9.6, 8, False),
    ],
)
def test_a_flag_of_which_an_event_told_is_no_further_press(at_s, boot_id, is_known):
    presses = Presses()
    presses.told(press(at_s, boot_id))
    assert (presses.flagged(packet(10.0), STREAM) is None) is is_known


def test_a_flagged_packet_that_comes_twice_is_one_press_and_two_packets_are_two():
    presses = Presses()
    found = [presses.flagged(packet(at_s), STREAM) is not None for at_s in (10.0, 10.5, 10.0, 10.5)]
    assert found == [True, True, False, False]


def test_without_stamps_each_flag_is_a_press():
    stampless = StreamFormat(fs_hz=52.0, range_g=8.0)
    bare = SensorPacket(np.zeros((26, 3)), 3.0, flags=PacketFlag.MARKER)
    found = Presses().flagged(bare, stampless)
    assert (found.arrival_s, found.stamp_ticks) == (3.0, None)
