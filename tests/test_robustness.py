"""Whatever a night does to a file: the right episodes with the gap stated, or one sentence and exit 1."""

from __future__ import annotations

import errno
import gzip
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from clonus_sense.cli import run
from clonus_sense.config import DetectionSettings
from clonus_sense.errors import SignalError
from clonus_sense.model import Episode, EpisodeClass, RecordingInfo, Site
from clonus_sense.recording import ForeignFormat, parse_unit, write_recording
from clonus_sense.report.analysis import Analysis
from clonus_sense.session import analyse_recording
from clonus_sense.simulate import NightPlan, SimulatedRecording, SimulatedSensor, simulate_night

FS_HZ = 50.0
# A verdict uses this much after the last beat; what ended earlier than that cannot change any more.
DECIDED_AFTER_S = 2.5
TEN_GIGABYTES = 10 << 30

NOTHING_ELSE = {
    name: 0
    for name in (
        "n_bouts_after_turns",
        "n_helper_turns",
        "n_limb_movement_series",
        "n_tremors",
        "n_bathroom_walks",
        "n_hums",
        "n_gaps",
    )
}


@dataclass(frozen=True)
class Told:
    """What a person sees of one call of the command line."""

    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """Lines on stderr below the notice."""
        return [line for line in self.err.splitlines() if "not a medical device" not in line]


@pytest.fixture(autouse=True)
def log_level_restored():
    """Undo what the command line does to the log of the package."""
    yield
    logging.getLogger("clonus_sense").setLevel(logging.NOTSET)


@pytest.fixture
def clonus_sense(capsys):
    def run_and_capture(*arguments) -> Told:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Told(code, captured.out, captured.err)

    return run_and_capture


def simulate(hours, n_bouts, seed):
    plan = NightPlan(
        hours=hours,
        n_bouts=n_bouts,
        beats=(8, 30),
        n_turns=2,
        n_kicks=2,
        sensor=SimulatedSensor(fs_hz=FS_HZ),
        **NOTHING_ELSE,
    )
    return simulate_night(plan, seed)


def write(path: Path, night: SimulatedRecording, kept=None) -> Path:
    kept = slice(None) if kept is None else kept
    write_recording(path, night.info, night.times_s[kept], night.accel_g[kept])
    return path


def analyse(path: Path, foreign: ForeignFormat | None = None) -> Analysis:
    return analyse_recording(path, DetectionSettings(), foreign=foreign).analysis


def kinds(analysis: Analysis) -> list[str]:
    return [finding.kind for finding in analysis.findings]


def bouts_found(night: SimulatedRecording, episodes: tuple[Episode, ...]) -> list[bool]:
    """Whether an episode covers the middle of each bout of the truth."""
    rhythmic = [episode for episode in episodes if episode.episode_class is EpisodeClass.CLONUS]
    middles_s = [(bout.onset_s + bout.offset_s) / 2 for bout in night.truth]
    return [any(e.onset_s < middle_s < e.offset_s for e in rhythmic) for middle_s in middles_s]


@pytest.fixture(scope="module")
def hour():
    """A night of one hour with twelve bouts."""
    return simulate(1.0, 12, seed=0)


@pytest.fixture(scope="module")
def hour_episodes(hour, tmp_path_factory):
    """Episodes of the whole hour; each bout is among them."""
    episodes = analyse(write(tmp_path_factory.mktemp("hour") / "hour.csv", hour)).episodes
    assert all(bouts_found(hour, episodes))
    return episodes


@pytest.fixture(scope="module")
def short():
    """Six minutes with six bouts."""
    return simulate(0.1, 6, seed=0)


@pytest.fixture(scope="module")
def short_text(short, tmp_path_factory):
    """The same as the bytes of a file."""
    return write(tmp_path_factory.mktemp("short") / "short.csv", short).read_bytes()


