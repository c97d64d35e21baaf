"""The axis of a night zoomed to seconds: an envelope from afar, samples from near, words where a page holds none."""

import numpy as np
import pytest

from clonus_sense.library import Library
from clonus_sense.recording import read_recording
from clonus_sense.report.main_axis import band_pass
from clonus_sense.report.pages.packed_signal import RAW_STEP_G
from clonus_sense.review import list_nights
from clonus_sense.workflows import PageChoices, write_night_page
from tests.browser.chromium import wait_until_ready
from tests.browser.nights import PLAN

FS_HZ = PLAN.sensor.fs_hz
LENGTH_S = 3600.0 * PLAN.hours

# Models of the night's chart by name; seconds of the axis.
ON_PAGE = """
window.model = (name) => {
  for (const one of Bokeh.documents) for (const root of one.roots())
    for (const model of root.references()) if (model.name === name) return model;
};
window.origin = JSON.parse(document.getElementById("page-data").textContent).origin_ms;
window.show = (fromS, toS) => model("night-times").setv({ start: origin + 1000 * fromS, end: origin + 1000 * toS });
window.frames = async (n) => { for (let at = 0; at < n; at += 1) await new Promise(requestAnimationFrame); };
window.widestPx = () => {
  const times = model("night-times");
  const { left, right } = model("signal-columns-x-0").data;
  const models = [...Bokeh.documents[0].roots()[0].references()];
  const plot = Bokeh.index.find_one(models.find((one) => one.type === "Figure"));
  const pixelMs = (times.end - times.start) / plot.frame.bbox.width;
  return Math.max(0, ...Array.from(left, (at, number) => (right[number] - at) / pixelMs));
};
"""


@pytest.fixture
def night_page(look_at_night):
    page = look_at_night()
    page.evaluate(ON_PAGE)
    return page


@pytest.fixture(scope="module")
def whole_page(kept_pages, written):
    """The page of the same night with all of its samples."""
    folder = written[1]["en"].parents[2]
    with Library.open(folder / "library.sqlite3") as library:
        (night,) = list_nights(library)
    path = write_night_page(night, PageChoices(folder / "pages", whole=True))
    page = wait_until_ready(kept_pages[0].open(path))
    page.evaluate(ON_PAGE)
    return page


@pytest.fixture(scope="module")
def recording(written):
    """Times and acceleration of the night that the pages show."""
    stretches = read_recording(written[1]["en"].parents[2] / "left.csv").window(0.0, LENGTH_S + 1)
    return np.concatenate([one.times_s for one in stretches]), np.concatenate([one.accel_g for one in stretches])


def look(page, from_s, to_s):
    """Show a time, and wait until it is drawn."""
    page.evaluate("async ([fromS, toS]) => { show(fromS, toS); await frames(4); }", [from_s, to_s])


def movements(page):
    return page.evaluate("JSON.parse(document.getElementById('movement-data').textContent)")


def quiet_s(page):
    """A time of the night that is far from every movement."""
    edges = [0.0, *sorted(at for one in movements(page) for at in (one["onset_s"], one["offset_s"])), LENGTH_S]
    widest = max(range(len(edges) - 1), key=lambda at: edges[at + 1] - edges[at])
    return (edges[widest] + edges[widest + 1]) / 2


def drawn_lines(page):
    """Times in seconds and values of the lines in view, without the ends of pieces."""
    at_s, *values = page.evaluate(
        """() => {
          const { at_ms, x, y, z } = model("signal-lines-0").data;
          const plain = (values) => Array.from(values, (value) => (Number.isNaN(value) ? null : value));
          return [Array.from(at_ms, (at) => (at - origin) / 1000), plain(x), plain(y), plain(z)];
        }"""
    )
    at_s, values = np.array(at_s, dtype=float), np.array(values, dtype=float)
    is_drawn = ~np.isnan(values).any(axis=0)
    return at_s[is_drawn], values[:, is_drawn]


def told(page):
    return page.locator("[data-drawn]").inner_text()


def span_s(page):
    return page.evaluate("(model('night-times').end - model('night-times').start) / 1000")


