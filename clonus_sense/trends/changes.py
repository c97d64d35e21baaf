"""From which night on something about the measurement differs: placement, orthosis, settings, version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Change:
    """Something that differs from the night before.

    Parameters
    ----------
    date
        Date of the first night with the new value.
    name
        What changed.
    before, after
        Its values.
    """

    date: date
    name: str
    before: str
    after: str


def find_changes(nights: Iterable[tuple[date, Mapping[str, str]]]) -> tuple[Change, ...]:
    """Find the nights on which a value differs from the last known one.

    Parameters
    ----------
    nights
        Date and values of each night, in order of time.  A name that a night lacks keeps its last value.

    Returns
    -------
    tuple of Change
        In order of time, then of names.

    Examples
    --------
    >>> first, second = date(2026, 11, 5), date(2026, 11, 6)
    >>> find_changes([(first, {"site": "foot"}), (second, {"site": "ankle"})])
    (Change(date=datetime.date(2026, 11, 6), name='site', before='foot', after='ankle'),)
    """
    known: dict[str, str] = {}
    changes = []
    for day, values in nights:
        for name, value in values.items():
            if name in known and known[name] != value:
                changes.append(Change(day, name, known[name], value))
            known[name] = value
    return tuple(changes)
