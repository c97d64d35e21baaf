"""A recording to be marked: the whole waveform inside the page, and nothing of a detector."""

import json
import re

import pytest

from clonus_sense.report import blind
from clonus_sense.report.blind import BlindRecording, build_blind_page, write_blind_page

from .builders import cut_window, make_episode, make_info, make_pieces
from .pages.test_recording_document import Page

PIECES = make_pieces(700.0, [make_episode(40.0)])


def recording(start_s=0.0, end_s=700.0, **facts):
    return BlindRecording("night", make_info(**facts), start_s, end_s, lambda a, b: cut_window(PIECES, a, b))


def data_of(html):
    [block] = re.findall(r'<script type="application/json" id="blind-data">(.*?)</script>', html)
    return json.loads(block)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_holds_the_whole_waveform_and_asks_for_nothing(tmp_path, language):
    path = write_blind_page(recording(), tmp_path / "new", language=language)
    assert path.name == "night.blind.html"
    html = path.read_text(encoding="utf-8")
    page = Page(html)
    assert page.open == []
    assert page.values("html", "lang") == [language]
    assert page.values("meta", "content")[-2].startswith("default-src 'none'; ")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", html)
    data = data_of(html)
    assert data["file_name"] == "night.annotation.csv"
    assert [(part["from_s"], part["to_s"]) for part in data["parts"]] == [(0, 300), (300, 600), (600, 700)]
    assert sum(piece["n"] for part in data["parts"] for piece in part["pieces"]) == 700 * 50


def test_nothing_on_the_page_tells_what_was_detected():
    text = Page(re.sub(r"<script.*?</script>", "", build_blind_page(recording(), language="en"), flags=re.DOTALL)).text
    for word in ("clonus", "rhythmic 1", "confidence", "hz,"):
        assert word not in text.lower()


def test_a_part_begins_at_a_whole_minute_so_that_lines_of_two_people_agree():
    assert recording(start_s=95.0).shown_s == (60.0, 700.0)
    assert recording(end_s=10.0).shown_s == (0.0, 10.0)


def test_a_recording_of_days_is_cut_and_the_page_says_so(monkeypatch):
    monkeypatch.setattr(blind, "LONGEST_S", 600.0)
    html = build_blind_page(recording(), language="en")
    assert "Shown are the first 0:10:00 (h:min:s)" in Page(html).text
    assert data_of(html)["parts"][-1]["to_s"] == 600.0


def test_a_recording_without_a_start_counts_from_its_first_sample():
    data = data_of(build_blind_page(recording(start=None), language="en"))
    assert (data["origin_ms"], data["clock_changes"]) == (None, [])


def test_hostile_names_stay_text():
    html = build_blind_page(recording(person='<script>alert("x")</script>&'), language="en")
    assert "<script>alert" not in html
