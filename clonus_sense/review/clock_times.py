"""Clock times of people, converted to moments of a night and back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from clonus_sense.errors import NightError
from clonus_sense.night import UtcSpan
from clonus_sense.review.person_night import PersonNight
from clonus_sense.showable import is_showable_date


def find_moment(night: PersonNight, text: str) -> datetime:
    """Convert a clock time to a moment of a night.

    Parameters
    ----------
    night
        Night that gives clock and dates.
    text
        ``HH:MM`` or ``HH:MM:SS`` by the clock of the night, or date and time in ISO 8601.

    Returns
    -------
    datetime
        In UTC, in the night or as near to it as possible.

    Raises
    ------
    NightError
        If the text is no time, or the night has this time twice because the clocks changed.
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
    """Convert two clock times of a night to a time span.

    Parameters
    ----------
    night
        Night that gives clock and dates.
    start, end
        As for :func:`find_moment`.

    Raises
    ------
    NightError
        If a text is no time, or the end is not after the start.
    """
    first, last = find_moment(night, start), find_moment(night, end)
    if not first < last:
        raise NightError(
            f"In the night {night.name}, {end} is not after {start}; give the earlier time first, or add dates."
        )
    return UtcSpan(first, last)


def clock_text(night: PersonNight, moment: datetime) -> str:
    """Write a moment of a night in the shortest form that :func:`find_moment` reads back.

    Parameters
    ----------
    night
        Night that gives the clock.
    moment
        Aware time; written to a tenth of a second.

    Returns
    -------
    str
        ``HH:MM``, with seconds if they are not 0; with date and offset in an hour that the night has twice.
    """
    local = moment.astimezone(night.zone)
    for text in (f"{local:%H:%M}", f"{local:%H:%M:%S}", f"{local:%H:%M:%S.%f}"[:-5]):
        try:
            if find_moment(night, text) == moment:
                return text
        except NightError:
            # The night has this time twice.
            break
    return local.isoformat()


def typed_text(night: PersonNight, moment: datetime, typed: str) -> str:
    """Write a moment in the form in which a person typed it.

    Parameters
    ----------
    night
        Night that gives the clock if the person typed no offset.
    typed
        Text of the person; see :func:`find_moment`.

    Returns
    -------
    str
        With date, or with date and offset, if the typed text has them.
    """
    try:
        written = datetime.fromisoformat(typed)
    except ValueError:
        return clock_text(night, moment)
    local = moment.astimezone(written.tzinfo or night.zone)
    return (local if written.tzinfo else local.replace(tzinfo=None)).isoformat()


def _as_written(night: PersonNight, moment: datetime) -> datetime:
    """Return a full date and time in UTC; without an offset, by the clock of the night."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=night.zone)
    if not is_showable_date(aware):
        raise NightError(f"{moment} is far from the night {night.name}; write a time of the night, such as 02:10.")
    return aware.astimezone(UTC)


def _distance(span: UtcSpan, moment: datetime) -> timedelta:
    """Return the distance of a moment from a span; zero inside."""
    return max(span.start - moment, moment - span.end, timedelta(0))
