"""Before a night: sensors are heard, looked at and told apart, and nothing is written."""

import asyncio

import numpy as np
import pytest

from clonus_sense.recorder import Preflight
from clonus_sense.sensors.link import WantedSensor
from clonus_sense.sensors.open_profile import OPEN_PROFILE
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.in_process import in_process_radio, world_clock
from tests.recorder.nights import FS_HZ, leg, open_sensor
from tests.virtual.troubled_air import TroubledAir

STILL = leg(120.0)


def kicked_at(at_s, *, by_g=1.0):
    """A still leg that is kicked once."""
    accel_g = STILL.copy()
    start = round(at_s * FS_HZ)
    accel_g[start : start + 10, 2] += by_g * np.hanning(10)
    return accel_g


def look(look_at, *legs):
    """Let a preflight run over some sensors, and look at it."""

    async def main():
        air = TroubledAir()
        sensors = [open_sensor(accel_g, serial=f"000{n}", name=f"ClonusSense-{n}") for n, accel_g in enumerate(legs)]
        for sensor in sensors:
            air.add(sensor)
        wanted = [WantedSensor(OPEN_PROFILE, sensor.label.name) for sensor in sensors]
        async with in_process_radio(air) as radio, Preflight(wanted, radio, world_clock(air)) as preflight:
            seen = await look_at(preflight, air, sensors)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return seen

    return run_fast_forward(main())


def test_a_sensor_says_who_it_is_how_full_and_what_it_feels():
    async def look_at(preflight, _air, _sensors):
        assert await preflight.wait_streaming(30.0)
        await asyncio.sleep(3.0)
        return preflight.signals()

    [signal] = look(look_at, STILL)
    assert (signal.identity.name, signal.identity.serial) == ("ClonusSense-0", "0000")
    assert signal.battery_percent is not None
    assert signal.magnitude_g == pytest.approx(1.0, abs=0.01)
    assert signal.is_plausible
    assert signal.trouble == ""


def test_a_sensor_that_is_not_there_is_waited_for_and_then_said():
    async def look_at(preflight, air, sensors):
        air.vanish(sensors[0])
        return await preflight.wait_streaming(20.0), preflight.signals()[0].magnitude_g

    assert look(look_at, STILL) == (False, None)


def test_a_moved_leg_is_felt_and_a_still_one_is_not():
    async def look_at(preflight, _air, _sensors):
        await preflight.wait_streaming(30.0)
        return await preflight.wait_moved(0, 20.0)

    assert look(look_at, kicked_at(12.0))
    assert not look(look_at, STILL)


def test_what_was_felt_before_the_question_does_not_count():
    async def look_at(preflight, _air, _sensors):
        await preflight.wait_streaming(30.0)
        await asyncio.sleep(12.0)
        return await preflight.wait_moved(0, 10.0)

    assert not look(look_at, kicked_at(9.0))


@pytest.mark.parametrize("which", [0, 1])
def test_the_tapped_sensor_is_told_from_the_other_one_in_the_same_bed(which):
    async def look_at(preflight, _air, _sensors):
        await preflight.wait_streaming(30.0)
        return await preflight.wait_tapped(20.0)

    legs = [kicked_at(15.0, by_g=0.2), kicked_at(15.0, by_g=1.5)]
    assert look(look_at, *(legs if which else legs[::-1])) == which


def test_a_shake_of_the_whole_bed_tells_nothing():
    async def look_at(preflight, _air, _sensors):
        await preflight.wait_streaming(30.0)
        return await preflight.wait_tapped(20.0)

    assert look(look_at, kicked_at(15.0), kicked_at(15.0)) is None