@pytest.fixture(scope="module")
def short_episodes(short, short_text, tmp_path_factory):
    """Episodes of the short night; each bout is among them."""
    path = tmp_path_factory.mktemp("whole") / "whole.csv"
    path.write_bytes(short_text)
    episodes = analyse(path).episodes
    assert len(episodes) >= 6
    assert all(bouts_found(short, episodes))
    return episodes


# Lost samples


def check_outside_holes(analysis: Analysis, whole: tuple[Episode, ...], holes_s) -> int:
    """Every episode of the whole night that no hole touches is found again; returns how many those are."""
    n_outside = 0
    for episode in whole:
        if any(start_s < episode.offset_s and episode.onset_s < end_s for start_s, end_s in holes_s):
            continue
        n_outside += 1
        [again] = [e for e in analysis.episodes if e.onset_s < episode.offset_s and episode.onset_s < e.offset_s]
        assert again.episode_class is episode.episode_class
        assert again.beats == pytest.approx(episode.beats, abs=1)
        assert again.onset_s == pytest.approx(episode.onset_s, abs=0.04)
        assert again.frequency_hz == pytest.approx(episode.frequency_hz, abs=0.1)
    return n_outside


def test_one_nan_is_a_gap_of_one_sample_and_costs_nothing(hour, hour_episodes, tmp_path):
    row = 100_000
    path = write(tmp_path / "a.csv", hour)
    lines = path.read_bytes().split(b"\n")
    first_row = lines.index(b"time_s,x_g,y_g,z_g") + 1
    lines[first_row + row] = lines[first_row + row].rsplit(b",", 1)[0] + b",nan"
    path.write_bytes(b"\n".join(lines))
    analysis = analyse(path)
    [gap] = analysis.gaps
    assert (gap.start_s, gap.end_s) == pytest.approx((row / FS_HZ, (row + 1) / FS_HZ), abs=0.001)
    assert gap.reason == "not a number"
    assert kinds(analysis) == ["not-a-number"]
    at_s = row / FS_HZ
    assert check_outside_holes(analysis, hour_episodes, [(at_s, at_s)]) >= 11


def without(night: SimulatedRecording, holes_s):
    """Which samples lie outside all holes."""
    kept = np.ones(len(night.times_s), dtype=bool)
    for start_s, end_s in holes_s:
        kept &= (night.times_s < start_s) | (night.times_s >= end_s)
    return kept


def test_hole_of_two_minutes_is_stated_and_the_rest_is_found(clonus_sense, hour, hour_episodes, tmp_path):
    hole_s = (1500.0, 1620.0)
    path = write(tmp_path / "a.csv", hour, without(hour, [hole_s]))
    analysis = analyse(path)
    [gap] = analysis.gaps
    assert (gap.start_s, gap.end_s) == pytest.approx(hole_s, abs=1.5 / FS_HZ)
    assert analysis.measured_s == pytest.approx(3480.0, abs=0.1)
    assert check_outside_holes(analysis, hour_episodes, [hole_s]) >= 10
    told = clonus_sense("detect", path, "--output", tmp_path / "results")
    assert told.code == 0
    assert "gaps 1 (120.0 s not measured)" in told.out


def test_twenty_lost_stretches_are_stated_and_every_episode_outside_is_found(hour, hour_episodes, tmp_path):
    # One hole in each of twenty stretches of three minutes, somewhere in it.
    starts_s = 180.0 * np.arange(20) + np.random.default_rng(7).uniform(5, 145, 20)
    holes_s = [(float(start_s), float(start_s) + 30.0) for start_s in starts_s]
    analysis = analyse(write(tmp_path / "a.csv", hour, without(hour, holes_s)))
    assert [gap.start_s for gap in analysis.gaps] == pytest.approx([start for start, _ in holes_s], abs=1.5 / FS_HZ)
    assert [gap.end_s for gap in analysis.gaps] == pytest.approx([end for _, end in holes_s], abs=1.5 / FS_HZ)
    assert {gap.reason for gap in analysis.gaps} == {"no samples"}
    assert check_outside_holes(analysis, hour_episodes, holes_s) >= 8
    for episode in analysis.episodes:
        assert not any(start_s < episode.offset_s - 0.5 and episode.onset_s + 0.5 < end_s for start_s, end_s in holes_s)


