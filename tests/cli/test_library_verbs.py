"""The library from the command line, as people use it: add, look, answer, move, delete."""

import json
import os
import shlex
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from clonus_sense.library import Library
from tests.review.made import MadeLeg, add_leg, at
from tests.workflows.made import START, write_minute


@pytest.fixture
def night(run, tmp_path):
    """One recording of P07 is in the library; a page is drawn by the tests that look at one."""
    path = write_minute(tmp_path / "night.csv")
    code, _, errors = run("add", path, "--no-page")
    assert code == 0, errors
    return path


def test_add_ends_with_the_path_of_the_page(run, tmp_path):
    code, lines, errors = run("add", write_minute(tmp_path / "night.csv"))
    assert code == 0
    page = tmp_path / "data" / "pages" / "P07" / "2026-11-05.html"
    assert lines[-1] == str(page)
    assert page.exists()
    assert lines[0] == "night.csv: recording 1 of P07, Left leg"
    assert "  rhythmic 1 (2.2 s)" in lines
    assert "  Confidence: high 1, medium 0, low 0" in lines
    assert any(line.startswith(f"Library: {tmp_path / 'data' / 'library.sqlite3'} (") for line in lines)
    assert "is not a medical device" in errors


def test_add_in_japanese(run, tmp_path):
    _, lines, errors = run("add", write_minute(tmp_path / "night.csv"), "--lang", "ja")
    assert lines[0] == "night.csv:記録1、P07、左脚"
    assert lines[-1].endswith("2026-11-05.ja.html")
    assert "医療機器ではありません" in errors


def test_what_is_refused_does_not_stop_the_rest(run, tmp_path):
    good, bad = write_minute(tmp_path / "night.csv"), tmp_path / "broken.csv"
    bad.write_text("hello\n", encoding="utf-8")
    code, lines, errors = run("add", bad, good, tmp_path / "missing.csv")
    assert code == 1
    assert lines[-1].endswith("2026-11-05.html")
    assert errors.count("clonus-sense: ") == 2
    assert "missing.csv: there is no such file" in errors


def test_added_twice_is_one(run, night):
    code, lines, _ = run("add", night, "--no-page")
    assert code == 0
    assert lines[0] == "night.csv: recording 1 of P07, Left leg (was in the library already)"
    assert not lines[-1].endswith(".html")


def test_add_for_programs(run, tmp_path):
    _, lines, _ = run("add", write_minute(tmp_path / "night.csv"), "--json")
    [line] = lines
    told = json.loads(line)
    assert told["recordings"][0]["n_episodes"] == 1
    assert told["library_bytes"] > 10_000
    assert Path(told["pages"][0]).exists()


def test_somebody_elses_recording_stays_theirs_and_this_is_said(run, night):
    _, lines, _ = run("add", night, "--person", "P08", "--no-page")
    [line] = [line for line in lines if "its person and leg stay as they are" in line]
    assert "`clonus-sense move recording:1 --to-person CODE --to-side SIDE --by NAME --reason TEXT --library " in line


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--start", "yesterday"], "`yesterday` is not a date and time"),
        (["--start", "2026-11-05T22:30"], "has no offset from UTC"),
    ],
)
def test_a_start_that_is_none_is_refused(run, tmp_path, arguments, sentence):
    code, _, errors = run("add", write_minute(tmp_path / "night.csv"), *arguments)
    assert code == 1
    assert sentence in errors


def test_an_empty_library_says_what_to_do(run):
    run("people", "P07", "--cause", "stroke")
    assert run("nights")[1][0].startswith(
        "The library has no nights yet; add a recording with `clonus-sense add FILE --library "
    )
    code, _, errors = run("page", "last")
    assert code == 1
    assert "add a recording with `clonus-sense add FILE --library " in errors


def test_nights_lists_what_was_found(run, night):
    _, lines, _ = run("nights")
    assert lines[0] == "Night 2026-11-05, P07"
    assert "    rhythmic movements 1, together 2.2 s, longest 2.2 s" in lines
    assert "    Confidence: high 1, medium 0, low 0" in lines
    [line] = run("nights", "--json")[1]
    [told] = json.loads(line)
    assert told["start"] == "2026-11-05T22:30:00+09:00"
    assert told["legs"][0]["headline"]["clonus"]["n_episodes"] == 1


