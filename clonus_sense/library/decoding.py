"""Turns rows into dataclasses; a value of a wrong type or an impossible time means that the library is damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache, wraps
from math import isfinite
from types import UnionType
from typing import Any, ParamSpec, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from clonus_sense.errors import DamagedLibraryError, LibraryError
from clonus_sense.model import Evidence
from clonus_sense.showable import is_showable_time

Given = ParamSpec("Given")
Noun = TypeVar("Noun")

_Check: TypeAlias = Callable[[Any], bool]

# Errors that a conversion raises on damaged bytes: unknown word, invalid date, JSON or number.
UNSOUND = (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, RecursionError)

# A host whose clock was never set writes 1970; beyond these years time zones overflow the calendar.
_YEARS = range(1900, 2200)


def decodes(build: Callable[Given, Noun]) -> Callable[Given, Noun]:
    """Make a function that builds a dataclass of a row raise ``DamagedLibraryError`` for a damaged row."""

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


def check_noun(noun: Any) -> bool:  # noqa: ANN401 - nouns share no base
    """Raise ``ValueError`` with the field's name for a wrong type or a time that cannot be shown; else return true."""
    for name, fits in _checks_of(noun.__class__):
        value = getattr(noun, name)
        if not fits(value):
            raise ValueError(f"{name} is {value!r}")
    return True


@cache
def _checks_of(noun: Any) -> tuple[tuple[str, _Check], ...]:  # noqa: ANN401 - a type is of no type
    """List the fields of a dataclass with their checks; cached, because a night has a thousand epochs."""
    hints = get_type_hints(noun)
    return tuple((one.name, _check_of(hints[one.name], _number_check(noun, one.name))) for one in fields(noun))


def _number_check(noun: Any, name: str) -> Callable[[float], bool]:  # noqa: ANN401 - a type is of no type
    """Choose which numbers a field may hold: only the value of a test may be infinite."""
    if noun is Evidence:
        return lambda _number: True
    if name.endswith("_s"):
        return lambda number: isfinite(number) and is_showable_time(number)
    return isfinite


def _check_of(hint: Any, allows: Callable[[float], bool]) -> _Check:  # noqa: ANN401 - a type is of no type
    """Make the check of a type and of the types in it."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        choices = [_check_of(one, allows) for one in get_args(hint)]
        return lambda value: any(fits(value) for fits in choices)
    if origin is tuple:
        return _tuple_check(get_args(hint), allows)
    if hint is datetime:
        return lambda value: isinstance(value, datetime) and value.tzinfo is not None and value.year in _YEARS
    if hint in (float, int):
        # An int is accepted for a float; a bool is no number.
        kinds = (float, int) if hint is float else int
        return lambda value: isinstance(value, kinds) and not isinstance(value, bool) and allows(value)
    is_noun = is_dataclass(hint)
    return lambda value: isinstance(value, hint) and (not is_noun or check_noun(value))


def _tuple_check(inner: tuple[Any, ...], allows: Callable[[float], bool]) -> _Check:
    """Make the check of a tuple of any or of a fixed length."""
    parts = [_check_of(one, allows) for one in inner if one is not ...]
    if inner[-1] is ...:
        return lambda value: isinstance(value, tuple) and all(map(parts[0], value))
    return lambda value: (
        isinstance(value, tuple)
        and len(value) == len(parts)
        and all(fits(one) for fits, one in zip(parts, value, strict=True))
    )
