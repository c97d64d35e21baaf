"""Verdicts on the page of a night: given by mouse and keys, saved, and taken into the library."""

import json
import shutil

import pytest

from clonus_sense.cli import run
from clonus_sense.library import Library, list_annotations, list_recordings, standing
from clonus_sense.report.pages.night_document import build_night_document
from clonus_sense.review import list_nights
from tests.browser.chromium import LAPTOP, serious_faults, wait_until_ready
from tests.review.made import MadeLeg, add_leg, at


@pytest.fixture
def review_page(open_night):
    """Open the page of a night and its first movement."""

    def open_page(language="en", size=LAPTOP):
        page = open_night(1, language, size)
        page.locator("details.movement summary").first.click()
        return page

    return open_page


def introduce(page, name="Sato", profession="physiotherapist"):
    dialog = page.locator("dialog#reviewer")
    dialog.locator("[name=name]").fill(name)
    dialog.locator("select").select_option(profession)
    dialog.locator("[value=ok]").click()
    # The answer that waited for a name is given in the task after the click.
    page.evaluate("() => new Promise((done) => setTimeout(done))")


def answer(page, verdict):
    return page.locator("details.movement[open] .verdict").locator(f'[data-say="{verdict}"]')


def status(page):
    return page.locator("#review-bar output").inner_text()


def save(page):
    """Save the review file; gives its path and content."""
    with page.expect_download() as download:
        page.locator("[data-save]").click()
    path = download.value.path()
    return path, json.loads(path.read_text(encoding="utf-8"))


def test_first_verdict_asks_once_who_speaks(review_page):
    page = review_page()
    answer(page, "rhythmic").click()
    introduce(page)
    assert answer(page, "rhythmic").get_attribute("aria-pressed") == "true"
    page.locator("details.movement summary").nth(1).click()
    # The one that was open closes by an event.
    page.wait_for_function("document.querySelectorAll('details.movement[open]').length === 1")
    answer(page, "unsure").click()
    assert not page.locator("dialog#reviewer").is_visible()
    assert status(page).endswith("2 not saved.")
    assert page.locator("[data-who]").inner_text() == "Sato · physiotherapist"


def test_without_an_introduction_nothing_is_kept(review_page):
    page = review_page()
    answer(page, "rhythmic").click()
    page.keyboard.press("Escape")
    assert answer(page, "rhythmic").get_attribute("aria-pressed") == "false"
    assert status(page).endswith("0 not saved.")


def test_saved_verdicts_are_taken_by_the_command_and_a_changed_one_replaces(review_page, written, tmp_path, capsys):
    page = review_page()
    answer(page, "rhythmic").click()
    introduce(page)
    page.locator("details.movement[open] [data-note]").fill("伸展時 <b>")
    page.locator("details.movement[open] [data-note]").blur()
    path, file = save(page)
    assert status(page).endswith("0 not saved.")
    (said,) = file["verdicts"]
    assert (said["revision"], said["verdict"], said["note"]) == (1, "rhythmic", "伸展時 <b>")
    # Other tests open the same page, which an import would take away.
    library_path = tmp_path / "library.sqlite3"
    shutil.copy(written[1]["en"].parents[2] / library_path.name, library_path)
    arguments = ["--yes", "--no-page", "--library", str(library_path)]
    assert run(["import-review", str(path), *arguments]) == 0
    answer(page, "not rhythmic").click()
    path, file = save(page)
    assert [(one["id"], one["revision"]) for one in file["verdicts"]] == [(said["id"], 2)]
    for _time in range(2):
        assert run(["import-review", str(path), *arguments]) == 0, capsys.readouterr().err
    with Library.open(library_path) as library:
        (recording,) = list_recordings(library)
        words = standing(list_annotations(library, recording.id))
    assert [(word.rater.name, word.verdict, word.note) for word in words] == [("Sato", "not rhythmic", "伸展時 <b>")]


def test_the_same_answer_once_more_takes_it_back(review_page):
    page = review_page()
    answer(page, "rhythmic").click()
    introduce(page)
    answer(page, "rhythmic").click()
    assert status(page).endswith("0 not saved.")
    answer(page, "rhythmic").click()
    save(page)
    answer(page, "rhythmic").click()
    _path, file = save(page)
    assert [(one["revision"], one["verdict"]) for one in file["verdicts"]] == [(2, "withdrawn")]


