"""Stays: from one handling to the next, the sensor is either on the leg or on a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from clonus_sense.activity.epoch import Epoch
from clonus_sense.activity.posture import angle_between_deg

# Excess turning of gravity within six seconds that shows a hand.  In simulated nights turns in bed and by a helper stay
# below 25 degrees and limb movements below 48; 98 % of removals and fittings reach this limit, and so does every second
# walk to the bathroom.
HANDLED_DEG = 50.0

# A gap may hide a handling if it is longer than taking the sensor off and lying down, or if the posture differs after.
HIDES_HANDS_S = 5 * 60.0

# A table does not tilt, but a knock or an opened drawer shifts the sensor by a few degrees; a sensor's zero drifts by
# less than one as it cools from skin to room.  A turn in bed is larger.
SHOVED_DEG = 10.0

# A table is knocked in only a few epochs.
MOST_MOVED_RATIO = 0.1

# White noise gives 1, flicker noise 2, breath at 0.25 Hz up to 5.8.  Sensor noise stays below 2.5.
SWAYS_RATIO = 2.5


@dataclass(frozen=True, slots=True)
class Stay:
    """A time without handling, with the handling before and after."""

    epochs: tuple[Epoch, ...]
    hands_before: tuple[Epoch, ...]
    hands_after: tuple[Epoch, ...]
    is_last: bool

    @property
    def still_s(self) -> float:
        """Still time in it, in seconds."""
        return sum(epoch.measured_s for epoch in self.epochs if epoch.still)

    def shows_leg(self, beating: Collection[float]) -> bool:
        """Whether there are signs of a leg: beats, frequent movement, tilts or breath."""
        moved_s = sum(epoch.measured_s for epoch in self.epochs if not epoch.still)
        return (
            any(epoch.start_s in beating for epoch in self.epochs)
            or moved_s > MOST_MOVED_RATIO * (moved_s + self.still_s)
            or _tilts(self.epochs)
            or _sways(self.epochs)
        )

    def still_start(self, beating: Collection[float]) -> tuple[Epoch, ...]:
        """Return the stillness of one posture at its start; empty if it moves first, or sways with breath."""
        return _find_stillness(self.epochs, beating)

    def still_end(self, beating: Collection[float]) -> tuple[Epoch, ...]:
        """Return the last still epochs of one posture; empty if the stay ends with movement, beats or breath."""
        return _find_stillness(self.epochs[::-1], beating)[::-1]


def find_stays(measured: Sequence[Epoch]) -> list[Stay]:
    """Cut a recording where the sensor was handled, or may have been."""
    stays = []
    for part in _cut_at_gaps(measured):
        runs = [(handled, tuple(run)) for handled, run in _group_handled(part)]
        for number, (handled, run) in enumerate(runs):
            if not handled:
                before = runs[number - 1][1] if number else ()
                after = runs[number + 1][1] if number + 1 < len(runs) else ()
                stays.append(Stay(run, before, after, is_last=run[-1] is measured[-1]))
    return stays


def _cut_at_gaps(measured: Sequence[Epoch]) -> list[list[Epoch]]:
    """Cut at gaps that may hide a handling, by their length or the change of posture."""
    parts: list[list[Epoch]] = []
    for epoch in measured:
        if parts:
            before = parts[-1][-1]
            missing_s = epoch.start_s - before.start_s - before.measured_s
            gap = epoch.start_s > before.end_s
            if missing_s < HIDES_HANDS_S and not (gap and _tilt_deg(before, epoch) > SHOVED_DEG):
                parts[-1].append(epoch)
                continue
        parts.append([epoch])
    return parts


def _group_handled(part: Sequence[Epoch]) -> Iterator[tuple[bool, Iterator[Epoch]]]:
    """Group neighbouring epochs into handling and the time between; movement beside handling belongs to it."""
    turned = [epoch.handling_deg is not None and epoch.handling_deg >= HANDLED_DEG for epoch in part]
    handled = {
        epoch.start_s
        for number, epoch in enumerate(part)
        if turned[number] or (not epoch.still and any(turned[max(number - 1, 0) : number + 2]))
    }
    return groupby(part, key=lambda epoch: epoch.start_s in handled)


def _tilts(run: Sequence[Epoch]) -> bool:
    """Whether the posture changes by more than a shifted sensor on a table."""
    lay: Epoch | None = None
    moved = False
    for epoch in run:
        if not epoch.still:
            moved = True
            continue
        if lay is not None and _tilt_deg(lay, epoch) > SHOVED_DEG:
            return True
        # A knock shifts the sensor a little each time; a sinking leg tilts without any movement.
        if lay is None or moved:
            lay, moved = epoch, False
    return False


def _find_stillness(run: Sequence[Epoch], beating: Collection[float]) -> tuple[Epoch, ...]:
    """Find the stillness of one posture at the start of epochs; empty if it sways with breath."""
    still: list[Epoch] = []
    for epoch in run:
        if not epoch.still or epoch.start_s in beating or (still and _tilt_deg(epoch, still[-1]) > SHOVED_DEG):
            break
        still.append(epoch)
    return () if _sways(still) else tuple(still)


def _sways(run: Sequence[Epoch]) -> bool:
    """Whether it sways slowly, as with breath, for most of its still time."""
    ratios = [epoch.sway_ratio for epoch in run if epoch.still and epoch.sway_ratio is not None]
    return bool(ratios) and float(np.median(ratios)) > SWAYS_RATIO


def _tilt_deg(one: Epoch, other: Epoch) -> float:
    """Angle between two postures; 0 if neither has a direction, the maximum if only one has."""
    if one.gravity is None or other.gravity is None:
        return 0.0 if one.gravity is other.gravity else 180.0
    return angle_between_deg(one.gravity, other.gravity)
