"""What stands in the tables, from libraries filled by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.errors import NightError
from clonus_sense.export import Selection, fill_tables, read_content
from clonus_sense.library import (
    Marker,
    MarkerKind,
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    add_markers,
    add_recording,
    add_run,
    annotate,
)
from clonus_sense.model import EpisodeClass, RecordingInfo
from tests.export.made import everything
from tests.night.builders import HOUR_S
from tests.review.made import MadeLeg, add_leg, answer_not_worn, at, say

DOCTOR = Rater("Sato", Profession.PHYSICIAN)


def rows_of(content):
    """Rows of each table as dictionaries, by the table's name."""
    return {
        table.name: [{column.name: cell for column, cell in zip(table.columns, row, strict=True)} for row in table.rows]
        for table in fill_tables(content)
    }


def test_every_column_of_every_table_stands_in_the_dictionary_and_no_other(library):
    tables = fill_tables(everything(library))
    explained = [(row["table"], row["column"]) for row in rows_of(everything(library))["data_dictionary"]]
    assert explained == [(table.name, column.name) for table in tables for column in table.columns]
    assert len(set(explained)) == len(explained)
    for row in rows_of(everything(library))["data_dictionary"]:
        assert row["meaning"].endswith(".")
        assert row["kind"] != "number" or row["written"].startswith("to ")


def test_numbers_say_their_unit(library):
    units = {row["column"]: row["unit"] for row in rows_of(everything(library))["data_dictionary"]}
    assert units["duration_s"] == "s"
    assert units["peak_g"].startswith("g ")
    assert units["clonus_n_per_worn_hour"] == "episodes per worn hour"
    assert units["class"] == ""


def test_episodes_of_night_and_waking_with_what_counts(library):
    leg = MadeLeg(unconfirmed_h=((3, 4),), episodes=(at(0.5), at(2, duration_s=5), at(3.5), at(6)))
    recording = add_leg(library, leg)
    answer_not_worn(library, recording, 5.5, 6.5)
    rows = rows_of(everything(library))["episodes"]
    assert [(row["period"], row["counted_as"]) for row in rows] == [
        ("waking", "counted"),
        ("night", "counted"),
        ("night", "wear not confirmed"),
        ("night", "left out"),
    ]
    assert [row["episode"] for row in rows] == [1, 2, 3, 4]
    assert (rows[1]["person"], rows[1]["night"], rows[1]["side"]) == ("P07", "2026-11-05", "left")
    assert (rows[1]["duration_s"], rows[1]["beats"], rows[1]["frequency_hz"]) == (5, 30, 6.0)
    assert rows[1]["onset_local"].isoformat() == "2026-11-06T00:00:00+01:00"
    assert rows[1]["onset_utc"] == datetime(2026, 11, 5, 23, tzinfo=UTC)


def test_onsets_around_a_clock_change_have_their_own_offsets(library):
    add_leg(library, MadeLeg(start="2026-10-24 22:00", episodes=(at(4.5), at(5.5))))
    rows = rows_of(everything(library))["episodes"]
    assert [row["onset_local"].isoformat() for row in rows] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
    ]
    assert rows[1]["onset_utc"] - rows[0]["onset_utc"] == timedelta(hours=1)
    night = rows_of(everything(library))["nights"][0]
    assert (night["rest_start_local"].isoformat(), night["rest_end_local"].isoformat()) == (
        "2026-10-24T23:00:00+02:00",
        "2026-10-25T06:00:00+01:00",
    )
    assert night["length_s"] == 8 * HOUR_S


def test_nights_hold_night_and_waking_of_each_leg_apart(library):
    episodes = (at(0.5), at(2, duration_s=6), at(3), at(4, episode_class=EpisodeClass.SLOW))
    add_leg(library, MadeLeg(unconfirmed_h=((7, 8),), gaps_h=((6, 7),), episodes=episodes))
    add_leg(library, MadeLeg(side="right"))
    rows = rows_of(everything(library))["nights"]
    assert [(row["side"], row["period"]) for row in rows] == [
        ("left", "night"),
        ("left", "waking"),
        ("right", "night"),
        ("right", "waking"),
    ]
    left, waking = rows[:2]
    assert (left["worn_s"], left["not_confirmed_s"], left["not_measured_s"]) == (6 * HOUR_S, HOUR_S, HOUR_S)
    assert (left["clonus_n"], left["clonus_total_s"], left["clonus_longest_s"]) == (2, 10, 6)
    assert left["clonus_n_per_worn_hour"] == pytest.approx(2 / 6)
    assert left["clonus_total_s_per_worn_hour"] == pytest.approx(10 / 6)
    assert (left["slow_n"], left["brief_n"], left["uncertain_n"]) == (1, 0, 0)
    assert (waking["clonus_n"], waking["rest_start_local"]) == (1, None)


def test_a_time_in_which_nothing_was_measured_has_no_numbers_and_no_zeros(library):
    recording = add_leg(library, MadeLeg())
    answer_not_worn(library, recording, 0, 10)
    night = rows_of(everything(library))["nights"][0]
    assert night["worn_s"] == 0
    assert night["clonus_n"] is None
    assert night["clonus_n_per_worn_hour"] is None


def test_gaps_say_their_reason(library):
    add_leg(library, MadeLeg(gaps_h=((2, 2.5),)))
    (gap,) = rows_of(everything(library))["gaps"]
    assert (gap["start_s"], gap["duration_s"], gap["reason"]) == (2 * HOUR_S, HOUR_S / 2, "link lost")
    assert gap["start_local"].isoformat() == "2026-11-06T00:00:00+01:00"
    assert gap["night"] == "2026-11-05"


