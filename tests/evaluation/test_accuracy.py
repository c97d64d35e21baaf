"""Whole evaluations from files, and the same figures as the reference scorer where that is at hand."""

import csv
import importlib.util
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation import DetectedBout, evaluate, read_detections
from clonus_sense.model import EpisodeClass

SHARED_EVAL = Path(__file__).parents[2].parent / "shared" / "eval"

LOG = "onset_s,offset_s,beats,frequency_hz,class\n30,31,4,6,brief\n10.0,12.0,12,6.0,clonus\n"


@pytest.fixture
def cases(tmp_path):
    folder = tmp_path / "cases"
    folder.mkdir()
    entries = [{"name": n, "class": "night", "recorded_s": 3600, "tags": [], "fold": f} for f, n in enumerate("ab")]
    (folder / "cases.json").write_text(json.dumps(entries), encoding="utf-8")
    for name in "ab":
        truth = "onset_s,offset_s,frequency_hz,beats,peak_g,kind\n10,12,6,12,0.3,x\n30,31,6,6,0.3,x\n"
        (folder / f"{name}.truth.csv").write_text(truth, encoding="utf-8")
    return folder


@pytest.fixture
def detections(tmp_path):
    folder = tmp_path / "detections"
    folder.mkdir()
    (folder / "a.csv").write_text(LOG, encoding="utf-8")
    return folder


def test_missing_log_counts_as_nothing_found_and_is_said(detections, cases, caplog):
    evaluation = evaluate(detections, cases)
    assert (evaluation.n_cases, evaluation.n_reference, evaluation.n_found) == (2, 4, 1)
    assert "no file for 1 of 2 cases, such as b" in caplog.text


def test_only_the_classes_asked_for_are_scored(detections, cases):
    assert evaluate(detections, cases, classes=[EpisodeClass.CLONUS, EpisodeClass.BRIEF]).n_found == 2


def test_only_the_folds_asked_for_are_scored(detections, cases):
    evaluation = evaluate(detections, cases, folds=[0])
    assert (evaluation.n_cases, evaluation.sensitivity) == (1, 0.5)
    with pytest.raises(EvaluationError, match="no case in fold 7; the folds are 0, 1"):
        evaluate(detections, cases, folds=[7])


def test_one_log_is_scored_against_one_truth_file(detections, cases):
    assert evaluate(detections / "a.csv", cases / "b.truth.csv").n_found == 1
    with pytest.raises(EvaluationError, match="one file cannot belong to 2 cases"):
        evaluate(detections / "a.csv", cases)


def test_folder_that_answers_no_case_is_refused(detections, cases, tmp_path):
    (detections / "a.csv").rename(detections / "c.csv")
    with pytest.raises(EvaluationError, match=r"holds no file named after a case, such as a\.csv"):
        evaluate(detections, cases)
    with pytest.raises(EvaluationError, match="no such file or folder"):
        evaluate(tmp_path / "missing", cases)


