"""A sensor that leaves the leg: where it lies is known, and the night around it stays as it was."""

from math import inf

import numpy as np
import pytest

from clonus_sense.errors import SettingsError
from clonus_sense.simulate import (
    DisturbanceKind,
    NightPlan,
    SimulatedSensor,
    simulate_night,
)
from tests.validation.absence import Absence, simulate_absences

SENSOR = SimulatedSensor(fs_hz=26.0, noise_g=0.001)
PLAN = NightPlan(hours=1.5, sensor=SENSOR, n_bouts=12, n_limb_movement_series=1, n_gaps=1)
NIGHT = simulate_night(PLAN, seed=3)


def without(*absences, seed=3):
    return simulate_absences(NIGHT, absences, SENSOR, seed)


def kinds_of(night):
    return [d.kind for d in night.disturbances if d.kind in HANDLING]


HANDLING = (
    DisturbanceKind.TAKEN_OFF,
    DisturbanceKind.THROWN,
    DisturbanceKind.KNOCK,
    DisturbanceKind.DRAWER,
    DisturbanceKind.STRAPPED_ON,
)


def test_nothing_before_an_absence_changes_and_what_follows_is_the_same_leg_otherwise_strapped():
    night = without(Absence(1800.0, 3600.0))
    before, after = night.times_s < 1800.0, night.times_s >= 3600.0
    np.testing.assert_array_equal(night.accel_g[before], NIGHT.accel_g[before])
    # Turned as a whole: lengths stay, up to the sensor's steps.
    lengths_g = (np.linalg.norm(one.accel_g[after], axis=1) for one in (night, NIGHT))
    np.testing.assert_allclose(*lengths_g, atol=2 * SENSOR.step_g)
    assert not np.allclose(night.accel_g[after], NIGHT.accel_g[after], atol=0.05)
    assert night.gaps == NIGHT.gaps


def test_on_a_table_it_shows_its_noise_between_knocks():
    night = without(Absence(600.0, 4800.0, n_knocks=3))
    ((start_s, end_s),) = night.off_leg_s
    assert 605.0 <= start_s <= 640.0
    assert 4760.0 <= end_s <= 4795.0
    assert kinds_of(night) == [HANDLING[0], *[DisturbanceKind.KNOCK] * 3, HANDLING[4]]
    lying = (night.times_s >= start_s) & (night.times_s < end_s)
    for d in night.disturbances:
        if d.kind is DisturbanceKind.KNOCK:
            assert start_s <= d.start_s < d.end_s <= end_s
            lying &= (night.times_s < d.start_s) | (night.times_s >= d.end_s)
    steps_g = np.diff(night.accel_g[lying], axis=0)
    assert np.median(np.abs(steps_g)) == pytest.approx(0.6745 * np.sqrt(2) * SENSOR.noise_g, rel=0.1)
    assert np.percentile(np.abs(steps_g), 99.9) < 6 * SENSOR.noise_g
    # Its zero drifts as it cools, by no more than 10 mg.
    first_g, last_g = night.accel_g[lying][:500].mean(axis=0), night.accel_g[lying][-500:].mean(axis=0)
    assert np.linalg.norm(last_g - first_g) < 0.010 + 0.06


def test_bouts_that_the_sensor_missed_are_no_truth():
    night = without(Absence(600.0, 4800.0))
    assert len(night.truth) < len(NIGHT.truth)
    assert all(bout.offset_s <= 600.0 or bout.onset_s >= 4800.0 for bout in night.truth)
    assert all(d.kind in HANDLING for d in night.disturbances if 600.0 < d.start_s < 4800.0)


def test_a_sensor_on_the_table_from_the_start_is_not_taken_off_and_one_that_stays_there_not_strapped_on():
    assert without(Absence(0.0)).off_leg_s == ((0.0, pytest.approx(5400.0, abs=0.1)),)
    assert kinds_of(without(Absence(0.0))) == []
    assert kinds_of(without(Absence(0.0, 120.0), Absence(5000.0))) == [HANDLING[4], HANDLING[0]]


def test_a_thrown_sensor_falls():
    night = without(Absence(600.0, inf, n_knocks=1, in_drawer=True))
    assert kinds_of(night) == [DisturbanceKind.THROWN, DisturbanceKind.DRAWER]
    (thrown,) = [d for d in night.disturbances if d.kind is DisturbanceKind.THROWN]
    during = (night.times_s >= thrown.start_s) & (night.times_s < thrown.end_s)
    assert np.linalg.norm(night.accel_g[during], axis=1).min() < 0.3
    assert np.linalg.norm(night.accel_g[during], axis=1).max() > 1.5


def test_the_same_seed_repeats_and_another_differs():
    absence = Absence(600.0, 2400.0, n_knocks=1)
    np.testing.assert_array_equal(without(absence).accel_g, without(absence).accel_g)
    assert without(absence).off_leg_s != without(absence, seed=4).off_leg_s


def test_an_absence_without_room_is_refused():
    with pytest.raises(SettingsError, match="off the leg from 600 to 610 s, which is too short"):
        without(Absence(600.0, 610.0))
