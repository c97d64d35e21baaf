"""Was the sensor worn?  Three states, because a sensor on a table measures perfectly and shows no episode.

A sensor that lies still shows its own noise and never tilts.  So does a paralysed leg: one sensor cannot tell them
apart, and long stillness is a question to the person, never "off".  Breath and pulse help only where they are seen
for certain; the person's answer wins over everything.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import acos, degrees, floor

import numpy as np

from clonus_sense.activity.epoch import EPOCH_S, Epoch, WearState

# People change posture several times an hour, a leg in deep sleep less often.  Shorter stillness is usual in a worn
# leg; longer would leave more of a table's time in the worn hours.  Usual rules take 30 to 60 min.
STILL_FOR_S = 30 * 60.0

# A table does not tilt.  A sensor's zero drifts by up to 1 mg per degree as it cools from skin to room: 12 mg, 0.7
# degrees; a leg that moves at all seldom comes back within 2.
SAME_POSTURE_DEG = 2.0

# Somebody bumps the table, a door slams: at most two epochs.  The stillness before and after then is one, if each
# side alone is long; a leg that moves more often than that is not asked about.
BUMP_S = 60.0
BUMP_BETWEEN_S = 10 * 60.0

# Noise without memory gives 1, flicker noise 2, breath at 0.25 Hz up to 5.8.  Above 2.5 it is no sensor's noise.
SWAYS_RATIO = 2.5


@dataclass(frozen=True, slots=True)
class WearAnswer:
    """What a person says about a time, ``[start_s, end_s)`` in seconds since the start of the recording."""

    start_s: float
    end_s: float
    worn: bool


@dataclass(frozen=True, slots=True)
class WearSpan:
    """A run of epochs in one state, ``[start_s, end_s)`` in seconds since the start of the recording."""

    state: WearState
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class WearTimes:
    """How much of a recording is in which state, in seconds; the three add up to its length."""

    worn_s: float
    not_confirmed_s: float
    not_measured_s: float


@dataclass(frozen=True, slots=True)
class _Stillness:
    """Epochs in which nothing moved and nothing tilted."""

    epochs: tuple[Epoch, ...]

    @property
    def measured_s(self) -> float:
        """How much of it was measured."""
        return sum(epoch.measured_s for epoch in self.epochs)

    @property
    def sways(self) -> bool:
        """Whether it sways slowly, as breath does, for most of the time."""
        ratios = [epoch.sway_ratio for epoch in self.epochs if epoch.sway_ratio is not None]
        return bool(ratios) and float(np.median(ratios)) > SWAYS_RATIO


def judge_wear(epochs: Sequence[Epoch], rhythmic_s: Sequence[float] = ()) -> tuple[Epoch, ...]:
    """Find where wear is not confirmed: no movement above the sensor's noise, no tilt, no breath, for half an hour.

    1. Find runs of still epochs of one posture; what was not measured is passed over, for nothing is known of it.
    2. Join long ones with nothing but a bump between.  3. Of those that last, keep what does not sway with breath.

    Parameters
    ----------
    epochs
        Epochs of one recording, ascending.
    rhythmic_s
        Moments at which a rhythmic movement was found, in seconds since the start of the recording: a bumped table does
        not beat five times, so that stillness ends there.

    Returns
    -------
    tuple[Epoch, ...]
        The same with ``MEASURED_AND_WORN`` or ``WEAR_NOT_CONFIRMED`` wherever something was measured.
    """
    measured = [epoch for epoch in epochs if epoch.state is not WearState.NOT_MEASURED]
    not_confirmed: set[float] = set()
    beating = {floor(at_s / EPOCH_S) * EPOCH_S for at_s in rhythmic_s}
    for stillness in _join_over_bumps(_find_stillness(measured, beating), measured, beating):
        if stillness.measured_s >= STILL_FOR_S and not stillness.sways:
            not_confirmed |= {epoch.start_s for epoch in stillness.epochs}
    return tuple(
        epoch
        if epoch.state is WearState.NOT_MEASURED
        else replace(
            epoch,
            state=WearState.WEAR_NOT_CONFIRMED if epoch.start_s in not_confirmed else WearState.MEASURED_AND_WORN,
        )
        for epoch in epochs
    )


def apply_answers(epochs: Sequence[Epoch], answers: Sequence[WearAnswer]) -> tuple[Epoch, ...]:
    """Let the person's word win.

    Parameters
    ----------
    epochs
        Epochs as built.
    answers
        What the person said; an epoch follows the answer that holds its middle, and the last one of several.

    Returns
    -------
    tuple[Epoch, ...]
        The same, worn where the person says so and a sensor recorded; ``NOT_MEASURED`` where the person says that the
        sensor was not worn.

    Examples
    --------
    >>> still = Epoch(0.0, 30.0, 0.003, (0.0, 0.0, 1.0), 1.0, still=True, state=WearState.WEAR_NOT_CONFIRMED)
    >>> [epoch.state.value for epoch in apply_answers([still], [WearAnswer(0.0, 3600.0, worn=True)])]
    ['measured and worn']
    """
    return tuple(_apply_last(epoch, answers) for epoch in epochs)


def find_wear_spans(epochs: Sequence[Epoch]) -> tuple[WearSpan, ...]:
    """Join neighbouring epochs of one state: what the page draws, and what the morning asks about.

    Parameters
    ----------
    epochs
        Epochs, ascending.

    Returns
    -------
    tuple[WearSpan, ...]
        Ascending.
    """
    spans: list[WearSpan] = []
    for epoch in epochs:
        if spans and spans[-1].state is epoch.state and spans[-1].end_s == epoch.start_s:
            spans[-1] = replace(spans[-1], end_s=epoch.end_s)
        else:
            spans.append(WearSpan(epoch.state, epoch.start_s, epoch.end_s))
    return tuple(spans)


def measure_wear(epochs: Sequence[Epoch], duration_s: float) -> WearTimes:
    """Add up the time in each state; worn time is what rates are divided by.

    Parameters
    ----------
    epochs
        Epochs of one recording.
    duration_s
        Length of the recording.

    Returns
    -------
    WearTimes
        Gaps shorter than an epoch are taken out of the worn time, too.
    """
    worn_s = sum(epoch.measured_s for epoch in epochs if epoch.is_worn)
    not_confirmed_s = sum(epoch.measured_s for epoch in epochs if epoch.state is WearState.WEAR_NOT_CONFIRMED)
    # Sums round: a recording measured throughout has no time left over, and none below zero.
    return WearTimes(worn_s, not_confirmed_s, max(duration_s - worn_s - not_confirmed_s, 0.0))


def angle_between_deg(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Angle between two unit vectors, in degrees, 0 to 180."""
    cosine = sum(a * b for a, b in zip(one, other, strict=True))
    return degrees(acos(min(max(cosine, -1.0), 1.0)))


