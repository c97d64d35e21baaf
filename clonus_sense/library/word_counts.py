"""Numbers of annotations, markers and corrections of recordings, so that a deletion can report them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple, dataclass

from clonus_sense.library.store import Library
from clonus_sense.terms import Verdict

_ON_MOVEMENTS = tuple(verdict.value for verdict in Verdict if verdict.is_about_movement)
_ON_WEAR = (Verdict.WORN.value, Verdict.NOT_WORN.value)


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Numbers of statements of people about recordings, by kind.

    Parameters
    ----------
    on_movements
        Verdicts on movements, including replaced ones.
    on_wear
        Answers about wear.
    on_rest
        Corrections of the rest window.
    notes
        Notes without a verdict, and withdrawals.
    corrections
        Corrections of the start, and moves to another person or leg.
    markers
        Marked moments.
    baselines
        Marks of baseline nights.
    """

    on_movements: int = 0
    on_wear: int = 0
    on_rest: int = 0
    notes: int = 0
    corrections: int = 0
    markers: int = 0
    baselines: int = 0

    @property
    def total(self) -> int:
        """Sum of all kinds."""
        return sum(astuple(self))


def count_words(library: Library, recording_ids: Collection[int]) -> WordCounts:
    """Count the statements of people about recordings.

    Parameters
    ----------
    recording_ids
        Recordings in the bin or not.
    """
    numbers = tuple(recording_ids)
    where = f"WHERE recording_id IN ({', '.join('?' * len(numbers))})"
    with library.reading() as connection:
        verdicts = [row["verdict"] for row in connection.execute(f"SELECT verdict FROM annotations {where}", numbers)]
        n_rows = {
            table: connection.execute(f"SELECT count(*) FROM {table} {where}", numbers).fetchone()[0]
            for table in ("start_corrections", "moves", "markers", "baselines")
        }
    on_movements = sum(verdict in _ON_MOVEMENTS for verdict in verdicts)
    on_wear = sum(verdict in _ON_WEAR for verdict in verdicts)
    on_rest = verdicts.count(Verdict.REST.value)
    return WordCounts(
        on_movements=on_movements,
        on_wear=on_wear,
        on_rest=on_rest,
        notes=len(verdicts) - on_movements - on_wear - on_rest,
        corrections=n_rows["start_corrections"] + n_rows["moves"],
        markers=n_rows["markers"],
        baselines=n_rows["baselines"],
    )
