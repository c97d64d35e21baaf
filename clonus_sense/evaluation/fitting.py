"""Fits the weights of the verdicts to labelled cases.

``python -m clonus_sense.evaluation.fitting CASES [CASES ...]`` reproduces the numbers of
:mod:`clonus_sense.detection.verdict` and :mod:`clonus_sense.detection.gait_verdict`; with ``--output DIR`` it writes
the detections of each case by weights that were fitted without its fold, for ``clonus-sense evaluate``.  Only the
detector's own evidence is used: what a user sees is what is fitted.
"""

from __future__ import annotations

import csv
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.detection.decision import Decision, Decisions, Measure
from clonus_sense.detection.detector import DECISIONS
from clonus_sense.detection.filters import LOWEST_RATE_HZ
from clonus_sense.detection.gait_verdict import GAIT_MEASURES, RULES_IN_GAIT
from clonus_sense.detection.verdict import MEASURES
from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.bouts import Case, ReferenceBout
from clonus_sense.evaluation.cases import RECORDING_SUFFIXES, read_cases
from clonus_sense.evaluation.injected import inject_bouts
from clonus_sense.evaluation.scores import APART_CLASSES
from clonus_sense.evaluation.simulated_nights import simulate_any_night
from clonus_sense.model import Episode, FloatArray, Rejection, SampleBatch, Site
from clonus_sense.recording import stream_recording

logger = logging.getLogger(__name__)

