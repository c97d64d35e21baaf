import os
import subprocess
import sys
import time

from clonus_sense.files import OLDEST_S, begin_part, remove_leftovers


def number_of_the_dead():
    """Number of a program that has ended."""
    program = subprocess.Popen([sys.executable, "-c", ""])
    program.wait()
    return program.pid


def test_what_a_killed_program_left_of_a_file_goes_when_it_is_written_next(tmp_path):
    dead = number_of_the_dead()
    left, other = tmp_path / f".night.html.{dead}.part", tmp_path / f".other.html.{dead}.part"
    mine, unrelated = tmp_path / f".night.html.{os.getpid()}.part", tmp_path / ".night.html.part"
    for part in (left, other, mine, unrelated):
        part.write_bytes(b"half")
    assert begin_part(tmp_path / "night.html") == mine
    assert [left.exists(), other.exists(), mine.exists(), unrelated.exists()] == [False, True, True, True]
    assert remove_leftovers(tmp_path, "oth", ".csv") == ()
    assert remove_leftovers(tmp_path, "oth", ".html") == (other,)


def test_what_a_living_program_writes_stays_unless_it_is_a_day_old(tmp_path):
    living = tmp_path / f".night.html.{os.getppid()}.part"
    living.write_bytes(b"half")
    assert remove_leftovers(tmp_path) == ()
    long_ago_s = time.time() - OLDEST_S - 60.0
    os.utime(living, (long_ago_s, long_ago_s))
    assert remove_leftovers(tmp_path) == (living,)


def test_a_folder_that_is_missing_or_holds_odd_names_holds_no_leftovers(tmp_path):
    (tmp_path / f".x.{'9' * 40}.part").write_bytes(b"")
    (tmp_path / ".y.1.part").mkdir()
    assert remove_leftovers(tmp_path / "missing") == ()
    assert remove_leftovers(tmp_path) == (tmp_path / f".x.{'9' * 40}.part",)
