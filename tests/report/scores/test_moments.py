from clonus_sense.evaluation import LoneBout, RatedRecording
from clonus_sense.report.scores.logged import Said
from clonus_sense.report.scores.moments import Moment, choose_moments, find_false, find_lone, find_missed

from .builders import bout, evaluate_one, hit

SAID = {"night": (Said(6.0, 6.9), Said(18.0, 21.0), Said(25.1, 26.0))}


def test_what_was_missed_comes_with_all_that_was_said_within_its_picture():
    evaluation = evaluate_one([bout(20), bout(10), bout(40, beats=4)], [hit(10)])
    [missed] = find_missed(evaluation, SAID.__getitem__)
    assert missed.bout.onset_s == 20
    assert missed.window_s == (17.0, 25.0)
    assert missed.said == SAID["night"][1:2]
    assert missed.marked == ((20.0, 22.0), (10.0, 12.0), (40.0, 42.0))


def test_what_was_false_stands_at_the_detection():
    [false] = find_false(evaluate_one([bout(20)], [hit(20), hit(90)]), lambda _name: ())
    assert (false.bout.onset_s, false.bout.beats, false.bout.frequency_hz) == (90.0, 12, 6.0)


def test_of_a_long_bout_the_beginning_is_shown_and_nothing_before_the_recording():
    assert Moment("a", bout(1.0, length_s=60), ()).window_s == (0.0, 18.0)


def test_lone_bouts_of_raters_come_with_the_marks_of_both():
    night = RatedRecording("night", (bout(10), bout(30)), (bout(30),))
    [lone] = find_lone([LoneBout("night", bout(10))], [night])
    assert (lone.marked, lone.marked_by_other) == (((10.0, 12.0), (30.0, 32.0)), ((30.0, 32.0),))


def test_every_recording_gets_its_turn_and_the_strongest_come_first():
    strong = [Moment("a", bout(at, peak_g=g), ()) for at, g in ((1, 0.1), (5, 0.9), (9, 0.5))]
    others = [Moment("b", bout(1), ()), Moment("c", bout(1), ())]
    assert choose_moments([*strong, *others], 3) == [1, 3, 4]
    assert choose_moments([*strong, *others], 4) == [1, 2, 3, 4]
    assert choose_moments([*strong, *others], 99) == [0, 1, 2, 3, 4]
