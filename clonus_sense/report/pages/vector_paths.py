"""Lines as the path of an SVG: for thumbnails, for paper, and for readers without scripts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from clonus_sense.model import FloatArray


def envelope_path(
    lines: Iterable[tuple[FloatArray, FloatArray]],
    *,
    start_s: float,
    end_s: float,
    largest_g: float,
    width: int,
    height: int,
) -> str:
    """Draw lines as one path; where samples are denser than the path, its lowest and highest of each step.

    Parameters
    ----------
    lines
        Times in seconds and values in g of each piece.
    start_s, end_s
        Times at the left and right edge.
    largest_g
        Value at the upper edge; the lower edge is its negative.
    width, height
        Size of the drawing, in its own units.

    Returns
    -------
    str
        The ``d`` of a path; empty for no samples.

    Examples
    --------
    >>> line = (np.array([0.0, 1.0]), np.array([0.0, 0.5]))
    >>> envelope_path([line], start_s=0.0, end_s=2.0, largest_g=1.0, width=10, height=20)
    'M0 10l5 -5'
    """
    drawn = []
    for times_s, values_g in lines:
        inside = (times_s >= start_s) & (times_s <= end_s)
        x = (times_s[inside] - start_s) / (end_s - start_s) * width
        y = height / 2 * (1 - np.clip(values_g[inside] / largest_g, -1, 1))
        if not len(x):
            continue
        if len(x) > width:
            column = np.floor(x).astype(int)
            first = np.flatnonzero(np.diff(column, prepend=-1))
            low, high = np.minimum.reduceat(y, first), np.maximum.reduceat(y, first)
            x, y = np.repeat(column[first], 2), np.column_stack([low, high]).ravel()
        drawn.append(_relative(x, y))
    return "".join(drawn)


def _relative(x: FloatArray, y: FloatArray) -> str:
    """Write a line in whole units, each point by its distance from the one before: half as long as places."""
    points = np.rint(np.column_stack([x, y])).astype(int)
    steps = " ".join(map(str, np.diff(points, axis=0).ravel().tolist()))
    return f"M{points[0, 0]} {points[0, 1]}" + (f"l{steps}" if steps else "")
