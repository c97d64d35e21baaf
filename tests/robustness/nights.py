"""Nights whose bouts are known, as files, and what is found in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from clonus_sense.config import DetectionSettings
from clonus_sense.model import Episode, EpisodeClass
from clonus_sense.recording import ForeignFormat, write_recording
from clonus_sense.report.analysis import Analysis
from clonus_sense.simulate import NightPlan, SimulatedRecording, SimulatedSensor, simulate_night
from clonus_sense.workflows import analyse_recording

FS_HZ = 50.0
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
