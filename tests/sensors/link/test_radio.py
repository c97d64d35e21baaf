"""One scanner for all who look."""

import asyncio

import pytest

from clonus_sense.errors import SensorRefusedError
from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.in_process import InProcessRadio, in_process_radio
from tests.recorder.nights import leg, open_sensor
from tests.virtual.troubled_air import TroubledAir


def in_air(scenario):
    """Run a scenario in a world of two sensors."""

    async def main():
        air = TroubledAir()
        for serial in ("0001", "0002"):
            air.add(open_sensor(leg(10), serial=serial, name=f"ClonusSense-{serial}"))
        async with in_process_radio(air) as radio:
            result = await scenario(air, radio)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return result

    return run_fast_forward(main())


def anything(_heard):
    return True


def test_a_sensor_that_somebody_claimed_is_nobody_elses():
    async def scenario(_air, radio):
        found = [await radio.find(anything, print), await radio.find(anything, print)]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(radio.find(anything, print), 30)
        radio.claimed.discard(found[0].address)
        again = await radio.find(anything, print)
        return [one.name for one in found], again.name

    assert in_air(scenario) == (["ClonusSense-0001", "ClonusSense-0002"], "ClonusSense-0001")


def test_several_searches_share_one_scanner_and_it_stops_with_the_last(monkeypatch):
    at_once = []
    advertised = InProcessRadio.advertised

    def count(host, peripheral):
        at_once.append(len(host.scanners))
        advertised(host, peripheral)

    monkeypatch.setattr(InProcessRadio, "advertised", count)

    async def scenario(air, radio):
        searches = [
            radio.find(lambda heard, name=name: heard.name == name, print)
            for name in ("ClonusSense-0002", "ClonusSense-0001")
        ]
        found = await asyncio.gather(*searches)
        return [one.name for one in found], len(air.host.scanners)

    names, n_left = in_air(scenario)
    assert names == ["ClonusSense-0002", "ClonusSense-0001"]
    assert set(at_once) == {1}
    assert n_left == 0


def test_trouble_is_told_and_scanning_goes_on_within_two_seconds():
    troubles = []

    async def scenario(air, radio):
        air.power_adapter(on=False)
        loop = asyncio.get_running_loop()
        loop.call_later(60, lambda: air.power_adapter(on=True))
        began_s = loop.time()
        await radio.find(anything, troubles.append)
        return loop.time() - began_s

    assert in_air(scenario) == pytest.approx(60, abs=2.6)
    assert 55 <= len(troubles) <= 62
    assert all(isinstance(error, SensorRefusedError) for error in troubles)


def test_a_scan_that_goes_deaf_is_begun_anew():
    async def scenario(air, radio):
        finding = asyncio.create_task(radio.find(anything, print))
        await asyncio.sleep(0.1)
        air.listen(on=False)  # as a Bluetooth service does that was restarted
        began_s = asyncio.get_running_loop().time()
        await finding
        return asyncio.get_running_loop().time() - began_s

    assert in_air(scenario) == pytest.approx(10.4, abs=1.0)
