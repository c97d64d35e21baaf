"""Samples that a sensor may still have: what to ask it for, until they come or it has forgotten them."""

from __future__ import annotations

from clonus_sense.sensors.clock import SensorGap

# A sensor may keep eight requests; the youngest gaps are asked for first, because they are the surest.
MOST_ASKED = 8


class MissingSamples:
    """Keeps the gaps of a recording that may still be filled, the oldest first, and how many samples each lacks."""

    def __init__(self) -> None:
        self._n_missing: dict[SensorGap, int] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask for."""
        return not self._n_missing

    def add(self, gap: SensorGap, n_lost: int) -> None:
        """Take note of samples that are missing."""
        self._n_missing[gap] = n_lost

    def fill(self, first_s: float, n_samples: int, period_s: float) -> SensorGap | None:
        """Count late samples against the gap that they lie in; gives the gap where it is full now."""
        for gap, n_missing in self._n_missing.items():
            if gap.gap.start_s - period_s <= first_s < gap.gap.end_s:
                self._n_missing[gap] = n_missing - n_samples
                if n_missing > n_samples:
                    return None
                del self._n_missing[gap]
                return gap
        return None

    def find_askable(self, boot_id: int | None) -> list[SensorGap]:
        """Find the gaps to ask for, the youngest first; those of an earlier boot are given up."""
        self._n_missing = {gap: n for gap, n in self._n_missing.items() if gap.boot_id == boot_id}
        return list(self._n_missing)[: -MOST_ASKED - 1 : -1]

    def give_up(self, first_index: int) -> None:
        """Give up the samples from this index on: the sensor has forgotten them."""
        self._n_missing = {gap: n for gap, n in self._n_missing.items() if gap.first_lost_index != first_index}

    def clear(self) -> None:
        """Give up everything."""
        self._n_missing.clear()
