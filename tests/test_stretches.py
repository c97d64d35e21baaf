"""The rule by which recorder and reader cut samples into stretches of one rate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.stretches import N_STEPS_OF_A_RATE, StretchCutter


def cut(times_s, fs_hz, cuts=()):
    """Stretches, as (rate, times, knots), and gaps of samples that come in the given cuts; nothing is held too long."""
    cutter = StretchCutter(fs_hz)
    out = []
    accel_g = np.column_stack([times_s] * 3)
    for part_s, part_g in zip(np.split(times_s, cuts), np.split(accel_g, cuts), strict=True):
        out += cutter.push(part_s, part_g)
        assert cutter.n_held <= N_STEPS_OF_A_RATE
    out += cutter.finish()
    assert np.array_equal(np.concatenate([one.times_s for one in out]), times_s)
    assert np.array_equal(np.concatenate([one.batch.accel_g for one in out])[:, 2], times_s)
    stretches = {}
    for one in out:
        rate, parts, knots = stretches.setdefault(one.batch.stretch.number, (one.batch.stretch.fs_hz, [], []))
        assert rate == one.batch.stretch.fs_hz
        assert one.batch.first_index == len(parts)
        parts += one.times_s.tolist()
        knots += one.batch.knot_times_s.tolist()
    return list(stretches.values()), [one.gap for one in out if one.gap is not None]


def run_of(start_s, n_samples, fs_hz):
    return np.round(start_s + np.arange(n_samples) / fs_hz, 6)


@pytest.mark.parametrize("later_hz", [25.0, 40.0, 60.0, 100.0, 200.0])
def test_another_rate_begins_a_stretch_of_its_own_without_a_gap(later_hz):
    times_s = np.concatenate([run_of(0.0, 501, 50.0), run_of(10.0 + 1 / later_hz, 500, later_hz)])
    stretches, gaps = cut(times_s, 50.0)
    assert [(rate, len(rows)) for rate, rows, _ in stretches] == [(50.0, 501), (pytest.approx(later_hz, abs=0.01), 500)]
    assert gaps == []


def test_a_rate_that_is_a_few_per_cent_off_is_no_other_rate():
    times_s = np.concatenate([run_of(0.0, 500, 53.0), run_of(9.5, 500, 46.0)])
    stretches, gaps = cut(times_s, 50.0)
    assert [rate for rate, _, _ in stretches] == [50.0, 50.0]
    assert len(gaps) == 1


def test_a_recording_at_twice_the_stated_rate_has_one_stretch_of_that_rate():
    stretches, gaps = cut(run_of(0.0, 1000, 100.0), 50.0)
    assert [(rate, len(rows)) for rate, rows, _ in stretches] == [(100.0, 1000)]
    assert gaps == []


def test_a_sensor_that_comes_back_at_another_rate_has_it_from_its_first_sample():
    times_s = np.concatenate([run_of(0.0, 500, 50.0), run_of(20.0, 500, 25.0), run_of(60.0, 500, 50.0)])
    stretches, gaps = cut(times_s, 50.0)
    assert [(rate, len(rows)) for rate, rows, _ in stretches] == [(50.0, 500), (25.0, 500), (50.0, 500)]
    assert [(gap.start_s, gap.end_s) for gap in gaps] == [(pytest.approx(10.0), 20.0), (pytest.approx(40.0), 60.0)]


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.4])
def test_losses_at_random_are_gaps_and_no_other_rate(share):
    times_s = run_of(0.0, 5000, 50.0)
    times_s = times_s[np.random.default_rng(1).random(5000) >= share]
    stretches, gaps = cut(times_s, 50.0)
    assert {rate for rate, _, _ in stretches} == {50.0}
    assert len(gaps) == np.count_nonzero(np.diff(times_s) > 0.03)


def test_steps_too_slow_for_any_rhythm_stay_gaps():
    stretches, gaps = cut(np.concatenate([run_of(0.0, 100, 25.0), run_of(10.0, 100, 5.0)]), 25.0)
    assert {rate for rate, _, _ in stretches} == {25.0}
    assert len(gaps) == 100


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_cut_gives_the_same_stretches_and_gaps(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    parts, start_s = [], 0.0
    for _ in range(int(rng.integers(1, 5))):
        fs_hz = float(rng.choice([20.0, 25.0, 50.0, 52.0, 100.0, 104.0]))
        part_s = run_of(start_s, int(rng.integers(1, 60)), fs_hz)
        part_s = part_s[(rng.random(len(part_s)) >= rng.choice([0.0, 0.05])) | (np.arange(len(part_s)) == 0)]
        parts.append(np.round(part_s + np.sort(rng.uniform(0.0, rng.choice([0.0, 0.004]), len(part_s))), 6))
        start_s = float(parts[-1][-1]) + float(rng.choice([1 / fs_hz, 0.02, 0.01, 0.03, 3.0]))
    times_s = np.concatenate(parts)
    cuts = data.draw(st.lists(st.integers(0, len(times_s)), max_size=12).map(sorted))
    assert cut(times_s, 50.0, cuts) == cut(times_s, 50.0)
    assert cut(times_s, 50.0, range(len(times_s))) == cut(times_s, 50.0)
