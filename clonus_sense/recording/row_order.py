"""Rows in the order of time: late rows sorted in, repeated rows removed, within a bounded buffer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from clonus_sense.errors import RecordingError
from clonus_sense.model import Finding, FloatArray, Severity
from clonus_sense.recording.rows import RowBlock, join_blocks
from clonus_sense.recording.stamps import ROWS_LOOKED_AT, StampStatistics, find_uneven, measure_stamps

# Radio packets overtake each other by seconds at most; the buffer holds this much of the file.
LATEST_ROW_S = 10.0
# 20 kHz for twice that long; sensors send less.
_MOST_HELD = 400_000
# Rows that become this much denser are not late: the clock was set back, and a time occurs twice.
_OVERLAP_RATIO = 1.5
# Number of earlier rows that give the usual distance of rows.
_N_BEFORE = 256
# Rows with a repeated stamp are copies if nearly all equal the row before although the signal moves.
_COPIES_RATIO = 0.9
_STILL_RATIO = 0.5
# This many moving samples do not repeat by chance.
_LEAST_PACKET = 4


class RowOrder:
    """Sorts the rows of one reading of a file by time.

    1. Cut at steps of more than 10 s in either direction: a pause, or a clock that was set.  A single row that steps
       away and back stays in place.
    2. Remove a row that repeats the stamp and the values of another.
    3. Sort late rows in.  If this would make rows denser than before, they are not late: the clock was set back, and
       they stay in place.
    """

    def __init__(self, period_s: float, *, sorts: bool = True) -> None:
        self._period_s = period_s
        self._sorts = sorts
        self._before_s: FloatArray = np.empty(0)
        self._spans_s: list[tuple[float, float]] = []
        self._span_s: tuple[float, float] | None = None
        self.n_late = 0
        self.n_repeated = 0
        self._first_late_s: float | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Report sorted and removed rows, in sentences."""
        findings = []
        if self.n_late:
            text = (
                f"{self.n_late} rows stand later in the file than their time says, the first of them at "
                f"{self._first_late_s:.2f} s; they were sorted in."
            )
            findings.append(Finding(Severity.NOTE, "rows-out-of-order", text, start_s=self._first_late_s))
        if self.n_repeated:
            text = f"{self.n_repeated} rows came twice, with the same time and values; each was taken once."
            findings.append(Finding(Severity.NOTE, "repeated-rows", text))
        return tuple(findings)

    def sort(self, blocks: Iterable[RowBlock]) -> Iterator[RowBlock]:
        """Yield all rows in the order of time."""
        held: RowBlock | None = None
        for block in blocks:
            whole = block if held is None else join_blocks([held, block])
            n_sure = self._find_sure(whole.times)
            if len(whole.times) - n_sure > _MOST_HELD:
                _refuse_standing_time(whole.times)
                n_sure = len(whole.times)
            if n_sure:
                yield self._settle(RowBlock(whole.times[:n_sure], whole.accel[:n_sure]))
            held = RowBlock(whole.times[n_sure:].copy(), whole.accel[n_sure:].copy(order="F"))
        if held is not None and len(held.times):
            yield self._settle(held)
        self._close_span()

    def _find_sure(self, times_s: FloatArray) -> int:
        """Return the index of the first row that may still move: no later row sorts before the rows ahead of it."""
        steps_s = np.diff(times_s)
        if len(steps_s) and steps_s.min() >= 0 and steps_s.max() <= LATEST_ROW_S:
            return int(np.searchsorted(times_s, times_s[-1] - LATEST_ROW_S, side="left"))
        rows = np.flatnonzero(np.isfinite(times_s))
        rows = rows[~_find_lone(times_s[rows])]
        if not len(rows):
            return 0
        known_s = times_s[rows]
        far = np.flatnonzero(np.abs(np.diff(known_s)) > LATEST_ROW_S)
        # A last row far from the others may be a single wrong one; later rows show it.
        if len(far) and far[-1] == len(known_s) - 2:
            known_s, far = known_s[:-1], far[:-1]
        start = int(far[-1]) + 1 if len(far) else 0
        run_s = known_s[start:]
        latest_s = np.maximum.accumulate(run_s)
        # A row is final if all rows before it are earlier than all rows after it, future rows included.
        earliest_s = np.minimum.accumulate(np.append(run_s[1:], latest_s[-1] - LATEST_ROW_S)[::-1])[::-1]
        sure = np.flatnonzero(latest_s < earliest_s)
        n_sure = start + (int(sure[-1]) + 1 if len(sure) else 0)
        return int(rows[n_sure])

    def _settle(self, block: RowBlock) -> RowBlock:
        """Sort complete rows, and remove repeated ones."""
        rows = np.arange(len(block.times))
        keep = ~_find_copies(block)
        if self._sorts and not _is_forward(block.times):
            known = np.flatnonzero(np.isfinite(block.times) & keep)
            known = known[~_find_lone(block.times[known])]
            edges = np.flatnonzero(np.abs(np.diff(block.times[known])) > LATEST_ROW_S) + 1
            for run in np.split(known, edges):
                self._sort_run(block, run, rows, keep)
        self.n_repeated += int(np.count_nonzero(~keep))
        rows = rows[keep[rows]]
        if len(rows) < len(block.times) or not (rows[1:] > rows[:-1]).all():
            block = RowBlock(block.times[rows], np.asfortranarray(block.accel[rows]))
        self._note(block.times)
        return block

    def _sort_run(
        self, block: RowBlock, run: NDArray[np.intp], rows: NDArray[np.intp], keep: NDArray[np.bool_]
    ) -> None:
        """Sort rows without a far step between them; change ``rows`` and ``keep`` for moved and repeated rows."""
        times_s = block.times[run]
        if _is_forward(times_s):
            return
        latest_s = np.maximum.accumulate(times_s)
        earliest_s = np.minimum.accumulate(times_s[::-1])[::-1]
        edges = [0, *(np.flatnonzero(latest_s[:-1] < earliest_s[1:]) + 1).tolist(), len(run)]
        # Only pieces with a backward step need sorting.
        backs = np.unique(np.searchsorted(edges, np.flatnonzero(np.diff(times_s) < 0), side="right"))
        period_s = self._measure_period(times_s[: edges[int(backs[0]) - 1]])
        for number in backs.tolist():
            piece = run[edges[number - 1] : edges[number]]
            before_s = float(times_s[edges[number - 1] - 1]) if number > 1 else -np.inf
            after_s = float(times_s[edges[number]]) if edges[number] < len(run) else np.inf
            places, sorted_rows, twice = self._sort_piece(block, piece, (before_s, after_s), period_s)
            rows[places] = sorted_rows
            keep[twice] = False

    def _sort_piece(
        self,
        block: RowBlock,
        piece: NDArray[np.intp],
        near_s: tuple[float, float],
        period_s: float,
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Sort rows between two times; return places, the rows for these places, and the repeated rows."""
        table = np.column_stack([block.times[piece], block.accel[piece]])
        _, firsts = np.unique(table, axis=0, return_index=True)
        once = np.zeros(len(piece), dtype=bool)
        once[firsts] = True
        twice, piece = piece[~once], piece[once]
        times_s = block.times[piece]
        odd = _find_odd(times_s, near_s, period_s)
        piece, times_s = piece[~odd], times_s[~odd]
        order = np.argsort(times_s, kind="stable")
        span_s = float(times_s[order[-1]] - times_s[order[0]])
        if (len(piece) - 1) * period_s > _OVERLAP_RATIO * span_s:
            return piece, piece, twice
        late = times_s < np.maximum.accumulate(times_s)
        if late.any() and self._first_late_s is None:
            self._first_late_s = float(times_s[late][0])
        self.n_late += int(np.count_nonzero(late))
        return piece, piece[order], twice

    def _measure_period(self, before_s: FloatArray) -> float:
        """Measure the distance of the latest rows; with too few rows, use that of the start of the file."""
        recent_s = np.concatenate([self._before_s, before_s])[-_N_BEFORE:]
        period_s = measure_stamps(recent_s).period
        return period_s if len(recent_s) >= _N_BEFORE // 16 and period_s > 0 else self._period_s

    def _note(self, times_s: FloatArray) -> None:
        """Remember the last rows, and the time spans between far steps."""
        known_s = times_s[np.isfinite(times_s)]
        if not len(known_s):
            return
        last_s = self._before_s[-1:]
        for part_s in np.split(known_s, np.flatnonzero(np.abs(np.diff(known_s)) > LATEST_ROW_S) + 1):
            if len(last_s) and abs(float(part_s[0]) - float(last_s[0])) > LATEST_ROW_S:
                self._close_span()
            low_s, high_s = float(part_s.min()), float(part_s.max())
            if self._span_s is not None:
                low_s, high_s = min(low_s, self._span_s[0]), max(high_s, self._span_s[1])
            self._span_s = low_s, high_s
            last_s = part_s[-1:]
        self._before_s = np.concatenate([self._before_s, known_s])[-_N_BEFORE:].copy()

    def _close_span(self) -> None:
        """Refuse rows that lead up to a time that occurs earlier in the file, because they are too late to sort."""
        if self._span_s is None:
            return
        low_s, high_s = self._span_s
        for other_low_s, _ in self._spans_s:
            if high_s > low_s and 0 < other_low_s - high_s <= LATEST_ROW_S:
                raise RecordingError(
                    f"the rows from {low_s:.2f} s to {high_s:.2f} s stand behind later ones in the file, by more than "
                    f"{LATEST_ROW_S:g} s; sort the file by its time and give it again."
                )
        self._spans_s.append(self._span_s)
        self._span_s = None


def _refuse_standing_time(times_s: FloatArray) -> None:
    """Refuse too many rows within seconds; rows without a time do not count."""
    known_s = times_s[np.isfinite(times_s)]
    if len(known_s) > _MOST_HELD // 2:
        raise RecordingError(
            f"the time stands still at {known_s[0]:.2f} s for more than {len(known_s)} rows, so that it cannot be the "
            "time; name the right one with --columns."
        )


def measure_in_order(rows: RowBlock, stamps: StampStatistics) -> StampStatistics:
    """Measure uneven stamps at the start of the file again, in the order of time and without repeated rows.

    Rows out of order, and a rate that changes within the first minutes, do not make stamps uneven.
    """
    once = measure_stamps(np.unique(rows.times[np.isfinite(rows.times)]))
    if not stamps.uneven or not once.period > 0:
        return stamps
    times_s = join_blocks(list(RowOrder(once.period).sort([rows]))).times
    measured = measure_stamps(times_s)
    if not measured.uneven:
        return measured
    first_s = times_s[:ROWS_LOOKED_AT]
    first = measure_stamps(first_s)
    is_known = len(first_s) == ROWS_LOOKED_AT and first.period > 0
    if is_known and find_uneven(first_s, first.period) is None:
        return replace(first, uneven=False)
    return stamps


def _find_lone(times_s: FloatArray) -> NDArray[np.bool_]:
    """Find single rows far from both neighbours, which are close to each other."""
    lone = np.zeros(len(times_s), dtype=bool)
    if len(times_s) > 2:
        steps_s = np.diff(times_s)
        far = np.abs(steps_s) > LATEST_ROW_S
        lone[1:-1] = far[:-1] & far[1:] & (np.abs(times_s[2:] - times_s[:-2]) <= LATEST_ROW_S)
    return lone


def _find_odd(times_s: FloatArray, near_s: tuple[float, float], period_s: float) -> NDArray[np.bool_]:
    """Find single rows out of order that do not fit between their neighbours: their stamps are damaged."""
    around_s = np.concatenate([[near_s[0]], times_s, [near_s[1]]])
    before, at, after = around_s[:-2], around_s[1:-1], around_s[2:]
    single = ((after <= at) | (at <= before)) & (after > before)
    order = np.argsort(around_s, kind="stable")
    room_s = np.full(len(around_s), np.inf)
    room_s[order[1:-1]] = around_s[order[2:]] - around_s[order[:-2]]
    return single & (room_s[1:-1] < _OVERLAP_RATIO * period_s)


def _find_copies(block: RowBlock) -> NDArray[np.bool_]:
    """Find copies of rows that share their stamp: each row twice, or a packet under one stamp twice.

    Equal samples of a resting or hanging sensor are data: equal rows are copies only while the signal moves.
    """
    times_s, accel = block.times, block.accel
    copies = np.zeros(len(times_s), dtype=bool)
    shares = times_s[1:] == times_s[:-1]
    if not shares.any() or shares.all():
        return copies
    like = (accel[1:] == accel[:-1]).all(axis=1)
    if np.mean(like[~shares]) >= _STILL_RATIO:
        return copies
    if np.mean(like[shares]) >= _COPIES_RATIO:
        copies[1:] = shares & like
        return copies
    starts = np.flatnonzero(np.concatenate([[True], ~shares]))
    sizes = np.diff(np.append(starts, len(times_s)))
    packets = np.flatnonzero((sizes >= 2 * _LEAST_PACKET) & (sizes % 2 == 0))
    for start, half in zip(starts[packets].tolist(), (sizes[packets] // 2).tolist(), strict=True):
        first, second = slice(start, start + half), slice(start + half, start + 2 * half)
        if np.array_equal(accel[first], accel[second]) and not like[start : start + half - 1].all():
            copies[second] = True
    return copies


def _is_forward(times_s: FloatArray) -> bool:
    """Tell whether no time is earlier than the one before; false for any NaN."""
    return bool((times_s[1:] >= times_s[:-1]).all())
