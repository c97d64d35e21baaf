import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.recording.even_clock import cut_by_clock, rebuild_even_clock
from clonus_sense.recording.stamps import measure_stamps


def rebuilt(stamps_s, period_s):
    """Rebuilt time of every row, and the clock."""
    clock = rebuild_even_clock(stamps_s, period_s)
    return np.concatenate([s.seconds(np.arange(s.start_row, s.end_row)) for s in clock.stretches]), clock


def test_bunches_become_even_to_a_millisecond():
    true_s = np.arange(20_000) / 50.3
    stamps_s = np.ceil(true_s / 0.2) * 0.2  # a radio that delivers every 200 ms
    times_s, clock = rebuilt(stamps_s, measure_stamps(stamps_s).period)
    late_s = times_s - true_s
    assert np.ptp(late_s) < 0.002
    assert 0.08 < late_s.mean() < 0.12
    assert clock.gaps == ()


def test_a_stall_that_is_caught_up_with_is_no_gap():
    true_s = np.arange(6000) / 50
    stamps_s = true_s.copy()
    stamps_s[3000:3100] = true_s[3100]  # two seconds held back, then delivered at once
    times_s, clock = rebuilt(stamps_s, 0.02)
    assert clock.gaps == ()
    assert np.max(np.abs(times_s - true_s)) < 0.001


@pytest.mark.parametrize("lost_s", [0.1, 1.0, 600.0])
def test_a_loss_is_a_gap_of_its_length(lost_s):
    true_s = np.arange(6000) / 50
    true_s[2500:] += lost_s
    stamps_s = true_s + np.random.default_rng(1).exponential(0.004, 6000)
    times_s, clock = rebuilt(stamps_s, 0.02)
    assert [s.start_row for s in clock.stretches] == [0, 2500]
    assert clock.gaps[0].duration_s == pytest.approx(lost_s, abs=0.004)
    assert np.ptp(times_s - true_s) < 0.003


def test_samples_lost_singly_bend_the_clock_where_they_are_missing():
    keep = np.ones(6000, dtype=bool)
    keep[[700, 2100, 2180, 5000]] = False
    true_s = (np.arange(6000) / 50)[keep]
    stamps_s = true_s + np.random.default_rng(2).uniform(0, 0.004, len(true_s))
    times_s, clock = rebuilt(stamps_s, 0.02)
    assert clock.gaps == ()
    assert clock.n_single_losses == 4
    assert np.ptp(times_s - true_s) < 0.003


def test_a_clock_set_back_begins_a_new_stretch_right_behind():
    stamps_s = np.arange(4000) / 50
    stamps_s[2000:] -= 3600.0
    times_s, clock = rebuilt(stamps_s, 0.02)
    assert [s.start_row for s in clock.stretches] == [0, 2000]
    assert clock.n_steps_back == 1
    assert np.diff(times_s) == pytest.approx(0.02, abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(18, 400))
def test_rebuilt_time_always_goes_forward_and_holds_every_row_once(seed, fs_hz):
    rng = np.random.default_rng(seed)
    true_s = np.arange(1500) / fs_hz + np.cumsum((rng.random(1500) < 0.003) * rng.uniform(0, 20, 1500))
    stamps_s = true_s + rng.exponential(rng.uniform(0, 3) / fs_hz, 1500)
    clock = rebuild_even_clock(stamps_s, 1 / fs_hz)
    times_s = np.concatenate([s.seconds(np.arange(s.start_row, s.end_row)) for s in clock.stretches])
    assert len(times_s) == 1500
    assert np.all(np.diff(times_s) > 0)
    assert all(gap.end_s >= gap.start_s - 1e-6 for gap in clock.gaps)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 900), max_size=6).map(sorted))
def test_any_cut_of_rows_gives_the_same_batches(cuts):
    stamps_s = np.repeat(np.arange(0, 90, 0.5), 5)
    stamps_s[400:] += 30.0
    clock = rebuild_even_clock(stamps_s, 0.1)
    accel_g = np.arange(2700.0).reshape(-1, 3)
    joined = {}
    for batch in cut_by_clock(clock, iter(np.split(accel_g, cuts)), 10.0):
        samples, knots_s = joined.setdefault(batch.stretch.number, ([], []))
        assert batch.first_index == len(samples)
        samples.extend(batch.accel_g.tolist())
        knots_s.extend(batch.knot_times_s.tolist())
    assert np.array_equal(np.concatenate([samples for samples, _ in joined.values()]), accel_g)
    for number, (samples, knots_s) in joined.items():
        stretch = clock.stretches[number]
        assert knots_s == stretch.seconds(np.arange(stretch.start_row, stretch.end_row, 5)).tolist()
        assert len(samples) == stretch.end_row - stretch.start_row
