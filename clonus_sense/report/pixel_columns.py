"""Smallest and largest value per pixel column: what lets a picture of a night be drawn quickly and lose no peak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.model import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Smallest and largest value in each of some columns of equal width."""

    edges: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def centres(self) -> FloatArray:
        """Middle of each column, shape ``(n_columns,)``."""
        return (self.edges[:-1] + self.edges[1:]) / 2


def compute_columns(
    starts: FloatArray, ends: FloatArray, low: FloatArray, high: FloatArray, edges: FloatArray
) -> Columns:
    """Collect values into columns; a value that reaches over an edge counts in every column that it touches."""
    first = np.searchsorted(ends, edges[:-1], side="right")
    last = np.searchsorted(starts, edges[1:], side="left")
    filled = np.flatnonzero(first < last)
    shape = (len(edges) - 1, low.shape[1])
    lowest, highest = np.full(shape, np.nan), np.full(shape, np.nan)
    if len(filled):
        # reduceat takes pairs [first, last); one row more lets `last` point behind the last value.
        pairs = np.column_stack([first[filled], last[filled]]).ravel()
        lowest[filled] = np.minimum.reduceat(np.vstack([low, low[-1:]]), pairs)[::2]
        highest[filled] = np.maximum.reduceat(np.vstack([high, high[-1:]]), pairs)[::2]
    return Columns(edges, lowest, highest)
