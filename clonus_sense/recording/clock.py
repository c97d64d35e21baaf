"""The plain clock: it trusts the stamps; a missing stamp is a gap, and a gap ends a stretch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clonus_sense.errors import RecordingError
from clonus_sense.model import LONGEST_STEP_PERIODS, Finding, FloatArray, Gap, SampleBatch, Severity
from clonus_sense.recording.rows import RowBlock, find_samples
from clonus_sense.stretches import CutSamples, StretchCutter

# A clock is set once or twice in a night; a column that steps back more often is not the time.
_MOST_STEPS_BACK = 200
# Further changes of the rate are only counted.
_MOST_RATES_TOLD = 5
REASON_NO_SAMPLES = "no samples"
REASON_NOT_A_NUMBER = "not a number"
REASON_UNREADABLE = "unreadable lines"


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Rows left out since the last sample; they explain the gap that follows."""

    n_rows: int = 0
    last_stamp_s: float | None = None

    def plus(self, stamps_s: FloatArray) -> _LeftOut:
        """Add further rows."""
        finite = stamps_s[np.isfinite(stamps_s)]
        return _LeftOut(self.n_rows + len(stamps_s), float(finite[-1]) if len(finite) else self.last_stamp_s)

    @property
    def reason(self) -> str:
        """Why samples are missing here."""
        if not self.n_rows:
            return REASON_NO_SAMPLES
        return REASON_UNREADABLE if self.last_stamp_s is None else REASON_NOT_A_NUMBER


_NOTHING = _LeftOut()


