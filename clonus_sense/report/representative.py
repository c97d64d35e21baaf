"""A few movements that stand for many, each chosen by a rule that is named beside it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Protocol, TypeVar

from clonus_sense.i18n import Translator


class Measured(Protocol):
    """A movement with the numbers that the rules compare."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""

    @property
    def peak_g(self) -> float:
        """Peak acceleration in g."""

    @property
    def confidence(self) -> float:
        """Confidence, 0 to 1."""


AnyMovement = TypeVar("AnyMovement", bound=Measured)


def choose_representative(
    movements: Sequence[AnyMovement], _: Translator, *, with_median: bool = True
) -> list[tuple[str, AnyMovement]]:
    """Choose the median, longest, strongest and least certain movement, each once.

    Parameters
    ----------
    movements
        Of one leg.
    with_median
        Whether the one of median length is among them.

    Returns
    -------
    list of tuple
        Names of the rules, and the movement; one that is chosen by two rules names both.
    """
    if not movements:
        return []
    # Of an even number the lower of the two in the middle: a movement that was, not a mean of two.
    median_s = statistics.median_low(one.duration_s for one in movements)
    picked = [
        *([(_("median length"), next(one for one in movements if one.duration_s == median_s))] if with_median else []),
        (_("longest"), max(movements, key=lambda one: one.duration_s)),
        (_("strongest"), max(movements, key=lambda one: one.peak_g)),
        (_("least certain"), min(movements, key=lambda one: one.confidence)),
    ]
    rules: dict[int, list[str]] = {}
    for rule, one in picked:
        rules.setdefault(id(one), []).append(rule)
    by_id = {id(one): one for _rule, one in picked}
    return [(_(", ").join(said), by_id[key]) for key, said in rules.items()]
