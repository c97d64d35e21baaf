"""Fits the weights of the verdict to labelled cases.

``python -m clonus_sense.evaluation.fitting CASES [CASES ...]`` reproduces the numbers of
:mod:`clonus_sense.detection.verdict`; with ``--output DIR`` it writes the detections of each case by weights that were
fitted without its fold, for ``clonus-sense evaluate``.  Only the detector's own evidence is used: what a user sees is
what is fitted.
"""

from __future__ import annotations

import csv
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.detection.filters import LOWEST_RATE_HZ
from clonus_sense.detection.verdict import DECISION, MEASURES, Decision
from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.bouts import Case, ReferenceBout
from clonus_sense.evaluation.cases import RECORDING_SUFFIXES, read_cases
from clonus_sense.evaluation.scores import APART_CLASSES
from clonus_sense.evaluation.simulated_nights import simulate_any_night
from clonus_sense.model import Episode, FloatArray, Rejection, SampleBatch, Site
from clonus_sense.recording import stream_recording

logger = logging.getLogger(__name__)

# Below 4.2 and above 9.2 Hz the band decides, not the weights.
FITTED_BAND_HZ = (4.2, 9.2)
# A candidate belongs to a true bout when they share this part of the shorter one.
LEAST_SHARED_RATIO = 0.3
# Strength of the ridge on standardised measures: seven weights, two hundred bouts.
RIDGE = 1.5
# Simulated nights hold what few cases hold, but only what somebody thought of: a candidate of theirs counts a third.
SIMULATED_WEIGHT = 0.3
# Seeds from 0 on; the nights on which false alarms are counted begin at 5000.
N_SIMULATED_NIGHTS = 16
NO_FOLD = -1
# Cases without a fold of their own are dealt out in turn.
N_FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCandidates:
    """Candidates with their labels.

    Parameters
    ----------
    measures
        Transformed measures, shape ``(n, n_measures)``.
    is_true
        Whether each lies on a true bout, shape ``(n,)``.
    fold
        Fold of each one's person, shape ``(n,)``; :data:`NO_FOLD` where it never serves for a figure.
    weight
        What each one counts, shape ``(n,)``.
    recording
        Name of the recording that each one comes from, shape ``(n,)``.
    """

    measures: FloatArray
    is_true: FloatArray
    fold: FloatArray
    weight: FloatArray
    recording: NDArray[np.str_]

    def select(self, rows: NDArray[np.bool_]) -> LabelledCandidates:
        """Select some of the candidates."""
        return LabelledCandidates(
            self.measures[rows], self.is_true[rows], self.fold[rows], self.weight[rows], self.recording[rows]
        )


def collect_candidates(folder: Path) -> LabelledCandidates:
    """Run the detector over the cases of a folder and label every candidate that it measured.

    Parameters
    ----------
    folder
        Cases with their recordings beside them.

    Returns
    -------
    LabelledCandidates
        Candidates of all cases but those that are reported apart, whose truth nobody knows.
    """
    parts = []
    for case, fold in _deal_folds(folder):
        if case.case_class not in APART_CLASSES:
            found = _find_candidates(_find_recording(folder, case.name))
            parts.append(_label(found, case.bouts, fold, case.name))
    return join_candidates(parts)


def collect_simulated(seeds: Iterable[int]) -> LabelledCandidates:
    """Label every candidate of simulated nights: tremor, hum and kicks in numbers that no collection of cases holds.

    Parameters
    ----------
    seeds
        Which nights of :func:`~clonus_sense.evaluation.simulated_nights.simulate_any_night`.

    Returns
    -------
    LabelledCandidates
        They count less than cases, and serve for no figure.
    """
    parts = []
    for seed in seeds:
        night = simulate_any_night(seed)
        bouts = [ReferenceBout(bout.onset_s, bout.offset_s, bout.beats) for bout in night.truth]
        candidates = _detect(night.batches(), night.info.site)
        parts.append(_label(candidates, bouts, NO_FOLD, f"simulated {seed}", weight=SIMULATED_WEIGHT))
    return join_candidates(parts)


def join_candidates(parts: Sequence[LabelledCandidates]) -> LabelledCandidates:
    """Put candidates together."""
    return LabelledCandidates(
        np.concatenate([part.measures for part in parts]),
        np.concatenate([part.is_true for part in parts]),
        np.concatenate([part.fold for part in parts]),
        np.concatenate([part.weight for part in parts]),
        np.concatenate([part.recording for part in parts]),
    )


def _label(
    candidates: Iterable[Episode | Rejection],
    bouts: Sequence[ReferenceBout],
    fold: int,
    recording: str,
    *,
    weight: float = 1.0,
) -> LabelledCandidates:
    """Label candidates by the bouts they lie on."""
    rows, labels = [], []
    for found in candidates:
        if FITTED_BAND_HZ[0] < found.frequency_hz < FITTED_BAND_HZ[1]:
            on = [bout for bout in bouts if _share(found, bout)]
            if on and not any(bout.is_headline for bout in on):
                continue  # three or four beats count neither for nor against
            by_name = {test.name: test.value for test in found.evidence}
            rows.append([measure.transform(by_name[measure.name]) for measure in MEASURES])
            labels.append(bool(on))
    n = len(rows)
    measures = np.asarray(rows, dtype=np.float64).reshape(n, len(MEASURES))
    return LabelledCandidates(
        measures,
        np.asarray(labels, dtype=np.float64),
        np.full(n, fold, dtype=np.float64),
        np.full(n, weight),
        np.full(n, recording),
    )


