"""Timed samples into batches of gap-free stretches and the gaps between them, by the rule of the reader of a file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clonus_sense.model import FloatArray
from clonus_sense.rounding import round_as_written
from clonus_sense.sensors.clock.clocked import Clocked, LossReason, SensorGap, TimedBatch
from clonus_sense.sensors.clock.queues import Loss
from clonus_sense.stretches import CutSamples, StretchCutter


@dataclass(frozen=True, slots=True)
class Missing:
    """Samples that are missing before a sample, and where a replay of them would begin."""

    loss: Loss
    first_lost_index: int | None = None
    boot_id: int | None = None


class RunCutter:
    """Rounds samples as a file stores them, and cuts them where the reader of a file would."""

    def __init__(self, fs_hz: float, step_g: float | None) -> None:
        self._step_g = step_g
        self._stretches = StretchCutter(fs_hz)
        # Keyed by the time of the next sample, because samples may be held back for a moment.
        self._missing: dict[float, Missing] = {}

    def cut(self, times_s: FloatArray, accel_g: FloatArray, missing: Missing | None) -> Clocked:
        """Cut the next evenly spaced samples; a gap can lie only before the first of them."""
        rounded = round_as_written(times_s, accel_g, self._step_g)
        if missing is not None:
            self._missing[float(rounded.times_s[0])] = missing
        return self._clocked(self._stretches.push(rounded.times_s, rounded.accel_g))

    def finish(self) -> Clocked:
        """Return the samples that were held back."""
        return self._clocked(self._stretches.finish())

    def _clocked(self, cuts: list[CutSamples]) -> Clocked:
        """Add to each gap the loss that is known for it."""
        gaps = []
        for cut in cuts:
            missing = self._missing.pop(float(cut.times_s[0]), None)
            if cut.gap is None:
                continue
            if missing is None:
                gaps.append(SensorGap(replace(cut.gap, reason=LossReason.BEFORE_START.value)))
                continue
            gap = replace(cut.gap, reason=missing.loss.reason.value)
            gaps.append(SensorGap(gap, missing.loss.n_lost, missing.first_lost_index, missing.boot_id))
        return Clocked(tuple(TimedBatch(cut.batch, cut.times_s) for cut in cuts), tuple(gaps))
