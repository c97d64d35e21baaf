"""Each reason once, in words of the signal, what decided first, and a failed test looks failed."""

import ast
import math
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import clonus_sense.detection
from clonus_sense.config import DetectionSettings
from clonus_sense.detection.gait.line_verdict import LINE_DECISION, LINE_MEASURES
from clonus_sense.detection.verdict import BEATS_COUNTED, DECISION, MEASURES, STRENGTH_COUNTED_G
from clonus_sense.i18n import translator
from clonus_sense.model import EpisodeClass, Evidence
from clonus_sense.report.words.evidence import EVIDENCE_WORDS
from clonus_sense.report.words.reasons import (
    MOST_BEATS_TOLD,
    evidence_title,
    reason_lines,
    reasons_against,
    reasons_for,
    tell_reasons,
)
from clonus_sense.workflows import analyse_recording
from tests.report.builders import make_episode
from tests.workflows.made import write_minute

EN, JA = translator("en"), translator("ja")
BOTH = pytest.mark.parametrize("_", [EN, JA], ids=["en", "ja"])
OLD = {"surrounding_ratio"}
"""Written by earlier versions only."""


def sentences(evidence, _=EN):
    return [reason.sentence for reason in tell_reasons(evidence, _)]


def names_in_the_detector():
    """Every name that the detector can give a test, read from its source."""
    names, others = set(), []
    for path in Path(clonus_sense.detection.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"Evidence", "Measure"}
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    names.add(first.value)
                else:
                    others.append((path.name, ast.unparse(first)))
    # A decision names its tests by its measures, which are in the list.
    assert others == [("logistic_decision.py", "measure.name")]
    return names


def test_every_test_of_the_detector_has_words_and_no_other():
    assert set(EVIDENCE_WORDS) - OLD == names_in_the_detector()


@BOTH
@pytest.mark.parametrize("name", EVIDENCE_WORDS)
@pytest.mark.parametrize("passed", [True, False])
def test_every_sentence_says_value_and_limit_with_their_unit_in_its_language(_, name, passed):
    words = EVIDENCE_WORDS[name]
    value = 9.0 if words.at_least == passed else 2.0
    [sentence] = sentences([Evidence(name, value, 5.0, passed)], _)
    unit = {" %": "%", " g": "[gG]", " Hz": "Hz"}.get(words.unit.text.removeprefix("{number}"), "")
    assert len(re.findall(rf"\d+(?:\.\d+)? ?{unit}", sentence)) == 2
    assert "_" not in sentence
    if _ is JA:
        assert not re.search("[a-z]{3}", sentence)


@BOTH
def test_no_two_tests_share_their_words(_):
    for is_met in (True, False):
        words = [_(one.met if is_met else one.not_met) for one in EVIDENCE_WORDS.values()]
        assert len(set(words)) == len(words)


@BOTH
@pytest.mark.parametrize("name", EVIDENCE_WORDS)
def test_every_sentence_fits_a_line_of_a_terminal(_, name):
    words = EVIDENCE_WORDS[name]
    for passed in (True, False):
        value = 0.3741 if words.at_least == passed else 0.3739
        [reason] = tell_reasons([Evidence(name, value, 0.374, passed)], _)
        width = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in reason.sentence)
        assert width <= 92


def test_words_follow_the_signs_of_the_weights():
    pairs = [*zip(MEASURES, DECISION.weights, strict=True), *zip(LINE_MEASURES, LINE_DECISION.weights, strict=True)]
    assert {measure.name: weight > 0 for measure, weight in pairs} == {
        measure.name: EVIDENCE_WORDS[measure.name].at_least for measure, _weight in pairs
    }
    assert not any(EVIDENCE_WORDS[measure.name].is_rule for measure, _weight in pairs)


def test_what_is_counted_up_to_a_limit_says_so():
    assert EVIDENCE_WORDS["beats"].counted_to == BEATS_COUNTED == MOST_BEATS_TOLD
    assert EVIDENCE_WORDS["strong_beats_g"].counted_to == STRENGTH_COUNTED_G
    assert sentences([Evidence("beats", 30.0, 7.985, True, 2.0)]) == ["many beats: 30 or more, at least 8 expected"]


def test_the_example_of_a_sentence():
    tests = [Evidence("unevenness", 0.34, 0.302, False, -0.15)]
    assert sentences(tests) == ["beats uneven: 34 % spread, at most 30 % expected"]
    assert sentences(tests, JA) == ["拍の強さにむらがある:ばらつき34 %(目安は30 %以下)"]


