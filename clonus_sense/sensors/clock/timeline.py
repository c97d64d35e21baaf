"""Time of each sample in the recording: close to the host map, without jumps in a stretch, exact across a gap."""

from __future__ import annotations

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.sensors.clock.host_map import HostMap
from clonus_sense.sensors.clock.queues import Run

# The host map moves by milliseconds after an earlier arrival.  Samples follow it within about this time, slowly enough
# that a frequency measured meanwhile is off by at most half a per cent.
_FOLLOW_S = 1.0
_MOST_STRETCH_RATIO = 0.005
# Above one second of error, catching up has priority over an exact frequency.
_FAR_STRETCH_RATIO = 0.05
# The shortest loss is one sample.
_LEAST_STEP_PERIODS = 2.0


class Timeline:
    """Places runs one behind the other."""

    def __init__(self, origin_s: float) -> None:
        self._origin_s = origin_s
        self._last_device_s = 0.0
        self.last_s: float | None = None

    def place(self, run: Run, host_map: HostMap, period_device_s: float) -> FloatArray:
        """Return the time of each sample, in seconds since the start of the recording, not rounded."""
        period_s = period_device_s * host_map.slope
        target_s = host_map.seconds(run.last_device_s) - self._origin_s
        n_samples = len(run.accel_g)
        if self.last_s is not None and run.loss is None:
            step_s = self._step_s(self.last_s, target_s, n_samples, period_s, host_map.uncertainty_ratio)
            times_s: FloatArray = self.last_s + step_s * np.arange(1, n_samples + 1, dtype=np.float64)
        else:
            first_s = self._first_s(run, host_map, period_s)
            step_s = self._step_s(first_s, target_s, n_samples - 1, period_s, host_map.uncertainty_ratio)
            times_s = first_s + step_s * np.arange(n_samples, dtype=np.float64)
        self.last_s = float(times_s[-1])
        self._last_device_s = run.last_device_s
        return times_s

    def _first_s(self, run: Run, host_map: HostMap, period_s: float) -> float:
        """Time of the first sample behind a gap, or of the recording."""
        mapped_s = host_map.seconds(run.first_device_s) - self._origin_s
        if self.last_s is None or run.loss is None:
            return mapped_s
        least_s = self.last_s + _LEAST_STEP_PERIODS * period_s
        if run.loss.is_new_epoch:
            return max(mapped_s, least_s)
        # The device's own time keeps the gap exact even while the map still moves.
        return max(self.last_s + host_map.slope * (run.first_device_s - self._last_device_s), least_s)

    @staticmethod
    def _step_s(start_s: float, target_s: float, n_steps: int, period_s: float, uncertainty_ratio: float) -> float:
        """Time between two samples: the period, stretched a little towards the target."""
        if n_steps == 0:
            return period_s
        span_s = n_steps * period_s
        behind_s = target_s - start_s - span_s
        wanted = behind_s / span_s * min(1.0, span_s / _FOLLOW_S)
        most = _MOST_STRETCH_RATIO + uncertainty_ratio + _FAR_STRETCH_RATIO * min(1.0, abs(behind_s))
        return period_s * (1 + min(max(wanted, -most), most))
