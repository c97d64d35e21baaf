from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clonus_sense.report.postures import PostureSpan, find_postures, find_turns
from tests.activity.builders import make_epochs, tilted

LOST = {"movement_g": None}
BACK, SIDE, CHAIR = ({"gravity": tilted(angle_deg)} for angle_deg in (0.0, 90.0, 150.0))


def told(epochs, **options):
    return [(span.start_s / 60, span.end_s / 60, span.letter) for span in find_postures(epochs, **options)]


def test_a_posture_that_comes_back_has_its_letter_again():
    epochs = make_epochs((10, BACK), (20, SIDE), (5, BACK), (5, CHAIR))
    assert told(epochs) == [(0, 10, "A"), (10, 30, "B"), (30, 35, "A"), (35, 40, "C")]
    assert find_turns(epochs) == [600.0, 1800.0, 2100.0]


def test_a_leg_on_its_way_has_no_posture():
    assert told(make_epochs((10, BACK), (1, CHAIR), (10, SIDE))) == [(0, 10, "A"), (11, 21, "B")]


def test_a_gap_ends_a_posture_and_the_same_one_goes_on_after_it():
    assert told(make_epochs((10, BACK), (3, LOST), (10, BACK))) == [(0, 10, "A"), (13, 23, "A")]


def test_a_small_movement_is_no_turn():
    epochs = make_epochs((10, BACK), (10, {"gravity": tilted(30.0)}))
    assert told(epochs) == [(0, 20, "A")]
    assert find_turns(epochs) == []


def test_a_second_recording_shares_no_letter_with_the_first():
    assert told(make_epochs((10, BACK), (10, SIDE)), n_before=2) == [(0, 10, "C"), (10, 20, "D")]


def test_nothing_measured_has_no_posture():
    assert told(make_epochs((10, LOST))) == told([]) == []


def test_letters_go_on_after_z():
    assert [PostureSpan(0.0, 1.0, number).letter for number in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from([BACK, SIDE, CHAIR, LOST])), max_size=12))
def test_postures_never_overlap_and_no_number_is_left_out(parts):
    spans = find_postures(make_epochs(*((half_minutes / 2, what) for half_minutes, what in parts)))
    assert all(before.end_s <= after.start_s for before, after in pairwise(spans))
    assert {span.posture for span in spans} == set(range(len({span.posture for span in spans})))
