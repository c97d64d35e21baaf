"""The page on which a person marks a recording: by mouse, by keys, saved as the table that `evaluate` reads."""

import numpy as np
import pytest

from clonus_sense.evaluation import read_bouts
from clonus_sense.report.blind import BlindRecording, write_blind_page
from tests.browser.chromium import DRAWN_MS, overflow_px, serious_faults, wait_until_ready
from tests.report.builders import cut_window, make_episode, make_info, make_pieces

TELEPHONE = (390, 844)


@pytest.fixture(scope="module")
def written_blind(tmp_path_factory):
    pieces = make_pieces(700.0, [make_episode(40.0)])
    recording = BlindRecording("night", make_info(), 0.0, 700.0, lambda a, b: cut_window(pieces, a, b))
    folder = tmp_path_factory.mktemp("blind")
    return {language: write_blind_page(recording, folder / language, language=language) for language in ("en", "ja")}


@pytest.fixture
def open_blind(pages, written_blind):
    def open_page(language="en", **how):
        page = wait_until_ready(pages.open(written_blind[language], **how))
        page.locator(".strip path.axis-x").first.wait_for(state="attached", timeout=DRAWN_MS)
        return page

    return open_page


def drag(page, from_s, to_s, in_line_s=30):
    """Drag over some seconds, from line to line."""
    places = []
    for at_s in (from_s, to_s):
        plot = page.locator(f".plot[data-from='{int(at_s // in_line_s * in_line_s)}']")
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        places.append((box["x"] + box["width"] * (at_s % in_line_s) / in_line_s, box["y"] + box["height"] / 2))
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()


def saved(page, folder):
    with page.expect_download() as download:
        page.locator("[data-act=save]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def marks(page):
    names = ("onset_s", "offset_s")
    return [
        tuple(float(row.locator(f"[name={name}]").input_value()) for name in names)
        for row in page.locator("#marks li").all()
    ]


def test_what_is_dragged_is_saved_as_a_table_that_evaluate_reads(open_blind, tmp_path):
    page = open_blind()
    drag(page, 42.0, 47.0)
    # Over the end of a line.
    drag(page, 88.0, 92.0)
    row = page.locator("#marks li").last
    row.locator("[name=beats]").fill("12")
    row.locator("[name=note]").fill('he said "no", twice')
    row.locator("[name=label]").select_option("unsure")
    path = saved(page, tmp_path)
    assert path.name == "night.annotation.csv"
    bouts = read_bouts(path)
    np.testing.assert_allclose([(one.onset_s, one.offset_s) for one in bouts], [(42, 47), (88, 92)], atol=0.1)
    assert [(one.beats, one.unsure) for one in bouts] == [(None, False), (12, True)]
    assert path.read_text(encoding="utf-8").splitlines()[-1].endswith('12,unsure,"he said ""no"", twice"')


def test_keys_alone_mark_to_a_tenth_of_a_second_and_take_it_back(open_blind):
    page = open_blind()
    strips = page.locator("#strips")
    for key in (
        "ArrowDown",
        "Shift+ArrowRight",
        "ArrowRight",
        "Enter",
        "Shift+ArrowRight",
        "Shift+ArrowRight",
        "Enter",
    ):
        strips.press(key)
    assert marks(page) == [(31.1, 33.1)]
    strips.press("Control+z")
    assert marks(page) == []
    for key in ("Enter", "ArrowLeft", "Escape", "Delete"):
        strips.press(key)
    assert marks(page) == []


def test_an_edge_is_dragged_or_typed_and_marks_never_overlap(open_blind):
    page = open_blind()
    drag(page, 5.0, 8.0)
    edge = page.locator(".mark [data-edge=offset_s]").bounding_box()
    page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 100, edge["y"] + 10, steps=3)
    page.mouse.up()
    ((onset_s, offset_s),) = marks(page)
    assert onset_s == pytest.approx(5.0, abs=0.1)
    assert offset_s > 9.0
    drag(page, 7.0, 12.0)
    assert len(marks(page)) == 1
    assert "touches no other mark" in page.locator("#marking output").inner_text()
    page.locator("[name=offset_s]").fill("6.5")
    page.locator("[name=offset_s]").press("Tab")
    assert marks(page) == [(onset_s, 6.5)]
    page.locator("[name=offset_s]").fill("1")
    page.locator("[name=offset_s]").press("Tab")
    assert marks(page) == [(onset_s, 6.5)]


def test_marking_goes_on_from_a_saved_table_and_leaving_asks_only_if_something_is_not_saved(open_blind, tmp_path):
    page = open_blind()
    drag(page, 42.0, 47.0)
    assert "Not saved." in page.locator("#marking output").inner_text()
    path = saved(page, tmp_path)
    assert "Not saved." not in page.locator("#marking output").inner_text()
    again = open_blind()
    again.locator("#choices input").set_input_files(path)
    again.locator("#marks li").wait_for(timeout=DRAWN_MS)
    assert marks(again) == marks(page)
    other = tmp_path / "other.csv"
    other.write_text("time,x\n1,2\n", encoding="utf-8")
    again.locator("#choices input").set_input_files(other)
    again.wait_for_function("() => document.querySelector('#marking output').textContent.startsWith('Not opened')")
    assert marks(again) == marks(page)
    assert saved(again, tmp_path).read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_nothing_found_is_saved_as_a_table_without_lines(open_blind, tmp_path):
    assert saved(open_blind(), tmp_path).read_text(encoding="utf-8") == "onset_s,offset_s,beats,label,note\n"


def test_a_telephone_shows_ten_seconds_in_a_line_without_overflow_and_axe_finds_nothing(open_blind):
    page = open_blind("ja", size=TELEPHONE, dark=True)
    assert page.locator(".strip").count() == 70
    drag(page, 2.0, 6.0, in_line_s=10)
    assert overflow_px(page) == 0
    assert serious_faults(page) == []
    # The line of a later strip is drawn when it comes into view.
    page.locator(".plot[data-from='600']").scroll_into_view_if_needed()
    page.locator(".plot[data-from='600'] path.axis-x").wait_for(state="attached", timeout=DRAWN_MS)
