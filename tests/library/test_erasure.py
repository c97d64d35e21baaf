from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    Filing,
    Library,
    Marker,
    MarkerKind,
    Person,
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    add_markers,
    add_person,
    add_recording,
    annotate,
    delete_person,
    delete_recordings,
    find_recording,
    list_annotations,
    list_files,
    list_moves,
    list_people,
    list_recordings,
    move_recordings,
    read_episodes,
    sweep_library,
)
from tests.library.made import EPISODES, INFO, add_found, add_night, bytes_on_disk

SECRETS = ("Zq-code", "Zq-cause", "Zq-path", "Zq-note", "Zq-marker", "Zq-reason", "Zq-rater", "Zq-head")
CARER = Rater("Zq-rater", Profession.CARER)


def add_secrets(library, code="Zq-code"):
    """A person of whom every text can be found in the file."""
    add_person(library, Person(code, cause="Zq-cause"))
    info = replace(INFO, person=code, notes=(("comment", "Zq-head"),))
    night = add_recording(library, Path("/Zq-path/night.csv"), "secret", info, duration_s=3600.0).recording
    add_found(library, night, EPISODES * 20)
    for second in range(200):
        annotate(library, night.id, TimeSpan(second, second + 1), Verdict.UNSURE, CARER, note="Zq-note" * 20)
    add_markers(library, night.id, [Marker(1.0, MarkerKind.OTHER, "Zq-marker")])
    return night


def test_nothing_of_an_erased_person_stays_in_the_file(library, path):
    # Another evening: two recordings of one leg at one time are never made of two legs.
    kept = add_night(library, info=replace(INFO, person="P08", start=INFO.start - timedelta(days=1)))
    run = add_found(library, kept)
    night = add_secrets(library)
    # One night came from another person, and one was filed wrongly here and belongs to somebody else.
    move_recordings(library, [night.id], Filing("P08", ""), moved_by="", reason="Zq-reason")
    move_recordings(library, [night.id], Filing("Zq-code", "left"), moved_by="", reason="Zq-reason")
    move_recordings(library, [kept.id], Filing("Zq-code", "left"), moved_by="", reason="Zq-reason")
    move_recordings(library, [kept.id], Filing("P08", "left"), moved_by="", reason="Zq-reason")
    before = bytes_on_disk(path)
    assert all(secret.encode() in before for secret in SECRETS)

    files = list_files(library, "Zq-code")
    delete_person(library, "Zq-code")
    sweep_library(library)

    after = bytes_on_disk(path)
    assert [secret for secret in SECRETS if secret.encode() in after] == []
    assert files == (Path("/Zq-path/night.csv"),)
    assert [person.code for person in list_people(library)] == ["P08"]
    assert list_recordings(library) == (kept,)
    assert read_episodes(library, run) == EPISODES
    assert [(move.before.person, move.after.person) for move in list_moves(library, kept.id)] == [
        ("P08", ""),
        ("", "P08"),
    ]


def test_deleted_recording_goes_with_all_that_was_said_about_it(library, path):
    kept = add_night(library)
    word = annotate(library, kept.id, TimeSpan(1.0, 2.0), Verdict.UNSURE, Rater("", Profession.PATIENT))
    night = add_secrets(library)
    erasure = delete_recordings(library, [night.id])
    after = bytes_on_disk(path)
    assert [secret for secret in SECRETS if secret.encode() in after] == ["Zq-code", "Zq-cause"]
    assert erasure.paths == (Path("/Zq-path/night.csv"),)
    assert find_recording(library, kept.id) == kept
    assert list_annotations(library, kept.id) == (word,)
    with library.reading() as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone()[0] == 0
        tables = [row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    assert (left["episodes"], left["evidence"], left["runs"], left["markers"], left["annotations"]) == (0, 0, 0, 0, 1)


def test_recording_that_is_not_there_is_said(library):
    with pytest.raises(LibraryError, match="Recording 1 is not in the library"):
        delete_recordings(library, [1])


def test_traces_that_another_program_holds_are_said(library, path):
    add_secrets(library)
    with library.reading() as connection:
        connection.execute("PRAGMA busy_timeout = 1")
    with Library.open(path) as other, other.reading() as connection:
        connection.execute("SELECT * FROM people").fetchall()
        delete_person(library, "Zq-code")
        with pytest.raises(LibraryError, match=r"deleted, but traces stay in library\.sqlite3-wal"):
            sweep_library(library)
    assert list_people(library) == ()