@BOTH
@example(name="busier_flank_ratio", limit=0.374, apart=3.4e-6)
@given(
    name=st.sampled_from(sorted(EVIDENCE_WORDS)),
    limit=st.floats(1e-3, 1e3),
    apart=st.floats(1e-12, 1e3),
)
def test_a_failed_test_looks_failed_whatever_its_numbers(_, name, limit, apart):
    at_least = EVIDENCE_WORDS[name].at_least
    value = limit - apart if at_least else limit + apart
    if value == limit:
        return
    [reason] = tell_reasons([Evidence(name, value, limit, passed=False)], _)
    shown_value, shown_limit = (float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", reason.numbers))
    assert (shown_value < shown_limit) if at_least else (shown_value > shown_limit)
    assert reason.sentence.startswith(_(EVIDENCE_WORDS[name].not_met))


@given(name=st.sampled_from(sorted(EVIDENCE_WORDS)), limit=st.floats(1e-3, 1e3), apart=st.floats(0.0, 1e3))
def test_a_test_that_was_met_never_looks_failed(name, limit, apart):
    at_least = EVIDENCE_WORDS[name].at_least
    value = limit + apart if at_least else limit - apart
    for reason in tell_reasons([Evidence(name, value, limit, passed=True)], EN):
        shown_value, shown_limit = (float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", reason.numbers))
        assert (shown_value >= shown_limit) if at_least else (shown_value <= shown_limit)


@given(
    st.lists(
        st.builds(
            Evidence,
            st.sampled_from([*EVIDENCE_WORDS, "wobble"]),
            st.floats(allow_nan=True),
            st.floats(allow_nan=True),
            st.booleans(),
            st.none() | st.floats(-9, 9),
        )
    )
)
def test_whatever_a_library_holds_can_be_told(evidence):
    for _ in (EN, JA):
        told = tell_reasons(evidence, _)
        assert all(reason.words and reason.sentence for reason in told)
        assert len({reason.words for reason in told}) == len(told)


def test_a_value_that_a_table_rounded_onto_its_limit_still_looks_failed():
    [sentence] = sentences([Evidence("busier_flank_ratio", 0.374, 0.374, False)])
    assert "just over 37 % of its strength beside it, at most 37 % expected" in sentence
    [sentence] = sentences([Evidence("strong_beats_g", 0.06, 0.06, False)])
    assert "just under 0.060 g" in sentence


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        # A rule that failed stands for its quantity ...
        (
            [Evidence("sub_harmonic_ratio", 0.45, 0.048, False, -2.0), Evidence("no_harmonic", 0.45, 0.4, False)],
            ["overtone of slower movement: 45 % of it is slower, at most 40 % allowed"],
        ),
        (
            [Evidence("beats", 4.0, 11.864, False, -2.0), Evidence("five_beats", 4.0, 5.0, False)],
            ["too few beats among steps: 4, at least 5 needed"],
        ),
        (
            [Evidence("concentration", 0.45, 0.688, False, -3.0), Evidence("one_line", 0.45, 0.5, False)],
            ["no own rhythm beside steps: 45 % is this rhythm, at least 50 % needed"],
        ),
        # ... and a measure for a rule that was met.
        (
            [Evidence("beats", 6.0, 11.864, False, -1.3), Evidence("five_beats", 6.0, 5.0, True)],
            ["few beats: 6, at least 12 expected"],
        ),
        (
            [Evidence("busier_flank_ratio", 0.5, 0.374, False, -0.2), Evidence("no_echo_ratio", 0.5, 1.0, True)],
            ["much movement before or after: 50 % of its strength beside it, at most 37 % expected"],
        ),
        (
            [Evidence("sub_harmonic_ratio", 0.0036, 0.048, True, 1.0), Evidence("no_harmonic", 0.0036, 0.4, True)],
            ["little slower movement beneath: 0.4 % of it is slower, at most 4.8 % expected"],
        ),
    ],
)
def test_what_is_measured_once_is_told_once_by_the_test_that_decided(evidence, told):
    assert sentences(evidence) == told
    assert sentences(evidence[::-1]) == told


def test_a_rule_of_several_parts_says_nothing_where_one_part_alone_holds():
    assert sentences([Evidence("amplitude_waver", 0.24, 0.08, True)]) == []
    assert sentences([Evidence("interval_wander", 0.003, 0.004, True)]) == []


def test_what_is_made_of_other_measures_is_told_where_it_applies_alone():
    assert sentences([Evidence("small_and_fast", 0.0, 0.537, True, 1.2)]) == []
    [sentence] = sentences([Evidence("small_and_fast", 0.755, 0.537, False, -0.5)])
    assert sentence == "weak and fast, as trembling is: index 0.76, at most 0.54 expected"


