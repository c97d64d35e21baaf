import pytest

from clonus_sense.errors import LibraryError, ReviewFileError
from clonus_sense.library import (
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    annotate,
    delete_recordings,
    list_annotations,
    list_sources,
    standing,
)
from clonus_sense.review import Outcome, find_namesakes, find_night, plan_import, take_import
from tests.review.made import MadeLeg, add_leg, at
from tests.review.review_files import ITO, PATIENT, SATO, read, review, verdict

SATO_RATER = Rater("Sato", Profession.PHYSIOTHERAPIST)


@pytest.fixture
def recording(library):
    return add_leg(library, MadeLeg(episodes=(at(4.0), at(5.0))))


def about(recording, number=1, **fields):
    """A verdict on the movement at 4 h of a recording."""
    return verdict(number, recording=recording.content_hash, **fields)


def take(library, *verdicts, keys=(), others=()):
    """Import a file; gives what became of each verdict."""
    file = read(review(*verdicts, keys=tuple({one["recording"] for one in verdicts} | set(keys))))
    plan = plan_import(library, file, others=others)
    take_import(library, file, plan, others=others)
    return [step.outcome for step in plan.steps]


def words(library, recording):
    return standing(list_annotations(library, recording.id))


def said(library, recording):
    return [(word.rater.name, word.verdict) for word in words(library, recording)]


def test_verdict_becomes_a_word_on_its_time(library, recording):
    assert take(library, about(recording, note="伸展時")) == [Outcome.NEW]
    (word,) = words(library, recording)
    assert (word.span, word.verdict, word.rater, word.note) == (
        TimeSpan(14400.0, 14404.0),
        Verdict.RHYTHMIC,
        SATO_RATER,
        "伸展時",
    )


def test_file_that_is_taken_twice_counts_once(library, recording):
    file = [about(recording, 1), about(recording, 2, start_s=18000, end_s=18004, verdict="judged as clonus")]
    assert take(library, *file) == [Outcome.NEW, Outcome.NEW]
    before = list_annotations(library, recording.id)
    assert take(library, *file) == [Outcome.KNOWN, Outcome.KNOWN]
    assert list_annotations(library, recording.id) == before


def test_two_reviewers_stay_two(library, recording):
    take(library, about(recording, 1), about(recording, 2, reviewer=ITO, verdict="not rhythmic"))
    assert said(library, recording) == [("Sato", "rhythmic"), ("Ito", "not rhythmic")]


def test_later_revision_replaces_the_same_reviewers_word_only(library, recording):
    take(library, about(recording, 1), about(recording, 2, reviewer=ITO))
    assert take(library, about(recording, 1, revision=3, verdict="unsure")) == [Outcome.REPLACES]
    assert said(library, recording) == [("Ito", "rhythmic"), ("Sato", "unsure")]


def test_earlier_revision_does_not_come_back(library, recording):
    take(library, about(recording, revision=2, verdict="unsure"))
    assert take(library, about(recording, revision=1)) == [Outcome.OLDER]
    assert said(library, recording) == [("Sato", "unsure")]


def test_another_reviewer_under_the_same_id_replaces_nothing(library, recording):
    take(library, about(recording))
    assert take(library, about(recording, revision=2, reviewer=ITO, verdict="unsure")) == [Outcome.NEW]
    assert said(library, recording) == [("Sato", "rhythmic"), ("Ito", "unsure")]


def test_same_revision_with_another_content_is_left_out(library, recording):
    take(library, about(recording))
    assert take(library, about(recording, verdict="unsure")) == [Outcome.CONFLICT]
    assert take(library, about(recording, reviewer=ITO)) == [Outcome.CONFLICT]
    assert said(library, recording) == [("Sato", "rhythmic")]


def test_word_from_another_page_replaces_the_same_persons_earlier_one(library, recording):
    take(library, about(recording, 1))
    later = about(recording, 2, verdict="unsure", said_at="2026-11-07T08:00:00+01:00")
    assert take(library, later) == [Outcome.REPLACES]
    assert said(library, recording) == [("Sato", "unsure")]


def test_older_word_from_another_page_does_not_replace_the_later_one(library, recording):
    take(library, about(recording, 1))
    older = about(recording, 2, verdict="unsure", said_at="2026-11-05T23:00:00+01:00")
    assert take(library, older) == [Outcome.OLDER]
    assert said(library, recording) == [("Sato", "rhythmic")]


def test_word_on_another_movement_replaces_nothing(library, recording):
    take(library, about(recording, 1))
    assert take(library, about(recording, 2, start_s=14405, end_s=14408)) == [Outcome.NEW]
    assert len(words(library, recording)) == 2


def test_the_nameless_are_never_taken_for_one_person(library, recording):
    take(library, about(recording, 1, reviewer=PATIENT))
    file = read(review(about(recording, 2, reviewer=PATIENT), keys=(recording.content_hash,)))
    assert find_namesakes(library, file) == ()
    take(library, about(recording, 2, reviewer=PATIENT, verdict="unsure"))
    assert said(library, recording) == [("", "rhythmic"), ("", "unsure")]


