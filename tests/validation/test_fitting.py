"""Weights are fitted to labelled candidates, and each case is judged by weights that never saw its fold."""

from __future__ import annotations

import json

import numpy as np
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.detection.detector import DECISIONS
from clonus_sense.detection.gait.line_verdict import LINE_DECISION, LINE_MEASURES
from clonus_sense.detection.logistic_decision import Decision, Decisions
from clonus_sense.detection.verdict import DECISION, MEASURES
from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation import read_detections
from clonus_sense.model import EpisodeClass
from clonus_sense.recording import read_recording, write_recording
from clonus_sense.simulate import simulate_bout, write_truth
from tests.validation.fitting import (
    fit_decision,
    fit_decisions,
    main,
    settle_intercept,
    weigh_candidates,
    write_detections,
)
from tests.validation.labelled import INJECTED, LabelledCandidates, LabelledKinds, collect_candidates

BOUTS = {"first": 6.0, "second": 5.5}  # name of the case: frequency of its one bout
NEVER = Decision(weights=(0.0,) * len(MEASURES), neutral=DECISION.neutral, intercept_logit=-50.0)
NEVER_ANY = Decisions(NEVER, LINE_DECISION)


def make_candidates(measures, is_true, recording="a"):
    n = len(measures)
    return LabelledCandidates(measures, np.asarray(is_true, float), np.zeros(n), np.ones(n), np.full(n, recording))


