"""``page`` with several nights: which are chosen, where the page lies, and what is refused."""

import re
from pathlib import Path

import pytest

from clonus_sense.library import Library
from tests.review.made import MadeLeg, add_leg, at


@pytest.fixture
def filled(library_path):
    """Six nights of P07, and one of P08."""
    library_path.parent.mkdir(parents=True)
    with Library.open(library_path) as library:
        for day in range(1, 7):
            add_leg(library, MadeLeg(start=f"2026-11-{day:02d} 22:00", episodes=(at(2.0),)))
        add_leg(library, MadeLeg(start="2026-11-03 22:00", person="P08"))


def nights_on(page):
    [table] = re.findall(r'<table class="listed">.*?<tbody>(.*?)</tbody>', Path(page).read_text(encoding="utf-8"), re.S)
    return re.findall(r"<td>(?:<a [^>]*>)?(\S+) \(", table)


@pytest.mark.parametrize(
    ("choice", "days"),
    [
        (("--since", "2026-11-04"), (6, 5, 4)),
        (("--since", "2026-11-02", "--until", "2026-11-03"), (3, 2)),
        (("--last", "2"), (6, 5)),
        (("--until", "2026-11-05", "--last", "1"), (5,)),
    ],
)
def test_dates_and_a_number_choose_the_nights(run, filled, choice, days):
    code, [page], errors = run("page", "--person", "P07", *choice)
    assert (code, errors.count("not a medical device")) == (0, 1)
    assert nights_on(page) == [f"2026-11-{day:02d}" for day in days]


def test_the_page_lies_beside_those_of_the_nights_is_private_and_leads_to_them(run, filled, library_path, tmp_path):
    [night] = run("page", "2026-11-05", "--person", "P07")[1]
    [page] = run("page", "--person", "P07", "--since", "2026-11-04", "--lang", "ja")[1]
    assert Path(page) == library_path.parent / "pages" / "P07" / "nights_2026-11-04_2026-11-06.ja.html"
    assert Path(page).stat().st_mode & 0o077 == 0
    # The night's page in the same language only.
    assert "<a href" not in Path(page).read_text(encoding="utf-8")
    [page] = run("page", "--person", "P07", "--since", "2026-11-04")[1]
    links = set(re.findall(r'href="([^"]+)"', Path(page).read_text(encoding="utf-8")))
    assert links == {Path(night).name}
    [page] = run("page", "--person", "P07", "--last", "2", "--no-personal-data", "--output", tmp_path / "out")[1]
    assert re.fullmatch(r"nights_2026-11-05_2026-11-06_[0-9a-f]{6}\.html", Path(page).name)
    assert "P07" not in Path(page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--since", "2026-11-01"), 1, "The library has nights of 2 people (P07, P08); choose one with --person."),
        (
            ("--person", "P07", "--since", "2027-01-01"),
            1,
            "P07 has no night since 2027-01-01; `clonus-sense nights ",
        ),
        (("--person", "P99", "--last", "3"), 1, "P99"),
        ((), 2, "Name one night, or choose several with --since, --until or --last."),
        (("last", "--last", "3"), 2, "Name one night, or choose several with --since, --until or --last."),
    ],
)
def test_what_cannot_be_chosen_is_one_sentence(run, filled, arguments, code, sentence):
    told, lines, errors = run("page", *arguments)
    assert (told, lines) == (code, [])
    assert sentence in errors
    assert "Traceback" not in errors


def test_erasing_a_person_takes_the_pages_of_several_nights_with_it(run, filled, library_path):
    pages = [run("page", "--person", "P07", "--last", "2", *hide)[1][0] for hide in ((), ("--no-personal-data",))]
    pages.append(run("page", "--person", "P08", "--last", "2")[1][0])
    assert run("erase", "P07", "--yes")[0] == 0
    assert [Path(page).exists() for page in pages] == [False, False, True]
