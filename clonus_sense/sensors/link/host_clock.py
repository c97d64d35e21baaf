"""The host's clock: it never steps and continues while the computer is asleep."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostClock:
    """Two clocks that differ by the time the computer was asleep.

    Neither follows the date: neither setting the clock nor daylight saving time changes them.

    Parameters
    ----------
    seconds
        Continues during sleep; all times of a recording come from it.
    awake_seconds
        Stops during sleep.
    """

    seconds: Callable[[], float]
    awake_seconds: Callable[[], float]

    def asleep_s(self) -> float:
        """Time that the computer was asleep so far, up to a constant."""
        return self.seconds() - self.awake_seconds()


def system_clock() -> HostClock:
    """Return the clock of this system."""
    if sys.platform == "win32":
        # time.monotonic() continues during sleep here; Python has no name for the clock that stops.
        return HostClock(time.monotonic, _windows_awake_seconds)
    # Python's monotonic clock stops during sleep on Linux and macOS.
    kept = time.CLOCK_BOOTTIME if sys.platform == "linux" else time.CLOCK_MONOTONIC
    return HostClock(lambda: time.clock_gettime(kept), time.monotonic)


def _windows_awake_seconds() -> float:
    """Seconds since the start of Windows, without sleep."""
    hundred_nanoseconds = ctypes.c_ulonglong()
    ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(hundred_nanoseconds))  # type: ignore[attr-defined,unused-ignore]
    return hundred_nanoseconds.value * 1e-7
