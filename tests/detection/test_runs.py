from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.detection.runs import MOST_LINKS, NO_RUNS, RunFinder, join_runs
from tests.detection.builders import make_bout, make_kick

HZ = 50.0
FLOOR_G = 0.012


def find_runs(wide_g, cuts=()):
    """All runs as rows of start, end, number of links and amplitude, in a fixed order."""
    finder = RunFinder(HZ, FLOOR_G, 0)
    edges = [0, *cuts, len(wide_g)]
    parts = [
        finder.push(np.asfortranarray(wide_g[start:end]), last=end == len(wide_g)) for start, end in pairwise(edges)
    ]
    runs = join_runs(parts)
    return sorted(
        zip(runs.start.tolist(), runs.end.tolist(), runs.n_links.tolist(), runs.amplitude_g.tolist(), strict=True)
    )


def beat_on_x(frequency_hz, level_g=0.1, duration_s=6.0, y_share=0.0):
    wave = level_g * np.cos(2 * np.pi * frequency_hz * np.arange(round(duration_s * HZ)) / HZ)
    return np.column_stack([wave, y_share * wave, 0.0 * wave])


@pytest.mark.parametrize("frequency_hz", [3.2, 5.0, 10.0])
def test_a_rhythm_is_one_run_on_the_axis_that_it_moves(frequency_hz):
    [(start, end, n_links, amplitude_g)] = find_runs(beat_on_x(frequency_hz))
    # Peaks with a neighbour on either side: all but the one at time 0.
    assert n_links == pytest.approx(6.0 * frequency_hz - 2, abs=1)
    assert (end - start) / n_links == pytest.approx(HZ / frequency_hz, rel=0.02)
    assert amplitude_g == pytest.approx(0.1, rel=0.12)


@pytest.mark.parametrize("frequency_hz", [1.0, 2.0, 13.0])
def test_what_is_too_slow_or_too_quick_is_no_run(frequency_hz):
    assert find_runs(beat_on_x(frequency_hz)) == []


def test_an_oblique_rhythm_is_a_run_on_each_axis_that_moves_enough():
    assert len(find_runs(beat_on_x(5.0, y_share=1.0))) == 2
    assert len(find_runs(beat_on_x(5.0, y_share=0.04))) == 1


def test_movement_below_half_the_floor_is_no_run():
    assert find_runs(beat_on_x(5.0, level_g=0.45 * FLOOR_G)) == []
    assert len(find_runs(beat_on_x(5.0, level_g=0.6 * FLOOR_G))) == 1


def test_two_peaks_are_not_enough():
    wave = beat_on_x(5.0, duration_s=3.0)
    wave[:43] = wave[62:] = 0.0
    assert find_runs(wave) == []


def test_a_sudden_change_of_pace_ends_a_run():
    slow_then_quick = np.concatenate([beat_on_x(3.2, 0.1, 2.5), beat_on_x(9.0, 0.1, 2.0)])
    assert len(find_runs(slow_then_quick)) == 2


def test_strength_of_a_run_is_that_of_its_own_links():
    wave = beat_on_x(5.0, 0.05, 4.0)
    wave[180:] = 0.0
    times_s = np.arange(400) / HZ
    alone = np.concatenate([wave, np.zeros((200, 3))])
    with_kick = alone + make_kick(times_s, 5.0, size_g=2.0, direction=(1.0, 0.0, 0.0))
    [(*_, amplitude_g)] = find_runs(alone)
    assert [run[3] for run in find_runs(with_kick) if run[1] < 200] == [amplitude_g]


def test_a_long_run_is_handed_on_in_pieces_that_meet():
    wave = beat_on_x(7.0, duration_s=80.0)
    runs = find_runs(wave)
    assert [n_links for _, _, n_links, _ in runs[:-1]] == [MOST_LINKS] * (len(runs) - 1)
    assert all(end == start for (_, end, *_), (start, *_) in pairwise(runs))
    assert sum(n_links for _, _, n_links, _ in runs) == pytest.approx(80 * 7 - 2, abs=1)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), lengths=st.lists(st.integers(1, 90), min_size=1, max_size=20))
def test_runs_are_the_same_however_the_signal_is_cut(seed, lengths):
    rng = np.random.default_rng(seed)
    times_s = np.arange(600) / HZ
    wide_g = rng.uniform(0.001, 0.02) * rng.standard_normal((600, 3))
    for _ in range(3):
        bout = make_bout(
            rng.uniform(0.0, 9.0),
            beats=int(rng.integers(3, 20)),
            frequency_hz=rng.uniform(3.0, 10.0),
            peak_g=rng.uniform(0.02, 0.5),
            seed=seed,
        )
        wide_g += bout.accel_g(times_s)
    cuts = [cut for cut in np.cumsum(np.resize(lengths, 600)).tolist() if cut < 600]
    assert find_runs(wide_g, cuts) == find_runs(wide_g)


def test_no_runs_joined_are_no_runs():
    assert len(join_runs([NO_RUNS, NO_RUNS])) == 0
