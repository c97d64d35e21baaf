"""Start and rate of each stretch: one rule for the recorder, which writes samples, and for the reader.

Both see the same times, rounded as in a file, so both cut a recording into the same stretches.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from clonus_sense.lost_samples import Filled, count_lost, fill_in
from clonus_sense.model import LONGEST_STEP_PERIODS, FloatArray, Gap, SampleBatch, Stretch

N_STEPS_OF_A_RATE = 16
"""This many equal steps in a row prove another rate: random losses never look like that.  They last under a second."""
RATE_RATIO = 1.15
"""A rate within this ratio of the stretch's own is the same rate: oscillators are 5 % off at worst, and the times of a
live recording are stretched by a few per cent more while its clock settles."""
# Steps of a run are this close to their mean; a step with a lost sample is twice as long.
_EQUAL_STEPS_RATIO = 0.2
# Lower rates cannot show a rhythm of 5-8 Hz: a run of slower steps is a recording with many losses, not a rate.
_LOWEST_RATE_HZ = 18.0


@dataclass(frozen=True, slots=True, eq=False)
class CutSamples:
    """Consecutive samples of one stretch."""

    batch: SampleBatch
    times_s: FloatArray
    gap: Gap | None


class StretchCutter:
    """Cuts samples into stretches of one rate each, by their times only; any cut of the input gives the same result.

    1. A step of more than 1.5 periods is a gap; a new stretch begins behind it, at the rate of the one before.
    2. Sixteen equal steps more than 15 % off the period are another rate; a new stretch begins with them.  If they
       directly follow a gap, the stretch behind the gap has that rate.
    3. Samples are held back until both are decided: none while the steps fit the rate, otherwise sixteen at most.
    """

    def __init__(self, fs_hz: float, *, most_filled: int = 0) -> None:
        self._fs_hz = fs_hz
        self._most_filled = most_filled
        # The last two returned samples, for interpolation behind them.
        self._tail_s: FloatArray = np.empty(0)
        self._tail_g: FloatArray = np.empty((0, 3))
        self.filled_s: list[tuple[float, float]] = []
        self._stretch: Stretch | None = None
        self._must_begin = True
        self._index = 0
        # One period before second 0, so a recording whose first sample comes later begins with a gap.
        self._last_s = -1 / fs_hz
        self._held_s: FloatArray = np.empty(0)
        self._held_g: FloatArray = np.empty((0, 3), order="F")

    @property
    def fs_hz(self) -> float:
        """Rate of the current stretch."""
        return self._fs_hz

    @property
    def n_stretches(self) -> int:
        """Number of stretches so far."""
        return 0 if self._stretch is None else self._stretch.number + 1

    @property
    def n_held(self) -> int:
        """Number of samples held back."""
        return len(self._held_s)

    @property
    def last_s(self) -> float:
        """Time of the last returned sample; one period before second 0 if there is none."""
        return self._last_s

    def push(self, times_s: FloatArray, accel_g: FloatArray) -> list[CutSamples]:
        """Take the next samples."""
        return self._take(times_s, accel_g, is_end=False)

    def finish(self) -> list[CutSamples]:
        """Return the held samples at the end of the recording or connection."""
        return self._take(np.empty(0), np.empty((0, 3)), is_end=True)

    def begin(self) -> None:
        """Begin a stretch with the next sample, even without a gap; no samples may be held back."""
        self._must_begin = True

    def _take(self, new_s: FloatArray, new_g: FloatArray, *, is_end: bool) -> list[CutSamples]:
        """Cut held and new samples as far as they are decided."""
        times_s, accel_g = new_s, new_g
        if len(self._held_s):
            times_s = np.concatenate([self._held_s, new_s])
            accel_g = np.asfortranarray(np.concatenate([self._held_g, new_g]))
        if not len(times_s):
            return []
        if self._stretch is None:
            self._last_s = min(self._last_s, float(times_s[0]) - 1 / self._fs_hz)
        out: list[CutSamples] = []
        done = 0
        while done < len(times_s):
            n_taken = self._cut_one_rate(times_s[done:], accel_g[done:], out, is_end=is_end)
            if n_taken == 0:
                break
            done += n_taken
        self._held_s, self._held_g = times_s[done:].copy(), accel_g[done:].copy(order="F")
        return out

    def _cut_one_rate(self, times_s: FloatArray, accel_g: FloatArray, out: list[CutSamples], *, is_end: bool) -> int:
        """Output samples up to the next change of rate; return their number."""
        period_s = 1 / self._fs_hz
        steps_s = np.diff(times_s, prepend=self._last_s)
        odd = np.flatnonzero((steps_s < period_s / RATE_RATIO) | (steps_s > period_s * RATE_RATIO))
        begins = steps_s > LONGEST_STEP_PERIODS * period_s
        begins[0] |= self._must_begin
        change, decided = _find_change(steps_s, odd, period_s, is_end=is_end)
        if change is None:
            # The first sample of a stretch waits for the next step, which may show the stretch's rate.
            if not is_end and decided and begins[decided - 1]:
                decided -= 1
            self._give_out(times_s, accel_g, begins, decided, out)
            return decided
        rate_hz = round(N_STEPS_OF_A_RATE / float(steps_s[change : change + N_STEPS_OF_A_RATE].sum()), 2)
        # Behind a gap the new rate applies from the first sample on.
        first = change - 1 if change and begins[change - 1] else change
        self._give_out(times_s, accel_g, begins, first, out)
        is_gap = steps_s[first] > LONGEST_STEP_PERIODS * max(period_s, 1 / rate_hz)
        gap = Gap(self._last_s + period_s, float(times_s[first]), "") if is_gap else None
        self._fs_hz = rate_hz
        self._begin()
        # These samples surely belong to this stretch; the next round continues behind them.
        end = change + N_STEPS_OF_A_RATE
        self._append(times_s[first:end], accel_g[first:end], gap, out)
        self._keep_tail(times_s, accel_g, end)
        return end

    def _give_out(
        self,
        times_s: FloatArray,
        accel_g: FloatArray,
        begins: NDArray[np.bool_],
        end: int,
        out: list[CutSamples],
    ) -> None:
        """Output the samples before ``end`` at the current rate, cut at its gaps; later samples serve interpolation."""
        if not end:
            return
        known_s, known_g = times_s, accel_g
        times_s, accel_g, begins = times_s[:end], accel_g[:end], begins[:end]
        if self._most_filled and begins.any():
            filled, begins = self._fill(known_s, known_g, begins, end)
            times_s, accel_g = filled.times_s, filled.accel_g
        starts = np.flatnonzero(begins).tolist()
        period_s = 1 / self._fs_hz
        for start, stop in pairwise(sorted({0, *starts, len(times_s)})):
            gap = None
            if start in starts:
                if float(times_s[start]) - self._last_s > LONGEST_STEP_PERIODS * period_s:
                    gap = Gap(self._last_s + period_s, float(times_s[start]), "")
                self._begin()
            self._append(times_s[start:stop], accel_g[start:stop], gap, out)
        self._keep_tail(known_s, known_g, end)

    def _fill(
        self, times_s: FloatArray, accel_g: FloatArray, begins: NDArray[np.bool_], end: int
    ) -> tuple[Filled, NDArray[np.bool_]]:
        """Interpolate single losses before ``end``; return the samples, and which of them still begin a stretch."""
        n_tail = 0 if self._must_begin else len(self._tail_s)
        period_s = 1 / self._fs_hz
        # One sample behind the end is enough for the interpolation up to it.
        all_s = np.concatenate([self._tail_s[len(self._tail_s) - n_tail :], times_s[: end + 1]])
        all_g = np.concatenate([self._tail_g[len(self._tail_g) - n_tail :], accel_g[: end + 1]])
        n_lost = count_lost(np.diff(all_s, prepend=all_s[0]), period_s, self._most_filled)
        n_lost[:n_tail] = 0
        n_lost[n_tail + end :] = 0
        filled = fill_in(all_s, all_g, n_lost, period_s)
        given_out = slice(n_tail, len(filled.times_s) - (len(all_s) - n_tail - end))
        is_filled = filled.is_filled[given_out]
        self.filled_s += [(time_s, period_s) for time_s in filled.times_s[given_out][is_filled].tolist()]
        still = np.zeros(len(is_filled), dtype=bool)
        still[~is_filled] = begins & (n_lost[n_tail : n_tail + end] == 0)
        return Filled(filled.times_s[given_out], filled.accel_g[given_out], is_filled), still

    def _keep_tail(self, times_s: FloatArray, accel_g: FloatArray, end: int) -> None:
        """Keep the last two samples before ``end``."""
        if self._most_filled:
            self._tail_s = np.concatenate([self._tail_s, times_s[max(0, end - 2) : end]])[-2:]
            self._tail_g = np.concatenate([self._tail_g, accel_g[max(0, end - 2) : end]])[-2:]

    def _begin(self) -> None:
        """Begin another stretch."""
        number = 0 if self._stretch is None else self._stretch.number + 1
        self._stretch, self._index = Stretch(number, self._fs_hz), 0
        self._must_begin = False

    def _append(self, times_s: FloatArray, accel_g: FloatArray, gap: Gap | None, out: list[CutSamples]) -> None:
        """Make a batch of samples of the current stretch."""
        assert self._stretch is not None
        every = self._stretch.knot_every
        batch = SampleBatch(self._stretch, self._index, accel_g, times_s[-self._index % every :: every].copy())
        self._index += len(times_s)
        self._last_s = float(times_s[-1])
        out.append(CutSamples(batch, times_s, gap))


def _find_change(
    steps_s: FloatArray, odd: NDArray[np.intp], period_s: float, *, is_end: bool
) -> tuple[int | None, int]:
    """Find the first step of another rate; if there is none, the sample before which all is decided.

    ``odd`` are the steps that do not fit the current rate.
    """
    n_whole = int(np.searchsorted(odd, len(steps_s) - N_STEPS_OF_A_RATE, side="right"))
    if n_whole:
        runs_s = sliding_window_view(steps_s, N_STEPS_OF_A_RATE)[odd[:n_whole]]
        mean_s = runs_s.mean(axis=1)
        spread_s = _EQUAL_STEPS_RATIO * mean_s
        is_rate = (runs_s.min(axis=1) >= mean_s - spread_s) & (runs_s.max(axis=1) <= mean_s + spread_s)
        is_other = (mean_s < period_s / RATE_RATIO) | (mean_s > period_s * RATE_RATIO)
        changes = np.flatnonzero(is_rate & is_other & (mean_s > 0) & (mean_s <= 1 / _LOWEST_RATE_HZ))
        if len(changes):
            return int(odd[changes[0]]), 0
    if is_end:
        return None, len(steps_s)
    for row in odd[n_whole:].tolist():
        run_s = steps_s[row:]
        if run_s.min() > 0 and run_s.max() <= run_s.min() * (1 + _EQUAL_STEPS_RATIO) / (1 - _EQUAL_STEPS_RATIO):
            return None, row
    return None, len(steps_s)
