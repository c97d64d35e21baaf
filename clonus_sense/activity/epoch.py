"""An activity epoch: the summary of half a minute of a recording."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# The usual epoch for scoring nights, and short enough to place a turn precisely.
EPOCH_S = 30.0


class WearState(StrEnum):
    """State of a time; rates are per hour of the first state only."""

    MEASURED_AND_WORN = "measured and worn"
    """Samples came, and there is no sign that the sensor was off the leg."""
    WEAR_NOT_CONFIRMED = "wear not confirmed"
    """Samples came, but showed only the sensor's noise for long: a sensor on a table, or a very still leg."""
    NOT_MEASURED = "not measured"
    """No samples came, or the person says that the sensor was not worn: the leg's movement is unknown."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """Half a minute of a recording, ``[start_s, start_s + 30)``.

    Parameters
    ----------
    start_s
        A multiple of 30 s since the start of the recording, in true seconds of the time map.
    measured_s
        Measured time, 0 to 30.
    movement_g
        Movement of the leg, in g: the standard deviation of the acceleration within each second, root mean square of
        the three axes, mean over the seconds.  The sum over the axes does not depend on the mounting, the posture
        (the mean of each second) cancels, and a still sensor shows the noise of one axis.  It is the activity index of
        Bai et al. 2016 (PLoS ONE 11:e0160644) without noise removal.  ``None`` if no half second was measured.
    gravity
        Direction of the mean acceleration on the sensor's axes, a unit vector; ``None`` if there is none.
    sway_ratio
        Variance between the means of neighbouring seconds, relative to the prediction from the noise of half seconds: 1
        is noise, 3 and more a slow sway such as breath.  ``None`` if unknown.
    still
        Whether the movement is within the sensor's noise.
    state
        Whether it was measured and worn.
    handling_deg
        Largest excess of the path of gravity over its turn, in degrees, of any six seconds that begin in the epoch: a
        turn in bed goes one way, a hand turns a sensor to and fro.  ``None`` if it was not measured.
    """

    start_s: float
    measured_s: float
    movement_g: float | None
    gravity: tuple[float, float, float] | None
    sway_ratio: float | None
    still: bool
    state: WearState
    handling_deg: float | None = None

    @property
    def end_s(self) -> float:
        """Where the next epoch starts, in seconds since the start of the recording."""
        return self.start_s + EPOCH_S

    @property
    def is_worn(self) -> bool:
        """Whether it counts as worn time."""
        return self.state is WearState.MEASURED_AND_WORN
