import numpy as np
import pytest

from clonus_sense.activity import (
    WearAnswer,
    WearSpan,
    WearState,
    apply_answers,
    find_wear_spans,
    judge_wear,
)
from clonus_sense.simulate import NightPlan, SimulatedSensor, simulate_night, simulate_still
from tests.activity.builders import NOISE_G, build, make_epochs, measure_wear, tilted
from tests.validation.absence import Absence, simulate_absences

WORN, ASKED, NONE = WearState.MEASURED_AND_WORN, WearState.WEAR_NOT_CONFIRMED, WearState.NOT_MEASURED
SENSOR = SimulatedSensor(fs_hz=26.0, noise_g=0.001)
MOVING = {"movement_g": 0.05}
LOST = {"movement_g": None}
# Half a minute in which hands turned the sensor this way and that, and one with a turn in bed.
HANDS = (0.5, {"movement_g": 0.03, "handling_deg": 250.0})
TURN = (0.5, {"movement_g": 0.02, "handling_deg": 20.0})
ON_SIDE = {"gravity": tilted(90.0)}


def states_of(*parts):
    """Length in minutes of each run of one state, after judging."""
    return [(span.state, (span.end_s - span.start_s) / 60) for span in find_wear_spans(judge_wear(make_epochs(*parts)))]


def minutes_of(recording, duration_s):
    times = measure_wear(build(recording.batches(), recording.info.step_g), duration_s)
    return times.worn_s / 60, times.not_confirmed_s / 60, times.not_measured_s / 60


@pytest.fixture(scope="module")
def taken_off():
    """Worn for an hour, then on a table for an hour and a half."""
    return simulate_night(NightPlan(hours=2.5, sensor=SENSOR, taken_off_at_s=3600.0, n_bouts=5, n_gaps=0), seed=2)


def test_a_sensor_taken_off_is_asked_about(taken_off):
    spans = find_wear_spans(build(taken_off.batches(), taken_off.info.step_g))
    assert [span.state for span in spans] == [WORN, ASKED]
    # Taking off lasts 8 s; the epoch after it is the first that is all still.
    assert spans[1].start_s == 3630.0
    assert spans[1].end_s == pytest.approx(9000.0, abs=30.0)


def test_a_truly_still_leg_is_asked_about_and_never_called_off():
    recording = simulate_still(0.75, SENSOR)
    assert {epoch.state for epoch in build(recording.batches(), recording.info.step_g)} == {ASKED}


@pytest.mark.parametrize("noise_g", [0.001, 0.003])
@pytest.mark.parametrize("fs_hz", [26.0, 52.0])
def test_a_night_with_clonus_and_breath_is_worn(fs_hz, noise_g):
    plan = NightPlan(hours=2.0, sensor=SimulatedSensor(fs_hz=fs_hz, noise_g=noise_g), n_gaps=2)
    worn, asked, lost = minutes_of(recording := simulate_night(plan, seed=1), 7200.0)
    assert asked == 0.0
    assert lost == pytest.approx(sum(gap.duration_s for gap in recording.gaps) / 60, abs=0.02)
    assert worn == pytest.approx(120.0 - lost)


NOTHING = {name: 0 for name in NightPlan.__dataclass_fields__ if name.startswith("n_")}


def quiet_night(**changes):
    return simulate_night(NightPlan(hours=1.0, sensor=SENSOR, **(NOTHING | changes)), seed=5)


def test_breath_confirms_a_leg_that_does_not_move_otherwise():
    worn, asked, _ = minutes_of(quiet_night(), 3600.0)
    assert (worn, asked) == pytest.approx((60.0, 0.0))


def test_breath_below_the_noise_confirms_nothing():
    worn, asked, _ = minutes_of(quiet_night(breathing_g=0.0002), 3600.0)
    assert (worn, asked) == pytest.approx((0.0, 60.0))


def test_stillness_between_worn_movement_entered_and_left_without_hands_is_worn():
    assert states_of((40, {}), TURN, (90, ON_SIDE), TURN, (30, {})) == [(WORN, 161)]


def test_half_an_hour_without_any_sign_of_a_leg_is_asked_about_and_less_is_not():
    assert states_of((29.5, {})) == [(WORN, 29.5)]
    assert states_of((30, {})) == [(ASKED, 30)]


def test_time_between_two_handlings_without_a_sign_of_a_leg_is_asked_about_with_them():
    night = (30, {}), TURN, (30, ON_SIDE)
    assert states_of(*night, HANDS, (10, {}), HANDS, *night) == [(WORN, 60.5), (ASKED, 11), (WORN, 60.5)]
    # A pause of a walk to the bathroom.
    assert states_of(*night, HANDS, (9.5, {}), HANDS, *night) == [(WORN, 131.5)]
    # A leg turns, beats or moves again and again; a sensor that somebody knocks does not.
    assert states_of(*night, HANDS, (20, {}), TURN, (20, ON_SIDE), HANDS, *night) == [(WORN, 162.5)]
    assert states_of(*night, HANDS, *[(2, {}), (1, MOVING)] * 10, HANDS, *night) == [(WORN, 152)]
    knocked = [(20, {}), (0.5, MOVING), (20, {"gravity": tilted(4.0)}), (1, MOVING), (20, {"gravity": tilted(8.0)})]
    assert states_of(*night, HANDS, *knocked, HANDS, *night) == [(WORN, 60.5), (ASKED, 62.5), (WORN, 60.5)]


