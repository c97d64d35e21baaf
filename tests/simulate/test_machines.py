"""Machines are steady where people are not."""

import numpy as np
import pytest
from scipy.signal import find_peaks

from clonus_sense.simulate.disturbances import Scene
from clonus_sense.simulate.machines import simulate_air_mattress, simulate_hum, simulate_stimulation
from clonus_sense.terms import Placement

LYING_G = np.array([0.0, 0.6, 0.8])


def scene_of(duration_s, fs_hz=200.0):
    """A scene in which the posture stays."""
    return Scene(np.arange(0.0, duration_s, 1 / fs_hz), duration_s, LYING_G, LYING_G, Placement.FOOT)


@pytest.mark.parametrize("frequency_hz", [2.0, 5.5, 10.0])
def test_stimulation_is_metronomic_in_trains_with_pauses(frequency_hz):
    scene = scene_of(60.0, fs_hz=1000.0)
    moving_g = (simulate_stimulation(scene, np.random.default_rng(1), frequency_hz=frequency_hz) - LYING_G)[:, 2]
    twitches, _ = find_peaks(moving_g, height=0.7 * moving_g.max(), distance=50)
    intervals_s = np.diff(scene.times_s[twitches])
    inside = intervals_s < 1.5 / frequency_hz
    assert inside.sum() > 20
    np.testing.assert_allclose(intervals_s[inside], 1 / frequency_hz, atol=0.002)
    # Between trains, seconds of nothing.
    assert intervals_s[~inside].min() > 3.0
    assert np.abs(moving_g).max() <= 2 * 0.6


def test_hum_is_one_line_of_the_spectrum():
    scene = scene_of(100.0)
    hum_g = simulate_hum(scene, np.random.default_rng(2), frequency_hz=7.0) - LYING_G
    power = (np.abs(np.fft.rfft(hum_g, axis=0)) ** 2).sum(axis=1)
    frequency_hz = np.fft.rfftfreq(len(hum_g), 1 / 200.0)
    line = np.abs(frequency_hz - 7.0) < 0.2
    assert power[line].sum() > 0.99 * power.sum()
    assert 0.002 < np.abs(hum_g).max() < 0.04


def test_an_air_mattress_tilts_slowly_and_keeps_gravity_near_one():
    scene = scene_of(600.0, fs_hz=50.0)
    accel_g = simulate_air_mattress(scene, np.random.default_rng(3))
    tilt_deg = np.degrees(np.arccos(np.clip(accel_g @ LYING_G / np.linalg.norm(accel_g, axis=1), -1, 1)))
    assert 0.4 < np.median(np.sort(tilt_deg)[-1000:]) < 4.0
    assert np.abs(np.linalg.norm(accel_g, axis=1) - 1.0).max() < 0.03