def test_all_words_are_told_with_what_became_of_them(library):
    recording = add_leg(library, MadeLeg(episodes=(at(2),)))
    span = TimeSpan(2 * HOUR_S, 2 * HOUR_S + 4)
    first = annotate(library, recording.id, span, Verdict.UNSURE, DOCTOR, note="hm")
    second = annotate(library, recording.id, span, Verdict.JUDGED_AS_CLONUS, DOCTOR, replaces=[first.id])
    third = say(library, recording, 2, 2.001, Verdict.RHYTHMIC)
    content = rows_of(everything(library))
    told = [(row["annotation"], row["verdict"], row["replaces"], row["replaced_by"], row["stands"])
            for row in content["annotations"]]  # fmt: skip
    assert told == [
        (first.id, "unsure", "", str(second.id), False),
        (second.id, "judged as clonus", str(first.id), "", True),
        (third.id, "rhythmic", "", "", True),
    ]
    assert (content["annotations"][0]["rater"], content["annotations"][0]["note"]) == ("Sato", "hm")
    assert content["episodes"][0]["words"] == "judged as clonus (physician); rhythmic (patient)"
    assert content["episodes"][0]["annotations"] == f"{second.id} {third.id}"


def test_markers_and_their_words(library):
    recording = add_leg(library, MadeLeg())
    add_markers(library, recording.id, [Marker(3 * HOUR_S, MarkerKind.FELT, "strong")])
    (marker,) = rows_of(everything(library))["markers"]
    assert (marker["kind"], marker["text"], marker["night"]) == ("felt", "strong", "2026-11-05")


def test_recordings_have_a_row_for_each_analysis_and_episodes_those_of_the_newest(library):
    recording = add_leg(library, MadeLeg(episodes=(at(2), at(3))))
    add_run(library, recording.id, (at(4),), version="0.2.0", settings=DetectionSettings(band_low_hz=4.0))
    content = rows_of(everything(library))
    told = [(row["version"], row["episodes_n"], row["is_newest"]) for row in content["recordings"]]
    assert told == [("0.1.0", 2, False), ("0.2.0", 1, True)]
    assert "band_low_hz = 4.0; " in content["recordings"][1]["settings"]
    assert [row["onset_s"] for row in content["episodes"]] == [4 * HOUR_S]
    assert content["episodes"][0]["run"] == content["recordings"][1]["run"]


def test_an_episode_of_a_recording_of_two_nights_stands_in_one_of_them(library):
    leg = MadeLeg(length_h=30, rest_h=((1, 9), (25, 30)), gaps_h=((3, 4), (27, 28)), episodes=(at(2), at(26)))
    add_leg(library, leg)
    content = rows_of(everything(library))
    assert [row["night"] for row in content["episodes"]] == ["2026-11-05", "2026-11-06"]
    assert [row["night"] for row in content["gaps"]] == ["2026-11-05", "2026-11-06"]
    one = rows_of(read_content(library, Selection(night="2026-11-06")))
    assert [row["night"] for row in one["episodes"]] == ["2026-11-06"]
    assert [row["start_s"] for row in one["gaps"]] == [27 * HOUR_S]


def test_a_recording_without_a_date_is_told_without_one(library):
    stored = add_recording(library, MadeLeg().path, "undated", RecordingInfo(start=None, fs_hz=52.0), duration_s=60.0)
    add_run(library, stored.recording.id, (at(0.01),), version="0.1.0", settings=DetectionSettings())
    content = rows_of(everything(library))
    (episode,) = content["episodes"]
    assert (episode["night"], episode["onset_utc"], episode["counted_as"]) == ("", None, "no date")
    assert rows_of(read_content(library, Selection(since=date(2026, 1, 1))))["recordings"] == []


def test_nights_are_chosen_by_person_name_and_date(library):
    add_leg(library, MadeLeg(start="2026-11-01 22:00"))
    add_leg(library, MadeLeg(start="2026-11-05 22:00"))
    add_leg(library, MadeLeg(start="2026-11-05 22:30", person="P08"))

    def chosen(**selection):
        nights = read_content(library, Selection(**selection)).nights
        return [(night.person, night.name) for night in nights]

    assert chosen() == [("P07", "2026-11-01"), ("P07", "2026-11-05"), ("P08", "2026-11-05")]
    assert chosen(person="P08") == [("P08", "2026-11-05")]
    assert chosen(person="P07", night="last") == [("P07", "2026-11-05")]
    assert chosen(until=date(2026, 11, 4)) == chosen(until=date(2026, 11, 1)) == [("P07", "2026-11-01")]
    assert chosen(since=date(2026, 11, 5)) == [("P07", "2026-11-05"), ("P08", "2026-11-05")]
    with pytest.raises(NightError, match="Several people"):
        chosen(night="2026-11-05")


def test_people_become_numbers_and_their_words_vanish(library):
    recording = add_leg(library, MadeLeg(person="Hanako", episodes=(at(2),)))
    add_leg(library, MadeLeg(person="Taro"))
    add_leg(library, MadeLeg(person=""))
    annotate(library, recording.id, TimeSpan(7200, 7204), Verdict.JUDGED_AS_CLONUS, DOCTOR, note="Hanako")
    tables = rows_of(everything(library, with_personal_data=False))
    assert {row["person"] for row in tables["nights"]} == {"", "P1", "P2"}
    assert {row["person"] for row in tables["episodes"]} <= {"P1", "P2"}
    told = repr({name: rows for name, rows in tables.items() if name != "data_dictionary"})
    for secret in ("Hanako", "Taro", "Sato", "S/N 0017", "Sensor A", "made.csv"):
        assert secret in repr(rows_of(everything(library)))
        assert secret not in told
    assert tables["episodes"][0]["words"] == "judged as clonus (physician)"
