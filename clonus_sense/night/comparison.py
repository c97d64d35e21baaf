"""A night beside the person's own last nights: a median, never a judgement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from clonus_sense.night.figures import ClassFigures, Coverage
from clonus_sense.night.summary import NightSummary

# A week, so that each weekday is in it once.
N_LAST_NIGHTS = 7

# With fewer of the last 7 nights, one bad night is a large part of what is "usual".
FEWEST_NIGHTS = 5

# What lies further back is another season of treatment, not what is usual now.
LONGEST_LOOK_BACK = timedelta(days=28)

# Clonus clusters, so that an hour or two do not stand for a night.  4 h is the use of a night by which CPAP is judged,
# three quarters leaves out nights whose sensor came off for hours.
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
        Of a night; a night without any counts as 0.
    n_per_worn_hour, total_s_per_worn_hour
        Of a worn hour: the numbers to compare, as nights are not worn equally long.
    """

    n_episodes: float
    total_s: float
    longest_s: float
    n_per_worn_hour: float
    total_s_per_worn_hour: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is usual for the person, or why that is not known.

    Parameters
    ----------
    usual
        Medians; ``None`` where ``why_not`` says why.
    why_not
        ``None`` where there are medians.
    dates
        Nights well enough measured to be compared with, in order of time.
    n_too_little_worn
        Nights among the last ones that were passed over because too little of them was measured on the leg.
    n_episodes_range
        Least and most rhythmic movements of those nights; ``None`` where there are no medians.
    """

    usual: UsualNight | None
    why_not: WhyNoComparison | None
    dates: tuple[date, ...]
    n_too_little_worn: int
    n_episodes_range: tuple[int, int] | None = None


def is_enough_worn(coverage: Coverage) -> bool:
    """Say whether a night was measured well enough to be compared: 4 h on the leg, and three quarters of its length.

    Parameters
    ----------
    coverage
        How well it was measured.

    Returns
    -------
    bool
        Whether it may be compared.

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
        Any nights, in any order; those of other people and legs, later ones, the night itself, and those of more than
        4 weeks before are passed over.

    Returns
    -------
    Comparison
        Medians over those of the last 7 nights that were measured well enough, at least 5.
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
    """Take the median of each number."""

    def middle(number: Callable[[ClassFigures], float | None]) -> float:
        return float(median(value for night in nights if (value := number(night)) is not None))

    return UsualNight(
        n_episodes=middle(lambda night: night.n_episodes),
        total_s=middle(lambda night: night.total_s),
        longest_s=middle(lambda night: night.longest_s),
        n_per_worn_hour=middle(lambda night: night.n_per_worn_hour),
        total_s_per_worn_hour=middle(lambda night: night.total_s_per_worn_hour),
    )
