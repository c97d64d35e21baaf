"""What is printed to be pasted works when it is pasted, whatever the library and the person are called."""

import re
import shlex
import subprocess

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.cli import commands
from clonus_sense.cli.console.options import Conversation
from clonus_sense.cli.console.pasting import command_line, with_library
from clonus_sense.library import Library
from clonus_sense.library.store import default_path
from clonus_sense.review import clock_text, find_moment, list_nights
from clonus_sense.workflows import demonstration, recorded_nights
from tests.review.made import MadeLeg, add_leg, at
from tests.workflows.made import write_minute

AWKWARD = ("Anna's", "-x", "a;b $HOME `ls` *")
# Further codes of the same kinds run with the long tests.
CODES = (
    *AWKWARD,
    *(pytest.param(code, marks=pytest.mark.night) for code in ("ward 3", 'the "left" one', "山田 太郎", "")),
)


@pytest.fixture
def library_path(tmp_path):
    return tmp_path / 'my nights/it\'s the "library" $1.sqlite3'


def conversation(path):
    """A conversation about a library, with the commands of the program."""
    return Conversation("en", library_path=path, commands=commands.commands)


def commands_in(text):
    """Commands between backticks."""
    return re.findall(r"`(clonus-sense .*?)`(?=[ .,;。)]|$)", text)


@pytest.mark.parametrize("person", [code for code in CODES if code != "a;b $HOME `ls` *"])
def test_the_question_of_the_morning_is_answered_by_pasting(run, clonus_sense, library_path, person):
    with Library.open(library_path) as library:
        for side in ("left", "right"):
            add_leg(library, MadeLeg(person=person, side=side, unconfirmed_h=((3.0, 5.0),)))
        # Somebody else's night of the same name makes --person matter.
        add_leg(library, MadeLeg(person="other", side="left"))
    _, lines, _ = run("nights")
    questions = [line for line in lines if "was the sensor" in line]
    assert len(questions) == 2
    for question in questions:
        [command] = commands_in(question)
        code, _, errors = clonus_sense(*shlex.split(command)[1:])
        assert code == 0, errors
    assert not any("was the sensor" in line for line in run("nights")[1])


@pytest.mark.parametrize("person", CODES[:-1])
def test_a_person_called_anything_finds_their_settings_by_pasting(run, clonus_sense, library_path, person):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(person=person, episodes=tuple(at(2 + 0.1 * n) for n in range(12))))
    _, lines, _ = run("baseline", "last")
    [line] = [line for line in lines if "--from-baseline" in line]
    command = line.strip().removeprefix("`").rsplit("` shows", 1)[0]
    _, out, _ = clonus_sense(*shlex.split(command)[1:])
    assert "From the baseline nights (1)" in out


