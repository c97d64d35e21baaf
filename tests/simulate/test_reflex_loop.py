"""The outcomes of the reference model: which ankles beat on, which stop, and how fast."""

import time
from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import find_peaks

from clonus_sense.errors import SettingsError
from clonus_sense.simulate.movement import STEP_S
from clonus_sense.simulate.reflex_loop import DAMPED, DRIFTING, FADING, NOISY, SUSTAINED, simulate_reflex_loop
from clonus_sense.simulate.truth import find_bouts
from clonus_sense.terms import Placement

TOES_UP_G = np.array([1.0, 0.0, 0.0])


def bout_of(loop, duration_s=12.0, **times):
    """The one bout that a foot sensor sees."""
    (bout,) = find_bouts(simulate_reflex_loop(loop, duration_s, **times), Placement.FOOT, TOES_UP_G)
    return bout


def settled_swing_deg(loop, duration_s=12.0):
    """Peak to peak of the angle well after the start."""
    angle_rad = simulate_reflex_loop(loop, duration_s).angle_rad
    return float(np.degrees(np.ptp(angle_rad[int(0.6 * len(angle_rad)) :])))


def test_the_reference_beats_at_6_5_hz_over_6_degrees_for_as_long_as_it_is_loaded():
    bout = bout_of(SUSTAINED)
    assert bout.frequency_hz == pytest.approx(6.5, abs=0.05)
    assert bout.beats == pytest.approx(75, abs=1)
    assert settled_swing_deg(SUSTAINED) == pytest.approx(6.0, abs=0.1)
    intervals_s = np.diff(bout.beat_times_s)[4:]
    assert intervals_s.std() / intervals_s.mean() < 0.004


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold": 0.7},
        {"threshold": 0.9},
        {"max_torque_nm": 2.2},
        {"damping_nms_per_rad": 0.45},
        {"twitch_time_s": 0.040},
        {"load_nm": 1.8},
    ],
)
def test_a_damped_loop_gives_four_to_nine_beats(changed):
    bout = bout_of(replace(SUSTAINED, **changed))
    # The kick makes the first beats large, so that 20 % of them costs the last ones.
    assert 3 <= bout.beats <= 9
    assert 6.2 <= bout.frequency_hz <= 7.0
    assert 0.4 <= bout.offset_s - bout.onset_s <= 1.5
    assert settled_swing_deg(replace(SUSTAINED, **changed)) < 0.1


@pytest.mark.parametrize(
    ("changed", "frequency_hz", "swing_deg"),
    [
        ({"load_nm": 4.5}, 7.2, 5.7),
        ({"inertia_kg_m2": 0.045}, 4.3, 17.7),
        ({"delay_s": 0.030}, 6.95, 6.3),
        ({"delay_s": 0.050}, 6.35, 4.9),
        ({"stiffness_nm_per_rad": 8.0}, 6.06, 8.8),
        ({"max_torque_nm": 4.5}, 6.25, 8.9),
        ({"max_torque_nm": 6.5}, 5.9, 13.8),
    ],
)
def test_load_inertia_delay_stiffness_and_gain_move_the_frequency_as_tabulated(changed, frequency_hz, swing_deg):
    loop = replace(SUSTAINED, **changed)
    assert bout_of(loop).frequency_hz == pytest.approx(frequency_hz, abs=0.06)
    assert settled_swing_deg(loop) == pytest.approx(swing_deg, abs=0.15)


@pytest.mark.parametrize(
    "changed",
    [{"max_torque_nm": 0.0}, {"stiffness_nm_per_rad": 60.0, "damping_nms_per_rad": 0.6}, {"load_nm": 6.0}],
    ids=["no reflex", "orthosis", "overstretched"],
)
def test_without_reflex_in_an_orthosis_or_overstretched_the_foot_comes_to_rest(changed):
    assert settled_swing_deg(replace(SUSTAINED, **changed)) < 0.01


def test_a_longer_delay_stops_after_about_fourteen_beats():
    assert bout_of(replace(SUSTAINED, delay_s=0.058)).beats == pytest.approx(14, abs=2)


@pytest.mark.parametrize(("adaptation", "duration_s"), [(0.1, 5.4), (0.4, 2.1), (1.0, 1.2)])
def test_adaptation_ends_the_bout_and_its_last_intervals_are_the_shortest(adaptation, duration_s):
    bout = bout_of(replace(SUSTAINED, adaptation=adaptation))
    assert bout.offset_s - bout.onset_s == pytest.approx(duration_s, abs=0.25)
    intervals_s = np.diff(bout.beat_times_s)
    assert intervals_s[-1] == intervals_s.min()


def test_fatigue_lets_frequency_and_swing_fall_over_many_seconds():
    movement = simulate_reflex_loop(DRIFTING, 20.0)
    (bout,) = find_bouts(movement, Placement.FOOT, TOES_UP_G)
    intervals_s = np.diff(bout.beat_times_s)
    assert 1 / intervals_s[:10].mean() - 1 / intervals_s[-10:].mean() > 0.15
    swing_deg = [
        np.degrees(np.ptp(movement.angle_rad[round(at / STEP_S) : round((at + 1) / STEP_S)])) for at in (3, 18)
    ]
    assert swing_deg[0] > 1.2 * swing_deg[1]


def test_unloading_stops_the_beats():
    bout = bout_of(SUSTAINED, unload_at_s=4.0)
    assert 4.0 <= bout.offset_s <= 4.5


def test_the_first_intervals_are_the_longest():
    intervals_s = np.diff(bout_of(SUSTAINED).beat_times_s)
    assert np.all(np.diff(intervals_s[:4]) < 0)


def test_gain_noise_varies_the_intervals_and_the_seed_repeats_them():
    first, again, other = (simulate_reflex_loop(NOISY, 8.0, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.angle_rad, again.angle_rad)
    assert not np.array_equal(first.angle_rad, other.angle_rad)
    (bout,) = find_bouts(first, Placement.FOOT, TOES_UP_G)
    intervals_s = np.diff(bout.beat_times_s)[4:]
    assert 0.01 < intervals_s.std() / intervals_s.mean() < 0.04


def test_presets_are_what_their_names_say():
    n_beats = {name: bout_of(loop).beats for name, loop in (("damped", DAMPED), ("fading", FADING))}
    assert 4 <= n_beats["damped"] <= 9 < n_beats["fading"] <= 20


def test_the_angle_is_the_integral_of_the_rate_and_rests_until_the_load_comes():
    movement = simulate_reflex_loop(SUSTAINED, 2.0, load_at_s=0.7)
    assert not movement.angle_rad[: round(0.7 / STEP_S)].any()
    np.testing.assert_allclose(np.cumsum(movement.rate_rad_s) * STEP_S, movement.angle_rad, atol=1e-12)
    beats, _ = find_peaks(movement.angle_rad)
    assert movement.times_s[beats[0]] > 0.7


def test_twenty_seconds_take_well_under_a_second():
    start_s = time.perf_counter()
    simulate_reflex_loop(SUSTAINED, 20.0)
    # About 0.1 s on a laptop; the limit only catches a fall back to arrays.
    assert time.perf_counter() - start_s < 1.0


def test_a_massless_foot_and_an_empty_simulation_are_refused_with_a_sentence():
    with pytest.raises(SettingsError, match=r"inertia_kg_m2 .* must be positive"):
        replace(SUSTAINED, inertia_kg_m2=0.0)
    with pytest.raises(SettingsError, match="positive duration"):
        simulate_reflex_loop(SUSTAINED, 0.0)
