"""Agreement of two raters who marked the same recordings; neither is the truth.

Found by the other
    Share of one rater's bouts with a partner among the other's: one to one, by largest overlap, within 0.5 s.
F1
    Bouts with a partner divided by all bouts, of both raters together. It needs no count of true negatives, which
    events do not have.
Splits and merges
    One bout of the first rater that touches several of the second, and the reverse. Raters differ here in the habit of
    ending a bout, not in the movement they saw, so these cases are counted apart.
Time
    Dice coefficient of the marked times (Dice 1945), and Cohen's kappa over all measured time (Cohen 1960) if that is
    known.

Unsure bouts and bouts of 3-4 counted beats count neither for nor against, but can be partners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from clonus_sense.evaluation.intervals import FEWEST_RECORDINGS, SEED, FigureInterval, bootstrap, share_interval
from clonus_sense.evaluation.matching import TOLERANCE_S, match_bouts
from clonus_sense.evaluation.scored_bouts import DetectedBout, ReferenceBout
from clonus_sense.evaluation.shared_time import Marks, cluster_marks, marked_s, shared_s
from clonus_sense.model import FloatArray

# Columns of the sums to which each recording, or each cluster of bouts, adds a row.
N_FIRST, N_SECOND, PAIRED_FIRST, PAIRED_SECOND, FIRST_S, SECOND_S, SHARED_S, RECORDED_S = range(8)


@dataclass(frozen=True, slots=True)
class RatedRecording:
    """One recording with the marks of two raters.

    Parameters
    ----------
    first, second
        Marks of each rater, by onset.
    recorded_s
        Measured time in seconds; ``None`` if unknown.
    """

    name: str
    first: tuple[ReferenceBout, ...]
    second: tuple[ReferenceBout, ...]
    recorded_s: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 90 % interval; each is ``None`` if it cannot be computed."""

    value: float | None
    interval: FigureInterval | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Differences of the second rater from the first in the bouts that both marked.

    ``median`` is the median of second minus first; the others describe absolute differences. ``None`` without a pair.
    """

    n: int
    median: float | None
    median_absolute: float | None
    p95_absolute: float | None


@dataclass(frozen=True, slots=True)
class LoneBout:
    """A headline bout of one rater that touches no bout of the other."""

    recording: str
    bout: ReferenceBout


@dataclass(frozen=True, slots=True)
class Agreement:
    """All figures of two raters; the docstring of the module defines them.

    ``n_pairs`` counts the bouts that both marked. ``n_touching_first`` and ``n_touching_second`` count bouts without a
    partner that touch a bout with another partner, as in a split or a merge. ``drawn`` names the unit of the bootstrap:
    ``recordings``, or ``bouts`` if there is only one recording.
    """

    n_recordings: int
    hours: float | None
    n_first: int
    n_second: int
    n_pairs: int
    n_touching_first: int
    n_touching_second: int
    first_found: Figure
    second_found: Figure
    f1: Figure
    n_splits: int
    n_merges: int
    only_first: tuple[LoneBout, ...]
    only_second: tuple[LoneBout, ...]
    time_agreement: Figure
    kappa: Figure
    onset_s: Difference
    offset_s: Difference
    duration_s: Difference
    beats: Difference
    frequency_hz: Difference
    drawn: str


@dataclass(frozen=True, slots=True)
class _Compared:
    """One recording after matching."""

    recording: RatedRecording
    partners: tuple[tuple[int, int], ...]  # indices of the marks of both raters
    n_splits: int
    n_merges: int
    only_first: tuple[ReferenceBout, ...]
    only_second: tuple[ReferenceBout, ...]

    @property
    def pairs(self) -> list[tuple[ReferenceBout, ReferenceBout]]:
        """Marks of both raters about the same movement."""
        return [(self.recording.first[i], self.recording.second[j]) for i, j in self.partners]


def measure_agreement(recordings: Sequence[RatedRecording]) -> Agreement:
    """Compare the marks of two raters.

    Parameters
    ----------
    recordings
        At least one recording that both rated.

    Examples
    --------
    >>> first = (ReferenceBout(10.0, 12.0), ReferenceBout(50.0, 52.0))
    >>> night = RatedRecording("night", first, (ReferenceBout(10.5, 12.5), ReferenceBout(90.0, 92.0)), 3600.0)
    >>> agreement = measure_agreement([night])
    >>> agreement.first_found.value, agreement.f1.value, agreement.onset_s.median, agreement.drawn
    (0.5, 0.5, 0.5, 'bouts')
    """
    compared = [_compare(recording) for recording in recordings]
    clusters = [_parts_of(one) for one in compared]
    units = np.array([parts.sum(axis=0) for parts in clusters]) if len(clusters) > 1 else clusters[0]
    sums = units.sum(axis=0)
    pairs = [pair for one in compared for pair in one.pairs]
    recorded_s = [recording.recorded_s for recording in recordings if recording.recorded_s is not None]
    is_time_known = len(recorded_s) == len(recordings)
    return Agreement(
        n_recordings=len(recordings),
        hours=sum(recorded_s) / 3600 if is_time_known else None,
        n_first=int(sums[N_FIRST]),
        n_second=int(sums[N_SECOND]),
        n_pairs=len(pairs),
        n_touching_first=int(sums[N_FIRST] - sums[PAIRED_FIRST]) - sum(len(one.only_first) for one in compared),
        n_touching_second=int(sums[N_SECOND] - sums[PAIRED_SECOND]) - sum(len(one.only_second) for one in compared),
        first_found=_share(units[:, PAIRED_FIRST], units[:, N_FIRST]),
        second_found=_share(units[:, PAIRED_SECOND], units[:, N_SECOND]),
        f1=_share(units[:, PAIRED_FIRST] + units[:, PAIRED_SECOND], units[:, N_FIRST] + units[:, N_SECOND]),
        n_splits=sum(one.n_splits for one in compared),
        n_merges=sum(one.n_merges for one in compared),
        only_first=tuple(LoneBout(one.recording.name, bout) for one in compared for bout in one.only_first),
        only_second=tuple(LoneBout(one.recording.name, bout) for one in compared for bout in one.only_second),
        time_agreement=_figure(units, lambda s: 2 * s[:, SHARED_S] / (s[:, FIRST_S] + s[:, SECOND_S])),
        kappa=_figure(units, compute_kappa) if is_time_known else Figure(None, None),
        onset_s=_difference((a.onset_s, b.onset_s) for a, b in pairs),
        offset_s=_difference((a.offset_s, b.offset_s) for a, b in pairs),
        duration_s=_difference((a.offset_s - a.onset_s, b.offset_s - b.onset_s) for a, b in pairs),
        beats=_difference((a.beats, b.beats) for a, b in pairs),
        frequency_hz=_difference((a.frequency_hz, b.frequency_hz) for a, b in pairs),
        drawn="recordings" if len(recordings) > 1 else "bouts",
    )


def compute_kappa(sums: FloatArray) -> FloatArray:
    """Compute Cohen's kappa over time from rows of sums; NaN where both raters marked no time or all time."""
    first, second, both = (sums[:, column] / sums[:, RECORDED_S] for column in (FIRST_S, SECOND_S, SHARED_S))
    observed = 1 - first - second + 2 * both
    by_chance = first * second + (1 - first) * (1 - second)
    return np.asarray((observed - by_chance) / (1 - by_chance))


