"""The list of nights is what the nights are, however often it was kept and whatever was written since."""

import ast
import hashlib
import random
from pathlib import Path

import pytest

import clonus_sense
from clonus_sense.config import DetectionSettings
from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    Filing,
    Verdict,
    add_run,
    correct_start,
    delete_person,
    delete_recordings,
    list_binned,
    list_people,
    list_recordings,
    move_recordings,
    put_in_bin,
    replace_epochs,
    take_out_of_bin,
)
from clonus_sense.review import (
    list_baseline_nights,
    list_entry,
    list_nights,
    mark_as_baseline,
    night_list,
    read_night_list,
    unmark_as_baseline,
)
from tests.night.builders import clock
from tests.review.made import MadeLeg, add_leg, at, epochs_of, say

# Tables that hold what the list is kept in, or what is looked up each time.
NOT_COUNTED = {"changes", "night_entries", "baselines", "people", "review_sources"}


def listed(library, **chosen):
    return tuple(map(list_entry, list_nights(library, **chosen)))


def forbid_reading(monkeypatch):
    def refuse(*_arguments):
        raise AssertionError("a recording was read for the list")

    monkeypatch.setattr(night_list, "read_leg_recording", refuse)


def add_some(library):
    add_leg(library, MadeLeg(episodes=(at(0.5), at(3), at(9.5)), gaps_h=((2.0, 2.1),)))
    add_leg(library, MadeLeg(side="right", start="2026-11-05 22:10", episodes=(at(3),), unconfirmed_h=((5.0, 6.0),)))
    add_leg(library, MadeLeg(start="2026-11-06 22:00", episodes=(at(4),)))
    add_leg(library, MadeLeg(start="2026-11-06 14:00", length_h=2.0, rest_h=(), episodes=(at(1),)))
    add_leg(library, MadeLeg(person="P08", zone="Asia/Tokyo", episodes=(at(4),)))
    add_leg(library, MadeLeg(person="", side="", episodes=(at(4),)))


def test_a_list_that_was_kept_is_the_same_and_reads_no_recording(library, monkeypatch):
    add_some(library)
    wanted = listed(library)
    assert read_night_list(library) == wanted
    forbid_reading(monkeypatch)
    assert read_night_list(library) == wanted
    assert read_night_list(library, person="P08") == listed(library, person="P08")
    assert read_night_list(library, person="") == listed(library, person="")


def test_only_the_nights_that_changed_are_made_again(library, monkeypatch):
    add_some(library)
    read_night_list(library)
    read = []
    monkeypatch.setattr(
        night_list,
        "read_leg_recording",
        lambda opened, stored, made=night_list.read_leg_recording: read.append(stored.id) or made(opened, stored),
    )
    newest = max(list_recordings(library, person="P07"), key=lambda one: one.info.start)
    say(library, newest, 1, 2, Verdict.NOT_WORN)
    assert read_night_list(library) == listed(library)
    assert read == [newest.id]


def test_the_last_nights_are_the_end_of_the_whole_list(library):
    for day in range(5, 12):
        add_leg(library, MadeLeg(start=f"2026-11-{day:02} 22:00", episodes=(at(3),)))
        # A second night of the same date, four hours after the first has ended.
        add_leg(library, MadeLeg(start=f"2026-11-{day + 1:02} 12:01", length_h=4.0, rest_h=((0.2, 3.8),)))
    mark_as_baseline(library, list_nights(library)[0])
    whole = listed(library)
    assert len(whole) == 14
    assert any(night.number == 2 for night in whole)
    for last in range(1, 16):
        assert read_night_list(library, last=last) == whole[-last:], last


def test_a_library_that_cannot_be_written_is_listed_all_the_same(library, monkeypatch):
    def refuse(*_arguments):
        raise LibraryError("the library must not be written to")

    add_some(library)
    monkeypatch.setattr(night_list, "keep_night_entries", refuse)
    assert read_night_list(library) == read_night_list(library) == listed(library)


def test_a_row_that_cannot_be_read_is_named_at_each_opening_and_never_taken_for_listed(library, caplog):
    add_some(library)
    before = read_night_list(library)
    with library.writing() as connection:
        connection.execute("UPDATE recordings SET timezone = 'Mars/Phobos' WHERE id = 3")
    left = read_night_list(library)
    assert len(left) == len(before) - 1
    library._told.clear()
    caplog.clear()
    assert read_night_list(library) == left
    assert "ecording 3" in caplog.text


