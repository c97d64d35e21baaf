"""A trial: something hostile that is done to the program many times, each time a little differently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt did.

    Parameters
    ----------
    says
        In a few words without numbers of this attempt alone: equal words are counted together.
    holds
        Whether that is what the program promises.
    detail
        What helps to understand a fault; stands in the results alone.
    """

    says: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One line of the table.

    Parameters
    ----------
    key
        Its name on the command line.
    tried
        What was tried, for the table.
    n_attempts
        How often.
    attempt
        Does it once, with the number of the attempt (from 0; also the seed of all chance in it) and an empty folder.
    """

    key: str
    tried: str
    n_attempts: int
    attempt: Callable[[int, Path], Outcome]
