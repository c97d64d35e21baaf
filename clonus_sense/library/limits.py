"""Limits of dates, times and numbers in the library: every command must be able to show them."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isfinite

from clonus_sense.errors import LibraryError
from clonus_sense.showable import EARLIEST, LATEST, is_showable_date, is_showable_time


def check_dates(start: datetime | None, duration_s: float) -> None:
    """Refuse a start without offset or outside the accepted years, and an impossible duration."""
    if not (is_showable_time(duration_s) and duration_s >= 0.0):
        raise LibraryError(f"The recording lasts {duration_s} s, which is impossible; check the times in its file.")
    if start is None:
        return
    if start.tzinfo is None:
        raise LibraryError(f"{start}: the start must say its offset from UTC, such as +09:00.")
    if not (is_showable_date(start) and is_showable_date(start + timedelta(seconds=duration_s))):
        raise LibraryError(
            f"The recording begins at {start.isoformat()}, but dates must lie between {EARLIEST.year} and "
            f"{LATEST.year}; state the right start."
        )


def check_time(at_s: float) -> None:
    """Refuse a time (seconds since the start) that no command can show."""
    if not is_showable_time(at_s):
        raise LibraryError(f"{at_s} s is no time of a recording; give seconds since its start.")


def check_number(name: str, value: float | None) -> None:
    """Refuse NaN and infinity; ``None`` means unknown."""
    if value is not None and not isfinite(value):
        raise LibraryError(f"{name} is {value}; it must be a finite number.")
