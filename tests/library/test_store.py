import os
import sqlite3
import stat

import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    Library,
    Person,
    add_person,
    default_path,
    find_recording,
    latest_run,
    list_people,
    list_recordings,
    read_episodes,
)
from tests.library.made import EPISODES, add_found, add_night, start_program


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def codes(library):
    return [person.code for person in list_people(library)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_library_and_its_companions_are_private_whatever_the_umask(path):
    before = os.umask(0)
    try:
        with Library.open(path) as library:
            add_person(library, Person("P01"))
            files = {file.name: mode(file) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert files == {"library.sqlite3": 0o600, "library.sqlite3-wal": 0o600, "library.sqlite3-shm": 0o600}
    assert mode(path.parent) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_library_that_was_copied_by_hand_is_private_again(path):
    Library.open(path).close()
    path.chmod(0o644)
    with Library.open(path) as library:
        add_person(library, Person("P01"))
        assert {mode(file) for file in path.parent.iterdir()} == {0o600}


def test_default_is_in_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, appauthor: tmp_path / name)
    assert default_path() == tmp_path / "clonus_sense" / "library.sqlite3"
    with Library.open() as library:
        assert library.path == default_path()


def test_readers_go_on_while_one_writes(library, path):
    with Library.open(path) as other, library.writing() as connection:
        connection.execute("INSERT INTO people VALUES (1, 'P01', '', '', NULL, '', '2026-01-01')")
        assert codes(other) == []


def test_size_counts_all_files(library, path):
    add_person(library, Person("P01"))
    assert library.size_bytes == sum(file.stat().st_size for file in path.parent.iterdir())
    assert library.size_bytes > path.stat().st_size


def test_block_is_written_as_a_whole_or_not_at_all(library):
    with pytest.raises(ZeroDivisionError), library.writing():
        add_person(library, Person("P01"))
        _ = 1 / 0
    assert codes(library) == []


def test_inner_block_that_fails_leaves_the_outer_one_alone(library):
    with library.writing():
        add_person(library, Person("P01"))
        with pytest.raises(LibraryError, match="already"):
            add_person(library, Person("P01"))
        with pytest.raises(ZeroDivisionError), library.writing():
            add_person(library, Person("P02"))
            _ = 1 / 0
        add_person(library, Person("P03"))
    assert codes(library) == ["P01", "P03"]


def test_one_block_reads_one_moment(library, path):
    with Library.open(path) as other, library.reading():
        assert codes(library) == []
        add_person(other, Person("P01"))
        assert codes(library) == []
    assert codes(library) == ["P01"]


def test_database_of_another_program_is_refused_and_left_as_it_was(tmp_path):
    path = tmp_path / "photos.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (name)")
    connection.close()
    path.chmod(0o644)
    before = path.read_bytes()
    with pytest.raises(LibraryError, match=r"photos\.db: this database belongs to another program"):
        Library.open(path)
    assert path.read_bytes() == before
    assert mode(path) == 0o644
    assert [file.name for file in tmp_path.iterdir()] == ["photos.db"]


def test_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path):
    path = tmp_path / "night.csv"
    path.write_text("time_s,x_g,y_g,z_g\n" * 100, encoding="utf-8")
    with pytest.raises(LibraryError, match=r"night\.csv: this file is no library of clonus_sense"):
        Library.open(path)
    assert path.read_text(encoding="utf-8") == "time_s,x_g,y_g,z_g\n" * 100


@pytest.mark.parametrize("place", ["", "file/library.sqlite3"], ids=["folder", "below a file"])
def test_place_that_cannot_hold_a_library_is_said(tmp_path, place):
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match=str(tmp_path)):
        Library.open(tmp_path / place)


def test_damaged_library_says_to_restore_the_backup(path):
    with Library.open(path) as library:
        add_found(library, add_night(library))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="damaged; bring the last backup back with `clonus-sense restore FILE`"):
        Library.open(path)


def test_full_disk_says_so_in_one_sentence_and_loses_nothing(library):
    night = add_night(library)
    run = add_found(library, night)
    with library.reading() as connection:
        (n_pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {n_pages + 1}")
    with pytest.raises(LibraryError, match="the disk is full; nothing was changed; make room and try again") as refusal:
        add_found(library, night, EPISODES * 100, version="0.2.0")
    assert "\n" not in str(refusal.value)
    assert latest_run(library, night.id) == run
    assert read_episodes(library, run) == EPISODES


def test_library_kept_busy_by_another_program_is_said(library, path):
    with Library.open(path) as other:
        with other.reading() as connection:
            connection.execute("PRAGMA busy_timeout = 1")
        with library.writing(), pytest.raises(LibraryError, match="another program has kept the library busy"):
            add_person(other, Person("P01"))


def test_two_programs_that_begin_and_write_at_once_lose_nothing(path):
    # Both wait for a line, so that they make the file, migrate it and write at the same time.
    code = """
        import sys
        from pathlib import Path
        from clonus_sense.library import *
        print("ready", flush=True)
        sys.stdin.readline()
        with Library.open(Path(sys.argv[1])) as library:
            for number in range(40):
                add_person(library, Person(f"{sys.argv[2]}{number:02}"))
    """
    programs = [start_program(code, path, name) for name in "AB"]
    for program in programs:
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in programs:
        program.communicate()
    assert [program.returncode for program in programs] == [0, 0]
    with Library.open(path) as library:
        assert codes(library) == [f"{name}{number:02}" for name in "AB" for number in range(40)]


def test_kill_in_the_middle_of_adding_leaves_whole_nights_only(path):
    code = """
        import os, signal, sys
        from pathlib import Path
        from clonus_sense.library import *
        from tests.library.made import *
        with Library.open(Path(sys.argv[1])) as library:
            with library.writing():
                add_found(library, add_night(library, "kept"))
            with library.writing():
                add_found(library, add_night(library, "half"))
                os.kill(os.getpid(), signal.SIGKILL)
    """
    program = start_program(code, path)
    program.communicate()
    assert program.returncode == -9
    with Library.open(path) as library:
        (night,) = list_recordings(library)
        assert night.content_hash == "kept"
        assert read_episodes(library, latest_run(library, night.id)) == EPISODES


def test_kill_at_any_moment_loses_no_night_that_was_reported(path):
    code = """
        import sys
        from pathlib import Path
        from clonus_sense.library import *
        from tests.library.made import *
        with Library.open(Path(sys.argv[1])) as library:
            for number in range(10_000):
                with library.writing():
                    add_found(library, add_night(library, f"night {number}"))
                print(number, flush=True)
    """
    program = start_program(code, path)
    while (reported := int(program.stdout.readline())) < 25:
        pass
    program.kill()
    program.communicate()
    with Library.open(path) as library:
        nights = list_recordings(library)
        assert [night.content_hash for night in nights] == [f"night {number}" for number in range(len(nights))]
        assert len(nights) > reported
        for night in nights:
            assert read_episodes(library, latest_run(library, night.id)) == EPISODES
            assert find_recording(library, night.id) == night
        with library.reading() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_library_that_must_be_there_is_not_made(tmp_path):
    with pytest.raises(LibraryError, match="there is no library; check its name"):
        Library.open(tmp_path / "typo" / "library.sqlite3", must_exist=True)
    assert not (tmp_path / "typo").exists()
