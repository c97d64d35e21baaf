"""The page is written from what was measured: its numbers are the evaluation's, and it names what nobody tried."""

from __future__ import annotations

import json
import re

import pytest

from clonus_sense.evaluation import Case, DetectedBout, ReferenceBout, match_case, score_cases
from clonus_sense.recording import write_recording
from clonus_sense.simulate import simulate_bout, write_truth
from tests.validation.validation import PAGE, main
from tests.validation.validation_page import write_signal_to_background


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Cases of two folds, one bout each and one of them too weak to be found, and a folder of one night."""
    root = tmp_path_factory.mktemp("validation")
    for folder, names in (("dev", ("a", "b", "weak")), ("nights", ("night",))):
        (root / folder).mkdir()
        index = []
        for fold, name in enumerate(names):
            made = simulate_bout(
                beats=12,
                frequency_hz=6.0 - 0.2 * fold,
                amplitude_g=0.0101 if name == "weak" else 0.3,
                fs_hz=52.0,
                seed=fold,
                lead_s=8.0,
                trail_s=8.0,
            )
            write_recording(root / folder / f"{name}.csv", made.info, made.times_s, made.accel_g)
            write_truth(root / folder / f"{name}.truth.csv", made.truth)
            index.append({"name": name, "class": "inj-rest", "recorded_s": 18.0, "fold": fold % 2, "tags": ["plain"]})
        (root / folder / "cases.json").write_text(json.dumps(index), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def page(folders):
    output = folders / "page.md"
    # One simulated night gives the fit something that is no bout.
    main([str(folders / "dev"), str(folders / "nights"), "--learned-nights", "1", "--output", str(output)])
    return output.read_text(encoding="utf-8")


def test_figures_are_those_of_the_cases(page):
    assert "| bouts of 5 beats or more found | 2 of 3 | 1 of 2 | 1 of 1 |" in page
    assert re.search(r"\| inj-rest \| 3 \| 0.0\d \| 3 \| 2 \| 0 \|", page)


def test_each_miss_is_listed(page):
    misses = page.split("## Every miss")[1]
    assert "| weak | " in misses
    assert "| a | " not in misses


def test_the_figure_lies_beside_the_page_that_shows_it(page, folders):
    [name] = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)
    assert (folders / name).read_bytes().startswith(b"\x89PNG")
    assert (PAGE.parent / name).read_bytes().startswith(b"\x89PNG")


def test_bouts_are_told_apart_by_signal_to_background_and_by_what_is_around_them(folders):
    def matched(case_class, number, level_db, *, is_found):
        bout = ReferenceBout(10.0, 12.0, beats=12, kind=f"dde|foot|plain|snr{level_db:+d}")
        case = Case(f"{case_class}{number}", case_class, (bout,), recorded_s=60.0)
        return match_case(case, (DetectedBout(10.0, 12.0),) if is_found else ())

    cases = [
        *(matched("inj-rest", number, 12, is_found=True) for number in range(4)),
        *(matched("inj-activity", number, 12, is_found=number == 0) for number in range(4)),
        matched("inj-activity", 9, -7, is_found=False),
    ]
    rows = write_signal_to_background(score_cases(cases)).splitlines()
    assert "| 10 to 20 | 4 of 4: 1.00 (0.47-1.00) | 1 of 4: 0.25 (0.00-0.50) |" in rows
    assert "| below -5 | - | 0 of 1: 0.00 |" in rows


def test_it_says_what_was_never_tried_and_how_to_repeat_it(page):
    assert "There is no clinical validation" in page
    assert "**never** tried" in page
    assert "python -m tests.validation.validation" in page


def test_the_page_of_the_package_has_the_shape_that_the_command_writes(page):
    headings = re.compile(r"^#+ .*$", re.MULTILINE)
    assert headings.findall(PAGE.read_text(encoding="utf-8")) == headings.findall(page)


def test_the_extract_in_the_readme_is_of_this_page():
    readme = (PAGE.parents[1] / "README.md").read_text(encoding="utf-8")
    page_text = PAGE.read_text(encoding="utf-8")
    [row] = re.findall(r"^\| bouts of 5 beats or more found \|(.*)\|$", page_text, re.MULTILINE)
    cases, _untouched, nights = (cell.strip() for cell in row.split("|"))
    assert f"{cases}: " in readme
    assert f"{nights}: " in readme
    for label in ("precision", "F1", "beats within 1"):
        [cells] = re.findall(rf"^\| {label} \|(.*)\|$", page_text, re.MULTILINE)
        assert cells.split("|")[0].strip() in readme.split("## How well it works")[1]
