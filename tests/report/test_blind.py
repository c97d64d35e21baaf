"""A recording to be marked: the whole waveform, no detection, and an empty table that is never overwritten."""

import pytest

from clonus_sense.evaluation import read_bouts
from clonus_sense.report import blind
from clonus_sense.report.blind import BlindRecording, write_blind_page
from clonus_sense.report.window import Window

from .builders import cut_window, make_episode, make_info, make_pieces
from .pages.test_recording_document import Page

PIECES = make_pieces(700.0, [make_episode(40.0)])


def recording(start_s=0.0, end_s=700.0, **facts):
    return BlindRecording("night", make_info(**facts), start_s, end_s, lambda a, b: cut_window(PIECES, a, b))


@pytest.fixture(scope="module")
def in_english(tmp_path_factory):
    """The files of the recording, for tests that only look at them."""
    return write_blind_page(recording(), tmp_path_factory.mktemp("blind") / "new", language="en")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_holds_the_whole_waveform_and_asks_for_nothing(tmp_path, in_english, language):
    files = in_english if language == "en" else write_blind_page(recording(), tmp_path / "new", language=language)
    page = Page(files.page.read_text(encoding="utf-8"))
    assert page.open == []
    assert "script" not in page.tags
    assert all(source.startswith("data:image/png;base64,") for source in page.values("img", "src"))
    assert page.tags.count("img") == 3
    assert page.values("html", "lang") == [language]
    assert "night.annotation.csv" in page.text


def test_pictures_say_which_time_they_show(in_english):
    text = Page(in_english.page.read_text(encoding="utf-8")).text
    assert "22:30:00–22:35:00 (0–300 s)" in text
    assert "22:40:00–22:41:40 (600–700 s)" in text


def test_nothing_on_the_page_tells_what_was_detected(in_english):
    text = Page(in_english.page.read_text(encoding="utf-8")).text.lower()
    for word in ("clonus", "rhythmic 1", "confidence", "hz,"):
        assert word not in text


def test_a_part_begins_at_a_whole_strip_so_that_pages_of_two_people_agree():
    assert recording(start_s=95.0, end_s=700.0).starts_s == (90.0, 390.0, 690.0)
    assert recording(start_s=0.0, end_s=10.0).starts_s == (0.0,)


def test_the_empty_table_is_an_annotation_in_which_nothing_was_found(in_english):
    assert in_english.annotation.read_text(encoding="utf-8") == "onset_s,offset_s,beats,label,note\n"
    assert read_bouts(in_english.annotation) == ()
    assert not in_english.has_marks


def test_what_was_marked_is_never_overwritten(tmp_path):
    marks = tmp_path / "night.annotation.csv"
    marks.write_text("onset_s,offset_s\n1,2\n", encoding="utf-8")
    files = write_blind_page(recording(end_s=60.0), tmp_path)
    assert files.has_marks
    assert marks.read_text(encoding="utf-8") == "onset_s,offset_s\n1,2\n"


def test_a_recording_of_days_is_cut_and_the_page_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(blind, "MOST_PICTURES", 2)
    page = Page(write_blind_page(recording(), tmp_path).page.read_text(encoding="utf-8"))
    assert page.tags.count("img") == 2
    assert "Shown are the first 0:10:00 (h:min:s)" in page.text


def test_hostile_names_stay_text(tmp_path):
    hostile = '<script>alert("x")</script>&'
    facts = recording(person=hostile)
    html = blind.build_blind_page(facts, [], hostile, language="en")
    assert "script" not in Page(html).tags


def test_progress_reaches_the_end(tmp_path):
    shares = []
    empty = BlindRecording("night", make_info(), 0.0, 700.0, lambda a, b: Window(a, b, ()))
    write_blind_page(empty, tmp_path, on_progress=shares.append)
    assert shares == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0]
