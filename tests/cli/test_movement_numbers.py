"""A movement is named by its number on the page, and the answer is in the clock time that was typed."""

import pytest

from clonus_sense.library import Library, list_annotations
from clonus_sense.model import EpisodeClass
from tests.review.made import MadeLeg, add_leg, at

UNSURE = ("--verdict", "unsure", "--profession", "patient")


@pytest.fixture
def legs(library_path):
    """Two legs from 22:00 to 08:00 in Berlin; the left has movements at 23:00:00 and 01:00:36, the right at 00:00."""
    with Library.open(library_path) as library:
        left = add_leg(library, MadeLeg(side="left", episodes=(at(1.0), at(3.01, 2.5, EpisodeClass.BRIEF))))
        right = add_leg(library, MadeLeg(side="right", episodes=(at(2.0),)))
    return left.id, right.id


def words_on(library_path, recording):
    with Library.open(library_path) as library:
        return [
            (word.span.start_s, word.span.end_s, word.verdict.value) for word in list_annotations(library, recording)
        ]


@pytest.mark.parametrize("number", ["L2", "l2", "L 2", "左2", "L2"])
def test_a_number_with_the_letter_of_the_leg_is_that_movement(run, legs, library_path, number):
    code, lines, errors = run("annotate", "last", "--movement", number, *UNSURE)
    assert code == 0, errors
    assert lines[0].startswith("Kept as word 1: unsure, 01:00:36–01:00:38.5. ")
    assert lines[1] == "  about: movement L2 at 01:00:36, 2.5 s, 15 beats, brief"
    assert words_on(library_path, legs[0]) == [(10836.0, 10838.5, "unsure")]
    assert words_on(library_path, legs[1]) == []


def test_a_number_that_one_leg_has_alone_needs_no_letter(run, legs, library_path):
    assert run("annotate", "last", "--movement", "2", *UNSURE)[0] == 0
    assert run("annotate", "last", "--movement", "1", "--side", "right", *UNSURE)[0] == 0
    assert [len(words_on(library_path, leg)) for leg in legs] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--movement", "1"], "has two legs with a movement 1; write L1 or R1"),
        (["--movement", "R2"], "has no movement R2 of the right leg; its page numbers 1"),
        (["--movement", "9"], "has no movement 9; its page numbers 3"),
        (["--movement", "0"], "has no movement 0"),
        (["--movement", "R1", "--side", "left"], "has no movement R1 of the left and right leg"),
        (["--movement", "X1"], "`X1` is no number of a movement; write it as the page does"),
        (["--movement", "one"], "`one` is no number of a movement"),
        (["--movement", ""], "`` is no number of a movement"),
    ],
)
def test_a_number_that_is_none_is_refused(run, legs, arguments, sentence):
    code, _, errors = run("annotate", "last", *arguments, *UNSURE)
    assert code == 1
    assert sentence in errors


@pytest.mark.parametrize("arguments", [["--movement", "L1", "--from", "23:00"], ["--from", "23:00"], []])
def test_a_movement_or_a_time_is_said_and_not_both(run, legs, arguments):
    assert run("annotate", "last", *arguments, *UNSURE)[0] == 2


def test_one_leg_alone_has_numbers_without_letter(run, library_path):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(side="right", episodes=(at(1.0), at(2.0))))
    assert run("annotate", "last", "--movement", "2", *UNSURE)[1][1].startswith("  about: movement 2 at 00:00")
    assert run("annotate", "last", "--movement", "R1", *UNSURE)[0] == 0
    assert run("annotate", "last", "--movement", "L1", *UNSURE)[0] == 1


def test_the_sensor_was_off_in_the_half_minutes_of_a_movement(run, library_path):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(episodes=(at(2.0), at(4.004))))
    _, lines, _ = run("correct", "worn", "last", "off", "--movement", "2")
    assert lines[0].startswith("Kept as word 1: the sensor was worn, 22:00–08:00. ")
    assert lines[1].startswith("Kept as word 2: the sensor was not worn, 02:00–02:00:30. ")
    assert "    rhythmic movements 1, together 4.0 s, longest 4.0 s" in lines
    assert run("correct", "rest", "last", "--movement", "1")[0] == 2
    assert run("correct", "worn", "last", "throughout", "--movement", "1")[0] == 2
    assert run("correct", "worn", "last", "off", "--movement", "7")[0] == 1


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        ("01:00", "01:30:15", "01:00–01:30:15"),
        ("2026-11-06T01:00", "2026-11-06T01:30:15", "2026-11-06T01:00:00–2026-11-06T01:30:15"),
        ("2026-11-06T00:00Z", "2026-11-06T00:30:15Z", "2026-11-06T00:00:00+00:00–2026-11-06T00:30:15+00:00"),
        ("2026-11-06T09:00+09:00", "01:30:15", "2026-11-06T09:00:00+09:00–01:30:15"),
    ],
)
def test_the_answer_is_by_the_clock_that_was_typed(run, legs, start, end, answer):
    said = ("--from", start, "--to", end, "--side", "left")
    assert f": unsure, {answer}. " in run("annotate", "last", *said, *UNSURE)[1][0]
    assert f": the sensor was not worn, {answer}. " in run("correct", "worn", "last", "off", *said)[1][1]


def test_a_word_that_reaches_beyond_the_recording_says_how_far_it_holds(run, legs):
    _, lines, _ = run("annotate", "last", "--from", "21:00", "--to", "23:30", "--side", "left", *UNSURE)
    assert ": unsure, 22:00–23:30. " in lines[0]


def test_a_word_over_two_recordings_is_taken_back_as_one(run, clonus_sense, library_path):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(length_h=5.0, rest_h=((1.0, 5.0),)))
        add_leg(library, MadeLeg(start="2026-11-06 03:30", length_h=4.0, rest_h=((0.0, 3.0),)))
    _, lines, _ = run("annotate", "last", "--from", "02:00", "--to", "05:00", *UNSURE)
    assert lines[0].startswith(
        "Kept as word 1, 2: unsure, 02:00–05:00. `clonus-sense annotate 2026-11-05 --withdraw 1 "
    )
    _, lines, _ = run("annotate", "last", "--withdraw", "1", "--withdraw", "2", "--profession", "patient")
    assert lines == ["Withdrawn: word 1, 2. It stays in the library's history."]


@pytest.mark.parametrize(
    ("language", "one", "several", "of_person"),
    [
        ("en", "recording 2", "recordings 1 and 3", "3 recordings"),
        ("ja", "記録番号 2", "記録番号 1、3", "記録3件"),
    ],
)
def test_a_number_of_a_recording_never_reads_like_a_count(run, library_path, language, one, several, of_person):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(length_h=5.0, rest_h=((1.0, 5.0),)))
        add_leg(library, MadeLeg(side="right"))
        add_leg(library, MadeLeg(start="2026-11-06 03:30", length_h=4.0, rest_h=((0.0, 3.0),)))
    lines = [line.strip() for line in run("nights", "--lang", language)[1]]
    assert {one, several} <= set(lines)
    assert of_person in run("people", "--lang", language)[1][0]