def test_long_stillness_is_a_question_with_its_answer(run, tmp_path):
    path = tmp_path / "data" / "library.sqlite3"
    with Library.open(path) as library:
        add_leg(library, MadeLeg(side="left"))
        add_leg(library, MadeLeg(side="right", unconfirmed_h=((3, 5), (6, 6.1), (7, 8))))
    _, lines, _ = run("nights")
    [question] = [line.strip() for line in lines if "was the sensor" in line]
    answer = "clonus-sense correct worn 2026-11-05 throughout --person P07 --side right"
    assert question.startswith(
        "was the sensor on the leg all night? in doubt: 3 h 06 min: 01:00–03:00 (2 h 00 min), 04:00–04:06 (6 min), "
        f"05:00–06:00 (1 h 00 min); answer with `{answer} --library "
    )
    assert any("wear not confirmed 3 h 06 min" in line for line in lines)
    code, lines, _ = run(*answer.removeprefix("clonus-sense ").split())
    assert code == 0
    assert not any("was the sensor" in line for line in lines)


def leg_line(lines):
    [line] = [line.strip() for line in lines if "; not measured" in line]
    return line


def test_the_question_of_a_night_takes_three_answers_and_the_last_one_counts(run, tmp_path):
    with Library.open(tmp_path / "data" / "library.sqlite3") as library:
        add_leg(library, MadeLeg(unconfirmed_h=((3, 5),), episodes=(at(2), at(4), at(6))))
    _, lines, _ = run("nights")
    both = "Rhythmic movements without the time in doubt: 2, together 8.0 s; with it: 3, together 12.0 s."
    assert both in [line.strip() for line in lines]
    off = ["--from", "01:10", "--to", "01:40", "--from", "02:00", "--to", "02:20"]
    _, lines, _ = run("correct", "worn", "last", "off", *off)
    assert "leg 9 h 10 min of 10 h 00 min; wear not confirmed 0 min; not measured 50 min" in leg_line(lines)
    assert not any("in doubt" in line for line in lines)
    _, lines, _ = run("correct", "worn", "last", "not-at-all")
    assert "measured on the leg 0 min of 10 h 00 min; wear not confirmed 0 min" in leg_line(lines)
    _, lines, _ = run("correct", "worn", "last", "throughout")
    assert "measured on the leg 10 h 00 min of 10 h 00 min; wear not confirmed 0 min" in leg_line(lines)
    assert any("rhythmic movements 3, together 12.0 s" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["worn", "last"], "throughout, not-at-all, or off"),
        (["worn", "last", "off", "--from", "02:00"], "--from and --to"),
        (["worn", "last", "throughout", "--from", "02:00", "--to", "03:00"], "whole night"),
        (["rest", "last", "off", "--from", "22:30", "--to", "06:00"], "takes no such word"),
        (["rest", "last", "--from", "22:30", "--from", "23:00", "--to", "06:00", "--to", "07:00"], "one rest window"),
        (["not-worn", "last"], "'not-worn' is not one of"),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused_with_the_way_to_say_it(run, night, arguments, says):
    code, _, errors = run("correct", *arguments)
    assert code in (1, 2)
    assert says in errors


def test_an_answer_about_a_time_that_was_not_recorded_changes_nothing(run, night):
    code, _, errors = run("correct", "worn", "last", "off", "--from", "12:00", "--to", "12:30")
    assert (code, "has no recording at this time" in errors) == (1, True)
    assert not any("not measured 1 min" in line for line in run("nights")[1])


def test_people_are_added_and_changed(run, tmp_path):
    settings = tmp_path / "p07.toml"
    settings.write_text("band_low_hz = 4.0\n", encoding="utf-8")
    run("people", "P07", "--affected-side", "left", "--cause", "stroke 2019")
    run("people", "P07", "--placement", "foot", "--settings", settings)
    _, lines, _ = run("people")
    assert lines[0] == "P07: affected side left, sensor usually at foot, 0 recordings"
    assert "  stroke 2019" in lines
    assert "  band_low_hz = 4.0" in lines
    [line] = run("people", "--json")[1]
    assert json.loads(line)[0]["code"] == "P07"


def test_page_makes_the_page_anew(run, night, tmp_path):
    code, [path], _ = run("page", "last", "--output", tmp_path / "out", "--no-personal-data")
    assert code == 0
    assert Path(path).name.startswith("night_2026-11-05_")
    # Pictures are text of chance, in which three signs may well occur.
    assert "Person: P07" not in Path(path).read_text(encoding="utf-8")


