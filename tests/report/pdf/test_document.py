"""The report, read back from its bytes: two pages, whatever the nights hold, and nothing that stays out is in it."""

import io
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from pypdf import PdfReader

from clonus_sense.errors import ReportError
from clonus_sense.library import Library, Verdict
from clonus_sense.report.pdf.document import ReportParts, ReportWave, build_report
from clonus_sense.review import read_several_nights
from tests.review.made import MadeLeg, add_leg, at, say

WAVE = ReportWave(
    "longest",
    datetime(2026, 11, 5, 23, 30, tzinfo=UTC),
    100.0,
    4.0,
    ((np.arange(90.0, 110.0, 0.02), 0.3 * np.sin(2 * np.pi * 6 * np.arange(90.0, 110.0, 0.02))),),
)
PARTS = ReportParts({"left": (WAVE,) * 4}, ("left foot",), ("Sato (physiotherapist)",), ("0.1.0",))


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library.sqlite3") as opened:
        yield opened


def add_nights(library, n, sides=("left",)):
    for at_night in range(n):
        day = date.fromordinal(date(2026, 8, 1).toordinal() + at_night)
        for side in sides:
            episodes = tuple(at(2 + k / 3) for k in range(at_night % 5))
            last = add_leg(library, MadeLeg(start=f"{day} 22:00", side=side, episodes=episodes))
    return last


def build(library, parts=PARTS, **options):
    return build_report(read_several_nights(library, "P07"), parts, made_on=date(2026, 12, 1), **options)


def read(document):
    pages = PdfReader(io.BytesIO(document)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def stretch(found, n):
    """The same nights again and again, to `n` nights of each leg."""
    legs = []
    for leg in found.legs:
        days = [date.fromordinal(found.first.toordinal() + k) for k in range(n)]
        rows = [replace(leg.rows[k % len(leg.rows)], date=day, name=f"{day}") for k, day in enumerate(days)]
        legs.append(replace(leg, rows=tuple(rows)))
    return replace(found, legs=tuple(legs), last=date.fromordinal(found.first.toordinal() + n - 1))


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("sides", [("left",), ("left", "right")])
def test_any_number_of_nights_takes_two_pages(library, sides, language):
    add_nights(library, 4, sides)
    few = read_several_nights(library, "P07")
    for n in (1, 4, 90):
        document = build_report(stretch(few, n), PARTS, made_on=date(2026, 12, 1), language=language)
        first, second = read(document)
        assert "P07" in first
        assert ("medical device" if language == "en" else "医療機器") in second


def test_every_number_stands_with_its_nights(library):
    add_nights(library, 10)
    first, second = read(build(library))
    assert "10 of 10 nights were worn for half of the rest window or more; 10 were recorded." in first
    assert "In the 10 recorded nights: 20 movements, 80 s in all, longest 4.0 s (worn 80 h 00 min)." in first
    assert "newest night 1/1 1/1 4 4 16 s 4.0 s" in second
    assert "7 nights 7/7 7/7 3 (half of the nights 1.5–3.5) 17 68 s 4.0 s" in second
    assert "30 nights" not in second
    for said in ("longest", "11-05 23:30:00", "4.0 s · height ±0.31 g", "Reviewed: 0 of 20 · Sato (physiotherapist)"):
        assert said in second


def test_personal_data_stay_out_on_request(library):
    recording = add_nights(library, 2)
    say(library, recording, 2.0, 2.1, Verdict.UNSURE, note="tea with Tanaka")
    assert "tea with Tanaka" in read(build(library))[1]
    told = " ".join(read(build(library, replace(PARTS, raters=("Sato",)), hide_personal=True)))
    for personal in ("P07", "Tanaka", "Sato"):
        assert personal not in told


def test_many_long_notes_never_make_a_third_page_and_are_counted(library):
    recording = add_nights(library, 3, ("left", "right"))
    for number in range(40):
        say(
            library, recording, 1 + number / 10, 1.05 + number / 10, Verdict.NOTE, note=f"note {number} " + "word " * 70
        )
    pages = read(build(library, replace(PARTS, waves={"left": (WAVE,) * 4, "right": (WAVE,) * 4})))
    assert len(pages) == 2
    assert "note 39" in pages[1]
    assert "more" in pages[1]
    assert "medical device" in pages[1]


def test_equal_nights_give_equal_bytes(library):
    add_nights(library, 4)
    assert build(library) == build(library)


def test_text_is_text_and_a_sign_that_the_font_lacks_is_refused_by_name(library):
    recording = add_nights(library, 1)
    say(library, recording, 2.0, 2.1, Verdict.NOTE, note="<b>bold</b> & <img src=x>")
    assert "<b>bold</b> & <img src=x>" in read(build(library))[1]
    say(library, recording, 3.0, 3.1, Verdict.NOTE, note="slept well 😴")
    with pytest.raises(ReportError, match=r"no sign for 😴 in “.*slept well 😴”"):
        build(library)
    assert len(read(build(library, hide_personal=True))) == 2


def test_without_reportlab_one_sentence_says_what_to_install(library, monkeypatch):
    add_nights(library, 1)
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    with pytest.raises(ReportError, match=r"run `pip install 'clonus-sense\[app\]'`"):
        build(library)


def test_a_leg_without_samples_says_so(library):
    add_nights(library, 1)
    assert "no waveform at hand" in read(build(library, replace(PARTS, waves={})))[1]
