"""The page of several nights in a browser: it fits every window, is readable by all, and prints."""

from datetime import UTC, datetime

import pytest

from clonus_sense.library import Library
from clonus_sense.report.pages.nights_document import build_nights_document
from clonus_sense.review import read_several_nights
from tests.browser.chromium import overflow_px, serious_faults
from tests.browser.test_print import page_count
from tests.review.made import MadeLeg, add_leg, at


@pytest.fixture(scope="module")
def written_nights(tmp_path_factory):
    """Pages of thirty nights of two legs, in both languages."""
    folder = tmp_path_factory.mktemp("nights")
    with Library.open(folder / "library.sqlite3") as library:
        for day in range(1, 31):
            for side in ("left", "right"):
                episodes = tuple(at(1.2 + k / 3) for k in range(day % 7))
                gaps = ((2.0, 8.0),) if day == 9 else ()
                add_leg(library, MadeLeg(start=f"2026-10-{day:02d} 22:00", side=side, episodes=episodes, gaps_h=gaps))
        found = read_several_nights(library, "P07")
    links = {night.name: f"{night.name}.html" for night in found.nights}
    for language in ("en", "ja"):
        html = build_nights_document(found, links, made_at=datetime(2026, 12, 1, tzinfo=UTC), language=language)
        (folder / f"{language}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("language", "dark"), [("en", True), ("ja", False)])
def test_nothing_is_wider_than_the_window_and_axe_finds_nothing_serious(pages, written_nights, language, dark):
    page = pages.open(written_nights / f"{language}.html", dark=dark)
    page.locator("details.behind").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    for width in (1280, 820, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert overflow_px(page) == 0
        # Both sentences stand on the first screen.
        box = page.locator("main p.sentence").last.bounding_box()
        assert box["y"] + box["height"] < 844
    assert serious_faults(page) == []


def test_a_dot_leads_to_its_night_and_labels_stand_below_what_they_name(pages, written_nights):
    page = pages.open(written_nights / "en.html")
    dot = page.locator(".dots a").first
    assert dot.get_attribute("href") == "2026-10-01.html"
    first = page.locator(".dots .ticks text").first.bounding_box()
    circle = page.locator(".dots circle").first.bounding_box()
    assert abs((first["x"] + first["width"] / 2) - (circle["x"] + circle["width"] / 2)) < 3
    count = page.locator(".raster .count").first.bounding_box()
    bar = page.locator(".raster .box").first.bounding_box()
    assert bar["x"] <= count["x"] + count["width"] / 2 <= bar["x"] + bar["width"]


def test_it_prints_on_a_few_sheets(pages, written_nights):
    assert page_count(pages.open(written_nights / "ja.html")) <= 5
