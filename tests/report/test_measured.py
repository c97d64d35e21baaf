"""What every page says about the detector is what was measured."""

import re
from pathlib import Path

from clonus_sense.report.measured import MEASURED

PAGE = (Path(__file__).parents[2] / "docs" / "VALIDATION.md").read_text(encoding="utf-8")


def number(pattern):
    [found] = re.findall(pattern, PAGE)
    return float(found)


def test_the_figures_of_the_page_of_a_night_are_those_of_the_validation():
    assert number(r"\| on quiet background \| \d+ of \d+: (\d\.\d+) ") == MEASURED.found_ratio
    pattern = r"\| \*\*inside walking, stairs, exercise\*\* \| \d+ of \d+: (\d\.\d+) "
    assert number(pattern) == MEASURED.found_in_movement_ratio
    assert number(r"\| false per 8 h \| (\d+\.\d+) ") == MEASURED.daily_life_per_8h
    assert number(r"\| cases, hours \| \d+, (\d+\.\d) h") == MEASURED.daily_life_h
    assert number(r"nights, (\d+) h measured") == MEASURED.night_h
    assert number(r"False: \d+, (\d+\.\d+) per 8 h") == MEASURED.night_per_8h
