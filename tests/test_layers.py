"""Imports point one way, and importing one part never pulls in another's libraries."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import clonus_sense

PACKAGE = Path(clonus_sense.__file__).parent

# What each part of the package may import of the others.  A new part gets its line here, as high up as it can stand.
MAY_IMPORT = {
    "errors": set(),
    "model": set(),
    "config": {"errors", "model"},
    "i18n": {"errors"},
    "detection": {"config", "errors", "model"},
    "activity": {"model"},
    "recording": {"errors", "model"},
    # Only the module that makes the sample files writes recordings.
    "simulate": {"errors", "model", "recording"},
    # Hours of a case are measured in its recording; the fitting of the verdict's weights runs the detector.
    "evaluation": {"config", "detection", "errors", "model", "recording", "simulate"},
    "library": {"config", "errors", "model"},
    "night": {"errors", "model"},
    "report": {"config", "errors", "i18n", "model"},
    "session": {"config", "detection", "errors", "model", "recording", "report"},
    "cli": {
        "config",
        "detection",
        "errors",
        "evaluation",
        "i18n",
        "model",
        "recording",
        "report",
        "session",
        "simulate",
    },
    "__main__": {"cli"},
    # Public names alone, loaded when they are used.
    "__init__": {"config", "detection", "errors", "evaluation", "model", "recording", "session", "simulate"},
}

# Libraries of parts that must run anywhere a signal has to be looked at.
MAY_IMPORT_LIBRARIES = {
    "errors": set(),
    "model": {"numpy"},
    "config": set(),
    "i18n": set(),
    "detection": {"numpy", "scipy"},
    "activity": {"numpy"},
    "simulate": {"numpy", "scipy"},
    "evaluation": {"numpy", "scipy"},
    "library": {"numpy", "platformdirs"},
    "night": set(),
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """First name below the package: the folder, or the module itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(path: Path) -> set[str]:
    """Full names of all that a module imports, wherever in it, the type checker's imports included."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the whole name of the module"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    part = part_of(path)
    assert part in MAY_IMPORT, f"say in MAY_IMPORT where {part} stands"
    others = {name.split(".")[1] for name in imported_modules(path) if name.startswith("clonus_sense.")}
    # `from clonus_sense import __version__` names no part.
    others -= {part, "__version__"}
    assert others <= MAY_IMPORT[part], f"{part} must not import {', '.join(sorted(others - MAY_IMPORT[part]))}"


def test_table_of_imports_has_no_circle():
    # Each part stands below all that it imports, so an order must exist.
    placed = set()
    while len(placed) < len(MAY_IMPORT):
        next_ones = {part for part, others in MAY_IMPORT.items() if part not in placed and others <= placed}
        assert next_ones, f"these import each other: {sorted(set(MAY_IMPORT) - placed)}"
        placed |= next_ones


@pytest.mark.parametrize(
    "path", [path for path in MODULES if part_of(path) in MAY_IMPORT_LIBRARIES], ids=lambda path: path.name
)
def test_signal_parts_need_few_libraries(path):
    libraries = {name.split(".")[0] for name in imported_modules(path)}
    libraries -= {*sys.stdlib_module_names, "clonus_sense", "_typeshed"}
    assert libraries <= MAY_IMPORT_LIBRARIES[part_of(path)]


def libraries_after(*arguments: str) -> set[str]:
    """Top names of all modules that a new interpreter holds after running something."""
    report = "import sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    result = subprocess.run(
        [sys.executable, "-c", f"{arguments[0]}\n{report}"], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split("\n")[-2].split())


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import clonus_sense", {"numpy", "scipy", "pandas", "matplotlib", "pyarrow", "click", "rich"}),
        (
            "import clonus_sense.detection",
            {"bleak", "pandas", "matplotlib", "sqlite3", "pyarrow", "click", "rich", "asyncio"},
        ),
        ("import clonus_sense.activity", {"bleak", "scipy", "pandas", "matplotlib", "sqlite3", "pyarrow", "click"}),
        ("import clonus_sense.simulate", {"bleak", "pandas", "matplotlib", "sqlite3", "pyarrow", "click"}),
        ("import clonus_sense.recording", {"bleak", "matplotlib", "sqlite3", "click", "rich"}),
        ("import clonus_sense.library", {"bleak", "scipy", "pandas", "matplotlib", "pyarrow", "click", "rich"}),
        (
            "import clonus_sense.night",
            {"bleak", "scipy", "pandas", "matplotlib", "sqlite3", "pyarrow", "click", "rich"},
        ),
        ("import clonus_sense.evaluation", {"bleak", "matplotlib", "sqlite3", "click", "rich"}),
        (
            "from clonus_sense.cli import run\nassert run(['--help']) == 0",
            {"numpy", "scipy", "pandas", "matplotlib", "pyarrow", "rich"},
        ),
        (
            "from clonus_sense.cli import run\nassert run(['detect', '--help']) == 0",
            {"numpy", "scipy", "pandas", "matplotlib", "pyarrow", "rich"},
        ),
    ],
    ids=[
        "package",
        "detection",
        "activity",
        "simulate",
        "recording",
        "library",
        "night",
        "evaluation",
        "help",
        "detect-help",
    ],
)
def test_importing_one_part_leaves_the_libraries_of_others_alone(code, absent):
    assert not libraries_after(code) & absent