def test_movement_beside_handling_belongs_to_it():
    night = (30, {}), TURN, (30, ON_SIDE)
    # It rocks to rest after the hands have gone: what beats there is no leg.
    parts = [*night, HANDS, (0.5, MOVING), (20, {}), HANDS, *night]
    judged = judge_wear(make_epochs(*parts), rhythmic_s=[61 * 60 + 3.0])
    asked_s = [epoch.start_s for epoch in judged if epoch.state is ASKED]
    assert (asked_s[0], asked_s[-1]) == (60.5 * 60, 81.5 * 60)


def test_strapping_on_at_the_start_makes_no_doubt_and_a_long_time_on_the_table_before_it_does():
    night = (50, {}), TURN, (90, ON_SIDE), TURN, (30, {})
    assert states_of((2, {}), HANDS, *night) == [(WORN, 173.5)]
    assert states_of((40, {}), HANDS, *night) == [(ASKED, 40.5), (WORN, 171)]


def test_long_stillness_that_goes_on_to_hands_or_to_the_end_is_asked_about():
    night = (60, {}), TURN, (1, ON_SIDE), TURN
    assert states_of(*night, (39.5, {})) == [(WORN, 101.5)]
    assert states_of(*night, (40, {})) == [(WORN, 62), (ASKED, 40)]
    assert states_of(*night, (40, {}), HANDS, *night[2:], *night) == [(WORN, 62), (ASKED, 40.5), (WORN, 63.5)]


def test_long_stillness_after_hands_that_may_have_taken_it_off_is_asked_about():
    night = (60, {}), TURN, (1, ON_SIDE), TURN, (1, {})
    # The strapping on after it was missed.
    assert states_of(*night, HANDS, (40, ON_SIDE), TURN, *night) == [(WORN, 63), (ASKED, 40.5), (WORN, 63.5)]
    assert states_of(*night, HANDS, (39.5, ON_SIDE), TURN, *night) == [(WORN, 166.5)]


def test_a_gap_that_hides_hands_ends_a_stay():
    moving_leg = (20, {}), TURN, (4, ON_SIDE)
    # A short gap in one posture: the leg before and after it is the same.
    assert states_of(*moving_leg, (4, LOST), (35, ON_SIDE))[-1] == (WORN, 35)
    # Five minutes, or another posture: the sensor may lie on a table since.
    assert states_of(*moving_leg, (6, LOST), (35, ON_SIDE))[-1] == (ASKED, 35)
    assert states_of(*moving_leg, (1, LOST), (35, {}))[-1] == (ASKED, 35)


def test_flicker_noise_is_no_breath_and_breath_is():
    assert states_of((40, {"sway_ratio": 2.0})) == [(ASKED, 40)]
    assert states_of((40, {"sway_ratio": 3.0})) == [(WORN, 40)]
    # A sensor so coarse that it shows nothing at all.
    assert states_of((40, {"sway_ratio": None})) == [(ASKED, 40)]


def test_a_leg_that_sinks_is_worn_and_a_sensor_that_cools_is_not():
    sinking = [(0.5, {"gravity": tilted(0.2 * k)}) for k in range(76)]
    assert states_of(*sinking) == [(WORN, 38)]
    cooling = [(0.5, {"gravity": tilted(0.7 * min(k, 20) / 20)}) for k in range(80)]
    assert states_of(*cooling) == [(ASKED, 40)]


def test_what_was_not_measured_neither_ends_stillness_nor_adds_to_it():
    assert states_of((16, {}), (4, LOST), (16, {})) == [(ASKED, 16), (NONE, 4), (ASKED, 16)]
    assert states_of((14, {}), (4, LOST), (14, {})) == [(WORN, 14), (NONE, 4), (WORN, 14)]


def test_a_still_leg_with_an_episode_every_few_minutes_is_worn():
    night = quiet_night(breathing_g=0.0, n_bouts=20)
    worn, asked, _ = minutes_of(night, 3600.0)
    assert (worn, asked) == pytest.approx((60.0, 0.0))


def test_no_gravity_at_all_is_one_posture():
    assert states_of((30, {"gravity": None})) == [(ASKED, 30)]
    assert states_of((20, {"gravity": None}), TURN, (20, {})) == [(WORN, 40.5)]


def test_the_answer_wins(taken_off):
    epochs = build(taken_off.batches(), taken_off.info.step_g)
    duration_s = 9000.0
    worn = measure_wear(apply_answers(epochs, [WearAnswer(0.0, 9030.0, worn=True)]), duration_s)
    assert (worn.worn_s, worn.not_confirmed_s) == pytest.approx((9000.0, 0.0), abs=0.05)
    off = measure_wear(apply_answers(epochs, [WearAnswer(3605.0, 9030.0, worn=False)]), duration_s)
    # The middle of the epoch from 3600 s on lies after 3605 s.
    assert (off.worn_s, off.not_confirmed_s, off.not_measured_s) == pytest.approx((3600.0, 0.0, 5400.0), abs=0.05)
    unanswered = measure_wear(epochs, duration_s)
    assert unanswered.not_confirmed_s == pytest.approx(9000.0 - 3630.0, abs=0.05)