def test_an_envelope_is_drawn_from_afar_and_never_spread_out(night_page):
    at_s = quiet_s(night_page)
    look(night_page, 0.0, LENGTH_S)
    assert night_page.evaluate("model('signal-columns-x-0').data.left.length") > 500
    widths_px = night_page.evaluate(
        """async ([atS, lengthS]) => {
          const widths = [];
          for (let spanS = lengthS; spanS >= 2; spanS /= 1.7) {
            const fromS = Math.max(0, Math.min(atS - spanS / 2, lengthS - spanS));
            show(fromS, fromS + spanS);
            // Before the next frame, and after what it asked for has come.
            await null;
            widths.push(widestPx());
            await frames(2);
            widths.push(widestPx());
          }
          return widths;
        }""",
        [at_s, LENGTH_S],
    )
    assert 0 < max(widths_px) <= 2.01
    assert widths_px[-1] == 0


def test_where_a_page_holds_no_samples_it_says_how_to_get_them_and_draws_none(night_page):
    at_s = quiet_s(night_page)
    look(night_page, at_s - 1, at_s + 1)
    assert "no samples here" in told(night_page)
    assert "clonus-sense page" in told(night_page)
    assert "--full" in told(night_page)
    assert night_page.evaluate("model('signal-words-0').visible")
    assert len(drawn_lines(night_page)[0]) == 0
    assert night_page.evaluate("model('signal-columns-x-0').data.left.length") == 0


def test_around_a_movement_the_samples_are_drawn_with_beats_raw_or_band_passed(night_page, recording):
    one = max(movements(night_page), key=lambda one: one["offset_s"] - one["onset_s"])
    middle_s = (one["onset_s"] + one["offset_s"]) / 2
    look(night_page, middle_s - 1, middle_s + 1)
    assert "every sample" in told(night_page)
    times_s, accel_g = recording
    at_s, band_g = drawn_lines(night_page)
    rows = np.searchsorted(times_s, at_s - 0.001)
    assert np.abs(times_s[rows] - at_s).max() < 0.002
    assert np.sum(np.abs(at_s - middle_s) <= 1) == pytest.approx(2 * FS_HZ, abs=1)
    expected_g = np.column_stack([band_pass(accel_g[:, axis], FS_HZ) for axis in range(3)])
    assert np.abs(band_g.T - expected_g[rows]).max() < 0.02
    beats_s = [at for at in one["beats_s"] if abs(at - middle_s) < 1]
    assert night_page.evaluate("model('signal-beats-0').data.at_ms.length") == len(beats_s) > 5
    night_page.locator("[data-view=raw]").click()
    night_page.evaluate("frames(3)")
    at_s, raw_g = drawn_lines(night_page)
    assert np.abs(raw_g.T - accel_g[np.searchsorted(times_s, at_s - 0.001)]).max() < RAW_STEP_G
    night_page.locator("[data-view=band]").click()


def test_the_ruler_measures_seconds_beats_and_hz_on_the_zoomed_axis(night_page):
    one = max(movements(night_page), key=lambda one: one["offset_s"] - one["onset_s"])
    look(night_page, one["onset_s"] - 0.5, one["onset_s"] + 5.5)
    night_page.locator("[data-night-ruler]").click()
    measured = night_page.locator("[data-measured]")
    seconds, beats, hz = measured.inner_text().split(" · ")
    inside = [at for at in one["beats_s"] if one["onset_s"] + 1.5 <= at <= one["onset_s"] + 3.5]
    assert seconds == "2.00 s"
    assert beats == f"beats: {len(inside)}"
    assert float(hz.removesuffix(" Hz")) == pytest.approx(one["frequency_hz"], rel=0.1)
    night_page.evaluate("model('night-ruler-0').setv({ right: model('night-ruler-0').left + 500 })")
    assert measured.inner_text().startswith("0.50 s")
    # A pause between two movements does not slow their rhythm.
    all_beats = sum(len(other["beats_s"]) for other in movements(night_page))
    night_page.evaluate("model('night-ruler-0').setv({ left: origin, right: origin + 3_600_000 })")
    seconds, beats, hz = measured.inner_text().split(" · ")
    assert (seconds, beats) == ("3600.00 s", f"beats: {all_beats}")
    assert 4 < float(hz.removesuffix(" Hz")) < 9
    night_page.locator("[data-night-ruler]").click()
    assert measured.inner_text() == ""


