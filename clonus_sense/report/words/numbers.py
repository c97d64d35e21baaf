"""A value beside its limit, with as many digits as it takes to see on which side it lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from clonus_sense.i18n import Translator, message

# A limit needs no more decimals, whatever it takes to tell a value from it.
MOST_LIMIT_DECIMALS = 4
# A limit is written with two digits that count: 4.8 % and not 5 %.
LIMIT_DIGITS = 2
# The largest number that a detector can store has 309 digits before the point, the smallest 1074 behind it.
EXACT = Context(prec=2500, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Unit:
    """How values of one kind are written."""

    text: str
    decimals: int
    factor: int = 1
    is_whole: bool = False


COUNT = Unit("{number}", 0, is_whole=True)
PERCENT = Unit("{number} %", 0, factor=100)
STRENGTH = Unit(message("{number} g"), 3)
HERTZ = Unit("{number} Hz", 2)
INDEX = Unit("{number}", 1)
PROBABILITY = Unit("{number}", 2)


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and its limit as text, each with its unit."""

    value: str
    limit: str


def write_pair(
    value: float,
    limit: float,
    unit: Unit,
    _: Translator,
    *,
    at_least: bool,
    passed: bool,
    counted_to: float | None = None,
) -> Pair:
    """Write a value and its limit so that a failed test looks failed."""
    if not (math.isfinite(value) and math.isfinite(limit)):
        return Pair(_number_text(_plain(value), unit, _), _number_text(_plain(limit), unit, _))
    exact_value, exact_limit = (EXACT.multiply(Decimal(number), Decimal(unit.factor)) for number in (value, limit))
    decimals = unit.decimals
    if unit.is_whole and value == int(value):
        exact_limit = Decimal(math.ceil(limit) if at_least else math.floor(limit))
    elif exact_limit:
        decimals = min(MOST_LIMIT_DECIMALS, max(decimals, LIMIT_DIGITS - 1 - exact_limit.adjusted()))
    if not passed and value == limit:
        # A table may have rounded the value onto its limit.
        limit_text = _number_text(f"{_round(exact_limit, decimals):f}", unit, _)
        near = _("just under {limit}") if at_least else _("just over {limit}")
        return Pair(near.format(limit=limit_text), limit_text)
    while not passed and _round(exact_value, decimals) == _round(exact_limit, decimals):
        decimals += 1
    limit_text = _number_text(f"{_round(exact_limit, decimals):f}", unit, _)
    value_text = _number_text(f"{_round(exact_value, decimals):f}", unit, _)
    if counted_to is not None and value == counted_to:
        value_text = _("{number} or more").format(number=value_text)
    return Pair(value_text, limit_text)


def _round(exact: Decimal, decimals: int) -> Decimal:
    """Round to some decimals, exactly."""
    return EXACT.quantize(exact, Decimal(1).scaleb(-decimals))


def _number_text(number: str, unit: Unit, _: Translator) -> str:
    """Write a number with its unit."""
    return _(unit.text).format(number=number)


def _plain(value: float) -> str:
    """Write a number of which one side is not finite, as far as it is known."""
    return f"{value:.3g}" if math.isfinite(value) else "–"
