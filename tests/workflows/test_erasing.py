"""A person is erased wherever this program has put something of them, and what is interrupted can be finished."""

import json
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    Filing,
    Library,
    Person,
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    add_person,
    add_recording,
    annotate,
    back_up,
    find_person,
    list_people,
    list_recordings,
    move_recordings,
    put_in_bin,
    restore,
)
from clonus_sense.recorder import RememberedSensor, read_remembered, remember
from clonus_sense.review import list_nights
from clonus_sense.workflows import (
    PageChoices,
    check_is_known,
    default_pages_folder,
    erase_everywhere,
    erasing,
    night_pages,
    write_night_page,
)
from tests.library.made import INFO, add_found
from tests.report.undrawn import leave_charts_out
from tests.test_files import number_of_the_dead

CODE = "Zq-07"


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    """Leave the pictures out: only files and words count here."""
    leave_charts_out(monkeypatch)


def add_evening(library, folder, number, *notes):
    """Add a recording of an hour whose file is there."""
    path = folder / f"{number}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("samples", encoding="utf-8")
    info = replace(INFO, person=CODE, start=INFO.start + timedelta(days=number), notes=notes)
    recording = add_recording(library, path, f"hash{number}", info, duration_s=3600.0).recording
    add_found(library, recording)
    return recording


@pytest.fixture
def place(tmp_path):
    """A library with a person in every corner; the backup on the stick is the only copy that may keep them."""
    path = tmp_path / "data" / "library.sqlite3"
    folder = tmp_path / "data" / "recordings"
    with Library.open(path) as library:
        add_person(library, Person(CODE, cause=f"fall of {CODE}"))
        kept, binned = (add_evening(library, folder, number, ("bed of", CODE)) for number in (1, 2))
        annotate(library, kept.id, TimeSpan(1.0, 2.0), Verdict.UNSURE, Rater("", Profession.PATIENT), note=CODE * 9)
        moved = add_evening(library, folder, 3)
        add_person(library, Person("P08"))
        move_recordings(library, [moved.id], Filing("P08", "left"), moved_by="", reason=f"wrong bed, not {CODE}")
        put_in_bin(library, binned.id, night="2026-11-07")
        back_up(library, tmp_path / "stick" / "backup.sqlite3")
        restore(library, tmp_path / "stick" / "backup.sqlite3")
        for choices in (PageChoices(default_pages_folder(library)), PageChoices(tmp_path / "out", "ja")):
            for night in list_nights(library):
                write_night_page(night, choices)
                write_night_page(night, replace(choices, hide_personal=True))
                write_night_page(night, replace(choices, whole=True))
    remember(folder / "sensors.json", [RememberedSensor("open", "A", person=CODE), RememberedSensor("open", "B")])
    dead = number_of_the_dead()
    for left in (
        f"data/.library.before-restore-20261101.sqlite3.{dead}.part",
        f"data/pages/P08/.2026-11-08.html.{dead}.part",
        f"data/pages/{CODE}/.2026-11-06.html.{dead}.part",
        "data/recordings/.sensors.json.part",
        f"stick/.backup.sqlite3.{dead}.part",
    ):
        (tmp_path / left).write_text(CODE, encoding="utf-8")
    return path


def erase(path):
    """Erase the person as the command does."""
    with Library.open(path) as library:
        check_is_known(library, CODE)
        return erase_everywhere(library, CODE, (default_pages_folder(library), path.parents[1] / "out"))


def holding_the_person(place):
    """Name every file and folder below the test's own that tells of the person."""
    root = place.parents[1]
    return sorted(
        str(file.relative_to(root))
        for file in root.rglob("*")
        if CODE in file.name or (file.is_file() and CODE.encode() in file.read_bytes())
    )


def check_all_is_erased(place):
    assert holding_the_person(place) == ["stick/backup.sqlite3"]
    assert not list(place.parents[1].rglob(".*.part"))
    assert not place.with_name("library.erasures.json").exists()
    with Library.open(place) as library:
        assert [person.code for person in list_people(library)] == ["P08"]
        assert [one.info.person for one in list_recordings(library)] == ["P08"]
    # The page of P08 is still there and no longer tells whose the night was once.
    pages = sorted(str(page.relative_to(place.parents[1])) for page in place.parents[1].rglob("*2026-11-08*.html"))
    assert [page for page in pages if "P08" in page] == [
        "data/pages/P08/2026-11-08.full.html",
        "data/pages/P08/2026-11-08.html",
        "out/P08/2026-11-08.full.ja.html",
        "out/P08/2026-11-08.ja.html",
    ]
    assert len(pages) == 6
    assert not list(place.parents[1].rglob("*2026-11-06*.html"))
    [remembered] = read_remembered(place.parent / "recordings" / "sensors.json")
    assert remembered.name == "B"


def test_a_person_is_erased_in_every_corner_and_what_is_left_is_told(place):
    assert len(holding_the_person(place)) > 10
    damaged = place.with_name("library.damaged-20261101.sqlite3")
    damaged.write_bytes(b"ruins of a library")
    erased = erase(place)
    check_all_is_erased(place)
    assert erased.copies == (damaged, place.parents[1] / "stick" / "backup.sqlite3")
    assert sorted(path.name for path in erased.files) == ["1.csv", "2.csv"]
    assert (erased.n_recordings, len(erased.pages), len(erased.redrawn)) == (2, 6, 6)
    with pytest.raises(LibraryError, match="Zq-07: this person is not in the library"):
        erase(place)


