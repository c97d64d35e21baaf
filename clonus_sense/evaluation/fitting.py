"""Fits the weights of the verdict to labelled cases and prints them beside their out-of-fold figures.

``python -m clonus_sense.evaluation.fitting CASES [CASES ...]`` reproduces the numbers of
:mod:`clonus_sense.detection.verdict`.  Only the detector's own evidence is used: what a user sees is what is fitted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.detection.filters import LOWEST_RATE_HZ
from clonus_sense.detection.verdict import MEASURES
from clonus_sense.errors import EvaluationError
from clonus_sense.evaluation.bouts import ReferenceBout
from clonus_sense.evaluation.cases import RECORDING_SUFFIXES, read_cases
from clonus_sense.evaluation.scores import APART_CLASSES
from clonus_sense.model import Episode, FloatArray, Rejection
from clonus_sense.recording import stream_recording

# Below 4.2 and above 9.2 Hz the band decides, not the weights.
FITTED_BAND_HZ = (4.2, 9.2)
# A candidate belongs to a true bout when they share this part of the shorter one.
LEAST_SHARED_RATIO = 0.3
# Strength of the ridge on standardised measures: seven weights, two hundred bouts.
RIDGE = 1.5
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
        Fold of each one's person, shape ``(n,)``.
    """

    measures: FloatArray
    is_true: FloatArray
    fold: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted decision.

    Parameters
    ----------
    weights
        One per measure.
    neutral
        Mean of each transformed measure.
    intercept
        Logit where every measure is neutral.
    """

    weights: FloatArray
    neutral: FloatArray
    intercept: float

    def predict(self, measures: FloatArray) -> FloatArray:
        """Confidence of each candidate."""
        return np.asarray(expit(self.intercept + (measures - self.neutral) @ self.weights))


def collect_examples(folder: Path) -> LabelledCandidates:
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
    rows, labels, folds = [], [], []
    for number, case in enumerate(read_cases(folder)):
        if case.case_class in APART_CLASSES:
            continue
        for found in _find_candidates(_find_recording(folder, case.name)):
            if FITTED_BAND_HZ[0] < found.frequency_hz < FITTED_BAND_HZ[1]:
                by_name = {test.name: test.value for test in found.evidence}
                rows.append([measure.transform(by_name[measure.name]) for measure in MEASURES])
                labels.append(any(_share(found, bout) for bout in case.bouts))
                folds.append(number % N_FOLDS if case.fold is None else case.fold)
    return LabelledCandidates(np.asarray(rows), np.asarray(labels, dtype=np.float64), np.asarray(folds))


def fit_weights(examples: LabelledCandidates) -> Fit:
    """Fit a logistic decision with a ridge on standardised measures.

    Parameters
    ----------
    examples
        Labelled candidates.

    Returns
    -------
    Fit
        Weights, neutral values and intercept.

    Examples
    --------
    >>> far = LabelledCandidates(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0.0, 0.0, 1.0, 1.0]), np.zeros(4))
    >>> fit = fit_weights(far)
    >>> bool(fit.weights[0] > 0), (fit.predict(far.measures) > 0.5).tolist()
    (True, [False, False, True, True])
    """
    neutral, scale = examples.measures.mean(axis=0), examples.measures.std(axis=0)
    standard = (examples.measures - neutral) / scale

    def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
        logits = parameters[0] + standard @ parameters[1:]
        cost = np.logaddexp(0.0, logits) - examples.is_true * logits
        slope = expit(logits) - examples.is_true
        gradient = np.concatenate([[slope.sum()], standard.T @ slope + 2.0 * RIDGE * parameters[1:]])
        return float(cost.sum() + RIDGE * (parameters[1:] ** 2).sum()), gradient

    best = minimize(loss, np.zeros(1 + standard.shape[1]), jac=True, method="L-BFGS-B").x
    return Fit(best[1:] / scale, neutral, float(best[0]))


def predict_out_of_fold(examples: LabelledCandidates) -> FloatArray:
    """Confidence of each candidate by weights that were fitted without its person's fold.

    Parameters
    ----------
    examples
        Labelled candidates of several folds.

    Returns
    -------
    FloatArray
        0 to 1, shape ``(n,)``.
    """
    confidence = np.empty(len(examples.is_true))
    for fold in np.unique(examples.fold):
        held_out = examples.fold == fold
        rest = LabelledCandidates(examples.measures[~held_out], examples.is_true[~held_out], examples.fold[~held_out])
        confidence[held_out] = fit_weights(rest).predict(examples.measures[held_out])
    return confidence


def _find_candidates(path: Path) -> Iterator[Episode | Rejection]:
    """Give out every candidate that the detector measured, taken or rejected."""
    with stream_recording(path) as stream:
        if stream.info.fs_hz < LOWEST_RATE_HZ:
            return
        detector = Detector(DetectionSettings(), site=stream.info.site, explain=True)
        for batch in stream.batches():
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


def main(folders: list[str]) -> None:
    """Print the weights for :mod:`clonus_sense.detection.verdict` and how well they do on folds left out."""
    parts = [collect_examples(Path(folder)) for folder in folders]
    examples = LabelledCandidates(
        np.concatenate([part.measures for part in parts]),
        np.concatenate([part.is_true for part in parts]),
        np.concatenate([part.fold for part in parts]),
    )
    fit = fit_weights(examples)
    lines = [
        f"{len(examples.is_true)} candidates, {int(examples.is_true.sum())} on true bouts",
        "measure  weight  neutral",
    ]
    for measure, weight, neutral in zip(MEASURES, fit.weights, fit.neutral, strict=True):
        lines.append(f"{measure.name}  {weight:.3f}  {np.exp(neutral) - measure.offset:.3f}")
    lines.append(f"intercept  {fit.intercept:.3f}")
    confidence, is_true = predict_out_of_fold(examples), examples.is_true > 0
    for limit in (0.3, 0.4, 0.45, 0.5, 0.6, 0.7):
        taken = confidence >= limit
        lines.append(
            f"out of fold, limit {limit}: {int((taken & is_true).sum())} true, {int((taken & ~is_true).sum())} false"
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
