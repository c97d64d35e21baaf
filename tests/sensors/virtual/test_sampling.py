import asyncio

import numpy as np
import pytest

from clonus_sense.sensors.virtual.fast_forward import run_fast_forward
from clonus_sense.sensors.virtual.sampling import LONGEST_WAIT_S, Crystal, Sampler, play
from tests.virtual.troubled_air import TroubledAir


def sample(scenario, crystal=Crystal()):  # noqa: B008
    async def main():
        air = TroubledAir()
        return await scenario(air, Sampler(air, play(np.arange(300.0).reshape(-1, 3)), crystal))

    return run_fast_forward(main())


def test_packets_leave_a_moment_after_their_last_sample_and_lack_none():
    sent = []

    async def scenario(air, sampler):
        sampler.begin(50.0)
        sampler.go_live(10, lambda first, n: sent.append((first, n, air.now_s() - sampler.time_s(first + n - 1))))
        await asyncio.sleep(60)
        sampler.end()

    sample(scenario, Crystal(rate_error=0.02))
    firsts = [first for first, _, _ in sent]
    assert firsts == list(range(0, 10 * len(firsts), 10))
    assert len(sent) == pytest.approx(60 * 51 / 10, abs=1)
    assert all(-1e-6 <= late_s <= LONGEST_WAIT_S + 1e-6 for _, _, late_s in sent)


def test_samples_are_counted_over_pauses_and_each_has_its_true_time():
    async def scenario(air, sampler):
        start_s = air.now_s()
        sampler.begin(50.0)
        await asyncio.sleep(10)
        sampler.end()
        n_first = sampler.n_taken()
        await asyncio.sleep(100)
        sampler.begin(50.0)
        await asyncio.sleep(1)
        return n_first, sampler.n_taken(), sampler.time_s(n_first) - start_s, sampler.time_s(5) - start_s

    n_first, n_all, second_start_s, fifth_s = sample(scenario)
    assert (n_first, n_all) == (500, 550)
    assert second_start_s == pytest.approx(110.02)
    assert fifth_s == pytest.approx(0.12)


def test_stamps_run_as_fast_as_the_crystal():
    async def scenario(air, sampler):
        sampler.begin(50.0)
        await asyncio.sleep(1000)
        return sampler.stamp_s(49_999, air.now_s() - 1000)

    assert sample(scenario, Crystal(stamp_error=20e-6)) == pytest.approx(1000.02)


def test_after_its_end_a_recording_goes_on_at_rest():
    movement = play(np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.5]]))
    assert movement(1, 3)[:, 2].tolist() == [0.5, 0.5, 0.5]
