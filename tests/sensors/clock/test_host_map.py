import numpy as np
import pytest

from clonus_sense.sensors.clock.host_map import HostMap


def crystal():
    return HostMap(window_s=1800.0, offset_window_s=600.0, prior_ratio=1e-4)


def test_no_arrival_lies_before_the_line():
    rng = np.random.default_rng(1)
    host_map = crystal()
    for device_s in np.arange(0.0, 400.0, 0.1):
        arrival_s = 7.0 + device_s + rng.uniform(0.0, 0.1)
        host_map.add(float(device_s), arrival_s)
        assert host_map.seconds(float(device_s)) <= arrival_s + 1e-9


def test_an_earlier_arrival_moves_the_line_at_once():
    host_map = crystal()
    host_map.add(0.0, 7.1)
    host_map.add(0.2, 7.21)
    assert host_map.seconds(0.2) == pytest.approx(7.21)


def test_a_long_stall_does_not_move_the_line():
    host_map = crystal()
    for second in range(600):
        late_s = 3.0 if 500 <= second < 540 else 0.0
        host_map.add(float(second), 7.0 + second + late_s)
    assert host_map.seconds(600.0) == pytest.approx(607.0, abs=1e-3)


def test_rate_outlives_a_restart():
    host_map = HostMap(window_s=240.0, offset_window_s=60.0, prior_ratio=0.03)
    for second in range(300):
        host_map.add(float(second), 1.04 * second)
    host_map.restart()
    host_map.add(0.0, 1000.0)
    assert host_map.slope == pytest.approx(1.04, abs=1e-4)
    assert host_map.seconds(10.0) == pytest.approx(1010.4, abs=1e-2)


def test_the_rate_is_that_of_the_edge_below_the_middle_though_it_be_the_first_of_all():
    # Three points of a hull: the second lies above the line from the first to the third, and must go.
    host_map = HostMap(window_s=1800.0, offset_window_s=600.0, prior_ratio=1.0)
    for device_s, late_s in ((0.0, 0.0), (30.0, 0.5), (60.0, 0.0)):
        host_map.add(device_s, 7.0 + device_s + late_s)
    assert host_map.slope == pytest.approx(1.0, abs=1e-6)
    assert host_map.seconds(30.0) == pytest.approx(37.0, abs=1e-6)