def _compare(recording: RatedRecording) -> _Compared:
    """Match the marks of two raters in one recording."""
    first, second = recording.first, recording.second
    matching = match_bouts(first, [DetectedBout(bout.onset_s, bout.offset_s) for bout in second])
    touched = [sum(_touch(a, b) for b in second) for a in first]
    touched_by = [sum(_touch(a, b) for a in first) for b in second]
    return _Compared(
        recording,
        tuple((i, j) for i, j in enumerate(matching.partners) if j is not None),
        n_splits=sum(n > 1 for n in touched),
        n_merges=sum(n > 1 for n in touched_by),
        only_first=tuple(a for a, n in zip(first, touched, strict=True) if n == 0 and a.is_headline),
        only_second=tuple(b for b, n in zip(second, touched_by, strict=True) if n == 0 and b.is_headline),
    )


def _touch(a: ReferenceBout, b: ReferenceBout) -> bool:
    """Return whether two bouts overlap within the tolerance of matching."""
    return min(a.offset_s, b.offset_s) - max(a.onset_s, b.onset_s) + TOLERANCE_S > 0


def _parts_of(compared: _Compared) -> FloatArray:
    """Compute the row that each cluster of a recording adds to the sums, shape ``(n_clusters, 8)``."""
    recording = compared.recording
    clusters = cluster_marks(recording.first, recording.second, TOLERANCE_S)
    firsts, seconds = {i for i, _ in compared.partners}, {j for _, j in compared.partners}
    # A recording without bouts still adds measured time.
    parts = np.zeros((max(1, len(clusters)), 8))
    for row, (in_first, in_second) in zip(parts, clusters, strict=False):
        first, second = [recording.first[i] for i in in_first], [recording.second[j] for j in in_second]
        row[N_FIRST], row[N_SECOND] = (sum(bout.is_headline for bout in bouts) for bouts in (first, second))
        row[PAIRED_FIRST] = sum(recording.first[i].is_headline for i in firsts.intersection(in_first))
        row[PAIRED_SECOND] = sum(recording.second[j].is_headline for j in seconds.intersection(in_second))
        sure: tuple[Marks, Marks] = ([b for b in first if not b.unsure], [b for b in second if not b.unsure])
        row[FIRST_S], row[SECOND_S], row[SHARED_S] = marked_s(sure[0]), marked_s(sure[1]), shared_s(*sure)
    # Divided evenly, so that the clusters drawn from a single recording keep its duration.
    parts[:, RECORDED_S] = (recording.recorded_s or 0.0) / len(parts)
    return parts


def _share(parts: FloatArray, wholes: FloatArray) -> Figure:
    """Compute a share of all units, with its interval."""
    if not wholes.sum():
        return Figure(None, None)
    interval = share_interval(parts.tolist(), wholes.tolist(), np.random.default_rng(SEED))
    return Figure(float(parts.sum() / wholes.sum()), interval)


def _figure(units: FloatArray, compute: Callable[[FloatArray], FloatArray]) -> Figure:
    """Compute a figure of all units, and its interval by drawing them with replacement."""

    def quiet(sums: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return compute(sums)

    value = float(quiet(units.sum(axis=0)[None])[0])
    if not np.isfinite(value):
        return Figure(None, None)
    # With only one marked unit every draw repeats it, so the interval would have no width.
    is_alone = np.count_nonzero(units[:, FIRST_S] + units[:, SECOND_S]) < FEWEST_RECORDINGS
    return Figure(value, None if is_alone else bootstrap(units, quiet, np.random.default_rng(SEED)))


def _difference(pairs: Iterable[tuple[float | None, float | None]]) -> Difference:
    """Measure second minus first for pairs with two known values."""
    differences = np.array([b - a for a, b in pairs if a is not None and b is not None])
    if not len(differences):
        return Difference(0, None, None, None)
    sizes = np.abs(differences)
    median, middle, p95 = np.median(differences), np.median(sizes), np.percentile(sizes, 95)
    return Difference(len(differences), float(median), float(middle), float(p95))
