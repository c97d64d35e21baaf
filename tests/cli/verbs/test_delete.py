"""Deleting a night and bringing it back, from the command line."""

import io
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clonus_sense import cli
from clonus_sense.library import Library, Profession, Rater, TimeSpan, Verdict, annotate, put_in_bin
from tests.review.made import MadeLeg, add_leg
from tests.workflows.made import START, write_minute

SAID = ("--from", "22:30:19", "--to", "22:30:21", "--verdict", "judged as clonus")
SATO = ("--profession", "physiotherapist", "--by", "Sato")


@pytest.fixture
def night(run, tmp_path):
    """One recording of P07 with a clinician's word is in the library."""
    path = write_minute(tmp_path / "night.csv")
    assert run("add", path, "--no-page")[0] == 0
    assert run("annotate", "last", *SAID, *SATO)[0] == 0
    return path


def pasted(clonus_sense, line):
    """Run the command that a line of output holds."""
    words = shlex.split(line[line.index("clonus-sense ") :])
    return clonus_sense(*words[1:])


@pytest.mark.parametrize("word", ["last", "LAST", " Last "])
def test_delete_takes_no_last_and_names_what_may_be_meant(run, night, clonus_sense, tmp_path, word):
    earlier = write_minute(tmp_path / "sample.csv", start=START - timedelta(days=21), person="demo", seed=2)
    run("add", earlier, "--no-page")
    code, lines, errors = run("delete", word, "--yes")
    assert (code, lines) == (1, [])
    by_date, by_number = errors.split("`")[5::2]
    assert by_date.startswith("clonus-sense delete 2026-11-05 --person P07 --library ")
    assert by_number.startswith("clonus-sense delete recording:2 --library ")
    assert pasted(clonus_sense, by_number + " --yes")[0] == 0
    assert [line for line in run("nights")[1] if line.startswith("Night")] == ["Night 2026-11-05, P07"]


def test_delete_takes_no_last_where_there_is_none(run):
    run("people", "P07", "--cause", "stroke")
    code, _, errors = run("delete", "last", "--yes")
    assert code == 1
    assert "by its date, such as 2026-11-05" in errors


def test_delete_says_date_person_legs_and_words(run, library_path, monkeypatch):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(side="left"))
        right = add_leg(library, MadeLeg(side="right"))
        for verdict in (Verdict.UNSURE, Verdict.WORN, Verdict.REST):
            annotate(library, right.id, TimeSpan(9.0, 90.0), verdict, Rater("", Profession.PATIENT))
    told = [
        "Night 2026-11-05, P07: Left leg, recording 1; Right leg, recording 2",
        "  words of people: 3 (on movements 1, on wear 1, on the rest window 1)",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, _, errors = run("delete", "2026-11-05")
    assert code == 130
    assert [line for line in errors.splitlines() if line in told] == told
    code, lines, _ = run("delete", "2026-11-05", "--yes", "--side", "left")
    assert (code, lines[:2]) == (
        0, ["Night 2026-11-05, P07: Left leg, recording 1", "  words of people: 0"]
    )  # fmt: skip
    code, lines, _ = run("delete", "2026-11-05", "--yes", "--now")
    assert lines[:2] == ["Night 2026-11-05, P07: Right leg, recording 2", told[1]]
    assert [line.split(",")[0] for line in run("undelete")[1]] == ["recording 1 of P07"]


def test_delete_names_every_night_that_a_recording_reaches_into_and_those_without_a_date(run, library_path, tmp_path):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(length_h=34.0, rest_h=((1.0, 9.0), (25.0, 33.0))))
        add_leg(library, MadeLeg(start="2026-11-20 22:00", side=""))
        with library.writing() as connection:
            connection.execute("UPDATE recordings SET start_time = NULL WHERE id = 2")
    assert [line for line in run("delete", "recording:1", "--yes")[1] if line.startswith("Night")] == [
        "Night 2026-11-05, P07: Left leg, recording 1",
        "Night 2026-11-06, P07: Left leg, recording 1",
    ]
    assert run("delete", "recording:2", "--yes")[1][0] == "No date, P07: Side not stated, recording 2"
    assert run("undelete", "2026-11-06")[0] == 1
    assert run("undelete", "2026-11-05", "--no-page")[0] == 0
    assert run("undelete", "recording:2")[1] == [
        "Back in the library: 1 recordings.",
        "No date, P07: Side not stated, recording 2",
        "  words of people: 0",
    ]


