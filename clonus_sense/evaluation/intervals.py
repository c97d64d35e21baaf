"""How far a rate could have come out differently with other recordings: bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

N_RESAMPLES = 1000
"""Enough for the first digit of a 90 % interval; more would promise an exactness that few recordings do not hold."""

SEED = 0
"""Fixed, so that the same detections always give the same interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 90 % interval: the 5th and the 95th percentile."""

    low: float
    high: float


def bootstrap_ratio(
    numerators: Sequence[float], denominators: Sequence[float], rng: np.random.Generator
) -> Interval | None:
    """Estimate a 90 % interval of ``sum(numerators) / sum(denominators)`` by drawing recordings with replacement.

    Bouts of one recording resemble one another, so whole recordings are drawn, never single bouts.

    Parameters
    ----------
    numerators, denominators
        One pair for each recording, such as false detections and hours; the denominators are positive.
    rng
        Where chance comes from.

    Returns
    -------
    Interval or None
        ``None`` where there is no recording.

    Examples
    --------
    >>> bootstrap_ratio([1, 2], [2, 4], np.random.default_rng(SEED))
    Interval(low=0.5, high=0.5)
    """
    n_recordings = len(numerators)
    if n_recordings == 0:
        return None
    drawn = rng.integers(0, n_recordings, (N_RESAMPLES, n_recordings))
    ratios = np.asarray(numerators)[drawn].sum(axis=1) / np.asarray(denominators)[drawn].sum(axis=1)
    low, high = np.percentile(ratios, [5, 95])
    return Interval(float(low), float(high))
