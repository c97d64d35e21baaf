"""The pictures of the documents: the page of a simulated night, in both languages.

::

    python -m tests.validation.pictures

writes ``docs/images/night_en.png`` and ``docs/images/night_ja.png``.  It needs Chromium (Debian: ``apt install chromium
fonts-noto-cjk``).  Run it whenever the page of a night looks different.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
NIGHT = ROOT / "recordings" / "short_night.csv.gz"

# The first screen of a laptop: what a therapist sees without scrolling.
WIDTH_PX, HEIGHT_PX = 1280, 800


def main() -> None:
    """Make both pictures."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("No program `chromium` was found; install it first.")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        pages = {language: make_page(Path(place), language) for language in ("en", "ja")}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language, page_path in pages.items():
            page = browser.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX}, color_scheme="light")
            page.goto(page_path.as_uri())
            page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / f"night_{language}.png")
        browser.close()


def make_page(place: Path, language: str) -> Path:
    """Add the simulated night to a library of its own, and return the path of its page."""
    library = place / language / "library.sqlite3"
    done = subprocess.run(
        [sys.executable, "-m", "clonus_sense", "add", str(NIGHT), "--library", str(library), "--lang", language],
        capture_output=True,
        check=True,
        env=os.environ | {"TZ": "Asia/Tokyo"},
    )
    [path] = [Path(line) for line in done.stdout.decode().splitlines() if line.endswith(".html")]
    return path


if __name__ == "__main__":
    main()