def test_a_deleted_night_is_in_the_bin_alone_and_comes_back_with_its_words_and_page(run, night, clonus_sense, tmp_path):
    code, lines, _ = run("delete", "2026-11-05", "--person", "P07", "--yes")
    assert code == 0
    back = next(line for line in lines if "undelete" in line)
    assert run("nights")[1][0].startswith("The library has no nights yet")
    assert run("people")[1][0].endswith("0 recordings")
    for verb in (("page", "2026-11-05"), ("reanalyse", "2026-11-05"), ("export", "--output", tmp_path / "out")):
        assert run(*verb)[0] == 1
    [listed] = run("undelete")[1]
    assert listed.startswith("recording 1 of P07, Left leg, night 2026-11-05; in the bin until ")
    code, out, errors = pasted(clonus_sense, back)
    assert code == 0, errors
    page = Path(out.splitlines()[-1])
    assert "judged as clonus · Sato (physiotherapist)" in page.read_text(encoding="utf-8")
    assert run("undelete")[1] == ["The bin is empty."]
    assert run("delete", "recording:1", "--yes")[0] == 0
    assert "Back in the library: 1 recordings." in run("undelete", "2026-11-05", "--person", "P07", "--no-page")[1]


def test_a_slip_of_the_keys_brings_nothing_back(run, night):
    run("delete", "2026-11-05", "--yes")
    for slip in (("2026-11-06",), ("last",), ("recording:2",), ("2026-11-05", "--person", "P08")):
        code, _, errors = run("undelete", *slip)
        assert (code, "`clonus-sense undelete --library " in errors and " lists what is in it" in errors) == (1, True)
    code, _, errors = run("delete", "recording:1", "--yes")
    assert (code, "`clonus-sense undelete recording:1 --library " in errors) == (1, True)


def test_two_people_of_one_date_in_the_bin_are_told_apart(run, library_path):
    with Library.open(library_path) as library:
        for person in ("P07", "P08"):
            add_leg(library, MadeLeg(person=person))
    for person in ("P07", "P08"):
        run("delete", "2026-11-05", "--person", person, "--yes")
    code, _, errors = run("undelete", "2026-11-05")
    assert (code, "(P07, P08); say whose with --person" in errors) == (1, True)
    assert run("undelete", "2026-11-05", "--person", "P08", "--no-page")[1][1].startswith("Night 2026-11-05, P08")


def test_delete_now_leaves_no_trace_also_of_what_was_in_the_bin(run, night, library_path):
    for delete in (("2026-11-05",), ("recording:2",)):
        assert b"Sato" in library_path.read_bytes()
        if delete != ("2026-11-05",):
            run("add", night, "--no-page")
            run("annotate", "last", *SAID, *SATO)
            run("delete", *delete, "--yes")
        assert run("delete", *delete, "--yes", "--now")[0] == 0
        assert b"Sato" not in library_path.read_bytes()
        assert run("undelete")[1] == ["The bin is empty."]
        run("add", night, "--no-page")
        run("annotate", "last", *SAID, *SATO)


def test_a_recording_of_the_bin_that_is_added_again_is_back_and_this_is_said(run, night):
    run("delete", "2026-11-05", "--yes")
    _, lines, _ = run("add", night, "--no-page")
    said = "was in the bin and is back, with all words about it"
    assert lines[0] == f"night.csv: recording 1 of P07, Left leg ({said})"
    assert run("delete", "2026-11-05", "--yes")[1][1] == "  words of people: 1 (on movements 1)"


def test_any_command_empties_the_bin_after_30_days(run, night, library_path):
    with Library.open(library_path, now=lambda: datetime.now(UTC) - timedelta(days=30)) as library:
        put_in_bin(library, 1, night="2026-11-05")
    run("people")
    assert run("undelete")[1] == ["The bin is empty."]
    assert night.exists()


def test_add_prints_the_line_that_takes_its_recording_out_again(clonus_sense, tmp_path):
    place = tmp_path / "a folder; with 'odd' name" / "library.sqlite3"
    first = write_minute(tmp_path / "later.csv")
    second = write_minute(tmp_path / "sample.csv", start=START - timedelta(days=21), seed=2)
    clonus_sense("add", first, "--no-page", "--library", place)
    _, out, _ = clonus_sense("add", second, "--no-page", "--library", place)
    [line] = [line for line in out.splitlines() if "to remove it again" in line]
    assert pasted(clonus_sense, line + " --yes")[0] == 0
    _, out, _ = clonus_sense("nights", "--library", place)
    assert [line for line in out.splitlines() if line.startswith("Night")] == ["Night 2026-11-05, P07"]
    _, out, _ = clonus_sense("add", first, "--no-page", "--library", place)
    assert "to remove it again" not in out, "it was there before"


def test_the_readme_recommends_no_deletion_of_last():
    readme = Path(cli.__file__).parents[2] / "README.md"
    assert "delete last" not in readme.read_text(encoding="utf-8")
