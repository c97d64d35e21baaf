from dataclasses import replace

import pytest

from clonus_sense.activity import (
    RestWindow,
    WearAnswer,
    WearState,
    apply_answers,
    find_rest_windows,
)
from clonus_sense.simulate import NightPlan, SimulatedSensor, simulate_night, simulate_walk
from tests.activity.builders import build, make_epochs, tilted

REST = {"movement_g": 0.004}
WALK = {"movement_g": 0.2}
LOST = {"movement_g": None}
ASKED = {"state": WearState.WEAR_NOT_CONFIRMED}


def longest_of(epochs):
    return max(find_rest_windows(epochs), key=lambda window: window.length_s)


def window_of(*parts):
    """The longest window, in minutes; the first of two equal ones."""
    window = longest_of(make_epochs(*parts))
    return window.start_s / 60, window.end_s / 60


def has_none(*parts):
    return find_rest_windows(make_epochs(*parts)) == ()


def test_rest_between_two_active_times():
    assert window_of((60, WALK), (420, REST), (60, WALK)) == (60, 480)


def test_a_recording_that_is_all_rest_is_its_window():
    assert window_of((480, REST)) == (0, 480)


def test_turns_kicks_and_short_episodes_do_not_break_rest():
    assert window_of((60, WALK), *[(28, REST), (2, WALK)] * 10, (30, REST), (60, WALK)) == (60, 390)


def test_a_break_of_less_than_an_hour_is_inside_and_a_longer_one_ends_it():
    assert window_of((180, REST), (59, WALK), (120, REST)) == (0, 359)
    assert window_of((180, REST), (61, WALK), (120, REST)) == (0, 180)


def test_the_longest_counts_and_of_two_equal_ones_the_first():
    assert window_of((40, REST), (90, WALK), (300, REST), (90, WALK), (200, REST)) == (130, 430)
    assert window_of((100, REST), (90, WALK), (100, REST)) == (0, 100)


def test_a_recording_of_two_nights_has_two_windows():
    epochs = make_epochs((60, WALK), (480, REST), (900, WALK), (400, REST))
    assert find_rest_windows(epochs) == (RestWindow(3600.0, 540 * 60.0), RestWindow(1440 * 60.0, 1840 * 60.0))
    assert find_rest_windows(make_epochs((60, WALK))) == ()


def test_each_window_has_its_length():
    epochs = make_epochs((40, REST), (90, WALK), (300, REST), (90, WALK), (200, REST))
    assert [window.length_s / 60 for window in find_rest_windows(epochs)] == [40, 300, 200]


def test_half_an_hour_is_needed():
    assert window_of((60, WALK), (30, REST), (60, WALK)) == (60, 90)
    assert has_none((60, WALK), (29.5, REST), (60, WALK))


def test_a_posture_that_keeps_changing_is_no_rest():
    rocking = [(0.5, REST | {"gravity": tilted(6.0 * ((k + 1) % 2))}) for k in range(120)]
    assert window_of((120, REST), *rocking, (60, WALK)) == (0, 120)
    assert has_none(*rocking)


def test_unknown_time_inside_is_passed_over_and_outside_does_not_count():
    for unknown in (LOST, ASKED):
        assert window_of((90, unknown), (60, REST), (150, unknown), (60, REST), (90, unknown)) == (90, 360)
    # Four hours of which nothing is known.
    assert window_of((100, REST), (240, LOST), (60, REST)) == (0, 100)


def test_time_in_doubt_between_confirmed_rest_is_rest_however_long():
    assert window_of((60, WALK), (100, REST), (240, ASKED), (60, REST), (60, WALK)) == (60, 460)
    # Neither part alone is long enough for a window.
    assert window_of((60, WALK), (20, REST), (60, ASKED), (20, REST), (60, WALK)) == (60, 160)
    # A break counts only what was seen of it.
    assert window_of((60, REST), (20, WALK), (200, ASKED), (30, WALK), (60, REST)) == (0, 370)


def test_time_in_doubt_at_either_end_neither_lengthens_nor_starts_a_window():
    assert window_of((200, ASKED), (60, REST), (200, ASKED)) == (200, 260)
    assert window_of((200, ASKED), (20, REST), (90, WALK), (40, REST)) == (310, 350)
    assert has_none((200, ASKED), (20, REST), (60, WALK))
    assert has_none((60, WALK), (240, ASKED), (60, WALK))


def test_a_gap_beside_time_in_doubt_counts_as_unknown_alone():
    assert window_of((60, REST), (170, LOST), (60, ASKED), (60, REST)) == (0, 350)
    assert window_of((60, REST), (181, LOST), (60, ASKED), (70, REST)) == (301, 371)


def test_activity_and_unknown_time_in_a_break_are_counted_apart():
    assert window_of((60, REST), (30, WALK), (100, LOST), (29, WALK), (60, REST)) == (0, 279)


def test_nothing_measured_nothing_confirmed_or_no_rest_gives_no_window():
    assert has_none((60, LOST))
    assert has_none((60, ASKED))
    assert has_none((60, WALK))
    assert has_none()


def test_the_answer_that_a_still_leg_was_worn_gives_it_its_window():
    epochs = make_epochs((480, ASKED))
    answered = apply_answers(epochs, [WearAnswer(0.0, 480 * 60.0, worn=True)])
    assert longest_of(answered) == RestWindow(0.0, 480 * 60.0)


def test_recordings_of_one_night_are_put_one_after_the_other():
    first, second = make_epochs((60, WALK), (120, REST)), make_epochs((180, REST), (60, WALK))
    # The second one started 190 min and 7 s after the first.
    shifted = [replace(epoch, start_s=epoch.start_s + 190 * 60 + 7) for epoch in second]
    assert longest_of([*first, *shifted]) == RestWindow(3600.0, (190 + 180) * 60 + 7.0)
    late = [replace(epoch, start_s=epoch.start_s + 7 * 3600) for epoch in second]
    assert longest_of([*first, *late]) == RestWindow(7 * 3600.0, 10 * 3600.0)


@pytest.mark.parametrize("taken_off_at_s", [None, 5400.0])
def test_the_rest_of_a_simulated_night_after_an_evening_of_walking(taken_off_at_s):
    sensor = SimulatedSensor(fs_hz=26.0, noise_g=0.001)
    plan = NightPlan(
        hours=2.5, sensor=sensor, n_bouts=6, n_bathroom_walks=0, n_limb_movement_series=0, taken_off_at_s=taken_off_at_s
    )
    night = simulate_night(plan, seed=3)
    epochs = build(simulate_walk(1.0, sensor).batches(), sensor.step_g)
    epochs += tuple(replace(e, start_s=e.start_s + 3600.0) for e in build(night.batches(), sensor.step_g))
    window = longest_of(epochs)
    assert window.start_s == pytest.approx(3600.0, abs=180.0)
    assert window.end_s == pytest.approx(3600.0 + (taken_off_at_s or 9000.0), abs=180.0)
