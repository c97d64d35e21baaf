"""A page never contradicts the library: whatever changed, the pages that show it are found, and no others."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clonus_sense.library import Filing, Library, Person, Verdict, add_person, correct_start, move_recordings
from clonus_sense.review import find_night, list_baseline_nights, list_nights, mark_as_baseline, nights_of_recordings
from clonus_sense.workflows import (
    PageChoices,
    concerned_nights,
    find_outdated,
    take_away,
    write_night_page,
)
from clonus_sense.workflows.page_files import fingerprint_in
from tests.night.builders import clock
from tests.report.undrawn import leave_charts_out
from tests.review.made import MadeLeg, add_leg, answer_not_worn, at, say


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    """Leave the pictures out where only files count."""
    leave_charts_out(monkeypatch)


@pytest.fixture
def choices(tmp_path):
    return PageChoices(tmp_path / "pages")


def evening(number, **facts):
    # An hour is quickly read.
    day = date(2026, 10, 1) + timedelta(days=number)
    times = {"start": f"{day} 22:00", "length_h": 1.0, "rest_h": ((0.1, 0.9),)}
    return MadeLeg(episodes=(at(0.2), at(0.4)), path=Path(f"/nights/{day}.csv"), **(times | facts))


def add_nights(library, n_nights, **facts):
    return [add_leg(library, evening(number, **facts)) for number in range(n_nights)]


def draw_all(library, choices, *variants):
    for night in list_nights(library):
        for one in variants or (choices,):
            write_night_page(night, one)


def renew(library, recordings, choices, before):
    """Do what every command does; gives the pages that were drawn and those that are gone."""
    outdated = find_outdated(library, {one.id for one in recordings}, choices, before=before)
    take_away(outdated, choices.folder)
    return [write_night_page(night, one) for night, one in outdated.to_draw], list(outdated.gone)


def names(pages):
    return [page.name for page in pages]


def check_all_pages_are_true(library, choices):
    nights = {one.path_of(night): night for night in list_nights(library) for one in choices.variants()}
    for page in choices.folder.rglob("*.html"):
        assert fingerprint_in(page) == nights[page].fingerprint


def test_a_change_of_one_night_redraws_it_and_the_nights_that_look_back_on_it(library, choices):
    # Shorter nights do not stand among the last ones.
    recordings = add_nights(library, 12, length_h=10.0, rest_h=((1.0, 9.0),))
    draw_all(library, choices)
    changed = recordings[3]
    before = concerned_nights(library, {changed.id}, choices)
    answer_not_worn(library, changed, 0, 10)
    drawn, gone = renew(library, [changed], choices, before)
    # Night 3 itself, and the seven nights whose last nights it is one of; not those before, nor the twelfth.
    assert names(drawn) == [f"2026-10-{day:02d}.html" for day in range(4, 12)]
    assert gone == []
    check_all_pages_are_true(library, choices)


def test_a_word_redraws_its_night_alone(library, choices):
    recordings = add_nights(library, 5)
    draw_all(library, choices)
    before = concerned_nights(library, {recordings[1].id}, choices)
    say(library, recordings[1], 0.2, 0.201, Verdict.RHYTHMIC)
    drawn, _ = renew(library, [recordings[1]], choices, before)
    assert names(drawn) == ["2026-10-02.html"]
    check_all_pages_are_true(library, choices)


def test_each_page_of_a_night_is_redrawn_and_none_is_made_that_was_not_there(library, choices):
    first, second = add_nights(library, 2)
    japanese, anonymous = PageChoices(choices.folder, "ja"), PageChoices(choices.folder, hide_personal=True)
    whole = PageChoices(choices.folder, whole=True)
    for one in (japanese, anonymous, whole):
        write_night_page(find_night(library, "2026-10-01"), one)
    before = concerned_nights(library, {first.id, second.id}, choices)
    for recording in (first, second):
        answer_not_worn(library, recording, 0, 1)
    drawn, _ = renew(library, [first, second], choices, before)
    night = find_night(library, "2026-10-01")
    assert set(drawn) == {japanese.path_of(night), anonymous.path_of(night), whole.path_of(night)}


def test_a_recording_that_moves_takes_its_page_along_and_leaves_none_behind(library, choices):
    left, right = add_leg(library, evening(0)), add_leg(library, evening(0, side="right"))
    add_person(library, Person("P08"))
    whole = PageChoices(choices.folder, whole=True)
    variants = (choices, PageChoices(choices.folder, "ja"), PageChoices(choices.folder, hide_personal=True), whole)
    draw_all(library, choices, *variants)
    before = concerned_nights(library, {right.id}, choices)
    move_recordings(library, [right.id], Filing("P08", "right"), moved_by="Sato", reason="wrong bed")
    drawn, gone = renew(library, [right], choices, before)
    # P07's night has lost a leg, P08's is new; both in the four ways in which there were pages.
    assert {page.parent.name for page in drawn} == {"P07", "P08", "pages"}
    assert len(drawn) == 8
    check_all_pages_are_true(library, choices)

    before = concerned_nights(library, {left.id}, choices)
    move_recordings(library, [left.id], Filing("P08", "left"), moved_by="Sato", reason="wrong bed")
    drawn, gone = renew(library, [left], choices, before)
    assert {page.parent.name for page in gone} >= {"P07"}
    assert not (choices.folder / "P07").exists()
    [night] = list_nights(library)
    assert set(choices.folder.rglob("*.html")) == {one.path_of(night) for one in variants}
    check_all_pages_are_true(library, choices)


def test_a_night_that_gets_another_date_gets_another_page(library, choices):
    [recording] = add_nights(library, 1)
    draw_all(library, choices)
    before = concerned_nights(library, {recording.id}, choices)
    correct_start(library, recording.id, clock("1999-05-06 22:00"), corrected_by="Sato", reason="wrong clock")
    drawn, gone = renew(library, [recording], choices, before)
    assert (names(drawn), names(gone)) == (["1999-05-06.html"], ["2026-10-01.html"])
    check_all_pages_are_true(library, choices)


def test_a_new_recording_redraws_the_pages_of_the_night_that_it_joins_and_of_later_ones(library, choices):
    add_nights(library, 4)
    draw_all(library, choices, PageChoices(choices.folder, "ja"))
    added = add_leg(library, evening(1, side="right"))
    outdated = find_outdated(library, {added.id}, choices, wanted=choices)
    assert [(night.name, one.language) for night, one in outdated.to_draw] == [
        ("2026-10-02", "ja"),
        ("2026-10-02", "en"),
    ]


def test_a_baseline_night_stands_on_all_later_pages_and_on_no_earlier_one(library, choices):
    recordings = [add_leg(library, evening(number)) for number in (0, 1, 60)]
    draw_all(library, choices)
    before = concerned_nights(library, {recordings[1].id}, choices)
    mark_as_baseline(library, find_night(library, "2026-10-02"), list_baseline_nights(library, "P07"))
    drawn, _ = renew(library, [recordings[1]], choices, before)
    assert names(drawn) == ["2026-10-02.html", "2026-11-30.html"]
    check_all_pages_are_true(library, choices)


def test_where_nothing_was_drawn_nothing_is_drawn(library, choices):
    [recording] = add_nights(library, 1)
    before = concerned_nights(library, {recording.id}, choices)
    answer_not_worn(library, recording, 0, 1)
    assert renew(library, [recording], choices, before) == ([], [])


def test_a_page_of_an_older_version_counts_as_out_of_date(library, choices):
    [recording] = add_nights(library, 1)
    page = write_night_page(list_nights(library)[0], choices)
    page.write_text("<!doctype html>\n<title>an old page</title>\n", encoding="utf-8")
    assert find_outdated(library, {recording.id}, choices).stale == (page,)


def test_files_of_other_people_stay(library, choices):
    [recording] = add_nights(library, 1)
    draw_all(library, choices)
    own = choices.folder / "P07"
    others = [own / "letter.html", own / "2026-99-99.html", own / "2026-10-01 copy.html", own / "2025-10-01.html"]
    for path in others:
        path.write_text("mine", encoding="utf-8")
    before = concerned_nights(library, {recording.id}, choices)
    answer_not_worn(library, recording, 0, 1)
    _, gone = renew(library, [recording], choices, before)
    assert gone == []
    assert all(path.exists() for path in others)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 70), min_size=1, max_size=10, unique=True), chosen=st.data())
def test_a_night_read_for_its_page_is_the_same_as_in_the_whole_list(tmp_path_factory, days, chosen):
    with Library.open(tmp_path_factory.mktemp("data") / "library.sqlite3") as library:
        recordings = [add_leg(library, evening(day)) for day in days]
        one = chosen.draw(st.sampled_from(recordings))
        whole = {night.name: night.fingerprint for night in list_nights(library)}
        for night in nights_of_recordings(library, {one.id}):
            assert night.fingerprint == whole[night.name]
