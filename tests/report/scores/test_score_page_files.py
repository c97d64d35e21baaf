"""The page of an evaluation: whole, small, in both languages, and honest about what it leaves out."""

import re

import pytest

from clonus_sense.errors import RecordingError
from clonus_sense.evaluation import Case, RatedRecording, match_case, measure_agreement, score_cases
from clonus_sense.model import Evidence
from clonus_sense.report.scores.logged import Said
from clonus_sense.report.scores.score_page_files import (
    MOST_PICTURES,
    Drawer,
    write_agreement_page,
    write_evaluation_page,
)
from tests.report.pages.test_recording_document import Page

from .builders import bout, evaluate_one, hit, rhythm

TESTS = (Evidence("unevenness", 0.9, 0.3, passed=False), Evidence("beats", 12, 5, passed=True))
REJECTED = Said(20.1, 21.9, is_rejected=True, confidence=0.31, beats=11, frequency_hz=5.5, evidence=TESTS)


def write(path, evaluation, *, said=(), windows_of=lambda _name: rhythm, language="en"):
    drawer = Drawer(windows_of, language)
    write_evaluation_page(path, evaluation, lambda _name: said, drawer, "logs – <b>", language=language)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_is_whole_and_asks_for_nothing(tmp_path, language):
    evaluation = evaluate_one([bout(10), bout(20)], [hit(10), hit(90)])
    html = write(tmp_path / "a.html", evaluation, said=(REJECTED,), language=language)
    page = Page(html)
    assert page.open == []
    assert "script" not in page.tags
    assert not re.search(r"https?:|//|@import|url\(", re.sub(r"base64,[^\"]*", "", html))
    assert all(source.startswith("data:image/png;base64,") for source in page.values("img", "src"))
    assert page.values("html", "lang") == [language]
    assert "logs – <b>" in page.text
    assert "clonus" not in page.text.lower()


def test_each_miss_and_each_false_one_is_a_picture_with_what_was_said(tmp_path):
    evaluation = evaluate_one([bout(10), bout(20, beats=12, frequency_hz=5.5, peak_g=0.2)], [hit(10), hit(90)])
    page = Page(write(tmp_path / "a.html", evaluation, said=(REJECTED,)))
    assert page.values("img", "alt") == ["Waveform of night, 20.0–22.0 s", "Waveform of night, 90.0–92.0 s"]
    assert "Missed (1)" in page.text
    assert "Detected where nothing is annotated (1)" in page.text
    assert "12 beats, 5.50 Hz, 0.200 g" in page.text
    assert "20.1–21.9 s: looked at and rejected, confidence 0.31, 11 beats, 5.50 Hz" in page.text
    assert "Against it: beats uneven: 90 % spread, at most 30 % expected" in page.text
    assert "For it: many beats: 12, at least 5 expected" in page.text


def test_a_miss_of_which_the_log_says_nothing_tells_so(tmp_path):
    page = Page(write(tmp_path / "a.html", evaluate_one([bout(10), bout(20)], [hit(10)])))
    assert page.text.count("The log of the detector holds nothing here.") == 1


def test_figures_are_those_of_the_evaluation_and_one_recording_is_named_as_such(tmp_path):
    page = Page(write(tmp_path / "a.html", evaluate_one([bout(10), bout(20)], [hit(10), hit(90)])))
    assert "Annotated bouts found1 of 2Sensitivity0.50Precision0.50F10.50Unannotated detections per 8 h8.0" in page.text
    assert "There is one recording only" in page.text
    two = [match_case(Case(name, "night", (bout(10),), 3600.0), (hit(10),)) for name in "ab"]
    page = Page(write(tmp_path / "b.html", score_cases(two)))
    assert "Sensitivity1.000.22–1.00" in page.text
    assert "the 2 recordings drawn again and again" in page.text


def test_without_recordings_moments_are_listed_and_what_is_missing_is_said(tmp_path):
    evaluation = evaluate_one([bout(20, beats=12)], [hit(90)])
    page = Page(write(tmp_path / "a.html", evaluation, windows_of=lambda _name: None))
    assert page.values("img", "src") == []
    assert "The samples of 1 recordings are not at hand (night)" in page.text
    assert "--recordings" in page.text
    assert "night20.022.012 beats" in page.text.replace("\n", "")


def test_a_recording_that_cannot_be_read_is_one_that_is_not_at_hand(tmp_path, caplog):
    def refuse(_start_s, _end_s):
        raise RecordingError("night.csv: is no recording.")

    page = Page(write(tmp_path / "a.html", evaluate_one([bout(20), bout(40)], []), windows_of=lambda _name: refuse))
    assert "The samples of 1 recordings are not at hand (night)" in page.text
    assert caplog.text.count("night.csv: is no recording.") == 1


def test_hundreds_of_misses_stay_readable_and_the_cuts_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr("clonus_sense.report.scores.score_page_files.png", lambda _ax, _language: b"picture")
    monkeypatch.setattr("clonus_sense.report.scores.score_page_files.plot_moment", lambda *_places, **_names: None)
    html = write(tmp_path / "a.html", evaluate_one([bout(10 * number) for number in range(700)], []))
    page = Page(html)
    assert len(page.values("img", "src")) == MOST_PICTURES
    assert f"{MOST_PICTURES} of 700 are drawn: from every recording in turn" in page.text
    assert "140 more are not listed here" in page.text
    assert len(html) < 300_000


def test_two_raters_are_shown_what_each_alone_marked(tmp_path):
    rated = [RatedRecording("night", (bout(10), bout(20)), (bout(10.2), bout(90)), 3600.0)]
    path = tmp_path / "a.html"
    drawer = Drawer(lambda _name: rhythm, "en")
    write_agreement_page(path, measure_agreement(rated), rated, drawer, "A – B", language="en")
    page = Page(path.read_text(encoding="utf-8"))
    assert page.open == []
    assert page.values("img", "alt") == ["Waveform of night, 20.0–22.0 s", "Waveform of night, 90.0–92.0 s"]
    assert "Marked by A alone (1)" in page.text
    assert "Bouts of A that B has0.50" in page.text
    assert "its bouts drawn again and again" in page.text
    assert "The log of the detector" not in page.text


def test_hostile_text_stays_text(tmp_path):
    hostile = '<script>alert("x")</script>&'
    case = match_case(Case(hostile, hostile, (bout(10, kind=hostile),), 3600.0), (hit(90),))
    page = Page(write(tmp_path / "a.html", score_cases([case])))
    assert "script" not in page.tags
    assert page.open == []
    assert page.text.count(hostile) >= 4
