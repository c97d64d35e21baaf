"""Timed samples into batches of gap-free stretches, by the rule by which a file of them is read."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from clonus_sense.model import LONGEST_STEP_PERIODS, FloatArray, Gap, SampleBatch, Stretch
from clonus_sense.rounding import round_as_written
from clonus_sense.sensors.clock.nouns import Clocked, LossReason, SensorGap, TimedBatch
from clonus_sense.sensors.clock.queues import Loss


class StretchCutter:
    """Rounds samples as a file holds them and cuts them where a reader of that file would.

    Parameters
    ----------
    fs_hz
        Rate that the file states; every stretch is filtered with it.
    step_g
        Step that the file states, in g; ``None`` where it states none.
    """

    def __init__(self, fs_hz: float, step_g: float | None) -> None:
        self._step_g = step_g
        self._period_s = 1 / fs_hz
        self._stretch = Stretch(number=-1, fs_hz=fs_hz)
        self._index = 0
        self._last_s = -self._period_s

    def cut(self, times_s: FloatArray, accel_g: FloatArray, loss: Loss | None) -> Clocked:
        """Take samples that follow all before.

        Parameters
        ----------
        times_s
            Seconds since the start of the recording, shape ``(n_samples,)``.
        accel_g
            Acceleration, in g, shape ``(n_samples, 3)``.
        loss
            What is missing before them.

        Returns
        -------
        Clocked
            Batches and gaps.
        """
        rounded = round_as_written(times_s, accel_g, self._step_g)
        times_s = rounded.times_s
        if self._stretch.number < 0:
            # The same rule as a reader's: a recording begins with its first sample where that lies before second 0.
            self._last_s = min(self._last_s, float(times_s[0]) - self._period_s)
        steps_s = np.diff(times_s, prepend=self._last_s)
        breaks = np.flatnonzero(steps_s > LONGEST_STEP_PERIODS * self._period_s).tolist()
        gaps = [self._gap(times_s, row, loss if row == 0 else None) for row in breaks]
        if self._stretch.number < 0 and 0 not in breaks:
            breaks.insert(0, 0)
        batches = []
        for start, end in pairwise(sorted({0, *breaks, len(times_s)})):
            if start in breaks:
                self._stretch = Stretch(number=self._stretch.number + 1, fs_hz=self._stretch.fs_hz)
                self._index = 0
            every = self._stretch.knot_every
            knots_s = times_s[start + -self._index % every : end : every].copy()
            batch = SampleBatch(self._stretch, self._index, rounded.accel_g[start:end], knots_s)
            batches.append(TimedBatch(batch, times_s[start:end]))
            self._index += end - start
        self._last_s = float(times_s[-1])
        return Clocked(tuple(batches), tuple(gaps))

    def _gap(self, times_s: FloatArray, row: int, loss: Loss | None) -> SensorGap:
        """Describe the gap before a row."""
        before_s = float(times_s[row - 1]) if row else self._last_s
        reason = LossReason.BEFORE_START if loss is None else loss.reason
        gap = Gap(before_s + self._period_s, float(times_s[row]), reason.value)
        return SensorGap(gap, None if loss is None else loss.n_lost)
