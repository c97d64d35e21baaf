"""Samples that were lost singly are filled in from their neighbours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.lost_samples import count_lost, fill_in
from clonus_sense.stretches import StretchCutter


def beats(times_s):
    """A rhythm of 6 Hz and 0.3 g on 1 g."""
    return np.column_stack([0.3 * np.sin(2 * np.pi * 6 * times_s), 0 * times_s, 1 + 0 * times_s])


def read(times_s, accel_g, cuts=(), most_filled=2, fs_hz=60.0):
    """Samples with their times as the cutter gives them out, lengths of stretches, gaps, and what was filled in."""
    cutter = StretchCutter(fs_hz, most_filled=most_filled)
    out = []
    for part_s, part_g in zip(np.split(times_s, cuts), np.split(accel_g, cuts), strict=True):
        out += cutter.push(part_s, part_g)
    out += cutter.finish()
    ends = {cut.batch.stretch.number: cut.batch.end_index for cut in out}
    gaps = [cut.gap for cut in out if cut.gap is not None]
    times_s = np.concatenate([cut.times_s for cut in out])
    return times_s, np.concatenate([cut.batch.accel_g for cut in out]), list(ends.values()), gaps, cutter.filled_s


@pytest.mark.parametrize(("share", "worst_g"), [(0.01, 0.03), (0.05, 0.06), (0.2, 0.25)])
def test_a_rhythm_with_lost_samples_comes_back(share, worst_g):
    times_s = np.round(np.arange(6000) / 60, 6)
    keep = np.random.default_rng(4).random(6000) >= share
    keep[:3] = keep[-3:] = True
    read_s, read_g, lengths, gaps, filled_s = read(times_s[keep], beats(times_s[keep]))
    assert sum(lengths) + sum(round(gap.duration_s * 60) for gap in gaps) == 6000
    assert len(filled_s) == sum(lengths) - np.count_nonzero(keep)
    assert np.abs(read_g - beats(read_s)).max() < worst_g
    assert np.sqrt(np.mean((read_g - beats(read_s)) ** 2)) < worst_g / 8


def test_three_lost_in_a_row_stay_a_gap():
    times_s = np.delete(np.arange(600) / 60, [100, 101, 102, 300, 301])
    _, _, lengths, gaps, filled_s = read(times_s, beats(times_s))
    assert lengths == [100, 497]
    assert len(gaps) == 1
    assert [time_s for time_s, _ in filled_s] == pytest.approx([5.0, 301 / 60], abs=1e-6)


def test_recordings_of_ours_keep_their_losses():
    times_s = np.delete(np.arange(600) / 60, [100, 300])
    _, _, lengths, gaps, filled_s = read(times_s, beats(times_s), most_filled=0)
    assert lengths == [100, 199, 299]
    assert len(gaps) == 2
    assert filled_s == []


def test_half_the_rate_is_no_loss():
    times_s = np.concatenate([np.arange(300) / 60, 5 + np.arange(300) / 30])
    _, _, lengths, gaps, filled_s = read(times_s, beats(times_s))
    assert lengths == [301, 299]
    assert gaps == []
    assert filled_s == []


def test_a_step_between_two_whole_numbers_of_periods_is_left_alone():
    assert count_lost(np.array([0.02, 0.031, 0.05, 0.069]), 0.02, 2).tolist() == [0, 0, 0, 0]


def test_a_cubic_follows_a_cubic_exactly():
    times_s = np.array([0.0, 0.1, 0.4, 0.5])
    cube = np.outer(times_s**3 - times_s, [1.0, 2.0, -1.0])
    filled = fill_in(times_s, cube, np.array([0, 0, 2, 0]), 0.1)
    assert filled.times_s.tolist() == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert filled.is_filled.tolist() == [False, False, True, True, False, False]
    assert filled.accel_g[:, 0] == pytest.approx(filled.times_s**3 - filled.times_s)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_cut_fills_in_the_same(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    times_s = np.round(np.arange(150) / 60, 6)
    times_s = times_s[rng.random(150) >= rng.choice([0.02, 0.2, 0.5])]
    times_s[len(times_s) // 2 :] += rng.choice([0.0, 2.0])
    accel_g = rng.normal(size=(len(times_s), 3))
    whole = read(times_s, accel_g)
    cuts = data.draw(st.lists(st.integers(0, len(times_s)), max_size=10).map(sorted))
    for parts in (cuts, range(len(times_s))):
        got = read(times_s, accel_g, parts)
        assert np.array_equal(got[0], whole[0])
        assert np.array_equal(got[1], whole[1])
        assert got[2:] == whole[2:]
