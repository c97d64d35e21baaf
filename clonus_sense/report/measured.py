"""How often the detector is wrong, as it was measured: what every page must say beside its numbers.

The figures are those of ``docs/VALIDATION.md``, which names the command that gives them; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeasuredFalseRate:
    """False alarms of the detector, out of fold."""

    daily_life_per_8h: float
    daily_life_h: float
    night_per_8h: float
    night_h: float
    found_ratio: float
    found_in_movement_ratio: float


MEASURED = MeasuredFalseRate(
    daily_life_per_8h=0.7,
    daily_life_h=10.9,
    night_per_8h=0.02,
    night_h=2395.0,
    found_ratio=0.93,
    found_in_movement_ratio=0.62,
)
