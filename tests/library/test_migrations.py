import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from clonus_sense.activity import Epoch, WearState
from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    BaselineMark,
    Library,
    Person,
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    add_person,
    latest_run,
    list_annotations,
    list_baselines,
    list_epochs,
    list_people,
    list_recordings,
    mark_baseline,
    read_episodes,
)
from clonus_sense.library.migrations import APPLICATION_ID, MIGRATIONS, migrate
from clonus_sense.library.sqlite_connection import connect
from clonus_sense.model import Site
from tests.library.made import EPISODES, FINDINGS, GAPS, INFO, start_program


def open_dump(path, version):
    """Make a library file of an older version from its dump."""
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / f"library_{version}.sql").read_text(encoding="utf-8"))
    connection.close()


def schema(path):
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        return rows, connection.execute("PRAGMA application_id").fetchone()
    finally:
        connection.close()


def add_colour(connection):
    connection.execute("ALTER TABLE people ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'")


def fail_half_way(connection):
    connection.execute("DROP TABLE markers")
    connection.execute("SELECT nothing")


def orphan_episodes(connection):
    connection.execute("INSERT INTO runs VALUES (1, 99, '', '', '')")


def test_library_of_version_1_opens_with_everything_in_it(path):
    open_dump(path, 1)
    with Library.open(path) as library:
        assert list_people(library) == (
            Person("P07", "left", "脳卒中 2019", Site.FOOT, settings_toml="band_low_hz = 4.0\n"),
        )
        (night,) = list_recordings(library, person="P07", side="left")
        assert (night.info, night.gaps, night.findings) == (INFO, GAPS, FINDINGS)
        assert read_episodes(library, latest_run(library, night.id)) == EPISODES
        (word,) = list_annotations(library, night.id)
    assert (word.span, word.verdict, word.note) == (TimeSpan(9.5, 13.5), Verdict.JUDGED_AS_CLONUS, "足関節")
    assert word.rater == Rater("Sato", Profession.PHYSIOTHERAPIST)
    assert word.written_at == datetime.fromisoformat("2026-11-06T08:00:00+00:00")


def test_epochs_of_version_1_keep_their_state_and_count_as_not_still(path):
    open_dump(path, 1)
    with Library.open(path) as library:
        assert list_epochs(library, 1) == (
            Epoch(0.0, 30.0, 0.0125, (0.0, 0.6, 0.8), None, still=False, state=WearState.MEASURED_AND_WORN),
            Epoch(30.0, 0.0, None, None, None, still=False, state=WearState.NOT_MEASURED),
        )


def test_library_of_version_2_opens_with_the_stillness_of_its_epochs(path):
    open_dump(path, 2)
    with Library.open(path) as library:
        (epoch, _) = list_epochs(library, 1)
        assert (epoch.still, epoch.sway_ratio) == (True, 1.0625)
        assert [person.code for person in list_people(library)] == ["P07"]


def test_epochs_of_the_version_before_keep_their_state_and_do_not_say_whether_hands_were_there(path):
    before = MIGRATIONS[: [step.__name__ for step in MIGRATIONS].index("keep_handling_in_epochs")]
    open_dump(path, 2)
    connection = connect(path)
    migrate(connection, path, before)
    connection.execute("UPDATE epochs SET state = 'wear not confirmed' WHERE start_s = 0.0")
    connection.commit()
    connection.close()
    with Library.open(path) as library:
        epoch, _ = list_epochs(library, 1)
    assert (epoch.state, epoch.still, epoch.handling_deg) == ("wear not confirmed", True, None)


def test_library_of_version_2_has_no_baseline_and_takes_one(path):
    open_dump(path, 2)
    with Library.open(path) as library:
        assert list_baselines(library, "P07") == ()
        mark_baseline(library, [BaselineMark(1, 60.0)])
        assert list_baselines(library, "P07") == (BaselineMark(1, 60.0),)


def test_evidence_of_version_2_does_not_say_how_much_it_weighed(path):
    open_dump(path, 2)
    with Library.open(path) as library:
        episodes = read_episodes(library, latest_run(library, 1))
        assert [test.logit for test in episodes[0].evidence] == [None, None]


@pytest.mark.parametrize("version", [1, 2])
def test_library_of_an_older_version_becomes_the_same_as_a_new_one(path, tmp_path, version):
    open_dump(path, version)
    Library.open(path).close()
    Library.open(tmp_path / "new.sqlite3").close()
    assert schema(path) == schema(tmp_path / "new.sqlite3")
    assert schema(path)[1] == (APPLICATION_ID,)


def test_step_is_applied_once_and_written_down(path):
    Library.open(path).close()
    connection = connect(path)
    for _ in range(2):
        migrate(connection, path, (*MIGRATIONS, add_colour))
    names = [row["name"] for row in connection.execute("SELECT * FROM migrations ORDER BY number")]
    assert names == [
        "create_tables",
        "keep_stillness_of_epochs",
        "keep_weight_of_evidence",
        "keep_baseline_nights",
        "keep_deleted_recordings_in_a_bin",
        "know_where_backups_lie",
        "keep_handling_in_epochs",
        "count_changes_of_recordings",
        "keep_sources_of_review_files",
        "add_colour",
    ]
    connection.close()


def test_newer_library_is_refused_and_left_as_it_was(path):
    Library.open(path).close()
    connection = connect(path)
    migrate(connection, path, (*MIGRATIONS, add_colour))
    connection.execute("UPDATE migrations SET version = '9.9.0' WHERE name = 'add_colour'")
    connection.close()
    before = schema(path)
    with pytest.raises(LibraryError, match=r"clonus_sense 9\.9\.0 has changed this library.* update clonus_sense"):
        Library.open(path)
    assert schema(path) == before


@pytest.mark.parametrize(
    ("step", "refusal"), [(fail_half_way, sqlite3.OperationalError), (orphan_episodes, LibraryError)]
)
def test_step_that_fails_changes_nothing(path, step, refusal):
    Library.open(path).close()
    before = schema(path)
    connection = connect(path)
    with pytest.raises(refusal):
        migrate(connection, path, (*MIGRATIONS, step))
    assert connection.execute("SELECT count(*) FROM runs").fetchone()[0] == 0
    connection.close()
    assert schema(path) == before


def test_kill_in_the_middle_of_a_step_loses_nothing(path):
    open_dump(path, 2)
    Library.open(path).close()
    before = schema(path)
    code = """
        import os, signal, sys
        from pathlib import Path
        from clonus_sense.library import migrations
        from clonus_sense.library.sqlite_connection import connect

        def rebuild_people(connection):
            connection.execute("CREATE TABLE new_people AS SELECT * FROM people")
            connection.execute("DROP TABLE people")
            connection.execute("PRAGMA cache_size = 1")
            connection.execute("CREATE TABLE padding AS SELECT zeroblob(1000000)")  # Makes it write ahead.
            os.kill(os.getpid(), signal.SIGKILL)

        path = Path(sys.argv[1])
        connection = connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        migrations.migrate(connection, path, (*migrations.MIGRATIONS, rebuild_people))
    """
    program = start_program(code, path)
    program.communicate()
    assert program.returncode == -9
    assert path.with_name(path.name + "-wal").stat().st_size > 1_000_000
    assert schema(path) == before
    with Library.open(path) as library:
        assert [person.code for person in list_people(library)] == ["P07"]
        add_person(library, Person("P08"))
