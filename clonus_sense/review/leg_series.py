"""The series of one leg's night: the longest one, and how many of them chance would make."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.model import EpisodeClass
from clonus_sense.night import (
    Series,
    Standing,
    UtcSpan,
    expect_by_chance,
    find_series,
    is_chance_worth_saying,
    place_episodes,
)
from clonus_sense.review.person_night import LegNight


@dataclass(frozen=True, slots=True)
class LegSeries:
    """The series of one leg in a night, or in the waking time where there is no rest window.

    Parameters
    ----------
    series
        In order of time.
    n_by_chance
        How many series as many movements would make by chance; ``None`` where that is less than one.
    """

    series: tuple[Series, ...]
    n_by_chance: float | None

    @property
    def longest(self) -> Series | None:
        """The one with the longest span; ``None`` if there is none."""
        return max(self.series, key=lambda one: one.span_s, default=None)


def find_leg_series(leg: LegNight) -> LegSeries:
    """Find the series of one leg.

    Parameters
    ----------
    leg
        One leg's part of a night.

    Returns
    -------
    LegSeries
        Of the movements that the headline counts, and of the brief and slow ones between them.
    """
    spans = _headline_spans(leg)
    recordings = [one.span for one in leg.recordings]
    placed = [
        one
        for one in place_episodes(recordings)
        if one.standing is Standing.WORN
        and one.episode.episode_class is not EpisodeClass.UNCERTAIN
        and any(span.holds(one.onset) for span in spans)
    ]
    measured = [span for recorded in recordings for span in (*recorded.worn(), *recorded.unconfirmed())]
    measured_s = leg.headline.coverage.worn_s
    n_by_chance = None
    if is_chance_worth_saying(len(placed), measured_s):
        mean_s = sum(one.episode.duration_s for one in placed) / len(placed)
        n_by_chance = expect_by_chance(len(placed), measured_s, mean_s)
    return LegSeries(find_series(placed, measured), n_by_chance)


def _headline_spans(leg: LegNight) -> tuple[UtcSpan, ...]:
    """Return the time that the headline is about."""
    if leg.summary.night is not None:
        return (leg.summary.night.night.span,)
    return leg.summary.part.waking
