"""How a leg lay in a night: turns, and postures as letters, because one sensor cannot tell lying from sitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from clonus_sense.activity import Epoch, measure_angles_deg
from clonus_sense.activity.posture import angle_between_deg
from clonus_sense.model import FloatArray

# Gravity that turns further than this from one half minute to the next is a turn in bed, and two postures lie further
# apart.
TURN_DEG = 35.0
# A leg on its way from one posture to the next rests nowhere for two minutes.
SHORTEST_S = 120.0


@dataclass(frozen=True, slots=True)
class PostureSpan:
    """Time in which gravity kept its direction: 0 for the posture that was seen first, 1 for the next."""

    start_s: float
    end_s: float
    posture: int

    @property
    def letter(self) -> str:
        """Name the posture: A to Z, then AA."""
        number, letters = self.posture + 1, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return letters

    def moved(self, by_s: float) -> PostureSpan:
        """Place the span on an axis on which the recording begins at this second."""
        return PostureSpan(self.start_s + by_s, self.end_s + by_s, self.posture)


def find_turns(epochs: Sequence[Epoch]) -> list[float]:
    """Find where gravity turned between two measured half minutes, in seconds of the recording."""
    known = [epoch for epoch in epochs if epoch.gravity is not None]
    return [known[at + 1].start_s for at in np.flatnonzero(measure_angles_deg(known) > TURN_DEG).tolist()]


def find_postures(epochs: Sequence[Epoch], n_before: int = 0) -> list[PostureSpan]:
    """Part a recording into postures, which begin and end at turns and at gaps.

    A posture that comes back has its number of before.  A recording never shares a number with an earlier one of the
    night, of which there were ``n_before``: the sensor may have been put on differently.
    """
    spans: list[PostureSpan] = []
    seen: list[FloatArray] = []
    for run in _part_at_turns([epoch for epoch in epochs if epoch.gravity is not None]):
        if run[-1].end_s - run[0].start_s < SHORTEST_S:
            continue
        gravity = np.mean([epoch.gravity for epoch in run if epoch.gravity is not None], axis=0)
        angles_deg = [angle_between_deg(_unit(gravity), _unit(other)) for other in seen]
        nearest = int(np.argmin(angles_deg)) if angles_deg else -1
        if nearest < 0 or angles_deg[nearest] > TURN_DEG:
            nearest = len(seen)
            seen.append(gravity)
        spans.append(PostureSpan(run[0].start_s, run[-1].end_s, n_before + nearest))
    return spans


def _part_at_turns(epochs: Sequence[Epoch]) -> list[list[Epoch]]:
    """Part epochs with a known direction where it turned or where half minutes are missing."""
    runs = [list(epochs[:1])] if epochs else []
    for (before, after), angle_deg in zip(pairwise(epochs), measure_angles_deg(epochs).tolist(), strict=True):
        if angle_deg > TURN_DEG or after.start_s > before.end_s:
            runs.append([])
        runs[-1].append(after)
    return runs


def _unit(vector: FloatArray) -> tuple[float, float, float]:
    """Scale a direction to length 1."""
    x, y, z = (vector / max(float(np.linalg.norm(vector)), 1e-12)).tolist()
    return x, y, z
