"""Many nights of a person from the kept list: which are shown, what changed, and what people wrote."""

from datetime import date

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import LibraryError, NightError
from clonus_sense.library import Profession, Rater, Verdict
from clonus_sense.model import EpisodeClass
from clonus_sense.review import changed_settings, list_nights, night_list, read_night_list, read_several_nights
from tests.review.made import MadeLeg, add_leg, at, say

THERAPIST = Rater("Sato", Profession.PHYSIOTHERAPIST)


def add_nights(library, days, **leg):
    return [add_leg(library, MadeLeg(start=f"2026-11-{day:02} 22:00", **leg)) for day in days]


def names(found):
    return [night.name for night in found.nights]


def test_rows_are_what_the_pages_of_the_nights_say(library):
    add_leg(
        library,
        MadeLeg(
            episodes=(at(0.5), at(3, 5.0), at(3.5, 2.0, EpisodeClass.UNCERTAIN), at(5, 7.0), at(9.5)),
            unconfirmed_h=((5.0, 6.0),),
            rest_h=((1.0, 5.0), (6.0, 9.0)),
        ),
    )
    (night,) = list_nights(library)
    (leg,) = night.legs
    (row,) = read_several_nights(library, "P07").legs[0].rows
    assert row.figures == leg.headline
    assert len(row.movements) == leg.headline.clonus.n_episodes
    assert sum(hour.n_movements for hour in row.hours) == leg.headline.clonus.n_episodes
    assert sum(hour.worn_s for hour in row.hours) == pytest.approx(leg.headline.coverage.worn_s)
    assert (row.n_shown, row.n_reviewed) == (5, 0)


def test_dates_choose_nights_and_stand_for_those_not_recorded(library):
    add_nights(library, [5, 6, 9, 12], episodes=(at(3),))
    found = read_several_nights(library, "P07", since=date(2026, 11, 4), until=date(2026, 11, 10))
    assert names(found) == ["2026-11-05", "2026-11-06", "2026-11-09"]
    assert (found.first, found.last) == (date(2026, 11, 4), date(2026, 11, 10))
    found = read_several_nights(library, "P07", since=date(2026, 11, 6))
    assert (found.first, found.last) == (date(2026, 11, 6), date(2026, 11, 12))
    for options in ({"last": 2}, {"last": 2, "since": date(2026, 11, 1)}):
        found = read_several_nights(library, "P07", **options)
        assert names(found) == ["2026-11-09", "2026-11-12"]
        assert (found.first, found.last) == (date(2026, 11, 9), date(2026, 11, 12))
    assert names(read_several_nights(library, "P07", last=1, until=date(2026, 11, 7))) == ["2026-11-06"]


def test_only_the_newest_ninety_are_shown_and_the_rest_counted(library, monkeypatch):
    add_nights(library, range(1, 8))
    monkeypatch.setattr("clonus_sense.review.several_nights.MOST_NIGHTS", 3)
    found = read_several_nights(library, "P07", since=date(2026, 10, 1))
    assert names(found) == ["2026-11-05", "2026-11-06", "2026-11-07"]
    assert (found.first, found.n_older) == (date(2026, 11, 5), 4)


def test_a_kept_list_is_enough(library, monkeypatch):
    add_nights(library, range(1, 4), episodes=(at(3),))
    read_night_list(library)
    monkeypatch.setattr(night_list, "read_leg_recording", lambda *_: pytest.fail("a recording was read whole"))
    assert len(read_several_nights(library, "P07", last=9).legs[0].rows) == 3


def test_daytime_recordings_are_no_nights(library):
    add_nights(library, [5])
    add_leg(library, MadeLeg(start="2026-11-06 14:00", length_h=2.0, rest_h=(), episodes=(at(1),)))
    found = read_several_nights(library, "P07", last=9)
    assert len(found.legs[0].rows) == 1
    assert found.n_without_rest == 1


def test_legs_stay_apart_and_each_knows_its_changes(library):
    add_nights(library, [5, 6], side="left")
    narrow = DetectionSettings(band_low_hz=4.0)
    add_leg(library, MadeLeg(start="2026-11-07 22:00", side="left"), settings=narrow)
    add_nights(library, [6, 7], side="right")
    left, right = read_several_nights(library, "P07", last=9).legs
    assert (left.side, len(left.rows), right.side, len(right.rows)) == ("left", 3, "right", 2)
    (change,) = left.changes
    assert (change.date, change.name) == (date(2026, 11, 7), "settings")
    assert changed_settings(change) == [("band_low_hz", f"{DetectionSettings().band_low_hz:g}", "4")]
    assert right.changes == ()


def test_notes_stand_by_time_and_a_verdict_counts_as_reviewed(library):
    first, second = add_nights(library, [5, 6], episodes=(at(3),))
    say(library, second, 2, 3, Verdict.NOTE, THERAPIST, note="a new mattress")
    say(library, first, 3.0, 3.0 + 4.0 / 3600, Verdict.RHYTHMIC, THERAPIST)
    say(library, first, 2, 2.5, Verdict.WORN)
    found = read_several_nights(library, "P07", last=9)
    assert [(note.night, note.word.note) for note in found.notes] == [("2026-11-06", "a new mattress")]
    assert [row.n_reviewed for row in found.legs[0].rows] == [1, 0]


def test_nobodys_time_and_nobody_are_named(library):
    add_nights(library, [5])
    with pytest.raises(NightError, match="P07 has no night since 2026-12-01"):
        read_several_nights(library, "P07", since=date(2026, 12, 1))
    with pytest.raises(LibraryError, match="P99"):
        read_several_nights(library, "P99", last=3)


def test_the_fingerprint_follows_all_that_is_shown(library):
    (recording,) = add_nights(library, [5], episodes=(at(3),))
    before = read_several_nights(library, "P07", last=9).fingerprint
    assert read_several_nights(library, "P07", last=9).fingerprint == before
    say(library, recording, 2, 3, Verdict.NOTE, note="woke up")
    assert read_several_nights(library, "P07", last=9).fingerprint != before
