"""When the rhythmic movements of a night were, and how much of each hour was worn: the input of trends over nights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from clonus_sense.model import EpisodeClass
from clonus_sense.night.figures import PlacedEpisode, Standing
from clonus_sense.night.summary import NightSummary


@dataclass(frozen=True, slots=True)
class MovementTime:
    """A rhythmic movement that a night counts.

    Parameters
    ----------
    onset
        Its start, in UTC.
    duration_s
        Its length.
    """

    onset: datetime
    duration_s: float


@dataclass(frozen=True, slots=True)
class WornHour:
    """The part of a night within one hour of the clock.

    Parameters
    ----------
    start
        Its first moment, in UTC; the hour of the clock is that of the person's zone.
    worn_s
        Time measured on the leg.
    n_movements
        Rhythmic movements that began in it and count.
    """

    start: datetime
    worn_s: float
    n_movements: int


def movement_times(night: NightSummary, placed: Iterable[PlacedEpisode]) -> tuple[MovementTime, ...]:
    """Select the rhythmic movements that the numbers of a night count.

    Parameters
    ----------
    placed
        Episodes of the night's leg, from :func:`place_episodes`.

    Returns
    -------
    tuple of MovementTime
        In order of time; as many as ``night.figures.clonus.n_episodes``.
    """
    counted = [
        one
        for one in placed
        if one.standing is Standing.WORN
        and one.episode.episode_class is EpisodeClass.CLONUS
        and night.night.span.holds(one.onset)
    ]
    return tuple(
        MovementTime(one.onset.astimezone(UTC), one.episode.duration_s)
        for one in sorted(counted, key=lambda one: one.onset)
    )


def worn_hours(night: NightSummary) -> tuple[WornHour, ...]:
    """Take worn time and rhythmic movements of each hour of a night, in order of time."""
    return tuple(
        WornHour(
            hour.start.astimezone(UTC),
            hour.figures.coverage.worn_s,
            hour.figures.clonus.n_episodes if hour.figures.clonus else 0,
        )
        for hour in night.hours
    )
