"""A recording that the verbs read while its recorder still writes it, and again in the morning."""

import asyncio
import json
import os
from pathlib import Path

import numpy as np
import pytest

from clonus_sense.cli import run
from clonus_sense.library import Library, latest_run, list_recordings, read_episodes
from clonus_sense.recording import backfill_path
from tests.recorder.nights import leg, open_sensor, record, recorded_accel

BOUTS_AT_S = (60.0, 160.0)


@pytest.fixture
def verbs(tmp_path, capsys):
    """Run a verb on the library of this test; gives the lines that it printed."""

    def call(*arguments, library=True):
        chosen = ["--library", tmp_path / "library.sqlite3"] if library else []
        code = run([str(one) for one in (*arguments, *chosen)])
        told = capsys.readouterr()
        assert code == 0, told.err
        return (told.err + told.out).splitlines()

    return call


def night_with(during, folder):
    """Record five minutes with a loss that the sensor's memory fills, and do something after two and a half."""
    accel_g = leg(300, bouts_at_s=BOUTS_AT_S)

    async def scenario(night):
        await asyncio.sleep(100)
        night.air.vanish(night.sensor, 20.0)
        await asyncio.sleep(58)
        (path,) = folder.glob("*_left.csv")
        assert backfill_path(path).exists()
        os.utime(path, (0, 0))  # as if nothing had been written for a long time
        during(path)
        await asyncio.sleep(5)
        during(path)

    sensors = lambda: [open_sensor(accel_g, ring_samples=2000)]  # noqa: E731
    outcome = record(scenario, sensors, folder, minutes=5, radio="in process")
    assert outcome.error is None
    written = np.rint(recorded_accel(outcome.read()) * 4096)
    assert np.array_equal(written, np.rint(accel_g[outcome.delivered()] * 4096))
    return outcome.recordings[0].path


def stored(folder):
    """The only recording of the library, the onsets of its newest run, and the kinds of what was noticed."""
    with Library.open(folder / "library.sqlite3") as library:
        (one,) = list_recordings(library)
        newest = latest_run(library, one.id)
        onsets_s = [episode.onset_s for episode in read_episodes(library, newest)]
        return one, onsets_s, {finding.kind for finding in (*one.findings, *newest.findings)}


def test_added_in_the_night_a_recording_loses_nothing_is_said_to_be_unfinished_and_is_completed_later(tmp_path, verbs):
    lengths_s = []

    def add(path):
        told = json.loads(verbs("add", path, "--person", "P07", "--no-page", "--json")[-1])
        assert told["recordings"][0]["is_unfinished"]
        recording, onsets_s, kinds = stored(tmp_path)
        lengths_s.append(recording.duration_s)
        assert onsets_s[0] == pytest.approx(BOUTS_AT_S[0], abs=1.5)
        assert "unfinished" in kinds

    path = night_with(add, tmp_path)
    assert lengths_s == pytest.approx([158, 163], abs=1)
    assert not any("still writing" in line for line in verbs("add", path, "--no-page"))
    recording, onsets_s, kinds = stored(tmp_path)
    assert recording.duration_s == pytest.approx(300, abs=1)
    assert recording.info.person == "P07"
    assert [gap.start_s for gap in recording.gaps] == [0.0]  # the sensor had to be found first
    assert onsets_s == pytest.approx(BOUTS_AT_S, abs=1.5)
    assert "unfinished" not in kinds


@pytest.mark.usefixtures("drawn")
def test_page_and_export_show_what_the_library_knows_and_reanalyse_takes_what_came_since(tmp_path, verbs):
    lengths_s = []

    def call_all(path):
        if not lengths_s:
            verbs("add", path, "--person", "P07", "--no-page")
        else:
            page = Path(verbs("page", "last")[-1]).read_text(encoding="utf-8")
            assert page.count('class="still-wave"') == 1
            verbs("export", "--output", tmp_path / "exported", "--format", "edf")
            assert list((tmp_path / "exported").rglob("*.edf"))
            assert any("still writing" in line for line in verbs("reanalyse"))
        lengths_s.append(stored(tmp_path)[0].duration_s)

    path = night_with(call_all, tmp_path)
    assert lengths_s == pytest.approx([158, 163], abs=1)
    verbs("reanalyse")
    recording, onsets_s, kinds = stored(tmp_path)
    assert (recording.path, "unfinished" in kinds, len(onsets_s)) == (path, False, 2)


@pytest.mark.parametrize("verb", ["detect", "replay"])
def test_a_verb_without_a_library_says_that_a_recording_is_unfinished(tmp_path, verbs, verb):
    told = []

    def call(path):
        options = ["--output", tmp_path / f"found_{len(told)}"] if verb == "detect" else []
        told.append(verbs(verb, path, *options, library=False))

    path = night_with(call, tmp_path)
    assert any("The recorder is still writing this recording" in line for line in told[0])
    call(path)
    assert not any("still writing" in line for line in told[-1])


def test_added_in_part_and_then_whole_a_recording_is_one_and_has_all_its_movements(tmp_path, verbs):
    whole = night_with(lambda _path: None, tmp_path)
    part = tmp_path / "part.csv"
    lines = whole.read_bytes().splitlines(keepends=True)
    in_the_middle = next(n for n, line in enumerate(lines) if line.startswith(b"161."))
    part.write_bytes(b"".join(lines[:in_the_middle]))
    verbs("add", part, "--no-page")
    before, *_ = stored(tmp_path)
    verbs("add", whole, "--no-page")
    after, onsets_s, _ = stored(tmp_path)
    assert (after.id, after.path) == (before.id, whole)
    assert onsets_s == pytest.approx(BOUTS_AT_S, abs=1.5)


def test_another_recording_of_the_same_start_stays_another(tmp_path, verbs):
    whole = night_with(lambda _path: None, tmp_path)
    other = tmp_path / "other.csv"
    text = whole.read_bytes()
    other.write_bytes(text.replace(b"\n0.", b"\n0.0", 1)[: len(text) // 2])  # half as long, its first time another
    verbs("add", other, "--no-page")
    verbs("add", whole, "--no-page")
    with Library.open(tmp_path / "library.sqlite3") as library:
        assert len(list_recordings(library)) == 2
