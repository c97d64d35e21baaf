"""The noun of activity: half a minute of a recording, summed up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# Half a minute: the epoch in which nights are usually scored, and short enough that a turn is placed well enough.
EPOCH_S = 30.0


class WearState(StrEnum):
    """What is known about a time; rates are per hour of the first one alone."""

    MEASURED_AND_WORN = "measured and worn"
    """Samples came, and nothing speaks against their being those of the leg."""
    WEAR_NOT_CONFIRMED = "wear not confirmed"
    """Samples came, but still to the sensor's own noise for long: a sensor on a table, or a leg as still as that."""
    NOT_MEASURED = "not measured"
    """No samples came, or the person says that the sensor was not worn: nothing is known of the leg."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """Half a minute of a recording, ``[start_s, start_s + 30)``.

    Parameters
    ----------
    start_s
        A multiple of 30 s since the start of the recording, in true seconds of the time map.
    measured_s
        How much of it was measured, 0 to 30.
    movement_g
        How much the leg moved, in g: the standard deviation of the acceleration within each second, root mean square of
        the three axes, mean over the seconds.  The sum over the axes is the same for every mounting, the posture
        (the mean of each second) drops out, and a still sensor shows the noise of one axis.  It is the activity index
        of Bai et al. 2016 (PLoS ONE 11:e0160644) with the noise left in.  ``None`` where no half second was measured.
    gravity
        Direction of the mean acceleration on the sensor's axes, a unit vector; ``None`` where there is none.
    sway_ratio
        How much more the means of neighbouring seconds differ than the noise of the half seconds within them predicts:
        1 is noise, 3 and more a slow sway such as breath.  ``None`` where it cannot be told.
    still
        Whether it moved no more than the sensor's own noise.
    state
        What is known about it.
    handling_deg
        Largest excess of the way of gravity over its turn, in degrees, of any six seconds that begin in the epoch: a
        turn in bed goes one way, a hand turns a sensor to and fro.  ``None`` where it was not measured.
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
