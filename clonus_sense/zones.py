"""Time zones by name or offset, and the zone of this computer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d\d)?", re.IGNORECASE)


def find_zone(name: str) -> tzinfo | None:
    """Find a zone by its IANA name or its offset from UTC."""
    if (match := _OFFSET.fullmatch(name.strip())) is not None:
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        return timezone(offset) if abs(offset) < timedelta(hours=24) else None
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_name(zone: tzinfo | None) -> str:
    """IANA name of a zone; empty if it is only an offset."""
    return zone.key if isinstance(zone, ZoneInfo) else ""


def computer_zone() -> tzinfo:
    """Find the zone of this computer; its present offset if the system has no name for it."""
    import tzlocal  # noqa: PLC0415 - needed only for a file or a head without a zone

    try:
        # Reload the zone, because a laptop may travel while the program runs.
        return tzlocal.reload_localzone()
    except (LookupError, ValueError, OSError):
        return datetime.now(UTC).astimezone().tzinfo or UTC


def zone_with_offset(offset: timedelta, moment: datetime) -> tzinfo:
    """Choose the zone of a file that gives only an offset."""
    here = computer_zone()
    return here if moment.astimezone(here).utcoffset() == offset else timezone(offset)