# Files cut off


def check_cut(path: Path, whole: tuple[Episode, ...]) -> Analysis:
    """What was decided before the cut is there, bit for bit; of the rest at most the one that the cut ends."""
    analysis = analyse(path)
    decided = tuple(e for e in whole if e.offset_s < analysis.duration_s - DECIDED_AFTER_S)
    assert analysis.episodes[: len(decided)] == decided
    beyond = analysis.episodes[len(decided) :]
    assert len(beyond) <= 1
    assert all(e.offset_s > analysis.duration_s - DECIDED_AFTER_S - 0.2 for e in beyond)
    return analysis


def test_file_cut_at_each_byte_of_its_last_two_lines_loses_those_lines_at_most(short_text, short_episodes, tmp_path):
    lines = short_text.splitlines(keepends=True)
    path = tmp_path / "a.csv"
    n_last = len(lines[-1]) + len(lines[-2])
    for n_cut in range(n_last + 1):
        path.write_bytes(short_text[: len(short_text) - n_cut])
        analysis = check_cut(path, short_episodes)
        n_lost = 0 if n_cut == 0 else 1 if n_cut <= len(lines[-1]) else 2
        assert analysis.duration_s == pytest.approx(360.0 - n_lost / FS_HZ, abs=1e-6)
        is_whole = n_cut in (0, len(lines[-1]), n_last)
        assert kinds(analysis) == ([] if is_whole else ["torn-end"])


@pytest.mark.parametrize("seed", range(20))
def test_file_cut_anywhere_keeps_what_was_before(short_text, short_episodes, tmp_path, seed):
    n_head = short_text.index(b"time_s")
    end = int(np.random.default_rng(seed).integers(n_head + 200, len(short_text)))
    path = tmp_path / "a.csv"
    path.write_bytes(short_text[:end])
    n_rows = short_text[:end].count(b"\n") - short_text[:n_head].count(b"\n") - 1
    assert check_cut(path, short_episodes).duration_s == pytest.approx(n_rows / FS_HZ, abs=1e-6)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_gzip_cut_anywhere_keeps_what_was_before_and_says_so(short_text, short_episodes, tmp_path, share):
    packed = gzip.compress(short_text)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(packed[: int(len(packed) * share)])
    analysis = check_cut(path, short_episodes)
    assert "torn-gzip" in kinds(analysis)
    assert analysis.duration_s == pytest.approx(360.0 * share, abs=30.0)


# The same recording, written otherwise


def with_head_in_cp932(text: bytes) -> bytes:
    return text.replace(b"# source:", "# person: 患者七\n# source:".encode("cp932"))


@pytest.mark.parametrize(
    ("rewrite", "found"),
    [
        (lambda text: b"\xef\xbb\xbf" + text, []),
        (lambda text: text.replace(b"\n", b"\r\n"), []),
        (lambda text: text.decode().encode("utf-16"), []),
        (lambda text: b"\xfe\xff" + text.decode().encode("utf-16-be"), []),
        (with_head_in_cp932, ["encoding"]),
        (gzip.compress, []),
        (lambda text: text + bytes(5000), ["nul-bytes"]),
    ],
    ids=["BOM", "CRLF", "UTF-16", "UTF-16-BE", "CP932", "gzip", "NUL tail"],
)
def test_same_recording_in_other_bytes_gives_the_same_episodes(short_text, short_episodes, tmp_path, rewrite, found):
    path = tmp_path / "a.csv"
    path.write_bytes(rewrite(short_text))
    analysis = analyse(path)
    assert analysis.episodes == short_episodes
    assert analysis.gaps == ()
    assert kinds(analysis) == found


