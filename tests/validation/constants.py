"""Counts the numbers that the detection was set with: fewer numbers leave less to tune.

``python -m tests.validation.constants [FOLDER]`` prints, for each module, the numbers that its constants hold and the
numbers that its comparisons hold.  0, 1, -1 and 2 in comparisons are structure, and so are the arguments of a
constructor with names, such as fitted weights.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

DETECTION = Path(__file__).parents[2] / "clonus_sense" / "detection"
STRUCTURE = (-1, 0, 1, 2)


def count_constants(source: str) -> int:
    """Count the numbers of a module's constants and comparisons.

    Examples
    --------
    >>> count_constants("LIMITS_HZ = (2.8, 11.0)")
    2
    >>> count_constants("def is_slow(rate_hz): return 0 < rate_hz < 3.5")
    1
    """
    module = ast.parse(source)
    constants = [node.value for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign) and node.value]
    n_constants = sum(1 for value in constants if not isinstance(value, ast.Call) for _ in _find_numbers(value))
    comparisons = [node for node in ast.walk(module) if isinstance(node, ast.Compare)]
    compared = [
        number for node in comparisons for side in (node.left, *node.comparators) for number in _find_numbers(side)
    ]
    return n_constants + sum(number not in STRUCTURE for number in compared)


def _find_numbers(node: ast.AST) -> Iterator[float]:
    """Find the numbers of an expression; those inside a call or an index belong to the call."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield node.value
    elif not isinstance(node, ast.Call | ast.Subscript):
        for child in ast.iter_child_nodes(node):
            yield from _find_numbers(child)


def main() -> None:
    """Print the number of each module and of all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DETECTION
    counts = {path: count_constants(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    for path, count in counts.items():
        if count:
            sys.stdout.write(f"{count:4d}  {path.relative_to(folder)}\n")
    sys.stdout.write(f"{sum(counts.values()):4d}  in all\n")


if __name__ == "__main__":
    main()