def test_what_decided_stands_first_then_weight_then_rules_that_were_met():
    evidence = [
        Evidence("beats", 5.0, 7.985, False, logit=-0.8),
        Evidence("unevenness", 0.35, 0.302, False, logit=-0.2),
        Evidence("aperiodicity", 0.05, 0.217, True, logit=1.0),
        Evidence("not_below_band_hz", 9.1, 4.5, True),
        Evidence("not_above_band_hz", 9.1, 8.7, False),
        Evidence("confidence", 0.3, 0.5, False),
    ]
    assert [reason.words for reason in tell_reasons(evidence, EN)] == [
        "not sure enough that it is rhythmic",
        "faster than the band",
        "beats like one another",
        "few beats",
        "beats uneven",
        "not too slow",
    ]


def test_what_weighed_most_stands_first_and_three_are_enough():
    evidence = [
        Evidence("strong_beats_g", 0.3, 0.07, True, logit=0.4),
        Evidence("beats", 12.0, 6.5, True, logit=1.3),
        Evidence("unevenness", 0.2, 0.3, True, logit=0.5),
        Evidence("off_axis_ratio", 0.2, 0.3, True, logit=0.3),
        Evidence("aperiodicity", 0.4, 0.25, False, logit=-0.5),
    ]
    assert [sentence.split(":")[0] for sentence in reasons_for(evidence, EN)] == [
        "many beats",
        "beats even",
        "strong beats",
    ]
    assert reasons_against(evidence, EN) == ["beats unlike one another: 40 % different, at most 25 % expected"]


def test_what_hardly_weighed_is_not_among_the_first():
    assert reasons_for([Evidence("beats", 7.0, 6.5, True, logit=0.09)], EN) == []


def test_a_test_that_was_met_and_only_decides_is_not_among_the_first():
    met = [Evidence("not_below_band_hz", 6.0, 4.5, True), Evidence("confidence", 0.9, 0.4, True)]
    assert reasons_for(met, EN) == []


def test_evidence_without_weights_is_ordered_by_its_distance_from_the_limit():
    old = [Evidence("beats", 8.0, 6.5, True), Evidence("sub_harmonic_ratio", 0.01, 0.07, True)]
    assert [reason.words for reason in tell_reasons(old, EN)] == ["little slower movement beneath", "many beats"]


@BOTH
def test_tests_of_other_versions_still_show(_):
    old = [Evidence("surrounding_ratio", 0.9, 0.5, False, -1.0), Evidence("new_wobble", 1.0, 2.0, True, 0.5)]
    surrounding, wobble = sentences(old, _)
    assert surrounding.startswith(_("much movement around it"))
    assert wobble.startswith("new wobble")


def test_a_measure_that_another_version_weighed_the_other_way_round_describes_the_movement():
    [sentence] = sentences([Evidence("off_axis_ratio", 0.4, 0.2, True, 0.5)])
    assert sentence == "moves in several directions: 40 % off its line"


@BOTH
def test_what_the_detector_writes_is_told_with_numbers_throughout(_, tmp_path):
    [episode] = analyse_recording(write_minute(tmp_path / "night.csv"), DetectionSettings()).analysis.episodes
    assert sum(test.logit for test in episode.evidence if test.logit is not None) > 0.0
    told = tell_reasons(episode.evidence, _)
    assert len(told) >= 8
    assert all(("≥" in reason.numbers) != ("≤" in reason.numbers) for reason in told)
    assert 1 <= len(reasons_for(episode.evidence, _)) <= 3


def test_the_fold_of_an_uncertain_movement_contradicts_nothing():
    evidence = (Evidence("interval_wander", 0.003, 0.004, False), Evidence("amplitude_wander", 0.04, 0.05, False))
    fold = reason_lines(make_episode(episode_class=EpisodeClass.UNCERTAIN, evidence=evidence), EN)
    assert fold[0] == "surely rhythmic; may be a machine or electrical stimulation"
    assert "timed like a machine: intervals wander by 0.30 %, at least 0.40 % needed" in fold[-1]


@pytest.mark.parametrize(
    ("n_beats", "counted", "title"),
    [
        (36, 11, "Evidence (of 11 beats)"),
        (36, MOST_BEATS_TOLD, "Evidence"),
        (11, 11, "Evidence"),
        (4, None, "Evidence"),
        (4, math.nan, "Evidence"),
    ],
)
def test_evidence_says_of_how_many_beats_it_is_where_a_bout_was_found_in_pieces(n_beats, counted, title):
    evidence = () if counted is None else (Evidence("beats", float(counted), 11.9, False),)
    episode = make_episode(beats=n_beats, evidence=evidence)
    assert evidence_title(episode, EN) == title
    assert (title in reason_lines(episode, EN)) is (title != "Evidence")
