"""The tests pass on a fresh machine on any day: their versions are pinned, those of users are not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
CONSTRAINTS = ".ci/constraints.txt"


def command_lines():
    """The two command lines of the README's first fenced block."""
    block = re.search(r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert block is not None
    return block.group(1).strip().split("\n")


def required():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in [*project["dependencies"], *extras] if not line.startswith("clonus-sense")]


def pinned():
    lines = (ROOT / CONSTRAINTS).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def test_the_test_line_is_pinned_and_the_users_line_is_not():
    users, tests = command_lines()
    assert f"-c {CONSTRAINTS}" in tests
    assert CONSTRAINTS not in users


def test_ci_installs_with_the_same_pins():
    installs = [line for line in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines() if "pip install" in line]
    assert installs
    assert all(f"-c {CONSTRAINTS}" in line for line in installs)


@pytest.mark.parametrize("requirement", required(), ids=lambda requirement: requirement.name)
def test_each_dependency_is_pinned_to_a_version_that_the_project_allows(requirement):
    version = pinned()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version), f"run .ci/pin: {requirement} does not allow {version}"
