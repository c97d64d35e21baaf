"""A new layout further down in a file: added or removed fields, found by the continuity of the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from clonus_sense.model import FloatArray
from clonus_sense.recording.rows import RowBlock, RowFormat, RowParser, StrangeLines

# Longest pause of a logger before it continues in another layout, in usual steps.
_LONGEST_PAUSE_STEPS = 1e6
# The columns keep their place unless the values continue this much better elsewhere.
_BETTER_RATIO = 0.25
_SAME_PACE = 0.5


def find_layout(row_format: RowFormat, strange: StrangeLines, before: RowBlock) -> RowFormat | None:
    """Find the columns in lines with another number of fields."""
    is_read = np.isfinite(before.times) & np.isfinite(before.accel).all(axis=1)
    times, accel = before.times[is_read][-50:], before.accel[is_read][-50:]
    if not len(times):
        return None
    steps = np.abs(np.diff(times))
    usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else 1.0
    found: list[tuple[float, float, RowFormat]] = []
    for candidate in _moved(row_format, len(strange.fields[0])):
        lines = "".join(candidate.separator.join(fields) + "\n" for fields in strange.fields)
        rows = RowParser(replace(candidate, quoted=False)).parse(lines.encode(), 1).rows
        if len(rows.times) and _goes_on(times, rows, usual, has_time=row_format.has_time):
            off = abs(float(np.diff(rows.times, prepend=times[-1]).mean()) / usual - 1) if row_format.has_time else 0.0
            found.append((off, float(np.abs(rows.accel - accel[-1]).mean()), candidate))
    if not found:
        return None
    # A counter also goes forward, but the time continues at its own pace.
    least_off = min(off for off, _, _ in found)
    paced = [(distance, candidate) for off, distance, candidate in found if off <= least_off + _SAME_PACE]
    best = min(distance for distance, _ in paced)
    # The first candidate leaves the columns in place.
    return next(candidate for distance, candidate in paced if _BETTER_RATIO * distance <= best + 1e-12)


def _goes_on(times: FloatArray, rows: RowBlock, usual: float, *, has_time: bool) -> bool:
    """Whether rows can follow these times."""
    if not (np.isfinite(rows.times).all() and np.isfinite(rows.accel).all()):
        return False
    steps = np.diff(rows.times, prepend=times[-1])
    return not has_time or bool((steps >= 0).all() and steps.max() > 0 and steps.max() <= _LONGEST_PAUSE_STEPS * usual)


def _moved(row_format: RowFormat, n_columns: int) -> Iterator[RowFormat]:
    """Yield layouts in which neighbouring fields were added or removed, beginning at the end of the line."""
    n_new = n_columns - row_format.n_columns
    for place in range(min(row_format.n_columns, n_columns), -1, -1):
        columns = [_moved_column(column, place, n_new) for column in row_format.columns]
        date = None if row_format.date_column is None else _moved_column(row_format.date_column, place, n_new)
        only = None if row_format.only is None else _moved_column(row_format.only[0], place, n_new)
        if None in columns or (date is None) != (row_format.date_column is None):
            continue
        if (only is None) != (row_format.only is None):
            continue
        time, x, y, z = (column for column in columns if column is not None)
        yield replace(
            row_format,
            n_columns=n_columns,
            columns=(time, x, y, z),
            date_column=date,
            only=None if only is None or row_format.only is None else (only, row_format.only[1]),
        )


def _moved_column(column: int, place: int, n_new: int) -> int | None:
    """Position of a column after fields were added or removed at a place; ``None`` if the column is gone."""
    if column < place:
        return column
    return None if column < place - n_new else column + n_new
