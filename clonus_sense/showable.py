"""What every command can show: the dates and times that may enter, checked once, where they enter."""

from __future__ import annotations

from datetime import UTC, datetime

# Before it no such sensor was worn; a clock that was never set says 1970 and would be taken for a date.
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
# Calendars end in the year 9999, and a zone or the end of a long recording must not lead beyond.
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

MOST_SECONDS_S = 1e8
"""Three years, longer than any recording; at an offset of more no calendar is safe."""


def is_showable_date(moment: datetime) -> bool:
    """Whether a recording may begin or end at this aware moment."""
    try:
        return EARLIEST <= moment < LATEST
    except OverflowError:
        # Year 1 or 9999, with an offset that leads out of the calendar.
        return False


def is_showable_time(at_s: float) -> bool:
    """Whether something may be said about this time of a recording, in seconds since its start."""
    return abs(at_s) <= MOST_SECONDS_S
