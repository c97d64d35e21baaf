"""One leg's night among many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

from clonus_sense.night import Coverage, Figures, MovementTime, UtcSpan, WornHour

# Below half worn, the numbers say more about the wearing than about the leg.
HALF_WORN = 0.5


def night_length_s(night: Coverage, whole: Coverage) -> float:
    """Return the length of a night against which its worn time is measured, in seconds.

    Doubt about wear ends the estimated rest window, so time in doubt around it counts as part of the night.

    Parameters
    ----------
    night
        Coverage of the rest window.
    whole
        Coverage of the whole recorded time.

    Examples
    --------
    >>> night_length_s(Coverage(7200, 0, 0), Coverage(9000, 18000, 0))
    25200.0
    """
    return night.length_s + max(0.0, whole.not_confirmed_s - night.not_confirmed_s)


@dataclass(frozen=True, slots=True)
class NightRow:
    """One leg's night in numbers.

    Parameters
    ----------
    name
        Name of the night, such as ``2026-11-05``.
    date
        Date of its evening.
    zone
        Time zone of the person in this night.
    rest
        The rest window; all numbers are about it.
    figures
        Its numbers.
    length_s
        From :func:`night_length_s`.
    movements, hours
        Rhythmic movements and worn hours, in order of time.
    n_shown, n_reviewed
        Number of movements of any class on the night's page, and of those with a verdict of a person.
    """

    name: str
    date: date
    zone: tzinfo
    rest: UtcSpan
    figures: Figures
    length_s: float
    movements: tuple[MovementTime, ...]
    hours: tuple[WornHour, ...]
    n_shown: int
    n_reviewed: int

    @property
    def worn_ratio(self) -> float:
        """Worn share of the night, 0 to 1."""
        return self.figures.coverage.worn_s / self.length_s if self.length_s else 0.0

    @property
    def is_half_worn(self) -> bool:
        """Whether half of the night or more was worn; other nights are in no median."""
        return self.figures.clonus is not None and self.worn_ratio >= HALF_WORN

    @property
    def n_movements(self) -> int | None:
        """Number of rhythmic movements; ``None`` if nothing was measured on the leg."""
        return self.figures.clonus.n_episodes if self.figures.clonus else None

    @property
    def n_per_worn_hour(self) -> float | None:
        """Rhythmic movements for each worn hour; ``None`` below 10 min of worn time."""
        return self.figures.clonus.n_per_worn_hour if self.figures.clonus else None
