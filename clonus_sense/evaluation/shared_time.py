"""Time marked by one and by both of two raters, and clusters of marks about the same movement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from clonus_sense.evaluation.scored_bouts import ReferenceBout

Marks: TypeAlias = Sequence[ReferenceBout]


def marked_s(marks: Marks) -> float:
    """Measure the time in seconds covered by one rater's marks; overlaps count once."""
    return sum(end_s - start_s for start_s, end_s in _union(marks))


def shared_s(first: Marks, second: Marks) -> float:
    """Measure the time in seconds that both raters marked."""
    return sum(
        max(0.0, min(a_end, b_end) - max(a_start, b_start))
        for a_start, a_end in _union(first)
        for b_start, b_end in _union(second)
    )


def cluster_marks(first: Marks, second: Marks, apart_s: float) -> list[tuple[list[int], list[int]]]:
    """Cluster the marks of both raters that are less than ``apart_s`` apart; return their indices in order of time."""
    clusters: list[tuple[list[int], list[int]]] = []
    end_s = -float("inf")
    marks = [(bout, rater, at) for rater, own in enumerate((first, second)) for at, bout in enumerate(own)]
    for bout, rater, at in sorted(marks, key=lambda one: one[0].onset_s):
        if bout.onset_s - end_s >= apart_s:
            clusters.append(([], []))
        clusters[-1][rater].append(at)
        end_s = max(end_s, bout.offset_s)
    return clusters


def _union(marks: Marks) -> list[tuple[float, float]]:
    """Join marks that overlap."""
    joined: list[tuple[float, float]] = []
    for bout in sorted(marks, key=lambda one: one.onset_s):
        if joined and bout.onset_s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], bout.offset_s))
        else:
            joined.append((bout.onset_s, bout.offset_s))
    return joined