def test_keys_alone_zoom_to_two_seconds_and_move_on(night_page):
    look(night_page, 0.0, LENGTH_S)
    night_page.locator("#night-chart-place").focus()
    night_page.keyboard.press("ArrowRight")
    for _press in range(14):
        night_page.keyboard.press("+")
    assert span_s(night_page) == pytest.approx(2.0)
    night_page.evaluate("frames(4)")
    assert "every sample" in told(night_page)
    before_s = night_page.evaluate("(model('night-times').start - origin) / 1000")
    night_page.keyboard.press("Shift+ArrowRight")
    assert night_page.evaluate("(model('night-times').start - origin) / 1000") == pytest.approx(before_s + 0.5)
    for _press in range(14):
        night_page.keyboard.press("-")
    assert span_s(night_page) == pytest.approx(LENGTH_S, abs=1.0)


def frame_box(page):
    """Left edge, width, and height of the middle of the first chart, in pixels of the window."""
    box = page.locator("#night-chart-place").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + 80


def test_ctrl_and_wheel_zoom_where_the_pointer_is_and_the_wheel_alone_scrolls(night_page):
    look(night_page, 0.0, LENGTH_S)
    night_page.mouse.move(*frame_box(night_page))
    night_page.mouse.wheel(0, 120)
    night_page.wait_for_function("() => scrollY > 0")
    assert span_s(night_page) == pytest.approx(LENGTH_S, abs=1.0)
    night_page.evaluate("scrollTo(0, 0)")
    night_page.keyboard.down("Control")
    for _turn in range(3):
        night_page.mouse.wheel(0, -1000)
    night_page.keyboard.up("Control")
    night_page.wait_for_function("() => model('night-times').end - model('night-times').start < 60000")
    middle_s = night_page.evaluate("((model('night-times').start + model('night-times').end) / 2 - origin) / 1000")
    assert middle_s == pytest.approx(LENGTH_S / 2, rel=0.06)


def test_two_fingers_zoom_to_two_seconds_and_open_nothing(night_page):
    look(night_page, 0.0, LENGTH_S)
    x, y = frame_box(night_page)
    session = night_page.context.new_cdp_session(night_page)

    def touch(kind, *places):
        points = [{"x": x + dx, "y": y, "id": number} for number, dx in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    spans_s = []
    for _pinch in range(4):
        touch("touchStart", -20)
        touch("touchStart", -20, 20)
        for distance in (60, 120, 240, 400):
            touch("touchMove", -distance, distance)
        touch("touchEnd", -400)
        touch("touchEnd")
        spans_s.append(span_s(night_page))
    assert spans_s[0] == pytest.approx(LENGTH_S / 20, rel=0.05)
    assert spans_s[-1] == pytest.approx(2.0)
    assert night_page.locator("details.movement[open]").count() == 0
    # One finger still moves the view afterwards.
    before_s = night_page.evaluate("model('night-times').start")
    touch("touchStart", 0)
    for dx in (-30, -60, -90):
        touch("touchMove", dx)
    touch("touchEnd")
    night_page.wait_for_function("(before) => model('night-times').start > before", arg=before_s)


def test_a_whole_page_shows_every_second_of_the_night(whole_page, recording):
    times_s, accel_g = recording
    at_s = quiet_s(whole_page)
    for width_s in (LENGTH_S, 600.0, 120.0):
        look(whole_page, max(0.0, at_s - width_s / 2), min(LENGTH_S, at_s + width_s / 2))
        assert "smallest and the largest" in told(whole_page)
        assert 0 < whole_page.evaluate("widestPx()") <= 2.01
    look(whole_page, at_s - 1, at_s + 1)
    shown_s, band_g = drawn_lines(whole_page)
    inside = np.abs(shown_s - at_s) <= 1
    rows = np.searchsorted(times_s, shown_s[inside] - 0.001)
    assert len(rows) == pytest.approx(2 * FS_HZ, abs=1)
    expected_g = np.column_stack([band_pass(accel_g[:, axis], FS_HZ) for axis in range(3)])
    assert np.abs(band_g[:, inside].T - expected_g[rows]).max() < 0.003
    assert "--full" not in told(whole_page)
