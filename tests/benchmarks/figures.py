"""Figures: what was measured against what, under which limit, and the table of all of them."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Parameters
    ----------
    name
        What was measured.
    ratio
        How many times the reference's cost.
    limit
        The largest ratio that is accepted.
    reference
        What it was held against.
    absolute
        The same as a quantity with its unit, which belongs to this machine alone.
    """

    name: str
    ratio: float
    limit: float
    reference: str
    absolute: str

    def row(self) -> str:
        """A row of a Markdown table."""
        return f"| {self.name} | {self.ratio:.2f} | {self.limit:g} | {self.reference} | {self.absolute} |"


@dataclass(frozen=True)
class Comparison:
    """Median of the pairs' ratios, and of the work's own seconds."""

    ratio: float
    work_s: float


def compare(
    work: Callable[[], object],
    reference: Callable[[], object],
    *,
    n_pairs: int,
    clock: Callable[[], float] = time.process_time,
) -> Comparison:
    """Time two pieces of work in turn and hold each round against the references on both sides of it.

    Neighbours on the same machine slow both alike; the median leaves out a round in which only one was hit.  The clock
    counts this process' own work and not the wait for a busy machine.
    """
    works_s: list[float] = []
    references_s = [_time(reference, clock)]
    for _ in range(n_pairs):
        works_s.append(_time(work, clock))
        references_s.append(_time(reference, clock))
    ratios = [
        2.0 * work_s / (before_s + after_s)
        for work_s, before_s, after_s in zip(works_s, references_s, references_s[1:], strict=False)
    ]
    return Comparison(median(ratios), median(works_s))


def _time(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start_s = clock()
    work()
    return clock() - start_s


def table(figures: list[Figure]) -> str:
    """All figures as a Markdown table, with the machine that the absolute ones belong to."""
    head = ["| what | ratio | limit | of | on this machine |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(figure.row() for figure in figures), "", describe_machine()])


def describe_machine() -> str:
    """Processor, system and the versions that do the work."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "pandas", "pyarrow"))
    return f"{_processor()}; {platform.platform(terse=True)}; Python {platform.python_version()}, {libraries}."


def _processor() -> str:
    """Name of the processor; only Linux keeps it where Python does not look."""
    names = Path("/proc/cpuinfo")
    if names.exists():
        for line in names.read_text().splitlines():
            if line.startswith(("model name", "Model")):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
