import os
import sqlite3
import stat
from functools import partial

import pytest

from clonus_sense.errors import DamagedLibraryError, LibraryError
from clonus_sense.library import (
    Library,
    Person,
    add_person,
    automatic_copies,
    back_up,
    list_backups,
    list_people,
    list_recordings,
    replace_damaged,
    restore,
)
from clonus_sense.library.migrations import MIGRATIONS, migrate
from clonus_sense.library.sqlite_connection import connect
from tests.library.made import add_found, add_night, start_program
from tests.library.test_migrations import add_colour, open_dump


def codes(library):
    return [person.code for person in list_people(library)]


@pytest.fixture
def backup(library, tmp_path):
    add_person(library, Person("P01"))
    back_up(library, tmp_path / "backup.sqlite3")
    return tmp_path / "backup.sqlite3"


def test_backup_is_one_private_file_with_everything_in_it(library, tmp_path):
    night = add_night(library)
    add_found(library, night)
    folder = tmp_path / "stick"
    back_up(library, folder / "backup.sqlite3")
    assert [file.name for file in folder.iterdir()] == ["backup.sqlite3"]
    if os.name != "nt":
        assert stat.S_IMODE((folder / "backup.sqlite3").stat().st_mode) == 0o600
    # Bytes 18 and 19 of the file: 1 is a plain journal, which a read-only disk can hold; 2 is writing ahead.
    assert (folder / "backup.sqlite3").read_bytes()[18:20] == b"\x01\x01"
    with Library.open(folder / "backup.sqlite3") as copy:
        assert list_recordings(copy) == (night,)


def test_backup_overwrites_nothing(library, backup):
    before = backup.read_bytes()
    add_person(library, Person("P02"))
    with pytest.raises(LibraryError, match="exists already and is not overwritten"):
        back_up(library, backup)
    assert backup.read_bytes() == before


def test_backup_that_cannot_be_written_leaves_nothing_behind(library, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="cannot be written"):
        back_up(library, tmp_path / "file" / "backup.sqlite3")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data", "file"]


def test_restore_brings_back_what_was_and_keeps_what_is(library, backup):
    add_person(library, Person("P02"))
    before = restore(library, backup)
    assert codes(library) == ["P01"]
    assert before.parent == library.path.parent
    restore(library, before)
    assert codes(library) == ["P01", "P02"]


def test_restored_library_still_works(library, backup, path):
    restore(library, backup)
    add_found(library, add_night(library))
    with pytest.raises(LibraryError, match="FOREIGN KEY"), library.writing() as connection:
        connection.execute("INSERT INTO runs VALUES (9, 99, '', '', '')")
    with library.reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    with Library.open(path) as other:
        assert codes(other) == ["P01", "P07"]


def test_other_program_sees_what_was_restored(library, backup, path):
    with Library.open(path) as other:
        add_person(other, Person("P02"))
        restore(library, backup)
        assert codes(other) == ["P01"]


def test_older_backup_is_brought_up_to_date(library, tmp_path, monkeypatch):
    open_dump(tmp_path / "old" / "backup.sqlite3", 1)
    newer = partial(migrate, migrations=(*MIGRATIONS, add_colour))
    monkeypatch.setattr("clonus_sense.library.backup.migrate", newer)
    restore(library, tmp_path / "old" / "backup.sqlite3")
    with library.reading() as connection:
        people = connection.execute("SELECT code, colour FROM people").fetchall()
    assert [tuple(row) for row in people] == [("P07", "blue")]


def make_newer(path):
    connection = connect(path)
    migrate(connection, path, (*MIGRATIONS, add_colour))
    connection.close()


def make_foreign(path):
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (name)")
    connection.close()


def make_damaged(path):
    # The last page but one alone, which nothing reads on opening.
    content = path.read_bytes()
    path.write_bytes(content[:-8192] + b"\xff" * 4096 + content[-4096:])


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda path: path.unlink(), "there is no such file"),
        (lambda path: path.write_bytes(b""), "is empty, so it is no backup"),
        (lambda path: path.write_bytes(b"time_s,x_g\n" * 900), "no library of clonus_sense"),
        (make_foreign, "belongs to another program"),
        (make_newer, "update clonus_sense"),
        (make_damaged, "damaged"),
    ],
    ids=["missing", "empty", "csv", "foreign", "newer", "damaged"],
)
def test_what_is_no_good_backup_changes_nothing(library, backup, spoil, refusal):
    add_person(library, Person("P02"))
    spoil(backup)
    with pytest.raises(LibraryError, match=refusal):
        restore(library, backup)
    assert codes(library) == ["P01", "P02"]
    assert not list(library.path.parent.glob("*before-restore*"))


def test_a_damaged_library_gives_way_to_a_backup_and_is_kept_aside(tmp_path):
    place, copy = tmp_path / "data" / "library.sqlite3", tmp_path / "copy.sqlite3"
    with Library.open(place) as library:
        add_person(library, Person("P07"))
        back_up(library, copy)
    place.write_bytes(b"no database any more" * 1000)
    with pytest.raises(DamagedLibraryError):
        Library.open(place)
    aside = replace_damaged(place, copy)
    assert aside.read_bytes().startswith(b"no database any more")
    with Library.open(place) as library:
        assert [person.code for person in list_people(library)] == ["P07"]


def test_what_is_no_backup_leaves_a_damaged_library_as_it_is(tmp_path):
    place, letter = tmp_path / "library.sqlite3", tmp_path / "letter.txt"
    place.write_bytes(b"damaged" * 1000)
    letter.write_text("dear therapist" * 100, encoding="utf-8")
    with pytest.raises(LibraryError):
        replace_damaged(place, letter)
    assert place.read_bytes() == b"damaged" * 1000


def test_the_library_and_its_copies_remember_where_backups_lie(library, tmp_path, path):
    first, second = tmp_path / "first.sqlite3", tmp_path / "second.sqlite3"
    back_up(library, first)
    back_up(library, second)
    with pytest.raises(LibraryError, match="exists already"):
        back_up(library, second)
    assert list_backups(library) == (first, second)
    before = restore(library, first)
    assert list_backups(library) == (first, second), "what was written after that backup is known all the same"
    assert automatic_copies(path) == (before,)
    with Library.open(first) as carried_away:
        assert list_backups(carried_away) == (first,)


@pytest.mark.parametrize("when", ["backup", "restore"])
def test_what_a_killed_backup_or_restore_left_goes_with_the_next_one(library, path, tmp_path, when):
    back_up(library, tmp_path / "backup.sqlite3")
    code = """
        import os, signal, sys
        from pathlib import Path
        from clonus_sense.library import Library, back_up, backup, restore

        backup._sync = lambda _part: os.kill(os.getpid(), signal.SIGKILL)
        with Library.open(Path(sys.argv[1])) as library:
            if sys.argv[2] == "backup":
                back_up(library, Path(sys.argv[3]) / "copy.sqlite3")
            restore(library, Path(sys.argv[3]) / "backup.sqlite3")
    """
    program = start_program(code, path, when, tmp_path)
    program.communicate()
    assert program.returncode == -9
    assert len(list(tmp_path.rglob(".*.part"))) == 1
    if when == "backup":
        back_up(library, tmp_path / "copy.sqlite3")
    else:
        restore(library, tmp_path / "backup.sqlite3")
    assert not list(tmp_path.rglob(".*.part"))
