"""Bytes of a library that a disk has flipped: every verb says one sentence or answers, and none shows a traceback."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from clonus_sense import cli
from clonus_sense.library import (
    BaselineMark,
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
    annotate,
    back_up,
    correct_start,
    mark_baseline,
    move_recordings,
    put_in_bin,
)
from clonus_sense.workflows import keep_recording
from tests.report.undrawn import leave_charts_out
from tests.review.made import MadeLeg, add_leg, at
from tests.workflows.made import START, write_minute

# How many libraries are damaged; CLONUS_SENSE_TRIALS=400 tries more.
N_TRIALS = int(os.environ.get("CLONUS_SENSE_TRIALS", "24"))

VERBS = (
    ("nights",),
    ("nights", "--json"),
    ("people",),
    ("page", "2026-11-05"),
    ("export", "--output", "{folder}/out"),
    ("annotate", "2026-11-05", "--from", "23:59", "--to", "00:01", "--verdict", "rhythmic", "--profession", "patient"),
    ("correct", "worn", "2026-11-05", "off", "--from", "01:00", "--to", "02:00"),
    ("correct", "start", "1", "--from", "2026-11-05T22:30+09:00"),
    ("baseline", "2026-11-05", "--person", "P07"),
    ("baseline",),
    ("settings", "P07"),
    ("add", "{folder}/night.csv"),
    ("reanalyse", "recording:4"),
    ("move", "2026-11-05", "--to-person", "P09", "--by", "Sato", "--reason", "bed"),
    ("backup", "{folder}/copy.sqlite3"),
    ("undelete",),
    ("undelete", "recording:3"),
    ("delete", "2026-11-05", "--yes"),
    ("delete", "recording:1", "--yes", "--now"),
    ("erase", "P07", "--yes"),
    ("restore", "{folder}/backup.sqlite3"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A folder with a library that holds something of every kind, and its backup."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "data" / "library.sqlite3"
    with Library.open(path) as library:
        add_person(library, Person("P07", affected_side="left", cause="stroke", settings_toml="band_low_hz = 4.0\n"))
        left = add_leg(library, MadeLeg(side="left", episodes=(at(2), at(3)), gaps_h=((4, 4.5),)))
        right = add_leg(library, MadeLeg(side="right", unconfirmed_h=((3, 5),)))
        binned = add_leg(library, MadeLeg(start="2026-11-06 22:00", episodes=(at(1),)))
        keep_recording(library, write_minute(folder / "sample.csv", start=START.replace(day=12), seed=2))
        for verdict in (Verdict.RHYTHMIC, Verdict.WORN, Verdict.REST, Verdict.NOTE):
            rater = Rater("Sato", Profession.PHYSIOTHERAPIST)
            annotate(library, left.id, TimeSpan(7200.0, 7204.0), verdict, rater, note="a note")
        add_markers(library, left.id, [Marker(9.0, MarkerKind.FELT, "felt")])
        mark_baseline(library, [BaselineMark(left.id, 16000.0)])
        correct_start(library, left.id, left.info.start, corrected_by="Sato", reason="clock")
        move_recordings(library, [right.id], Filing("P07", "right"), moved_by="Sato", reason="straps")
        put_in_bin(library, binned.id, night="2026-11-06")
        back_up(library, folder / "backup.sqlite3")
    write_minute(folder / "night.csv", start=START.replace(day=20))
    return folder


def damage(path: Path, seed: int) -> None:
    """Flip one to forty bytes of a file, alone or side by side, anywhere in it."""
    rng = np.random.default_rng(seed)
    content = np.frombuffer(path.read_bytes(), dtype=np.uint8).copy()
    for _ in range(int(rng.integers(1, 9))):
        first, length = int(rng.integers(len(content))), int(rng.integers(1, 6))
        flipped = content[first : first + length]
        flipped ^= rng.integers(1, 256, len(flipped), dtype=np.uint8)
    path.write_bytes(content.tobytes())


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    """Leave the pictures out: they are of what was read, which is looked at here."""
    leave_charts_out(monkeypatch)


@pytest.mark.parametrize("seed", range(N_TRIALS))
def test_no_verb_shows_a_traceback_on_a_damaged_library(whole, tmp_path, capsys, seed):
    rng = np.random.default_rng(seed + 1_000_000)
    for number in rng.choice(len(VERBS), 3 if N_TRIALS < 100 else len(VERBS), replace=False):
        folder = tmp_path / str(number)
        shutil.copytree(whole, folder)
        damage(folder / "data" / "library.sqlite3", seed)
        verb = [word.format(folder=folder) for word in VERBS[number]]
        code = cli.run([*verb, "--library", str(folder / "data" / "library.sqlite3")])
        out, errors = capsys.readouterr()
        assert code in (0, 1), (verb, out, errors)
        sentences = [line for line in errors.splitlines() if line.startswith("clonus-sense: ")]
        assert (len(sentences) > 0) == (code == 1), (verb, out, errors)
        shutil.rmtree(folder)
