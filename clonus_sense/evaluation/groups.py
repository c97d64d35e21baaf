"""Share of bouts found by group: beats, amplitude, frequency, or a name from the cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from clonus_sense.evaluation.intervals import SEED, FigureInterval, share_interval
from clonus_sense.evaluation.matched import MatchedBout
from clonus_sense.evaluation.scored_bouts import ReferenceBout


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """Bouts whose value lies in ``[low, high)``."""

    name: str
    low: float
    high: float


# Clinicians separate brief bouts (3-4 beats) from headline bouts at 5, and call 10 or more sustained.
BEATS_GROUPS = (ValueGroup("3-4", 3, 5), ValueGroup("5-9", 5, 10), ValueGroup(">=10", 10, inf))
# Each edge is about twice the one before; below 40 mg a bout is close to a sensor's noise.
PEAK_GROUPS_G = (
    ValueGroup("<40mg", 0.0, 0.04),
    ValueGroup("40-80mg", 0.04, 0.08),
    ValueGroup("80-200mg", 0.08, 0.2),
    ValueGroup(">=200mg", 0.2, inf),
)
# The edges of the 5-8 Hz band, where filters roll off, are separate from its middle.
FREQUENCY_GROUPS_HZ = (ValueGroup("<5.0", 0.0, 5.0), ValueGroup("5-7.8", 5.0, 7.8), ValueGroup(">=7.8", 7.8, inf))

# In walking most bouts are within 5 dB of the background; below -5 dB a human finds none either.
SIGNAL_GROUPS_DB = (
    ValueGroup("< -5", -inf, -5.0),
    ValueGroup("-5 to 0", -5.0, 0.0),
    ValueGroup("0 to 5", 0.0, 5.0),
    ValueGroup("5 to 10", 5.0, 10.0),
    ValueGroup("10 to 20", 10.0, 20.0),
    ValueGroup(">= 20", 20.0, inf),
)


@dataclass(frozen=True, slots=True)
class Share:
    """Number of bouts found in one group.

    ``sensitivity`` is ``None`` without bouts; its 90 % interval is ``None`` if fewer than two recordings hold a bout.
    """

    name: str
    n_bouts: int
    n_found: int
    sensitivity: float | None
    interval: FigureInterval | None = None


def group_by_value(
    bouts: Sequence[MatchedBout], groups: Iterable[ValueGroup], value_of: Callable[[ReferenceBout], float | None]
) -> tuple[Share, ...]:
    """Count the bouts found in each group; a bout with an unknown value is in no group."""
    valued = [(value, matched) for matched in bouts if (value := value_of(matched.bout)) is not None]
    return tuple(
        _share(group.name, [matched for value, matched in valued if group.low <= value < group.high])
        for group in groups
    )


def group_by_name(bouts: Sequence[MatchedBout], name_of: Callable[[MatchedBout], str]) -> tuple[Share, ...]:
    """Count the bouts found under each name, sorted; a bout without a name is in no group."""
    names = sorted({name_of(matched) for matched in bouts} - {""})
    return tuple(_share(name, [matched for matched in bouts if name_of(matched) == name]) for name in names)


def _share(name: str, bouts: Sequence[MatchedBout]) -> Share:
    """Count one group."""
    n_found = sum(matched.is_found for matched in bouts)
    return Share(name, len(bouts), n_found, n_found / len(bouts) if bouts else None, sensitivity_interval(bouts))


def sensitivity_interval(bouts: Iterable[MatchedBout], rng: np.random.Generator | None = None) -> FigureInterval | None:
    """Estimate a 90 % interval of the share found, over the recordings with such a bout."""
    answers: dict[str, list[bool]] = defaultdict(list)
    for matched in bouts:
        answers[matched.case.name].append(matched.is_found)
    by_name = [answers[name] for name in sorted(answers)]
    chance = np.random.default_rng(SEED) if rng is None else rng
    return share_interval([sum(found) for found in by_name], [len(found) for found in by_name], chance)
