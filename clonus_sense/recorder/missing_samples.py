"""Missing samples to request from the sensor, until they arrive or the sensor no longer has them."""

from __future__ import annotations

from clonus_sense.sensors.clock import SensorGap

# A sensor may queue eight requests; the youngest gaps come first, because the sensor most likely still has them.
MOST_ASKED = 8


class MissingSamples:
    """Gaps of a recording that may still be filled, oldest first, with the number of samples that each lacks."""

    def __init__(self) -> None:
        self._n_missing: dict[SensorGap, int] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no samples are left to request."""
        return not self._n_missing

    def add(self, gap: SensorGap, n_lost: int) -> None:
        """Add a gap."""
        self._n_missing[gap] = n_lost

    def fill(self, first_s: float, n_samples: int, period_s: float) -> SensorGap | None:
        """Count late samples towards their gap; returns the gap if it is now full."""
        for gap, n_missing in self._n_missing.items():
            if gap.gap.start_s - period_s <= first_s < gap.gap.end_s:
                self._n_missing[gap] = n_missing - n_samples
                if n_missing > n_samples:
                    return None
                del self._n_missing[gap]
                return gap
        return None

    def find_askable(self, boot_id: int | None) -> list[SensorGap]:
        """Return the gaps to request, the youngest first; gaps of an earlier boot are dropped."""
        self._n_missing = {gap: n for gap, n in self._n_missing.items() if gap.boot_id == boot_id}
        return list(self._n_missing)[: -MOST_ASKED - 1 : -1]

    def give_up(self, first_index: int) -> None:
        """Drop the samples from this index on, because the sensor no longer has them."""
        self._n_missing = {gap: n for gap, n in self._n_missing.items() if gap.first_lost_index != first_index}

    def clear(self) -> None:
        """Drop all gaps."""
        self._n_missing.clear()
