"""Scores of many recordings: headline figures and figures of each class of recordings.

Headline
    Bouts of five beats or more, without the classes of recordings that are reported apart.
Sensitivity
    Share of headline bouts found.
Precision
    Headline bouts found divided by the sum of these, false detections and splits.
F1
    Harmonic mean of the two.
False
    Detections that touch no reference bout, per 8 or 24 hours measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from clonus_sense.evaluation.exactness import Exactness, measure_exactness, overlap_ratio
from clonus_sense.evaluation.groups import (
    BEATS_GROUPS,
    FREQUENCY_GROUPS_HZ,
    PEAK_GROUPS_G,
    SIGNAL_GROUPS_DB,
    Share,
    group_by_name,
    group_by_value,
    sensitivity_interval,
)
from clonus_sense.evaluation.intervals import SEED, FigureInterval, bootstrap_ratio, rate_interval, share_interval
from clonus_sense.evaluation.matched import MatchedBout, MatchedCase

APART_CLASSES = frozenset({"jiggle", "tremor", "real-walk-umn"})
"""Recordings with real rhythm but without truth: reported apart from the headline."""

STRICT_OVERLAP_RATIO = 0.3
"""A bout with a smaller overlap ratio counts as touched, not as found."""


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Figures of one class of recordings; a rate is ``None`` without a denominator or known hours."""

    name: str
    is_apart: bool
    n_cases: int
    hours: float | None
    n_reference: int
    n_found: int
    n_optional_found: int
    n_false: int
    n_splits: int
    n_merges: int
    sensitivity: float | None
    false_per_8h: float | None
    false_per_24h: float | None
    false_per_24h_interval: FigureInterval | None
    false_seconds_per_hour: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of an evaluation; the docstring of the module defines them.

    A figure is ``None`` without a denominator or known hours. ``strict_sensitivity`` counts only found bouts with an
    overlap ratio of at least 0.3. The 90 % intervals come from recordings drawn with replacement and are ``None`` for
    fewer than two recordings. Groups hold headline bouts; ``by_beats`` also holds brief ones.
    """

    n_cases: int
    n_reference: int
    n_found: int
    n_false: int
    n_splits: int
    n_merges: int
    hours: float | None
    sensitivity: float | None
    sensitivity_interval: FigureInterval | None
    strict_sensitivity: float | None
    precision: float | None
    precision_interval: FigureInterval | None
    f1: float | None
    f1_interval: FigureInterval | None
    false_per_8h: float | None
    false_per_8h_interval: FigureInterval | None
    false_per_24h: float | None
    exactness: Exactness
    by_beats: tuple[Share, ...]
    by_amplitude: tuple[Share, ...]
    by_frequency: tuple[Share, ...]
    by_generator: tuple[Share, ...]
    by_placement: tuple[Share, ...]
    by_tag: tuple[Share, ...]
    by_signal_to_background: tuple[Share, ...]
    by_class: tuple[ClassScore, ...]
    cases: tuple[MatchedCase, ...]

    @property
    def misses(self) -> tuple[MatchedBout, ...]:
        """Missed bouts of five beats or more, in all classes."""
        return tuple(m for case in self.cases for m in case.bouts if m.bout.is_headline and not m.is_found)


def score_cases(cases: Sequence[MatchedCase]) -> Evaluation:
    """Compute all figures of an evaluation.

    Parameters
    ----------
    cases
        Recordings after matching.

    Examples
    --------
    >>> from clonus_sense.evaluation.scored_bouts import Case, DetectedBout, ReferenceBout
    >>> from clonus_sense.evaluation.matched import match_case
    >>> night = Case("night", "night", (ReferenceBout(10.0, 12.0, beats=12),), recorded_s=8 * 3600.0)
    >>> evaluation = score_cases([match_case(night, (DetectedBout(10.1, 12.0), DetectedBout(500.0, 503.0)))])
    >>> evaluation.sensitivity, evaluation.precision, evaluation.false_per_8h
    (1.0, 0.5, 1.0)
    """
    rng = np.random.default_rng(SEED)
    by_class = _score_classes(cases, rng)
    headline = [score for score in by_class if not score.is_apart]
    counted = [case for case in cases if case.case.case_class not in APART_CLASSES]
    bouts = [matched for case in counted for matched in case.bouts]
    main = [matched for matched in bouts if matched.bout.is_headline]
    n_reference, n_found = len(main), sum(matched.is_found for matched in main)
    n_false, n_splits = sum(score.n_false for score in headline), sum(score.n_splits for score in headline)
    hours = _sum_hours([score.hours for score in headline])
    return Evaluation(
        n_cases=len(cases),
        n_reference=n_reference,
        n_found=n_found,
        n_false=n_false,
        n_splits=n_splits,
        n_merges=sum(score.n_merges for score in headline),
        hours=hours,
        sensitivity=_ratio(n_found, n_reference),
        sensitivity_interval=sensitivity_interval(main, rng),
        strict_sensitivity=_ratio(sum(_is_strictly_found(matched) for matched in main), n_reference),
        precision=_ratio(n_found, n_found + n_false + n_splits),
        precision_interval=_interval(share_interval, counted, _found, _reported),
        # Harmonic mean of both, in a form that gives 0 instead of a division by zero.
        f1=_ratio(2 * n_found, n_reference + n_found + n_false + n_splits),
        f1_interval=_interval(
            share_interval, counted, lambda case: 2 * _found(case), lambda case: case.n_reference + _reported(case)
        ),
        false_per_8h=_rate(n_false, hours, per_hours=8),
        false_per_8h_interval=_interval(rate_interval, counted, _false, lambda case: (case.hours or 0.0) / 8)
        if hours
        else None,
        false_per_24h=_rate(n_false, hours, per_hours=24),
        exactness=measure_exactness(main),
        by_beats=group_by_value(bouts, BEATS_GROUPS, lambda bout: bout.beats),
        by_amplitude=group_by_value(main, PEAK_GROUPS_G, lambda bout: bout.peak_g),
        by_frequency=group_by_value(main, FREQUENCY_GROUPS_HZ, lambda bout: bout.frequency_hz),
        by_generator=group_by_name(main, lambda matched: matched.bout.generator),
        by_placement=group_by_name(main, lambda matched: matched.bout.placement),
        by_tag=group_by_name(main, lambda matched: matched.case.tag),
        by_signal_to_background=group_by_value(main, SIGNAL_GROUPS_DB, lambda bout: bout.signal_to_background_db),
        by_class=by_class,
        cases=tuple(cases),
    )


def _score_classes(cases: Sequence[MatchedCase], rng: np.random.Generator) -> tuple[ClassScore, ...]:
    """Score each class of recordings, in the order of their first case."""
    members: dict[str, list[MatchedCase]] = defaultdict(list)
    for case in cases:
        members[case.case.case_class].append(case)
    return tuple(_score_class(name, group, rng) for name, group in members.items())


def _score_class(name: str, cases: Sequence[MatchedCase], rng: np.random.Generator) -> ClassScore:
    """Score one class of recordings."""
    bouts = [matched for case in cases for matched in case.bouts]
    main = [matched for matched in bouts if matched.bout.is_headline]
    n_found = sum(matched.is_found for matched in main)
    n_false = sum(len(case.false) for case in cases)
    days = [case.hours / 24 for case in cases if case.hours is not None]
    hours = _sum_hours([case.hours for case in cases])
    return ClassScore(
        name=name,
        is_apart=name in APART_CLASSES,
        n_cases=len(cases),
        hours=hours,
        n_reference=len(main),
        n_found=n_found,
        n_optional_found=sum(matched.is_found for matched in bouts) - n_found,
        n_false=n_false,
        n_splits=sum(case.n_splits for case in cases),
        n_merges=sum(case.n_merges for case in cases),
        sensitivity=_ratio(n_found, len(main)),
        false_per_8h=_rate(n_false, hours, per_hours=8),
        false_per_24h=_rate(n_false, hours, per_hours=24),
        false_per_24h_interval=bootstrap_ratio([len(case.false) for case in cases], days, rng) if hours else None,
        false_seconds_per_hour=_rate(sum(case.false_s for case in cases), hours, per_hours=1),
    )


def _interval(
    estimate: Callable[[Sequence[float], Sequence[float], np.random.Generator], FigureInterval | None],
    cases: Sequence[MatchedCase],
    part_of: Callable[[MatchedCase], float],
    whole_of: Callable[[MatchedCase], float],
) -> FigureInterval | None:
    """Estimate the interval of a ratio of sums over recordings."""
    # A new generator for each figure: one figure more or less must not move the interval of another.
    rng = np.random.default_rng(SEED)
    return estimate([part_of(case) for case in cases], [whole_of(case) for case in cases], rng)


def _found(case: MatchedCase) -> int:
    """Count the headline bouts found."""
    return case.n_found


def _false(case: MatchedCase) -> int:
    """Count the detections that touch no reference bout."""
    return len(case.false)


def _reported(case: MatchedCase) -> int:
    """Count the denominator of precision: bouts found, false detections and splits."""
    return case.n_found + len(case.false) + case.n_splits


def _is_strictly_found(matched: MatchedBout) -> bool:
    """Whether bout and partner share enough to count as found."""
    return matched.detection is not None and overlap_ratio(matched.bout, matched.detection) >= STRICT_OVERLAP_RATIO


def _ratio(part: int, whole: int) -> float | None:
    """Compute part / whole; ``None`` if the whole is 0."""
    return part / whole if whole else None


def _rate(amount: float, hours: float | None, *, per_hours: float) -> float | None:
    """Compute the amount per ``per_hours``; ``None`` without known hours."""
    return amount / hours * per_hours if hours else None


def _sum_hours(hours: Sequence[float | None]) -> float | None:
    """Sum the hours; ``None`` if those of any recording are unknown."""
    known = [h for h in hours if h is not None]
    return sum(known) if len(known) == len(hours) else None
