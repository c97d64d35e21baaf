"""The line that stands out of what is left of a walk is measured as it was made; its echo is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clonus_sense.detection.gait.line import find_clear
from clonus_sense.detection.gait.line_rhythm import UNKNOWN_FLANK_RATIO, measure_line_rhythm
from clonus_sense.detection.gait.search import GaitCandidate

HZ = 50.0
TIMES_S = np.arange(400) / HZ
ALONG = np.array([0.6, 0.0, 0.8])


def make_candidate(start_s=3.0, end_s=5.0, *, frequency_hz=6.0, amplitude_g=0.5, noise_g=0.05, other_g=0.0, seed=0):
    """A line from ``start_s`` to ``end_s`` in noise, and ``other_g`` of movement that was taken away."""
    rng = np.random.default_rng(seed)
    inside = (start_s <= TIMES_S) & (end_s > TIMES_S)
    line_g = np.outer(inside * amplitude_g * np.cos(2 * np.pi * frequency_hz * (TIMES_S - start_s)), ALONG)
    left_g = line_g + rng.normal(scale=noise_g, size=(400, 3))
    other = np.outer(other_g * np.cos(2 * np.pi * 3.0 * TIMES_S), [1.0, 0.0, 0.0])
    core = round((start_s - 0.3) * HZ), round((end_s + 0.3) * HZ)
    clearest = round(0.5 * (start_s + end_s) * HZ)
    steady = np.full(400, 0.9)
    return GaitCandidate(100, *core, clearest, left_g, left_g + other, steady, np.full(400, 0.3), is_cut=False)


@pytest.mark.parametrize("frequency_hz", [4.8, 6.0, 7.9])
@pytest.mark.parametrize("length_s", [1.4, 3.0])
def test_beats_frequency_strength_and_direction_are_those_of_the_line(frequency_hz, length_s):
    rhythm = measure_line_rhythm(make_candidate(2.0, 2.0 + length_s, frequency_hz=frequency_hz), HZ)
    assert rhythm.frequency_hz == pytest.approx(frequency_hz, abs=0.15)
    assert abs(rhythm.n_beats - frequency_hz * length_s) <= 1.5
    assert rhythm.onset / HZ == pytest.approx(2.0 + 2.0, abs=0.15)
    assert rhythm.offset / HZ == pytest.approx(2.0 + 2.0 + length_s, abs=0.15)
    assert rhythm.strong_g == pytest.approx(0.5, rel=0.12)
    assert abs(rhythm.axis.direction @ ALONG) > 0.98
    assert rhythm.off_axis_ratio < 0.25


def test_noise_without_a_line_is_no_rhythm():
    assert measure_line_rhythm(make_candidate(amplitude_g=0.0, noise_g=0.3), HZ) is None


def test_a_glance_leaves_out_what_holds_no_line_and_nothing_else():
    clear, faint, noise = make_candidate(), make_candidate(noise_g=0.2, seed=1), make_candidate(amplitude_g=0.0)
    short = replace(clear, left_g=clear.left_g[:59])
    assert find_clear([noise, clear, short, faint], HZ) == [clear, faint]
    assert find_clear([short], HZ) == find_clear([], HZ) == []


def test_what_stands_out_less_is_less_concentrated_and_has_busier_flanks():
    clear = measure_line_rhythm(make_candidate(noise_g=0.03), HZ)
    faint = measure_line_rhythm(make_candidate(noise_g=0.2), HZ)
    assert clear.concentration > faint.concentration > 0.45
    assert clear.tonality > faint.tonality
    assert clear.busier_flank_ratio < faint.busier_flank_ratio


def test_a_flank_in_which_nobody_strides_speaks_neither_for_nor_against():
    candidate = make_candidate()
    walked = measure_line_rhythm(candidate, HZ)
    assert walked.busier_flank_ratio < 0.15
    for share, expected in ((0.6, walked.busier_flank_ratio), (0.4, UNKNOWN_FLANK_RATIO)):
        stands_after = replace(
            candidate, stride_g=np.where(TIMES_S > 5.0, share * candidate.stride_g, candidate.stride_g)
        )
        assert measure_line_rhythm(stands_after, HZ).busier_flank_ratio == pytest.approx(expected, rel=0.2)


def test_movement_that_was_taken_away_counts_beside_the_line():
    alone = measure_line_rhythm(make_candidate(), HZ)
    beside = measure_line_rhythm(make_candidate(other_g=1.0), HZ)
    assert alone.of_movement_ratio == pytest.approx(np.sqrt(2), rel=0.1)
    assert beside.of_movement_ratio < 0.6 * alone.of_movement_ratio
    assert beside.stride_ratio < alone.stride_ratio
    assert alone.stride_likeness == pytest.approx(0.9)


def test_an_echo_that_the_movement_itself_does_not_hold_is_left_out():
    made = make_candidate(2.0, 4.4)
    after = (TIMES_S >= 3.6)[:, None]
    rng = np.random.default_rng(1)
    wide_g = np.where(after, rng.normal(scale=0.05, size=(400, 3)), made.left_g)
    rhythm = measure_line_rhythm(replace(made, wide_g=wide_g), HZ)
    assert rhythm.offset / HZ == pytest.approx(2.0 + 3.6, abs=0.3)
    assert measure_line_rhythm(made, HZ).offset / HZ == pytest.approx(2.0 + 4.4, abs=0.15)


def test_a_burst_of_an_uneven_stride_beside_the_line_is_no_part_of_it():
    made = make_candidate(2.0, 4.4, amplitude_g=0.3)
    burst = (TIMES_S >= 1.4) & (TIMES_S < 2.0)
    burst_g = np.outer(burst * 1.5 * np.sin(2 * np.pi * 4.5 * TIMES_S), ALONG)
    rhythm = measure_line_rhythm(replace(made, left_g=made.left_g + burst_g, wide_g=made.wide_g + burst_g), HZ)
    assert rhythm.onset / HZ == pytest.approx(2.0 + 2.0, abs=0.35)
    assert rhythm.frequency_hz == pytest.approx(6.0, abs=0.15)
    assert rhythm.strong_g == pytest.approx(0.3, rel=0.3)
    assert rhythm.busier_flank_ratio < 1.0


def test_a_window_shorter_than_the_line_needs_is_passed_over():
    made = make_candidate()
    short = {name: getattr(made, name)[150:200] for name in ("left_g", "wide_g", "likeness", "stride_g")}
    assert measure_line_rhythm(replace(made, core_start=0, core_end=50, clearest=25, **short), HZ) is None


def test_a_line_cut_by_the_end_of_the_samples_says_so():
    made = make_candidate(3.0, 8.0)
    assert measure_line_rhythm(replace(made, is_cut=True), HZ).ends_at_edge
    assert not measure_line_rhythm(made, HZ).ends_at_edge
