import time

import pytest

from clonus_sense.sensors.link import HostClock, system_clock


def test_sleep_is_what_one_clock_has_and_the_other_has_not():
    times = {"always": 10.0, "awake": 4.0}
    clock = HostClock(lambda: times["always"], lambda: times["awake"])
    before_s = clock.asleep_s()
    times["always"] += 3600.0 + 5.0
    times["awake"] += 5.0
    assert clock.asleep_s() - before_s == 3600.0


def test_the_systems_clock_goes_on_and_has_not_slept_since_a_moment_ago():
    clock = system_clock()
    before_s, asleep_s = clock.seconds(), clock.asleep_s()
    time.sleep(0.01)
    assert 0.005 < clock.seconds() - before_s < 5.0
    assert clock.asleep_s() == pytest.approx(asleep_s, abs=0.01)
