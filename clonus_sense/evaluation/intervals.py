"""Bootstrap intervals: the variation of a figure with other recordings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from clonus_sense.model import FloatArray

N_RESAMPLES = 1000
"""Enough for the first digit of a 90 % interval; more would suggest a precision that few recordings cannot give."""

SEED = 0
"""Fixed, so that equal detections give equal intervals."""

TAIL = 0.05
"""Share outside a 90 % interval at each end."""

FEWEST_RECORDINGS = 2
"""With one recording every draw is the same, and the interval of no width would look like certainty."""


@dataclass(frozen=True, slots=True)
class FigureInterval:
    """A 90 % interval: the 5th and the 95th percentile."""

    low: float
    high: float


def bootstrap_ratio(
    numerators: Sequence[float], denominators: Sequence[float], rng: np.random.Generator
) -> FigureInterval | None:
    """Estimate a 90 % interval of ``sum(numerators) / sum(denominators)``; a denominator of 0 skips its recording."""
    parts = [pair for pair in zip(numerators, denominators, strict=True) if pair[1]]
    return bootstrap(parts, lambda sums: sums[:, 0] / sums[:, 1], rng)


def share_interval(parts: Sequence[float], wholes: Sequence[float], rng: np.random.Generator) -> FigureInterval | None:
    """Estimate a 90 % interval of a share; if all recordings give 0 or 1, the outer end is the exact binomial one."""
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
    """Estimate a 90 % interval of a rate; without events the upper end is the exact Poisson one (3.0 events)."""
    interval = bootstrap_ratio(events, exposures, rng)
    if interval is None or np.any(np.asarray(events)):
        return interval
    return FigureInterval(0.0, float(-np.log(TAIL) / np.sum(exposures)))


def bootstrap(
    parts: ArrayLike, figure: Callable[[FloatArray], FloatArray], rng: np.random.Generator
) -> FigureInterval | None:
    """Estimate a 90 % interval of a figure computed from sums over recordings, shape ``(n_recordings, n_parts)``.

    Bouts of one recording resemble one another, so whole recordings are drawn instead of single bouts. ``None`` if
    there are fewer than two recordings or no draw gives a figure.
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
