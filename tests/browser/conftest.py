"""For tests in a browser: one Chromium for all of them."""

import pytest

from tests.browser.chromium import DRAWN_MS, LAPTOP, Pages, launch_chromium
from tests.browser.nights import write_pages


# Playwright keeps an event loop in this thread: Chromium closes before tests elsewhere call `asyncio.run`.
@pytest.fixture(scope="package")
def chromium():
    with launch_chromium() as browser:
        yield browser


@pytest.fixture
def pages(chromium, request):
    """Pages in the browser; none may have asked for anything outside, or made the browser complain."""
    opened = Pages(chromium, request.addfinalizer)
    yield opened
    assert opened.outside == []
    assert opened.complaints == []


@pytest.fixture(scope="package")
def written(tmp_path_factory):
    """Pages of one leg and of two, in both languages."""
    legs = {1: ("left",), 2: ("left", "right")}
    return {n: write_pages(tmp_path_factory.mktemp(f"legs_{n}"), sides) for n, sides in legs.items()}


@pytest.fixture
def open_night(pages, written):
    def open_page(n_legs=1, language="en", size=LAPTOP, **choices):
        page = pages.open(written[n_legs][language], size, **choices)
        if choices.get("script", True):
            page.locator("html[data-ready=true]").wait_for(state="attached", timeout=DRAWN_MS)
        return page

    return open_page


@pytest.fixture(scope="package")
def written_many(tmp_path_factory):
    """Pages of one leg with more movements than a sheet has rows."""
    return write_pages(tmp_path_factory.mktemp("many"), n_bouts=30)