def test_a_person_who_stands_in_an_automatic_copy_alone_is_erased_there(place):
    with Library.open(place) as library:
        erasing.delete_person(library, CODE)
        erasing.sweep_library(library)
        [copy] = erasing.automatic_copies(place)
        assert CODE.encode() in copy.read_bytes()
    assert erase(place).n_recordings == 0
    assert CODE.encode() not in copy.read_bytes()


# Every step is tried with the long tests.
@pytest.mark.parametrize(
    "number",
    [1, len(erasing.STEPS), *(pytest.param(n, marks=pytest.mark.night) for n in (0, *range(2, len(erasing.STEPS))))],
)
def test_an_erasure_that_is_killed_before_any_step_is_finished_by_a_second_one(place, number):
    code = """
        import os, signal, sys
        from pathlib import Path
        from clonus_sense.library import Library
        from clonus_sense.workflows import default_pages_folder, erase_everywhere, erasing, night_pages

        night_pages._windows_of = lambda *_: None
        path, number = Path(sys.argv[1]), int(sys.argv[2])

        def die(*_):
            os.kill(os.getpid(), signal.SIGKILL)

        erasing.STEPS = (*erasing.STEPS[:number], die)
        with Library.open(path) as library:
            erase_everywhere(library, "Zq-07", (default_pages_folder(library), path.parents[1] / "out"))
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(code), place, str(number)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert "Zq-07" in place.with_name("library.erasures.json").read_text(encoding="utf-8")
    erased = erase(place)
    check_all_is_erased(place)
    assert (erased.n_recordings, len(erased.pages), len(erased.redrawn)) == (2, 6, 6)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_step_that_is_refused_keeps_no_other_from_being_done_and_is_repeated(place, number, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "somewhere")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "STEPS", (*erasing.STEPS[:number], refuse, *erasing.STEPS[number + 1 :]))
        with pytest.raises(LibraryError, match="Erase Zq-07 again to finish"):
            erase(place)
    erase(place)
    check_all_is_erased(place)


@pytest.mark.parametrize("victim", ["unlink", "write_night_page", "remember", "vacuum"])
def test_an_erasure_that_is_interrupted_inside_a_step_is_finished_by_a_second_one(place, victim, monkeypatch):
    calls = []

    def interrupted(real):
        def once(*arguments, **options):
            calls.append(arguments)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return real(*arguments, **options)

        return once

    targets = {
        "unlink": (Path, "unlink"),
        "write_night_page": (night_pages, "write_night_page"),
        "remember": (Path, "replace"),
        "vacuum": (erasing, "erase_in_copy"),
    }
    with monkeypatch.context() as patch:
        owner, name = targets[victim]
        patch.setattr(owner, name, interrupted(getattr(owner, name)))
        if victim == "vacuum":
            calls.append(None)
        with pytest.raises(KeyboardInterrupt):
            erase(place)
    erase(place)
    check_all_is_erased(place)


def test_another_reader_of_the_library_is_waited_for_with_a_second_erasure(place, monkeypatch):
    monkeypatch.setattr("clonus_sense.library.sqlite_connection.BUSY_TIMEOUT_S", 0.01)
    monkeypatch.setattr("clonus_sense.library.store.BUSY_TIMEOUT_S", 0.01)
    with Library.open(place) as other, other.reading() as connection:
        connection.execute("SELECT * FROM people").fetchall()
        with pytest.raises(LibraryError, match=r"traces stay in library\.sqlite3-wal.*again to finish"):
            erase(place)
    erase(place)
    check_all_is_erased(place)


def test_too_little_room_to_rebuild_the_library_is_said_and_a_second_erasure_rebuilds_it(place, monkeypatch):
    def no_room(*_):
        raise LibraryError("library.sqlite3: the disk is full; make room.")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "sweep_library", no_room)
        with pytest.raises(LibraryError, match=r"the disk is full; make room\. Erase Zq-07 again"):
            erase(place)
    erase(place)
    check_all_is_erased(place)


def test_an_unfinished_erasure_of_one_person_is_not_done_by_that_of_another(place, caplog):
    with Library.open(place) as library:
        add_person(library, Person("P09"))
        erasing.write_plan(place, erasing.make_plan(library, CODE, ()))
        erase_everywhere(library, "P09", ())
    with Library.open(place) as library:
        assert find_person(library, CODE).code == CODE
    assert "an erasure was interrupted" in caplog.text
    erase(place)
    check_all_is_erased(place)


@pytest.mark.parametrize("content", [b"", b"[{}]", b"\xff\x00", b'[{"person": 7, "files": 1}]'])
def test_a_damaged_list_of_erasures_keeps_nobody_from_being_erased(place, content):
    place.with_name("library.erasures.json").write_bytes(content)
    erase(place)
    check_all_is_erased(place)


def test_files_whose_names_are_no_text_outlive_the_interruption(place, monkeypatch):
    odd = b"/nights/\xff.csv".decode("utf-8", "surrogateescape")
    with Library.open(place) as library:
        add_recording(library, Path(odd), "odd", replace(INFO, person=CODE, start=None), duration_s=1.0)
        erasing.write_plan(place, erasing.make_plan(library, CODE, ()))
    [plan] = erasing.read_plans(place)
    assert odd in plan.files
    assert json.loads(place.with_name("library.erasures.json").read_bytes())


def test_a_list_of_sensors_that_nobody_can_read_goes_if_it_names_the_person(place):
    sensors = place.parent / "recordings" / "sensors.json"
    sensors.write_text(f'[{{"family": "open", "person": "{CODE}"', encoding="utf-8")
    erase(place)
    assert not sensors.exists()