class StampClock:
    """Cuts rows into gap-free stretches by their own time stamps.

    1. Leave out rows that are not finite, and rows whose stamp fits neither neighbour.
    2. Where the stamps step back, move the rest to one period after the last sample.
    3. Cut the remaining rows with a :class:`~clonus_sense.stretches.StretchCutter`, and begin a new stretch after every
       step back.
    """

    def __init__(self, fs_hz: float, *, most_filled: int = 0) -> None:
        self._cutter = StretchCutter(fs_hz, most_filled=most_filled)
        self._nominal_period_s = 1 / fs_hz
        # The last sample taken, which the cutter may still hold.
        self._last_s: float | None = None
        self._shift_s = 0.0
        self._reasons: dict[float, str] = {}
        self._rates: list[tuple[float, float]] = []
        self._left_out = _NOTHING
        self._n_not_finite = 0
        self._n_odd = 0
        self._n_steps_back = 0
        self._steps_back: list[Finding] = []
        self.gaps: list[Gap] = []
        self.n_samples = 0

    @property
    def fs_hz(self) -> float:
        """Rate of the current stretch."""
        return self._cutter.fs_hz

    @property
    def n_stretches(self) -> int:
        """Number of stretches so far."""
        return self._cutter.n_stretches

    @property
    def filled_s(self) -> tuple[tuple[float, float], ...]:
        """Time of each interpolated sample, and its period, in seconds."""
        return tuple(self._cutter.filled_s)

    @property
    def last_s(self) -> float | None:
        """Time of the last sample."""
        return self._last_s

    @property
    def _period_s(self) -> float:
        """Sample period of the current stretch."""
        return 1 / self._cutter.fs_hz

    @property
    def duration_s(self) -> float:
        """End of the last sample, in seconds since the start of the recording."""
        return 0.0 if self._last_s is None else self._last_s + self._period_s

    @property
    def findings(self) -> list[Finding]:
        """Losses and repairs so far, in sentences."""
        findings = [*self._steps_back, *_rate_findings(self._rates)]
        if self._cutter.filled_s:
            missing_s = sum(period_s for _, period_s in self._cutter.filled_s)
            text = (
                f"{len(self._cutter.filled_s)} samples ({missing_s:.1f} s) were lost singly or in twos and were filled "
                "in from their neighbours, and each movement says how much of it was missing."
            )
            findings.append(Finding(Severity.NOTE, "filled-in", text))
        if self._n_not_finite:
            text = (
                "Rows left out because a value is not a number or exceeds the range of any sensor: "
                f"{self._n_not_finite}."
            )
            findings.append(Finding(Severity.WARNING, "not-a-number", text))
        if self._n_odd:
            text = f"{self._n_odd} rows carry a time that fits neither neighbour; they were left out."
            findings.append(Finding(Severity.WARNING, "odd-stamps", text))
        return findings

    def push(self, block: RowBlock) -> list[SampleBatch]:
        """Take the next rows and return their samples."""
        keep = self._rows_to_keep(block)
        if keep is None:
            kept, rows = block, None
        else:
            rows = np.flatnonzero(keep)
            kept = RowBlock(block.times[rows], np.asfortranarray(block.accel[rows]))
        if not len(kept.times):
            self._left_out = self._left_out.plus(block.times)
            return []
        times_s, jumps = self._mend_steps_back(kept.times)
        self._note_reasons(block, rows, times_s)
        batches: list[SampleBatch] = []
        for start, end in pairwise(sorted({0, *jumps, len(times_s)})):
            if start in jumps:
                batches += self._gather(self._cutter.finish())
                self._cutter.begin()
            batches += self._gather(self._cutter.push(times_s[start:end], kept.accel[start:end]))
        self._last_s = float(times_s[-1])
        self._left_out = _NOTHING if rows is None else _NOTHING.plus(block.times[rows[-1] + 1 :])
        return batches

    def finish(self) -> list[SampleBatch]:
        """Close the recording: rows left out at its end become a gap."""
        batches = self._gather(self._cutter.finish())
        if self._left_out.last_stamp_s is None or self._last_s is None:
            return batches
        # A damaged stamp must not lengthen the night.
        longest_s = (self._left_out.n_rows + 1) * LONGEST_STEP_PERIODS * self._period_s
        end_s = min(self._left_out.last_stamp_s + self._shift_s, self._last_s + longest_s)
        if end_s > self._last_s + self._period_s / 2:
            self.gaps.append(Gap(self._last_s + self._period_s, end_s + self._period_s, self._left_out.reason))
            self._last_s = end_s
        return batches

    def _note_reasons(self, block: RowBlock, rows: NDArray[np.intp] | None, times_s: FloatArray) -> None:
        """Note why samples are missing before each row that follows rows left out."""
        self._reasons = {time_s: why for time_s, why in self._reasons.items() if time_s > self._cutter.last_s}
        if self._left_out.n_rows or (rows is not None and rows[0]):
            before = block.times[: 0 if rows is None else rows[0]]
            self._reasons[float(times_s[0])] = self._left_out.plus(before).reason
        if rows is None:
            return
        for row in (np.flatnonzero(np.diff(rows) > 1) + 1).tolist():
            left_out = _NOTHING.plus(block.times[rows[row - 1] + 1 : rows[row]])
            self._reasons[float(times_s[row])] = left_out.reason

    def _gather(self, cuts: list[CutSamples]) -> list[SampleBatch]:
        """Count samples and note gaps."""
        for cut in cuts:
            self.n_samples += len(cut.times_s)
            if not self._rates or cut.batch.stretch.fs_hz != self._rates[-1][1]:
                self._rates.append((float(cut.times_s[0]), cut.batch.stretch.fs_hz))
            if cut.gap is not None:
                reason = self._reasons.get(cut.gap.end_s, REASON_NO_SAMPLES)
                self.gaps.append(replace(cut.gap, reason=reason))
        return [cut.batch for cut in cuts]

    def _rows_to_keep(self, block: RowBlock) -> NDArray[np.bool_] | None:
        """Mask of the rows to keep; ``None`` if all are kept."""
        keep = find_samples(block)
        if _goes_forward(block.times) and keep.all():
            return None
        self._n_not_finite += int(np.count_nonzero(~keep & np.isfinite(block.times)))
        rows = np.flatnonzero(keep)
        t = block.times[rows]
        # A stamp that leaps ahead or back for one row only is wrong.
        before, at, after = t[:-2], t[1:-1], t[2:]
        leaps, falls = (after <= at) & (after > before), (at <= before) & (after > before)
        odd = rows[1:-1][leaps | falls] if len(t) > 2 else rows[:0]
        keep[odd] = False
        self._n_odd += len(odd)
        return keep

    def _mend_steps_back(self, stamps_s: FloatArray) -> tuple[FloatArray, list[int]]:
        """Stamps moved so that they only go forward, and the rows where each move begins."""
        times_s = stamps_s + self._shift_s if self._shift_s else stamps_s
        jumps: list[int] = []
        before_s = self._last_s if self._last_s is not None else float(times_s[0]) - self._nominal_period_s
        while not (times_s[0] > before_s and _goes_forward(times_s)):
            row = int(np.flatnonzero(np.diff(times_s, prepend=before_s) <= 0)[0])
            last_s = float(times_s[row - 1]) if row else before_s
            times_s = times_s.copy() if times_s is stamps_s else times_s
            by_s = last_s + self._nominal_period_s - float(times_s[row])
            times_s[row:] += by_s
            self._shift_s += by_s
            self._note_step_back(last_s, by_s)
            jumps.append(row)
        return times_s, jumps

    def _note_step_back(self, last_s: float, by_s: float) -> None:
        """Report a step back of the stamps, and refuse a column that steps back too often."""
        self._n_steps_back += 1
        if self._n_steps_back > _MOST_STEPS_BACK:
            raise RecordingError(
                f"the time steps back more than {_MOST_STEPS_BACK} times, so that this column cannot be the time; "
                "name the right one with --columns."
            )
        text = (
            f"The time stamps step back after {last_s:.2f} s; the rest was moved to follow directly, "
            f"so that later times are {by_s:.2f} s more than the file says."
        )
        self._steps_back.append(Finding(Severity.WARNING, "clock-step-back", text, start_s=last_s))


def _rate_findings(rates: list[tuple[float, float]]) -> list[Finding]:
    """Report changes of the rate; ``rates`` holds the time and rate of each, the start first."""
    findings = []
    for (_, before_hz), (at_s, after_hz) in list(pairwise(rates))[:_MOST_RATES_TOLD]:
        text = (
            f"The rate changes from {before_hz:g} Hz to {after_hz:g} Hz at {at_s:.2f} s; each part is searched at its "
            "own rate."
        )
        findings.append(Finding(Severity.NOTE, "rate-changed", text, start_s=at_s))
    n_further = len(rates) - 1 - _MOST_RATES_TOLD
    if n_further > 0:
        text = f"The rate changes {n_further} more times."
        findings.append(Finding(Severity.WARNING, "rate-changed", text))
    return findings


def _goes_forward(times: FloatArray) -> bool:
    """Tell whether each time is later than the previous one."""
    return bool((times[1:] > times[:-1]).all())