def no_walks():
    return make_candidates(np.empty((0, len(LINE_MEASURES))), [])


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Two cases of one bout each, in folds 0 and 1, and one that is reported apart."""
    folder = tmp_path_factory.mktemp("cases")
    index = []
    for fold, (name, frequency_hz) in enumerate(BOUTS.items()):
        made = simulate_bout(
            beats=12, frequency_hz=frequency_hz, amplitude_g=0.3, fs_hz=52.0, seed=fold, lead_s=8.0, trail_s=8.0
        )
        write_recording(folder / f"{name}.csv", made.info, made.times_s, made.accel_g)
        write_truth(folder / f"{name}.truth.csv", made.truth)
        index.append({"name": name, "class": "night", "recorded_s": 18.0, "fold": fold})
    apart = {"name": "apart", "class": "jiggle", "recorded_s": 18.0, "fold": 2}
    (folder / "apart.truth.csv").write_text("onset_s,offset_s,beats\n", encoding="utf-8")
    (folder / "apart.csv").write_bytes((folder / "first.csv").read_bytes())
    (folder / "cases.json").write_text(json.dumps([*index, apart]), encoding="utf-8")
    return folder


def read_episodes(path):
    recording = read_recording(path)
    detector = Detector(DetectionSettings(), site=recording.info.site)
    return [e for batch in recording.batches() for e in detector.push(batch)] + detector.flush()


def test_candidates_on_true_bouts_are_labelled_and_cases_apart_left_out(cases):
    candidates = collect_candidates(cases).plain
    assert candidates.measures.shape == (len(candidates.is_true), len(MEASURES))
    assert candidates.is_true.sum() == 2
    assert sorted(candidates.fold[candidates.is_true > 0].tolist()) == [0, 1]
    assert 2 not in candidates.fold


def test_a_fit_weighs_what_tells_the_labels_apart_and_nothing_else():
    rng = np.random.default_rng(5)
    measures = rng.normal(size=(400, len(MEASURES)))
    is_true = (measures[:, 0] - measures[:, 3] > 0).astype(float)
    decision = fit_decision(make_candidates(measures, is_true), MEASURES)
    assert decision.weights[0] > 2.0
    assert decision.weights[3] < -2.0
    assert all(abs(weight) < 0.5 for number, weight in enumerate(decision.weights) if number not in (0, 3))
    neutral = [measure.transform(value) for measure, value in zip(MEASURES, decision.neutral, strict=True)]
    assert neutral == pytest.approx(measures.mean(axis=0))


def test_each_case_is_detected_by_the_decision_of_its_fold(cases, tmp_path):
    asked = []

    def decision_of(fold):
        asked.append(fold)
        return NEVER_ANY if fold == 1 else DECISIONS

    write_detections(cases, tmp_path, decision_of)
    assert asked == [0, 1, 2]
    [found] = read_detections(tmp_path / "first.csv", {EpisodeClass.CLONUS})
    assert found.frequency_hz == pytest.approx(BOUTS["first"], abs=0.15)
    assert list(read_detections(tmp_path / "second.csv", {EpisodeClass.CLONUS})) == []


def test_candidates_of_one_kind_are_refused(cases):
    with pytest.raises(EvaluationError, match="both kinds"):
        fit_decision(collect_candidates(cases).plain, MEASURES)


def test_candidates_are_weighed_as_the_detector_weighs_them(cases):
    candidates = collect_candidates(cases).plain
    [episode] = read_episodes(cases / "first.csv")
    rows = (candidates.recording == "first") & (candidates.is_true > 0)
    [confidence] = weigh_candidates(candidates, MEASURES, lambda fold: DECISION)[rows]
    assert confidence == pytest.approx(episode.confidence, rel=1e-9)
    never = weigh_candidates(candidates, MEASURES, lambda fold: DECISION if fold == 1 else NEVER)
    assert never[candidates.fold == 0].max() < 1e-9 < never[candidates.fold == 1].max()


def test_the_command_prints_a_decision_that_python_reads_back(monkeypatch, tmp_path, capsys):
    rng = np.random.default_rng(6)
    plain = make_candidates(rng.normal(size=(40, len(MEASURES))), np.arange(40) % 2)
    in_gait = make_candidates(rng.normal(size=(40, len(LINE_MEASURES))), np.arange(40) % 2)
    nothing = LabelledKinds(plain.select(np.zeros(40, bool)), in_gait.select(np.zeros(40, bool)))
    made = LabelledKinds(plain, in_gait)
    monkeypatch.setattr("tests.validation.fitting.collect_candidates", lambda folder: made)
    monkeypatch.setattr("tests.validation.fitting.collect_injected", lambda folder: nothing)
    main([str(tmp_path), "--simulated-nights", "0"])
    printed = eval(capsys.readouterr().out, {"Decision": Decision, "Decisions": Decisions})
    assert printed == fit_decisions(made)


def test_without_walks_to_learn_from_their_weights_stay_as_they_are(cases):
    rng = np.random.default_rng(7)
    plain = make_candidates(rng.normal(size=(40, len(MEASURES))), np.arange(40) % 2)
    assert fit_decisions(LabelledKinds(plain, no_walks())).in_gait == LINE_DECISION


def test_bouts_that_were_added_shape_the_weights_but_not_how_often_something_is_true():
    rng = np.random.default_rng(8)
    plain = make_candidates(rng.normal(size=(40, len(MEASURES))), np.arange(40) % 2)
    is_true = (np.arange(400) % 10 == 0).astype(float)
    measures = rng.normal(size=(400, len(LINE_MEASURES)))
    measures[:, 1] += 2.0 * is_true
    walks = make_candidates(measures, is_true)
    clear = rng.normal(size=(900, len(LINE_MEASURES)))
    clear[:, 1] += 2.0
    added = make_candidates(clear, np.ones(900), INJECTED + "b")
    decisions = fit_decisions(LabelledKinds(plain, LabelledCandidates.join([walks, added])))
    confidence = weigh_candidates(walks, LINE_MEASURES, lambda fold: decisions.in_gait)
    assert confidence.sum() == pytest.approx(is_true.sum(), rel=0.05)
    settled = settle_intercept(decisions.in_gait, walks, LINE_MEASURES)
    assert settled.intercept_logit == pytest.approx(decisions.in_gait.intercept_logit, abs=1e-3)


def test_a_case_without_its_recording_is_named(tmp_path):
    (tmp_path / "cases.json").write_text(
        json.dumps([{"name": "lost", "class": "night", "recorded_s": 5.0, "fold": 0}]), encoding="utf-8"
    )
    (tmp_path / "lost.truth.csv").write_text("onset_s,offset_s\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="lost"):
        collect_candidates(tmp_path)
