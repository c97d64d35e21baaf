"""The page of a night in a browser: what the first screen holds, and that every movement is one click or key away."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from clonus_sense.report.picture_folder import write_pictures
from tests.browser.chromium import DRAWN_MS, LAPTOP, overflow_px, serious_faults, wait_until_ready
from tests.browser.nights import write_pages
from tests.report.builders import make_analysis, make_episode

TELEPHONE = (390, 844)
WIDTHS = (1280, 820, 390)


def resize(page, width, height):
    """Give the window another size and let the charts follow."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page


def bottom_px(page, place):
    box = page.locator(place).last.bounding_box()
    return box["y"] + box["height"]


def chart_value(page, name, value):
    """A value of a named model in any chart of the page."""
    return page.evaluate(
        """([name, value]) => {
          for (const document of Bokeh.documents) for (const root of document.roots())
            for (const model of root.references()) if (model.name === name) return model[value];
        }""",
        [name, value],
    )


def wait_for_waveform(page):
    page.wait_for_function(
        """() => Bokeh.documents.some((one) => one.roots().some((root) => [...root.references()].some(
             (model) => model.name === "raw" && model.data.at_ms.length > 0)))""",
        timeout=DRAWN_MS,
    )


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("n_legs", [1, 2])
def test_first_screen_holds_the_sentences_and_the_axis(look_at_night, n_legs, language):
    page = look_at_night(n_legs, language)
    for width, height in (LAPTOP, TELEPHONE):
        resize(page, width, height)
        assert page.locator("main p.sentence").count() == n_legs
        assert bottom_px(page, "main p.sentence") < bottom_px(page, "#night-chart-place") <= height
        # A number and its unit stay on one line.
        lines = page.locator("main p.sentence .amount").evaluate_all(
            "all => all.map((one) => one.getClientRects().length)"
        )
        assert lines
        assert set(lines) == {1}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_is_wider_than_the_window_closed_or_open(look_at_night, language):
    page = look_at_night(2, language)
    closed = [overflow_px(resize(page, width, 800)) for width in WIDTHS]
    page.locator("details.movement summary").first.click()
    wait_for_waveform(page)
    page.locator("details.behind").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert closed + [overflow_px(resize(page, width, 800)) for width in WIDTHS] == [0] * 6


def test_one_click_in_the_list_shows_the_waveform_of_the_longest(look_at_night):
    page = look_at_night()
    page.locator("#choose-order").select_option("duration -1")
    page.locator("details.movement summary").first.click()
    wait_for_waveform(page)
    first = page.locator("details.movement").first
    longest_s = max(
        map(float, page.locator("details.movement").evaluate_all("all => all.map((a) => a.dataset.duration)"))
    )
    assert float(first.get_attribute("data-duration")) == longest_s
    assert first.locator("#closer-look canvas").count() >= 1
    assert len(chart_value(page, "beats", "data")["at_ms"]) > 4


def test_a_click_on_the_axis_opens_the_movement(look_at_night):
    page = look_at_night()
    place = page.evaluate(
        """() => {
          for (const document of Bokeh.documents) for (const root of document.roots()) {
            for (const model of root.references()) if (model.name === "movements") {
              const plot = [...root.references()].find((one) => one.renderers?.some((r) => r.data_source === model));
              const view = Bokeh.index.find_one(plot);
              const box = view.el.getBoundingClientRect();
              const x = view.frame.x_scale.compute(model.data.at_ms[0]);
              const y = view.frame.y_scale.compute(model.data.duration_s[0]);
              return [box.x + x, box.y + y, model.data.anchor[0]];
            }
          }
        }"""
    )
    page.mouse.click(place[0], place[1])
    page.locator(f"[id='{place[2]}'][open]").wait_for(timeout=DRAWN_MS)
    wait_for_waveform(page)


def test_kinds_are_filtered(look_at_night):
    page = look_at_night()
    kinds = page.locator("#choose-kind option").evaluate_all("all => all.map((one) => one.value).filter(Boolean)")
    assert len(kinds) >= 2
    page.locator("#choose-kind").select_option(kinds[0])
    shown = page.locator("details.movement:visible").evaluate_all("all => all.map((one) => one.dataset.kind)")
    assert set(shown) == {kinds[0]}


