from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from clonus_sense.detection.candidates import (
    AFTER_S,
    BEFORE_S,
    LONGEST_CANDIDATE_S,
    CandidateFinder,
    measure_periodicity,
)
from clonus_sense.detection.conditioning import WorkingPiece
from tests.detection.builders import make_bout

HZ = 50.0
FLOOR_G = 0.012


def find(wide_g, *, cuts=(), samples_end=False, first_index=0):
    """Feed a segment piece by piece; its low-passed signal is not looked at."""
    finder = CandidateFinder(HZ, FLOOR_G, first_index)
    edges = [0, *cuts, len(wide_g)]
    candidates = []
    for start, end in pairwise(edges):
        part = np.asfortranarray(wide_g[start:end])
        closes = end == len(wide_g)
        candidates += finder.push(WorkingPiece(first_index + start, part, part, closes, closes and samples_end))
    return candidates


def make_wide(*bouts, duration_s=14.0):
    times_s = np.arange(round(duration_s * HZ)) / HZ
    return sum((bout.accel_g(times_s) for bout in bouts), np.zeros((len(times_s), 3)))


def test_runs_on_three_axes_are_one_candidate_with_what_surrounds_it():
    bout = make_bout(5.0, beats=10)
    [candidate] = find(make_wide(bout), first_index=100)
    core_s = (candidate.first_index - 100 + np.array([candidate.core_start, candidate.core_end])) / HZ
    assert core_s == pytest.approx([bout.beat_times_s[0], bout.beat_times_s[-1]], abs=0.2)
    assert candidate.core_start == round(BEFORE_S * HZ)
    assert len(candidate.wide_g) == candidate.core_end + round(AFTER_S * HZ)
    assert not candidate.is_cut


def test_candidate_where_the_samples_end_is_cut():
    bout = make_bout(5.0, beats=10)
    wide_g = make_wide(bout)[: round(bout.offset_s * HZ)]
    [cut] = find(wide_g, samples_end=True)
    [still] = find(wide_g, samples_end=False)
    assert cut.is_cut
    assert not still.is_cut


def test_two_bouts_are_two_candidates_in_order_of_time():
    first, second = make_bout(2.0, beats=6), make_bout(8.0, beats=9)
    candidates = find(make_wide(first, second))
    starts_s = [(c.first_index + c.core_start) / HZ for c in candidates]
    assert starts_s == pytest.approx([first.beat_times_s[0], second.beat_times_s[0]], abs=0.2)


@pytest.mark.parametrize("cuts", [(1, 2, 3), tuple(range(25, 700, 25)), tuple(range(7, 700, 7))])
def test_pieces_do_not_matter(cuts):
    wide_g = make_wide(make_bout(2.0, beats=6), make_bout(8.0, beats=9, direction=(0.9, 0.1, 0.1)))
    whole, parts = find(wide_g), find(wide_g, cuts=cuts)
    assert [(c.first_index, c.core_start, c.core_end, c.is_cut) for c in parts] == [
        (c.first_index, c.core_start, c.core_end, c.is_cut) for c in whole
    ]
    for got, expected in zip(parts, whole, strict=True):
        assert np.array_equal(got.wide_g, expected.wide_g)


def test_nothing_below_the_floor_and_nothing_irregular_is_a_candidate():
    rng = np.random.default_rng(0)
    assert find(make_wide(make_bout(5.0, peak_g=0.4 * FLOOR_G))) == []
    assert find(0.05 * rng.standard_normal((50, 3))) == []


def test_hours_of_hum_come_in_pieces_of_half_a_minute():
    times_s = np.arange(round(300 * HZ)) / HZ
    hum = np.outer(0.1 * np.sin(2 * np.pi * 7.0 * times_s), (0.8, 0.5, 0.3))
    finder = CandidateFinder(HZ, FLOOR_G, 0)
    candidates = []
    for start in range(0, len(hum), 50):
        part = np.asfortranarray(hum[start : start + 50])
        candidates += finder.push(WorkingPiece(start, part, part, closes=False))
        # A run waits for the next one, with which it may overlap.
        assert start - finder.undecided_since < 2.0 * LONGEST_CANDIDATE_S * HZ
    assert max(c.core_end - c.core_start for c in candidates) <= LONGEST_CANDIDATE_S * HZ
    starts = [c.first_index + c.core_start for c in candidates]
    ends = [c.first_index + c.core_end for c in candidates]
    assert all(start <= end + 8 for start, end in zip(starts[1:], ends[:-1], strict=True))


def test_nothing_begins_before_what_is_called_decided():
    wide_g = make_wide(make_bout(2.0, beats=6), make_bout(5.0, beats=20), make_bout(10.0, beats=5))
    finder = CandidateFinder(HZ, FLOOR_G, 0)
    decided = 0
    for start in range(0, len(wide_g), 10):
        part = np.asfortranarray(wide_g[start : start + 10])
        for candidate in finder.push(WorkingPiece(start, part, part, closes=start + 10 >= len(wide_g))):
            assert candidate.first_index + candidate.core_start >= decided
        decided = finder.undecided_since


def test_periodicity_of_a_rhythm_is_one_of_its_opposite_minus_one_and_of_nothing_zero():
    wave = np.sin(2 * np.pi * np.arange(100) / 10.0)[:, None]
    assert measure_periodicity(wave, 10) == pytest.approx(1.0)
    assert measure_periodicity(wave, 5) == pytest.approx(-1.0)
    assert measure_periodicity(wave[:10], 10) == 0.0
    assert measure_periodicity(0.0 * wave, 10) == 0.0
