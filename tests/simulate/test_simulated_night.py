"""A simulated night holds what its plan says, and its truth is in its samples."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.signal import find_peaks

from clonus_sense.simulate import DisturbanceKind, NightPlan, Placement, SimulatedSensor, simulate_night

QUIET = SimulatedSensor(fs_hz=100.0, noise_g=0.0, step_g=0.0)
PLAN = NightPlan(hours=0.75, sensor=SimulatedSensor(fs_hz=52.0, rate_error=0.02, noise_g=0.003), n_bouts=6)
NO_DISTURBANCES = {
    name: 0
    for name in NightPlan.__dataclass_fields__
    if name.startswith("n_") and name not in ("n_bouts", "n_bouts_after_turns")
}


@pytest.fixture(scope="module")
def night():
    """One night of three quarters of an hour."""
    return simulate_night(PLAN, seed=4)


def test_the_plan_is_kept(night):
    kinds = [disturbance.kind for disturbance in night.disturbances]
    assert len(night.truth) == 7
    assert kinds.count(DisturbanceKind.TURN) == PLAN.n_turns + PLAN.n_bouts_after_turns
    assert kinds.count(DisturbanceKind.KICK) == PLAN.n_kicks
    assert kinds.count(DisturbanceKind.BATHROOM) == 1
    assert len(night.gaps) == PLAN.n_gaps
    assert [bout.onset_s for bout in night.truth] == sorted(bout.onset_s for bout in night.truth)
    assert {bout.kind.split("|")[0] for bout in night.truth} == {"dde", "phen"}


def test_the_same_seed_repeats_the_night_exactly_and_another_does_not(night):
    again, other = simulate_night(PLAN, seed=4), simulate_night(PLAN, seed=5)
    np.testing.assert_array_equal(night.accel_g, again.accel_g)
    np.testing.assert_array_equal(night.times_s, again.times_s)
    assert (night.truth, night.disturbances, night.gaps) == (again.truth, again.disturbances, again.gaps)
    assert other.truth != night.truth


def test_events_do_not_depend_on_the_sensor(night):
    other = simulate_night(replace(PLAN, sensor=SimulatedSensor(fs_hz=100.0)), seed=4)
    assert other.disturbances == night.disturbances
    assert [bout.beat_times_s for bout in other.truth] == [bout.beat_times_s for bout in night.truth]


def test_nothing_is_recorded_in_gaps_and_everything_outside(night):
    steps_s = np.diff(night.times_s)
    period_s = 1 / (52.0 * 1.02)
    assert np.sum(steps_s > 1.5 * period_s) == len(night.gaps)
    for gap in night.gaps:
        assert not ((night.times_s >= gap.start_s) & (night.times_s < gap.end_s)).any()
        assert gap.duration_s == pytest.approx(
            steps_s[np.searchsorted(night.times_s, gap.start_s) - 1], abs=2 * period_s
        )


def test_bouts_stay_clear_of_gaps_and_of_each_other(night):
    spans = sorted([(b.onset_s, b.offset_s) for b in night.truth] + [(g.start_s, g.end_s) for g in night.gaps])
    assert all(start_s - end_s > 1.5 for (_, end_s), (start_s, _) in pairwise(spans))


def test_values_lie_on_the_sensors_steps(night):
    steps = night.accel_g / night.info.step_g
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-6)


def test_a_resting_leg_shows_one_g_and_the_stated_noise(night):
    events = [(d.start_s, d.end_s) for d in night.disturbances] + [
        (b.onset_s - 1.5, b.offset_s + 1.5) for b in night.truth
    ]
    resting = np.ones(len(night.times_s), dtype=bool)
    for start_s, end_s in events:
        resting &= (night.times_s < start_s) | (night.times_s > end_s)
    magnitude_g = np.linalg.norm(night.accel_g[resting], axis=1)
    assert magnitude_g.mean() == pytest.approx(1.0, abs=0.002)
    # Breathing adds at most 1.5 mg to 3 mg of noise.
    assert 0.0028 < magnitude_g.std() < 0.0036


@pytest.mark.parametrize("placement", Placement)
def test_truth_agrees_with_peaks_counted_on_the_samples(placement):
    plan = replace(
        NightPlan(hours=0.2, sensor=QUIET, placement=placement, n_bouts=8, breathing_g=0.0), **NO_DISTURBANCES
    )
    plan = replace(plan, n_bouts_after_turns=0)
    night = simulate_night(plan, seed=1)
    assert len(night.truth) == 8
    for bout in night.truth:
        rows = (night.times_s >= bout.onset_s) & (night.times_s < bout.offset_s)
        moving_g = night.accel_g[rows] - night.accel_g[rows].mean(axis=0)
        on_axis_g = moving_g @ np.linalg.svd(moving_g, full_matrices=False)[2][0]
        counts = [len(find_peaks(sign * on_axis_g, prominence=0.25 * bout.peak_g)[0]) for sign in (1, -1)]
        assert min(abs(count - bout.beats) for count in counts) <= 1
        assert np.ptp(on_axis_g) / 2 == pytest.approx(bout.peak_g, rel=0.08)
        assert (bout.beats - 1) / (bout.beat_times_s[-1] - bout.beat_times_s[0]) == pytest.approx(bout.frequency_hz)


def test_a_sensor_taken_off_lies_flat_and_shows_its_noise_alone():
    night = simulate_night(NightPlan(hours=0.6, taken_off_at_s=1600.0, n_gaps=0, n_bouts=4, breathing_g=0.01), seed=2)
    assert night.disturbances[-1].kind is DisturbanceKind.PUT_DOWN
    assert all(bout.offset_s < 1600.0 for bout in night.truth)
    table_g = night.accel_g[night.times_s > 1610.0]
    assert table_g.mean(axis=0) == pytest.approx([0.0, 0.0, 1.0], abs=1e-3)
    assert table_g.std(axis=0) == pytest.approx([0.003] * 3, rel=0.05)
    worn_g = night.accel_g[night.times_s < 1600.0]
    assert np.abs(worn_g - np.median(worn_g, axis=0)).max() > 0.5


def test_a_truly_still_leg_differs_from_a_breathing_one():
    calm = replace(NightPlan(hours=0.1, sensor=QUIET, n_bouts=0, n_bouts_after_turns=0), **NO_DISTURBANCES)
    still, breathing = (simulate_night(replace(calm, breathing_g=size_g), seed=0) for size_g in (0.0, 0.0015))
    assert np.ptp(still.accel_g, axis=0).max() < 1e-12
    # All axes sway together: their spans make one vector of twice the size.
    assert np.linalg.norm(np.ptp(breathing.accel_g, axis=0)) == pytest.approx(0.003, rel=0.02)


def test_a_night_without_clonus_has_no_truth():
    assert simulate_night(NightPlan(hours=0.5, n_bouts=0, n_bouts_after_turns=0), seed=0).truth == ()


def test_a_weak_bout_is_stated_with_its_signal_to_background():
    plan = replace(NightPlan(hours=0.1, n_bouts=2, n_bouts_after_turns=0, peak_g=(0.03, 0.03)), **NO_DISTURBANCES)
    for bout in simulate_night(plan, seed=3).truth:
        generator, placement, tag, ratio = bout.kind.split("|")
        assert (placement, tag) == ("foot", "night")
        assert generator in ("dde", "phen")
        # At most 30 mg against 3 mg on each of three axes.
        assert 0 < float(ratio.removeprefix("snr")) <= 20 * np.log10(0.030 / 0.003 / np.sqrt(2) / np.sqrt(3)) + 1
