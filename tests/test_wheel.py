"""The wheel holds the product alone: each of its modules is reached from a public name or from the command line."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import clonus_sense

ROOT = Path(__file__).parents[1]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]


def name_of(path: Path) -> str:
    """Full name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


# hatch packs these folders whole.
FOLDERS = BUILD["targets"]["wheel"]["packages"]
MODULES = {name_of(path): path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))}
# Python starts the second one with `python -m clonus_sense`.
DOORS = {"clonus_sense.cli", "clonus_sense.__main__"}


@cache
def names_from(module: str) -> tuple[tuple[str, str], ...]:
    """All that a module imports of ours, wherever in it: the module and the name in it, empty for all of it."""
    found = []
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.module, alias.name) for alias in node.names]
    return tuple((module, name) for module, name in found if module in MODULES)


def home_of(module: str, name: str) -> str:
    """The module in which an imported name is made; a package that only passes it on does not count."""
    if f"{module}.{name}" in MODULES:
        return f"{module}.{name}"
    if MODULES[module].name != "__init__.py":
        return module
    passed_on = [(source, given) for source, given in names_from(module) if given == name]
    return home_of(*passed_on[0]) if passed_on else module


def test_every_module_of_the_wheel_is_reached_from_a_public_name_or_a_command():
    reached = set()
    # A package runs what it needs itself; what it only passes on must be asked for.
    waiting = {home_of("clonus_sense", name) for name in clonus_sense.__all__} | DOORS | {"clonus_sense.lazy"}
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting |= {home_of(*one) for one in names_from(module)} - reached
    assert {name for name, path in MODULES.items() if path.name != "__init__.py"} - reached == set()