def test_text_between_the_rows_is_passed_over_and_said(short_text, short_episodes, tmp_path):
    lines = short_text.split(b"\n")
    lines[5000:5000] = [b"sensor lost, reconnecting", "接続が切れました".encode("cp932"), b""]
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join(lines))
    analysis = analyse(path)
    assert analysis.episodes == short_episodes
    [finding] = analysis.findings
    assert finding.kind == "unreadable-lines"
    assert "2; the first is line 5001." in finding.text


def test_block_of_nul_in_the_middle_is_a_gap(short_text, short_episodes, tmp_path):
    start, n_bytes = len(short_text) // 3, 100_000
    path = tmp_path / "a.csv"
    path.write_bytes(short_text[:start] + bytes(n_bytes) + short_text[start + n_bytes :])
    analysis = analyse(path)
    [gap] = analysis.gaps
    # The two lines at its edges are spoilt as well.
    n_lost = short_text[start : start + n_bytes].count(b"\n") + 1
    assert gap.duration_s == pytest.approx(n_lost / FS_HZ, abs=0.001)
    assert gap.reason == "unreadable lines"
    assert kinds(analysis) == ["nul-bytes", "unreadable-lines"]
    assert check_outside_holes(analysis, short_episodes, [(gap.start_s, gap.end_s)]) >= 3


