"""Calibration of the confidence: of a hundred candidates of 0.8, about eighty should be true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.evaluation.intervals import N_RESAMPLES, SEED, FigureInterval, share_interval
from clonus_sense.model import FloatArray

# Fifths: fine enough to show a bend, wide enough for two hundred bouts to fill each.
EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Candidates whose confidence lies in ``[low, high)``.

    Parameters
    ----------
    low, high
        Its edges; the last bin holds 1 too.
    n
        Candidates in it.
    mean_confidence, true_share
        Their mean confidence, and the share of them that is true; ``None`` where there are none.
    interval
        90 % interval of that share over recordings; ``None`` where fewer than two have a candidate in it.
    """

    low: float
    high: float
    n: int
    mean_confidence: float | None
    true_share: float | None
    interval: FigureInterval | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration of confidences.

    Parameters
    ----------
    bins
        Candidates by confidence.
    error
        Mean distance between confidence and share of true candidates over the bins, weighted by their candidates.
    interval
        90 % interval of the error, with whole recordings drawn with replacement.
    """

    bins: tuple[ConfidenceBin, ...]
    error: float
    interval: FigureInterval


def measure_calibration(confidence: FloatArray, is_true: FloatArray, recording: NDArray[np.generic]) -> Calibration:
    """Compare confidences with the truth.

    Parameters
    ----------
    confidence
        Of each candidate, by weights fitted without its fold, shape ``(n,)``.
    is_true
        Whether it lies on a true bout, shape ``(n,)``.
    recording
        Number of its recording, shape ``(n,)``.

    Returns
    -------
    Calibration
        Expected calibration error and its bins.

    Notes
    -----
    The result holds for the measured mix of cases: with fewer bouts among as much other movement, the same confidence
    is right less often.

    Examples
    --------
    >>> sure = np.full(10, 0.9)
    >>> calibration = measure_calibration(sure, np.array([1.0] * 9 + [0.0]), np.arange(10.0))
    >>> round(calibration.error, 3), calibration.bins[4].n, calibration.bins[4].true_share
    (0.0, 10, 0.9)
    """
    place = np.clip(np.searchsorted(EDGES, confidence, side="right") - 1, 0, len(EDGES) - 2)
    n_bins = len(EDGES) - 1
    # For each recording and bin: number of candidates, and sum of confidence minus truth.
    recordings, row = np.unique(recording, return_inverse=True)
    cell = row * n_bins + place
    size = len(recordings) * n_bins
    counts = np.bincount(cell, minlength=size).reshape(-1, n_bins)
    excess = np.bincount(cell, confidence - is_true, minlength=size).reshape(-1, n_bins)
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(recordings), (N_RESAMPLES, len(recordings)))
    errors = [np.abs(excess[rows].sum(axis=0)).sum() / max(1, counts[rows].sum()) for rows in drawn]
    low, high = np.percentile(errors, [5, 95])
    return Calibration(
        tuple(_describe_bin(number, confidence, is_true, row, place == number) for number in range(n_bins)),
        float(np.abs(excess.sum(axis=0)).sum() / max(1, len(confidence))),
        FigureInterval(float(low), float(high)),
    )


def _describe_bin(
    number: int, confidence: FloatArray, is_true: FloatArray, recording: NDArray[np.intp], inside: NDArray[np.bool_]
) -> ConfidenceBin:
    """Describe the candidates of one bin."""
    n = int(inside.sum())
    low, high = EDGES[number], EDGES[number + 1]
    if n == 0:
        return ConfidenceBin(low, high, 0, None, None)
    n_true = np.bincount(recording[inside], is_true[inside])
    interval = share_interval(n_true.tolist(), np.bincount(recording[inside]).tolist(), np.random.default_rng(SEED))
    return ConfidenceBin(low, high, n, float(confidence[inside].mean()), float(is_true[inside].mean()), interval)
