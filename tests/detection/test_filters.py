from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import freqz

from clonus_sense.detection.filters import (
    StreamingFir,
    WorkingRate,
    choose_working_rate,
    design_resampler,
    design_wide_band,
)
from clonus_sense.errors import SignalError

RATES_HZ = (18.0, 20.0, 25.0, 31.25, 40.0, 47.9, 52.0, 64.0, 100.0, 104.0, 400.0, 833.0, 3200.0)


def run_in_parts(fir, samples, cuts):
    parts = [fir.push(part) for part in np.split(samples, cuts)]
    return np.concatenate([part for part in [*parts, fir.finish()] if len(part)])


@settings(max_examples=200, deadline=None)
@given(fs_hz=st.floats(18.0, 3200.0))
def test_every_rate_is_brought_between_48_and_96_hz_by_a_whole_factor(fs_hz):
    rate = choose_working_rate(fs_hz)
    assert 48.0 <= rate.working_hz < 96.0
    assert rate.up == 1 or rate.down == 1
    assert rate.block_samples % rate.down == 0
    assert rate.block_samples / fs_hz == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("fs_hz", [0.0, -50.0, 17.999, float("nan"), float("inf")])
def test_rates_that_cannot_hold_the_rhythm_are_refused(fs_hz):
    with pytest.raises(SignalError, match="at least 18 Hz"):
        choose_working_rate(fs_hz)


@settings(max_examples=60, deadline=None)
@given(
    n_samples=st.integers(1, 400),
    fs_hz=st.sampled_from(RATES_HZ),
    cuts=st.lists(st.integers(0, 400), max_size=30),
    seed=st.integers(0, 1000),
)
def test_filters_give_the_same_bits_however_the_samples_are_cut(n_samples, fs_hz, cuts, seed):
    samples = np.asfortranarray(np.random.default_rng(seed).standard_normal((n_samples, 3)))
    rate = choose_working_rate(fs_hz)
    for taps, up, down in ((design_resampler(rate), rate.up, rate.down), (design_wide_band(rate.working_hz), 1, 1)):
        whole = run_in_parts(StreamingFir(taps, up, down), samples, [])
        inside = sorted(cut for cut in cuts if cut < n_samples)
        assert np.array_equal(run_in_parts(StreamingFir(taps, up, down), samples, inside), whole)
        # Every output whose centre lies on a sample or before the last one.
        assert (n_samples - 1) * up // down + 1 <= len(whole) <= -(-n_samples * up // down)


@pytest.mark.parametrize("fs_hz", RATES_HZ)
def test_a_constant_keeps_its_value_to_the_very_edges(fs_hz):
    rate = choose_working_rate(fs_hz)
    constant = np.full((round(2 * fs_hz), 3), [0.2, -1.0, 16.0])
    low = run_in_parts(StreamingFir(design_resampler(rate), rate.up, rate.down), constant, [5, 17])
    assert np.allclose(low, [0.2, -1.0, 16.0], rtol=0.004)
    assert (
        np.abs(run_in_parts(StreamingFir(design_wide_band(rate.working_hz)), low[:1].repeat(200, axis=0), [])).max()
        < 1e-9
    )


@pytest.mark.parametrize("working_hz", [48.0, 50.0, 52.0, 64.0, 75.0, 95.9])
def test_wide_band_passes_4_5_to_10_hz_nearly_unchanged(working_hz):
    hz, response = freqz(design_wide_band(working_hz), worN=4096, fs=working_hz)
    gain = np.abs(response)
    assert np.abs(gain[(hz >= 4.5) & (hz <= 10.0)] - 1.0).max() <= 0.017
    assert gain[hz <= 0.5].max() < 0.02
    assert gain[0] < 1e-12
    assert gain[hz >= 16.0].max() < 0.02


@pytest.mark.parametrize("fs_hz", [rate for rate in RATES_HZ if rate >= 25.0])
def test_working_signal_keeps_a_rhythm_in_strength_and_time(fs_hz):
    rate = choose_working_rate(fs_hz)
    times_s = np.arange(round(6 * fs_hz)) / fs_hz
    for frequency_hz in (4.5, 6.0, 8.5):
        beating = np.cos(2 * np.pi * frequency_hz * (times_s - 3.0))[:, None]
        low = run_in_parts(StreamingFir(design_resampler(rate), rate.up, rate.down), beating, [])
        working_s = np.arange(len(low)) / rate.working_hz
        middle = np.abs(working_s - 3.0) < 2.0
        wanted = np.cos(2 * np.pi * frequency_hz * (working_s - 3.0))
        gain = (low[middle, 0] * wanted[middle]).sum() / (wanted[middle] ** 2).sum()
        assert gain == pytest.approx(1.0, abs=0.05 if fs_hz >= 40.0 else 0.12)  # strengths read low at slow rates
        # A delay would leave a part in quadrature.
        assert np.abs(low[middle, 0] - gain * wanted[middle]).max() < 0.02


@pytest.mark.parametrize(("up", "down"), [(1, 1), (2, 1), (3, 1), (1, 2), (1, 8)])
def test_each_output_is_centred_on_its_input(up, down):
    rate = WorkingRate(48.0 * down / up, up, down)
    impulse = np.zeros((40 * down, 1))
    impulse[20 * down] = 1.0
    out = run_in_parts(StreamingFir(design_resampler(rate), up, down), impulse, [])[:, 0]
    centre = 20 * up
    assert int(out.argmax()) == centre
    reach = 5
    assert np.allclose(out[centre - reach : centre], out[centre + reach : centre : -1], atol=1e-12)


def test_no_samples_give_no_output():
    fir = StreamingFir(design_wide_band(50.0))
    assert fir.push(np.empty((0, 3))).shape == (0, 3)
    assert len(fir.finish()) == 0


def test_what_is_held_does_not_grow():
    fir = StreamingFir(design_resampler(choose_working_rate(400.0)), 1, 8)
    outputs = [len(fir.push(np.zeros((401, 3)))) for _ in range(50)]
    assert max(outputs[1:]) - min(outputs[1:]) <= 1
