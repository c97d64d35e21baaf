"""One Chromium for the tests: where it is, and pages in it that may ask nobody for anything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

REQUIRED = "CLONUS_SENSE_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome")
# What a page reads without asking a server.
OWN_SCHEMES = ("file:", "data:", "blob:", "about:")
# The window of a laptop, in CSS pixels.
LAPTOP = (1280, 800)
# Milliseconds in which a click must have drawn what it opens.
DRAWN_MS = 5000
# Ten times what the slowest step takes on two cores.
MOST_MS = 10_000
SERIOUS = ("serious", "critical")


def find_chromium() -> str:
    """Path of the system's Chromium; without one the test is skipped, or fails if `CLONUS_SENSE_BROWSER=required`."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        stop = pytest.fail if os.environ.get(REQUIRED) == "required" else pytest.skip
        stop("needs Chromium (Debian: apt-get install chromium fonts-noto-cjk)")
    return path


@contextmanager
def launch_chromium() -> Iterator[Browser]:
    """Start Chromium without a window; root, as in a container, has no sandbox."""
    path = find_chromium()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        yield browser
        browser.close()


@dataclass
class Pages:
    """Opens pages and keeps what they asked for outside and what the browser complained about."""

    browser: Browser
    close: Callable[[Callable[[], None]], None]
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(
        self,
        place: Path | str,
        size: tuple[int, int] = LAPTOP,
        *,
        dark: bool = False,
        script: bool = True,
        origin: str = "file:",
    ) -> Page:
        """Open a file, or an address of `origin`, in a window of `size` CSS pixels (width, height)."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(MOST_MS)
        self.close(context.close)

        def pass_on(route: Route, request: Request) -> None:
            if request.url.startswith((origin, *OWN_SCHEMES)):
                route.continue_()
            else:
                self.outside.append(request.url)
                route.abort()

        context.route("**/*", pass_on)
        page = context.new_page()
        page.on("console", lambda one: self.complaints.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(place.resolve().as_uri() if isinstance(place, Path) else place)
        return page


def wait_until_ready(page: Page) -> Page:
    """Wait until the page of a night has drawn its axis."""
    page.locator("html[data-ready=true]").wait_for(state="attached", timeout=DRAWN_MS)
    return page


def overflow_px(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def serious_faults(page: Page) -> list[str]:
    """Faults of accessibility that axe calls serious or critical, each with the first places."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'][:3])}"
        for one in found
        if one["impact"] in SERIOUS
    ]