def test_gigabytes_of_nothing_behind_a_recording_are_said(short_text, short_episodes, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(short_text)
    os.truncate(path, TEN_GIGABYTES)
    analysis = analyse(path)
    assert analysis.episodes == short_episodes
    [finding] = analysis.findings
    assert finding.kind == "nul-bytes"
    assert str(TEN_GIGABYTES - len(short_text)) in finding.text


def write_scaled(path, short, scale):
    """The short recording with every value multiplied, as a logger of another unit would write it."""
    info = RecordingInfo(start=None, fs_hz=FS_HZ, site=Site.FOOT)
    write_recording(path, info, short.times_s, short.accel_g * scale)
    return path


def test_values_a_half_too_large_are_noticed(short, tmp_path):
    assert "wrong-scale" in kinds(analyse(write_scaled(tmp_path / "a.csv", short, 1.5)))


@pytest.mark.parametrize(("scale", "advice"), [(9.80665, "--unit m/s2"), (1000.0, "--unit mg"), (256.0, "--unit raw")])
def test_another_unit_in_columns_of_g_is_refused_with_the_option_that_helps(short, tmp_path, scale, advice):
    path = write_scaled(tmp_path / "a.csv", short, scale)
    with pytest.raises(SignalError, match=advice) as refused:
        analyse(path)
    assert str(path) in str(refused.value)


def test_a_recording_of_ours_in_metres_is_read_with_the_unit_given(short, short_episodes, tmp_path):
    path = write_scaled(tmp_path / "a.csv", short, 9.80665)
    found = analyse(path, foreign=ForeignFormat(unit=parse_unit("m/s2"))).episodes
    assert [episode.beats for episode in found] == [episode.beats for episode in short_episodes]


# What is refused: one sentence, exit 1, nothing written


def rows_moved(text: bytes) -> bytes:
    """Time and x have changed places."""
    head, names, rows = text.partition(b"time_s,x_g,y_g,z_g\n")
    moved = [b",".join((fields[1], fields[0], *fields[2:])) for fields in (r.split(b",") for r in rows.splitlines())]
    return head + names + b"\n".join(moved) + b"\n"


def without_values(text: bytes) -> bytes:
    head, names, rows = text.partition(b"time_s,x_g,y_g,z_g\n")
    return head + names + b"".join(row.split(b",")[0] + b",nan,nan,nan\n" for row in rows.splitlines())


def every_fourth_row(text: bytes) -> bytes:
    head, names, rows = text.replace(b"fs_hz: 50.0", b"fs_hz: 12.5").partition(b"time_s,x_g,y_g,z_g\n")
    return head + names + b"".join(rows.splitlines(keepends=True)[::4])


@pytest.mark.parametrize(
    ("rewrite", "sentence"),
    [
        (lambda _text: b"", "the file is empty"),
        (lambda text: text[:40], "the file ends within its head"),
        (lambda text: text[: text.index(b"time_s") + 19], "a head but not one whole sample"),
        (lambda text: text[: text.index(b"time_s") + 30], "a head but not one whole sample"),
        (lambda text: text.replace(b"time_s,x_g,y_g,z_g", b"time_s,x_g,y_g"), "`z_g` is missing"),
        (lambda text: text.replace(b"recording/1", b"recording/2"), "update clonus_sense"),
        (rows_moved, "--columns"),
        (without_values, "not one readable sample"),
        (every_fourth_row, "12.5 Hz is too slow"),
        (lambda _text: b"Dear diary,\n\nslept well\n", "no table of numbers"),
        (lambda _text: b"<!doctype html>\n<html>Please log in</html>\n" * 50, "no table of numbers"),
        (lambda _text: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "no table of numbers"),
        (lambda text: gzip.compress(text)[:30], "the compressed file is cut off"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(clonus_sense, short_text, tmp_path, rewrite, sentence):
    path = tmp_path / "a.csv"
    path.write_bytes(rewrite(short_text))
    check_refused(clonus_sense("detect", path, "--output", tmp_path / "results"), path, sentence)
    assert not (tmp_path / "results").exists()


def check_refused(told: Told, path: Path, sentence: str) -> None:
    """One sentence with the file's name, on stderr; nothing on stdout."""
    assert told.code == 1
    assert told.out == ""
    [line] = told.sentences
    assert line.startswith(f"clonus-sense: {path}: ")
    assert sentence in line
    assert line.endswith(".")
    assert "Traceback" not in line


def test_ten_gigabytes_of_nul_are_refused(clonus_sense, tmp_path):
    path = tmp_path / "a.csv"
    path.touch()
    os.truncate(path, TEN_GIGABYTES)
    check_refused(clonus_sense("detect", path, "--output", tmp_path / "results"), path, "NUL bytes")


@pytest.mark.parametrize("command", ["detect", "plot"])
def test_parquet_cut_off_is_refused(clonus_sense, short, tmp_path, command):
    path = write(tmp_path / "a.parquet", short)
    os.truncate(path, path.stat().st_size // 2)
    check_refused(clonus_sense(command, path, "--output", tmp_path / "results"), path, "copy it once more")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("command", ["detect", "plot", "replay"])
def test_folder_and_missing_file_are_refused(clonus_sense, tmp_path, command):
    output = () if command == "replay" else ("--output", tmp_path / "results")
    for path, sentence in ((tmp_path, "is a folder"), (tmp_path / "none.csv", "check its name")):
        check_refused(clonus_sense(command, path, *output), path, sentence)


def test_file_that_must_not_be_read_is_refused(clonus_sense, short_text, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(short_text)
    open_any = Path.open

    def open_others(self, *arguments, **options):
        if self == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return open_any(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", open_others)
    monkeypatch.setattr(os, "access", lambda place, mode, **_options: place != path or mode == os.F_OK)
    check_refused(clonus_sense("detect", path, "--output", tmp_path / "results"), path, "check the permissions")


# Where results go


def test_output_that_cannot_be_is_refused(clonus_sense, short_text, tmp_path, monkeypatch):
    path, taken = tmp_path / "a.csv", tmp_path / "taken"
    path.write_bytes(short_text)
    taken.touch()
    check_refused(clonus_sense("detect", path, "--output", taken), taken, "is a file and no folder")
    (tmp_path / "results" / "a.csv").mkdir(parents=True)
    told = clonus_sense("detect", path, "--output", tmp_path / "results")
    check_refused(told, tmp_path / "results" / "a.csv", "is a folder where the log should go")
    monkeypatch.setattr(os, "access", lambda _path, mode, **_options: mode != os.W_OK)
    check_refused(clonus_sense("detect", path, "--output", tmp_path / "new"), tmp_path, "nothing may be written")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("n_syncs", [0, 1, 2, 4])
def test_disk_that_fills_up_leaves_whole_files_only(clonus_sense, short_text, tmp_path, monkeypatch, n_syncs):
    path, results = tmp_path / "a.csv", tmp_path / "results"
    path.write_bytes(short_text)
    synced = []

    def sync_while_there_is_room(descriptor):
        synced.append(descriptor)
        if len(synced) > n_syncs:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", sync_while_there_is_room)
    told = clonus_sense("detect", path, "--output", results, "--plots")
    assert told.code == 1
    [line] = told.sentences
    assert "No space left on device; check that the disk is there and has room." in line
    # The log stands on two files; after them come the picture of the night and those of the episodes.
    written = {found.name for found in results.rglob("*") if found.is_file()}
    assert written == set(("a.run.json", "a.csv", "night.png", "episode_001.png")[:n_syncs])
    assert (str(results / "a.csv") in told.out) == (n_syncs >= 2)
    for found in results.rglob("*.json"):
        json.loads(found.read_text(encoding="utf-8"))


def test_two_inputs_of_one_name_and_a_truth_alone_are_refused(clonus_sense, short, short_text, tmp_path):
    (tmp_path / "a.csv").write_bytes(short_text)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(short_text))
    told = clonus_sense("detect", tmp_path / "a.csv", tmp_path / "a.csv.gz", "--output", tmp_path / "results")
    assert told.code == 1
    assert "would both write a.csv" in told.err
    truth = tmp_path / "a.truth.csv"
    truth.write_text("onset_s,offset_s\n", encoding="utf-8")
    check_refused(clonus_sense("detect", truth, "--output", tmp_path / "results"), truth, "name the recording itself")
    told = clonus_sense("detect", tmp_path / "a.csv", truth, "--output", tmp_path / "results")
    assert told.code == 0
    assert told.sentences == [f"{truth}: passed over, for it lies beside a recording and is none."]


# Settings of a person


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"band_low_hz = ", "not readable as TOML"),
        (b"band_low_hz: 4.0", "not readable as TOML"),
        ("placement = 足".encode("cp932"), "not readable as TOML"),
        (b'band_low_hz = "4.0"', "band_low_hz is '4.0'; it must be a number"),
        (b"band_lo_hz = 4.0", "unknown setting `band_lo_hz`"),
        (b"band_low_hz = 20", "it must lie between 3.0 and 8.0"),
        (b"band_low_hz = 7.5\nband_high_hz = 8.0", "widen the band"),
        (b"floor_g = nan", "floor_g is nan"),
        (b'placement = "leg"', "it must be one of foot, ankle"),
    ],
)
def test_broken_settings_are_one_sentence(clonus_sense, short_text, tmp_path, text, sentence):
    path, settings = tmp_path / "a.csv", tmp_path / "person.toml"
    path.write_bytes(short_text)
    settings.write_bytes(text)
    told = clonus_sense("detect", path, "--output", tmp_path / "results", "--settings", settings)
    check_refused(told, settings, sentence)
    assert not (tmp_path / "results").exists()


def test_settings_of_a_windows_editor_are_read(clonus_sense, short_text, tmp_path):
    path, settings = tmp_path / "a.csv", tmp_path / "person.toml"
    path.write_bytes(short_text)
    settings.write_bytes(b"\xef\xbb\xbfband_low_hz = 4.0\r\n")
    assert clonus_sense("detect", path, "--output", tmp_path, "--settings", settings).code == 1  # a.csv is the input
    assert clonus_sense("detect", path, "--output", tmp_path / "results", "--settings", settings).code == 0
    record = json.loads((tmp_path / "results" / "a.run.json").read_text(encoding="utf-8"))
    assert record["settings"]["band_low_hz"] == 4.0


# Files of phones and loggers

STANDARD_GRAVITY = 9.80665


def table_of(night: SimulatedRecording, header: str, row: str, scale: float = 1.0) -> str:
    """A CSV text; ``row`` is a format with the fields t, x, y and z."""
    accel = (night.accel_g * scale).tolist()
    rows = (row.format(t=t, x=x, y=y, z=z) for t, (x, y, z) in zip(night.times_s.tolist(), accel, strict=True))
    return "\n".join((header, *rows)) + "\n"


@dataclass(frozen=True)
class App:
    """How an app writes, and what its user has to say about it."""

    header: str
    row: str
    scale: float = 1.0
    options: tuple[str, ...] = ()
    encoding: str = "utf-8"


APPS = {
    "phyphox": App(
        '"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)","Acceleration z (m/s^2)","Absolute acceleration"',
        "{t:.9e},{x:.9e},{y:.9e},{z:.9e},9.8",
        STANDARD_GRAVITY,
    ),
    "Sensor Logger": App(
        "time,seconds_elapsed,z,y,x",
        "1700000000000000000,{t:.6f},{z:.5f},{y:.5f},{x:.5f}",
        STANDARD_GRAVITY,
        ("--columns", "seconds_elapsed,x,y,z"),
    ),
    "mg with gyroscope": App(
        "uptime,AccX,AccY,AccZ,GyroX,GyroY,GyroZ", "{t:.3f},{x:.1f},{y:.1f},{z:.1f},1,2,3", 1000.0
    ),
    "raw counts": App(
        "n;t;a1;a2;a3", "7;{t:.3f};{x:.0f};{y:.0f};{z:.0f}", 16384.0, ("--columns", "t,a1,a2,a3", "--unit", "raw:16384")
    ),
    "Japanese logger": App(
        "時刻(秒)\t加速度X(g)\t加速度Y(g)\t加速度Z(g)", "{t:.3f}\t{x:.5f}\t{y:.5f}\t{z:.5f}", encoding="cp932"
    ),
    "no names": App("", "{t:.3f},{x:.5f},{y:.5f},{z:.5f},36.5", 1.0, ("--columns", "1,2,3,4", "--unit", "g")),
}


@pytest.mark.parametrize("app", APPS.values(), ids=APPS)
def test_log_of_a_phone_app_gives_the_episodes(clonus_sense, short, tmp_path, app):
    path = tmp_path / "phone.csv"
    path.write_text(table_of(short, app.header, app.row, app.scale), encoding=app.encoding)
    told = clonus_sense("detect", path, "--output", tmp_path / "results", "--json", *app.options)
    assert told.code == 0
    record = json.loads(told.out)
    assert record["duration_s"] == pytest.approx(360.0, abs=0.1)
    assert record["gaps"] == []
    rhythmic = [episode for episode in record["episodes"] if episode["class"] == "clonus"]
    for bout in short.truth:
        middle_s = (bout.onset_s + bout.offset_s) / 2
        assert any(episode["onset_s"] < middle_s < episode["offset_s"] for episode in rhythmic)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--unit", "g"), "it would fit --unit m/s2"),
        (("--unit", "raw:16384"), "at rest where it should be 1 g"),
        (("--columns", "t,ax,ay,aw"), "there is no column `aw`; the file has 1 `t`"),
        (("--columns", "ax,t,ay,az"), "column `ax`, taken for the time, does not go forward"),
        (("--time-unit", "ms"), "gives no plausible sampling rate"),
        (("--separator", ";"), "no table of numbers"),
    ],
)
def test_wrong_word_about_a_phone_log_is_one_sentence(clonus_sense, short, tmp_path, options, sentence):
    path = tmp_path / "phone.csv"
    text = table_of(short, "t,ax,ay,az", "{t:.3f},{x:.4f},{y:.4f},{z:.4f}", STANDARD_GRAVITY)
    path.write_text(text, encoding="utf-8")
    told = clonus_sense("detect", path, "--output", tmp_path / "results", *options)
    check_refused(told, path, sentence)
    assert not (tmp_path / "results").exists()