def test_the_shell_takes_the_command_as_it_was_meant(library_path):
    # A shell of its own splits it, and says what it took.
    with click.Context(commands, obj=conversation(library_path)):
        command = command_line("people", "a;b $HOME *", options=[("--cause", "stroke'19"), ("--json", None)])
    shown = subprocess.run(
        ["sh", "-c", command.replace("clonus-sense", "printf '%s\\n'", 1)], capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines() == [
        "people", "a;b $HOME *", "--cause", "stroke'19", "--json", "--library", str(library_path),
    ]  # fmt: skip


@pytest.mark.parametrize("is_named", [False, True])
def test_the_usual_library_needs_no_name(is_named):
    with click.Context(commands, obj=conversation(default_path() if is_named else None)):
        assert command_line("nights") == "clonus-sense nights"
        assert with_library("Say `clonus-sense nights`.") == "Say `clonus-sense nights`."


def test_a_library_named_from_here_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with click.Context(commands, obj=conversation(tmp_path / "a.sqlite3")):
        assert command_line("nights") == f"clonus-sense nights --library {tmp_path}/a.sqlite3"


def test_only_commands_that_use_a_library_are_told_it(tmp_path):
    going_on = conversation(tmp_path / "a.sqlite3")
    text = "see `clonus-sense scan` and `clonus-sense add FILE`, or `--side left`"
    named = f"see `clonus-sense scan` and `clonus-sense add FILE --library {tmp_path}/a.sqlite3`, or `--side left`"
    assert with_library(text, going_on) == named
    assert with_library(named, going_on) == named


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), min_size=1, max_size=3))
def test_any_words_come_back_as_they_were(words):
    split = shlex.split(command_line("people", *words, options=[("--cause", words[0])]))
    taken = commands.commands["people"].make_parser(click.Context(commands.commands["people"])).parse_args(split[2:])
    options, rest, _ = taken
    assert (options["cause"], [options["code"], *rest]) == (words[0], words)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_refusal_names_the_library_in_its_commands(clonus_sense, library_path, tmp_path, language):
    def errors_of(*arguments):
        return clonus_sense(*arguments, "--library", library_path, "--lang", language)[2]

    clonus_sense("add", write_minute(tmp_path / "night.csv", side=""), "--no-page", "--library", library_path)
    toml = tmp_path / "my settings.toml"
    toml.write_text("floor_g = 0.02\n", encoding="utf-8")
    told = [
        errors_of("page", "2020-01-01"),
        errors_of("people", "P07", "--settings", toml),
        errors_of("settings", "P07", "--from-baseline"),
        errors_of("add", tmp_path / "night.csv", "--start", "2020-01-01T00:00Z"),
        errors_of("export", "--output", tmp_path / "out", "--person", "P07", "--until", "2000-01-01"),
    ]
    (tmp_path / "night.csv").unlink()
    told.append(errors_of("reanalyse"))
    for text in told:
        found = commands_in(text)
        assert found, text
        for command in found:
            assert shlex.split(command)[-2:] == ["--library", str(library_path)], text


def test_the_demonstration_names_its_own_library(clonus_sense, tmp_path, monkeypatch):
    # The night itself takes half a minute; here it is one that was recorded before.
    folder = tmp_path / "my demo"

    def recorded(*_arguments, **_options):
        with Library.open(folder / "library.sqlite3") as library:
            add_leg(library, MadeLeg(person="demo", unconfirmed_h=((3.0, 5.0),)))
        return demonstration.Demonstration((), 1, 0)

    def taken(library, *_arguments, **_options):
        return recorded_nights.NightInLibrary((), (), list_nights(library), ())

    monkeypatch.setattr(demonstration, "record_demonstration", recorded)
    monkeypatch.setattr(recorded_nights, "take_in", taken)
    code, out, errors = clonus_sense("demo", "--output", folder)
    assert code == 0, errors
    [command] = commands_in(out)
    assert shlex.split(command)[-2:] == ["--library", str(folder / "library.sqlite3")]
    assert clonus_sense(*shlex.split(command)[1:], "--no-page")[0] == 0


@settings(deadline=None)  # the first one makes its night
@given(at_s=st.integers(0, 11 * 3600), zone=st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "America/St_Johns"]))
def test_a_clock_time_that_is_printed_is_the_moment_that_was_meant(night_of_clock_change, at_s, zone):
    night = night_of_clock_change(zone)
    moment = night.legs[0].recordings[0].moment(at_s / 1)
    assert find_moment(night, clock_text(night, moment)) == moment


@pytest.fixture(scope="module")
def night_of_clock_change(tmp_path_factory):
    """Nights in which some of these zones set the clock back."""
    made = {}

    def night_in(zone):
        if zone not in made:
            with Library.open(tmp_path_factory.mktemp("data") / "library.sqlite3") as library:
                add_leg(library, MadeLeg(start="2026-10-24 21:30:20", length_h=11.0, zone=zone))
                [made[zone]] = list_nights(library)
        return made[zone]

    return night_in