def test_reanalyse_says_what_went_and_keeps_words(run, night, tmp_path):
    code, _, errors = run(
        "annotate", "2026-11-05", "--from", "22:30:19", "--to", "22:30:21", "--verdict", "judged as clonus",
        "--profession", "physiotherapist", "--by", "Sato",
    )  # fmt: skip
    assert code == 0, errors
    settings = tmp_path / "high.toml"
    settings.write_text("floor_g = 0.9\n", encoding="utf-8")
    code, lines, _ = run("reanalyse", "last", "--settings", settings)
    assert code == 0
    assert "  since the analysis before: 0 came, 1 went, 0 stayed, 0 of them in another class" in lines
    page = Path(run("page", "last")[1][-1]).read_text(encoding="utf-8")
    assert "judged as clonus · Sato (physiotherapist)" in page


def test_a_word_on_a_movement_shows_what_it_is_about(run, night):
    _, lines, _ = run(
        "annotate", "last", "--from", "22:30:19", "--to", "22:30:21", "--verdict", "rhythmic", "--profession", "patient"
    )
    assert lines[0].startswith(
        "Kept as word 1: rhythmic movement, 22:30:19–22:30:21. `clonus-sense annotate 2026-11-05 "
    )
    assert lines[1] == "  about: movement 1 at 22:30:18.9, 2.2 s, 13 beats, rhythmic"
    other = ("--from", "22:30:40", "--to", "22:30:42", "--verdict", "rhythmic", "--profession", "patient")
    assert len(run("annotate", "last", *other)[1]) == 1


def test_a_judgement_without_a_name_is_refused(run, night):
    code, _, errors = run(
        "annotate", "last", "--from", "22:30:19", "--to", "22:30:21", "--verdict", "judged as clonus",
        "--profession", "patient",
    )  # fmt: skip
    assert code == 1
    assert "Only a clinician who gives a name" in errors


def test_answers_and_corrections_change_the_night(run, night):
    _, lines, _ = run("correct", "worn", "last", "off", "--from", "22:30", "--to", "22:31")
    assert any("measured on the leg 0 min of 1 min" in line for line in lines)
    _, lines, _ = run("correct", "worn", "last", "throughout")
    assert any("measured on the leg 1 min of 1 min" in line for line in lines)
    _, lines, _ = run("correct", "rest", "last", "--from", "22:00", "--to", "23:00")
    assert any("rest window (stated): 22:00–23:00" in line for line in lines)
    code, lines, _ = run("correct", "start", "1", "--from", "2026-11-07T22:30+09:00", "--by", "Sato")
    assert (code, lines) == (0, ["Recording 1 now begins at 2026-11-07T22:30+09:00."])
    assert run("nights")[1][0] == "Night 2026-11-07, P07"


@pytest.mark.parametrize(
    "arguments", [("rest", "last"), ("start", "last", "--from", "2026-11-07T22:30+09:00"), ("start", "1")]
)
def test_a_correction_that_says_too_little_is_wrong_usage(run, night, arguments):
    assert run("correct", *arguments)[0] == 2


def test_a_night_moves_to_another_person_and_leg_with_a_trace(run, night):
    moved = ("--to-person", "P08", "--to-side", "right", "--by", "Sato", "--reason", "wrong bed")
    assert run("move", "last", *moved)[1] == ["Moved: recording 1."]
    _, lines, _ = run("nights")
    assert lines[0] == "Night 2026-11-05, P08"
    assert lines[1].startswith("  Right leg")
    page = Path(run("page", "last")[1][-1]).read_text(encoding="utf-8")
    assert "before P07, Left leg, since then P08, Right leg" in page
    assert run("move", "last", "--by", "Sato", "--reason", "none")[0] == 2


def test_delete_takes_out_the_night_with_its_page_and_names_its_file(run, night):
    page = Path(run("page", "last")[1][-1])
    assert page.exists()
    code, lines, _ = run("delete", "2026-11-05", "--yes")
    assert (code, lines[-1]) == (0, str(night))
    assert night.exists()
    assert not page.exists()
    assert run("nights")[1][0].startswith("The library has no nights yet")
    run("add", night, "--no-page")
    assert run("delete", "recording:1", "--yes")[0] == 0


def test_erase_takes_out_the_person_and_their_pages(run, night, tmp_path):
    page = tmp_path / "data" / "pages" / "P07" / "2026-11-05.html"
    assert run("page", "last")[1] == [str(page)]
    assert page.exists()
    code, lines, _ = run("erase", "P07", "--yes")
    assert code == 0
    assert lines[-1] == str(night)
    assert not page.exists()
    assert b"P07" not in b"".join(file.read_bytes() for file in (tmp_path / "data").glob("library*"))
    assert run("erase", "P07", "--yes")[0] == 1


