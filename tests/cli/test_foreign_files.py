"""Files of other recorders from the command line: their zone, their start, and what is kept about them."""

import json
import re
from datetime import datetime, timedelta

import pytest

from clonus_sense.cli.console.options import FOREIGN_NAMES
from clonus_sense.library import Library, list_recordings
from clonus_sense.recording import ForeignFormat, read_recording
from clonus_sense.recording.foreign import parse_options
from tests.workflows.made import START, write_minute


@pytest.fixture(autouse=True)
def computer_in_auckland(monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")


def write_foreign(path, time_of, head="time,ax,ay,az", **made):
    """Write the samples of a minute as another program would; ``time_of`` turns row and seconds into text."""
    recording = read_recording(write_minute(path.with_suffix(".ours.csv"), **made))
    (samples,) = recording.stretches
    rows = [f"{time_of(n, n / 50)},{x:.5f},{y:.5f},{z:.5f}" for n, (x, y, z) in enumerate(samples.accel_g.tolist())]
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return path


def shown_nights(run):
    _, lines, _ = run("nights", "--json")
    return json.loads("".join(lines))


def with_offset(_row, at_s):
    return (START + timedelta(seconds=at_s)).isoformat(timespec="milliseconds")


def since_1970(_row, at_s):
    return f"{START.timestamp() + at_s:.3f}"


def test_a_night_is_shown_at_the_hours_that_its_file_states(run, tmp_path):
    path = write_foreign(tmp_path / "tokyo.csv", with_offset)
    assert run("add", path, "--person", "P07", "--side", "left", "--no-page")[0] == 0
    (night,) = shown_nights(run)
    assert night["start"] == "2026-11-05T22:30:00+09:00"


def test_moments_without_a_zone_are_shown_where_the_computer_is_and_said_so_once(run, tmp_path, library_path):
    path = write_foreign(tmp_path / "phone.csv", since_1970)
    _, lines, errors = run("add", path, "--person", "P07", "--side", "left", "--no-page")
    assert "\n".join([*lines, errors]).count("the zone of this computer (Pacific/Auckland) was assumed") == 1
    (night,) = shown_nights(run)
    assert night["start"] == "2026-11-06T02:30:00+13:00"
    # Said afterwards, the zone counts, and the recording stays one.
    assert run("add", path, "--timezone", "Asia/Tokyo", "--no-page")[0] == 0
    (night,) = shown_nights(run)
    assert night["start"] == "2026-11-05T22:30:00+09:00"
    # Without a word it stays.
    assert run("add", path, "--no-page")[0] == 0
    assert [one["start"] for one in shown_nights(run)] == ["2026-11-05T22:30:00+09:00"]
    with Library.open(library_path) as library:
        (recording,) = list_recordings(library)
    assert recording.info.timezone == "Asia/Tokyo"


def test_what_was_said_about_a_file_need_not_be_said_again(run, tmp_path, monkeypatch):
    path = write_foreign(tmp_path / "counter.csv", lambda row, _: row)
    assert run("add", path, "--person", "P07", "--side", "left", "--no-page")[0] == 1
    said = ("--rate", "50", "--start", "2026-11-05T22:30:00+09:00")
    code, _, errors = run("add", path, "--person", "P07", "--side", "left", "--no-page", *said)
    assert code == 0, errors
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert run("reanalyse")[0] == 0
    code, _, errors = run("page", "2026-11-05", "--output", tmp_path / "pages")
    assert code == 0, errors
    assert "no waveforms" not in errors
    code, _, errors = run("export", "--output", tmp_path / "out", "--format", "parquet")
    assert code == 0, errors


def test_local_times_stay_where_they_were_when_the_computer_travels(run, tmp_path, monkeypatch):
    path = write_foreign(tmp_path / "naive.csv", lambda row, at_s: with_offset(row, at_s)[:-6])
    assert run("add", path, "--person", "P07", "--side", "left", "--no-page")[0] == 0
    monkeypatch.setenv("TZ", "Europe/Berlin")
    code, _, errors = run("reanalyse")
    assert code == 0, errors
    (night,) = shown_nights(run)
    assert night["start"] == "2026-11-05T22:30:00+13:00"


@pytest.mark.parametrize("verb", [("add", "--no-page"), ("detect", "--output", "out")])
def test_one_start_for_several_files_is_refused(run, clonus_sense, tmp_path, verb):
    paths = [write_foreign(tmp_path / f"part_{n}.csv", lambda _, at_s: f"{at_s:.2f}", seed=n) for n in (1, 2)]
    call = run if verb[0] == "add" else clonus_sense
    arguments = [tmp_path / "out" if word == "out" else word for word in verb]
    code, _, errors = call(*arguments, *paths, "--start", "2026-11-05T22:30:00+09:00")
    assert code == 1
    assert re.search(r"--start is the start of one recording, and there are 2 files.*its own --start", errors)
    assert not (tmp_path / "out").exists()


def test_a_start_against_the_file_is_refused_by_every_verb(run, clonus_sense, tmp_path):
    path = write_foreign(tmp_path / "tokyo.csv", with_offset)
    wrong = ("--start", "2026-11-05T22:31:00+09:00")
    for verb in (
        ("detect", path, "--output", tmp_path / "out"),
        ("replay", path, "--speed", "max"),
        ("plot", path, "--output", tmp_path / "out"),
    ):
        code, _, errors = clonus_sense(*verb, *wrong)
        assert code == 1
        assert "says itself that it began at 2026-11-05T22:30:00+09:00" in errors
    assert run("add", path, "--no-page", *wrong)[0] == 1


def test_the_zone_of_a_recording_of_ours_can_be_said(tmp_path):
    path = write_minute(tmp_path / "night.csv", timezone="")
    info = read_recording(path, foreign=ForeignFormat(timezone="Pacific/Auckland")).info
    assert (info.timezone, info.start, info.start.hour) == ("Pacific/Auckland", START, 2)


def test_every_option_is_kept_and_read_back():
    said = ForeignFormat(
        time_unit="ticks:32768",
        time_format="%d.%m.%Y %H:%M:%S.%f",
        rate_hz=51.2,
        timezone="+05:45",
        start=datetime.fromisoformat("2026-11-05T22:30:00+09:00"),
        separator=";",
        decimal_point=",",
        encoding="cp932",
    )
    assert parse_options(said.as_options()) == said
    assert {*FOREIGN_NAMES} <= {*ForeignFormat.__dataclass_fields__}
