"""Whose night it was, of which legs, and what counts; every case from the library, as people keep it."""

from datetime import date, timedelta

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import LibraryError, NightError
from clonus_sense.library import (
    Filing,
    Person,
    Verdict,
    add_person,
    add_recording,
    add_run,
    correct_start,
    move_recordings,
)
from clonus_sense.model import RecordingInfo
from clonus_sense.night import Standing, WhyNoComparison, place_episodes
from clonus_sense.review import find_night, list_nights, list_undated, nights_of_recordings
from tests.night.builders import clock
from tests.review.made import MadeLeg, add_leg, answer_not_worn, at, say


def told(night):
    """A night as its name, its legs, and start and end of each leg's rest by the clock."""
    rests = [
        f"{leg.summary.night.night.local_start:%H:%M}-{leg.summary.night.night.local_end:%H:%M}"
        if leg.summary.night
        else "no rest"
        for leg in night.legs
    ]
    return night.name, [leg.side for leg in night.legs], rests


def counted(leg):
    """Rhythmic movements of the night and of the waking time around it."""
    night, waking = leg.summary.night.figures.clonus, leg.summary.waking.clonus
    return night.n_episodes, waking.n_episodes


def test_one_night_of_one_leg(library):
    add_leg(library, MadeLeg(episodes=(at(0.5), at(3), at(5), at(9.5))))
    (night,) = list_nights(library)
    assert (night.person, night.date) == ("P07", date(2026, 11, 5))
    assert told(night) == ("2026-11-05", ["left"], ["23:00-07:00"])
    assert counted(night.legs[0]) == (2, 2)
    assert night.span.length == timedelta(hours=10)
    assert night.has_rest


def test_two_legs_stand_in_one_night_and_are_never_added(library):
    add_leg(library, MadeLeg(side="right", episodes=(at(4), at(6))))
    add_leg(library, MadeLeg(side="left", start="2026-11-05 22:10", episodes=(at(3),)))
    (night,) = list_nights(library)
    assert told(night) == ("2026-11-05", ["left", "right"], ["23:10-07:10", "23:00-07:00"])
    assert [counted(leg)[0] for leg in night.legs] == [1, 2]


def test_two_recordings_of_one_night_are_one_night(library):
    add_leg(library, MadeLeg(length_h=4, rest_h=((1, 4),), episodes=(at(2),)))
    add_leg(library, MadeLeg(start="2026-11-06 02:30", length_h=5, rest_h=((0, 4),), episodes=(at(1), at(2))))
    (night,) = list_nights(library)
    assert told(night) == ("2026-11-05", ["left"], ["23:00-06:30"])
    figures = night.legs[0].summary.night.figures
    assert figures.clonus.n_episodes == 3
    assert figures.coverage.not_measured_s == 1800
    assert len(night.recordings) == 2


def test_a_sleeper_from_4_to_14(library):
    add_leg(library, MadeLeg(start="2026-11-06 03:00", length_h=12, rest_h=((1, 11),)))
    assert [told(night) for night in list_nights(library)] == [("2026-11-05", ["left"], ["04:00-14:00"])]


def test_a_recording_of_30_hours_is_two_nights(library):
    add_leg(library, MadeLeg(length_h=30, rest_h=((1, 9), (25, 30)), episodes=(at(2), at(16), at(26))))
    assert [told(night)[::2] for night in list_nights(library)] == [
        ("2026-11-05", ["23:00-07:00"]),
        ("2026-11-06", ["23:00-04:00"]),
    ]


def test_a_recording_that_begins_at_midnight(library):
    add_leg(library, MadeLeg(start="2026-11-06 00:00", length_h=8, rest_h=((0, 7.5),)))
    assert [told(night) for night in list_nights(library)] == [("2026-11-05", ["left"], ["00:00-07:30"])]


def test_a_night_with_a_clock_change_keeps_its_true_length(library):
    add_leg(library, MadeLeg(start="2026-10-24 22:00", episodes=(at(4.5), at(5.5))))
    (night,) = list_nights(library)
    # 23:00 summer time to 06:00 winter time: 8 true hours.
    assert told(night) == ("2026-10-24", ["left"], ["23:00-06:00"])
    assert night.legs[0].summary.night.night.span.length == timedelta(hours=8)
    hours = [f"{hour.start:%H%z}" for hour in night.legs[0].summary.hours]
    assert hours.count("02+0200") == hours.count("02+0100") == 1


