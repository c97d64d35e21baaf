from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    Filing,
    Person,
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    add_person,
    annotate,
    correct_start,
    find_recording,
    list_annotations,
    list_moves,
    list_recordings,
    list_start_corrections,
    move_recordings,
    read_episodes,
    swap_sides,
)
from tests.library.made import EPISODES, INFO, add_found, add_night


def test_night_moves_with_all_that_belongs_to_it_and_leaves_a_trace(library):
    nights = [add_night(library, name) for name in "ab"]
    run = add_found(library, nights[0])
    word = annotate(library, nights[0].id, TimeSpan(1.0, 2.0), Verdict.UNSURE, Rater("", Profession.CARER))
    add_person(library, Person("P08"))
    moves = move_recordings(
        library, [night.id for night in nights], Filing("P08", "right"), moved_by="Sato", reason="beds swapped"
    )
    assert list_recordings(library, person="P07") == ()
    moved = list_recordings(library, person="P08", side="right")
    assert moved == tuple(replace(night, info=replace(INFO, person="P08", side="right")) for night in nights)
    assert read_episodes(library, run) == EPISODES
    assert list_annotations(library, nights[0].id) == (word,)
    assert [(move.recording_id, move.before, move.after) for move in moves] == [
        (night.id, Filing("P07", "left"), Filing("P08", "right")) for night in nights
    ]
    assert (moves[0].moved_by, moves[0].reason) == ("Sato", "beds swapped")
    assert list_moves(library, nights[1].id) == moves[1:]


def test_move_back_is_a_second_trace_and_no_move_is_none(library):
    night = add_night(library)
    for side in ("right", "right", "left"):
        move_recordings(library, [night.id], Filing("P07", side), moved_by="", reason="")
    assert [move.after.side for move in list_moves(library, night.id)] == ["right", "left"]
    assert find_recording(library, night.id) == night


def test_recording_of_nobody_finds_its_person(library):
    night = add_night(library, info=replace(INFO, person="", side=""))
    add_person(library, Person("P08"))
    (move,) = move_recordings(library, [night.id], Filing("P08", "left"), moved_by="", reason="")
    assert move.before == Filing("", "")
    assert find_recording(library, night.id).info.person == "P08"


@pytest.mark.parametrize(
    ("numbers", "to", "refusal"),
    [
        ([1], Filing("P99", "left"), "P99: this person is not in the library"),
        ([1, 9], Filing("P07", "right"), "Recording 9 is not in the library"),
        ([1], Filing("P07", "both"), "'both'; it must be left, right or empty"),
    ],
)
def test_move_that_cannot_be_moves_nothing(library, numbers, to, refusal):
    night = add_night(library)
    with pytest.raises(LibraryError, match=refusal):
        move_recordings(library, numbers, to, moved_by="", reason="")
    assert find_recording(library, night.id) == night
    assert list_moves(library, night.id) == ()


def test_start_is_corrected_with_a_trace_and_no_length_changes(library):
    night = add_night(library)
    start = datetime.fromisoformat("2027-11-05T22:31:00+09:00")
    correction = correct_start(library, night.id, start, corrected_by="Sato", reason="battery of the clock")
    assert find_recording(library, night.id) == replace(night, info=replace(INFO, start=start))
    assert (correction.before, correction.after) == (INFO.start, start)
    assert (correction.corrected_by, correction.reason) == ("Sato", "battery of the clock")
    assert list_start_corrections(library, night.id) == (correction,)


def test_recording_without_a_date_gets_one(library):
    night = add_night(library, info=replace(INFO, start=None))
    assert correct_start(library, night.id, INFO.start, corrected_by="", reason="").before is None
    assert find_recording(library, night.id).info.start == INFO.start


def test_start_without_an_offset_is_refused(library):
    night = add_night(library)
    with pytest.raises(LibraryError, match="must say its offset"):
        correct_start(library, night.id, INFO.start.replace(tzinfo=None), corrected_by="", reason="")
    assert find_recording(library, night.id) == night


def two_legs(library):
    left = add_night(library, "a1", replace(INFO, side="left"))
    right = add_night(library, "b2", replace(INFO, side="right", start=INFO.start + timedelta(minutes=10)))
    return left, right


def test_two_legs_never_become_one(library):
    left, right = two_legs(library)
    with pytest.raises(LibraryError, match="covers the same time, and two legs would become one"):
        move_recordings(library, [left.id], Filing("P07", "right"), moved_by="Sato", reason="slip")
    add_person(library, Person("P08"))
    move_recordings(library, [right.id], Filing("P08", "left"), moved_by="Sato", reason="wrong bed")
    with pytest.raises(LibraryError, match="cannot go to P08, left"):
        move_recordings(library, [left.id], Filing("P08", "left"), moved_by="Sato", reason="slip")
    assert (list_moves(library, left.id), len(list_moves(library, right.id))) == ((), 1)


def test_two_legs_are_swapped_at_once(library):
    left, right = two_legs(library)
    moves = swap_sides(library, [left.id, right.id], moved_by="Sato", reason="straps swapped")
    assert [(move.recording_id, move.before.side, move.after.side) for move in moves] == [
        (left.id, "left", "right"),
        (right.id, "right", "left"),
    ]
    assert find_recording(library, left.id).info.side == "right"
    with pytest.raises(LibraryError, match="covers the same time"):
        swap_sides(library, [left.id], moved_by="Sato", reason="half a swap")
    assert find_recording(library, left.id).info.side == "right"
