"""Imports point one way, and importing one part never pulls in another's libraries."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import clonus_sense
from clonus_sense.cli import commands

PACKAGE = Path(clonus_sense.__file__).parent

# Small modules below everything, which import nothing of ours.
BELOW_ALL = {"files", "terms", "version"}

# What each part of the package may import of the others.  A new part gets its line here, as high up as it can stand.
MAY_IMPORT = {
    "errors": set(),
    "model": set(),
    "rounding": {"model"},
    "lost_samples": {"model"},
    "stretches": {"lost_samples", "model"},
    "config": {"errors", "model"},
    "i18n": {"errors"},
    "lazy": set(),
    "files": set(),
    "terms": set(),
    "version": set(),
    "showable": set(),
    "zones": set(),
    "detection": {"config", "errors", "model"},
    "activity": {"model"},
    "sensors": {"errors", "i18n", "model", "rounding", "stretches"},
    # The only two parts that know bleak.
    "sensors.link": {"errors", "i18n", "model", "sensors"},
    "sensors.virtual": {"errors", "model", "sensors", "sensors.link"},
    "recording": {"errors", "model", "rounding", "showable", "stretches", "zones"},
    "recorder": {"config", "detection", "errors", "i18n", "model", "recording", "sensors", "sensors.link"},
    "simulate": {"errors", "model"},
    # Hours of a case are measured in its recording, whose unit is checked as the detector does.
    "evaluation": {"detection", "errors", "model", "recording"},
    "library": {"activity", "config", "errors", "model", "showable"},
    "night": {"errors", "model"},
    "trends": {"night"},
    "host": {"errors", "i18n"},
    # What a baseline night suggests are settings.
    "review": {"activity", "config", "errors", "library", "model", "night", "showable", "trends"},
    "report": {"activity", "config", "errors", "i18n", "library", "model", "night", "review", "trends"},
    # What an evaluation looks like.
    "report.scores": {"errors", "evaluation", "i18n", "model", "report"},
    "export": {"errors", "i18n", "library", "model", "night", "recording", "review", "showable"},
    "workflows": {
        "rounding",
        "activity",
        "config",
        "detection",
        "errors",
        "i18n",
        "lazy",
        "library",
        "model",
        "files",
        "recorder",
        "recording",
        "report",
        "review",
        "sensors",
        "sensors.link",
        "sensors.virtual",
        "showable",
        "simulate",
    },
    # The app may use everything below the command line, which alone opens it.
    "app": {
        "activity",
        "config",
        "errors",
        "export",
        "host",
        "i18n",
        "library",
        "model",
        "night",
        "recorder",
        "recording",
        "report",
        "review",
        "sensors",
        "sensors.link",
        "trends",
        "workflows",
        "showable",
    },
    # What the commands share knows none of them.
    "cli.console": {
        "config",
        "errors",
        "evaluation",
        "host",
        "i18n",
        "library",
        "model",
        "night",
        "recording",
        "recorder",
        "report",
        "report.scores",
        "review",
        "sensors",
        "sensors.link",
        "workflows",
        "showable",
    },
    "cli.verbs": {
        "app",
        "cli.console",
        "config",
        "detection",
        "errors",
        "evaluation",
        "export",
        "host",
        "i18n",
        "library",
        "model",
        "night",
        "recording",
        "recorder",
        "report",
        "review",
        "sensors",
        "sensors.link",
        "workflows",
        "simulate",
    },
    "cli": {"cli.console", "cli.verbs", "errors", "i18n"},
    "__main__": {"cli"},
    # Public names alone, loaded when they are used.
    "__init__": {"config", "detection", "errors", "evaluation", "lazy", "model", "recording", "workflows", "simulate"},
}

# Libraries of parts that must run anywhere a signal has to be looked at.
MAY_IMPORT_LIBRARIES = {
    "errors": set(),
    "model": {"numpy"},
    "rounding": {"numpy"},
    "lost_samples": {"numpy"},
    "stretches": {"numpy"},
    "config": set(),
    "i18n": set(),
    "lazy": set(),
    "files": set(),
    "terms": set(),
    "version": set(),
    "showable": set(),
    "zones": {"tzlocal"},
    "detection": {"numpy", "scipy"},
    "activity": {"numpy"},
    "sensors": {"numpy"},
    "sensors.link": {"bleak"},
    "sensors.virtual": {"bleak", "numpy"},
    "simulate": {"numpy", "scipy"},
    "evaluation": {"edfio", "numpy", "scipy"},
    "library": {"numpy", "platformdirs"},
    "night": set(),
    "trends": set(),
    "review": set(),
    "host": {"tzlocal"},
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """First name below the package: the folder, or the module itself; a folder in it that stands in the table."""
    return part_of_name([name.removesuffix(".py") for name in path.relative_to(PACKAGE).parts])


def part_of_name(names: list[str]) -> str:
    """Part of a module whose name below the package has these pieces."""
    inner = ".".join(names[:2])
    return inner if inner in MAY_IMPORT else names[0]


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
    names = {name for name in imported_modules(path) if name.startswith("clonus_sense.")}
    others = {part_of_name(name.split(".")[1:]) for name in names}
    # Everything may use the words, write files and say its version: these know nothing of the others.
    others -= {part, *BELOW_ALL}
    assert others <= MAY_IMPORT[part], f"{part} must not import {', '.join(sorted(others - MAY_IMPORT[part]))}"


VERBS = sorted(path for path in (PACKAGE / "cli" / "verbs").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("path", VERBS, ids=lambda path: path.stem)
def test_no_verb_imports_a_verb(path):
    verbs = {name for name in imported_modules(path) if name.startswith("clonus_sense.cli.verbs")}
    assert not verbs, "put what two verbs share into cli/console"


def test_each_verb_has_a_module_of_its_name_and_nothing_else_lies_beside_them():
    assert {path.stem.replace("_", "-") for path in VERBS} == set(commands.commands)
    for name, command in commands.commands.items():
        assert command.callback.__module__ == f"clonus_sense.cli.verbs.{name.replace('-', '_')}"


def test_table_of_imports_has_no_circle():
    # Each part stands below all that it imports, so an order must exist.
    placed = set()
    while len(placed) < len(MAY_IMPORT):
        next_ones = {part for part, others in MAY_IMPORT.items() if part not in placed and others <= placed}
        assert next_ones, f"these import each other: {sorted(set(MAY_IMPORT) - placed)}"
        placed |= next_ones


def test_no_modules_import_each_other():
    # Wherever in a module, and for the type checker alone, too: who reads one of them need not read the other.
    names = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in MODULES}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    imported = {
        name: {
            module if module in names else module.rpartition(".")[0]
            for module in imported_modules(path)
            if module.startswith("clonus_sense.")
        }
        for name, path in names.items()
    }
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize(
    "path", [path for path in MODULES if part_of(path) in MAY_IMPORT_LIBRARIES], ids=lambda path: path.name
)
def test_signal_parts_need_few_libraries(path):
    libraries = {name.split(".")[0] for name in imported_modules(path)}
    libraries -= {*sys.stdlib_module_names, "clonus_sense", "_typeshed"}
    assert libraries <= MAY_IMPORT_LIBRARIES[part_of(path)]


# Of Python itself, what a third of the answer to `--help` went into; `email` comes with importlib.metadata.
SLOW_TO_START = ("asyncio", "email", "ssl")


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
        (
            "import clonus_sense.sensors",
            {"bleak", "asyncio", "scipy", "pandas", "matplotlib", "sqlite3", "pyarrow", "click", "rich"},
        ),
        ("import clonus_sense.simulate", {"bleak", "pandas", "matplotlib", "sqlite3", "pyarrow", "click"}),
        ("import clonus_sense.sensors", {"bleak", "asyncio", "scipy", "pandas", "matplotlib", "pyarrow", "click"}),
        ("import clonus_sense.sensors.link", {"scipy", "pandas", "matplotlib", "pyarrow", "click", "rich", "bumble"}),
        ("import clonus_sense.recording", {"bleak", "matplotlib", "sqlite3", "click", "rich"}),
        ("import clonus_sense.library", {"bleak", "scipy", "pandas", "matplotlib", "pyarrow", "click", "rich"}),
        (
            "import clonus_sense.night",
            {"bleak", "scipy", "pandas", "matplotlib", "sqlite3", "pyarrow", "click", "rich"},
        ),
        ("import clonus_sense.evaluation", {"bleak", "matplotlib", "sqlite3", "click", "rich", "edfio"}),
        (
            "from clonus_sense.cli import run\nassert run(['--help']) == 0",
            {"numpy", "scipy", "pandas", "matplotlib", "pyarrow", "rich", *SLOW_TO_START},
        ),
        (
            "from clonus_sense.cli import run\nassert run(['record', '--help']) == 0",
            {"numpy", "scipy", "pandas", "matplotlib", "pyarrow", "rich", *SLOW_TO_START},
        ),
        (
            "from clonus_sense.cli import run\nassert run(['detect', '--help']) == 0",
            {"numpy", "scipy", "pandas", "matplotlib", "pyarrow", "rich", *SLOW_TO_START},
        ),
        (
            "from clonus_sense.cli import run\nassert run(['export', '--help']) == 0",
            {"numpy", "scipy", "pandas", "matplotlib", "pyarrow", "rich", "sqlite3", *SLOW_TO_START},
        ),
        # What the lines about nights are made of; only a page that is written draws.
        ("import clonus_sense.cli.console.night_lines", {"bleak", "scipy", "pandas", "matplotlib", "pyarrow", "rich"}),
        ("import clonus_sense.export", {"bleak", "matplotlib", "click", "rich", "edfio"}),
        # Every verb that knows a night asks for something here; only a page that is written draws.
        (
            "from clonus_sense.workflows import PageChoices, find_pages",
            {"bleak", "scipy", "pandas", "matplotlib", "pyarrow", "click", "rich", "asyncio"},
        ),
        (
            "from clonus_sense.recorder import NightRecorder\nfrom clonus_sense.workflows import settings_of_person",
            {"pandas", "matplotlib", "click", "rich", "bumble"},
        ),
        ("import clonus_sense.workflows.demonstration", {"pandas", "matplotlib", "click", "rich", "bumble"}),
    ],
    ids=[
        "package",
        "detection",
        "activity",
        "sensors",
        "simulate",
        "sensors",
        "link",
        "recording",
        "library",
        "night",
        "evaluation",
        "help",
        "record-help",
        "detect-help",
        "export-help",
        "night-lines",
        "export",
        "page-files",
        "record",
        "demo",
    ],
)
def test_importing_one_part_leaves_the_libraries_of_others_alone(code, absent):
    assert not libraries_after(code) & absent