def test_withdrawal_takes_back_the_reviewers_own_word(library, recording):
    take(library, about(recording, 1), about(recording, 2, reviewer=ITO))
    assert take(library, about(recording, 1, revision=2, verdict="withdrawn")) == [Outcome.REPLACES]
    assert said(library, recording) == [("Ito", "rhythmic")]
    assert take(library, about(recording, 9, verdict="withdrawn")) == [Outcome.NOTHING_TO_TAKE_BACK]


def test_somebody_with_the_same_name_is_a_namesake(library, recording):
    annotate(library, recording.id, TimeSpan(14400.0, 14404.0), Verdict.UNSURE, SATO_RATER)
    file = read(review(about(recording), about(recording, 2, reviewer=ITO), keys=(recording.content_hash,)))
    assert find_namesakes(library, file) == (SATO_RATER,)


def test_namesake_who_is_another_person_is_kept_apart_for_good(library, recording):
    take(library, about(recording, 1))
    first = about(recording, 2, verdict="unsure", said_at="2026-11-07T08:00:00+01:00")
    take(library, first, others=(SATO_RATER,))
    assert said(library, recording) == [("Sato", "rhythmic"), ("Sato (2)", "unsure")]
    # Their next file is known by the ids: it needs no answer, and changes their own word.
    file = read(review(first | {"revision": 2, "verdict": "rhythmic"}, keys=(recording.content_hash,)))
    assert find_namesakes(library, file) == ()
    assert take(library, first | {"revision": 2, "verdict": "not rhythmic"}) == [Outcome.REPLACES]
    assert said(library, recording) == [("Sato", "rhythmic"), ("Sato (2)", "not rhythmic")]
    take(library, about(recording, 3, verdict="unsure"), others=(SATO_RATER,))
    assert said(library, recording)[-1] == ("Sato (3)", "unsure")


def test_recordings_that_the_library_lacks_are_listed_and_the_others_taken(library, recording):
    file = read(review(about(recording), verdict(2), verdict(3), keys=(recording.content_hash, "0" * 31 + "a")))
    plan = plan_import(library, file)
    assert [(one.key, n_verdicts) for one, n_verdicts in plan.unknown] == [("0" * 31 + "a", 2)]
    assert len(take_import(library, file, plan)) == 1


@pytest.mark.parametrize("span", [(-5, 3), (36_000, 36_001), (35_999, 36_010), (50_000, 60_000), (-0.9, -0.1)])
def test_time_outside_the_recording_refuses_the_whole_file(library, recording, span):
    good, bad = about(recording, 1), about(recording, 2, start_s=span[0], end_s=span[1])
    with pytest.raises(ReviewFileError, match=r"Verdict 2 is about .* of recording 1, which lasts 36000\.0 s"):
        take(library, good, bad)
    assert words(library, recording) == ()


@pytest.mark.parametrize("span", [(-0.08, 3.0), (35_998, 36_000.08)])
def test_movement_at_an_end_of_the_recording_can_be_spoken_about(library, recording, span):
    assert take(library, about(recording, start_s=span[0], end_s=span[1])) == [Outcome.NEW]


def test_answer_about_wear_counts_like_one_that_was_typed(library, recording):
    whole = about(recording, 1, start_s=0, end_s=36_000, verdict="worn", reviewer=PATIENT)
    off = about(recording, 2, start_s=7200, end_s=10_800, verdict="not worn", reviewer=PATIENT)
    take(library, whole, off)
    (leg,) = find_night(library, "last").legs
    assert [(one.start_s, one.end_s) for one in leg.recordings[0].span.not_worn] == [(7200.0, 10_800.0)]


def test_library_that_changed_meanwhile_is_not_written_to(library, recording):
    file = read(review(about(recording), keys=(recording.content_hash,)))
    plan = plan_import(library, file)
    annotate(library, recording.id, TimeSpan(14400.0, 14404.0), Verdict.UNSURE, SATO_RATER)
    with pytest.raises(LibraryError, match="has changed meanwhile; nothing was taken"):
        take_import(library, file, plan)
    assert len(words(library, recording)) == 1


def test_sources_go_with_their_recording(library, recording):
    take(library, about(recording))
    assert len(list_sources(library)) == 1
    delete_recordings(library, [recording.id])
    assert list_sources(library) == ()


def test_the_order_of_files_does_not_matter(library, recording):
    # Revisions 1 to 3 in any order end with the last word.
    for revision in (2, 3, 1):
        take(library, about(recording, revision=revision, verdict=("rhythmic", "unsure", "not rhythmic")[revision - 1]))
    assert said(library, recording) == [("Sato", "not rhythmic")]


def test_profession_tells_equal_names_apart(library, recording):
    take(library, about(recording, 1), about(recording, 2, reviewer=SATO | {"profession": "nurse"}, verdict="unsure"))
    assert len(words(library, recording)) == 2
