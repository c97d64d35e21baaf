"""The rebuilt clock: even times for rows whose stamps are shared, late, bunched or set back, as on phones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d

from clonus_sense.model import FloatArray, Gap, SampleBatch, Stretch
from clonus_sense.recording.clock import REASON_NO_SAMPLES

# Long enough to average out late stamps, short enough that a drifting quartz stays within a millisecond of a line.
_PIECE_S = 60.0
# A phone delivers held-back rows within a second; a pause longer than _LONGEST_STALL_S is a loss.
_LOOK_S = 1.5
_LONGEST_STALL_S = 5.0
# A loss of more than one sample ends a stretch, as with the plain clock.  Only time tells a single lost sample from a
# late one, so it bends the clock instead.  Each limit is half a sample lower, because stamps scatter.
_LOST_PERIODS = 0.75
_GAP_PERIODS = 1.5
# Nineteen steps in twenty are at most the step from bunch to bunch.
_ORDINARY_STEPS_RATIO = 0.95
# Stamps further than this many median deviations from the line are late; two rounds suffice to exclude them.
_LATE_DEVIATIONS = 3.0
_FIT_ROUNDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class EvenStretch:
    """Rows without a gap and their rebuilt times: straight lines between nodes."""

    start_row: int
    end_row: int
    node_rows: FloatArray
    node_times_s: FloatArray

    def seconds(self, rows: NDArray[np.intp]) -> FloatArray:
        """Time of the given rows, rounded to 1 µs."""
        return np.round(np.interp(rows, self.node_rows, self.node_times_s), 6)


@dataclass(frozen=True, slots=True)
class EvenClock:
    """The rebuilt times of a whole recording."""

    period_s: float
    stretches: tuple[EvenStretch, ...]
    gaps: tuple[Gap, ...]
    n_single_losses: int
    n_steps_back: int
    largest_shift_s: float


def rebuild_even_clock(stamps_s: FloatArray, period_s: float, *, follows_s: float | None = None) -> EvenClock:
    """Rebuild an even clock from uneven stamps.

    1. Where the stamps step back by more than a stall can explain, move the rest to one period after the last row.
    2. Find losses: steps that later rows do not catch up with.  Rows catch up after a stall, but never after a loss.
    3. In each stretch between losses of more than one sample, fit a line to every 60 s without late stamps, and join
       the lines.  A single lost sample bends the line by one period.
    """
    stamps_s, steps_back = _set_forward(stamps_s, period_s)
    losses = _find_losses(stamps_s, period_s, steps_back)
    ends_s = -np.inf if follows_s is None else follows_s + period_s
    moved_s = 0.0
    stretches: list[EvenStretch] = []
    gaps: list[Gap] = []
    edges = [0, *(loss.row for loss in losses if loss.is_gap), len(stamps_s)]
    for start, end in pairwise(edges):
        inside = [loss for loss in losses if start < loss.row < end]
        nodes = _fit_nodes(stamps_s, start, end, inside, period_s)
        if start == 0 and follows_s is not None:
            moved_s = _find_move(stamps_s, float(nodes.times_s[0]), ends_s)
        # Neighbouring stretches must not overlap, however late the stamps around a gap are.
        late_s = max(0.0, ends_s - float(nodes.times_s[0]) - moved_s)
        stretch = EvenStretch(start, end, nodes.rows, nodes.times_s + moved_s + late_s)
        is_apart = np.isfinite(ends_s) and float(stretch.node_times_s[0]) - ends_s > _LOST_PERIODS * period_s
        if is_apart or stretches:
            gaps.append(Gap(ends_s, float(stretch.node_times_s[0]), REASON_NO_SAMPLES))
        ends_s = float(stretch.node_times_s[-1]) + period_s
        stretches.append(stretch)
    shift_s = max(
        float(np.max(np.abs(s.seconds(np.arange(s.start_row, s.end_row)) - stamps_s[s.start_row : s.end_row])))
        for s in stretches
    )
    n_single = sum(not loss.is_gap for loss in losses)
    return EvenClock(period_s, tuple(stretches), tuple(gaps), n_single, len(steps_back), shift_s)


def cut_by_clock(
    clock: EvenClock, blocks: Iterator[FloatArray], stretch_rates_hz: float, *, first_number: int = 0
) -> Iterator[SampleBatch]:
    """Yield the rows as batches of the rebuilt clock's stretches."""
    numbered = enumerate(clock.stretches, first_number)
    number, stretch = next(numbered)
    row = 0
    for accel_g in blocks:
        done = 0
        while done < len(accel_g):
            if row == stretch.end_row:
                number, stretch = next(numbered)
            n_rows = min(len(accel_g) - done, stretch.end_row - row)
            model = Stretch(number=number, fs_hz=stretch_rates_hz)
            index = row - stretch.start_row
            knots = np.arange(index + -index % model.knot_every, index + n_rows, model.knot_every)
            knot_times_s = stretch.seconds(knots + stretch.start_row)
            yield SampleBatch(model, index, accel_g[done : done + n_rows], knot_times_s)
            row += n_rows
            done += n_rows