# Below 4.2 and above 9.2 Hz the band decides, not the weights.
FITTED_BAND_HZ = (4.2, 9.2)
# A candidate belongs to a true bout when they share this part of the shorter one.
LEAST_SHARED_RATIO = 0.3
# Strength of the ridge on standardised measures: eleven weights and two hundred bouts, nine weights and thirty bouts.
RIDGE = 1.5
# Simulated nights hold what few cases hold, but only what somebody thought of: a candidate of theirs counts a third.
SIMULATED_WEIGHT = 0.3
# Bouts of one generator added to the walks of the cases: alike among themselves, and many.
INJECTED_WEIGHT = 0.2
INJECTED = "injected: "
SHIFT_RANGE_LOGIT = (-10.0, 10.0)
# Seeds from 0 on; the nights on which false alarms are counted begin at 6000, and those from 5000 to 5049 served to set
# limits.
N_SIMULATED_NIGHTS = 16
NO_FOLD = -1
# Cases without a fold of their own are dealt out in turn.
N_FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCandidates:
    """Candidates of one kind with their labels.

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

    @classmethod
    def join(cls, parts: Sequence[LabelledCandidates]) -> LabelledCandidates:
        """Put candidates together."""
        return cls(
            np.concatenate([part.measures for part in parts]),
            np.concatenate([part.is_true for part in parts]),
            np.concatenate([part.fold for part in parts]),
            np.concatenate([part.weight for part in parts]),
            np.concatenate([part.recording for part in parts]),
        )

    @classmethod
    def nothing(cls, kind: Sequence[Measure]) -> LabelledCandidates:
        """Give no candidates at all."""
        empty = np.empty(0)
        return cls(np.empty((0, len(kind))), empty, empty, empty, np.empty(0, dtype=np.str_))

    def select(self, rows: NDArray[np.bool_]) -> LabelledCandidates:
        """Select some of the candidates."""
        return LabelledCandidates(
            self.measures[rows], self.is_true[rows], self.fold[rows], self.weight[rows], self.recording[rows]
        )


@dataclass(frozen=True, slots=True, eq=False)
class LabelledKinds:
    """Candidates of both kinds.

    Parameters
    ----------
    plain
        Of the movement as it is.
    in_gait
        Of what is left of a walk.
    """

    plain: LabelledCandidates
    in_gait: LabelledCandidates

    @classmethod
    def join(cls, parts: Sequence[LabelledKinds]) -> LabelledKinds:
        """Put candidates together."""
        return cls(
            LabelledCandidates.join([part.plain for part in parts]),
            LabelledCandidates.join([part.in_gait for part in parts]),
        )

    def without_fold(self, fold: int) -> LabelledKinds:
        """Leave out the candidates of a fold."""
        return LabelledKinds(self.plain.select(self.plain.fold != fold), self.in_gait.select(self.in_gait.fold != fold))


def collect_candidates(folder: Path) -> LabelledKinds:
    """Run the detector over the cases of a folder and label every candidate that it measured.

    Parameters
    ----------
    folder
        Cases with their recordings beside them.

    Returns
    -------
    LabelledKinds
        Candidates of all cases but those that are reported apart, whose truth nobody knows.
    """
    parts = []
    for case, fold in _deal_folds(folder):
        if case.case_class not in APART_CLASSES:
            found = _find_candidates(_find_recording(folder, case.name))
            parts.append(_label_kinds(found, case.bouts, fold, case.name))
    return LabelledKinds.join(parts)


def collect_injected(folder: Path) -> LabelledKinds:
    """Label the candidates inside walks of bouts that were added to the cases in which there are none.

    Parameters
    ----------
    folder
        Cases with their recordings beside them.

    Returns
    -------
    LabelledKinds
        True ones only, of the kind that lies inside walks; each in the fold of its case.
    """
    parts = [LabelledKinds(LabelledCandidates.nothing(MEASURES), LabelledCandidates.nothing(GAIT_MEASURES))]
    for number, (case, fold) in enumerate(_deal_folds(folder)):
        if case.bouts or case.case_class in APART_CLASSES:
            continue
        with stream_recording(_find_recording(folder, case.name)) as stream:
            if stream.info.fs_hz < LOWEST_RATE_HZ:
                continue
            injected = inject_bouts(list(stream.batches()), np.random.default_rng(number))
            found = list(_detect(injected.batches, stream.info.site))
        kinds = _label_kinds(found, injected.bouts, fold, INJECTED + case.name, weight=INJECTED_WEIGHT)
        nothing = np.zeros(len(kinds.plain.fold), dtype=np.bool_)
        parts.append(LabelledKinds(kinds.plain.select(nothing), kinds.in_gait.select(kinds.in_gait.is_true > 0.0)))
    return LabelledKinds.join(parts)


def collect_simulated(seeds: Iterable[int]) -> LabelledKinds:
    """Label every candidate of simulated nights: tremor, hum and kicks in numbers that no collection of cases holds.

    Parameters
    ----------
    seeds
        Which nights of :func:`~clonus_sense.evaluation.simulated_nights.simulate_any_night`.

    Returns
    -------
    LabelledKinds
        They count less than cases, and serve for no figure.
    """
    parts = []
    for seed in seeds:
        night = simulate_any_night(seed)
        bouts = [ReferenceBout(bout.onset_s, bout.offset_s, bout.beats) for bout in night.truth]
        candidates = _detect(night.batches(), night.info.site)
        parts.append(_label_kinds(candidates, bouts, NO_FOLD, f"simulated {seed}", weight=SIMULATED_WEIGHT))
    return LabelledKinds.join(parts)


def _label_kinds(
    candidates: Iterable[Episode | Rejection],
    bouts: Sequence[ReferenceBout],
    fold: int,
    recording: str,
    *,
    weight: float = 1.0,
) -> LabelledKinds:
    """Label candidates of both kinds, told apart by what was measured on them."""
    names = {measure.name for measure in GAIT_MEASURES}
    plain: list[Episode | Rejection] = []
    in_gait: list[Episode | Rejection] = []
    for found in candidates:
        (in_gait if names <= {test.name for test in found.evidence} else plain).append(found)
    return LabelledKinds(
        _label(plain, MEASURES, bouts, fold, recording, weight=weight),
        _label(in_gait, GAIT_MEASURES, bouts, fold, recording, weight=weight),
    )


def _label(
    candidates: Iterable[Episode | Rejection],
    kind: Sequence[Measure],
    bouts: Sequence[ReferenceBout],
    fold: int,
    recording: str,
    *,
    weight: float,
) -> LabelledCandidates:
    """Label candidates by the bouts they lie on."""
    rows, labels = [], []
    for found in candidates:
        if FITTED_BAND_HZ[0] < found.frequency_hz < FITTED_BAND_HZ[1]:
            on = [bout for bout in bouts if _share(found, bout)]
            if on and not any(bout.is_headline for bout in on):
                continue  # three or four beats count neither for nor against
            by_name = {test.name: test.value for test in found.evidence}
            if any(test.name in RULES_IN_GAIT and not test.passed for test in found.evidence):
                continue  # ruled out whatever the weights say
            rows.append([measure.transform(by_name[measure.name]) for measure in kind])
            labels.append(bool(on))
    n = len(rows)
    measures = np.asarray(rows, dtype=np.float64).reshape(n, len(kind))
    return LabelledCandidates(
        measures,
        np.asarray(labels, dtype=np.float64),
        np.full(n, fold, dtype=np.float64),
        np.full(n, weight),
        np.full(n, recording),
    )


def fit_decisions(candidates: LabelledKinds) -> Decisions:
    """Fit the decisions of both kinds, each as :func:`fit_decision` does.

    Bouts that were added to walks say what clonus looks like there, but not how often it is one.
    """
    plain = fit_decision(candidates.plain, MEASURES)
    as_they_come = candidates.in_gait.select(~np.char.startswith(candidates.in_gait.recording, INJECTED))
    if not 0 < as_they_come.is_true.sum() < len(as_they_come.is_true):
        logger.warning("The cases hold no walks with bouts to learn from; the weights for walks stay as they are.")
        return Decisions(plain, DECISIONS.in_gait)
    in_gait = fit_decision(candidates.in_gait, GAIT_MEASURES)
    return Decisions(plain, settle_intercept(in_gait, as_they_come, GAIT_MEASURES))


def settle_intercept(decision: Decision, candidates: LabelledCandidates, kind: Sequence[Measure]) -> Decision:
    """Fit the intercept of a decision anew, its weights kept, so that its confidences hold for ``candidates``.

    Parameters
    ----------
    decision
        Fitted on more candidates, added ones of one label among them.
    candidates
        Labelled candidates as they come.
    kind
        What was measured on them.

    Returns
    -------
    Decision
        The same weights.
    """
    logits = _weigh(decision, candidates, kind)

    def loss(shift: float) -> float:
        shifted = logits + shift
        return float((candidates.weight * (np.logaddexp(0.0, shifted) - candidates.is_true * shifted)).sum())

    best = minimize_scalar(loss, bounds=SHIFT_RANGE_LOGIT, method="bounded")
    return replace(decision, intercept_logit=decision.intercept_logit + float(best.x))


def fit_decision(candidates: LabelledCandidates, kind: Sequence[Measure]) -> Decision:
    """Fit a logistic decision with a ridge on standardised measures.

    Parameters
    ----------
    candidates
        Labelled candidates.
    kind
        What was measured on them.

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
    """Give the confidences of all candidates, the plain ones first, by decisions fitted without their fold."""
    return np.concatenate(
        [
            weigh_candidates(candidates.plain, MEASURES, lambda fold: decisions_of_fold(fold).plain),
            weigh_candidates(candidates.in_gait, GAIT_MEASURES, lambda fold: decisions_of_fold(fold).in_gait),
        ]
    )