def test_the_last_of_several_answers_counts_and_intervals_are_half_open():
    epochs = make_epochs((2, {}))
    said = [WearAnswer(0.0, 120.0, worn=False), WearAnswer(45.0, 75.0, worn=True)]
    assert [epoch.state for epoch in apply_answers(epochs, said)] == [NONE, WORN, NONE, NONE]


def test_no_answer_makes_samples_of_a_gap_and_a_taken_back_one_leaves_no_trace():
    epochs = make_epochs((1, LOST), (1, {"state": ASKED}))
    all_worn = apply_answers(epochs, [WearAnswer(0.0, 120.0, worn=True)])
    assert [epoch.state for epoch in all_worn] == [NONE, NONE, WORN, WORN]
    back = apply_answers(epochs, [WearAnswer(0.0, 120.0, worn=False), WearAnswer(0.0, 120.0, worn=True)])
    assert back == all_worn


def test_spans_end_where_the_state_changes_or_epochs_are_missing():
    epochs = make_epochs((1, {}), (1, LOST), (2, {}))
    assert find_wear_spans([*epochs[:5], *epochs[6:]]) == (
        WearSpan(WORN, 0.0, 60.0),
        WearSpan(NONE, 60.0, 120.0),
        WearSpan(WORN, 120.0, 150.0),
        WearSpan(WORN, 180.0, 240.0),
    )


def test_the_three_times_add_up_to_the_recording():
    epochs = make_epochs((1, {"measured_s": 20.0}), (1, {"state": ASKED}), (1, LOST))
    times = measure_wear(epochs, duration_s=170.0)
    assert (times.worn_s, times.not_confirmed_s, times.not_measured_s) == (40.0, 60.0, 70.0)
    assert measure_wear(epochs[:2], duration_s=np.nextafter(40.0, 0.0)).not_measured_s == 0.0


def test_where_something_beats_is_a_leg():
    still, bump = {"movement_g": NOISE_G}, {"movement_g": 0.05}
    epochs = make_epochs((20, still), (0.5, bump), (20, still))
    asked = [epoch for epoch in judge_wear(epochs) if epoch.state is WearState.WEAR_NOT_CONFIRMED]
    assert len(asked) == len(epochs)
    # A bumped table does not beat: what beat there was a leg.
    assert all(epoch.is_worn for epoch in judge_wear(epochs, rhythmic_s=[20 * 60 + 3.0]))
    longer = make_epochs((20, still), (0.5, bump), (45, still))
    judged = judge_wear(longer, rhythmic_s=[20 * 60 + 3.0])
    assert [epoch.is_worn for epoch in judged] == [True] * 41 + [False] * 90


# Off the leg from 02:00 to 04:00 of a night that begins at 22:30.
OFF_S, BACK_S = 3.5 * 3600.0, 5.5 * 3600.0


@pytest.mark.parametrize(
    ("absences", "asked_h"),
    [
        ([], 0.0),
        ([Absence(0.0, 60.0), Absence(28_700.0)], 0.0),
        ([Absence(0.0)], 8.0),
        ([Absence(0.0, n_knocks=8)], 8.0),
        ([Absence(0.0, 60.0), Absence(OFF_S)], 4.5),
        ([Absence(0.0, 60.0), Absence(OFF_S, BACK_S, n_knocks=5)], 2.0),
        ([Absence(0.0, 60.0), Absence(OFF_S, BACK_S, n_knocks=2, in_drawer=True)], 2.0),
    ],
    ids=["worn", "strapped on and off", "evening on", "bumped", "off", "put back", "drawer"],
)
def test_table_time_of_a_night_is_asked_about_and_worn_time_is_not(absences, asked_h):
    plan = NightPlan(sensor=SimulatedSensor(fs_hz=26.0))
    night = simulate_absences(simulate_night(plan, seed=6), absences, plan.sensor, seed=6)
    epochs = build(night.batches(), night.info.step_g)
    assert measure_wear(epochs, 28_800.0).not_confirmed_s / 3600 == pytest.approx(asked_h, abs=0.02)


def test_a_deep_sleeper_and_a_leg_that_only_a_helper_moves_are_worn():
    for moving in ({"n_turns": 4}, {"n_helper_turns": 3}):
        plan = NightPlan(sensor=SimulatedSensor(fs_hz=26.0), breathing_g=0.0, **(NOTHING | moving))
        night = simulate_absences(
            simulate_night(plan, seed=2), [Absence(0.0, 60.0), Absence(28_700.0)], plan.sensor, seed=2
        )
        assert {epoch.state for epoch in build(night.batches(), night.info.step_g)} == {WORN}
