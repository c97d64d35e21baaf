"""What a detector said is read from whatever its log holds, and nothing is made up."""

import json

import pytest

from clonus_sense.errors import EvaluationError
from clonus_sense.model import EpisodeClass, Evidence, Rejection
from clonus_sense.report.log import rejections_as_csv, write_log
from clonus_sense.report.scores.logged import Said, read_said
from tests.report.builders import EVIDENCE, make_analysis, make_episode


def test_a_log_of_ours_gives_class_confidence_axis_and_evidence(tmp_path):
    analysis, _ = make_analysis(120.0, [make_episode(10.0, confidence=0.4, episode_class=EpisodeClass.UNCERTAIN)])
    log = write_log(analysis, tmp_path, "night", "night.csv")
    [said] = read_said(log)
    assert (said.onset_s, said.offset_s, said.episode_class) == (10.0, 12.0, EpisodeClass.UNCERTAIN)
    assert (said.confidence, said.beats, said.frequency_hz, said.axis) == (0.4, 12, 6.0, (0.0, 0.0, 1.0))
    assert said.evidence == EVIDENCE
    assert not said.is_rejected


def test_rejected_candidates_come_with_what_spoke_for_and_against_them(tmp_path):
    (tmp_path / "night.csv").write_text("onset_s,offset_s\n50,52\n", encoding="utf-8")
    rejection = Rejection(10.0, 11.0, beats=6, frequency_hz=5.5, peak_g=0.1, evidence=EVIDENCE)
    (tmp_path / "night.rejected.csv").write_text(rejections_as_csv([rejection]), encoding="utf-8")
    first, second = read_said(tmp_path / "night.csv")
    assert first.is_rejected
    assert [(test.name, test.passed) for test in first.evidence] == [
        ("unevenness", True),
        ("sub_harmonic_ratio", False),
    ]
    assert first.evidence[1] == Evidence("sub_harmonic_ratio", value=0.9, limit=0.2, passed=False)
    assert second == Said(50.0, 52.0)


@pytest.mark.parametrize("text", ["", "{}", '{"episodes": 3}', '{"episodes": [{"onset_s": "x"}]}', "no json"])
def test_evidence_of_a_foreign_file_is_none_at_all(tmp_path, text):
    (tmp_path / "night.csv").write_text("onset_s,offset_s,class\n50,52,other\n", encoding="utf-8")
    (tmp_path / "night.run.json").write_text(text, encoding="utf-8")
    assert read_said(tmp_path / "night.csv") == (Said(50.0, 52.0),)


def test_value_that_was_not_finite_stays_unknown(tmp_path):
    (tmp_path / "night.csv").write_text("onset_s,offset_s\n50,52\n", encoding="utf-8")
    test = {"name": "beats", "value": None, "limit": 5, "passed": True}
    run = {"episodes": [{"onset_s": 50.0, "evidence": [test]}]}
    (tmp_path / "night.run.json").write_text(json.dumps(run), encoding="utf-8")
    [said] = read_said(tmp_path / "night.csv")
    assert said.evidence[0].value != said.evidence[0].value  # NaN alone differs from itself


def test_no_log_says_nothing_and_a_table_of_something_else_is_refused(tmp_path):
    assert read_said(None) == ()
    (tmp_path / "night.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="the column onset_s is missing"):
        read_said(tmp_path / "night.csv")
