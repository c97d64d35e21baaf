import numpy as np
import pytest

from clonus_sense.recording.stamps import measure_stamps


@pytest.mark.parametrize("fs_hz", [20.0, 26.0, 52.0, 100.0, 104.0, 400.0])
def test_even_stamps_in_milliseconds(fs_hz):
    stamps = measure_stamps(np.round(np.arange(3000) / fs_hz, 3))
    assert stamps.period == pytest.approx(1 / fs_hz, rel=0.003)
    assert not stamps.uneven


def test_gaps_of_half_a_minute_every_few_hundred_rows_do_not_count():
    times_s = np.arange(5000) / 20 + np.repeat(np.arange(20) * 30.0, 250)
    stamps = measure_stamps(times_s)
    assert stamps.period == pytest.approx(0.05, rel=1e-6)
    assert not stamps.uneven


@pytest.mark.parametrize("n_shared", [2, 10, 100])
def test_shared_stamps_are_uneven_and_the_rate_is_right(n_shared):
    stamps = measure_stamps(np.arange(6000) // n_shared * n_shared / 100)
    assert stamps.uneven
    assert stamps.period == pytest.approx(0.01, rel=0.02)


def test_bunches_of_a_radio_are_uneven():
    arrival_s = np.ceil(np.arange(5000) / 50 / 0.24) * 0.24 + np.arange(5000) % 12 * 1e-4
    stamps = measure_stamps(arrival_s)
    assert stamps.uneven
    assert stamps.period == pytest.approx(0.02, rel=0.01)


def test_one_row_tells_no_rate():
    assert np.isnan(measure_stamps(np.array([1.0, np.nan])).period)


def test_noise_is_no_clock_but_a_swapped_row_now_and_then_does_no_harm():
    noise = np.random.default_rng(0).normal(0.5, 0.01, 5000)
    assert measure_stamps(noise).period == 0
    swapped = np.arange(5000) / 50
    swapped[100::50], swapped[101::50] = swapped[101::50].copy(), swapped[100::50].copy()
    assert measure_stamps(swapped).period == pytest.approx(0.02, rel=0.01)


def test_the_same_stamp_everywhere_is_no_clock():
    assert measure_stamps(np.full(100, 7.0)).period == 0
