"""A therapist in the app: from the nights to the longest movement, seen to the sample and judged by one key."""

import shutil
import threading
from contextlib import contextmanager

import pytest
import uvicorn

from clonus_sense.app import serving
from clonus_sense.app.house import House
from clonus_sense.app.judgement import Door
from clonus_sense.app.keys import read_keys
from clonus_sense.app.place import Place
from clonus_sense.app.routes import build_app
from clonus_sense.library import Library, list_annotations, list_recordings, standing
from tests.browser.chromium import DRAWN_MS, overflow_px, serious_faults
from tests.browser.test_night_page import chart_value, wait_for_waveform


@contextmanager
def served(folder, language="en"):
    """Serve an app over a library on a free port."""
    place = Place(folder / "library.sqlite3")
    with serving._listen(0, folder / "port") as listening:
        door = Door(listening.getsockname()[1], read_keys(place.folder))
        server = uvicorn.Server(serving._settings(build_app(House(place, language), door)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield door
        server.should_exit = True
        thread.join()


@pytest.fixture
def app_page(pages, written, tmp_path):
    """Open a screen of an app over a night of two legs."""
    shutil.copy(written[2]["en"].parents[2] / "library.sqlite3", tmp_path)
    with served(tmp_path) as door:
        page = pages.open(f"{door.origin}/enter?key={door.keys.door}", origin=door.origin)
        page.locator("html[data-ready=true]").wait_for(state="attached", timeout=DRAWN_MS)

        def go(address):
            page.goto(f"{door.origin}{address}")
            page.locator("html[data-ready=true]").wait_for(state="attached", timeout=DRAWN_MS)
            return page

        yield go


def words(folder):
    with Library.open(folder / "library.sqlite3") as library:
        found = [word for one in list_recordings(library) for word in standing(list_annotations(library, one.id))]
    return [(one.verdict.value, one.rater.name) for one in found]


def open_longest(page):
    page.locator(".picks a").first.click()
    page.locator(".night.drawn canvas").first.wait_for(timeout=2 * DRAWN_MS)
    wait_for_waveform(page)


def test_from_the_nights_to_the_longest_movement_and_its_verdict_in_the_library(app_page, tmp_path):
    page = app_page("/nights")
    open_longest(page)
    assert page.locator("details.movement[open]").count() == 1
    page.keyboard.press("1")
    dialog = page.locator("dialog#reviewer")
    dialog.locator("[name=name]").fill("Sato")
    dialog.locator("select").select_option("physiotherapist")
    dialog.locator("[value=ok]").click()
    page.wait_for_function("() => document.querySelector('#review-bar output').textContent.includes(' 0 not saved')")
    assert words(tmp_path) == [("rhythmic", "Sato")]
    page.locator("details.movement[open] summary").focus()
    for key, standing_words in (("3", [("unsure", "Sato")]), ("3", [])):
        page.keyboard.press(key)
        page.wait_for_function(
            "() => document.querySelector('#review-bar output').textContent.includes(' 0 not saved')"
        )
        assert words(tmp_path) == standing_words


def test_every_sample_of_the_night_is_there_at_two_seconds(app_page):
    page = app_page("/nights")
    open_longest(page)
    page.evaluate(
        """() => {
          const models = Bokeh.documents.flatMap((one) => one.roots().flatMap((root) => [...root.references()]));
          const times = models.find((one) => one.name === "night-times");
          times.setv({ start: times.start + 300_000, end: times.start + 302_000 });
        }"""
    )
    page.wait_for_function("() => document.querySelector('[data-drawn]').textContent.includes('every sample')")
    assert chart_value(page, "night-times", "end") - chart_value(page, "night-times", "start") == 2000


@pytest.mark.parametrize("width", [1280, 390])
def test_screens_fit_the_window_and_axe_finds_nothing_serious(app_page, width):
    page = app_page("/nights")
    page.set_viewport_size({"width": width, "height": 844})
    page.locator("details.behind").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert overflow_px(page) == 0
    assert serious_faults(page) == []
    open_longest(page)
    assert overflow_px(page) == 0
    assert serious_faults(page) == []
