import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clonus_sense.errors import LibraryError
from clonus_sense.library import (
    Person,
    add_person,
    add_recording,
    find_person,
    find_recording,
    find_recording_by_hash,
    hash_recording,
    list_people,
    list_recordings,
)
from clonus_sense.model import RecordingInfo
from clonus_sense.recording import read_recording, write_recording
from tests.library.made import FINDINGS, GAPS, INFO, add_night
from tests.library.test_content_hash import ACCEL_G, TIMES_S


def test_recording_comes_back_as_given(library):
    night = add_night(library)
    assert night == find_recording(library, night.id)
    assert (night.info, night.gaps, night.findings) == (INFO, GAPS, FINDINGS)
    assert night.info.start.utcoffset() == timedelta(hours=9)
    assert (night.path, night.content_hash, night.duration_s) == (Path("/nights/one.csv"), "a1", 3600.0)
    assert night.measured_s == 3600.0 - 60.5 - 0.75


def test_what_is_unknown_stays_unknown(library):
    info = RecordingInfo(start=None, fs_hz=50.0)
    assert add_night(library, info=info).info == info


def test_same_recording_in_any_container_is_one(library, tmp_path):
    added = []
    for name in ("night.csv", "night.csv.gz", "night.parquet"):
        write_recording(tmp_path / name, INFO, TIMES_S, ACCEL_G)
        recording = read_recording(tmp_path / name)
        added.append(
            add_recording(
                library,
                tmp_path / name,
                hash_recording(recording),
                recording.info,
                duration_s=recording.duration_s,
                gaps=recording.gaps,
            )
        )
    assert [one.was_known for one in added] == [False, True, True]
    (night,) = list_recordings(library)
    assert night == added[2].recording
    assert night.path == tmp_path / "night.parquet"
    assert len(night.gaps) == 1


def test_recording_that_is_known_stays_filed_as_it_is(library):
    add_night(library)
    again = add_recording(library, Path("/new/place.csv"), "a1", replace(INFO, person="P99"), duration_s=1.0)
    assert again.recording.info == INFO
    assert (again.recording.path, again.recording.duration_s) == (Path("/new/place.csv"), 3600.0)
    assert [person.code for person in list_people(library)] == ["P07"]


def test_person_who_is_new_is_added_and_one_who_is_known_stays(library):
    known = Person("P07", cause="stroke")
    add_person(library, known)
    add_night(library)
    add_night(library, "b2", replace(INFO, person=" P 08\t"))
    assert find_person(library, "P07") == known
    assert find_person(library, "P 08") == Person("P 08")


def test_recordings_are_listed_by_their_moment_whatever_the_zone(library):
    starts = {
        "second": "2026-11-05T22:30:00+09:00",
        "third": "2026-11-05T14:00:00+00:00",
        "first": "2026-11-05T23:00:00+14:00",
        "last": None,
    }
    for name, start in starts.items():
        add_night(library, name, replace(INFO, start=start and datetime.fromisoformat(start)))
    assert [night.content_hash for night in list_recordings(library)] == ["first", "second", "third", "last"]


def test_people_and_legs_are_listed_apart(library):
    add_night(library, "left")
    add_night(library, "right", replace(INFO, side="right"))
    add_night(library, "other", replace(INFO, person="P08"))
    add_night(library, "nobody", replace(INFO, person=""))

    def listed(**which):
        return [night.content_hash for night in list_recordings(library, **which)]

    assert listed(person="P07") == ["left", "right"]
    assert listed(person="P07", side="right") == ["right"]
    assert listed(side="left") == ["left", "other", "nobody"]
    assert listed(person="") == ["nobody"]
    with pytest.raises(LibraryError, match="P9: this person is not in the library"):
        listed(person="P9")


def test_recording_that_is_not_there_is_said(library):
    with pytest.raises(LibraryError, match="Recording 5 is not in the library"):
        find_recording(library, 5)


def test_relative_path_is_kept_whole(library, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    added = add_recording(library, Path("night.csv"), "a1", INFO, duration_s=1.0)
    assert added.recording.path == tmp_path / "night.csv"


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_path_in_another_encoding_is_kept(library):
    path = Path(os.fsdecode("/usb/夜.csv".encode("cp932")))
    assert add_recording(library, path, "a1", INFO, duration_s=1.0).recording.path == path


def test_a_recording_is_found_by_what_it_holds(library):
    night = add_night(library, "a1")
    assert find_recording_by_hash(library, "a1") == night
    assert find_recording_by_hash(library, "b2") is None
