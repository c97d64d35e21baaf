"""Timed samples into batches of gap-free stretches, by the rule by which a file of them is read."""

from __future__ import annotations

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
        self._knot_every = self._stretch.knot_every
        self._index = 0
        self._last_s = -self._period_s

    def cut(self, times_s: FloatArray, accel_g: FloatArray, loss: Loss | None) -> Clocked:
        """Take samples that follow all before, evenly spaced: only the first of them can lie behind a gap.

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
            A batch, and the gap before it.
        """
        rounded = round_as_written(times_s, accel_g, self._step_g)
        first_s = float(rounded.times_s[0])
        is_first = self._stretch.number < 0
        if is_first:
            # The same rule as a reader's: a recording begins with its first sample where that lies before second 0.
            self._last_s = min(self._last_s, first_s - self._period_s)
        gaps: tuple[SensorGap, ...] = ()
        if first_s - self._last_s > LONGEST_STEP_PERIODS * self._period_s:
            gaps = (self._gap(first_s, loss),)
        if gaps or is_first:
            self._stretch = Stretch(number=self._stretch.number + 1, fs_hz=self._stretch.fs_hz)
            self._index = 0
        return Clocked((self._batch(rounded.times_s, rounded.accel_g),), gaps)

    def _batch(self, times_s: FloatArray, accel_g: FloatArray) -> TimedBatch:
        """Put the next samples of the running stretch into a batch."""
        knot_times_s = times_s[-self._index % self._knot_every :: self._knot_every].copy()
        batch = SampleBatch(self._stretch, self._index, accel_g, knot_times_s)
        self._index += len(times_s)
        self._last_s = float(times_s[-1])
        return TimedBatch(batch, times_s)

    def _gap(self, first_s: float, loss: Loss | None) -> SensorGap:
        """Describe the gap before the next sample."""
        reason = LossReason.BEFORE_START if loss is None else loss.reason
        gap = Gap(self._last_s + self._period_s, first_s, reason.value)
        return SensorGap(gap, None if loss is None else loss.n_lost)
