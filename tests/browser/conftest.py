"""For tests in a browser: one Chromium for all of them."""

from contextlib import ExitStack

import pytest

from tests.browser.chromium import LAPTOP, Pages, launch_chromium, wait_until_ready
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


@pytest.fixture(scope="package")
def kept_pages(chromium):
    """Pages that stay open from test to test, each by what it shows."""
    with ExitStack() as stack:
        yield Pages(chromium, stack.callback), {}


@pytest.fixture
def open_night(pages, written):
    """Open a night's page of one's own."""

    def open_page(n_legs=1, language="en", size=LAPTOP):
        return wait_until_ready(pages.open(written[n_legs][language], size))

    return open_page


@pytest.fixture
def look_at_night(kept_pages, written):
    """Look at a page that other tests look at too: it is as it was when it opened, and nothing in it is saved."""
    opened, by_choice = kept_pages

    def look(n_legs=1, language="en", *, dark=False, script=True):
        choice = (n_legs, language, dark, script)
        if choice not in by_choice:
            by_choice[choice] = opened.open(written[n_legs][language], dark=dark, script=script)
        page = by_choice[choice]
        return wait_until_ready(start_over(page)) if script else page

    yield look
    assert (opened.outside, opened.complaints) == ([], [])


def start_over(page):
    """Bring a page back to how it opened: its window, folded parts, order, filter and axis."""
    page.set_viewport_size(dict(zip(("width", "height"), LAPTOP, strict=True)))
    page.emulate_media(media="null")
    page.evaluate(
        """() => {
          for (const one of document.querySelectorAll("details[open]")) one.open = false;
          for (const one of document.querySelectorAll("select")) {
            one.selectedIndex = 0;
            one.dispatchEvent(new Event("change", { bubbles: true }));
          }
          document.querySelector("[data-zoom=fit]").click();
          document.activeElement.blur();
          scrollTo(0, 0);
        }"""
    )
    return page


@pytest.fixture(scope="package")
def written_many(tmp_path_factory):
    """Pages of one leg with more movements than a sheet has rows."""
    return write_pages(tmp_path_factory.mktemp("many"), n_bouts=30)
