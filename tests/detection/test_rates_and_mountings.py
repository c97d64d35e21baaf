"""The same movement is measured alike at every rate, in every mounting and by a sensor that is a little off."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from clonus_sense.model import EpisodeClass, Site
from clonus_sense.simulate import BoutShape, Placement, ReflexLoop, simulate_bout, simulate_reflex_loop
from clonus_sense.simulate.placement import sample_acceleration
from tests.detection.builders import detect, make_accel, make_bout, make_times

RATES_HZ = (25.0, 40.0, 52.0, 64.0, 100.0, 104.0, 200.0, 400.0)
SUPINE_G = np.array([0.94, 0.0, 0.34]) / np.hypot(0.94, 0.34)
LOOPS = {
    "sustained": ReflexLoop(gain_noise=0.1),
    "damped": ReflexLoop(threshold=0.8),
    "fading": ReflexLoop(adaptation=0.4),
    "drifting": ReflexLoop(max_torque_nm=9.0, threshold=0.2, fatigue_per_s=0.09),
}


@cache
def simulate_loop(name):
    return simulate_reflex_loop(LOOPS[name], 4.5, load_at_s=0.5, unload_at_s=3.0, seed=1)


def sample_loop(name, times_s, placement=Placement.FOOT, *, noise_g=0.002):
    accel_g = sample_acceleration(simulate_loop(name), placement, SUPINE_G, times_s - 3.0)
    return accel_g + noise_g * np.random.default_rng(len(times_s)).standard_normal(accel_g.shape)


def assert_alike(episodes, expected):
    assert [episode.episode_class for episode in episodes] == [episode.episode_class for episode in expected]
    for got, wanted in zip(episodes, expected, strict=True):
        assert abs(got.beats - wanted.beats) <= 1
        assert abs(got.onset_s - wanted.onset_s) <= 0.040
        assert abs(got.frequency_hz - wanted.frequency_hz) <= 0.1


@pytest.mark.parametrize("name", LOOPS)
def test_reflex_loop_at_every_rate_gives_the_same_episode(name):
    found = {
        fs_hz: detect(make_times(10.0, fs_hz), sample_loop(name, make_times(10.0, fs_hz)), fs_hz=fs_hz)
        for fs_hz in RATES_HZ
    }
    assert len(found[100.0]) == 1
    for episodes in found.values():
        assert_alike(episodes, found[100.0])


@pytest.mark.parametrize("frequency_hz", [4.7, 6.0, 8.0])
@pytest.mark.parametrize("beats", [5, 14])
def test_known_beats_at_every_rate(beats, frequency_hz):
    bout = make_bout(beats=beats, frequency_hz=frequency_hz)
    for fs_hz in RATES_HZ:
        [episode] = detect(make_times(10.0, fs_hz), make_accel(make_times(10.0, fs_hz), [bout]), fs_hz=fs_hz)
        assert episode.episode_class is EpisodeClass.CLONUS
        assert episode.beats == beats
        assert episode.onset_s == pytest.approx(bout.onset_s, abs=0.020)
        assert episode.offset_s == pytest.approx(bout.offset_s, abs=0.020)
        # The bout is built from its acceleration, whose peaks at the edges stand beside the ends of the swings.
        assert episode.frequency_hz == pytest.approx(bout.frequency_hz, abs=0.15)
        assert np.allclose(episode.beat_times_s, bout.beat_times_s, atol=0.012)


@pytest.mark.parametrize("fs_hz", RATES_HZ)
def test_smooth_nearly_sinusoidal_bout_is_found_with_its_truth(fs_hz):
    shape = BoutShape(jitter_ratio=0.03, waver_ratio=0.1, second_harmonic=0.02, third_harmonic=0.02)
    recording = simulate_bout(beats=12, frequency_hz=5.8, amplitude_g=0.3, fs_hz=fs_hz, noise_g=0.001, shape=shape)
    [truth] = recording.truth
    [episode] = detect(recording.times_s, recording.accel_g, fs_hz=fs_hz)
    assert episode.episode_class is EpisodeClass.CLONUS
    assert abs(episode.beats - truth.beats) <= 1
    assert episode.onset_s == pytest.approx(truth.onset_s, abs=0.040)
    assert episode.frequency_hz == pytest.approx(truth.frequency_hz, abs=0.1)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), name=st.sampled_from(sorted(LOOPS)))
def test_no_mounting_changes_what_is_found(seed, name):
    times_s = make_times(10.0, 52.0)
    accel_g = sample_loop(name, times_s)
    upright = detect(times_s, accel_g, fs_hz=52.0)
    mounting = Rotation.random(random_state=seed)
    turned = detect(times_s, mounting.apply(accel_g), fs_hz=52.0)
    assert_alike(turned, upright)
    assert np.allclose([e.axis for e in turned], mounting.apply([e.axis for e in upright]), atol=0.02)


@pytest.mark.parametrize("placement", [Placement.ANKLE, Placement.SHANK, Placement.SHANK_PLANTED])
def test_the_same_clonus_is_found_at_other_places_of_the_leg(placement):
    times_s = make_times(10.0, 100.0)
    [foot] = detect(times_s, sample_loop("sustained", times_s))
    [episode] = detect(times_s, sample_loop("sustained", times_s, placement), site=Site.SHANK)
    assert episode.episode_class is EpisodeClass.CLONUS
    assert abs(episode.beats - foot.beats) <= 2
    assert episode.frequency_hz == pytest.approx(foot.frequency_hz, abs=0.2)


@pytest.mark.parametrize("rate_error", [-0.02, 0.02])
@pytest.mark.parametrize("fs_hz", [25.0, 100.0, 104.0])
def test_sensor_that_is_two_per_cent_off_measures_right_times_and_frequency(fs_hz, rate_error):
    times_s = make_times(70.0, fs_hz, rate_error=rate_error)
    bout = make_bout(60.0, beats=30)
    [episode] = detect(times_s, make_accel(times_s, [bout]), fs_hz=fs_hz)
    assert episode.beats == 30
    assert episode.onset_s == pytest.approx(bout.onset_s, abs=0.010)
    assert episode.offset_s == pytest.approx(bout.offset_s, abs=0.010)
    assert episode.frequency_hz == pytest.approx(bout.frequency_hz, abs=0.02)  # 2 % would be 0.12 Hz


def test_band_is_held_against_true_not_nominal_frequency():
    # 8.4 Hz seen by a sensor that is 2 % slow looks like 8.57 Hz by its nominal rate, above the band.
    bout = make_bout(beats=20, frequency_hz=8.4)
    times_s = make_times(10.0, 100.0, rate_error=-0.02)
    [episode] = detect(times_s, make_accel(times_s, [bout]))
    assert episode.episode_class is EpisodeClass.CLONUS


@pytest.mark.parametrize("frequency_hz", [5.0, 6.5, 8.0])
def test_strength_is_that_of_the_movement(frequency_hz):
    bout = make_bout(beats=12, frequency_hz=frequency_hz, peak_g=0.4, second_harmonic=0.0)
    level = type(bout)(bout.beat_times_s, (0.2, *(0.4,) * 10, 0.2), (0.0, 0.6, -0.8), 0.0)
    [episode] = detect(make_times(10.0), make_accel(make_times(10.0), [level], noise_g=0.0005))
    assert episode.peak_g == pytest.approx(0.4, rel=0.05)
    assert 0.7 * 0.4 / np.sqrt(2) < episode.rms_g < 0.4 / np.sqrt(2)
    assert np.abs(np.dot(episode.axis, (0.0, 0.6, -0.8))) == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize("fs_hz", [50.0, 100.0])
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("name", LOOPS)
def test_coarse_steps_of_the_sensor_change_little(name, bits, fs_hz):
    times_s = make_times(10.0, fs_hz)
    accel_g = sample_loop(name, times_s)
    step_g = 8.0 / 2**bits  # a range of 4 g either way
    [fine], coarse = detect(times_s, accel_g, fs_hz=fs_hz), np.round(accel_g / step_g) * step_g
    [episode] = detect(times_s, coarse, fs_hz=fs_hz)
    assert_alike([episode], [fine])
    assert episode.peak_g == pytest.approx(fine.peak_g, rel=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_beats_of_four_steps_are_enough(seed):
    step_g = 8.0 / 2**8
    times_s = make_times(10.0)
    accel_g = make_accel(times_s, [make_bout(beats=12, peak_g=6.0 * step_g, seed=seed)], noise_g=0.005, seed=seed)
    [fine] = detect(times_s, accel_g)
    [episode] = detect(times_s, np.round(accel_g / step_g) * step_g)
    assert_alike([episode], [fine])
    assert episode.peak_g == pytest.approx(fine.peak_g, rel=0.1)
