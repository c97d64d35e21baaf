"""The public names of the package: listed, sorted, there, and no others."""

import subprocess
import sys

import pytest

import clonus_sense


def test_names_are_sorted_and_listed_once():
    assert clonus_sense.__all__ == sorted(set(clonus_sense.__all__))


@pytest.mark.parametrize("name", clonus_sense.__all__)
def test_name_is_there_and_documented(name):
    value = getattr(clonus_sense, name)
    assert value.__name__ == name
    assert value.__module__.startswith("clonus_sense.")
    assert value.__doc__


def test_every_name_can_be_seen_before_it_is_used():
    code = "import clonus_sense; print(sorted(set(clonus_sense.__all__) - set(dir(clonus_sense))))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_star_import_brings_exactly_the_public_names():
    names = {}
    exec("from clonus_sense import *", names)  # A star import stands only at the top of a module.
    assert sorted(set(names) - {"__builtins__"}) == clonus_sense.__all__


def test_unknown_name_is_an_attribute_error_that_names_it():
    with pytest.raises(AttributeError, match="'clonus_sense' has no attribute 'detekt'"):
        clonus_sense.detekt  # noqa: B018


def test_version_is_that_of_the_installed_package():
    from importlib.metadata import version  # noqa: PLC0415

    assert clonus_sense.__version__ == version("clonus-sense")
