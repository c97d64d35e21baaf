"""The last nights of a leg in a few numbers: last night, 7, 30 and 90 nights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum

from clonus_sense.trends.night_row import NightRow
from clonus_sense.trends.quartiles import Quartiles, find_quartiles

WINDOWS = (1, 7, 30, 90)
"""Lengths of the windows in nights: last night, a week, a month, and the time between two injections."""


@dataclass(frozen=True, slots=True)
class TrendSummary:
    """Some nights of one leg in numbers.

    Parameters
    ----------
    n_nights
        Number of nights of the time, recorded or not.
    n_recorded
        Nights with time measured on the leg; totals, the longest and the worn time are over these.
    n_half_worn
        Nights with half of their length worn or more; quartiles are over these.
    n_movements
        Quartiles of the number of rhythmic movements a night; ``None`` without such a night.
    n_per_worn_hour
        The same for each worn hour.
    n_total
        Number of all rhythmic movements.
    total_s, longest_s
        Sum and maximum of their lengths; 0 if there are none.
    worn_s
        Time measured on the leg.
    n_in_doubt
        Movements of any class in time in which wear is not confirmed; they are in no other number.
    n_nights_in_doubt
        Nights with such movements.
    """

    n_nights: int
    n_recorded: int
    n_half_worn: int
    n_movements: Quartiles | None
    n_per_worn_hour: Quartiles | None
    n_total: int
    total_s: float
    longest_s: float
    worn_s: float
    n_in_doubt: int
    n_nights_in_doubt: int


@dataclass(frozen=True, slots=True)
class NightsWindow:
    """The last nights up to a date.

    Parameters
    ----------
    length
        Number of dates.
    summary
        Their numbers.
    """

    length: int
    summary: TrendSummary


def summarise_nights(rows: Sequence[NightRow], first: date, last: date) -> TrendSummary:
    """Summarise the nights of one leg between two dates.

    Parameters
    ----------
    rows
        Nights of one leg; those outside the dates are left out.
    first, last
        Dates of evenings, both included.
    """
    inside = [row for row in rows if first <= row.date <= last]
    recorded = [row for row in inside if row.figures.clonus is not None]
    half_worn = [row for row in recorded if row.is_half_worn]
    found = [row.figures.clonus for row in recorded if row.figures.clonus is not None]
    doubts = [n for row in inside if (n := row.figures.n_not_confirmed)]
    return TrendSummary(
        n_nights=_count_nights(inside, first, last),
        n_recorded=len(recorded),
        n_half_worn=len(half_worn),
        n_movements=find_quartiles(n for row in half_worn if (n := row.n_movements) is not None),
        n_per_worn_hour=find_quartiles(rate for row in half_worn if (rate := row.n_per_worn_hour) is not None),
        n_total=sum(clonus.n_episodes for clonus in found),
        total_s=fsum(clonus.total_s for clonus in found),
        longest_s=max((clonus.longest_s for clonus in found), default=0.0),
        worn_s=fsum(row.figures.coverage.worn_s for row in recorded),
        n_in_doubt=sum(doubts),
        n_nights_in_doubt=len(doubts),
    )


def last_windows(rows: Sequence[NightRow], first: date, last: date) -> tuple[NightsWindow, ...]:
    """Summarise the last 1, 7, 30 and 90 nights, as far as the dates reach back.

    Parameters
    ----------
    rows
        Nights of one leg.
    first, last
        Dates of the first and the last evening that the nights are about.
    """
    n_dates = (last - first).days + 1
    return tuple(
        NightsWindow(length, summarise_nights(rows, last - timedelta(days=length - 1), last))
        for length in WINDOWS
        if length <= n_dates
    )


def _count_nights(rows: Sequence[NightRow], first: date, last: date) -> int:
    """Count the nights of a time: one a date, and each further one of a date that has several."""
    n_dates = (last - first).days + 1
    return n_dates + len(rows) - len({row.date for row in rows})
