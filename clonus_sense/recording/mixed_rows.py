"""Rows of several sensors in one file: detected by their values, told apart by a column."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.errors import ColumnError
from clonus_sense.model import FloatArray
from clonus_sense.recording.rows import RowBlock

# Largest number of sensors in one file, and of texts that name them.
_MOST_KINDS = 12
# A rarer kind of row is damage or a remark.
_LEAST_SHARE = 0.05
# A kind that changes less often is a label of the person's activity.
_LEAST_CHANGES = 0.01
# Ratio of the changes within a kind to the changes between kinds.
_JUMP_RATIO = 0.5
# Without a column that names the kinds, the evidence must be stronger.
_SURE_JUMP_RATIO = 0.25
# Steps are regular if most of them lie this close to the median.
_REGULAR_RATIO = 0.3
_MOST_IRREGULAR = 0.1
# Kinds of equal frequency that alternate in a fixed cycle, almost without exceptions, are not events in the signal.
_LONGEST_CYCLE = 128
_CYCLE_SHARE = 0.99
_EQUAL_SHARE = 0.02
# If time passes during rows of another kind, both kinds come from one sensor: they label the person's activity.
_MOST_PASSED_RATIO = 1.5
# Fewer rows are not enough for a judgement.
_FEWEST_ROWS = 40
_ACCEL_TEXT = re.compile(r"acc", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """The kind of each row, by one column."""

    column: str
    texts: tuple[str, ...]
    numbers: NDArray[np.intp]


def refuse_mixed_rows(rows: RowBlock, columns: dict[str, list[str]]) -> None:
    """Refuse rows of several sensors, and say how to choose one sensor."""
    is_read = np.isfinite(rows.times) & np.isfinite(rows.accel).all(axis=1)
    times, accel = rows.times[is_read], rows.accel[is_read]
    if len(times) < _FEWEST_ROWS:
        return
    for name, texts in columns.items():
        kinds = _kinds_of(name, [text for text, is_row in zip(texts, is_read, strict=True) if is_row])
        if kinds is not None and _are_sensors(times, accel, kinds, _JUMP_RATIO):
            shown = ", ".join(f"`{text}`" for text in kinds.texts)
            chosen = next((text for text in kinds.texts if _ACCEL_TEXT.search(text)), kinds.texts[0])
            raise ColumnError(
                f"rows of several sensors stand in this file: column `{name}` holds {shown}; choose one with --rows "
                f"{shlex.quote(f'{name}={chosen}')}."
            )
    for kinds in _cycles(times):
        if _are_sensors(times, accel, kinds, _SURE_JUMP_RATIO):
            raise ColumnError(
                f"rows of {len(kinds.texts)} sensors seem to follow one another in this file, and no column tells them "
                "apart; give a file for each, or add a column `sensor` of 1, 2 and choose with --rows sensor=1."
            )


def _kinds_of(name: str, texts: list[str]) -> Kinds | None:
    """Sort rows by the texts of a column; ``None`` if it holds one text or too many."""
    found, numbers = np.unique(np.array(texts), return_inverse=True)
    if not 2 <= len(found) <= _MOST_KINDS:
        return None
    return Kinds(name, tuple(found.tolist()), numbers.reshape(-1))


def _cycles(times: FloatArray) -> Iterator[Kinds]:
    """Sort rows by their position among rows of one stamp, and by their position in cycles of two to four rows."""
    rows = np.arange(len(times))
    starts = np.concatenate([[True], times[1:] != times[:-1]])
    place = rows - np.maximum.accumulate(np.where(starts, rows, 0))
    n_places = int(place.max()) + 1
    if 2 <= n_places <= _MOST_KINDS:
        yield Kinds("", tuple(map(str, range(n_places))), place)
    for cycle in (2, 3, 4):
        yield Kinds("", tuple(map(str, range(cycle))), rows % cycle)


def _are_sensors(times: FloatArray, accel: FloatArray, kinds: Kinds, jump_ratio: float) -> bool:
    """Whether rows are smooth and regular within each kind, and not between kinds."""
    numbers = kinds.numbers
    counts = np.bincount(numbers, minlength=len(kinds.texts))
    common = np.flatnonzero(counts >= _LEAST_SHARE * len(numbers))
    changes = numbers[1:] != numbers[:-1]
    if len(common) < 2 or np.mean(changes) < _LEAST_CHANGES:
        return False
    jumps = np.linalg.norm(np.diff(accel, axis=0), axis=1)
    # One of two sensors may move, so use the calmest.  Three changes in four must jump, not a few that fall on a knock.
    within = [np.median(np.linalg.norm(np.diff(accel[numbers == kind], axis=0), axis=1)) for kind in common.tolist()]
    if not min(within) < jump_ratio * float(np.quantile(jumps[changes], 0.25)):
        return False
    # Exact repetition is an artificial example or a hanging sensor, unless a column says otherwise.
    if not kinds.column and min(within) == 0:
        return False
    if _share_irregular(times) > _MOST_IRREGULAR and all(
        _share_irregular(times[numbers == kind]) <= _MOST_IRREGULAR for kind in common.tolist()
    ):
        return True
    are_equal = np.ptp(counts[common]) <= _EQUAL_SHARE * len(numbers)
    if not are_equal or not all(_goes_on_beside(times, numbers == kind) for kind in common.tolist()):
        return False
    return any(
        np.mean(numbers[cycle:] == numbers[:-cycle]) >= _CYCLE_SHARE
        for cycle in range(2, min(_LONGEST_CYCLE, len(numbers) // 3))
    )


def _goes_on_beside(times: FloatArray, is_kind: NDArray[np.bool_]) -> bool:
    """Whether the time of one kind takes no longer step across rows of another kind."""
    rows = np.flatnonzero(is_kind)
    steps, crosses = np.diff(times[rows]), np.diff(rows) > 1
    if crosses.all() or not crosses.any():
        return True
    usual = float(np.median(steps[~crosses]))
    # Rows of one packet may share a stamp, so their steps tell nothing.
    return usual <= 0 or float(np.median(steps[crosses])) <= _MOST_PASSED_RATIO * usual


def _share_irregular(times: FloatArray) -> float:
    """Share of the steps that are not close to the usual step."""
    steps = np.diff(times)
    forward = steps[steps > 0]
    if not len(forward):
        return 1.0
    usual = float(np.median(forward))
    return float(np.mean(np.abs(steps - usual) > _REGULAR_RATIO * usual))