def fit_decision(candidates: LabelledCandidates) -> Decision:
    """Fit a logistic decision with a ridge on standardised measures.

    Parameters
    ----------
    candidates
        Labelled candidates.

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
    neutral = [measure.restore(float(value)) for measure, value in zip(MEASURES, mean, strict=True)]
    return Decision(tuple((best[1:] / scale).tolist()), tuple(neutral), float(best[0]))


def weigh_candidates(candidates: LabelledCandidates, decision_of_fold: Callable[[int], Decision]) -> FloatArray:
    """Give the confidence of each candidate by the decision that was fitted without its fold, shape ``(n,)``."""
    confidence = np.empty(len(candidates.is_true))
    for fold in np.unique(candidates.fold).astype(int).tolist():
        rows, decision = candidates.fold == fold, decision_of_fold(fold)
        neutral = [m.transform(value) for m, value in zip(MEASURES, decision.neutral, strict=True)]
        logits = decision.intercept_logit + (candidates.measures[rows] - neutral) @ np.asarray(decision.weights)
        confidence[rows] = expit(logits)
    return confidence


def write_detections(folder: Path, output: Path, decision_of_fold: Callable[[int], Decision]) -> None:
    """Detect every case of a folder with the decision that was fitted without its fold.

    Parameters
    ----------
    folder
        Cases with their recordings beside them.
    output
        Gets ``NAME.csv`` of each case, as ``clonus-sense evaluate`` reads it; made if missing.
    decision_of_fold
        Gives the decision for a fold.
    """
    output.mkdir(parents=True, exist_ok=True)
    for case, fold in _deal_folds(folder):
        candidates = _find_candidates(_find_recording(folder, case.name), decision_of_fold(fold))
        episodes = [candidate for candidate in candidates if isinstance(candidate, Episode)]
        with (output / f"{case.name}.csv").open("w", encoding="utf-8", newline="") as file:
            log = csv.writer(file, lineterminator="\n")
            log.writerow(("onset_s", "offset_s", "beats", "frequency_hz", "class"))
            for found in episodes:
                log.writerow((found.onset_s, found.offset_s, found.beats, found.frequency_hz, found.episode_class))


def _deal_folds(folder: Path) -> Iterator[tuple[Case, int]]:
    """Give each case of a folder with its fold; cases without one are dealt out in turn."""
    for number, case in enumerate(read_cases(folder)):
        yield case, number % N_FOLDS if case.fold is None else case.fold


def _find_candidates(path: Path, decision: Decision = DECISION) -> Iterator[Episode | Rejection]:
    """Give out every candidate of a recording; none where it is too slow to be analysed."""
    with stream_recording(path) as stream:
        if stream.info.fs_hz >= LOWEST_RATE_HZ:
            yield from _detect(stream.batches(), stream.info.site, decision)


def _detect(
    batches: Iterable[SampleBatch], site: Site | None, decision: Decision = DECISION
) -> Iterator[Episode | Rejection]:
    """Give out every candidate that the detector measured, taken or rejected."""
    detector = Detector(DetectionSettings(), site=site, explain=True, decision=decision)
    for batch in batches:
        yield from detector.push(batch)
    yield from detector.flush()
    yield from detector.take_rejections()


def _find_recording(folder: Path, name: str) -> Path:
    """Find the recording of a case."""
    for suffix in RECORDING_SUFFIXES:
        path = folder / (name + suffix)
        if path.exists():
            return path
    raise EvaluationError(f"{folder}: holds no recording of the case {name}; weights cannot be fitted without it.")


def _share(found: Episode | Rejection, bout: ReferenceBout) -> bool:
    """Tell whether a candidate lies on a bout."""
    shared_s = min(found.offset_s, bout.offset_s) - max(found.onset_s, bout.onset_s)
    shorter_s = min(found.offset_s - found.onset_s, bout.offset_s - bout.onset_s)
    return shared_s > LEAST_SHARED_RATIO * shorter_s


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the decision for :mod:`clonus_sense.detection.verdict`, or write out-of-fold detections."""
    parser = ArgumentParser(prog="python -m clonus_sense.evaluation.fitting", description=main.__doc__)
    parser.add_argument("cases", nargs="+", type=Path, help="folders of cases with cases.json and their recordings")
    parser.add_argument("--output", type=Path, help="write detections out of fold to a folder for each folder of cases")
    parser.add_argument(
        "--simulated-nights", type=int, default=N_SIMULATED_NIGHTS, help="simulated nights to learn from (default 16)"
    )
    options = parser.parse_args(arguments)
    parts = [collect_candidates(folder) for folder in options.cases]
    if options.simulated_nights:
        parts.append(collect_simulated(range(options.simulated_nights)))
    candidates = join_candidates(parts)
    logger.info("%s candidates, %s on true bouts", len(candidates.is_true), int(candidates.is_true.sum()))
    if options.output is None:
        sys.stdout.write(f"{fit_decision(candidates)}\n")
        return
    decision_of_fold = cache(lambda fold: fit_decision(candidates.select(candidates.fold != fold)))
    for folder in options.cases:
        write_detections(folder, options.output / folder.name, decision_of_fold)


if __name__ == "__main__":
    main()
