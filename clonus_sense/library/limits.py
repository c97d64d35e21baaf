"""What may enter the library: dates and times that every command can show."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isfinite

from clonus_sense.errors import LibraryError
from clonus_sense.showable import EARLIEST, LATEST, is_showable_date, is_showable_time


def check_dates(start: datetime | None, duration_s: float) -> None:
    """Refuse a recording that begins or ends when none can."""
    if not (is_showable_time(duration_s) and duration_s >= 0.0):
        raise LibraryError(f"It lasts {duration_s} s, which no recording can; check the times in its file.")
    if start is None:
        return
    if start.tzinfo is None:
        raise LibraryError(f"{start}: the start must say its offset from UTC, such as +09:00.")
    if not (is_showable_date(start) and is_showable_date(start + timedelta(seconds=duration_s))):
        raise LibraryError(
            f"It begins at {start.isoformat()}, but dates must lie between {EARLIEST.year} and {LATEST.year}; say when "
            "it really began."
        )


def check_time(at_s: float) -> None:
    """Refuse a time of a recording that no command can show."""
    if not is_showable_time(at_s):
        raise LibraryError(f"{at_s} s is no time of a recording; give a number of seconds within it.")


def check_number(name: str, value: float | None) -> None:
    """Refuse a number that is none or has no end; ``None`` is unknown."""
    if value is not None and not isfinite(value):
        raise LibraryError(f"{name} is {value}; it must be a number.")