def test_keys_answer_for_the_movement_with_the_focus(review_page):
    page = review_page()
    page.locator("details.movement[open] summary").focus()
    page.keyboard.press("2")
    introduce(page)
    assert answer(page, "not rhythmic").get_attribute("aria-pressed") == "true"
    for key, verdict in (("1", "rhythmic"), ("u", "unsure"), ("R", "rhythmic"), ("3", "unsure")):
        page.keyboard.press(key)
        assert answer(page, verdict).get_attribute("aria-pressed") == "true"


def test_keys_do_nothing_elsewhere_in_a_note_or_switched_off(review_page):
    page = review_page()
    page.locator("[data-reviewer]").click()
    introduce(page)
    page.locator("#choose-kind").focus()
    page.keyboard.press("1")
    page.locator("details.movement[open] [data-note]").focus()
    page.keyboard.type("1 r 2")
    page.keyboard.press("Control+1")
    page.locator("[data-keys]").uncheck()
    page.locator("details.movement[open] summary").focus()
    page.keyboard.press("1")
    _path, file = save(page)
    assert [(one["verdict"], one["note"]) for one in file["verdicts"]] == [("note", "1 r 2")]


def test_keys_of_an_input_method_are_no_verdicts(review_page):
    page = review_page("ja")
    page.locator("[data-reviewer]").click()
    introduce(page)
    note = page.locator("details.movement[open] [data-note]")
    note.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "しん", "selectionStart": 2, "selectionEnd": 2})
    session.send("Input.insertText", {"text": "伸展1"})
    note.blur()
    # An input method that is on while a card has the focus sends keys of the code 229.
    page.locator("details.movement[open] summary").focus()
    for fields in ("keyCode: 229", "isComposing: true"):
        page.evaluate(
            f"""document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", {{ key: "1", bubbles: true, {fields} }}))"""
        )
    _path, file = save(page)
    assert [(one["verdict"], one["note"]) for one in file["verdicts"]] == [("note", "伸展1")]


def test_only_a_named_clinician_judges_clonus(review_page):
    page = review_page()
    answer(page, "judged as clonus").click()
    introduce(page, "", "patient")
    assert "Only a clinician" in status(page)
    page.locator("[data-reviewer]").click()
    introduce(page, "Sato", "physician")
    answer(page, "judged as clonus").click()
    _path, file = save(page)
    assert [one["verdict"] for one in file["verdicts"]] == ["judged as clonus"]


def test_two_reviewers_of_one_page_stay_two(review_page):
    page = review_page()
    answer(page, "rhythmic").click()
    introduce(page)
    page.locator("[data-reviewer]").click()
    introduce(page, "Ito", "physician")
    assert answer(page, "rhythmic").get_attribute("aria-pressed") == "false"
    answer(page, "unsure").click()
    _path, file = save(page)
    assert [(one["reviewer"]["name"], one["verdict"]) for one in file["verdicts"]] == [
        ("Sato", "rhythmic"),
        ("Ito", "unsure"),
    ]
    assert len({one["id"] for one in file["verdicts"]}) == 2


def test_missed_movement_is_marked_with_the_ruler(review_page):
    page = review_page()
    page.locator("#closer-look canvas").first.wait_for()
    page.locator("[data-ruler]").click()
    page.locator("[data-edge=start]").click()
    page.locator("[data-edge=end]").click()
    page.locator("#missed [type=submit]").click()
    introduce(page)
    _path, file = save(page)
    (said,) = file["verdicts"]
    assert said["verdict"] == "rhythmic"
    # The ruler covers the middle third of a window of ten seconds.
    assert said["end_s"] - said["start_s"] == pytest.approx(10 / 3, abs=0.2)


def test_missed_movement_is_marked_on_the_axis_zoomed_in(open_night):
    page = open_night(2)
    for _press in range(10):
        page.locator("[data-zoom=in]").click()
    page.locator("[data-night-ruler]").click()
    # The box of the right leg is moved: that of the left follows, and the right leg is the one that is marked.
    page.evaluate(
        """() => {
          const models = [...Bokeh.documents[0].roots()[0].references()];
          const moved = models.find((one) => one.name === "night-ruler-1");
          moved.setv({ right: moved.right - 100 });
        }"""
    )
    seconds = float(page.locator("[data-measured]").inner_text().split(" s")[0])
    page.locator("[data-mark-missed]").click()
    assert page.evaluate("document.activeElement.closest('#missed') !== null")
    page.keyboard.press("Enter")
    introduce(page)
    _path, file = save(page)
    (said,) = file["verdicts"]
    sides = {one["key"]: one["side"] for one in file["recordings"]}
    assert (said["verdict"], sides[said["recording"]]) == ("rhythmic", "right")
    # The ruler covers the middle third of the view, which stands in the middle of the night.
    assert said["end_s"] - said["start_s"] == pytest.approx(seconds, abs=0.2)
    assert (said["end_s"] + said["start_s"]) / 2 == pytest.approx(1800, abs=2)