def test_progress_reaches_its_end_and_is_silent_where_nothing_changed(library):
    add_some(library)
    told = []
    read_night_list(library, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    told.clear()
    read_night_list(library, on_progress=told.append)
    assert told == []


def add_any(library, chance, _stored, number):
    leg = MadeLeg(
        start=f"2026-11-{chance.randrange(5, 9):02} {chance.randrange(24):02}:{number % 60:02}",
        length_h=chance.choice([2.0, 5.0]),
        person=chance.choice(["P07", "P08"]),
        side=chance.choice(["left", "right", ""]),
        rest_h=((0.2, 1.8),),
        episodes=(at(0.5), at(1.5)),
    )
    add_leg(library, leg)


def take_out_all(library, _chance, _stored, _number):
    for binned in list_binned(library):
        take_out_of_bin(library, [binned.recording.id])


def change_baseline(library, chance, _stored, _number):
    night = chance.choice(list_nights(library))
    if night.is_baseline:
        unmark_as_baseline(library, night)
    elif night.person:
        mark_as_baseline(library, night, list_baseline_nights(library, night.person))


# All things that people do to a library.
CHANGES = (
    add_any,
    add_any,
    lambda library, chance, stored, _: say(library, stored, 0.5, 1.5, chance.choice([Verdict.NOT_WORN, Verdict.WORN])),
    lambda library, chance, stored, _: say(library, stored, 0.1, chance.choice([1.0, 6.0]), Verdict.REST),
    lambda library, _chance, stored, number: add_run(
        library, stored.id, (at(0.7),), version=f"0.{number}", settings=DetectionSettings()
    ),
    lambda library, _chance, stored, _: replace_epochs(
        library, stored.id, epochs_of(MadeLeg(length_h=1.5, rest_h=((0.0, 1.5),)))
    ),
    lambda library, _chance, stored, _: put_in_bin(library, stored.id),
    take_out_all,
    lambda library, _chance, stored, _: move_recordings(
        library, [stored.id], Filing("P07", stored.info.side), moved_by="Sato", reason="mixed up"
    ),
    lambda library, _chance, stored, number: correct_start(
        library, stored.id, clock(f"2026-11-{5 + number % 4:02} 22:00"), corrected_by="Sato", reason="wrong clock"
    ),
    change_baseline,
    lambda library, _chance, stored, _: delete_recordings(library, [stored.id]),
)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_written_the_kept_list_says_what_the_nights_are(library, seed):
    chance = random.Random(seed)
    n_changes = 0
    for number in range(25):
        recordings = list_recordings(library)
        change = chance.choice(CHANGES) if recordings else add_any
        try:
            change(library, chance, chance.choice(recordings) if recordings else None, number)
            n_changes += 1
        except LibraryError:
            continue  # the leg is taken at that time: nothing was written
        assert read_night_list(library) == listed(library), number
    assert n_changes > 15
    delete_person(library, "P08")
    assert read_night_list(library) == listed(library)
    assert "P08" not in [person.code for person in list_people(library)]


def test_every_table_that_holds_something_of_a_recording_counts_its_changes(library):
    with library.reading() as connection:
        tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        holding, added = {"recordings"}, True
        while added:
            more = {
                table
                for table in tables - holding - {"people"}
                if any(row["table"] in holding for row in connection.execute(f"PRAGMA foreign_key_list({table})"))
            }
            holding, added = holding | more, bool(more)
        triggers = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    for table in holding - NOT_COUNTED:
        for event in ("insert", "update", "delete"):
            assert f"count_{event}_of_{table}" in triggers


def code_alone(path):
    """The lines of a module without docstrings, comments and the rule itself."""
    text = path.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node):
            said = node.body[0]
            lines[said.lineno - 1 : said.end_lineno] = [""] * (said.end_lineno - said.lineno + 1)
    stripped = (line.split("  # ")[0].strip() for line in lines)
    return "\n".join(line for line in stripped if line and not line.startswith(("#", "RULE =")))


def test_the_rule_of_the_entries_is_that_of_the_sources():
    # A change of code that makes nights must not leave lists of old ones: put the new text into `RULE`.
    package = Path(clonus_sense.__file__).parent
    sources = [*package.glob("activity/*.py"), *package.glob("night/*.py")]
    sources += [package / "review" / f"{name}.py" for name in ("leg_recording", "nights", "night_list", "person_night")]
    digest = hashlib.sha256("\n".join(map(code_alone, sorted(sources))).encode()).hexdigest()
    assert digest[:12] == night_list.RULE
