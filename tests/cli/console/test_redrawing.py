"""After every command that changes what a page shows, the page is drawn again, and its path is printed."""

import json
import re
from pathlib import Path

import pytest

from clonus_sense import workflows
from clonus_sense.workflows import night_pages
from tests.workflows.made import write_minute

WORD = ("--from", "22:30:19", "--to", "22:30:21", "--verdict", "unsure", "--profession", "patient")
WHY = ("--by", "Sato", "--reason", "wrong bed")


@pytest.fixture
def page(run, tmp_path):
    """The page of a night of P07."""
    code, lines, errors = run("add", write_minute(tmp_path / "night.csv"))
    assert code == 0, errors
    return Path(lines[-1])


def how_often(page):
    """Count of rhythmic movements behind the sentence; None where there is no number."""
    found = re.search(r"<td>How often</td><td[^>]*>(\d+)</td>", page.read_text(encoding="utf-8"))
    return int(found[1]) if found else None


def told(run):
    """What the library says of the one night, for programs."""
    [night] = json.loads(run("nights", "--json")[1][0])
    clonus = night["legs"][0]["headline"]["clonus"]
    return clonus and clonus["n_episodes"]


@pytest.mark.parametrize(
    "command",
    [
        ("correct", "worn", "last", "not-at-all"),
        ("correct", "rest", "last", "--from", "22:30:40", "--to", "22:31"),
        ("annotate", "last", *WORD),
        ("baseline", "last"),
    ],
)
def test_the_page_says_what_the_library_says(run, page, command):
    before = page.read_text(encoding="utf-8")
    code, lines, errors = run(*command)
    assert (code, lines[-1]) == (0, str(page)), errors
    assert page.read_text(encoding="utf-8") != before
    assert how_often(page) == told(run)


def test_another_analysis_stands_on_the_page(run, page, tmp_path):
    settings = tmp_path / "high.toml"
    settings.write_text("floor_g = 0.9\n", encoding="utf-8")
    assert how_often(page) == 1
    assert run("reanalyse", "--settings", settings)[1][-1] == str(page)
    assert how_often(page) == told(run) == 0


def test_new_settings_say_that_nights_and_pages_wait_for_a_new_analysis(run, page, clonus_sense):
    before = page.read_text(encoding="utf-8")
    _, lines, _ = run("settings", "P07", "--floor", "0.9", "--yes")
    assert "Earlier results and pages keep their settings" in lines[-1]
    assert page.read_text(encoding="utf-8") == before
    assert how_often(page) == told(run) == 1


def test_a_word_taken_back_leaves_the_page(run, page):
    run("annotate", "last", *WORD)
    assert "unsure · patient" in page.read_text(encoding="utf-8")
    assert run("annotate", "last", "--withdraw", "1", "--profession", "patient")[1][-1] == str(page)
    assert "unsure · patient" not in page.read_text(encoding="utf-8")


def test_a_night_that_moves_takes_its_page_along(run, page):
    code, lines, _ = run("move", "last", "--to-person", "P08", *WHY)
    moved = page.parents[1] / "P08" / page.name
    assert (code, lines) == (
        0,
        ["Moved: recording 1.", f"Removed, because its night no longer exists: {page}", str(moved)],
    )
    assert (page.exists(), moved.exists()) == (False, True)


def test_a_wrong_date_takes_its_page_along(run, page):
    _, lines, _ = run("correct", "start", "1", "--from", "2026-11-07T22:30+09:00")
    assert lines[-1] == str(page.with_name("2026-11-07.html"))
    assert not page.exists()


def test_a_page_in_japanese_stays_japanese_and_nothing_english_is_made(run, tmp_path):
    _, lines, _ = run("add", write_minute(tmp_path / "night.csv"), "--lang", "ja")
    page = Path(lines[-1])
    assert run("annotate", "last", *WORD)[1][-1] == str(page)
    assert [one.name for one in page.parent.iterdir()] == ["2026-11-05.ja.html"]
    assert "判断できない" in page.read_text(encoding="utf-8")


def test_without_a_page_the_untrue_one_is_removed_and_that_is_said(run, page):
    code, lines, _ = run("annotate", "last", *WORD, "--no-page")
    assert (code, lines[-1]) == (0, f"Removed, because it is outdated: {page}")
    assert not page.exists()


@pytest.mark.parametrize("command", [("annotate", "last", *WORD), ("move", "last", "--to-side", "right", *WHY)])
def test_where_there_was_no_page_none_is_made(run, page, command):
    page.unlink()
    assert not run(*command)[1][-1].endswith(".html")
    assert not page.exists()


def test_a_change_that_is_refused_leaves_the_page_alone(run, page):
    before = page.read_text(encoding="utf-8")
    assert run("annotate", "last", *WORD[:4], "--verdict", "judged as clonus", "--profession", "patient")[0] == 1
    assert run("correct", "start", "99", "--from", "2026-11-07T22:30+09:00")[0] == 1
    assert page.read_text(encoding="utf-8") == before


def test_a_page_that_cannot_be_drawn_is_told_and_is_not_left_untrue(run, page, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device", str(page))

    monkeypatch.setattr(night_pages, "write_text_atomically", full)
    code, lines, errors = run("annotate", "last", *WORD)
    assert code == 1
    assert lines[0].startswith("Kept as word 1")
    assert "No space left on device" in errors
    assert not page.exists()


def test_a_stop_in_mid_change_leaves_no_untrue_page(run, page, monkeypatch):
    keep = workflows.reanalyse_recording

    def stopped(*arguments, **options):
        keep(*arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(workflows, "reanalyse_recording", stopped)
    settings = page.parents[2] / "high.toml"
    settings.write_text("floor_g = 0.9\n", encoding="utf-8")
    assert run("reanalyse", "--settings", settings)[0] == 130
    assert not page.exists()


def test_adding_the_other_leg_redraws_the_pages_that_are_there(run, page, tmp_path):
    japanese = page.with_suffix(".ja.html")
    assert run("page", "last", "--lang", "ja")[1] == [str(japanese)]
    other = write_minute(tmp_path / "right.csv", seed=5, side="right")
    _, lines, _ = run("add", other, "--output", tmp_path / "elsewhere")
    assert lines[-3:] == [str(page), str(japanese), str(tmp_path / "elsewhere" / "P07" / page.name)]
    assert "Right leg" in page.read_text(encoding="utf-8")
    assert "右脚" in japanese.read_text(encoding="utf-8")


def test_a_leg_that_is_deleted_leaves_the_page_of_the_other_and_comes_back_to_it(run, page, tmp_path):
    run("add", write_minute(tmp_path / "right.csv", seed=5, side="right"))
    assert "Right leg" in page.read_text(encoding="utf-8")
    code, lines, _ = run("delete", "2026-11-05", "--side", "right", "--yes")
    assert code == 0
    assert str(page) in lines
    assert "Right leg" not in page.read_text(encoding="utf-8")
    assert run("undelete", "2026-11-05")[1][-1] == str(page)
    assert "Right leg" in page.read_text(encoding="utf-8")
