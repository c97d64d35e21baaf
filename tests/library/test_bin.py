from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    BaselineMark,
    Filing,
    Library,
    Marker,
    MarkerKind,
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    WordCounts,
    add_markers,
    add_recording,
    annotate,
    correct_start,
    count_words,
    delete_recordings,
    find_recording,
    list_annotations,
    list_baselines,
    list_binned,
    list_markers,
    list_recordings,
    list_runs,
    mark_baseline,
    move_recordings,
    put_in_bin,
    read_episodes,
    take_out_of_bin,
)
from tests.library.made import INFO, add_found, add_night, bytes_on_disk

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
PATIENT = Rater("", Profession.PATIENT)
SATO = Rater("Sato", Profession.PHYSIOTHERAPIST)


def open_at(path, now):
    """Open a library at a time of the test's choosing."""
    return Library.open(path, now=lambda: now)


def say_much(library, night):
    """One word or more of every kind."""
    first = annotate(library, night.id, TimeSpan(9.5, 13.5), Verdict.JUDGED_AS_CLONUS, SATO, note="Zq-note")
    annotate(library, night.id, TimeSpan(9.0, 13.5), Verdict.RHYTHMIC, SATO, replaces=(first.id,))
    annotate(library, night.id, TimeSpan(0.0, 60.0), Verdict.WORN, PATIENT)
    annotate(library, night.id, TimeSpan(0.0, 900.0), Verdict.REST, PATIENT)
    annotate(library, night.id, TimeSpan(0.0, 9.0), Verdict.NOTE, PATIENT, note="cold")
    add_markers(library, night.id, [Marker(1.0, MarkerKind.FELT), Marker(2.0, MarkerKind.FELT)])
    mark_baseline(library, [BaselineMark(night.id, 60.0)])
    correct_start(library, night.id, INFO.start, corrected_by="Sato", reason="clock")
    move_recordings(library, [night.id], Filing("P07", "right"), moved_by="Sato", reason="strap")


def everything_about(library, night):
    """All that the library holds about a recording."""
    runs = list_runs(library, night.id)
    return (
        find_recording(library, night.id),
        [read_episodes(library, run) for run in runs],
        list_annotations(library, night.id),
        list_markers(library, night.id),
        list_baselines(library, "P07"),
    )


def test_what_is_in_the_bin_is_shown_by_the_bin_alone_and_comes_back_with_every_word(path):
    with open_at(path, NOW) as library:
        night = add_night(library)
        add_found(library, night)
        say_much(library, night)
        before = everything_about(library, night)
        leaves = put_in_bin(library, night.id, night="2026-11-05")
        assert leaves == NOW + timedelta(days=30)
        assert list_recordings(library) == list_recordings(library, person="P07") == ()
        assert list_baselines(library, "P07") == ()
        for refused in (
            lambda: find_recording(library, night.id),
            lambda: annotate(library, night.id, TimeSpan(1.0, 2.0), Verdict.UNSURE, PATIENT),
            lambda: move_recordings(library, [night.id], Filing("", "left"), moved_by="", reason=""),
            lambda: correct_start(library, night.id, INFO.start, corrected_by="", reason=""),
            lambda: put_in_bin(library, night.id),
        ):
            with pytest.raises(LibraryError, match="`clonus-sense undelete recording:1` brings it back"):
                refused()
        [binned] = list_binned(library)
        assert (binned.recording, binned.night, binned.leaves_at) == (before[0], "2026-11-05", leaves)
        take_out_of_bin(library, [night.id])
        assert everything_about(library, night) == before
        assert list_binned(library) == ()
        with pytest.raises(LibraryError, match="Recording 1 is not in the bin"):
            take_out_of_bin(library, [night.id])


def test_words_are_counted_by_kind(library):
    night, silent = add_night(library), add_night(library, "b2", replace(INFO, side=""))
    say_much(library, night)
    said = WordCounts(on_movements=2, on_wear=1, on_rest=1, notes=1, corrections=2, markers=2, baselines=1)
    assert count_words(library, [night.id]) == count_words(library, [night.id, silent.id]) == said
    assert said.total == 10
    assert count_words(library, [silent.id]) == count_words(library, []) == WordCounts()


@pytest.mark.parametrize(("days", "is_gone"), [(0.0, False), (29.99, False), (30.0, True), (400.0, True)])
def test_the_bin_empties_after_30_days_when_the_library_is_opened(path, days, is_gone):
    with open_at(path, NOW) as library:
        night, kept = add_night(library), add_night(library, "b2", replace(INFO, side=""))
        say_much(library, night)
        put_in_bin(library, night.id)
    with open_at(path, NOW + timedelta(days=days)) as library:
        assert (list_binned(library) == ()) == is_gone
        assert list_recordings(library) == (kept,)
    assert (b"Zq-note" not in bytes_on_disk(path)) == is_gone


def test_a_bin_that_cannot_be_emptied_now_keeps_nobody_waiting_and_is_emptied_later(path):
    later = NOW + timedelta(days=31)
    with open_at(path, NOW) as library:
        night = add_night(library)
        say_much(library, night)
        put_in_bin(library, night.id)
    with open_at(path, NOW) as writer:
        with writer.writing(), open_at(path, later) as library:
            assert len(list_binned(library)) == 1
        # A reader of the old state keeps the traces of what goes.
        with writer.reading() as connection:
            connection.execute("SELECT * FROM people").fetchall()
            with open_at(path, later) as library:
                assert list_binned(library) == ()
    open_at(path, later).close()
    assert b"Zq-note" not in bytes_on_disk(path)


def test_a_recording_that_is_added_while_it_is_in_the_bin_comes_back(path):
    with open_at(path, NOW) as library:
        night = add_night(library)
        say_much(library, night)
        before = everything_about(library, night)[1:]
        put_in_bin(library, night.id)
        added = add_recording(library, Path("/new/one.csv"), "a1", INFO, duration_s=3600.0)
        assert (added.was_known, added.was_binned, added.recording.path) == (True, True, Path("/new/one.csv"))
        assert everything_about(library, night)[1:] == before
        assert not add_recording(library, Path("/new/one.csv"), "a1", INFO, duration_s=3600.0).was_binned


def test_a_recording_in_the_bin_keeps_no_leg_from_another_and_can_go_for_good(path):
    with open_at(path, NOW) as library:
        left, right = add_night(library), add_night(library, "b2", replace(INFO, side="right"))
        put_in_bin(library, left.id)
        move_recordings(library, [right.id], Filing("P07", "left"), moved_by="", reason="")
        assert delete_recordings(library, [left.id]).paths == (left.path,)
        assert list_binned(library) == ()
        with pytest.raises(LibraryError, match="Recording 1 is not in the library"):
            delete_recordings(library, [left.id])
