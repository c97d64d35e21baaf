"""Estimated rest windows: long times with little activity.  Rest is not sleep, and time in bed is not measured.

The method follows van Hees et al. 2018 (Sci Rep 8:12975, "HDCZA"): a rolling median over 5 min hides turns, kicks and
short episodes; blocks of 30 min and more are joined over breaks of less than an hour.
HDCZA uses only the angle of a wrist, with a limit from a whole day.  A steadily walking leg keeps its mean angle, and a
recording of one night holds no day, so this module also uses movement, and its limits are fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from clonus_sense.activity.epoch import EPOCH_S, Epoch, WearState
from clonus_sense.activity.posture import measure_angles_deg

# 5.5 min: an odd number of epochs has a middle.
MEDIAN_EPOCHS = 11

# A worn sensor at rest shows little more than its noise, at most 5 mg; the leg of a walking or working person mostly
# shows 50 mg and more.
REST_MOVEMENT_G = 0.015

# Rest keeps its angle from epoch to epoch within this (van Hees 2015, PLoS ONE 10:e0142533: 5 deg).
REST_ANGLE_DEG = 5.0

# Both from HDCZA.
SHORTEST_BLOCK_S = 30 * 60.0
LONGEST_BREAK_S = 60 * 60.0

# Recordings less than 3 h apart are one wear period; rest may hold unmeasured time of the same length.
LONGEST_UNKNOWN_S = 3 * 3600.0


@dataclass(frozen=True, slots=True)
class RestWindow:
    """A long time of little estimated activity, ``[start_s, end_s)``, in the time of the epochs.

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
    """Rest without a break: epochs ``[first, after)``, of which the first and last are worn."""

    first: int
    after: int
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


def find_rest_windows(epochs: Sequence[Epoch]) -> tuple[RestWindow, ...]:
    """Find every rest window of a recording; a recording of 30 h may hold two nights.

    Time in which wear is not confirmed is rest if it lies between confirmed rest; a window neither begins nor ends with
    it.  Unmeasured time is bridged, up to 3 h at a time.

    Parameters
    ----------
    epochs
        Ascending.  First shift those of a later recording (``dataclasses.replace(epoch, start_s=...)``) onto the
        clock of the first.

    Returns
    -------
    tuple[RestWindow, ...]
        Ascending; empty if there was no rest of half an hour.
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
    """Tell for each epoch whether most of the five minutes around it were rest; unconfirmed time counts as rest."""
    if not measured:
        return np.zeros(0, dtype=np.bool_)
    movement_g = np.array([np.nan if epoch.movement_g is None else epoch.movement_g for epoch in measured])
    # The first epoch has no earlier one to turn from.
    angle_deg = np.concatenate([[0.0], measure_angles_deg(measured)])
    worn = np.array([epoch.is_worn for epoch in measured])
    lively = worn & ((movement_g > REST_MOVEMENT_G) | (angle_deg > REST_ANGLE_DEG))
    # The median of yes and no is the majority.  Beyond the ends, the outermost epochs are repeated.
    around = np.pad(lively, MEDIAN_EPOCHS // 2, mode="edge")
    return np.asarray(sliding_window_view(around, MEDIAN_EPOCHS).sum(axis=1) <= MEDIAN_EPOCHS // 2)


def _join_blocks(blocks: Sequence[_Block], measured: Sequence[Epoch]) -> list[_Block]:
    """Join blocks with less than an hour of activity and less than three hours of unknown time between them."""
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
    """Total time without confirmed wear."""
    return sum(epoch.measured_s for epoch in epochs if epoch.state is WearState.WEAR_NOT_CONFIRMED)
