"""Dates and times that every command can show; checked once, on input."""

from __future__ import annotations

from datetime import UTC, datetime

# No such sensor existed before; a clock that was never set shows 1970.
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
# Calendars end in the year 9999; zones and long recordings must stay within.
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

MOST_SECONDS_S = 1e8
"""Three years, longer than any recording; larger offsets may leave the calendar."""


def is_showable_date(moment: datetime) -> bool:
    """Whether a recording may begin or end at this timezone-aware date and time."""
    try:
        return EARLIEST <= moment < LATEST
    except OverflowError:
        # Year 1 or 9999, with an offset that leaves the calendar.
        return False


def is_showable_time(at_s: float) -> bool:
    """Whether this time of a recording, in seconds since its start, can be shown."""
    return abs(at_s) <= MOST_SECONDS_S