def weigh_candidates(
    candidates: LabelledCandidates, kind: Sequence[Measure], decision_of_fold: Callable[[int], Decision]
) -> FloatArray:
    """Give the confidence of each candidate by the decision that was fitted without its fold, shape ``(n,)``."""
    confidence = np.empty(len(candidates.is_true))
    for fold in np.unique(candidates.fold).astype(int).tolist():
        rows, decision = candidates.fold == fold, decision_of_fold(fold)
        confidence[rows] = expit(_weigh(decision, candidates.select(rows), kind))
    return confidence


def _weigh(decision: Decision, candidates: LabelledCandidates, kind: Sequence[Measure]) -> FloatArray:
    """Logit of each candidate, shape ``(n,)``."""
    neutral = [measure.transform(value) for measure, value in zip(kind, decision.neutral, strict=True)]
    logits = decision.intercept_logit + (candidates.measures - neutral) @ np.asarray(decision.weights)
    return np.asarray(logits, dtype=np.float64)


def write_detections(folder: Path, output: Path, decisions_of_fold: Callable[[int], Decisions]) -> None:
    """Detect every case of a folder with the decision that was fitted without its fold.

    Parameters
    ----------
    folder
        Cases with their recordings beside them.
    output
        Gets ``NAME.csv`` of each case, as ``clonus-sense evaluate`` reads it; made if missing.
    decisions_of_fold
        Gives the decisions for a fold.
    """
    output.mkdir(parents=True, exist_ok=True)
    for case, fold in _deal_folds(folder):
        candidates = _find_candidates(_find_recording(folder, case.name), decisions_of_fold(fold))
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


def _find_candidates(path: Path, decisions: Decisions = DECISIONS) -> Iterator[Episode | Rejection]:
    """Give out every candidate of a recording; none where it is too slow to be analysed."""
    with stream_recording(path) as stream:
        if stream.info.fs_hz >= LOWEST_RATE_HZ:
            yield from _detect(stream.batches(), stream.info.site, decisions)


def _detect(
    batches: Iterable[SampleBatch], site: Site | None, decisions: Decisions = DECISIONS
) -> Iterator[Episode | Rejection]:
    """Give out every candidate that the detector measured, taken or rejected."""
    detector = Detector(DetectionSettings(), site=site, explain=True, decisions=decisions)
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
    """Print the decisions of the plain verdict and of that inside walks, or write out-of-fold detections."""
    parser = ArgumentParser(prog="python -m clonus_sense.evaluation.fitting", description=main.__doc__)
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
    # The first folder holds the walks; whole nights, where there are any, come after it.
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
