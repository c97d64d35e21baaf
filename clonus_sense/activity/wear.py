"""Whether the sensor was worn: three states, because a sensor on a table measures without episodes.

A sensor is taken off and fitted by hand, and hands turn it to and fro.  Between two handlings it stays where it is.  If
any sign in this time shows a leg, it is on the leg; otherwise it is on a leg or a table, and the person is asked.  The
person's answer overrides the estimate.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import floor

from clonus_sense.activity.epoch import EPOCH_S, Epoch, WearState
from clonus_sense.activity.stay import Stay, find_stays

# Stillness of this length without a sign of a leg raises the question.  People change posture two to five times an hour
# (De Koninck et al. 1992, Sleep 15:143).  The usual rules take 30 to 60 min.
STILL_FOR_S = 30 * 60.0

# Between two handlings a shorter time is enough, but longer than a walk to the bathroom.  86 % of 186 removals of a
# wrist sensor were shorter than an hour (Vert et al. 2022, BMC Med Res Methodol 22:147).
BETWEEN_HANDS_S = 10 * 60.0

# Stillness next to a handling or the end raises the question even if a leg moved on its other side, because a handling
# there may have been missed.  Sleepers lie still for half an hour several times a night, but rarely for much longer.
STILL_BESIDE_HANDS_S = 40 * 60.0


@dataclass(frozen=True, slots=True)
class WearAnswer:
    """A person's answer about a time, ``[start_s, end_s)`` in seconds since the start of the recording."""

    start_s: float
    end_s: float
    worn: bool


@dataclass(frozen=True, slots=True)
class WearSpan:
    """A run of epochs in one state, ``[start_s, end_s)`` in seconds since the start of the recording."""

    state: WearState
    start_s: float
    end_s: float


def judge_wear(epochs: Sequence[Epoch], rhythmic_s: Sequence[float] = ()) -> tuple[Epoch, ...]:
    """Find the times in which wear is not confirmed.

    1. Cut the recording at gaps that may hide a handling, then into handlings and the stays between them.
    2. A stay shows a leg if it tilts, beats, sways with breath, or moves often.
    3. A stay that does not, and is still for 30 min, or for 10 min between two handlings, is not confirmed.
    4. In any other stay, stillness of 40 min is not confirmed if it goes on to a handling or to the end, or follows a
       handling other than the first fitting.
    5. Handling beside unconfirmed time is part of it: a sensor that rocks to rest would count as movement of the leg.

    Parameters
    ----------
    epochs
        Epochs of one recording, ascending.
    rhythmic_s
        Moments of rhythmic movement, in seconds since the start of the recording: a knocked table does not beat five
        times.

    Returns
    -------
    tuple[Epoch, ...]
        The same with ``MEASURED_AND_WORN`` or ``WEAR_NOT_CONFIRMED`` for all measured time.
    """
    measured = [epoch for epoch in epochs if epoch.state is not WearState.NOT_MEASURED]
    beating = {floor(at_s / EPOCH_S) * EPOCH_S for at_s in rhythmic_s}
    not_confirmed: set[float] = set()
    seen_leg = False
    for stay in find_stays(measured):
        not_confirmed |= {epoch.start_s for epoch in _find_doubtful(stay, beating, taken_off=seen_leg)}
        seen_leg = seen_leg or stay.shows_leg(beating)
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
    """Apply a person's answers.

    Parameters
    ----------
    epochs
        Epochs as built.
    answers
        An epoch follows the answer that contains its middle; if there are several, the last one.

    Returns
    -------
    tuple[Epoch, ...]
        The same, worn if the person says so and a sensor recorded; ``NOT_MEASURED`` if the person says that the sensor
        was not worn.

    Examples
    --------
    >>> still = Epoch(0.0, 30.0, 0.003, (0.0, 0.0, 1.0), 1.0, still=True, state=WearState.WEAR_NOT_CONFIRMED)
    >>> [epoch.state.value for epoch in apply_answers([still], [WearAnswer(0.0, 3600.0, worn=True)])]
    ['measured and worn']
    """
    return tuple(_apply_last(epoch, answers) for epoch in epochs)


def find_wear_spans(epochs: Sequence[Epoch]) -> tuple[WearSpan, ...]:
    """Join neighbouring epochs of one state, for the page and for the question in the morning.

    Parameters
    ----------
    epochs
        Epochs, ascending.
    """
    spans: list[WearSpan] = []
    for epoch in epochs:
        if spans and spans[-1].state is epoch.state and spans[-1].end_s == epoch.start_s:
            spans[-1] = replace(spans[-1], end_s=epoch.end_s)
        else:
            spans.append(WearSpan(epoch.state, epoch.start_s, epoch.end_s))
    return tuple(spans)


def _apply_last(epoch: Epoch, answers: Sequence[WearAnswer]) -> Epoch:
    """Apply the last answer about an epoch, if there is one and the epoch was measured."""
    middle_s = (epoch.start_s + epoch.end_s) / 2
    said = [answer.worn for answer in answers if answer.start_s <= middle_s < answer.end_s]
    if not said or epoch.movement_g is None:
        return epoch
    return replace(epoch, state=WearState.MEASURED_AND_WORN if said[-1] else WearState.NOT_MEASURED)


def _find_doubtful(stay: Stay, beating: Collection[float], *, taken_off: bool) -> tuple[Epoch, ...]:
    """Find the epochs of a stay in which the sensor was perhaps on a table, with the handling beside them.

    ``taken_off``: the handling before may have taken the sensor off a leg; the first one of a night fits it.
    """
    if not stay.shows_leg(beating):
        shortest_s = BETWEEN_HANDS_S if stay.hands_before and stay.hands_after else STILL_FOR_S
        return (*stay.hands_before, *stay.epochs, *stay.hands_after) if stay.still_s >= shortest_s else ()
    doubtful: tuple[Epoch, ...] = ()
    if stay.hands_before and taken_off and _lasts(start := stay.still_start(beating)):
        doubtful += (*stay.hands_before, *start)
    if (stay.hands_after or stay.is_last) and _lasts(end := stay.still_end(beating)):
        doubtful += (*end, *stay.hands_after)
    return doubtful


def _lasts(stillness: Sequence[Epoch]) -> bool:
    """Whether stillness beside a handling is long enough for the question."""
    return sum(epoch.measured_s for epoch in stillness) >= STILL_BESIDE_HANDS_S