def test_detections_without_a_class_all_count_and_are_sorted(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("onset_s,offset_s\n30,31\n10,12\n", encoding="utf-8")
    assert read_detections(path) == (DetectedBout(10.0, 12.0), DetectedBout(30.0, 31.0))


def test_log_that_belongs_to_no_case_is_told(detections, cases, caplog):
    for name in ("other.csv", "other.rejected.csv", "b.csv"):
        (detections / name).write_text(LOG, encoding="utf-8")
    evaluate(detections, cases, folds=[0])
    assert "1 logs belong to no case, such as other; they are not scored" in caplog.text


# --- the reference scorer ---------------------------------------------------------------------------------------------

needs_scorer = pytest.mark.skipif(
    not (SHARED_EVAL / "score.py").exists(), reason="the labelled cases and their scorer are not beside this checkout"
)

# Names of ours beside those of the scorer.
HEADLINE_KEYS = {
    "n_reference": "reference",
    "n_found": "found",
    "sensitivity": "sensitivity",
    "precision": "precision",
    "f1": "f1",
    "n_false": "false",
    "n_splits": "splits",
    "n_merges": "merges",
    "hours": "hours",
    "false_per_8h": "false_per_8h",
    "false_per_24h": "false_per_24h",
    "strict_sensitivity": "sensitivity_iou30",
}
CLASS_KEYS = {
    "n_cases": "cases",
    "hours": "hours",
    "n_reference": "ref",
    "n_found": "tp",
    "n_optional_found": "optional",
    "n_false": "false",
    "n_splits": "splits",
    "n_merges": "merges",
    "sensitivity": "sensitivity",
    "false_per_8h": "false_per_8h",
    "false_per_24h": "false_per_24h",
    "false_seconds_per_hour": "false_seconds_per_hour",
}
GROUP_KEYS = ("by_beats", "by_amplitude", "by_frequency", "by_generator", "by_placement", "by_tag")
SIZE_KEYS = {
    "onset_error_s": "onset_abs_s",
    "offset_error_s": "offset_abs_s",
    "frequency_error_hz": "frequency_abs_hz",
    "beats_error": "beats_abs",
}


def write_imperfect_logs(folder, case_folder):
    """Log the truth with every fault there is: missed, moved, split, merged, false, without a file."""
    rng = np.random.default_rng(7)
    for case in json.loads((case_folder / "cases.json").read_text(encoding="utf-8")):
        if rng.random() < 0.1:
            continue
        rows = []
        with (case_folder / f"{case['name']}.truth.csv").open(encoding="utf-8") as file:
            for truth in csv.DictReader(file):
                rows += imperfect_rows(truth, rng)
        for _ in range(rng.integers(0, 3)):
            onset_s = rng.random() * case["duration_s"]
            rows.append((onset_s, onset_s + 2.0, 12, 6.0, rng.choice(["clonus", "uncertain"])))
        with (folder / f"{case['name']}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("onset_s", "offset_s", "beats", "frequency_hz", "class"))
            writer.writerows(rows)


def imperfect_rows(truth, rng):
    onset_s, offset_s = float(truth["onset_s"]), float(truth["offset_s"])
    beats, frequency_hz = int(truth["beats"]), float(truth["frequency_hz"])
    fault = rng.random()
    if fault < 0.2:
        return []
    if fault < 0.35:
        middle_s = (onset_s + offset_s) / 2
        return [
            (onset_s, middle_s - 0.05, beats // 2, frequency_hz, "clonus"),
            (middle_s + 0.05, offset_s, beats // 2, frequency_hz, "clonus"),
        ]
    reach_s = 25.0 if fault < 0.45 else 0.0
    moved_s = rng.normal(0.0, 0.15, 2)
    row_class = rng.choice(["clonus", "clonus", "clonus", "brief"])
    return [
        (
            onset_s - abs(moved_s[0]),
            offset_s + moved_s[1] % 0.3 + reach_s,
            beats + rng.integers(-2, 3),
            frequency_hz + rng.normal(0, 0.2),
            row_class,
        )
    ]


def load_scorer():
    spec = importlib.util.spec_from_file_location("reference_scorer", SHARED_EVAL / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["dev", "nights"])
def both_scores(request, tmp_path_factory):
    """Ours and the reference scorer's figures for the same imperfect logs."""
    logs = tmp_path_factory.mktemp(f"logs-{request.param}")
    write_imperfect_logs(logs, SHARED_EVAL / request.param)
    with warnings.catch_warnings():
        # The scorer leaves closing its index file to chance.
        warnings.simplefilter("ignore", ResourceWarning)
        expected, rows, false = load_scorer().score(str(logs), str(SHARED_EVAL / request.param))
    return evaluate(logs, SHARED_EVAL / request.param), expected, rows, false


@needs_scorer
def test_headline_is_that_of_the_reference_scorer(both_scores):
    ours, expected, _, _ = both_scores
    for name, key in HEADLINE_KEYS.items():
        assert getattr(ours, name) == pytest.approx(expected[key]), name
    interval = ours.sensitivity_interval
    assert [round(interval.low, 3), round(interval.high, 3)] == expected["sensitivity_ci90"]


@needs_scorer
def test_exactness_is_that_of_the_reference_scorer(both_scores):
    ours, expected, _, _ = both_scores
    for name, key in SIZE_KEYS.items():
        size = getattr(ours.exactness, name)
        assert [size.median, size.p95] == pytest.approx([expected[key]["median"], expected[key]["p95"]]), name
    assert ours.exactness.beats_within_1_ratio == pytest.approx(expected["beats_within_1"])
    assert ours.exactness.overlap_ratio_median == pytest.approx(expected["iou_median"])
    assert ours.exactness.overlap_ratio_half_share == pytest.approx(expected["iou_ge_half"])


@needs_scorer
def test_groups_are_those_of_the_reference_scorer(both_scores):
    ours, expected, _, _ = both_scores
    for key in GROUP_KEYS:
        named = {name.replace(">7.8", ">=7.8"): group for name, group in expected[key].items() if group["n"] and name}
        shares = {share.name: share for share in getattr(ours, key) if share.n_bouts}
        assert shares.keys() == named.keys()
        for name, group in named.items():
            assert (shares[name].n_bouts, shares[name].sensitivity) == (group["n"], pytest.approx(group["sensitivity"]))


@needs_scorer
def test_classes_are_those_of_the_reference_scorer(both_scores):
    ours, expected, _, _ = both_scores
    assert [score.name for score in ours.by_class] == list(expected["by_class"])
    for score in ours.by_class:
        figures = expected["by_class"][score.name]
        for name, key in CLASS_KEYS.items():
            assert getattr(score, name) == pytest.approx(figures[key]), (score.name, name)
        interval = score.false_per_24h_interval
        assert [interval.low, interval.high] == pytest.approx(figures["false_per_24h_ci90"], abs=0.006)


@needs_scorer
def test_misses_and_false_detections_are_those_of_the_reference_scorer(both_scores):
    ours, _, rows, false = both_scores
    missed = rows[(rows.beats >= 5) & ~rows.hit]
    assert [(m.case.name, m.bout.onset_s, m.is_merged) for m in ours.misses] == list(
        zip(missed.case, missed.onset, missed.merged, strict=True)
    )
    assert [(c.case.name, round(d.onset_s, 2)) for c in ours.cases for d in c.false] == [(f[0], f[2]) for f in false]
