"""Words and names of files are typed once, and everything else takes them from there."""

import ast
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

import clonus_sense
from clonus_sense import files, terms

PACKAGE = Path(clonus_sense.__file__).parent
VOCABULARIES = [one for one in vars(terms).values() if isinstance(one, type) and issubclass(one, StrEnum)]
VOCABULARIES.remove(StrEnum)
SUFFIXES = {value for name, value in vars(files).items() if name.endswith("_SUFFIX")}


@cache
def literals():
    """Each list, tuple or set, and each text, that is written out in the package, with its place."""
    kinds = ast.List | ast.Tuple | ast.Set | ast.Constant
    found = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [(path, node) for node in ast.walk(tree) if isinstance(node, kinds)]
    return found


def words_in(node):
    """The words of a list."""
    parts = getattr(node, "elts", ())
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: one.__name__)
def test_no_list_of_words_is_typed_a_second_time(vocabulary):
    typed = [f"{path}:{node.lineno}" for path, node in literals() if len(words_in(node) & set(vocabulary)) > 2]
    assert not typed, f"take them from terms.{vocabulary.__name__}"


def test_no_name_of_a_file_is_typed_a_second_time():
    # Docstrings and help say such a name inside a sentence.
    typed = [
        f"{path}:{node.lineno}"
        for path, node in literals()
        if path != Path(files.__file__) and str(getattr(node, "value", "")).endswith(tuple(SUFFIXES))
    ]
    assert len(SUFFIXES) == 5
    assert not typed, "take it from files"
