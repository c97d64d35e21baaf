"""How far a figure could have come out differently with other recordings: bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from clonus_sense.model import FloatArray

N_RESAMPLES = 1000
"""Enough for the first digit of a 90 % interval; more would promise an exactness that few recordings do not hold."""

SEED = 0
"""Fixed, so that the same detections always give the same interval."""

FEWEST_RECORDINGS = 2
"""Drawn with replacement, one recording is always itself: an interval of no width, which would look like certainty."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 90 % interval: the 5th and the 95th percentile."""

    low: float
    high: float


def bootstrap_ratio(
    numerators: Sequence[float], denominators: Sequence[float], rng: np.random.Generator
) -> Interval | None:
    """Estimate a 90 % interval of ``sum(numerators) / sum(denominators)`` by drawing recordings with replacement.

    Parameters
    ----------
    numerators, denominators
        One pair for each recording, such as false detections and hours; a recording whose denominator is 0 says nothing
        about the ratio and is passed over.
    rng
        Where chance comes from.

    Returns
    -------
    Interval or None
        ``None`` where fewer than two recordings say something.

    Examples
    --------
    >>> bootstrap_ratio([1, 2, 0], [2, 4, 0], np.random.default_rng(SEED))
    Interval(low=0.5, high=0.5)
    >>> bootstrap_ratio([1], [2], np.random.default_rng(SEED)) is None
    True
    """
    parts = [pair for pair in zip(numerators, denominators, strict=True) if pair[1]]
    return bootstrap(parts, lambda sums: sums[:, 0] / sums[:, 1], rng)


def bootstrap(
    parts: ArrayLike, figure: Callable[[FloatArray], FloatArray], rng: np.random.Generator
) -> Interval | None:
    """Estimate a 90 % interval of a figure that is computed from sums over recordings.

    Bouts of one recording resemble one another, so whole recordings are drawn, never single bouts.

    Parameters
    ----------
    parts
        What each recording adds to the sums, shape ``(n_recordings, n_parts)``.
    figure
        Gives the figures, shape ``(n,)``, of sums, shape ``(n, n_parts)``; NaN where one cannot be computed.
    rng
        Where chance comes from.

    Returns
    -------
    Interval or None
        ``None`` where there are fewer than two recordings, or none of the draws gives a figure.

    Examples
    --------
    >>> bootstrap([[1, 2], [2, 4]], lambda sums: sums[:, 0] / sums[:, 1], np.random.default_rng(SEED))
    Interval(low=0.5, high=0.5)
    """
    of_recording = np.asarray(parts, dtype=np.float64)
    n_recordings = len(of_recording)
    if n_recordings < FEWEST_RECORDINGS:
        return None
    drawn = rng.integers(0, n_recordings, (N_RESAMPLES, n_recordings))
    values = figure(of_recording[drawn].sum(axis=1))
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, high = np.percentile(known, [5, 95])
    return Interval(float(low), float(high))
