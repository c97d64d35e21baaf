"""Any cut of the same samples gives the same episodes, exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.detection.filters import choose_working_rate
from tests.detection.builders import (
    cut_every,
    make_accel,
    make_batches,
    make_bout,
    make_lively_recording,
    make_times,
    run_detector,
)

RATES_HZ = (25.0, 52.0, 100.0, 104.0, 400.0)


def cut_beside_blocks(batches, fs_hz, beside):
    size = choose_working_rate(fs_hz).block_samples
    return [part for batch in batches for part in batch.cut([i + beside for i in range(0, batch.end_index, size)])]


@pytest.mark.parametrize("fs_hz", RATES_HZ)
def test_one_sample_at_a_time_gives_the_same_episodes(fs_hz):
    whole = make_lively_recording(7, fs_hz, duration_s=16.0)
    expected = run_detector(whole, explain=True)
    assert expected.episodes
    got = run_detector(cut_every(whole, 1), explain=True)
    assert got.episodes == expected.episodes
    assert got.rejections == expected.rejections


@pytest.mark.parametrize("beside", [-1, 0, 1])
@pytest.mark.parametrize("fs_hz", RATES_HZ)
def test_cutting_at_and_beside_every_gate_block_gives_the_same_episodes(fs_hz, beside):
    for seed in range(4):
        whole = make_lively_recording(seed, fs_hz)
        expected = run_detector(whole, explain=True)
        got = run_detector(cut_beside_blocks(whole, fs_hz, beside), explain=True)
        assert got.episodes == expected.episodes
        assert got.rejections == expected.rejections


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    fs_hz=st.sampled_from(RATES_HZ),
    lengths=st.lists(st.integers(1, 900), min_size=1, max_size=12),
)
def test_any_cut_gives_the_same_episodes(seed, fs_hz, lengths):
    whole = make_lively_recording(seed, fs_hz)
    cuts = np.cumsum(np.resize(lengths, 400)).tolist()
    expected = run_detector(whole, explain=True)
    got = run_detector([part for batch in whole for part in batch.cut(cuts)], explain=True)
    assert got.episodes == expected.episodes
    assert got.rejections == expected.rejections


def test_lively_recordings_hold_what_could_depend_on_a_cut():
    episodes = [episode for seed in range(40) for episode in run_detector(make_lively_recording(seed, 52.0)).episodes]
    assert {str(episode.ended_by) for episode in episodes} == {"quiet", "movement", "gap", "end"}
    assert {str(episode.episode_class) for episode in episodes} >= {"clonus", "brief", "slow"}
    assert any(episode.missing_s > 0.0 for episode in episodes)


@pytest.mark.parametrize("n_samples", [13, 100, 5_000])
def test_a_bout_after_minutes_of_stillness_does_not_depend_on_what_was_put_aside(n_samples):
    times_s = make_times(300.0, 50.0)
    bouts = [make_bout(at_s, beats=8, seed=int(at_s)) for at_s in (0.3, 127.0, 250.1)]
    whole = make_batches(times_s, make_accel(times_s, bouts, noise_g=0.002), fs_hz=50.0)
    expected = run_detector(whole).episodes
    assert [episode.beats for episode in expected] == [8, 8, 8]
    assert run_detector(cut_every(whole, n_samples)).episodes == expected


def test_memory_layout_of_the_samples_does_not_matter():
    [whole] = make_batches(make_times(12.0), make_accel(make_times(12.0), [make_bout()]))
    row_major = type(whole)(whole.stretch, 0, np.ascontiguousarray(whole.accel_g), whole.knot_times_s)
    assert run_detector(row_major.cut([333, 470])).episodes == run_detector([whole]).episodes
