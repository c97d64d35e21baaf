"""Every command takes a recording through the detector in the same way: same episodes, same refusal."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector, check_unit, detect_batches
from clonus_sense.errors import SignalError
from clonus_sense.model import RecordingInfo, SampleBatch, Site, Stretch
from clonus_sense.recorder.live_detection import LiveDetection
from clonus_sense.recording import EntryKind, read_ledger, read_recording, write_recording
from clonus_sense.recording.ledger import Ledger
from tests.detection.builders import cut_every

FS_HZ = 50.0
STANDARD_GRAVITY = 9.80665
START = datetime(2026, 11, 5, 22, 30, tzinfo=UTC)

METRES = "they are in m/s² and not in g; say --unit m/s2"
COUNTS = "they are raw counts or mg and not g; say --unit mg"
REFUSED = [
    pytest.param(STANDARD_GRAVITY, METRES, id="metres"),
    pytest.param(1000.0, COUNTS, id="mg"),
    pytest.param(256.0, COUNTS, id="raw"),
]


def make_accel_g(*, seconds=60.0, first_bout_s=20.0):
    """A foot at rest with a bout of 6 Hz every 20 s."""
    times_s = np.arange(0, seconds, 1 / FS_HZ)
    accel_g = np.column_stack([0 * times_s, 0 * times_s, 1 + 0 * times_s])
    for bout_s in np.arange(first_bout_s, seconds, 20.0):
        since_s = times_s - bout_s
        accel_g[:, 0] += 0.3 * np.cos(2 * np.pi * 6.0 * since_s) * np.exp(-((since_s / 1.0) ** 6))
    return times_s, accel_g + np.random.default_rng(1).normal(0, 0.002, accel_g.shape)


def write_in(path, scale, **shape):
    """Write the same movement in another unit, under the names of our own format."""
    path.parent.mkdir(exist_ok=True)
    times_s, accel_g = make_accel_g(**shape)
    write_recording(path, RecordingInfo(START, FS_HZ, site=Site.FOOT, side="left"), times_s, accel_g * scale)
    return path


@pytest.fixture
def verb(clonus_sense, tmp_path):
    """Runs a command on one recording, by the name of the command."""
    library = ("--library", tmp_path / "data" / "library.sqlite3")
    # These two look at a recording that the library holds already, as an earlier version may have added it.
    known = {"reanalyse": ("reanalyse", "last", *library), "settings": ("settings", "P07", "--band-low", "4", *library)}

    def run(name, path):
        if name in known:
            scaled = path.read_bytes()
            path.unlink()
            write_in(path, 1.0)
            assert clonus_sense("add", path, "--person", "P07", "--no-page", *library).code == 0
            path.write_bytes(scaled)
            return clonus_sense(*known[name])
        if name.startswith("evaluate"):
            annotation = tmp_path / f"{path.stem}.annotation.csv"
            annotation.write_text("onset_s,offset_s\n40.0,41.0\n")
            log = tmp_path / "log" / "night.csv"
            source = write_in(tmp_path / "other" / "night.csv", 1.0)
            assert clonus_sense("detect", source, "--output", log.parent).code == 0
            pages = ("--page", tmp_path / "page.html") if name == "evaluate page" else ()
            return clonus_sense("evaluate", log, annotation, *pages)
        arguments = {
            "detect": ("detect", path, "--output", tmp_path / "results"),
            "detect plots": ("detect", path, "--output", tmp_path / "results", "--plots", "--explain"),
            "add": ("add", path, "--person", "P07", *library),
            "replay": ("replay", path),
            "plot": ("plot", path, "--output", tmp_path / "results"),
            "plot blind": ("plot", path, "--output", tmp_path / "results", "--blind"),
        }
        return clonus_sense(*arguments[name])

    return run


DOORS = [
    "detect",
    "detect plots",
    "add",
    "replay",
    "reanalyse",
    "settings",
    "plot",
    "plot blind",
    "evaluate",
    "evaluate page",
]


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize(("scale", "sentence"), REFUSED)
def test_every_command_refuses_another_unit_with_the_same_sentence(verb, tmp_path, name, scale, sentence):
    path = write_in(tmp_path / "night.csv", scale)
    told = verb(name, path)
    assert told.code == 1
    [line] = [line for line in told.sentences if line.startswith(f"clonus-sense: {path}: ")]
    assert sentence in line
    assert line.endswith("where a date is needed." if scale == STANDARD_GRAVITY else "<counts per g>.")
    assert "Traceback" not in told.err
    assert "rhythmic 1" not in told.out
    assert not (tmp_path / "results").exists() or not list((tmp_path / "results").iterdir())


@pytest.mark.parametrize("name", DOORS)
def test_every_command_takes_the_same_movement_in_g(verb, tmp_path, name):
    told = verb(name, write_in(tmp_path / "night.csv", 1.0))
    assert told.code == 0, told.err
    assert "clonus-sense: " not in told.err


def test_detect_and_replay_find_the_same(clonus_sense, tmp_path):
    path = write_in(tmp_path / "night.csv", 1.0)
    replayed = [json.loads(line) for line in clonus_sense("replay", path, "--json").out.splitlines()]
    detected = json.loads(clonus_sense("detect", path, "--output", tmp_path / "results", "--json").out)["episodes"]
    assert [episode["onset_s"] for episode in replayed] == [episode["onset_s"] for episode in detected]
    assert len(replayed) == 2


@pytest.mark.parametrize(("scale", "sentence"), REFUSED)
def test_the_unit_is_refused_after_seconds_of_rest_and_not_at_the_end(scale, sentence, tmp_path):
    recording = read_recording(write_in(tmp_path / "night.csv", scale, seconds=600.0))
    n_taken = 0

    def count(batches):
        nonlocal n_taken
        for batch in batches:
            n_taken += len(batch.accel_g)
            yield batch

    with pytest.raises(SignalError, match=r"^at rest the values show") as refused:
        list(detect_batches(count(recording.batches(25)), Detector(DetectionSettings(), site=Site.FOOT)))
    assert sentence in str(refused.value)
    assert n_taken / FS_HZ <= 10.0


@pytest.mark.parametrize(("scale", "sentence"), REFUSED)
@pytest.mark.parametrize("n_samples", [1 << 30, 5000, 71, 7])
def test_any_cut_is_refused_with_the_same_words(scale, sentence, n_samples, tmp_path):
    recording = read_recording(write_in(tmp_path / "night.csv", scale, first_bout_s=1.0))

    def refusal_of(work):
        with pytest.raises(SignalError) as refused:
            work()
        return str(refused.value)

    cut = cut_every(list(recording.batches()), n_samples)
    whole = refusal_of(lambda: check_unit(recording.batches()))
    assert sentence in whole
    assert refusal_of(lambda: list(detect_batches(cut, Detector(DetectionSettings(), site=Site.FOOT)))) == whole


def test_movement_before_any_rest_only_delays_the_refusal(tmp_path):
    times_s, accel_g = make_accel_g(seconds=90.0)
    stir_g = 0.6 * np.sin(2 * np.pi * 1.3 * times_s) * (times_s < 40.0)
    accel_g += np.outer(stir_g, (1.0, 0.3, 0.5))
    path = tmp_path / "night.csv"
    write_recording(path, RecordingInfo(START, FS_HZ, site=Site.FOOT), times_s, accel_g * STANDARD_GRAVITY)
    with pytest.raises(SignalError, match="m/s²"):
        check_unit(read_recording(path).batches(50))


@pytest.mark.parametrize(("scale", "sentence"), REFUSED)
@pytest.mark.parametrize("n_samples", [1 << 30, 50])
def test_a_leg_that_never_rests_is_refused_at_the_end(scale, sentence, n_samples):
    times_s = np.arange(0, 20.0, 1 / FS_HZ)
    swing_g = np.sin(2 * np.pi * 1.07 * times_s) + 0.6 * np.sin(2 * np.pi * 2.9 * times_s)
    accel_g = np.outer(swing_g, (0.9, 0.3, 0.4)) + np.array([0.0, 0.0, 1.0])
    stretch = Stretch(0, FS_HZ)

    def take(scale):
        batch = SampleBatch(stretch, 0, accel_g * scale, times_s[:: stretch.knot_every])
        return list(detect_batches(cut_every([batch], n_samples), Detector(DetectionSettings(), site=Site.FOOT)))

    take(1.0)
    with pytest.raises(SignalError, match="half of the values lie above") as refused:
        take(scale)
    assert sentence in str(refused.value)


def test_a_sensor_that_hangs_at_its_limit_for_the_first_minute_costs_no_night():
    times_s, accel_g = make_accel_g(seconds=300.0, first_bout_s=100.0)
    accel_g[times_s < 60.0] = 16.0
    stretch = Stretch(0, FS_HZ)
    batch = SampleBatch(stretch, 0, accel_g, times_s[:: stretch.knot_every])
    whole = list(detect_batches([batch], Detector(DetectionSettings(), site=Site.FOOT)))
    assert len([episode for episode in whole if episode.onset_s > 60.0]) == 10
    assert list(detect_batches(cut_every([batch], 50), Detector(DetectionSettings(), site=Site.FOOT))) == whole


def test_a_recorder_goes_on_and_writes_down_why_nothing_is_detected(tmp_path):
    recording = read_recording(write_in(tmp_path / "night.csv", STANDARD_GRAVITY))
    ledger = Ledger(tmp_path / "live.events.jsonl", START)
    told = []
    live = LiveDetection(tmp_path / "live.csv", DetectionSettings(), Site.FOOT, ledger=ledger, on_episode=told.append)
    for batch in recording.batches(25):
        live.push(batch, batch.end_index / FS_HZ)
    live.finish(60.0)
    ledger.close()
    [ended] = [e for e in read_ledger(tmp_path / "live.events.jsonl") if e.kind == EntryKind.DETECTION_ENDED]
    assert METRES in ended.facts["reason"]
    assert ended.time_s <= 10.0
    assert told == []
