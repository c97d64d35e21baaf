"""Samples that are lost are stated as gaps, and every episode outside of them is found."""

from __future__ import annotations

import numpy as np
import pytest

from clonus_sense.simulate import SimulatedRecording
from tests.robustness.nights import FS_HZ, analyse, bouts_found, check_outside_holes, kinds, simulate, write


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
