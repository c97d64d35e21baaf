import pytest

from clonus_sense.errors import LibraryError, NightError
from clonus_sense.library import Profession, Rater, TimeSpan, Verdict, list_annotations
from clonus_sense.night import UtcSpan
from clonus_sense.review import list_nights, say_about, take_back
from tests.night.builders import clock
from tests.review.made import PATIENT, MadeLeg, add_leg, say


def between(start, end):
    return UtcSpan(clock(start), clock(end))


def test_a_word_stands_on_every_recording_that_holds_its_time(library):
    first = add_leg(library, MadeLeg(length_h=4, rest_h=((1, 4),)))
    second = add_leg(library, MadeLeg(start="2026-11-06 02:30", length_h=4, rest_h=((0, 4),)))
    (night,) = list_nights(library)
    span = between("2026-11-06 01:30", "2026-11-06 03:00")
    words = say_about(library, night, span, Verdict.NOT_WORN, PATIENT, note="took it off")
    assert [(word.recording_id, word.span) for word in words] == [
        (first.id, TimeSpan(3.5 * 3600, 4 * 3600)),
        (second.id, TimeSpan(0.0, 1800.0)),
    ]
    assert list_annotations(library, second.id)[0].note == "took it off"


def test_a_word_on_the_rest_may_reach_beyond_the_recording_and_stands_once(library):
    add_leg(library, MadeLeg(length_h=4, rest_h=((1, 4),)))
    add_leg(library, MadeLeg(start="2026-11-06 02:30", length_h=4, rest_h=((0, 4),)))
    (night,) = list_nights(library)
    [word] = say_about(library, night, between("2026-11-05 21:00", "2026-11-06 07:00"), Verdict.REST, PATIENT)
    assert word.span == TimeSpan(-3600.0, 9 * 3600.0)
    (changed,) = list_nights(library)
    assert changed.legs[0].summary.night.night.span == between("2026-11-05 21:00", "2026-11-06 07:00")


def test_with_two_legs_one_must_be_named(library):
    add_leg(library, MadeLeg(side="left"))
    right = add_leg(library, MadeLeg(side="right"))
    (night,) = list_nights(library)
    span = between("2026-11-05 23:00", "2026-11-05 23:30")
    with pytest.raises(NightError, match="two legs; choose one with --side"):
        say_about(library, night, span, Verdict.WORN, PATIENT)
    [word] = say_about(library, night, span, Verdict.WORN, PATIENT, side="right")
    assert word.recording_id == right.id
    with pytest.raises(NightError, match="has no middle leg"):
        say_about(library, night, span, Verdict.WORN, PATIENT, side="middle")


def test_a_word_about_a_time_without_recording_is_refused(library):
    add_leg(library, MadeLeg())
    (night,) = list_nights(library)
    with pytest.raises(NightError, match=r"has no recording at this time; it was recorded from 22:00 to 08:00"):
        say_about(library, night, between("2026-11-06 09:00", "2026-11-06 10:00"), Verdict.WORN, PATIENT)


def test_of_several_words_all_or_none_are_written(library):
    recording = add_leg(library, MadeLeg())
    (night,) = list_nights(library)
    with pytest.raises(LibraryError, match="Only a clinician"):
        span = between("2026-11-05 23:00", "2026-11-05 23:30")
        say_about(library, night, span, Verdict.JUDGED_AS_CLONUS, PATIENT)
    assert list_annotations(library, recording.id) == ()


def test_a_word_is_taken_back_by_who_said_it_alone(library):
    recording = add_leg(library, MadeLeg())
    word = say(library, recording, 3, 3.1, Verdict.RHYTHMIC)
    (night,) = list_nights(library)
    with pytest.raises(LibraryError, match="only they can replace"):
        take_back(library, night, word.id, Rater("Sato", Profession.NURSE))
    take_back(library, night, word.id, PATIENT)
    (night,) = list_nights(library)
    assert night.recordings[0].annotations == ()
    assert len(list_annotations(library, recording.id)) == 2
    with pytest.raises(NightError, match=f"has no annotation {word.id} to take back"):
        take_back(library, night, word.id, PATIENT)