def test_a_wrong_host_clock_is_put_right_and_no_length_changes(library):
    recording = add_leg(library, MadeLeg(start="2019-01-01 00:00", episodes=(at(3),)))
    (before,) = list_nights(library)
    correct_start(library, recording.id, clock("2026-11-05 22:00"), corrected_by="Sato", reason="battery was empty")
    (after,) = list_nights(library)
    assert (before.name, after.name) == ("2018-12-31", "2026-11-05")
    assert before.span.length == after.span.length
    assert before.legs[0].summary.night.figures == after.legs[0].summary.night.figures


def test_a_traveller_has_each_night_by_the_clock_of_the_place(library):
    add_leg(library, MadeLeg(start="2026-11-05 22:00", zone="Europe/Berlin"))
    add_leg(library, MadeLeg(start="2026-11-07 22:00", zone="Asia/Tokyo"))
    assert [told(night)[::2] for night in list_nights(library)] == [
        ("2026-11-05", ["23:00-07:00"]),
        ("2026-11-07", ["23:00-07:00"]),
    ]


def test_two_nights_of_one_date_are_told_apart(library):
    add_leg(library, MadeLeg(start="2026-11-05 12:30", length_h=5, rest_h=((0, 5),)))
    add_leg(library, MadeLeg(start="2026-11-05 22:00", length_h=8, rest_h=((0, 8),)))
    assert [night.name for night in list_nights(library)] == ["2026-11-05", "2026-11-05-2"]
    assert find_night(library, "2026-11-05-2").span.start == clock("2026-11-05 22:00")


def test_an_afternoon_without_rest_is_shown_too(library):
    add_leg(library, MadeLeg(start="2026-11-05 14:00", length_h=2, rest_h=(), episodes=(at(1),)))
    (night,) = list_nights(library)
    assert told(night) == ("2026-11-05", ["left"], ["no rest"])
    assert night.legs[0].comparison is None
    assert night.legs[0].summary.headline.clonus.n_episodes == 1


def test_people_are_kept_apart_and_what_is_nobodys_is_shown(library):
    add_leg(library, MadeLeg(person="P07"))
    add_leg(library, MadeLeg(person=""))
    add_leg(library, MadeLeg(person="P08"))
    assert [night.person for night in list_nights(library)] == ["", "P07", "P08"]
    assert [night.person for night in list_nights(library, person="P08")] == ["P08"]
    with pytest.raises(LibraryError, match="P09: this person is not in the library"):
        list_nights(library, person="P09")


def test_a_moved_night_is_the_other_persons(library):
    recording = add_leg(library, MadeLeg(episodes=(at(3),)))
    add_person(library, Person("P08"))
    move_recordings(library, [recording.id], Filing("P08", "right"), moved_by="Sato", reason="wrong bed")
    (night,) = list_nights(library)
    assert (night.person, [leg.side for leg in night.legs]) == ("P08", ["right"])


def test_the_answer_about_wear_wins(library):
    recording = add_leg(library, MadeLeg(unconfirmed_h=((3, 5),), episodes=(at(2), at(4))))
    figures = list_nights(library)[0].legs[0].summary.night.figures
    assert (figures.clonus.n_episodes, figures.n_not_confirmed) == (1, 1)
    assert figures.coverage.not_confirmed_s == 2 * 3600

    say(library, recording, 3, 5, Verdict.WORN)
    figures = list_nights(library)[0].legs[0].summary.night.figures
    assert (figures.clonus.n_episodes, figures.coverage.worn_s) == (2, 8 * 3600)

    answer_not_worn(library, recording, 3, 5)
    figures = list_nights(library)[0].legs[0].summary.night.figures
    assert (figures.clonus.n_episodes, figures.n_left_out) == (1, 1)
    assert figures.coverage.not_measured_s == 2 * 3600


def test_a_sensor_taken_off_at_2_is_not_called_no_episodes(library):
    add_leg(library, MadeLeg(unconfirmed_h=((4, 10),), rest_h=((1, 4),), episodes=(at(2),)))
    summary = list_nights(library)[0].legs[0].summary
    assert summary.headline.coverage.worn_s == 3 * 3600
    assert summary.headline.clonus.n_per_worn_hour == pytest.approx(1 / 3)
    assert (summary.coverage.worn_s, summary.coverage.not_confirmed_s) == (4 * 3600, 6 * 3600)


