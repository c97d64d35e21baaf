"""For tests in a browser: one Chromium for all of them."""

import pytest

from tests.browser.chromium import Pages, launch_chromium


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
