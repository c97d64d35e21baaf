"""Walking has its fundamental at the stride and its harmonics where clonus is."""

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt, welch

from clonus_sense.simulate.disturbances import Scene
from clonus_sense.simulate.gait import GaitStyle, simulate_bathroom, simulate_gait
from clonus_sense.simulate.leg_posture import upright_posture
from clonus_sense.terms import Placement

FS_HZ = 100.0
LYING_G = np.array([0.0, 0.0, 1.0])
USUAL = GaitStyle()


def walk(placement=Placement.SHANK, seed=0, style=USUAL, duration_s=60.0):
    """A minute of walking."""
    upright_g = upright_posture(placement)
    scene = Scene(np.arange(0.0, duration_s, 1 / FS_HZ), duration_s, upright_g, upright_g, placement)
    return simulate_gait(scene, np.random.default_rng(seed), style)


@pytest.mark.parametrize("seed", range(4))
def test_harmonics_of_a_shank_reach_into_the_band_of_clonus(seed):
    accel_g = walk(seed=seed)
    in_band_g = sosfiltfilt(
        butter(4, [5, 8], "bandpass", fs=FS_HZ, output="sos"), accel_g - accel_g.mean(axis=0), axis=0
    )
    assert 0.05 < in_band_g.std(axis=0).max() < 0.12


def test_the_spectrum_stands_on_multiples_of_the_stride():
    style = GaitStyle(stride_hz=0.9, stride_variation=0.0, pace_variation=0.0, size_variation=0.0)
    frequency_hz, power = welch(walk(style=style)[:, 2], fs=FS_HZ, nperseg=2000)
    harmonic = np.abs(frequency_hz / 0.9 - np.round(frequency_hz / 0.9)) < 0.12
    below = (frequency_hz > 0.5) & (frequency_hz < 8.0)
    assert power[below & harmonic].sum() > 0.95 * power[below].sum()


def test_strides_vary_in_time_and_size():
    heights_g = [np.abs(walk()[round(at * FS_HZ) : round((at + 2) * FS_HZ)]).max() for at in range(0, 58, 2)]
    assert 0.03 < np.std(heights_g) / np.mean(heights_g) < 0.5


def test_swing_grows_with_the_square_of_the_pace():
    swings_g = []
    for stride_hz in (0.7, 1.05):
        frequency_hz, power = welch(walk(style=GaitStyle(stride_hz=stride_hz))[:, 2], fs=FS_HZ, nperseg=2000)
        # From the second to the fourth harmonic swing outweighs both tilt and strikes.
        swings_g.append(np.sqrt(power[(frequency_hz > 1.5 * stride_hz) & (frequency_hz < 4.5 * stride_hz)].sum()))
    assert swings_g[1] / swings_g[0] == pytest.approx(1.5**2, rel=0.2)


def test_a_walker_is_upright_and_shows_one_g_in_the_mean():
    np.testing.assert_allclose(walk(duration_s=300.0).mean(axis=0), upright_posture(Placement.SHANK), atol=0.15)


def test_a_walk_to_the_bathroom_leaves_the_bed_and_comes_back():
    duration_s = 180.0
    side_g = np.array([0.0, 1.0, 0.0])
    scene = Scene(np.arange(0.0, duration_s, 1 / FS_HZ), duration_s, LYING_G, side_g, Placement.SHANK)
    accel_g = simulate_bathroom(scene, np.random.default_rng(0))
    upright = (accel_g @ upright_posture(Placement.SHANK))[(scene.times_s > 60.0) & (scene.times_s < 120.0)]
    assert upright.mean() == pytest.approx(1.0, abs=0.05)
    activity_g = [accel_g[(scene.times_s >= at) & (scene.times_s < at + 10)].std(axis=0).max() for at in (8, 85, 160)]
    assert activity_g[0] > 0.2
    assert activity_g[1] < 0.05
    assert activity_g[2] > 0.2
    np.testing.assert_allclose(accel_g[-1], side_g, atol=0.02)
