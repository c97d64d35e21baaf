"""The page of several nights: every number says on how many nights it stands, and nothing is concluded."""

import re
from datetime import UTC, datetime

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.library import Library, Verdict
from clonus_sense.report.pages.nights_document import build_nights_document
from clonus_sense.review import read_several_nights
from tests.report.pages.test_recording_document import Page
from tests.review.made import MadeLeg, add_leg, at, say

MADE_AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library.sqlite3") as opened:
        yield opened


def add_night(library, day, n_movements=0, **facts):
    episodes = tuple(at(1.5 + k / 4, 2.0) for k in range(n_movements))
    return add_leg(library, MadeLeg(start=f"2026-11-{day:02d} 22:00", episodes=episodes, **facts))


def build(library, links=None, **options):
    return build_nights_document(read_several_nights(library, "P07"), links or {}, made_at=MADE_AT, **options)


def words(html):
    return re.sub(r"\s+", " ", Page(html).text)


def rows(html):
    [table] = re.findall(r'<table class="listed">.*?<tbody>(.*?)</tbody>', html, flags=re.DOTALL)
    spaced = table.replace("</td>", " </td>")
    return [words(row).strip() for row in re.findall(r"<tr.*?</tr>", spaced, flags=re.DOTALL)]


def test_the_sentence_says_on_how_many_nights_it_stands(library):
    for day, n_movements in ((2, 4), (3, 6), (4, 7), (5, 9), (6, 12)):
        add_night(library, day, n_movements)
    add_night(library, 7, 3, gaps_h=((3.0, 8.0),))
    text = words(build(library))
    assert (
        "Left leg: 5 of 6 nights were worn for half of the rest window or more; 6 were recorded. In these 5 nights: "
        "median 7 (half of the nights 6–9) movements a night. In the 6 recorded nights: 41 movements, 82 s in all, "
        "longest 2.0 s (worn 43 h 00 min)." in text
    )


def test_three_nights_have_no_quartiles(library):
    for day, n_movements in ((2, 4), (3, 6), (4, 9)):
        add_night(library, day, n_movements)
    assert "In these 3 nights: median 6 movements a night." in words(build(library))


def test_each_night_is_a_row_newest_first_with_a_link_where_it_has_a_page(library):
    recording = add_night(library, 5, 2)
    add_night(library, 6, 1)
    say(library, recording, 1.5, 1.5005, Verdict.RHYTHMIC)
    html = build(library, {"2026-11-05": "2026-11-05.html"})
    newest, oldest = rows(html)
    assert newest.startswith("2026-11-06 (Fri) 8 h 00 min (100 %) 1 0.1 2.0 s 2.0 s 0/1")
    assert oldest.startswith("2026-11-05 (Thu) 8 h 00 min (100 %) 2 0.2 4.0 s 2.0 s 1/2")
    assert set(Page(html).values("a", "href")) == {"2026-11-05.html"}


def test_a_quiet_night_has_zero_and_a_night_that_was_not_measured_a_dash(library):
    add_night(library, 5)
    add_night(library, 6, unconfirmed_h=((0.0, 10.0),), rest_h=((1.0, 9.0),))
    html = build(library)
    assert rows(html)[-1].startswith("2026-11-05 (Thu) 8 h 00 min (100 %) 0 0.0 0.0 s – 0/0")
    assert "none" not in words(html).lower()


def test_a_changed_detector_is_marked_and_named(library):
    add_night(library, 5, 1)
    add_leg(library, MadeLeg(start="2026-11-06 22:00"), settings=DetectionSettings(floor_g=0.05))
    html = build(library)
    assert html.count('<line class="change"') == 1
    assert "2026-11-06 (Fri): settings: floor_g – → 0.05" in words(html)


def test_notes_stand_there_unless_personal_data_stay_out(library):
    recording = add_night(library, 5, 1)
    say(library, recording, 2.0, 2.1, Verdict.UNSURE, note="<b>tea</b> & biscuits")
    html = build(library)
    assert "<b>tea</b> & biscuits" in words(html)
    assert "<b>tea" not in html
    assert "biscuits" not in build(library, hide_personal=True)
    assert "P07" not in build(library, hide_personal=True)


def test_left_out_nights_are_told(library, monkeypatch):
    monkeypatch.setattr("clonus_sense.review.several_nights.MOST_NIGHTS", 2)
    for day in (2, 3, 5):
        add_night(library, day)
    add_leg(library, MadeLeg(start="2026-11-08 14:00", length_h=2.0, rest_h=()))
    text = words(build(library))
    assert "Shown are the newest 2 nights; 2 earlier ones are left out." in text
    assert "1 recordings without a rest window are no nights and are left out." in text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_runs_no_script_asks_for_nothing_and_judges_nothing(library, language):
    for day in range(2, 9):
        add_night(library, day, day)
        add_night(library, day, 1, side="right")
    html = build(library, language=language)
    page = Page(re.sub(r"<(line|circle|rect|path)([^>]*)/>", r"<\1\2></\1>", html))
    assert page.open == []
    assert "script" not in page.tags
    assert not re.search(r"(?:src|href)=\"(?!2026)", html)
    body = html[html.index("<main") : html.index("</main>")]
    for word in ("improve", "worse", "normal", "改善", "悪化", "異常", "クローヌス"):
        assert word not in body
    assert html.count("<circle") == 14


def test_ninety_nights_stay_small(library):
    for month in (8, 9, 10):
        for day in range(1, 31):
            add_leg(library, MadeLeg(start=f"2026-{month:02d}-{day:02d} 22:00", episodes=(at(2.0), at(5.0))))
    html = build(library)
    assert html.count("<circle") == 90
    assert len(html) < 200_000
