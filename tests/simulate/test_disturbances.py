"""Each disturbance is what its name says, begins and ends at rest, and is the same at every sampling rate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import find_peaks, welch

from clonus_sense.simulate.disturbances import (
    FEWEST_LIMB_MOVEMENTS,
    Scene,
    draw_limb_movements,
    ring_down,
    simulate_kick,
    simulate_leg_shaking,
    simulate_limb_movement,
    simulate_put_down,
    simulate_scratching,
    simulate_tremor,
    simulate_turn,
)
from clonus_sense.simulate.programme import DURATION_S, POSTURE_CHANGES
from clonus_sense.simulate.simulated_night import SIMULATE_BY_KIND
from clonus_sense.simulate.simulated_recording import DisturbanceKind
from clonus_sense.terms import Placement
from tests.validation.absence import SIMULATE_HANDLING
from tests.validation.handling import HANDLING_S

SUPINE_G = np.array([0.8, 0.0, 0.6])
SIDE_G = np.array([0.0, 1.0, 0.0])
BY_HAND = (DisturbanceKind.TAKEN_OFF, DisturbanceKind.THROWN, DisturbanceKind.STRAPPED_ON)
MOVES = (*POSTURE_CHANGES, DisturbanceKind.PUT_DOWN, *BY_HAND)
SIMULATE = {**SIMULATE_BY_KIND, **SIMULATE_HANDLING}
USUAL_S = {**DURATION_S, **dict.fromkeys(BY_HAND, HANDLING_S)}


def scene_of(duration_s, *, fs_hz=200.0, after_g=SUPINE_G, placement=Placement.FOOT):
    """A scene that begins supine."""
    return Scene(np.arange(0.0, duration_s, 1 / fs_hz), duration_s, SUPINE_G, after_g, placement)


def usual_scene(kind, **changes):
    """A scene of the usual length for a kind."""
    after_g = SIDE_G if kind in MOVES else SUPINE_G
    return scene_of(min(sum(USUAL_S.get(kind, (5.0, 9.0))) / 2, 130.0), after_g=after_g, **changes)


@pytest.mark.parametrize("placement", [Placement.FOOT, Placement.SHANK, Placement.THIGH])
@pytest.mark.parametrize("kind", DisturbanceKind)
def test_it_begins_before_ends_after_and_moves_between(kind, placement):
    scene = usual_scene(kind, placement=placement)
    accel_g = SIMULATE[kind](scene, np.random.default_rng(1))
    assert accel_g.shape == (len(scene.times_s), 3)
    np.testing.assert_allclose(accel_g[0], scene.before_g, atol=0.02)
    np.testing.assert_allclose(accel_g[-1], scene.after_g, atol=0.02)
    largest_g = np.abs(accel_g - np.linspace(accel_g[0], accel_g[-1], len(accel_g))).max()
    assert 0.003 < largest_g < 6.0


@pytest.mark.parametrize("kind", DisturbanceKind)
def test_chance_does_not_depend_on_the_sampling_rate(kind):
    slow, fast = (SIMULATE[kind](usual_scene(kind, fs_hz=rate), np.random.default_rng(7)) for rate in (50.0, 200.0))
    np.testing.assert_allclose(slow, fast[::4][: len(slow)], atol=1e-3)


@pytest.mark.parametrize("kind", DisturbanceKind)
def test_the_same_seed_repeats_and_another_differs(kind):
    scene = usual_scene(kind)
    first, again, other = (SIMULATE[kind](scene, np.random.default_rng(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@settings(max_examples=60, deadline=None)
@given(n_movements=st.integers(FEWEST_LIMB_MOVEMENTS, 20), seed=st.integers(0, 1000))
def test_periodic_limb_movements_obey_the_definition(n_movements, seed):
    spans = np.array(draw_limb_movements(n_movements, np.random.default_rng(seed)))
    lengths_s, intervals_s = spans[:, 1] - spans[:, 0], np.diff(spans[:, 0])
    assert len(spans) == n_movements
    assert lengths_s.min() >= 0.5
    assert lengths_s.max() <= 10.0
    assert intervals_s.min() >= 5.0
    assert intervals_s.max() <= 90.0
    assert (spans[1:, 0] > spans[:-1, 1]).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_limb_movement_holds_no_oscillation_at_5_to_8_hz(seed):
    accel_g = simulate_limb_movement(scene_of(3.0), np.random.default_rng(seed))
    frequency_hz, power = welch(accel_g, fs=200.0, nperseg=600, axis=0)
    in_band = (frequency_hz >= 5.0) & (frequency_hz <= 8.0)
    assert power[in_band].sum() < 0.03 * power[frequency_hz >= 0.3].sum()


@pytest.mark.parametrize("seed", range(8))
def test_tremor_stays_within_6_to_10_hz_and_24_mg(seed):
    moving_g = simulate_tremor(scene_of(15.0), np.random.default_rng(seed)) - SUPINE_G
    largest_g = np.linalg.norm(moving_g, axis=1).max()
    assert 0.004 < largest_g <= 0.0241
    frequency_hz, power = welch(moving_g, fs=200.0, nperseg=1000, axis=0)
    assert 5.5 <= frequency_hz[power.sum(axis=1).argmax()] <= 10.5


@pytest.mark.parametrize("seed", range(5))
def test_a_kick_is_over_within_a_second_and_a_half(seed):
    scene = scene_of(3.0)
    moving_g = np.linalg.norm(simulate_kick(scene, np.random.default_rng(seed)) - SUPINE_G, axis=1)
    assert moving_g.max() > 0.3
    assert moving_g[scene.times_s > 1.8].max() < 0.05


def test_leg_shaking_keeps_its_frequency_and_has_no_end_of_beats():
    moving_g = simulate_leg_shaking(scene_of(20.0), np.random.default_rng(2), frequency_hz=4.4) - SUPINE_G
    frequency_hz, power = welch(moving_g, fs=200.0, nperseg=2000, axis=0)
    assert frequency_hz[power.sum(axis=1).argmax()] == pytest.approx(4.4, abs=0.3)
    beats, _ = find_peaks(moving_g[:, 2], prominence=0.02, distance=20)
    assert len(beats) == pytest.approx(20.0 * 4.4, abs=4)


@pytest.mark.parametrize("seed", range(5))
def test_scratching_pulls_this_way_and_that_without_a_steady_beat(seed):
    scene = scene_of(4.0)
    moving_g = simulate_scratching(scene, np.random.default_rng(seed)) - SUPINE_G
    spread = np.linalg.svd(moving_g - moving_g.mean(axis=0), compute_uv=False)
    assert spread[1] > 0.1 * spread[0]
    assert 0.02 < np.abs(moving_g).max() < 2.5
    crests, _ = find_peaks(moving_g @ np.linalg.svd(moving_g, full_matrices=False)[2][0], prominence=0.005)
    intervals_s = np.diff(scene.times_s[crests])
    assert intervals_s.std() > 0.05 * intervals_s.mean()


def test_a_sensor_put_down_rocks_to_rest_in_a_rising_tone():
    scene = scene_of(10.0, after_g=SIDE_G)
    accel_g = simulate_put_down(scene, np.random.default_rng(3))
    rocking = scene.times_s > 6.4
    on_axis_g = (accel_g - SIDE_G)[rocking] @ np.linalg.svd((accel_g - SIDE_G)[rocking], full_matrices=False)[2][0]
    crests, _ = find_peaks(on_axis_g, prominence=0.002)
    intervals_s = np.diff(scene.times_s[rocking][crests])
    assert 9 <= len(crests) <= 14
    assert 1 / intervals_s[0] < 5.0
    assert 1 / intervals_s[-1] > 7.0
    assert np.abs(accel_g[scene.times_s > 9.0] - SIDE_G).max() < 1e-3


def test_a_thigh_is_thrown_about_less_than_a_foot():
    largest_g = [
        np.abs(simulate_turn(scene_of(4.0, placement=placement), np.random.default_rng(5)) - SUPINE_G).max()
        for placement in (Placement.FOOT, Placement.THIGH)
    ]
    assert largest_g[1] == pytest.approx(0.4 * largest_g[0], rel=1e-6)


def test_a_ring_decays_by_its_damping():
    frequency_hz, damping = 5.0, 0.1
    crests = ring_down(np.array([0.05, 0.25]), frequency_hz, damping)
    assert crests[1] / crests[0] == pytest.approx(np.exp(-damping * 2 * np.pi))
