"""Median and quartiles, with the number of values that they stand on."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The middle of some values and the edges of their middle half.

    Parameters
    ----------
    lower, median, upper
        In the unit of the values.
    n
        Number of values, at least 1.
    """

    lower: float
    median: float
    upper: float
    n: int


def find_quartiles(values: Iterable[float]) -> Quartiles | None:
    """Find median and quartiles; between two values they lie on the straight line, as in numpy and Excel.

    Returns
    -------
    Quartiles or None
        ``None`` for no values; a single value is its own quartiles.

    Examples
    --------
    >>> find_quartiles([4, 1, 3, 2, 5])
    Quartiles(lower=2.0, median=3.0, upper=4.0, n=5)
    """
    known = sorted(map(float, values))
    if not known:
        return None
    if len(known) == 1:
        return Quartiles(known[0], known[0], known[0], 1)
    lower, median, upper = statistics.quantiles(known, n=4, method="inclusive")
    return Quartiles(lower, median, upper, len(known))
