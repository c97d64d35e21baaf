"""The host's clock: never steps, and goes on while the computer is asleep."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostClock:
    """Two clocks that differ by the time that the computer was asleep.

    Neither follows the date: setting the clock, or daylight saving time, changes nothing.

    Parameters
    ----------
    seconds
        Goes on during sleep; all times of a recording come from it.
    awake_seconds
        Stands still during sleep.
    """

    seconds: Callable[[], float]
    awake_seconds: Callable[[], float]

    def asleep_s(self) -> float:
        """How long the computer was asleep so far, up to a constant."""
        return self.seconds() - self.awake_seconds()


def system_clock() -> HostClock:
    """Give the clock of this system."""
    if sys.platform == "win32":
        # time.monotonic() runs during sleep here; what stands still has no name in Python.
        return HostClock(time.monotonic, _windows_awake_seconds)
    # Python's monotonic clock stands still on Linux and macOS.
    kept = time.CLOCK_BOOTTIME if sys.platform == "linux" else time.CLOCK_MONOTONIC
    return HostClock(lambda: time.clock_gettime(kept), time.monotonic)


def _windows_awake_seconds() -> float:
    """Seconds since Windows was started, without sleep."""
    hundred_nanoseconds = ctypes.c_ulonglong()
    ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(hundred_nanoseconds))  # type: ignore[attr-defined,unused-ignore]
    return hundred_nanoseconds.value * 1e-7
