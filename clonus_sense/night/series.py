"""Series: movements of one leg that follow each other closely, as people describe their nights.

A series is derived from the movements whenever it is read and is never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import exp, fsum

from clonus_sense.model import EpisodeClass
from clonus_sense.night.figures import PlacedEpisode, Standing
from clonus_sense.night.utc_span import UtcSpan, join, subtract

FEWEST_IN_SERIES = 4
"""Two or three movements within minutes are common by chance; people speak of a series when it goes on."""

LONGEST_PAUSE = timedelta(minutes=3)
"""People describe shakes "in intervals" for up to half an hour, with pauses of a minute or two."""

LONGEST_HOLE = timedelta(seconds=10)
"""A longer time without measurement could hide a whole movement."""

CHANCE_IS_SAID_ABOVE_PER_H = 50 / 8
"""At fewer movements an hour, chance makes less than one series in a night."""


@dataclass(frozen=True, slots=True)
class Series:
    """Four or more movements of one leg, each beginning at most 3 min after the last one ended.

    Parameters
    ----------
    movements
        The movements in order of time; none is uncertain.
    is_cut
        Whether a time of more than 10 s without measurement lies within 3 min before its start or after its end, so
        that it may have been longer.
    """

    movements: tuple[PlacedEpisode, ...]
    is_cut: bool

    @property
    def span(self) -> UtcSpan:
        """From the start of the first movement to the end of the last."""
        return UtcSpan(self.movements[0].onset, max(one.span.end for one in self.movements))

    @property
    def span_s(self) -> float:
        """Length of the span, pauses included, in seconds."""
        return self.span.length_s

    @property
    def moving_s(self) -> float:
        """Time in movement, pauses left out, in seconds."""
        return fsum(span.length_s for span in join(one.span for one in self.movements))


def find_series(placed: Iterable[PlacedEpisode], measured: Iterable[UtcSpan]) -> tuple[Series, ...]:
    """Find the series of one leg.

    Parameters
    ----------
    placed
        Movements of one leg in any order; uncertain ones and those outside the worn time are left out.
    measured
        Where the sensor delivered samples; they may overlap.  All other time is not measured.

    Returns
    -------
    tuple of Series
        In order of time; no movement is in two of them.
    """
    counted = sorted(
        (
            one
            for one in placed
            if one.standing is Standing.WORN and one.episode.episode_class is not EpisodeClass.UNCERTAIN
        ),
        key=lambda one: (one.span, one.recording_at, one.episode_at),
    )
    if not counted:
        return ()
    ends = [one.span.end for one in counted]
    reach = UtcSpan(counted[0].onset - LONGEST_PAUSE - 2 * LONGEST_HOLE, max(ends) + LONGEST_PAUSE + 2 * LONGEST_HOLE)
    holes = [hole for hole in subtract([reach], measured) if hole.length > LONGEST_HOLE]
    groups = _group(counted, holes)
    return tuple(Series(group, _is_cut(group, holes)) for group in groups if len(group) >= FEWEST_IN_SERIES)


def expect_by_chance(n_movements: int, measured_s: float, mean_duration_s: float) -> float:
    """Count the series that movements placed by chance would make.

    Movements that start independently of each other at a constant rate leave pauses of exponential length.  With
    ``p = 1 - exp(-n (w + d) / T)``, the chance that the next one starts within the pause ``w`` of 3 min after the end
    of a movement of length ``d``, each of the ``n`` movements begins a series when the one before it is farther away
    (``1 - p``) and three follow (``p ** 3``): ``n (1 - p) p ** 3``.

    Parameters
    ----------
    n_movements
        How many movements there were.
    measured_s
        Time in which they could have been seen, in seconds.
    mean_duration_s
        Their mean length, in seconds.

    Returns
    -------
    float
        Expected number of series; 0 where nothing was measured.

    Notes
    -----
    ``tests/night/test_series.py`` checks the formula against simulated nights of 8 h, in which movements of 5 s are
    placed uniformly: 13, 40 and 80 of them make 0.004, 0.32 and 3.0 series a night.  The formula gives a little more,
    because it leaves out the ends of the night and lets the number of movements vary.

    Examples
    --------
    >>> [round(expect_by_chance(n, 8 * 3600, 5.0), 2) for n in (13, 40, 80)]
    [0.01, 0.36, 3.1]
    """
    if measured_s <= 0:
        return 0.0
    follows = 1 - exp(-n_movements * (LONGEST_PAUSE.total_seconds() + mean_duration_s) / measured_s)
    return n_movements * (1 - follows) * follows ** (FEWEST_IN_SERIES - 1)


def is_chance_worth_saying(n_movements: int, measured_s: float) -> bool:
    """Tell whether movements are so frequent, above 50 in 8 h, that chance alone makes series of them."""
    return n_movements * 3600 > CHANCE_IS_SAID_ABOVE_PER_H * measured_s > 0


def _group(counted: Sequence[PlacedEpisode], holes: Sequence[UtcSpan]) -> list[tuple[PlacedEpisode, ...]]:
    """Divide movements where a pause is too long or holds time that was not measured."""
    groups: list[list[PlacedEpisode]] = []
    end = counted[0].span.end
    for one in counted:
        pause = UtcSpan(end, max(end, one.onset))
        if not groups or pause.length > LONGEST_PAUSE or any(hole.overlaps(pause) for hole in holes):
            groups.append([])
        groups[-1].append(one)
        end = max(end, one.span.end)
    return [tuple(group) for group in groups]


def _is_cut(group: Sequence[PlacedEpisode], holes: Sequence[UtcSpan]) -> bool:
    """Tell whether more movements may have been missed just before or after."""
    start, end = group[0].onset, max(one.span.end for one in group)
    sides = (UtcSpan(start - LONGEST_PAUSE, start), UtcSpan(end, end + LONGEST_PAUSE))
    return any(hole.overlaps(side) for hole in holes for side in sides)
