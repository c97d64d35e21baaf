"""The therapist's first screen: what stands on it, and what an address may ask for."""

import io

import pytest
from pypdf import PdfReader

from clonus_sense.library import Library, Verdict
from tests.app.apps import open_app
from tests.report.pages.test_recording_document import Page
from tests.review.made import MadeLeg, add_leg, at, say


@pytest.fixture
def asked(tmp_path):
    """An app over six nights of P07, of which the last has three movements, and one night of a person with markup."""
    with Library.open(tmp_path / "library.sqlite3") as library:
        for day in range(1, 6):
            add_leg(library, MadeLeg(start=f"2026-11-{day:02d} 22:00", episodes=(at(2.0),)))
        episodes = (at(2.0, 3.0), at(4.0, 12.0), at(5.0, 4.0, peak_g=0.9))
        recording = add_leg(library, MadeLeg(start="2026-11-06 22:00", episodes=episodes))
        say(library, recording, 4.0, 4.001, Verdict.RHYTHMIC, note="<b>cramp</b>")
        add_leg(library, MadeLeg(start="2026-11-03 22:00", person="<i>P8</i>"))
    with open_app(tmp_path) as opened:
        yield opened


def html(asked, query=""):
    return asked.data(f"nights{query}")["html"]


def links(made):
    return [value for value in Page(made).values("a", "href") if value.startswith("/night?")]


def rows(made):
    table = made[made.index('<table class="listed">') :]
    return table[table.index("<tbody>") : table.index("</tbody>")].count("<tr")


def test_several_people_are_chosen_from_and_markup_in_a_code_is_text(asked):
    made = html(asked)
    assert "<i>P8</i>" not in made
    assert set(Page(made).values("option", "value")) == {"P07", "<i>P8</i>"}
    assert "Left leg" not in made


def test_it_shows_weeks_three_movements_and_every_night(asked):
    made = html(asked, "?person=P07")
    assert "6 of 6 nights were worn for half of the rest window or more" in made
    assert made.count("<circle") == 6
    picks = made[made.index('<ul class="picks">') : made.index("</ul>", made.index('<ul class="picks">'))]
    assert "longest" in picks
    assert "2 · 12 s · 72 beats" in picks
    assert "/night?person=P07&amp;night=2026-11-06#movement-left-2" in picks
    assert rows(made) == 6
    assert "&lt;b&gt;cramp&lt;/b&gt;" in made
    assert "newest night" in made


@pytest.mark.parametrize(
    ("query", "n_rows"), [("longest=10", 1), ("longest=3.5&count=0", 6), ("count=2", 1), ("note=on", 1), ("new=on", 6)]
)
def test_nights_are_searched_by_numbers_and_notes(asked, query, n_rows):
    made = html(asked, f"?person=P07&{query}")
    assert rows(made) == n_rows
    assert f"{n_rows} of 6 nights fit the search." in made


@pytest.mark.parametrize("query", ["longest=ten", "count=1.5", "count=1e999"])
def test_a_search_that_is_no_number_is_one_sentence(asked, query):
    answer = asked.client.get(f"/data/nights?person=P07&{query}")
    assert answer.status_code == 400
    assert "A search takes numbers" in answer.json()["refused"]


def test_an_unknown_person_and_an_empty_library_lead_to_a_choice_or_a_sentence(asked, tmp_path):
    assert "<select" in html(asked, "?person=../../P07")
    with open_app(tmp_path / "new") as empty:
        assert "no nights yet" in empty.data("nights")["html"]


def test_the_report_opens_as_pdf_under_its_name(asked):
    given = asked.client.get("/data/nights/give/report?person=P07")
    assert given.headers["content-type"] == "application/pdf"
    assert "nights_2026-11-01_2026-11-06.pdf" in given.headers["content-disposition"]
    assert len(PdfReader(io.BytesIO(given.content)).pages) == 2
    refused = asked.client.get("/data/nights/give/report?person=P99")
    assert refused.status_code == 400
    assert "P99" in refused.text


def test_no_attribute_holds_a_style_which_the_policy_of_the_app_would_drop(asked):
    assert " style=" not in html(asked, "?person=P07")
