"""Inside a walk only clonus is given, and each measure and rule speaks the way its reason says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clonus_sense.detection.gait.line_rhythm import measure_line_rhythm
from clonus_sense.detection.gait.line_verdict import (
    LEAST_CONFIDENCE_IN_GAIT,
    LINE_DECISION,
    LINE_MEASURES,
    RULES_IN_GAIT,
    judge_line_rhythm,
)
from clonus_sense.model import EpisodeClass
from tests.detection.builders import DEFAULTS
from tests.detection.gait.test_line_rhythm import HZ, make_candidate

RHYTHM = measure_line_rhythm(make_candidate(2.0, 4.0, other_g=0.5), HZ)
CERTAIN = replace(LINE_DECISION, weights=(0.0,) * len(LINE_MEASURES), intercept_logit=5.0)


def change_gait(**changes):
    return replace(RHYTHM, **changes)


WORSE = {
    "fewer beats": replace(RHYTHM, positions=RHYTHM.positions[:5], amplitudes_g=RHYTHM.amplitudes_g[:5]),
    "less concentrated": change_gait(concentration=0.3),
    "less tonal": change_gait(tonality=0.2),
    "in several directions": replace(RHYTHM, off_axis_ratio=0.6),
    "going on on one side": replace(RHYTHM, busier_flank_ratio=0.9),
    "going on on both sides": replace(RHYTHM, calmer_flank_ratio=0.8),
    "steps like those of a machine": change_gait(stride_likeness=1.0),
    "weak": replace(RHYTHM, amplitudes_g=RHYTHM.amplitudes_g / 5.0),
}
RULED_OUT = {
    "no_echo_ratio": replace(RHYTHM, busier_flank_ratio=1.01),
    "five_beats": replace(RHYTHM, positions=RHYTHM.positions[:4], amplitudes_g=RHYTHM.amplitudes_g[:4]),
    "stride_ratio": change_gait(stride_ratio=0.34),
    "one_line": change_gait(concentration=0.49),
}


def test_a_clear_rhythm_inside_a_walk_is_clonus():
    verdict = judge_line_rhythm(RHYTHM, 6.0, DEFAULTS)
    assert verdict.episode_class is EpisodeClass.CLONUS
    assert verdict.confidence >= LEAST_CONFIDENCE_IN_GAIT
    assert all(test.passed for test in verdict.evidence if test.logit is None)


def test_where_only_the_confidence_is_missing_it_may_be_the_rest_of_a_bout():
    doubtful = replace(CERTAIN, intercept_logit=-5.0)
    verdict = judge_line_rhythm(RHYTHM, 6.0, DEFAULTS, doubtful)
    assert verdict.episode_class is None
    assert verdict.may_go_on
    for rule, rhythm in RULED_OUT.items():
        assert not judge_line_rhythm(rhythm, 6.0, DEFAULTS, doubtful).may_go_on, rule
    assert not judge_line_rhythm(RHYTHM, 9.0, DEFAULTS, doubtful).may_go_on


@pytest.mark.parametrize("change", WORSE)
def test_each_measure_speaks_the_way_its_reason_says(change):
    worse = judge_line_rhythm(WORSE[change], 6.0, DEFAULTS).confidence
    assert worse < judge_line_rhythm(RHYTHM, 6.0, DEFAULTS).confidence


@pytest.mark.parametrize("rule", RULED_OUT)
def test_no_weight_outvotes_a_rule(rule):
    assert judge_line_rhythm(RHYTHM, 6.0, DEFAULTS, CERTAIN).episode_class is EpisodeClass.CLONUS
    verdict = judge_line_rhythm(RULED_OUT[rule], 6.0, DEFAULTS, CERTAIN)
    assert verdict.episode_class is None
    assert [test.name for test in verdict.evidence if not test.passed and test.logit is None] == [rule]
    assert set(RULES_IN_GAIT) <= set(RULED_OUT)


@pytest.mark.parametrize("frequency_hz", [4.49, 8.51])
def test_outside_the_band_it_is_no_episode(frequency_hz):
    assert judge_line_rhythm(RHYTHM, frequency_hz, DEFAULTS, CERTAIN).episode_class is None


def test_evidence_adds_up_to_the_confidence():
    verdict = judge_line_rhythm(RHYTHM, 6.0, DEFAULTS)
    logit = LINE_DECISION.intercept_logit + sum(test.logit for test in verdict.evidence if test.logit is not None)
    assert verdict.confidence == pytest.approx(1.0 / (1.0 + np.exp(-logit)))
