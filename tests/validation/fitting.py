"""Fits the weights of the verdicts to labelled cases.

``python -m tests.validation.fitting CASES [CASES ...]`` reproduces the numbers of
:mod:`clonus_sense.detection.verdict` and :mod:`clonus_sense.detection.gait.line_verdict`.  With ``--output DIR`` it
writes the detections of each case by weights fitted without its fold, for ``clonus-sense evaluate``.  It uses only the
evidence that a user sees.
"""

from __future__ import annotations

import csv
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit

from clonus_sense.detection.detector import DECISIONS
from clonus_sense.detection.gait.line_verdict import LINE_MEASURES
from clonus_sense.detection.logistic_decision import Decision, Decisions, Measure
from clonus_sense.detection.verdict import MEASURES
from clonus_sense.errors import EvaluationError, SignalError
from clonus_sense.model import Episode, FloatArray
from tests.validation.labelled import (
    INJECTED,
    LabelledCandidates,
    LabelledKinds,
    collect_candidates,
    collect_injected,
    collect_simulated,
    deal_folds,
    find_candidates,
    find_recording,
)

logger = logging.getLogger(__name__)

# Strength of the ridge on standardised measures, for eleven weights and two hundred bouts, and nine and thirty.
RIDGE = 1.5
SHIFT_RANGE_LOGIT = (-10.0, 10.0)
# Seeds from 0 on; nights for false alarms begin at 6000, and those from 5000 to 5049 were used to set limits.
N_SIMULATED_NIGHTS = 16


def fit_decisions(candidates: LabelledKinds) -> Decisions:
    """Fit the decisions of both kinds, each as :func:`fit_decision` does.

    Bouts that were added to walks show clonus there, but not how often it occurs.
    """
    plain = fit_decision(candidates.plain, MEASURES)
    as_they_come = candidates.in_gait.select(~np.char.startswith(candidates.in_gait.recording, INJECTED))
    if not 0 < as_they_come.is_true.sum() < len(as_they_come.is_true):
        logger.warning("The cases hold no walks with bouts to learn from; the weights for walks stay as they are.")
        return Decisions(plain, DECISIONS.in_gait)
    in_gait = fit_decision(candidates.in_gait, LINE_MEASURES)
    return Decisions(plain, settle_intercept(in_gait, as_they_come, LINE_MEASURES))


def settle_intercept(decision: Decision, candidates: LabelledCandidates, kind: Sequence[Measure[Any]]) -> Decision:
    """Fit the intercept of a decision again, with its weights, so that its confidences hold for ``candidates``.

    Parameters
    ----------
    decision
        Fitted on more candidates, including added ones of one label.
    candidates
        Labelled candidates in their natural mix.
    kind
    Their measures.
    """
    logits = _weigh(decision, candidates, kind)

    def loss(shift: float) -> float:
        shifted = logits + shift
        return float((candidates.weight * (np.logaddexp(0.0, shifted) - candidates.is_true * shifted)).sum())

    best = minimize_scalar(loss, bounds=SHIFT_RANGE_LOGIT, method="bounded")
    return replace(decision, intercept_logit=decision.intercept_logit + float(best.x))


def fit_decision(candidates: LabelledCandidates, kind: Sequence[Measure[Any]]) -> Decision:
    """Fit a logistic decision with a ridge on standardised measures.

    Parameters
    ----------
    candidates
        Labelled candidates.
    kind
        Their measures.

    Returns
    -------
    Decision
        Weights, neutral values and intercept.

    Raises
    ------
    EvaluationError
        If the candidates are all true or all false.
    """
    if not 0 < candidates.is_true.sum() < len(candidates.is_true):
        raise EvaluationError(
            "the cases hold no candidates of both kinds, on true bouts and beside them: nothing to fit; name more."
        )
    weight = candidates.weight
    mean = np.average(candidates.measures, axis=0, weights=weight)
    spread = np.sqrt(np.average((candidates.measures - mean) ** 2, axis=0, weights=weight))
    scale = np.where(spread > 0.0, spread, 1.0)
    standard = (candidates.measures - mean) / scale

    def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
        logits = parameters[0] + standard @ parameters[1:]
        cost = weight * (np.logaddexp(0.0, logits) - candidates.is_true * logits)
        slope = weight * (expit(logits) - candidates.is_true)
        gradient = np.concatenate([[slope.sum()], standard.T @ slope + 2.0 * RIDGE * parameters[1:]])
        return float(cost.sum() + RIDGE * (parameters[1:] ** 2).sum()), gradient

    best = minimize(loss, np.zeros(1 + standard.shape[1]), jac=True, method="L-BFGS-B").x
    neutral = [measure.restore(float(value)) for measure, value in zip(kind, mean, strict=True)]
    return Decision(tuple((best[1:] / scale).tolist()), tuple(neutral), float(best[0]))


