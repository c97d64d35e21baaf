"""A night beside the person's own last nights: a median, never a judgement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from clonus_sense.night.figures import ClassFigures, Coverage
from clonus_sense.night.summary import NightSummary

# A week has each weekday once.
N_LAST_NIGHTS = 7

# With fewer of the last 7 nights, one bad night is a large part of what is "usual".
FEWEST_NIGHTS = 5

# Older nights belong to another phase of treatment and do not show the present usual.
LONGEST_LOOK_BACK = timedelta(days=28)

# Clonus clusters, so an hour or two do not represent a night.  CPAP use is judged by 4 h a night; three quarters of the
# length excludes nights on which the sensor came off for hours.
ENOUGH_WORN_S = 4 * 3600.0
ENOUGH_WORN_RATIO = 3 / 4


class WhyNoComparison(StrEnum):
    """Why a night is not compared."""

    THIS_NIGHT_TOO_LITTLE_WORN = "this night too little worn"
    TOO_FEW_NIGHTS = "too few nights"


@dataclass(frozen=True, slots=True)
class UsualNight:
    """Medians of clonus over a person's last nights; each number has its own median.

    Parameters
    ----------
    n_episodes, total_s, longest_s
        Of a night; a night without episodes counts as 0.
    n_per_worn_hour, total_s_per_worn_hour
        Of a worn hour; use these for comparison, because nights are not worn equally long.
    """

    n_episodes: float
    total_s: float
    longest_s: float
    n_per_worn_hour: float
    total_s_per_worn_hour: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The person's usual numbers, or why they are unknown.

    Parameters
    ----------
    usual
        Medians; ``None`` for the reason in ``why_not``.
    why_not
        ``None`` if there are medians.
    dates
        Nights with enough worn time for the comparison, in order of time.
    n_too_little_worn
        Number of the last nights that were left out because too little worn time was measured.
    n_episodes_range
        Fewest and most rhythmic movements of those nights; ``None`` if there are no medians.
    """

    usual: UsualNight | None
    why_not: WhyNoComparison | None
    dates: tuple[date, ...]
    n_too_little_worn: int
    n_episodes_range: tuple[int, int] | None = None


def is_enough_worn(coverage: Coverage) -> bool:
    """Tell whether a night has enough worn time for a comparison: 4 h, and three quarters of its length.

    Examples
    --------
    >>> is_enough_worn(Coverage(worn_s=5 * 3600, not_confirmed_s=3600, not_measured_s=0))
    True
    """
    return coverage.worn_s >= ENOUGH_WORN_S and coverage.worn_ratio >= ENOUGH_WORN_RATIO


def compare_with_last_nights(this: NightSummary, others: Iterable[NightSummary]) -> Comparison:
    """Compare a night with the median of the person's last 7 nights of the same leg.

    Parameters
    ----------
    this
        The night.
    others
        Any nights, in any order.  Nights of other people or legs, later nights, the night itself, and nights of more
        than 4 weeks before are ignored.

    Returns
    -------
    Comparison
        Medians over those of the last 7 nights with enough worn time, at least 5.
    """
    last = _last_nights(this, others)
    enough = [summary for summary in last if is_enough_worn(summary.figures.coverage)]
    why_not = None
    if not is_enough_worn(this.figures.coverage):
        why_not = WhyNoComparison.THIS_NIGHT_TOO_LITTLE_WORN
    elif len(enough) < FEWEST_NIGHTS:
        why_not = WhyNoComparison.TOO_FEW_NIGHTS
    found = [clonus for summary in enough if (clonus := summary.figures.clonus)]
    counts = [clonus.n_episodes for clonus in found]
    return Comparison(
        usual=None if why_not else _usual(found),
        why_not=why_not,
        dates=tuple(summary.night.date for summary in enough),
        n_too_little_worn=len(last) - len(enough),
        n_episodes_range=None if why_not else (min(counts), max(counts)),
    )


def _last_nights(this: NightSummary, others: Iterable[NightSummary]) -> list[NightSummary]:
    """Return the 7 nights before a night, in order of time."""
    night = this.night
    before = [
        summary
        for summary in others
        if (summary.night.person, summary.night.side) == (night.person, night.side)
        and summary.night.span.start < night.span.start
        and night.date - summary.night.date <= LONGEST_LOOK_BACK
    ]
    return sorted(before, key=lambda summary: summary.night.span)[-N_LAST_NIGHTS:]


def _usual(nights: Sequence[ClassFigures]) -> UsualNight:
    """Return the median of each number."""

    def middle(number: Callable[[ClassFigures], float | None]) -> float:
        return float(median(value for night in nights if (value := number(night)) is not None))

    return UsualNight(
        n_episodes=middle(lambda night: night.n_episodes),
        total_s=middle(lambda night: night.total_s),
        longest_s=middle(lambda night: night.longest_s),
        n_per_worn_hour=middle(lambda night: night.n_per_worn_hour),
        total_s_per_worn_hour=middle(lambda night: night.total_s_per_worn_hour),
    )
