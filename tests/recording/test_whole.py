import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.recording import read_recording, write_recording
from tests.recording.made import INFO, accel, all_samples, times


@pytest.fixture(scope="module")
def with_gap(tmp_path_factory):
    """40 s at 50.5 Hz with 5 s missing from 20 s on."""
    path = tmp_path_factory.mktemp("whole") / "a.csv"
    times_s = times(2020, 50.5)
    keep = (times_s < 20.0) | (times_s >= 25.0)
    write_recording(path, INFO, times_s[keep], accel(2020)[keep])
    return read_recording(path), np.round(times_s[keep], 6), np.round(accel(2020)[keep], 4)


def test_one_array_per_stretch(with_gap):
    recording, times_s, accel_g = with_gap
    assert [len(s.accel_g) for s in recording.stretches] == [1010, len(times_s) - 1010]
    assert np.array_equal(all_samples(recording), accel_g)
    assert all(s.accel_g[:, 1].flags.c_contiguous for s in recording.stretches)


def test_measured_and_whole_duration(with_gap):
    recording, times_s, _ = with_gap
    assert recording.duration_s == pytest.approx(times_s[-1] + 0.02)
    assert recording.measured_s == pytest.approx(35.0, abs=0.05)
    assert recording.n_samples == len(times_s)


@pytest.mark.parametrize(("start_s", "end_s"), [(0, 50), (3.3, 7.7), (19.0, 26.0), (39.5, 45.0), (-5, 0.1)])
def test_window_holds_exactly_the_samples_inside(with_gap, start_s, end_s):
    recording, times_s, accel_g = with_gap
    pieces = recording.window(start_s, end_s)
    inside = (times_s >= start_s) & (times_s < end_s)
    assert np.concatenate([p.times_s for p in pieces]) == pytest.approx(times_s[inside], abs=2e-5)
    assert np.array_equal(np.concatenate([p.accel_g for p in pieces]), accel_g[inside])


def test_window_never_crosses_a_gap(with_gap):
    recording, _, _ = with_gap
    assert len(recording.window(19.0, 26.0)) == 2
    assert max(float(np.diff(p.times_s).max()) for p in recording.window(19.0, 26.0)) < 0.03
    assert recording.window(21.0, 24.0) == []


@settings(max_examples=30, deadline=None)
@given(n_samples=st.integers(1, 1500))
def test_any_size_of_batches_gives_the_same_samples_and_knots(with_gap, n_samples):
    recording, _, _ = with_gap
    for samples in recording.stretches:
        parts = [b for b in recording.batches(n_samples) if b.stretch == samples.stretch]
        assert [b.first_index for b in parts] == list(range(0, len(samples.accel_g), n_samples))
        assert np.array_equal(np.concatenate([b.accel_g for b in parts]), samples.accel_g)
        assert np.array_equal(np.concatenate([b.knot_times_s for b in parts]), samples.knot_times_s)


def test_a_file_with_more_rows_than_its_start_promised_is_read_whole(tmp_path):
    path = tmp_path / "a.csv.gz"
    accel_g = np.zeros((200_000, 3))
    accel_g[:1000] = accel(1000)  # the rest packs far better than expected
    write_recording(path, INFO, times(200_000), accel_g)
    recording = read_recording(path)
    assert np.array_equal(all_samples(recording), np.round(accel_g, 4))
