import numpy as np
import pytest

from clonus_sense.activity import (
    WearState,
    compute_posture_changes_per_hour,
    find_posture_changes,
    measure_angles_deg,
)
from clonus_sense.simulate import NightPlan, SimulatedSensor, simulate_night
from tests.activity.builders import build, make_epochs, tilted

LOST = {"movement_g": None}


def changes_of(*parts):
    return [(change.at_s / 60, round(change.angle_deg, 6)) for change in find_posture_changes(make_epochs(*parts))]


def test_angles_from_epoch_to_epoch():
    epochs = make_epochs((0.5, {}), (0.5, {"gravity": tilted(50.0)}), (0.5, LOST), (0.5, {}), (0.5, {}))
    np.testing.assert_allclose(measure_angles_deg(epochs), [50.0, np.nan, np.nan, 0.0], atol=1e-6)
    assert measure_angles_deg(epochs[:1]).shape == (0,)
    assert measure_angles_deg([]).shape == (0,)


def test_a_turn_is_placed_at_the_first_epoch_of_the_new_posture():
    # The epoch with the turn in its middle shows a mixture, and belongs to neither.
    assert changes_of((10, {}), (0.5, {"gravity": tilted(45.0)}), (10, {"gravity": tilted(90.0)})) == [(10.5, 90.0)]


def test_a_turn_of_thirty_degrees_counts_and_less_does_not():
    assert changes_of((5, {}), (5, {"gravity": tilted(30.1)})) == [(5.0, 30.1)]
    assert changes_of((5, {}), (5, {"gravity": tilted(29.9)})) == []


def test_a_leg_lifted_and_laid_back_did_not_turn():
    assert changes_of((5, {}), (0.5, {"gravity": tilted(80.0)}), (5, {})) == []


def test_creeping_adds_up():
    creeping = [(0.5, {"gravity": tilted(2.1 * k)}) for k in range(20)]
    assert changes_of(*creeping) == [(7.5, 31.5)]


def test_a_turn_in_a_gap_is_found_after_it():
    assert changes_of((5, {}), (20, LOST), (5, {"gravity": tilted(60.0)})) == [(25.0, 60.0)]


def test_a_sensor_that_is_not_known_to_be_worn_does_not_turn():
    asked = {"gravity": tilted(90.0), "state": WearState.WEAR_NOT_CONFIRMED}
    assert changes_of((5, {}), (40, asked), (5, {})) == []


def test_an_epoch_without_gravity_says_nothing():
    assert changes_of((5, {}), (1, {"gravity": None}), (5, {})) == []


def test_changes_are_counted_per_worn_hour():
    epochs = make_epochs((10, {}), (30, LOST), (10, {"gravity": tilted(90.0)}), (10, {}))
    assert compute_posture_changes_per_hour(epochs) == pytest.approx(4.0)
    assert compute_posture_changes_per_hour(make_epochs((10, LOST))) is None


def posture_before(recording, disturbance):
    """Mean acceleration in the two seconds before something happened; every event has three seconds to itself."""
    return _direction(recording, disturbance.start_s - 2.0, disturbance.start_s)


def posture_after(recording, disturbance):
    return _direction(recording, disturbance.end_s, disturbance.end_s + 2.0)


def _direction(recording, start_s, end_s):
    rows = slice(*np.searchsorted(recording.times_s, [start_s, end_s]))
    mean_g = recording.accel_g[rows].mean(axis=0)
    return mean_g / np.linalg.norm(mean_g)


def test_turns_of_a_simulated_night_are_found_with_their_angles():
    nothing = {name: 0 for name in NightPlan.__dataclass_fields__ if name.startswith("n_")}
    plan = NightPlan(hours=3.0, sensor=SimulatedSensor(fs_hz=26.0), **(nothing | {"n_turns": 10, "n_kicks": 10}))
    recording = simulate_night(plan, seed=17)
    turned = []
    for turn in (d for d in recording.disturbances if d.kind == "turn"):
        cosine = posture_before(recording, turn) @ posture_after(recording, turn)
        turned.append((turn.end_s, float(np.degrees(np.arccos(cosine)))))
    large = [(at_s, angle_deg) for at_s, angle_deg in turned if angle_deg > 40.0]
    small = [angle_deg for _, angle_deg in turned if angle_deg < 20.0]
    assert len(large) >= 4
    assert small
    assert len(large) + len(small) == len(turned), "choose another seed: an angle lies near the limit"
    apart_s = np.diff([at_s for at_s, _ in turned])
    assert apart_s.min() > 90.0, "choose another seed: a posture lasts less than two epochs"
    changes = find_posture_changes(build(recording.batches(), recording.info.step_g))
    assert len(changes) == len(large)
    for change, (at_s, angle_deg) in zip(changes, large, strict=True):
        assert change.at_s == pytest.approx(at_s, abs=30.0)
        # A small turn before it may have moved the posture it is measured from.
        assert change.angle_deg == pytest.approx(angle_deg, abs=20.0)
