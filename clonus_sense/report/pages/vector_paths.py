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
    'M0 10L5 5'
    """
    drawn = []
    for times_s, values_g in lines:
        inside = (times_s >= start_s) & (times_s <= end_s)
        x = (times_s[inside] - start_s) / (end_s - start_s) * width
        y = height / 2 * (1 - np.clip(values_g[inside] / largest_g, -1, 1))
        if not len(x):
            continue
        if len(x) > 2 * width:
            column = np.floor(x).astype(int)
            first = np.flatnonzero(np.diff(column, prepend=-1))
            low, high = np.minimum.reduceat(y, first), np.maximum.reduceat(y, first)
            x, y = np.repeat(column[first] + 0.5, 2), np.column_stack([low, high]).ravel()
        points = [f"{_short(at)} {_short(value)}" for at, value in zip(x, y, strict=True)]
        drawn.append("M" + "L".join(points))
    return "".join(drawn)


def _short(number: float) -> str:
    """Write a coordinate with one decimal at most."""
    text = f"{number:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"
