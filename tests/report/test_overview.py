import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.model import SampleBatch, Stretch
from clonus_sense.report import overview as overview_module
from clonus_sense.report.overview import OverviewBuilder


def make_batch(number, fs_hz, n_samples, *, start_s=0.0, rate_error=0.0, seed=0):
    """A whole stretch whose clock wanders around a rate that is off its nominal one."""
    random = np.random.default_rng(seed)
    stretch = Stretch(number, fs_hz)
    knots = np.arange(0, n_samples, stretch.knot_every) / fs_hz * (1 + rate_error)
    times_s = start_s + knots + random.uniform(0, 0.01, len(knots))
    return SampleBatch(stretch, 0, np.asfortranarray(random.normal(size=(n_samples, 3))), times_s)


def build(batches):
    builder = OverviewBuilder()
    for batch in batches:
        builder.add(batch)
    return builder.build()


def assert_equal(one, other):
    for name in ("start_s", "end_s", "low_g", "high_g"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), fs_hz=st.sampled_from([18.0, 25.0, 52.0, 100.0]), limit=st.sampled_from([8, 64, 32_768]))
def test_any_cut_gives_the_same_overview(data, fs_hz, limit):
    lengths = data.draw(st.lists(st.integers(1, 900), min_size=1, max_size=3))
    whole = [make_batch(k, fs_hz, n, start_s=60.0 * k, seed=k) for k, n in enumerate(lengths)]
    cut = []
    for batch in whole:
        cut += batch.cut(data.draw(st.lists(st.integers(1, 900), max_size=12)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overview_module, "MAX_BINS", limit)
        patch.setattr(overview_module, "_MAX_PIECES", 3)
        assert_equal(build(cut), build(whole))


def test_bins_hold_the_extremes_of_their_samples():
    batch = make_batch(0, 100.0, 600)
    overview = build([batch])
    # 1/16 s at 100 Hz is 6 samples.
    bins = batch.accel_g.reshape(100, 6, 3)
    np.testing.assert_array_equal(overview.low_g, bins.min(axis=1))
    np.testing.assert_array_equal(overview.high_g, bins.max(axis=1))


def test_a_night_takes_bins_of_about_a_second():
    n_samples = 8 * 3600 * 18
    batch = SampleBatch(Stretch(0, 18.0), 0, np.zeros((n_samples, 3), order="F"), np.arange(0, n_samples, 9) / 18.0)
    overview = build([batch])
    assert np.diff(overview.start_s)[0] == pytest.approx(16 / 18)
    assert len(overview.start_s) == 8 * 3600 * 18 // 16
    assert overview.duration_s == 8 * 3600


def test_memory_stays_bounded(monkeypatch):
    monkeypatch.setattr(overview_module, "MAX_BINS", 50)
    overview = build([make_batch(0, 25.0, 20_000)])
    assert 25 < len(overview.start_s) <= 50


def test_times_come_from_the_knots_where_a_sensor_is_off_its_rate():
    overview = build([make_batch(0, 100.0, 10_000, rate_error=0.02)])
    at_index = np.arange(len(overview.start_s)) * 6
    assert np.abs(overview.start_s - at_index / 100.0 * 1.02).max() < 0.021


def test_what_lies_between_stretches_was_not_measured():
    overview = build([make_batch(0, 100.0, 1000), make_batch(1, 100.0, 500, start_s=60.0)])
    assert overview.measured([-1.0, 5.0, 30.0, 62.0, 70.0]).tolist() == [False, True, False, True, False]


def test_a_recording_without_samples_gives_an_empty_overview():
    overview = build([SampleBatch(Stretch(0, 50.0), 0, np.zeros((0, 3)), np.zeros(0))])
    assert overview.low_g.shape == (0, 3)
    assert overview.duration_s == 0.0
    assert not overview.measured([0.0]).any()


def test_a_left_out_batch_is_noticed():
    parts = make_batch(0, 50.0, 300).cut([100, 200])
    builder = OverviewBuilder()
    builder.add(parts[0])
    with pytest.raises(ValueError, match="starts at index 200 of stretch 0, but index 100 comes next"):
        builder.add(parts[2])
