"""Exactness of the found bouts: errors of onset, offset, frequency and beats, and overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from clonus_sense.evaluation.matched import MatchedBout
from clonus_sense.evaluation.scored_bouts import DetectedBout, ReferenceBout

HALF_OVERLAP_RATIO = 0.5
"""From here on bout and detection share most of the time that they cover together."""


@dataclass(frozen=True, slots=True)
class ErrorSize:
    """Median and 95th percentile of absolute errors; ``None`` if no pair could be compared."""

    median: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Exactness:
    """Errors of the headline bouts found.

    Parameters
    ----------
    onset_error_s, offset_error_s, frequency_error_hz, beats_error
        Size of the errors, over bouts for which both values are known.
    beats_within_1_ratio
        Share of bouts whose number of beats is off by at most one.
    overlap_ratio_median
        Median of the overlap ratio: shared time divided by the time from the first onset to the last offset.
    overlap_ratio_half_share
        Share of bouts with an overlap ratio of at least 0.5.
    """

    onset_error_s: ErrorSize
    offset_error_s: ErrorSize
    frequency_error_hz: ErrorSize
    beats_error: ErrorSize
    beats_within_1_ratio: float | None
    overlap_ratio_median: float | None
    overlap_ratio_half_share: float | None


def measure_exactness(bouts: Sequence[MatchedBout]) -> Exactness:
    """Measure the exactness of the bouts found; bouts without a partner are skipped."""
    pairs = [(matched.bout, matched.detection) for matched in bouts if matched.detection is not None]
    beats_errors = _known_errors((bout.beats, detection.beats) for bout, detection in pairs)
    overlap_ratios = [overlap_ratio(bout, detection) for bout, detection in pairs]
    return Exactness(
        onset_error_s=_size(_known_errors((bout.onset_s, detection.onset_s) for bout, detection in pairs)),
        offset_error_s=_size(_known_errors((bout.offset_s, detection.offset_s) for bout, detection in pairs)),
        frequency_error_hz=_size(_known_errors((b.frequency_hz, d.frequency_hz) for b, d in pairs)),
        beats_error=_size(beats_errors),
        beats_within_1_ratio=_share_of([error <= 1 for error in beats_errors]),
        overlap_ratio_median=_size(overlap_ratios).median,
        overlap_ratio_half_share=_share_of([ratio >= HALF_OVERLAP_RATIO for ratio in overlap_ratios]),
    )


def overlap_ratio(bout: ReferenceBout, detection: DetectedBout) -> float:
    """Compute shared time divided by the time from first onset to last offset, 0 to 1; the bout is not widened."""
    shared_s = min(bout.offset_s, detection.offset_s) - max(bout.onset_s, detection.onset_s)
    covered_s = max(bout.offset_s, detection.offset_s) - min(bout.onset_s, detection.onset_s)
    return max(shared_s, 0.0) / covered_s


def _known_errors(pairs: Iterable[tuple[float | None, float | None]]) -> list[float]:
    """Compute absolute differences of pairs with two known values."""
    return [abs(a - b) for a, b in pairs if a is not None and b is not None]


def _size(errors: Sequence[float]) -> ErrorSize:
    """Compute median and 95th percentile."""
    if not errors:
        return ErrorSize(None, None)
    median, p95 = np.percentile(errors, [50, 95])
    return ErrorSize(float(median), float(p95))


def _share_of(answers: Sequence[bool]) -> float | None:
    """Compute the share of true answers; ``None`` without answers."""
    return sum(answers) / len(answers) if answers else None
