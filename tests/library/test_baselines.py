from dataclasses import replace

import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    BaselineMark,
    Filing,
    Person,
    add_person,
    delete_person,
    delete_recordings,
    list_baselines,
    mark_baseline,
    move_recordings,
    unmark_baseline,
)
from tests.library.made import INFO, add_night


def test_marks_come_back_once_until_they_are_taken_away(library):
    first, second = add_night(library), add_night(library, "b2")
    marks = (BaselineMark(first.id, 1800.5), BaselineMark(second.id, 60.0))
    mark_baseline(library, [*marks, marks[0]])
    assert list_baselines(library, "P07") == marks
    unmark_baseline(library, [marks[0], BaselineMark(second.id, 61.0)])
    assert list_baselines(library, "P07") == marks[1:]


def test_a_recording_that_is_moved_is_nobody_elses_baseline(library):
    night = add_night(library)
    add_person(library, Person("P08"))
    mark_baseline(library, [BaselineMark(night.id, 60.0)])
    move_recordings(library, [night.id], Filing("P08", "left"), moved_by="Sato", reason="wrong bed")
    assert list_baselines(library, "P08") == list_baselines(library, "P07") == ()
    move_recordings(library, [night.id], Filing("P07", "left"), moved_by="Sato", reason="right bed")
    assert list_baselines(library, "P07") == (BaselineMark(night.id, 60.0),)


def test_marks_go_with_their_recording_and_with_their_person(library):
    first, second = add_night(library), add_night(library, "b2")
    mark_baseline(library, [BaselineMark(first.id, 60.0), BaselineMark(second.id, 60.0)])
    delete_recordings(library, [first.id])
    assert list_baselines(library, "P07") == (BaselineMark(second.id, 60.0),)
    delete_person(library, "P07")
    with library.reading() as connection:
        assert connection.execute("SELECT count(*) FROM baselines").fetchone()[0] == 0


def test_what_is_nobodys_or_not_there_is_no_baseline_and_nothing_is_marked(library):
    mine, nobodys = add_night(library), add_night(library, "b2", replace(INFO, person=""))
    with pytest.raises(LibraryError, match="belongs to nobody yet, so it cannot be a baseline"):
        mark_baseline(library, [BaselineMark(mine.id, 60.0), BaselineMark(nobodys.id, 60.0)])
    with pytest.raises(LibraryError):
        mark_baseline(library, [BaselineMark(99, 60.0)])
    assert list_baselines(library, "P07") == ()
    with pytest.raises(LibraryError, match="P99: this person is not in the library"):
        list_baselines(library, "P99")
