"""A shaped bout is what was asked for, at every placement and sampling rate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import find_peaks
from scipy.spatial.transform import Rotation

from clonus_sense.errors import SettingsError
from clonus_sense.simulate import BoutShape, Placement, simulate_bout
from clonus_sense.simulate.bouts import shape_bout


@settings(max_examples=25, deadline=None)
@given(
    beats=st.integers(3, 60),
    frequency_hz=st.floats(4.0, 8.5),
    amplitude_g=st.floats(0.03, 1.0),
    placement=st.sampled_from([Placement.FOOT, Placement.SHANK, Placement.SHANK_PLANTED]),
    seed=st.integers(0, 50),
)
def test_beats_frequency_and_peak_are_exact(beats, frequency_hz, amplitude_g, placement, seed):
    recording = simulate_bout(
        beats=beats, frequency_hz=frequency_hz, amplitude_g=amplitude_g, placement=placement, seed=seed
    )
    (bout,) = recording.truth
    assert bout.beats == beats
    assert bout.frequency_hz == pytest.approx(frequency_hz, rel=1e-3)
    assert bout.peak_g == pytest.approx(amplitude_g, rel=1e-3)
    assert bout.offset_s - bout.onset_s == pytest.approx(beats / frequency_hz, abs=0.005)


@settings(max_examples=30, deadline=None)
@given(
    beats=st.integers(3, 40),
    drift=st.floats(-0.15, 0.15),
    slow_start=st.floats(0.0, 0.25),
    waver=st.floats(0.0, 0.15),
    level=st.floats(0.5, 1.0),
    seed=st.integers(0, 200),
)
def test_no_course_costs_or_adds_a_beat(beats, drift, slow_start, waver, level, seed):
    shape = BoutShape(
        level, level, drift_ratio=drift, slow_start_ratio=slow_start, jitter_ratio=0.03, waver_ratio=waver
    )
    (bout,) = simulate_bout(beats=beats, shape=shape, seed=seed).truth
    assert bout.beats == beats


@pytest.mark.parametrize("fs_hz", [18.0, 25.0, 40.0, 52.0, 64.0, 100.0, 104.0, 200.0, 400.0])
def test_the_movement_is_the_same_at_every_rate(fs_hz):
    shape = BoutShape(jitter_ratio=0.03, waver_ratio=0.1)
    fine, recording = (simulate_bout(beats=9, fs_hz=rate, shape=shape, seed=5) for rate in (2000.0, fs_hz))
    assert recording.truth == fine.truth
    between = np.column_stack([np.interp(recording.times_s, fine.times_s, fine.accel_g[:, i]) for i in range(3)])
    np.testing.assert_allclose(recording.accel_g, between, atol=2e-3)


def test_truth_agrees_with_peaks_counted_on_the_signal_itself():
    recording = simulate_bout(beats=11, frequency_hz=5.2, amplitude_g=0.4, fs_hz=400.0)
    (bout,) = recording.truth
    # Dorsiflexion is greatest where the foot's upward acceleration is least.
    troughs, _ = find_peaks(-recording.accel_g[:, 2], prominence=0.2)
    assert len(troughs) == 11
    np.testing.assert_allclose(recording.times_s[troughs], bout.beat_times_s, atol=0.012)
    first, last = recording.times_s[troughs[[0, -1]]]
    assert bout.onset_s == pytest.approx(first - 0.5 / 5.2, abs=0.015)
    assert bout.offset_s == pytest.approx(last + 0.5 / 5.2, abs=0.015)


def test_mounting_turns_the_signal_and_leaves_the_truth():
    plain = simulate_bout(seed=2)
    turned = simulate_bout(seed=2, mounting=Rotation.from_euler("xyz", [40, -70, 160], degrees=True))
    assert turned.truth == plain.truth
    np.testing.assert_allclose(np.linalg.norm(turned.accel_g, axis=1), np.linalg.norm(plain.accel_g, axis=1))
    assert np.abs(turned.accel_g - plain.accel_g).max() > 0.5


def test_a_fast_sensor_gives_more_samples_at_true_times():
    recording = simulate_bout(fs_hz=100.0, rate_error=0.02)
    assert np.diff(recording.times_s).mean() == pytest.approx(1 / 102.0, rel=1e-4)
    assert recording.info.fs_hz == 100.0
    assert recording.truth == simulate_bout(fs_hz=100.0).truth


def test_rest_before_and_after_shows_one_g():
    recording = simulate_bout(lead_s=2.0, trail_s=3.0)
    (bout,) = recording.truth
    quiet = (recording.times_s < 2.0) | (recording.times_s > bout.offset_s + 0.1)
    np.testing.assert_allclose(np.linalg.norm(recording.accel_g[quiet], axis=1), 1.0, atol=1e-9)


def test_two_beats_and_a_bout_below_10_mg_are_refused():
    with pytest.raises(SettingsError, match="three beats or more"):
        simulate_bout(beats=2)
    with pytest.raises(SettingsError, match="choose a larger amplitude"):
        simulate_bout(amplitude_g=0.005)


@pytest.mark.parametrize("beats", [3, 5, 20])
def test_the_foot_leaves_rest_straight_towards_the_first_beat_and_comes_back_as_directly(beats):
    movement = shape_bout(beats, 6.0, BoutShape(jitter_ratio=0.02), np.random.default_rng(1))
    maxima, _ = find_peaks(movement.angle_rad)
    assert len(maxima) == beats
    assert movement.angle_rad[[0, -1]] == pytest.approx([0.0, 0.0], abs=1e-5)
    assert (np.diff(movement.angle_rad[: maxima[0]]) >= 0).all()
    assert (np.diff(movement.angle_rad[maxima[-1] :]) <= 0).all()
    # No spike where the flank meets the bout.
    assert np.abs(np.diff(movement.accel_rad_s2)).max() < 0.05 * np.abs(movement.accel_rad_s2).max()
