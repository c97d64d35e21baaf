"""Where a sensor stays: from one handling to the next it is on the leg, or on a table, all the time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from clonus_sense.activity.epoch import Epoch
from clonus_sense.activity.posture import angle_between_deg

# Gravity that turns this way and that by so much within six seconds is in somebody's hands.  In simulated nights turns
# in bed and by a helper stay below 25 degrees and limb movements below 48; 98 % of removals and strappings-on reach it,
# and every second walk to the bathroom.
HANDLED_DEG = 50.0

# A gap may hide hands: if it is longer than taking off and lying down takes, or if the posture differs after it.
HIDES_HANDS_S = 5 * 60.0

# A table does not tilt, but a knock, or a drawer that is opened, shoves the sensor on it by a few degrees; a sensor's
# zero drifts by less than one as it cools from skin to room.  A turn in bed is larger.
SHOVED_DEG = 10.0

# Knocks at a table take one epoch in many.
MOST_MOVED_RATIO = 0.1

# Noise without memory gives 1, flicker noise 2, breath at 0.25 Hz up to 5.8.  Above 2.5 it is no sensor's noise.
SWAYS_RATIO = 2.5


@dataclass(frozen=True, slots=True)
class Stay:
    """A time without handling."""

    epochs: tuple[Epoch, ...]
    hands_before: tuple[Epoch, ...]
    hands_after: tuple[Epoch, ...]
    is_last: bool

    @property
    def still_s(self) -> float:
        """How much stillness was measured in it, in seconds."""
        return sum(epoch.measured_s for epoch in self.epochs if epoch.still)

    def shows_leg(self, beating: Collection[float]) -> bool:
        """Whether the sensor shows signs of a leg: beats, frequent movement, tilts or breath."""
        moved_s = sum(epoch.measured_s for epoch in self.epochs if not epoch.still)
        return (
            any(epoch.start_s in beating for epoch in self.epochs)
            or moved_s > MOST_MOVED_RATIO * (moved_s + self.still_s)
            or _tilts(self.epochs)
            or _sways(self.epochs)
        )

    def still_start(self, beating: Collection[float]) -> tuple[Epoch, ...]:
        """Return the stillness of one posture with which it begins; empty if it moves first, or sways with breath."""
        return _find_stillness(self.epochs, beating)

    def still_end(self, beating: Collection[float]) -> tuple[Epoch, ...]:
        """Return the stillness of one posture with which it ends; empty if it moves last, or sways with breath."""
        return _find_stillness(self.epochs[::-1], beating)[::-1]


def find_stays(measured: Sequence[Epoch]) -> list[Stay]:
    """Cut a recording where hands were at the sensor, or may have been."""
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
    """Cut where nothing was measured for so long, or with such a change of posture, that hands may have been there."""
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
    """Group neighbouring epochs into handling and what lies between; movement beside handling belongs to it."""
    turned = [epoch.handling_deg is not None and epoch.handling_deg >= HANDLED_DEG for epoch in part]
    handled = {
        epoch.start_s
        for number, epoch in enumerate(part)
        if turned[number] or (not epoch.still and any(turned[max(number - 1, 0) : number + 2]))
    }
    return groupby(part, key=lambda epoch: epoch.start_s in handled)


def _tilts(run: Sequence[Epoch]) -> bool:
    """Whether it comes to lie otherwise than a sensor on a table that is shoved."""
    lay: Epoch | None = None
    moved = False
    for epoch in run:
        if not epoch.still:
            moved = True
            continue
        if lay is not None and _tilt_deg(lay, epoch) > SHOVED_DEG:
            return True
        # A knock or a drawer moves it by little each time, and a sinking leg never moves: it sinks all the same.
        if lay is None or moved:
            lay, moved = epoch, False
    return False


def _find_stillness(run: Sequence[Epoch], beating: Collection[float]) -> tuple[Epoch, ...]:
    """Find the stillness of one posture with which epochs begin; empty if it sways with breath."""
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
    """Angle between two postures; 0 where neither has a direction, as large as can be where only one has."""
    if one.gravity is None or other.gravity is None:
        return 0.0 if one.gravity is other.gravity else 180.0
    return angle_between_deg(one.gravity, other.gravity)