@dataclass(frozen=True, slots=True)
class _Loss:
    """Samples lost before ``row``."""

    row: int
    lost_s: float
    is_gap: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """The ends of the lines of one stretch."""

    rows: FloatArray
    times_s: FloatArray


def _find_move(stamps_s: FloatArray, first_s: float, expected_s: float) -> float:
    """Shift of all times that makes the first follow the sample before; 0 if more than a bunch would be needed."""
    ordinary_s = float(np.quantile(np.diff(stamps_s), _ORDINARY_STEPS_RATIO)) if len(stamps_s) > 1 else 0.0
    return expected_s - first_s if abs(expected_s - first_s) <= ordinary_s else 0.0


def _set_forward(stamps_s: FloatArray, period_s: float) -> tuple[FloatArray, list[int]]:
    """Stamps without large steps back, and the rows of these steps."""
    steps_s = np.diff(stamps_s)
    # Rows of two threads may swap places; a clock that is set goes back further than this.
    rows = np.flatnonzero(steps_s < -max(0.5, 10 * period_s)) + 1
    # A single wrong stamp returns at once; the fit treats it as late.
    rows = rows[[bool(row + 1 < len(stamps_s) and stamps_s[row + 1] < stamps_s[row - 1]) for row in rows]]
    if not len(rows):
        return stamps_s, []
    moved_s = np.zeros(len(stamps_s))
    moved_s[rows] = period_s - steps_s[rows - 1]
    return stamps_s + np.cumsum(moved_s), [int(row) for row in rows]


