"""The plain clock: time stamps are right as they stand; a missing stamp is a gap, and a gap ends a stretch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clonus_sense.errors import RecordingError
from clonus_sense.model import LONGEST_STEP_PERIODS, Finding, FloatArray, Gap, SampleBatch, Severity, Stretch
from clonus_sense.recording.rows import RowBlock, find_samples

# A clock is set once or twice in a night; a column that steps back more often is no time.
_MOST_STEPS_BACK = 200
REASON_NO_SAMPLES = "no samples"
REASON_NOT_A_NUMBER = "not a number"
REASON_UNREADABLE = "unreadable lines"


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Rows left out since the last sample: they explain the gap that follows."""

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

    1. Leave out rows that are not finite; a row with a stamp that fits neither neighbour is left out as well.
    2. Where the stamps step back, set what follows one period after the last sample.
    3. Begin a new stretch after every step of more than 1.5 periods, and after every step back.

    Parameters
    ----------
    fs_hz
        Rate of the recording, in Hz.

    Attributes
    ----------
    gaps
        Gaps met so far.
    findings
        What was left out or mended so far.
    n_samples
        Samples given out so far.
    duration_s
        End of the last sample, in seconds since the start of the recording.

    Examples
    --------
    >>> clock = StampClock(fs_hz=10.0)
    >>> times_s = np.array([0.0, 0.1, 0.2, 5.0, 5.1])
    >>> [(b.stretch.number, b.first_index, len(b.accel_g)) for b in clock.push(RowBlock(times_s, np.zeros((5, 3))))]
    [(0, 0, 3), (1, 0, 2)]
    >>> clock.gaps[0].reason, round(clock.gaps[0].duration_s, 3)
    ('no samples', 4.7)
    """

    def __init__(self, fs_hz: float) -> None:
        self._fs_hz = fs_hz
        self._period_s = 1 / fs_hz
        self._stretch = Stretch(number=-1, fs_hz=fs_hz)
        self._index = 0
        # One period before second 0: a recording whose first sample comes later begins with a gap.
        self._last_s = -self._period_s
        self._shift_s = 0.0
        self._left_out = _NOTHING
        self._n_not_finite = 0
        self._n_odd = 0
        self._n_steps_back = 0
        self._steps_back: list[Finding] = []
        self.gaps: list[Gap] = []
        self.n_samples = 0

    @property
    def duration_s(self) -> float:
        """End of the last sample, in seconds since the start of the recording."""
        return self._last_s + self._period_s if self.n_samples else 0.0

    @property
    def findings(self) -> list[Finding]:
        """What was left out or mended so far, in sentences."""
        findings = list(self._steps_back)
        if self._n_not_finite:
            text = (
                "Rows left out because they hold something that is no number or beyond any sensor: "
                f"{self._n_not_finite}."
            )
            findings.append(Finding(Severity.WARNING, "not-a-number", text))
        if self._n_odd:
            text = f"{self._n_odd} rows carry a time that fits neither neighbour; they were left out."
            findings.append(Finding(Severity.WARNING, "odd-stamps", text))
        return findings

    def push(self, block: RowBlock) -> list[SampleBatch]:
        """Take the next rows and give out their samples.

        Parameters
        ----------
        block
            Rows with time in seconds and acceleration in g.

        Returns
        -------
        list of SampleBatch
            One batch per stretch that the rows touch.

        Raises
        ------
        RecordingError
            If the time steps back so often that it cannot be time.
        """
        keep = self._rows_to_keep(block)
        if keep is None:
            kept, rows = block, None
        else:
            rows = np.flatnonzero(keep)
            kept = RowBlock(block.times[rows], np.asfortranarray(block.accel[rows]))
        if not len(kept.times):
            self._left_out = self._left_out.plus(block.times)
            return []
        if not self.n_samples:
            self._last_s = min(self._last_s, float(kept.times[0]) - self._period_s)
        times_s, jumps = self._mend_steps_back(kept.times)
        steps_s = np.diff(times_s, prepend=self._last_s)
        breaks = np.flatnonzero(steps_s > LONGEST_STEP_PERIODS * self._period_s)
        for row in breaks:
            before_s = float(times_s[row - 1]) if row else self._last_s
            left_out = self._left_out if row == 0 else _NOTHING
            if rows is not None:
                left_out = left_out.plus(block.times[rows[row - 1] + 1 if row else 0 : rows[row]])
            self.gaps.append(Gap(before_s + self._period_s, float(times_s[row]), left_out.reason))
        first = [0] if self._stretch.number < 0 else []
        starts = sorted({*first, *breaks.tolist(), *jumps})
        batches = self._cut(times_s, kept.accel, starts)
        self._last_s = float(times_s[-1])
        self.n_samples += len(times_s)
        self._left_out = _NOTHING if rows is None else _NOTHING.plus(block.times[rows[-1] + 1 :])
        return batches

    def finish(self) -> None:
        """Close the recording: rows left out at its end become a gap."""
        if self._left_out.last_stamp_s is None or not self.n_samples:
            return
        # A damaged stamp must not lengthen the night.
        longest_s = (self._left_out.n_rows + 1) * LONGEST_STEP_PERIODS * self._period_s
        end_s = min(self._left_out.last_stamp_s + self._shift_s, self._last_s + longest_s)
        if end_s > self._last_s + self._period_s / 2:
            self.gaps.append(Gap(self._last_s + self._period_s, end_s + self._period_s, self._left_out.reason))
            self._last_s = end_s

    def _rows_to_keep(self, block: RowBlock) -> NDArray[np.bool_] | None:
        """Which rows are samples; ``None`` where all of them are."""
        keep = find_samples(block)
        if _goes_forward(block.times) and keep.all():
            return None
        self._n_not_finite += int(np.count_nonzero(~keep & np.isfinite(block.times)))
        rows = np.flatnonzero(keep)
        t = block.times[rows]
        # A stamp at which time leaps ahead and returns, or falls back and returns, is the odd one out.
        before, at, after = t[:-2], t[1:-1], t[2:]
        leaps, falls = (after <= at) & (after > before), (at <= before) & (after > before)
        odd = rows[1:-1][leaps | falls] if len(t) > 2 else rows[:0]
        keep[odd] = False
        self._n_odd += len(odd)
        return keep

    def _mend_steps_back(self, stamps_s: FloatArray) -> tuple[FloatArray, list[int]]:
        """Time that only goes forward, and the rows at which it was mended."""
        times_s = stamps_s + self._shift_s if self._shift_s else stamps_s
        jumps: list[int] = []
        while not (times_s[0] > self._last_s and _goes_forward(times_s)):
            row = int(np.flatnonzero(np.diff(times_s, prepend=self._last_s) <= 0)[0])
            last_s = float(times_s[row - 1]) if row else self._last_s
            times_s = times_s.copy() if times_s is stamps_s else times_s
            by_s = last_s + self._period_s - float(times_s[row])
            times_s[row:] += by_s
            self._shift_s += by_s
            self._note_step_back(last_s, by_s)
            jumps.append(row)
        return times_s, jumps

    def _note_step_back(self, last_s: float, by_s: float) -> None:
        """Say that the stamps step back, and refuse where they do so all the time."""
        self._n_steps_back += 1
        if self._n_steps_back > _MOST_STEPS_BACK:
            raise RecordingError(
                f"the time steps back more than {_MOST_STEPS_BACK} times, so that this column cannot be the time; "
                "name the right one with --columns."
            )
        text = (
            f"The time stamps step back after {last_s:.2f} s; what follows was set right behind, "
            f"so that later times are {by_s:.2f} s more than the file says."
        )
        self._steps_back.append(Finding(Severity.WARNING, "clock-step-back", text, start_s=last_s))

    def _cut(self, times_s: FloatArray, accel_g: FloatArray, starts: list[int]) -> list[SampleBatch]:
        """One batch per stretch; a new stretch begins at each of ``starts``."""
        batches = []
        edges = sorted({0, *starts, len(times_s)})
        for start, end in pairwise(edges):
            if start in starts:
                self._stretch = Stretch(number=self._stretch.number + 1, fs_hz=self._fs_hz)
                self._index = 0
            every = self._stretch.knot_every
            knots_s = times_s[start + -self._index % every : end : every].copy()
            batches.append(SampleBatch(self._stretch, self._index, accel_g[start:end], knots_s))
            self._index += end - start
        return batches


def _goes_forward(times: FloatArray) -> bool:
    """Tell whether each time is later than the one before."""
    return bool((times[1:] > times[:-1]).all())
