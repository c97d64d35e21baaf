"""Figures and limits stand in one place; whatever repeats them says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import clonus_sense
from clonus_sense.detection import verdict
from clonus_sense.model import HIGH_CONFIDENCE, MEDIUM_CONFIDENCE

ROOT = Path(__file__).parents[1]
PACKAGE = Path(clonus_sense.__file__).parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
VALIDATION = (ROOT / "docs" / "VALIDATION.md").read_text(encoding="utf-8")

# Middle of the accepted band, with which limits in beats are told in seconds.
BAND_MIDDLE_HZ = 6


def documents_that_say(pattern):
    """Each match of a pattern in what people read, with the name of the document."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in DOCUMENTS}
    texts |= {
        str(path.relative_to(PACKAGE)): re.sub(r'"\s*\n\s*"', "", path.read_text(encoding="utf-8"))
        for path in PACKAGE.rglob("*.py")
    }
    # Line breaks of the documents are no part of their sentences.
    return [(name, match) for name, text in texts.items() for match in re.finditer(pattern, " ".join(text.split()))]


def row(table_of, label):
    """Cells of the row with this label in the first table that has one."""
    found = re.search(rf"^\| (?:…|\*\*| )*{re.escape(label)}[^|]*\|(.*)\|$", table_of, flags=re.MULTILINE)
    assert found is not None, f"no row {label}"
    return [[float(number) for number in re.findall(r"\d+(?:\.\d+)?", cell)] for cell in found.group(1).split("|")]


ROWS_OF_THE_EXTRACT = {
    "bouts of 5 beats or more found": ("bouts of 5 beats or more found", "sensitivity"),
    "on quiet background": ("on quiet background",),
    "while walking": ("inside walking, stairs, exercise",),
    "precision, F1": ("precision", "F1"),
    "false alarms per 8 h": ("false per 8 h",),
    "onset error": ("onset error",),
    "offset error": ("offset error",),
    "frequency error": ("frequency error",),
    "beats within 1": ("beats within 1",),
}


@pytest.mark.parametrize("label", ROWS_OF_THE_EXTRACT)
def test_the_page_of_accuracy_repeats_the_figures_of_the_validation_page(label):
    extract = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    sources = [row(VALIDATION, name) for name in ROWS_OF_THE_EXTRACT[label]]
    # The page has a column for fold 0 between the two that the README takes.
    for cell, column in zip(row(extract, label), (0, 2), strict=True):
        known = {round(number, digits) for source in sources for number in source[column] for digits in (1, 2, 3)}
        # "90 % interval", "95 %" and the like are no figures.
        assert set(cell) - {90.0, 95.0} <= known


def test_every_document_counts_the_same_hours_of_cases():
    [hours] = re.findall(r"\| cases, hours \| \d+, (\d+\.\d) h", VALIDATION)
    said = documents_that_say(r"(?:209 cases, |measured on is )(\d+(?:\.\d)?) h")
    assert len(said) >= 2
    assert {match.group(1) for _, match in said} == {hours}


def test_every_text_names_the_levels_of_confidence_as_they_are():
    said = documents_that_say(r"high \(?from (\d\.\d+)\)?, medium \(?from (\d\.\d+)\)?(?: or low|, low from (\d\.\d+))")
    assert len(said) >= 3
    for name, match in said:
        high, medium, low = match.groups()
        assert (float(high), float(medium)) == (HIGH_CONFIDENCE, MEDIUM_CONFIDENCE), name
        assert low is None or float(low) == verdict.LEAST_CONFIDENCE, name


def test_the_classes_name_the_limits_of_uncertain_as_they_are():
    classes = " ".join((ROOT / "docs" / "detection.md").read_text(encoding="utf-8").split())
    steady_s, wavering_s = verdict.METRONOME_BEATS / BAND_MIDDLE_HZ, verdict.WAVERING_BEATS / BAND_MIDDLE_HZ
    assert f"as steady as a machine for {steady_s:.0f} s or longer" in classes
    assert f"bounced on purpose for {wavering_s:.0f} s or longer" in classes
    assert (
        f"weak as tremor ({verdict.TREMOR_G * 1000:.0f} mg) and fast (from {verdict.FAINT_HZ} Hz below "
        f"{verdict.FAINT_G * 1000:.0f} mg, from {verdict.TREMOR_HZ} Hz above)"
    ) in classes