def _find_losses(stamps_s: FloatArray, period_s: float, steps_back: list[int]) -> list[_Loss]:
    """Find steps that later rows do not catch up with."""
    late_s = stamps_s - np.arange(len(stamps_s)) * period_s
    n_look = max(2, round(_LOOK_S / period_s))
    steps_s = np.diff(stamps_s)
    # The earliest stamps show the true clock, because a stamp can be late but never early.
    behind_s = minimum_filter1d(late_s, n_look, origin=(n_look - 1) // 2, mode="nearest")[:-1]
    ahead_s = minimum_filter1d(late_s, n_look, origin=-(n_look // 2), mode="nearest")[1:]
    jump_s = ahead_s - behind_s
    scatter_s = 2 * 1.4826 * float(np.median(np.abs(jump_s - np.median(jump_s)))) if len(jump_s) else 0.0
    smallest_s = _LOST_PERIODS * period_s + scatter_s
    candidates = set((np.flatnonzero((steps_s > period_s) & (jump_s > smallest_s)) + 1).tolist())
    bunch_s = float(np.quantile(steps_s, _ORDINARY_STEPS_RATIO)) if len(steps_s) else 0.0
    losses: list[_Loss] = []
    start = 0
    for row in sorted(candidates | set(steps_back)):
        if row in steps_back:
            losses.append(_Loss(row, 0.0, is_gap=True))
            start = row
            continue
        step_s = float(steps_s[row - 1])
        n_ahead = n_look + (round(step_s / period_s) if step_s < _LONGEST_STALL_S else 0)
        before_s = float(np.min(late_s[max(start, row - n_look) : row]))
        lost_s = float(np.min(late_s[row : row + n_ahead])) - before_s
        if lost_s > smallest_s:
            losses.append(_Loss(row, lost_s, is_gap=lost_s > _GAP_PERIODS * period_s + scatter_s))
            start = row
    return _without_cut_bunches(losses, len(stamps_s), n_look // 2, smallest_s + bunch_s)


def _without_cut_bunches(losses: list[_Loss], n_rows: int, n_room: int, surely_s: float) -> list[_Loss]:
    """Drop small losses beside a gap, where an incomplete bunch looks like a loss."""
    edges = np.array([0, *(loss.row for loss in losses if loss.is_gap), n_rows])
    kept = []
    for loss in losses:
        before = edges[np.searchsorted(edges, loss.row, side="left") - 1]
        after = edges[np.searchsorted(edges, loss.row, side="right")]
        was_set_back = loss.lost_s == 0
        if was_set_back or loss.lost_s > surely_s or min(loss.row - before, after - loss.row) >= n_room:
            kept.append(loss)
    return kept


def _fit_nodes(stamps_s: FloatArray, start: int, end: int, inside: list[_Loss], period_s: float) -> _Nodes:
    """Robust lines through the stamps of a stretch, about one for each minute, joined end to end."""
    rows = np.arange(start, end, dtype=np.float64)
    # Remove single losses, one period each, before the fit, and restore them afterwards.
    bends = np.zeros(end - start)
    for loss in inside:
        bends[loss.row - start] = period_s
    bent_s = np.cumsum(bends)
    n_pieces = max(1, round((end - start) * period_s / _PIECE_S))
    edges = np.linspace(start, end - 1, n_pieces + 1)
    ends_s = np.empty((n_pieces, 2))
    for number, (left, right) in enumerate(pairwise(edges)):
        piece = slice(int(left) - start, int(right) - start + 1)
        slope_s, at_left_s = _fit_line(rows[piece] - left, stamps_s[start:end][piece] - bent_s[piece], period_s)
        ends_s[number] = at_left_s, at_left_s + slope_s * (right - left)
    joints_s = np.concatenate([ends_s[:1, 0], (ends_s[:-1, 1] + ends_s[1:, 0]) / 2, ends_s[-1:, 1]])
    node_rows = np.unique(np.concatenate([edges, *([loss.row - 1.0, float(loss.row)] for loss in inside)]))
    straight_s = np.interp(node_rows, edges, joints_s)
    return _Nodes(node_rows, straight_s + np.interp(node_rows, rows, bent_s))


def _fit_line(rows: FloatArray, times_s: FloatArray, period_s: float) -> tuple[float, float]:
    """Slope and start of a line without late stamps; the known period if there are too few rows."""
    if len(rows) < max(3.0, 2 / period_s):  # below two seconds, scattered stamps would tilt the line
        return period_s, float(np.median(times_s - period_s * rows))
    good = np.ones(len(rows), dtype=bool)
    slope_s, at_start_s = period_s, 0.0
    for _ in range(_FIT_ROUNDS):
        middle = rows[good].mean()
        spread = rows[good] - middle
        slope_s = float(np.sum(spread * times_s[good]) / np.sum(spread**2))
        at_start_s = float(times_s[good].mean()) - slope_s * middle
        off_s = times_s - (at_start_s + slope_s * rows)
        limit_s = _LATE_DEVIATIONS * 1.4826 * float(np.median(np.abs(off_s))) + 1e-6
        good = np.abs(off_s) <= limit_s
        if np.count_nonzero(good) < len(rows) / 2:
            break
    # Stamps that scatter this much do not determine the rate.
    return (slope_s, at_start_s) if 0.5 < slope_s / period_s < 2 else (period_s, float(np.median(times_s)))
