"""Browser modules as one script: each before those that import it, and no name of one hides a name of another."""

import re

import pytest

from clonus_sense.report.pages.kit import browser_script

ENTRIES = ("night_page.js", "blind.js")
DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("entry", ENTRIES)
def test_joined_modules_import_nothing_and_declare_each_name_once(entry):
    script = browser_script(entry)
    assert not re.search(r"^(?:import|export) ", script, re.MULTILINE)
    names = DECLARED.findall(script)
    assert len(names) > 10
    assert sorted(names) == sorted(set(names))


def test_a_module_stands_before_those_that_import_it():
    script = browser_script("night_page.js")
    assert (
        script.index("function pageData(")
        < script.index("function showChart(")
        < script.index("function startMovements(")
    )
