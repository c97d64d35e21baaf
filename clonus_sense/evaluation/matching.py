"""Matches reported bouts and reference bouts one to one, with the largest total overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from clonus_sense.evaluation.scored_bouts import DetectedBout, ReferenceBout
from clonus_sense.model import FloatArray

TOLERANCE_S = 0.5
"""Reference bouts are widened by this on both sides: marks by hand scatter by a beat or two."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Relation of the detections of one recording to its reference.

    Parameters
    ----------
    partners
        Index of the detection of each reference bout; ``None`` if the bout was missed.
    touched
        Whether any detection overlaps each reference bout.
    false
        Indices of detections that overlap no reference bout.
    splits
        Indices of detections that overlap only bouts that have another partner.
    merges
        Indices of detections that have a partner and overlap further bouts.
    """

    partners: tuple[int | None, ...]
    touched: tuple[bool, ...]
    false: tuple[int, ...]
    splits: tuple[int, ...]
    merges: tuple[int, ...]


def match_bouts(bouts: Sequence[ReferenceBout], detections: Sequence[DetectedBout]) -> Matching:
    """Pair reference bouts and detections one to one.

    Returns
    -------
    Matching
        The pairs with the largest total overlap, and the unmatched bouts and detections.

    Examples
    --------
    >>> match_bouts([ReferenceBout(10.0, 12.0)], [DetectedBout(9.8, 11.0), DetectedBout(11.3, 12.0)])
    Matching(partners=(0,), touched=(True,), false=(), splits=(1,), merges=())
    """
    overlap_s = _overlaps(bouts, detections)
    rows, columns = linear_sum_assignment(overlap_s, maximize=True)
    partners: list[int | None] = [None] * len(bouts)
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if overlap_s[i, j] > 0:
            partners[i] = j
    n_touched = np.count_nonzero(overlap_s > 0, axis=0)
    taken = set(partners)
    left_over = [j for j in range(len(detections)) if j not in taken]
    return Matching(
        partners=tuple(partners),
        touched=tuple(bool(row.any()) for row in overlap_s > 0),
        false=tuple(j for j in left_over if n_touched[j] == 0),
        splits=tuple(j for j in left_over if n_touched[j] > 0),
        merges=tuple(j for j in range(len(detections)) if j in taken and n_touched[j] > 1),
    )


def _overlaps(bouts: Sequence[ReferenceBout], detections: Sequence[DetectedBout]) -> FloatArray:
    """Compute the shared seconds of each widened bout and each detection, shape ``(n_bouts, n_detections)``."""
    reference = np.array([(b.onset_s - TOLERANCE_S, b.offset_s + TOLERANCE_S) for b in bouts]).reshape(-1, 1, 2)
    reported = np.array([(d.onset_s, d.offset_s) for d in detections]).reshape(1, -1, 2)
    shared = np.minimum(reference[..., 1], reported[..., 1]) - np.maximum(reference[..., 0], reported[..., 0])
    return np.asarray(np.maximum(shared, 0.0), dtype=np.float64)
