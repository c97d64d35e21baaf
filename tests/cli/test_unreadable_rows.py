"""One date that no calendar holds hides no other night, and can be mended or deleted."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from clonus_sense.library import Library, Marker, MarkerKind, add_markers
from tests.review.made import MadeLeg, add_leg
from tests.workflows.made import START, write_minute

BAD = {
    "year 9999": ("start_time", "9999-12-31T23:59:59+00:00"),
    "year 1": ("start_time", "0001-01-01T00:00:00+14:00"),
    "no date": ("start_time", "yesterday"),
    "no offset": ("start_time", "2026-11-05T22:00:00"),
    "no length": ("duration_s", float("inf")),
    "a word for a length": ("duration_s", "long"),
    "years long": ("duration_s", 1e12),
    "no zone": ("timezone", "Europe/Atlantis"),
    "no site": ("site", "elbow"),
    "no path": ("path", 7),
    "no notes": ("notes_json", "{"),
    "no rate": ("fs_hz", b"\x00"),
}


@pytest.fixture(params=BAD)
def bad(request, library_path):
    """Recording 1 cannot be read, as an older version or a disk has left it; recording 2 is of another person."""
    column, value = BAD[request.param]
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg(length_h=1.0))
        add_leg(library, MadeLeg(person="P08", start="2026-11-08 22:00", length_h=1.0, rest_h=((0.1, 0.9),)))
        with library.writing() as connection:
            connection.execute(f"UPDATE recordings SET {column} = ? WHERE id = 1", (value,))


def test_every_verb_names_the_row_and_shows_the_rest(run, bad, tmp_path, caplog):
    for verb in (
        ("nights",),
        ("people",),
        ("page", "2026-11-08"),
        ("add", write_minute(tmp_path / "night.csv", person="P09")),
        ("export", "--output", tmp_path / "out"),
        ("baseline", "2026-11-08"),
        ("settings", "P08"),
        ("undelete",),
        ("backup", tmp_path / "copy.sqlite3"),
    ):
        caplog.clear()
        code, _, errors = run(*verb)
        assert code == 0, (verb, errors)
        if verb[0] in ("nights", "people", "page", "export"):
            assert caplog.text.count("Recording 1 cannot be read") == 1, verb
            assert "`clonus-sense delete recording:1` deletes it" in caplog.text
    assert [line for line in run("nights")[1] if line.startswith("Night")] == [
        "Night 2026-11-08, P08",
        "Night 2026-11-05, P09",
    ]
    code, _, errors = run("reanalyse", "recording:1")
    assert code == 1
    assert run("erase", "P07", "--yes")[0] == 0
    assert run("delete", "recording:1", "--yes")[0] == 1


def test_it_can_be_deleted_brought_back_and_deleted_for_good(run, bad):
    code, lines, errors = run("delete", "recording:1", "--yes")
    assert (code, lines[0]) == (0, "No date, P07: Left leg, recording 1"), errors
    [listed] = run("undelete")[1]
    assert listed.startswith("recording 1 of P07, Left leg")
    assert run("undelete", "recording:1")[0] == 0
    assert run("delete", "recording:1", "--yes")[0] == 0
    assert run("delete", "recording:1", "--yes", "--now")[0] == 0
    assert run("undelete")[1] == ["The bin is empty."]


def test_a_wrong_date_is_mended(run, library_path, caplog):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg())
        with library.writing() as connection:
            connection.execute("UPDATE recordings SET start_time = '9999-12-31T23:59:59+00:00'")
    assert run("correct", "start", "1", "--from", "2026-11-05T22:00+01:00", "--by", "Sato")[0] == 0
    caplog.clear()
    assert run("nights")[1][0] == "Night 2026-11-05, P07"
    assert run("page", "2026-11-05")[0] == 0
    assert caplog.text == ""


@pytest.mark.parametrize(
    "start", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z"]
)
def test_a_date_that_no_command_can_show_does_not_enter(run, tmp_path, start):
    path = write_minute(tmp_path / "night.csv")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(START.isoformat(), start), encoding="utf-8")
    code, _, errors = run("add", path)
    assert code == 1
    assert "add --start" in errors
    for refused in ("--start", start), ("--start", "9999-01-01T00:00+00:00"):
        assert run("add", path, *refused)[0] == 1
    assert run("add", path, "--start", "2026-11-05T22:30+09:00")[0] == 0
    code, _, errors = run("correct", "start", "1", "--from", start)
    assert code == 1
    assert "1980" in errors
    assert run("nights")[1][0] == "Night 2026-11-05, P07"


def test_a_marker_at_infinity_spoils_no_page(run, tmp_path, library_path):
    path = write_minute(tmp_path / "night.csv")
    lines = [
        '{"time_s": ' + time_s + ', "kind": "marker", "marker": "felt"}'
        for time_s in ("5.0", "Infinity", "-Infinity", "NaN", "1e300", "1" + "0" * 400, "null")
    ]
    gaps = [
        json.dumps({"time_s": 1.0, "kind": "gap", "reason": "lost", "start_s": start, "end_s": 2.0})
        for start in (None, "x", float("inf"), [], 10**400)
    ]
    (tmp_path / "night.events.jsonl").write_text("\n".join([*lines, *gaps]) + "\n", encoding="utf-8")
    code, _, errors = run("add", path)
    assert code == 0, errors
    with Library.open(library_path) as library:
        add_markers(library, 1, [Marker(6.0, MarkerKind.FELT)])
        with library.writing() as connection:
            # As an older version let it in.
            connection.execute("INSERT INTO markers (recording_id, at_s, kind, text) VALUES (1, 9e999, 'felt', '')")
            connection.execute(
                "INSERT INTO annotations VALUES (9, 1, -6e10, 60.0, 'rest', '', 'patient', '', '2026-11-06T08:00:00Z')"
            )
    page = Path(run("page", "last")[1][-1]).read_text(encoding="utf-8")
    assert page.count("22:30:05") >= 1
    assert run("export", "--output", tmp_path / "out")[0] == 0
    markers = (tmp_path / "out" / "markers.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(markers) == 3


@pytest.mark.parametrize("night", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar_are_no_night(run, library_path, tmp_path, night):
    with Library.open(library_path) as library:
        add_leg(library, MadeLeg())
    for verb in (
        ("page",),
        ("delete", "--yes"),
        ("undelete",),
        ("annotate", "--verdict", "unsure", "--profession", "patient"),
    ):
        assert run(verb[0], night, *verb[1:])[0] in (1, 2)
    for end in ("--since", "--until"):
        assert run("export", end, night, "--output", tmp_path / end)[0] in (0, 1)
    for time in (f"{night}T23:59", f"{night}T00:00+14:00", f"{night}T23:59-14:00"):
        for said in (("rest", "2026-11-05"), ("worn", "2026-11-05", "off")):
            assert run("correct", *said, "--from", time, "--to", "23:00")[0] == 1
            assert run("correct", *said, "--from", "23:00", "--to", time)[0] == 1
    assert datetime.fromisoformat(json.loads(run("nights", "--json")[1][0])[0]["start"]).year == 2026
