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
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from clonus_sense.recording import write_recording
from clonus_sense.simulate import NightPlan, simulate_night

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
# A night of eight hours on both legs, with about fifteen movements.
SIDES = ("left", "right")
PLAN = NightPlan(n_bouts=7, n_tremors=1, n_gaps=2, peak_g=(0.05, 0.6))

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
            page.locator("html[data-ready=true]").wait_for(state="attached")
            page.screenshot(path=IMAGES / f"night_{language}.png")
        browser.close()


def make_page(place: Path, language: str) -> Path:
    """Simulate the night, add it to a library of its own, and return the path of its page."""
    library = place / language / "library.sqlite3"
    legs = []
    for seed, side in enumerate(SIDES, 1):
        made = simulate_night(PLAN, seed)
        legs.append(place / language / f"{side}.csv")
        legs[-1].parent.mkdir(exist_ok=True)
        write_recording(legs[-1], replace(made.info, side=side, person="P07"), made.times_s, made.accel_g)
    done = subprocess.run(
        [sys.executable, "-m", "clonus_sense", "add", *map(str, legs), "--library", str(library), "--lang", language],
        capture_output=True,
        check=True,
        env=os.environ | {"TZ": "Asia/Tokyo"},
    )
    return next(Path(line) for line in reversed(done.stdout.decode().splitlines()) if line.endswith(".html"))


if __name__ == "__main__":
    main()