def test_keys_alone_lead_from_the_axis_to_a_waveform_and_on(look_at_night):
    page = look_at_night()
    page.locator("#night-chart-place").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    told = page.locator("figure.night output").inner_text()
    page.keyboard.press("Enter")
    opened = page.locator("details.movement[open]")
    opened.wait_for(timeout=DRAWN_MS)
    wait_for_waveform(page)
    for part in (".label", ".start"):
        assert opened.locator(f"summary {part}").inner_text() in told
    assert page.evaluate("document.activeElement.parentElement.open")
    before = opened.get_attribute("id")
    opened.locator("[data-step='1']").press("Enter")
    page.wait_for_function("(id) => !document.getElementById(id).open", arg=before, timeout=DRAWN_MS)
    assert page.locator("details.movement[open]").count() == 1


def test_the_axis_tells_the_clock_and_buttons_zoom_it_to_two_seconds_and_back(look_at_night):
    page = look_at_night()
    marks = chart_value(page, "movements", "data")
    assert f"{datetime.fromtimestamp(marks['at_ms'][0] / 1000, tz=UTC):%H:%M:%S}" == marks["start"][0]
    whole_ms = chart_value(page, "night-times", "end") - chart_value(page, "night-times", "start")
    presses = 0
    while chart_value(page, "night-times", "end") - chart_value(page, "night-times", "start") > 2000 and presses < 30:
        page.locator("[data-zoom=in]").press("Enter")
        presses += 1
    assert presses < 30
    page.locator("[data-zoom=out]").click()
    assert chart_value(page, "night-times", "end") - chart_value(page, "night-times", "start") > 2000
    page.locator("[data-zoom=fit]").click()
    assert chart_value(page, "night-times", "end") - chart_value(page, "night-times", "start") == whole_ms


def test_after_a_clock_change_the_axis_tells_the_same_time_as_the_movements(pages, tmp_path):
    start = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    written = write_pages(tmp_path, hours=1.5, n_bouts=12, start=start, timezone="Europe/Berlin")
    page = wait_until_ready(pages.open(written["en"]))
    told, labels = page.evaluate(
        """() => {
          const models = Bokeh.documents.flatMap((one) => one.roots().flatMap((root) => [...root.references()]));
          const marks = models.filter((one) => one.name === "movements").map((one) => one.data);
          const formatter = models.find((one) => one.type === "DatetimeTickFormatter");
          const times = marks.flatMap((one) => [...one.at_ms]);
          return [marks.flatMap((one) => [...one.start]), formatter.doFormat(times, {})];
        }"""
    )
    assert [start[:5] for start in told] == [label[:5] for label in labels]
    hours = [start[:2] for start in sorted(told)]
    # 02:30 to 03:00, then the hour from 02:00 for the second time.
    assert hours == ["02"] * len(hours)
    assert any(start < "02:30" for start in told)


def test_windows_stand_around_the_movement_and_the_ruler_measures_in_them(look_at_night):
    page = look_at_night()
    page.locator("details.movement summary").nth(1).click()
    wait_for_waveform(page)
    for seconds in (1, 10, 60):
        page.locator(f"[data-window='{seconds}']").click()
        start, end = (chart_value(page, "detail-times", name) for name in ("start", "end"))
        assert end - start == pytest.approx(1000 * seconds)
        box = [chart_value(page, "movement", name) for name in ("left", "right")]
        assert start < sum(box) / 2 < end
    page.locator("[data-window='1']").click()
    page.locator("[data-ruler]").click()
    assert page.locator("#closer-look output").inner_text().startswith("0.33 s")


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ja", True)])
def test_axe_finds_nothing_serious(look_at_night, language, dark):
    page = look_at_night(1, language, dark=dark)
    page.locator("details.movement summary").first.click()
    wait_for_waveform(page)
    page.locator("details.behind").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert serious_faults(page) == []


def test_without_scripts_the_night_stands_as_drawings_and_every_movement_opens(look_at_night):
    page = look_at_night(2, script=False)
    assert page.locator(".static svg:visible").count() == 2
    assert page.locator("details.movement").first.locator("summary .thumb svg").is_visible()
    page.locator("details.movement summary").first.click()
    assert page.locator("details.movement").first.locator(".still-wave").is_visible()
    # What only a script can do is not offered.
    assert page.locator("button:visible, select:visible").count() == 0


def test_dark_pages_are_dark(look_at_night):
    page = look_at_night(dark=True)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) < 60


def test_other_pages_of_the_kit_run_no_script_and_fit(pages, tmp_path):
    analysis, window_of = make_analysis(120.0, (make_episode(10.0), make_episode(40.0, beats=30)))
    page = pages.open(write_pictures(analysis, window_of, tmp_path, "night"), TELEPHONE, dark=True)
    assert page.locator("script").count() == 0
    assert overflow_px(page) == 0
    page.locator("details.why summary").first.click()
    assert page.locator("details.why p").first.is_visible()
    assert serious_faults(page) == []
