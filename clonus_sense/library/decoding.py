"""Rows into nouns: what is read back has the types and times that its noun states, or the library is damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache, wraps
from math import isfinite
from types import UnionType
from typing import Any, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from clonus_sense.errors import DamagedLibraryError, LibraryError
from clonus_sense.model import Evidence
from clonus_sense.showable import is_showable_time

Given = ParamSpec("Given")
Noun = TypeVar("Noun")

# What damaged bytes make of a conversion: no such word, no date, no JSON, no number.
UNSOUND = (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, RecursionError)

# Hosts whose clock was never set say 1970; beyond these years zones lead out of the calendar.
_YEARS = range(1900, 2200)


def decodes(build: Callable[Given, Noun]) -> Callable[Given, Noun]:
    """Make a function that builds a noun of a row refuse rows that do not hold one."""

    @wraps(build)
    def build_and_check(*arguments: Given.args, **options: Given.kwargs) -> Noun:
        try:
            noun = build(*arguments, **options)
            check_noun(noun)
        except DamagedLibraryError:
            raise
        except (*UNSOUND, LibraryError) as error:
            raise DamagedLibraryError(
                f"The library is damaged: a row cannot be read ({error}); "
                "`clonus-sense restore FILE` brings a backup back."
            ) from error
        return noun

    return build_and_check


def check_noun(noun: Any) -> None:  # noqa: ANN401 - nouns share no base
    """Refuse a noun whose values are not of the types that it states, or no time that can be shown."""
    for name, hint in _types_of(noun.__class__):
        value = getattr(noun, name)
        if not _fits(value, hint):
            raise ValueError(f"{name} is {value!r}")
        if not isinstance(noun, Evidence) and not _is_finite(value):
            raise ValueError(f"{name} is {value!r}")
        if name.endswith("_s") and not all(is_showable_time(one) for one in _numbers_in(value)):
            raise ValueError(f"{name} is {value!r}")


@cache
def _types_of(noun: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401 - a type is of no type
    """List the fields of a dataclass with their types."""
    hints = get_type_hints(noun)
    return tuple((one.name, hints[one.name]) for one in fields(noun))


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type is of no type
    """Whether a value is of a type, and so are those in it."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        hints = inner[:1] * len(value) if inner[-1] is ... else inner
        return len(hints) == len(value) and all(map(_fits, value, hints))
    if isinstance(value, datetime):
        return hint is datetime and value.tzinfo is not None and value.year in _YEARS
    if is_dataclass(value):
        check_noun(value)
    # Where a number with a fraction is meant, a whole one does; yes and no are no numbers.
    kinds = (float, int) if hint is float else hint
    return isinstance(value, kinds) and (hint is bool or not isinstance(value, bool))


def _is_finite(value: object) -> bool:
    """Whether a value holds no number that is none, or without end."""
    return all(isfinite(one) for one in _numbers_in(value))


def _numbers_in(value: object) -> tuple[float, ...]:
    """Take the numbers out of a value: itself, or those of a tuple."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in values if isinstance(one, float | int))
