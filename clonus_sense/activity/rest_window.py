"""Rest windows (estimated): long times with little activity.  It is not sleep, and nobody measured a bed.

The way is that of van Hees et al. 2018 (Sci Rep 8:12975, "HDCZA"): a rolling median over 5 min hides turns, kicks and
short episodes; blocks of 30 min and more are joined over breaks of less than an hour.
Theirs looks at the angle of a wrist alone, and its limit follows from a whole day.  A leg that walks steadily keeps
its mean angle, and a night alone holds no day: here movement is looked at as well, and the limits are fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from clonus_sense.activity.epoch import EPOCH_S, Epoch, WearState
from clonus_sense.activity.posture import measure_angles_deg

# 5 min and a half: an odd number of epochs has a middle.
MEDIAN_EPOCHS = 11

# A worn sensor at rest shows its noise and little more, 5 mg at most; a leg in a walking or working person 50 mg and
# more, most of the time.
REST_MOVEMENT_G = 0.015

# A posture that goes on changing by so much from epoch to epoch is none (van Hees 2015, PLoS ONE 10:e0142533: 5 deg).
REST_ANGLE_DEG = 5.0

# Both from HDCZA.
SHORTEST_BLOCK_S = 30 * 60.0
LONGEST_BREAK_S = 60 * 60.0

# Recordings less than 3 h apart are one wear period; rest may hold an unmeasured time of the same length.
LONGEST_UNKNOWN_S = 3 * 3600.0


@dataclass(frozen=True, slots=True)
class RestWindow:
    """A long time of little activity (estimated), ``[start_s, end_s)`` on the time of the epochs.

    Parameters
    ----------
    start_s, end_s
        Start of its first epoch and end of its last.
    """

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class _Block:
    """Rest without a break; the epochs from ``first`` to before ``after``, the outermost of them worn."""

    first: int
    after: int
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


def find_rest_windows(epochs: Sequence[Epoch]) -> tuple[RestWindow, ...]:
    """Find every rest window of a recording: one of 30 h holds two nights, and which is which is for others to say.

    Time in which wear is not confirmed is rest where it lies between confirmed rest; a window neither begins nor ends
    with it.  What was not measured is passed over, up to 3 h at a time.

    Parameters
    ----------
    epochs
        Ascending.  Those of a later recording are shifted first (``dataclasses.replace(epoch, start_s=...)``) onto the
        clock of the first.

    Returns
    -------
    tuple[RestWindow, ...]
        Ascending; empty where nobody rested for half an hour.
    """
    measured = [epoch for epoch in epochs if epoch.state is not WearState.NOT_MEASURED]
    blocks = _join_blocks(_find_blocks(measured), measured)
    return tuple(RestWindow(block.start_s, block.end_s) for block in blocks)


def _find_blocks(measured: Sequence[Epoch]) -> list[_Block]:
    """Find blocks of rest of half an hour and more."""
    resting = _find_resting(measured)
    blocks: list[_Block] = []
    going_on = False
    for number, epoch in enumerate(measured):
        if not epoch.is_worn:
            continue
        last = blocks[-1] if blocks else None
        if not resting[number]:
            going_on = False
        elif (
            last
            and going_on
            and epoch.start_s - last.end_s - _not_confirmed_s(measured[last.after : number]) <= LONGEST_UNKNOWN_S
        ):
            blocks[-1] = replace(last, after=number + 1, end_s=epoch.end_s)
        else:
            blocks.append(_Block(number, number + 1, epoch.start_s, epoch.end_s))
            going_on = True
    return [block for block in blocks if (block.after - block.first) * EPOCH_S >= SHORTEST_BLOCK_S]


def _find_resting(measured: Sequence[Epoch]) -> NDArray[np.bool_]:
    """Say of each epoch whether most of the five minutes around it were rest; unconfirmed time is taken for rest."""
    if not measured:
        return np.zeros(0, dtype=np.bool_)
    movement_g = np.array([np.nan if epoch.movement_g is None else epoch.movement_g for epoch in measured])
    # The first epoch has none before it to have turned from.
    angle_deg = np.concatenate([[0.0], measure_angles_deg(measured)])
    worn = np.array([epoch.is_worn for epoch in measured])
    lively = worn & ((movement_g > REST_MOVEMENT_G) | (angle_deg > REST_ANGLE_DEG))
    # The median of yes and no is what most say.  Beyond the ends the outermost epochs go on.
    around = np.pad(lively, MEDIAN_EPOCHS // 2, mode="edge")
    return np.asarray(sliding_window_view(around, MEDIAN_EPOCHS).sum(axis=1) <= MEDIAN_EPOCHS // 2)


def _join_blocks(blocks: Sequence[_Block], measured: Sequence[Epoch]) -> list[_Block]:
    """Join blocks with less than an hour of activity, and less than three hours unknown, between."""
    joined: list[_Block] = []
    for block in blocks:
        if joined:
            last = joined[-1]
            between = measured[last.after : block.first]
            active_s = sum(epoch.measured_s for epoch in between if epoch.is_worn)
            unknown_s = block.start_s - last.end_s - active_s - _not_confirmed_s(between)
            if active_s < LONGEST_BREAK_S and unknown_s <= LONGEST_UNKNOWN_S:
                joined[-1] = replace(last, after=block.after, end_s=block.end_s)
                continue
        joined.append(block)
    return joined


def _not_confirmed_s(epochs: Sequence[Epoch]) -> float:
    """How much time without confirmed wear they hold."""
    return sum(epoch.measured_s for epoch in epochs if epoch.state is WearState.WEAR_NOT_CONFIRMED)
