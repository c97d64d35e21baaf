import sqlite3

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    about_episode,
    annotate,
    list_annotations,
    list_runs,
    read_episodes,
    standing,
)
from tests.library.made import add_found, add_night, episode

PATIENT = Rater("", Profession.PATIENT)
SATO = Rater("Sato", Profession.PHYSIOTHERAPIST)
SPAN = TimeSpan(10.0, 13.0)


def test_annotation_comes_back_as_given(library):
    night = add_night(library)
    word = annotate(library, night.id, SPAN, Verdict.JUDGED_AS_CLONUS, SATO, note="右足、伸展時")
    assert list_annotations(library, night.id) == (word,)
    assert (word.recording_id, word.span, word.verdict) == (night.id, SPAN, Verdict.JUDGED_AS_CLONUS)
    assert (word.rater, word.note, word.replaces) == (SATO, "右足、伸展時", ())


def test_reanalysis_keeps_every_word_and_finds_it_again(library):
    night = add_night(library)
    found = episode(10.0, 13.0)
    add_found(library, night, [found, episode(100.0, 104.0)])
    word = annotate(library, night.id, SPAN, Verdict.RHYTHMIC, PATIENT)
    missed = annotate(library, night.id, TimeSpan(50.0, 53.0), Verdict.RHYTHMIC, PATIENT, note="missed")
    # Another detector moves the edges, splits one episode and finds the missed one.
    new = [episode(9.7, 11.2), episode(12.0, 13.4), episode(50.5, 53.5)]
    add_found(library, night, new, version="0.2.0", settings=DetectionSettings(band_low_hz=4.0))
    words = list_annotations(library, night.id)
    assert words == (word, missed)
    runs = list_runs(library, night.id)
    assert [about_episode(words, one) for one in read_episodes(library, runs[0])] == [(word,), ()]
    assert [about_episode(words, one) for one in read_episodes(library, runs[1])] == [(word,), (word,), (missed,)]


def test_words_about_wear_and_rest_are_not_about_an_episode(library):
    night = add_night(library)
    for verdict in (Verdict.WORN, Verdict.NOT_WORN, Verdict.REST, Verdict.NOTE):
        annotate(library, night.id, TimeSpan(0.0, 3600.0), verdict, PATIENT)
    assert about_episode(list_annotations(library, night.id), episode(10.0, 13.0)) == ()


def test_replaced_words_stay_but_no_longer_stand(library):
    night = add_night(library)

    def say(verdict, *replaces, span=SPAN):
        return annotate(library, night.id, span, verdict, PATIENT, replaces=[word.id for word in replaces])

    first = say(Verdict.RHYTHMIC)
    moved = say(Verdict.RHYTHMIC, first, span=TimeSpan(9.0, 14.0))
    other = say(Verdict.RHYTHMIC, span=TimeSpan(15.0, 17.0))
    joined = say(Verdict.UNSURE, moved, other, span=TimeSpan(9.0, 17.0))
    halves = [say(Verdict.RHYTHMIC, joined, span=span) for span in (TimeSpan(9.0, 13.0), TimeSpan(14.0, 17.0))]
    words = list_annotations(library, night.id)
    assert words == (first, moved, other, joined, *halves)
    assert joined.replaces == (moved.id, other.id)
    assert standing(words) == tuple(halves)
    say(Verdict.WITHDRAWN, *halves)
    assert standing(list_annotations(library, night.id)) == ()


def test_two_raters_stand_beside_one_another(library):
    night = add_night(library)
    own = annotate(library, night.id, SPAN, Verdict.RHYTHMIC, PATIENT)
    other = annotate(library, night.id, SPAN, Verdict.NOT_RHYTHMIC, SATO)
    assert standing(list_annotations(library, night.id)) == (own, other)
    with pytest.raises(LibraryError, match=r"written by Sato \(physiotherapist\), and only they can replace it"):
        annotate(library, night.id, SPAN, Verdict.RHYTHMIC, PATIENT, replaces=[other.id])
    assert list_annotations(library, night.id) == (own, other)


@pytest.mark.parametrize("rater", [PATIENT, Rater(" ", Profession.PHYSICIAN), Rater("Sato", Profession.RESEARCHER)])
def test_only_a_named_clinician_judges_clonus(library, rater):
    night = add_night(library)
    with pytest.raises(LibraryError, match="Only a clinician who gives a name"):
        annotate(library, night.id, SPAN, Verdict.JUDGED_AS_CLONUS, rater)
    assert list_annotations(library, night.id) == ()


@pytest.mark.parametrize("span", [(13.0, 10.0), (10.0, 10.0), (-2.0, 0.0), (3600.0, 3601.0), (1.0, float("nan"))])
def test_time_outside_the_recording_is_refused(library, span):
    night = add_night(library)
    with pytest.raises(LibraryError, match=r"lies outside recording 1, which lasts 3600\.0 s"):
        annotate(library, night.id, TimeSpan(*span), Verdict.UNSURE, PATIENT)


@pytest.mark.parametrize("span", [TimeSpan(-0.1, 2.0), TimeSpan(3599.0, 3600.1)])
def test_episode_at_the_edge_of_a_recording_can_be_spoken_about(library, span):
    assert annotate(library, add_night(library).id, span, Verdict.UNSURE, PATIENT).span == span


def test_words_about_what_is_not_there_are_refused(library):
    night, other = add_night(library), add_night(library, "b2")
    elsewhere = annotate(library, other.id, SPAN, Verdict.UNSURE, PATIENT)
    with pytest.raises(LibraryError, match="Recording 9 is not in the library"):
        annotate(library, 9, SPAN, Verdict.UNSURE, PATIENT)
    for number in (elsewhere.id, 77):
        with pytest.raises(LibraryError, match=f"Annotation {number} is not on recording {night.id}"):
            annotate(library, night.id, SPAN, Verdict.UNSURE, PATIENT, replaces=[number])
    with pytest.raises(LibraryError, match="must name the annotations that it takes back"):
        annotate(library, night.id, SPAN, Verdict.WITHDRAWN, PATIENT)


@pytest.mark.parametrize("statement", ["UPDATE annotations SET note = 'changed'", "DELETE FROM annotations"])
def test_file_itself_refuses_to_change_a_word(library, statement):
    night = add_night(library)
    word = annotate(library, night.id, SPAN, Verdict.UNSURE, PATIENT)
    with pytest.raises(LibraryError, match="annotations are only added") as refusal, library.writing() as connection:
        connection.execute(statement)
    assert isinstance(refusal.value.__cause__, sqlite3.IntegrityError)
    assert list_annotations(library, night.id) == (word,)
