"""A time by the clock, as a person says it, found in a night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from clonus_sense.errors import NightError
from clonus_sense.night import UtcSpan
from clonus_sense.review.person_night import PersonNight
from clonus_sense.showable import is_showable_date


def find_moment(night: PersonNight, text: str) -> datetime:
    """Find the moment of a night that a clock time means.

    Parameters
    ----------
    night
        Whose clock and dates hold.
    text
        ``HH:MM`` or ``HH:MM:SS`` by the clock of the night, or a date and time in ISO 8601.

    Returns
    -------
    datetime
        In UTC; in the night, or as near to it as this time of day comes.

    Raises
    ------
    NightError
        If it is no time, or the night has it twice because the clocks changed.
    """
    try:
        return _as_written(night, datetime.fromisoformat(text))
    except ValueError:
        pass
    try:
        clock = time.fromisoformat(text)
    except ValueError as error:
        raise NightError(f"`{text}` is no time; write HH:MM or HH:MM:SS, such as 02:10.") from error
    first = night.span.start.astimezone(night.zone).date()
    moments = {
        datetime.combine(first + timedelta(days=days), clock, night.zone).replace(fold=fold).astimezone(UTC)
        for days in range(-1, night.span.length.days + 3)
        for fold in (0, 1)
    }
    nearest = min(_distance(night.span, moment) for moment in moments)
    found = sorted(moment for moment in moments if _distance(night.span, moment) == nearest)
    if len(found) > 1:
        written = " or ".join(f"{moment.astimezone(night.zone):%Y-%m-%dT%H:%M%z}" for moment in found)
        raise NightError(f"The night {night.name} has {text} more than once; write {written}.")
    return found[0]


def find_span(night: PersonNight, start: str, end: str) -> UtcSpan:
    """Find the time between two clock times of a night.

    Parameters
    ----------
    night
        Whose clock and dates hold.
    start, end
        As for :func:`find_moment`.

    Returns
    -------
    UtcSpan
        From the one to the other.

    Raises
    ------
    NightError
        If one is no time, or the end does not come after the start.
    """
    first, last = find_moment(night, start), find_moment(night, end)
    if not first < last:
        raise NightError(
            f"In the night {night.name}, {end} does not come after {start}; give the earlier time first, or dates too."
        )
    return UtcSpan(first, last)


def clock_text(night: PersonNight, moment: datetime) -> str:
    """Write a moment of a night so that :func:`find_moment` finds it again, as shortly as that can be done.

    Parameters
    ----------
    night
        Whose clock holds.
    moment
        Aware; to a tenth of a second.

    Returns
    -------
    str
        ``HH:MM``, with seconds where there are any; with date and offset in an hour that the night has twice.
    """
    local = moment.astimezone(night.zone)
    for text in (f"{local:%H:%M}", f"{local:%H:%M:%S}", f"{local:%H:%M:%S.%f}"[:-5]):
        try:
            if find_moment(night, text) == moment:
                return text
        except NightError:
            # Twice in this night.
            break
    return local.isoformat()


def typed_text(night: PersonNight, moment: datetime, typed: str) -> str:
    """Write a moment by the clock by which a person typed it.

    Parameters
    ----------
    night
        Whose clock holds where the person named no other.
    moment
        What to write.
    typed
        What the person wrote, see :func:`find_moment`.

    Returns
    -------
    str
        With date, or with date and offset, where what was typed has them.
    """
    try:
        written = datetime.fromisoformat(typed)
    except ValueError:
        return clock_text(night, moment)
    local = moment.astimezone(written.tzinfo or night.zone)
    return (local if written.tzinfo else local.replace(tzinfo=None)).isoformat()


def _as_written(night: PersonNight, moment: datetime) -> datetime:
    """Take a date and time as it stands; without an offset, by the clock of the night."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=night.zone)
    if not is_showable_date(aware):
        raise NightError(f"{moment} is far from the night {night.name}; write a time of the night, such as 02:10.")
    return aware.astimezone(UTC)


def _distance(span: UtcSpan, moment: datetime) -> timedelta:
    """How far a moment lies from a span; nothing inside."""
    return max(span.start - moment, moment - span.end, timedelta(0))