def weigh_kinds(candidates: LabelledKinds, decisions_of_fold: Callable[[int], Decisions]) -> FloatArray:
    """Confidences of all candidates, the plain ones first, by decisions fitted without their fold."""
    return np.concatenate(
        [
            weigh_candidates(candidates.plain, MEASURES, lambda fold: decisions_of_fold(fold).plain),
            weigh_candidates(candidates.in_gait, LINE_MEASURES, lambda fold: decisions_of_fold(fold).in_gait),
        ]
    )


def weigh_candidates(
    candidates: LabelledCandidates, kind: Sequence[Measure[Any]], decision_of_fold: Callable[[int], Decision]
) -> FloatArray:
    """Confidence of each candidate by the decision fitted without its fold, shape ``(n,)``."""
    confidence = np.empty(len(candidates.is_true))
    for fold in np.unique(candidates.fold).astype(int).tolist():
        rows, decision = candidates.fold == fold, decision_of_fold(fold)
        confidence[rows] = expit(_weigh(decision, candidates.select(rows), kind))
    return confidence


def _weigh(decision: Decision, candidates: LabelledCandidates, kind: Sequence[Measure[Any]]) -> FloatArray:
    """Logit of each candidate, shape ``(n,)``."""
    neutral = [measure.transform(value) for measure, value in zip(kind, decision.neutral, strict=True)]
    logits = decision.intercept_logit + (candidates.measures - neutral) @ np.asarray(decision.weights)
    return np.asarray(logits, dtype=np.float64)


def write_detections(folder: Path, output: Path, decisions_of_fold: Callable[[int], Decisions]) -> None:
    """Detect every case of a folder with the decision fitted without its fold.

    Parameters
    ----------
    folder
        Cases with their recordings beside them.
    output
        Folder for ``NAME.csv`` of each case, as ``clonus-sense evaluate`` reads it; created if missing.
    decisions_of_fold
        Returns the decisions for a fold.
    """
    output.mkdir(parents=True, exist_ok=True)
    for case, fold in deal_folds(folder):
        candidates = find_candidates(find_recording(folder, case.name), decisions_of_fold(fold))
        try:
            episodes = [candidate for candidate in candidates if isinstance(candidate, Episode)]
        except SignalError as error:
            logger.warning("%s; it counts as a case without detections.", error)
            episodes = []
        with (output / f"{case.name}.csv").open("w", encoding="utf-8", newline="") as file:
            log = csv.writer(file, lineterminator="\n")
            log.writerow(("onset_s", "offset_s", "beats", "frequency_hz", "class"))
            for found in episodes:
                log.writerow((found.onset_s, found.offset_s, found.beats, found.frequency_hz, found.episode_class))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the decisions of the plain verdict and of that inside walks, or write out-of-fold detections."""
    parser = ArgumentParser(prog="python -m tests.validation.fitting", description=main.__doc__)
    parser.add_argument(
        "cases",
        nargs="+",
        type=Path,
        help="folders of cases with cases.json and their recordings, that with walks first",
    )
    parser.add_argument("--output", type=Path, help="write detections out of fold to a folder for each folder of cases")
    parser.add_argument(
        "--simulated-nights", type=int, default=N_SIMULATED_NIGHTS, help="simulated nights to learn from (default 16)"
    )
    options = parser.parse_args(arguments)
    parts = [collect_candidates(folder) for folder in options.cases]
    # The first folder holds the walks; whole nights, if any, come after it.
    parts.append(collect_injected(options.cases[0]))
    if options.simulated_nights:
        parts.append(collect_simulated(range(options.simulated_nights)))
    candidates = LabelledKinds.join(parts)
    for kind in (candidates.plain, candidates.in_gait):
        logger.info("%s candidates, %s on true bouts", len(kind.is_true), int(kind.is_true.sum()))
    if options.output is None:
        sys.stdout.write(f"{fit_decisions(candidates)}\n")
        return
    decisions_of_fold = cache(lambda fold: fit_decisions(candidates.without_fold(fold)))
    for folder in options.cases:
        write_detections(folder, options.output / folder.name, decisions_of_fold)


if __name__ == "__main__":
    main()
