"""A night on paper: one sheet of A4 a leg, or all of it when asked for."""

import re

import pytest

from tests.browser.chromium import DRAWN_MS


def page_count(page):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("n_legs", [1, 2])
def test_each_leg_is_one_sheet(look_at_night, n_legs, language):
    page = look_at_night(n_legs, language)
    assert page_count(page) == n_legs
    page.emulate_media(media="print")
    text = page.locator(".sheet").first.inner_text()
    for said in (
        "P07",
        "clonus_sense 0",
        page.locator("main p.sentence").first.inner_text().split(":")[-1].strip()[:6],
    ):
        assert said in text
    assert page.locator(".sheet").first.locator(".waves figure").count() in {1, 2, 3, 4}
    assert page.locator("main").is_hidden()


def test_without_scripts_paper_is_the_same(look_at_night):
    assert page_count(look_at_night(2, script=False)) == 2


def test_many_movements_still_fit_on_one_sheet(pages, written_many):
    page = pages.open(written_many["ja"])
    page.locator("html[data-ready=true]").wait_for(state="attached", timeout=DRAWN_MS)
    assert page_count(page) == 1
    page.emulate_media(media="print")
    n_movements = page.locator("details.movement").count()
    assert n_movements > 12
    assert page.locator(".sheet tbody tr").count() == 12
    assert str(n_movements - 12) in page.locator(".sheet").inner_text()


def test_the_whole_night_is_printed_when_asked_for(look_at_night):
    page = look_at_night()
    page.evaluate("window.print = () => { window.asked = true; }")
    page.locator("[data-print-all]").click()
    assert page.evaluate("window.asked")
    page.emulate_media(media="print")
    assert page.locator("details.movement").first.is_visible()
    assert page.locator(".sheet").first.is_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".sheet").first.is_visible()
