"""The person's clock for the browser: an axis of milliseconds that runs on where the clocks are set forward or back."""

from __future__ import annotations

from datetime import timedelta

from clonus_sense.report.clock_labels import Clock


def origin_ms(clock: Clock) -> float | None:
    """Place the start of a clock on the axis: what it showed then, as if it were UTC; ``None`` if that is unknown."""
    if clock.start is None:
        return None
    return 1000.0 * (clock.start.timestamp() + (clock.start.utcoffset() or timedelta(0)).total_seconds())


def clock_changes(clock: Clock, length_s: float) -> list[dict[str, float]]:
    """Where the clocks are set forward or back, for the labels in the browser."""
    start_ms = origin_ms(clock) or 0.0
    return [{"at_ms": start_ms + 1000.0 * at_s, "shift_ms": 1000.0 * by_s} for at_s, by_s in clock.shifts(length_s)]
