"""Inside a walk the strides are taken away, and what is left is searched; elsewhere nothing is touched."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.detection.conditioning import WorkingPiece
from clonus_sense.detection.detector import Detector
from clonus_sense.detection.gait.line_rhythm import measure_line_rhythm
from clonus_sense.detection.gait.line_verdict import judge_line_rhythm
from clonus_sense.detection.gait.search import CONTEXT_AFTER_S
from clonus_sense.detection.gait.walks import WalkSearch
from clonus_sense.model import EpisodeClass, Site
from tests.detection.builders import DEFAULTS, cut_every, make_batches, make_bout, make_times, run_detector
from tests.detection.gait.walks import HZ, band_pass, make_walk_g

TIMES_S = np.arange(2000) / HZ
BOUT = make_bout(20.0, beats=12, frequency_hz=6.2, peak_g=0.5)


def search(low_g, cuts=(), *, samples_end=True, working_hz=HZ):
    finder = WalkSearch(working_hz, first_index=1000)
    wide_g = band_pass(low_g)
    edges = [0, *sorted(cuts), len(low_g)]
    found = []
    for start, end in pairwise(edges):
        is_last = end == len(low_g) and start == edges[-2]
        piece = WorkingPiece(1000 + start, low_g[start:end], wide_g[start:end], is_last, is_last and samples_end)
        found += finder.push(piece)
    return found


def judge(candidate):
    rhythm = measure_line_rhythm(candidate, HZ)
    return None if rhythm is None else judge_line_rhythm(rhythm, rhythm.frequency_hz, DEFAULTS).episode_class


def test_a_bout_inside_a_walk_is_a_candidate_and_what_a_walk_alone_leaves_is_none():
    walk_g = make_walk_g(TIMES_S)
    found = search(walk_g + BOUT.accel_g(TIMES_S))
    [candidate] = [c for c in found if abs((c.first_index - 1000 + c.clearest) / HZ - 21.0) < 1.0]
    assert (candidate.first_index - 1000 + candidate.core_start) / HZ <= BOUT.onset_s
    assert (candidate.first_index - 1000 + candidate.core_end) / HZ >= BOUT.offset_s
    assert judge(candidate) is EpisodeClass.CLONUS
    assert {judge(candidate) for candidate in search(walk_g)} == {None}


def test_strides_are_taken_away_and_the_bout_stays():
    walk_g = make_walk_g(TIMES_S)
    found = search(walk_g + BOUT.accel_g(TIMES_S))
    [candidate] = [c for c in found if abs((c.first_index - 1000 + c.clearest) / HZ - 21.0) < 1.0]
    rows = slice(candidate.first_index - 1000, candidate.first_index - 1000 + len(candidate.left_g))
    bout_g = band_pass(BOUT.accel_g(TIMES_S))[rows]
    assert (candidate.wide_g == band_pass(walk_g + BOUT.accel_g(TIMES_S))[rows]).all()
    rest_before = np.sqrt(((candidate.wide_g - bout_g) ** 2).mean())
    rest_after = np.sqrt(((candidate.left_g - bout_g) ** 2).mean())
    assert rest_after < 0.45 * rest_before
    assert candidate.likeness.min() > 0.6
    assert candidate.stride_g.min() > 0.1


@pytest.mark.parametrize("seed", range(3))
def test_a_bout_without_a_walk_is_left_to_the_plain_search(seed):
    still_g = np.random.default_rng(seed).normal(scale=0.003, size=(2000, 3))
    assert search(still_g + BOUT.accel_g(TIMES_S)) == []


@given(st.lists(st.integers(1, 1999), max_size=10, unique=True))
@settings(max_examples=25, deadline=None)
def test_any_cut_gives_the_same_candidates(cuts):
    low_g = make_walk_g(TIMES_S, seed=3) + BOUT.accel_g(TIMES_S)
    low_g[900:1000] = low_g[900]  # a stance that ends the walk
    check_same_candidates(search(low_g), search(low_g, cuts))


def test_a_candidate_waits_for_the_last_sample_of_the_movement_after_it():
    hz = 52.0  # where half a second is no whole number of blocks
    times_s = np.arange(2000) / hz
    low_g = make_walk_g(times_s) + make_bout(20.0, beats=12, frequency_hz=6.2, peak_g=0.5).accel_g(times_s)
    check_same_candidates(search(low_g, working_hz=hz), search(low_g, range(1, 2000), working_hz=hz))


def check_same_candidates(whole, parts):
    assert len(whole) == len(parts) > 0
    for one, other in zip(whole, parts, strict=True):
        assert (one.first_index, one.core_start, one.core_end, one.clearest, one.is_cut) == (
            other.first_index,
            other.core_start,
            other.core_end,
            other.clearest,
            other.is_cut,
        )
        for name in ("left_g", "wide_g", "likeness", "stride_g"):
            assert np.array_equal(getattr(one, name), getattr(other, name))


@given(st.lists(st.integers(1, 1999), min_size=3, max_size=30, unique=True))
@settings(max_examples=25, deadline=None)
def test_no_candidate_begins_before_what_was_said_to_be_decided(cuts):
    low_g = make_walk_g(TIMES_S, seed=3) + BOUT.accel_g(TIMES_S)
    finder, wide_g = WalkSearch(HZ, 0), band_pass(low_g)
    edges, decided = [0, *sorted(cuts), 2000], 0
    for start, end in pairwise(edges):
        is_last = end == 2000
        for candidate in finder.push(WorkingPiece(start, low_g[start:end], wide_g[start:end], is_last, is_last)):
            assert candidate.first_index + candidate.core_start >= decided
        assert finder.undecided_since >= decided
        decided = finder.undecided_since


def test_a_candidate_is_given_out_as_soon_as_what_follows_it_is_known():
    low_g = make_walk_g(TIMES_S, seed=3) + BOUT.accel_g(TIMES_S)
    finder, wide_g = WalkSearch(HZ, 0), band_pass(low_g)
    for start in range(0, 2000, 5):
        piece = WorkingPiece(start, low_g[start : start + 5], wide_g[start : start + 5], start == 1995, False)
        if any(candidate.core_end - candidate.core_start > 40 for candidate in finder.push(piece)):
            break
    # Half a window ahead, half the stride filter, the candidate's margin and the movement after it.
    assert start / HZ <= BOUT.offset_s + 0.6 + 0.5 + 0.9 + CONTEXT_AFTER_S


@pytest.mark.parametrize("push_s", [0.1, 1.0])
def test_the_detector_finds_a_bout_inside_a_walk_live_as_from_a_file(push_s):
    times_s = make_times(60.0)
    bout = make_bout(30.0, beats=14, frequency_hz=6.2, peak_g=0.6)
    accel_g = make_walk_g(times_s, seed=4) + bout.accel_g(times_s)
    accel_g += np.random.default_rng(0).normal(scale=0.003, size=accel_g.shape)
    batches = make_batches(times_s, accel_g)
    whole = run_detector(batches, explain=True)
    [episode] = [e for e in whole.episodes if e.episode_class is EpisodeClass.CLONUS]
    assert episode.onset_s == pytest.approx(bout.onset_s, abs=0.3)
    assert episode.offset_s == pytest.approx(bout.offset_s, abs=0.3)
    assert episode.frequency_hz == pytest.approx(bout.frequency_hz, abs=0.1)
    assert abs(episode.beats - 14) <= 2
    assert "concentration" in {test.name for test in episode.evidence}
    assert run_detector(cut_every(batches, round(push_s * 100)), explain=True) == whole


def test_a_walk_alone_holds_no_episode():
    times_s = make_times(300.0)
    accel_g = make_walk_g(times_s, seed=5) + np.random.default_rng(0).normal(scale=0.003, size=(len(times_s), 3))
    assert run_detector(make_batches(times_s, accel_g)).episodes == []


def test_a_bout_longer_than_a_candidate_may_be_is_the_same_for_any_cut():
    times_s = make_times(70.0)
    bout = make_bout(20.0, beats=186, frequency_hz=6.2, peak_g=0.6)
    batches = make_batches(times_s, make_walk_g(times_s) + bout.accel_g(times_s))
    whole = run_detector(batches, explain=True)
    assert max(episode.beats for episode in whole.episodes) > 120
    for n_samples in (13, 50, 700):
        assert run_detector(cut_every(batches, n_samples), explain=True) == whole


def test_a_bout_is_not_lost_to_a_later_one_whose_candidate_was_seen_first():
    lost = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        times_s = make_times(30.0)
        early = make_bout(14.0 + rng.random(), beats=8, frequency_hz=6.2, peak_g=0.6, seed=seed)
        late = make_bout(early.offset_s + 1.2 + rng.random(), beats=10, frequency_hz=6.0, peak_g=0.9, seed=seed)
        walk_g = make_walk_g(times_s, seed=seed) + early.accel_g(times_s) + late.accel_g(times_s)
        batches = make_batches(times_s, walk_g)
        detector = Detector(DEFAULTS, site=Site.FOOT)
        judged = []
        track = detector._joiner.add
        detector._joiner.add = lambda timed, judged=judged, track=track: (judged.append(timed), track(timed))[1]
        episodes = [e for batch in batches for e in detector.push(batch)] + detector.flush()
        for timed in judged:
            shared = [min(e.offset_s, timed.offset_s) - max(e.onset_s, timed.onset_s) for e in episodes]
            lost += max(shared, default=0.0) <= 0.0
    assert lost == 0


@pytest.mark.parametrize("stride_s", [0.46, 0.5])
def test_strides_faster_than_any_run_promise_nothing_too_early(stride_s):
    low_g = make_walk_g(TIMES_S, stride_s=stride_s) + make_bout(1.0, beats=30, peak_g=0.6).accel_g(TIMES_S)
    finder, wide_g, decided = WalkSearch(HZ, 0), band_pass(low_g), 0
    for start in range(0, 2000, 25):
        rows = slice(start, start + 25)
        is_last = start == 1975
        for candidate in finder.push(WorkingPiece(start, low_g[rows], wide_g[rows], is_last, is_last)):
            assert candidate.first_index + candidate.core_start >= decided
        decided = finder.undecided_since