def _apply_last(epoch: Epoch, answers: Sequence[WearAnswer]) -> Epoch:
    """Apply the last answer about an epoch, if there is one and something was measured."""
    middle_s = (epoch.start_s + epoch.end_s) / 2
    said = [answer.worn for answer in answers if answer.start_s <= middle_s < answer.end_s]
    if not said or epoch.movement_g is None:
        return epoch
    return replace(epoch, state=WearState.MEASURED_AND_WORN if said[-1] else WearState.NOT_MEASURED)


def _find_stillness(measured: Sequence[Epoch], beating: Collection[float]) -> list[_Stillness]:
    """Find runs of still epochs whose gravity stays where it was in the first of them."""
    runs: list[list[Epoch]] = []
    going_on = False
    for epoch in measured:
        if not epoch.still or epoch.start_s in beating:
            going_on = False
        elif going_on and _same_posture(runs[-1][0], epoch):
            runs[-1].append(epoch)
        else:
            runs.append([epoch])
            going_on = True
    return [_Stillness(tuple(run)) for run in runs]


def _join_over_bumps(
    runs: Sequence[_Stillness], measured: Sequence[Epoch], beating: Collection[float]
) -> list[_Stillness]:
    """Join long runs of one posture with nothing but a bump between; the bump becomes part of them."""
    position = {epoch.start_s: number for number, epoch in enumerate(measured)}
    joined: list[_Stillness] = []
    for run in (run for run in runs if run.measured_s >= BUMP_BETWEEN_S):
        if joined:
            before = joined[-1]
            bump = tuple(measured[position[before.epochs[-1].start_s] + 1 : position[run.epochs[0].start_s]])
            beats = any(epoch.start_s in beating for epoch in bump)
            if not beats and _Stillness(bump).measured_s <= BUMP_S and _same_posture(before.epochs[0], run.epochs[0]):
                joined[-1] = _Stillness((*before.epochs, *bump, *run.epochs))
                continue
        joined.append(run)
    return joined


def _same_posture(one: Epoch, other: Epoch) -> bool:
    """Whether gravity has the same direction, as far as a sensor's zero is steady; also where neither has one."""
    if one.gravity is None or other.gravity is None:
        return one.gravity is other.gravity
    return angle_between_deg(one.gravity, other.gravity) <= SAME_POSTURE_DEG
