"""The episodes of the recordings that ship with the package are frozen: a change of detection must be seen and said.

When a change is meant: run ``python tests/test_frozen_recordings.py``, look at the difference that git shows, and write
under **Detection** in CHANGELOG.md what is found now that was not, and what no longer is, with the new mark.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from pathlib import Path

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.workflows import analyse_recording

ROOT = Path(__file__).parents[1]
FROZEN = Path(__file__).parent / "data" / "frozen_episodes.csv"
RECORDINGS = ("short_night", "shank_weak", "look_alikes", "clock_change")
COLUMNS = ("recording", "class", "beats", "onset_s", "offset_s", "frequency_hz", "peak_g", "ended_by")
TIME_TOLERANCE_S = 0.001


def detect_all() -> str:
    """Episodes of all recordings as CSV text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in RECORDINGS:
        analysed = analyse_recording(ROOT / "recordings" / f"{name}.csv.gz", DetectionSettings())
        for episode in analysed.analysis.episodes:
            numbers = (episode.onset_s, episode.offset_s, episode.frequency_hz, episode.peak_g)
            row = (name, episode.episode_class, episode.beats, *(f"{number:.4f}" for number in numbers))
            writer.writerow((*row, episode.ended_by))
    return text.getvalue()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def found() -> list[dict[str, str]]:
    return rows_of(detect_all())


@pytest.fixture(scope="module")
def frozen() -> list[dict[str, str]]:
    return rows_of(FROZEN.read_text(encoding="utf-8"))


def test_beats_classes_and_ends_are_exactly_the_frozen_ones(found, frozen):
    exact = ("recording", "class", "beats", "ended_by")
    assert [[row[name] for name in exact] for row in found] == [[row[name] for name in exact] for row in frozen]


@pytest.mark.parametrize("name", ["onset_s", "offset_s"])
def test_times_are_the_frozen_ones_to_a_millisecond(found, frozen, name):
    assert [float(row[name]) for row in found] == pytest.approx(
        [float(row[name]) for row in frozen], abs=TIME_TOLERANCE_S
    )


@pytest.mark.parametrize(("name", "tolerance"), [("frequency_hz", 0.001), ("peak_g", 0.0005)])
def test_frequency_and_strength_are_the_frozen_ones(found, frozen, name, tolerance):
    assert [float(row[name]) for row in found] == pytest.approx([float(row[name]) for row in frozen], abs=tolerance)


def test_the_changelog_speaks_of_these_frozen_episodes():
    mark = hashlib.sha256(FROZEN.read_bytes()).hexdigest()[:12]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    detection = [part for part in changelog.split("\n### ") if part.startswith("Detection\n")]
    assert detection, "CHANGELOG.md has no heading Detection"
    assert f"`{mark}`" in detection[0], (
        f"the frozen episodes have changed (mark {mark}): say under Detection in CHANGELOG.md what is found now that "
        "was not and what no longer is, and name the new mark there"
    )


if __name__ == "__main__":
    FROZEN.write_text(detect_all(), encoding="utf-8")
    sys.stdout.write(f"mark: {hashlib.sha256(FROZEN.read_bytes()).hexdigest()[:12]}\n")