def test_erase_goes_through_bin_and_automatic_copies_and_names_backups_and_redrawn_pages(run, night, tmp_path):
    other = write_minute(tmp_path / "other.csv", seed=2, person="P07", start=START + timedelta(days=1))
    run("add", other, "--no-page")
    run("move", "2026-11-06", "--to-person", "P08", "--by", "Sato", "--reason", "wrong bed")
    page = Path(run("page", "2026-11-06")[1][-1])
    assert "before P07" in page.read_text(encoding="utf-8")
    copy = tmp_path / "copy.sqlite3"
    run("backup", copy)
    run("restore", copy)
    run("delete", "2026-11-05", "--yes")
    code, lines, errors = run("erase", "P07", "--yes")
    assert code == 0, errors
    assert lines == [
        "These pages of other people named P07; they were drawn again without the name:",
        str(page),
        "These copies hold P07 or cannot be read; delete those that you no longer need:",
        str(copy),
        "Erased: 1 recordings, 0 pages. These files are still here:",
        str(night),
    ]
    assert "P07" not in page.read_text(encoding="utf-8").replace("base64", "")
    assert not [file for file in (tmp_path / "data").glob("library*") if b"P07" in file.read_bytes()]
    assert run("undelete")[1] == ["The bin is empty."]


def test_without_a_yes_nothing_goes(run, night, library_path):
    environment = os.environ | {"LANG": "C.UTF-8"}
    for verb, target in (("delete", "2026-11-05"), ("erase", "P07")):
        asked = subprocess.run(
            [sys.executable, "-m", "clonus_sense", verb, target, "--library", library_path],
            input="n\n", capture_output=True, text=True, env=environment, check=False,
        )  # fmt: skip
        assert asked.returncode == 130
        assert "Stopped." in asked.stderr
    assert run("nights")[1][0] == "Night 2026-11-05, P07"


def test_backup_and_restore(run, night, tmp_path):
    copy = tmp_path / "copy.sqlite3"
    assert run("backup", copy)[1][-1] == str(copy)
    assert run("backup", copy)[0] == 1
    run("delete", "2026-11-05", "--yes", "--now")
    code, lines, _ = run("restore", copy)
    assert code == 0
    assert "before-restore" in lines[-1]
    assert run("nights")[1][0] == "Night 2026-11-05, P07"


def test_legs_that_were_strapped_the_wrong_way_round_are_swapped(run, tmp_path):
    with Library.open(tmp_path / "data" / "library.sqlite3") as library:
        add_leg(library, MadeLeg(side="left"))
        add_leg(library, MadeLeg(side="right"))
    why = ("--by", "Sato", "--reason", "straps swapped")
    code, _, errors = run("move", "last", "--side", "left", "--to-side", "right", *why)
    assert code == 1
    assert "two legs would become one; swap both with --swap-sides" in errors
    assert run("move", "last", "--swap-sides", *why)[1] == ["Moved: recordings 1 and 2."]


def test_a_word_is_taken_back_with_the_command_that_was_printed(run, night, clonus_sense):
    said = ("--from", "22:30:19", "--to", "22:30:21", "--profession", "patient")
    _, [line, _movement], _ = run("annotate", "last", *said, "--verdict", "unsure")
    command = line.split("`")[1]
    assert command.startswith("clonus-sense annotate 2026-11-05 --withdraw 1 --profession patient --person P07 --lib")
    assert clonus_sense(*shlex.split(command)[1:])[0] == 0
    page = Path(run("page", "last")[1][-1]).read_text(encoding="utf-8")
    assert "unsure · patient" not in page
    assert run("annotate", "last", "--profession", "patient")[0] == 2


def test_a_mistyped_person_or_library_makes_none(run, night, clonus_sense, tmp_path):
    code, _, errors = run("people", "P99")
    assert code == 1
    assert "P99: this person is not in the library; it holds P07." in errors
    code, _, errors = clonus_sense("nights", "--library", tmp_path / "typo.sqlite3")
    assert code == 1
    assert "there is no library" in errors


def test_a_page_that_cannot_be_written_is_told_and_the_recording_is_kept(run, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    path = write_minute(tmp_path / "night.csv")
    code, [line], _ = run("add", path, "--output", blocked / "pages", "--json")
    assert code == 1
    told = json.loads(line)
    assert (len(told["recordings"]), told["pages"], len(told["refused"])) == (1, [], 1)


def test_a_damaged_library_is_restored(run, night, tmp_path):
    copy, place = tmp_path / "copy.sqlite3", tmp_path / "data" / "library.sqlite3"
    run("backup", copy)
    place.write_bytes(b"overwritten" * 1000)
    assert run("nights")[0] == 1
    code, lines, _ = run("restore", copy)
    assert code == 0
    assert ".damaged-" in lines[-1]
    assert run("nights")[1][0] == "Night 2026-11-05, P07"
