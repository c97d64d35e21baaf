"""Suggests settings from the baseline nights of a person; a person decides whether to use them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from clonus_sense.activity.rest_window import REST_MOVEMENT_G
from clonus_sense.config import BAND_HIGH_HZ_RANGE, BAND_LOW_HZ_RANGE, FLOOR_G_RANGE, DetectionSettings
from clonus_sense.library import Verdict
from clonus_sense.model import ConfidenceLevel, Episode, EpisodeClass
from clonus_sense.night import Standing, place_episodes
from clonus_sense.review.person_night import LegNight, PersonNight

# Fewer movements do not show the range of a rhythm.
FEWEST_MOVEMENTS = 5
# The frequency depends on the load on the foot: in one study 3.8 to 5.8 Hz (Hidler and Rymer), 1 Hz to either side.
MARGIN_HZ = 1.0
# The default floor of 10 mg is over three times the 3 mg noise of a usual sensor; a floor measured in few minutes of
# rest is a little higher.
FLOOR_PER_NOISE = 4.0
# Ten minutes of rest in half minutes: longer than a pause between two turns.
FEWEST_QUIET_EPOCHS = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Result of some baseline nights.

    Parameters
    ----------
    n_movements
        Movements confirmed by a person, and rhythmic ones of high confidence that nobody contradicted.
    lowest_hz, highest_hz
        Range of their frequencies; ``None`` if there are too few.
    quiet_g
        Noise of a resting leg on one axis, in g; ``None`` with too little rest.
    """

    n_nights: int
    n_movements: int
    lowest_hz: float | None
    highest_hz: float | None
    quiet_g: float | None

    def apply_to(self, settings: DetectionSettings) -> DetectionSettings:
        """Replace the settings for which the nights have enough data, within the allowed range.

        Examples
        --------
        >>> Suggestion(1, 9, 5.13, 6.42, 0.0021).apply_to(DetectionSettings()).floor_g
        0.009
        """
        if self.lowest_hz is not None and self.highest_hz is not None:
            settings = replace(
                settings,
                band_low_hz=_within(math.floor(10 * (self.lowest_hz - MARGIN_HZ)) / 10, BAND_LOW_HZ_RANGE),
                band_high_hz=_within(math.ceil(10 * (self.highest_hz + MARGIN_HZ)) / 10, BAND_HIGH_HZ_RANGE),
            )
        if self.quiet_g is not None:
            floor_g = math.ceil(1000 * FLOOR_PER_NOISE * self.quiet_g) / 1000
            settings = replace(settings, floor_g=_within(floor_g, FLOOR_G_RANGE))
        return settings


def suggest_settings(nights: Sequence[PersonNight]) -> Suggestion:
    """Derive settings from the baseline nights of a person.

    Parameters
    ----------
    nights
        Nights of one person; legs without a baseline mark are skipped.

    Returns
    -------
    Suggestion
        Band from the frequencies of the certain movements; floor from the noise at rest, of the noisier leg, because
        both legs share the settings.
    """
    legs = [leg for night in nights for leg in night.legs if leg.is_baseline]
    frequencies_hz = [episode.frequency_hz for leg in legs for episode in _sure_ones(leg)]
    is_enough = len(frequencies_hz) >= FEWEST_MOVEMENTS
    return Suggestion(
        n_nights=sum(night.is_baseline for night in nights),
        n_movements=len(frequencies_hz),
        lowest_hz=min(frequencies_hz) if is_enough else None,
        highest_hz=max(frequencies_hz) if is_enough else None,
        quiet_g=max((quiet_g for leg in legs if (quiet_g := _quiet_g(leg)) is not None), default=None),
    )


def _sure_ones(leg: LegNight) -> list[Episode]:
    """Select the certain movements on a leg: those that a person called rhythmic, else those of high confidence."""
    sure = []
    for placed in place_episodes([recording.span for recording in leg.recordings]):
        if placed.standing is not Standing.WORN or not leg.summary.part.span.holds(placed.onset):
            continue
        episode = placed.episode
        said = {word.verdict for word in leg.recordings[placed.recording_at].words_about(episode)}
        is_sure = episode.episode_class is EpisodeClass.CLONUS and episode.confidence_level is ConfidenceLevel.HIGH
        if said <= {Verdict.RHYTHMIC, Verdict.JUDGED_AS_CLONUS} and (said or is_sure):
            sure.append(episode)
    return sure


def _quiet_g(leg: LegNight) -> float | None:
    """Measure the noise of a leg at rest, in g; ``None`` with too little rest or without a rest window."""
    if leg.summary.night is None:
        return None
    rest = leg.summary.night.night.span
    quiet = [
        epoch.movement_g
        for recording in leg.recordings
        for epoch in recording.epochs
        if epoch.is_worn
        and epoch.movement_g is not None
        and epoch.movement_g <= REST_MOVEMENT_G
        and rest.holds(recording.moment(epoch.start_s))
    ]
    return median(quiet) if len(quiet) >= FEWEST_QUIET_EPOCHS else None


def _within(value: float, limits: tuple[float, float]) -> float:
    """Clip a value to its allowed range."""
    return min(max(value, limits[0]), limits[1])
