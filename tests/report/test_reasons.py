import math

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.gait_verdict import GAIT_MEASURES
from clonus_sense.detection.verdict import BEATS_COUNTED, MEASURES
from clonus_sense.i18n import translator
from clonus_sense.model import Evidence
from clonus_sense.report.reasons import (
    DECIDING_WORDS,
    MEASURE_WORDS,
    MOST_BEATS_TOLD,
    evidence_title,
    folded_reasons,
    reasons_against,
    reasons_for,
)
from clonus_sense.session import analyse_recording
from tests.report.builders import make_episode
from tests.session.made import write_minute

EN, JA = translator("en"), translator("ja")


def test_what_weighed_most_stands_first_and_three_are_enough():
    evidence = [
        Evidence("strong_beats_g", 0.3, 0.07, True, logit=0.4),
        Evidence("beats", 12.0, 6.5, True, logit=1.3),
        Evidence("unevenness", 0.2, 0.3, True, logit=0.5),
        Evidence("off_axis_ratio", 0.2, 0.3, True, logit=0.3),
        Evidence("aperiodicity", 0.4, 0.25, False, logit=-0.5),
    ]
    assert reasons_for(evidence, EN) == ["many beats", "each beat as strong as the next", "strong beats"]
    assert reasons_against(evidence, EN) == ["beats that differ from one another"]


def test_what_hardly_weighed_is_not_told():
    assert reasons_for([Evidence("beats", 7.0, 6.5, True, logit=0.09)], EN) == []


def test_a_test_that_decides_the_class_stands_before_all_that_weighed():
    evidence = [
        Evidence("beats", 5.0, 6.5, False, logit=-3.0),
        Evidence("amplitude_waver", 0.1, 0.08, False),
        Evidence("off_axis_when_wavering", 0.2, 0.1, False),
        Evidence("confidence", 0.3, 0.4, False),
    ]
    wavers = "its strength wavers: it cannot be told from an intended movement"
    assert reasons_against(evidence, EN) == [wavers, "few beats"]


def test_a_test_that_was_met_and_only_decides_says_nothing():
    assert (
        reasons_for([Evidence("not_below_band_hz", 6.0, 4.5, True), Evidence("confidence", 0.9, 0.4, True)], EN) == []
    )


def test_evidence_without_weights_is_ordered_by_its_distance_from_the_limit():
    old = [Evidence("beats", 8.0, 6.5, True), Evidence("sub_harmonic_ratio", 0.01, 0.07, True)]
    old.append(Evidence("small_and_fast", 0.0, 0.5, True))
    assert reasons_for(old, EN) == ["no slower movement beneath it", "many beats", "not both weak and fast"]


def test_a_measure_of_another_version_keeps_its_name():
    assert reasons_for([Evidence("wobble", 1.0, 2.0, True, logit=1.0)], EN) == ["wobble"]


@pytest.mark.parametrize("_", [EN, JA], ids=["en", "ja"])
def test_every_test_of_the_detector_has_words_for_and_against(_, tmp_path):
    assert {measure.name for measure in (*MEASURES, *GAIT_MEASURES)} == set(MEASURE_WORDS)
    [episode] = analyse_recording(write_minute(tmp_path / "night.csv"), DetectionSettings()).analysis.episodes
    known = {*MEASURE_WORDS, *DECIDING_WORDS, "confidence"}
    assert {test.name for test in episode.evidence} <= known
    assert sum(test.logit for test in episode.evidence if test.logit is not None) > 0.0
    assert 1 <= len(reasons_for(episode.evidence, _)) <= 3


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
    assert (title in folded_reasons(episode, EN)) is (title != "Evidence")


def test_no_more_beats_are_told_than_the_detector_counts():
    assert MOST_BEATS_TOLD == BEATS_COUNTED
