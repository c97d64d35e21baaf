"""The hours of the clock over many nights: in which of them the movements were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from clonus_sense.trends.night_row import NightRow
from clonus_sense.trends.quartiles import Quartiles, find_quartiles

# Half of an hour: over less time a rate of this hour mostly reflects chance.
FEWEST_WORN_S = 1800.0
# A night crosses midnight: hours are told from noon to noon.
NOON = 12
_HOURS = 24


@dataclass(frozen=True, slots=True)
class HourTrend:
    """One hour of the clock over many nights.

    Parameters
    ----------
    hour
        0 to 23, by the person's clock.
    n_per_worn_hour
        Quartiles of the rhythmic movements per worn hour; their ``n`` is the number of nights.
    """

    hour: int
    n_per_worn_hour: Quartiles


def summarise_hours(rows: Iterable[NightRow]) -> tuple[HourTrend, ...]:
    """Summarise each hour of the clock over the nights in which half of it or more was worn.

    An hour that the clocks repeat in autumn counts once, with its time of both.

    Parameters
    ----------
    rows
        Nights of one leg.

    Returns
    -------
    tuple of HourTrend
        From noon to noon; an hour without any such night is left out.
    """
    rates_of: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        for hour, (worn_s, n_movements) in hours_of_night(row).items():
            if worn_s >= FEWEST_WORN_S:
                rates_of[hour].append(n_movements / (worn_s / 3600))
    found = {hour: find_quartiles(rates) for hour, rates in rates_of.items()}
    return tuple(
        HourTrend(hour, quartiles) for hour in sorted(found, key=since_noon) if (quartiles := found[hour]) is not None
    )


def hours_of_night(row: NightRow) -> dict[int, tuple[float, int]]:
    """Add up worn seconds and rhythmic movements of a night by the hour of the person's clock."""
    sums: dict[int, tuple[float, int]] = {}
    for part in row.hours:
        hour = part.start.astimezone(row.zone).hour
        worn_s, n_movements = sums.get(hour, (0.0, 0))
        sums[hour] = (worn_s + part.worn_s, n_movements + part.n_movements)
    return sums


def since_noon(hour: float) -> float:
    """Place an hour of the clock between noon and noon.

    Examples
    --------
    >>> since_noon(22), since_noon(2.5)
    (10, 14.5)
    """
    return (hour - NOON) % _HOURS