def test_a_persons_word_on_the_night_wins_over_the_estimate(library):
    recording = add_leg(library, MadeLeg(episodes=(at(0.5),)))
    say(library, recording, 0, 9.5, Verdict.REST)
    (night,) = list_nights(library)
    assert told(night)[2] == ["22:00-07:30"]
    assert night.legs[0].summary.night.night.corrected
    assert night.legs[0].summary.night.figures.clonus.n_episodes == 1


def test_a_night_is_compared_with_the_last_nights_of_the_same_leg(library):
    for day, n_episodes in enumerate((2, 4, 6, 4, 4)):
        episodes = tuple(at(2 + k) for k in range(n_episodes))
        add_leg(library, MadeLeg(start=f"2026-11-0{1 + day} 22:00", episodes=episodes))
    add_leg(library, MadeLeg(start="2026-11-06 22:00", episodes=(at(3),)))
    add_leg(library, MadeLeg(start="2026-11-06 22:00", side="right"))
    night = find_night(library, "2026-11-06")
    left, right = night.legs
    assert left.comparison.usual.n_episodes == 4
    assert left.comparison.n_episodes_range == (2, 6)
    assert right.comparison.why_not is WhyNoComparison.TOO_FEW_NIGHTS


def test_newest_night_and_nights_that_are_not_there(library):
    with pytest.raises(NightError, match="no night in the library yet"):
        find_night(library, "last")
    add_leg(library, MadeLeg(start="2026-11-01 22:00"))
    add_leg(library, MadeLeg(start="2026-11-05 22:00"))
    assert find_night(library, "last").name == "2026-11-05"
    with pytest.raises(NightError, match="There is no night 2026-11-04"):
        find_night(library, "2026-11-04")
    with pytest.raises(NightError, match="`yesterday` names no night"):
        find_night(library, "yesterday")


def test_a_night_that_several_people_have_asks_whose(library):
    add_leg(library, MadeLeg(person="P07"))
    add_leg(library, MadeLeg(person="P08"))
    with pytest.raises(NightError, match=r"Several people have a night 2026-11-05 \(P07, P08\)"):
        find_night(library, "2026-11-05")
    assert find_night(library, "2026-11-05", person="P08").person == "P08"


def test_nights_of_some_recordings(library):
    first = add_leg(library, MadeLeg(start="2026-11-01 22:00"))
    add_leg(library, MadeLeg(start="2026-11-03 22:00"))
    last = add_leg(library, MadeLeg(start="2026-11-05 22:00", person="P08"))
    assert [night.name for night in nights_of_recordings(library, {first.id, last.id})] == ["2026-11-01", "2026-11-05"]
    assert nights_of_recordings(library, ()) == ()


def test_a_recording_without_a_date_is_in_no_night_and_is_named(library):
    info = RecordingInfo(start=None, fs_hz=52.0)
    added = add_recording(library, MadeLeg().path, "undated", info, duration_s=60.0)
    assert list_nights(library) == ()
    assert list_undated(library) == (added.recording,)


def test_what_came_and_went_with_the_last_analysis_is_kept_beside_it(library):
    recording = add_leg(library, MadeLeg(episodes=(at(2), at(3))))
    assert list_nights(library)[0].recordings[0].changes is None
    wider = DetectionSettings(band_low_hz=4.0)
    add_run(library, recording.id, (at(3), at(4)), version="0.2.0", settings=wider)
    (shown,) = list_nights(library)[0].recordings
    assert [episode.onset_s / 3600 for episode in shown.changes.came] == [4]
    assert [episode.onset_s / 3600 for episode in shown.changes.went] == [2]
    assert shown.run.settings_toml == wider.as_toml()


def test_words_about_an_episode_hold_in_every_analysis(library):
    recording = add_leg(library, MadeLeg(episodes=(at(2),)))
    word = say(library, recording, 2, 2.001, Verdict.RHYTHMIC, note="felt it")
    add_run(library, recording.id, (at(2.0002),), version="0.2.0", settings=DetectionSettings())
    (shown,) = list_nights(library)[0].recordings
    assert shown.words_about(shown.episodes[0]) == (word,)


def test_every_episode_says_which_number_it_belongs_to(library):
    add_leg(library, MadeLeg(unconfirmed_h=((3, 5),), episodes=(at(2), at(4))))
    (shown,) = list_nights(library)[0].recordings
    assert [placed.standing for placed in place_episodes([shown.span])] == [Standing.WORN, Standing.NOT_CONFIRMED]