def test_edges_are_taken_from_the_chart_that_was_used_last(review_page):
    page = review_page()
    page.locator("#closer-look canvas").first.wait_for()
    first, last = page.locator("#missed input").all()
    page.locator("[data-ruler]").click()
    page.locator("[data-edge=start]").click()
    page.locator("[data-edge=end]").click()
    on_card = (first.input_value(), last.input_value())
    for _press in range(9):
        page.locator("[data-zoom=in]").click()
    page.locator("[data-night-ruler]").click()
    page.locator("[data-edge=start]").click()
    page.locator("[data-edge=end]").click()
    assert first.input_value() < last.input_value()
    assert on_card != (first.input_value(), last.input_value())


def test_copied_text_is_the_file(review_page):
    page = review_page()
    answer(page, "rhythmic").click()
    introduce(page)
    page.locator("[data-copy]").click()
    text = page.locator("#review-text textarea").input_value()
    page.keyboard.press("Escape")
    _path, file = save(page)
    assert json.loads(text) == file


def test_leaving_with_unsaved_verdicts_asks(review_page):
    page = review_page()
    answer(page, "rhythmic").click()
    introduce(page)
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)
    page.close(run_before_unload=True)
    page.context.close()
    assert asked == ["beforeunload"]


def test_nothing_goes_into_browser_storage(review_page):
    page = review_page()
    answer(page, "rhythmic").click()
    introduce(page)
    save(page)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_open_movement_and_dialog_have_no_serious_fault(review_page):
    page = review_page()
    assert serious_faults(page) == []
    page.locator("[data-reviewer]").click()
    assert serious_faults(page) == []


@pytest.fixture
def open_made(pages, tmp_path):
    """Open the page of a night of 22:00 to 08:00 that is filled by hand."""

    def open_page(**content):
        with Library.open(tmp_path / "library.sqlite3") as library:
            add_leg(library, MadeLeg(**content))
            (night,) = list_nights(library)
        path = tmp_path / "night.html"
        path.write_text(build_night_document(night, {}), encoding="utf-8")
        return wait_until_ready(pages.open(path))

    return open_page


def test_answer_about_wear_is_on_the_whole_recording_and_on_the_time_off(open_made):
    page = open_made(episodes=(at(4.0),), unconfirmed_h=((2.0, 3.0),))
    question = page.locator(".question")
    question.locator("input").first.fill("00:30")
    question.locator("input").last.fill("01:15")
    question.locator("[data-wear=off]").click()
    introduce(page, "", "patient")
    _path, file = save(page)
    said = [(one["verdict"], one["start_s"], one["end_s"], one["revision"]) for one in file["verdicts"]]
    assert said == [("worn", 0, 36_000, 1), ("not worn", 9000, 11_700, 1)]
    # Another answer takes the time off back.
    question.locator("[data-wear=throughout]").click()
    _path, file = save(page)
    assert [(one["verdict"], one["revision"]) for one in file["verdicts"]] == [("worn", 2), ("withdrawn", 2)]


@pytest.mark.parametrize("episodes", [(), (at(4.0),)], ids=["none_found", "one_found"])
def test_missed_movement_is_marked_by_keys_alone(open_made, episodes):
    page = open_made(episodes=episodes)
    page.locator("#missed input").first.focus()
    for text in ("02:10:05.5", "02:10:09"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    introduce(page)
    _path, file = save(page)
    (said,) = file["verdicts"]
    assert (said["verdict"], said["start_s"], said["end_s"]) == ("rhythmic", 15_005.5, 15_009)


@pytest.mark.parametrize(
    ("typed", "start_s"),
    [("01:30:00", 3.5 * 3600), ("02:30:00", 4.5 * 3600), ("02:30:00 (2)", 5.5 * 3600), ("03:10:00", 6 * 3600 + 600)],
)
def test_typed_times_mean_what_the_clock_showed_after_it_was_set_back(open_made, typed, start_s):
    page = open_made(start="2026-10-24 22:00")
    first, last = page.locator("#missed input").all()
    first.fill(typed)
    last.fill(f"{typed[:6]}04{typed[8:]}")
    page.locator("#missed [type=submit]").click()
    introduce(page)
    _path, file = save(page)
    (said,) = file["verdicts"]
    assert (said["start_s"], said["end_s"]) == (start_s, start_s + 4)
