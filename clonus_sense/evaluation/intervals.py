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

TAIL = 0.05
"""What a 90 % interval leaves out at either end."""

FEWEST_RECORDINGS = 2
"""Drawn with replacement, one recording is always itself: an interval of no width, which would look like certainty."""


@dataclass(frozen=True, slots=True)
class FigureInterval:
    """A 90 % interval: the 5th and the 95th percentile."""

    low: float
    high: float


def bootstrap_ratio(
    numerators: Sequence[float], denominators: Sequence[float], rng: np.random.Generator
) -> FigureInterval | None:
    """Estimate a 90 % interval of ``sum(numerators) / sum(denominators)`` by drawing recordings with replacement."""
    parts = [pair for pair in zip(numerators, denominators, strict=True) if pair[1]]
    return bootstrap(parts, lambda sums: sums[:, 0] / sums[:, 1], rng)


def share_interval(parts: Sequence[float], wholes: Sequence[float], rng: np.random.Generator) -> FigureInterval | None:
    """Estimate a 90 % interval of a share over recordings."""
    interval = bootstrap_ratio(parts, wholes, rng)
    n_recordings = sum(1 for whole in wholes if whole)
    n_parts = float(np.sum(parts))
    if interval is None or 0 < n_parts < float(np.sum(wholes)):
        return interval
    outer = float(TAIL ** (1 / n_recordings))
    return FigureInterval(outer, 1.0) if n_parts else FigureInterval(0.0, 1.0 - outer)


def rate_interval(
    events: Sequence[float], exposures: Sequence[float], rng: np.random.Generator
) -> FigureInterval | None:
    """Estimate a 90 % interval of a rate over recordings."""
    interval = bootstrap_ratio(events, exposures, rng)
    if interval is None or np.any(np.asarray(events)):
        return interval
    return FigureInterval(0.0, float(-np.log(TAIL) / np.sum(exposures)))


def bootstrap(
    parts: ArrayLike, figure: Callable[[FloatArray], FloatArray], rng: np.random.Generator
) -> FigureInterval | None:
    """Estimate a 90 % interval of a figure that is computed from sums over recordings.

    Bouts of one recording resemble one another, so whole recordings are drawn, never single bouts.
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
    low, high = np.percentile(known, [100 * TAIL, 100 * (1 - TAIL)])
    return FigureInterval(float(low), float(high))
