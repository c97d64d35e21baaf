from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clonus_sense.detection.beats import Beats
from clonus_sense.detection.candidates import Candidate, find_two_peaks_period
from clonus_sense.detection.chains import find_chains, find_strong
from clonus_sense.detection.plain_rhythm import measure_rhythms
from tests.detection.builders import UP, Bout, detect_bouts, make_bout

HZ = 50.0
FLOOR_G = 0.012
TIMES_S = np.arange(600) / HZ
FIRST_INDEX = 1000


def measure_all(bout, *, other_g=0.0, core=None, floor_g=FLOOR_G, is_cut=False, n_samples=600):
    """Measure a bout on a window that begins at working index 1000; nothing is filtered away."""
    moved = (bout.accel_g(TIMES_S) + other_g)[:n_samples]
    start_s, end_s = core or (bout.beat_times_s[0], bout.beat_times_s[-1])
    candidate = Candidate(
        FIRST_INDEX, round(start_s * HZ), min(n_samples, round(end_s * HZ)), moved + UP, moved, None, is_cut
    )
    return measure_rhythms(candidate, HZ, floor_g)


def measure(bout, **more):
    rhythms = measure_all(bout, **more)
    assert len(rhythms) < 2
    return rhythms[0] if rhythms else None


def steady(beats=10, frequency_hz=6.0, levels_g=None, **more):
    beats_s = tuple((4.0 + np.arange(beats) / frequency_hz).tolist())
    return Bout(beats_s, tuple(levels_g if levels_g is not None else (0.3,) * beats), **more)


def test_beats_stand_at_their_times_with_their_strength():
    bout = make_bout(4.0, beats=10)
    rhythm = measure(bout)
    assert rhythm.n_beats == 10
    assert np.allclose((rhythm.positions - FIRST_INDEX) / HZ, bout.beat_times_s, atol=0.006)
    assert np.allclose(rhythm.amplitudes_g[1:-1], bout.levels_g[1:-1], rtol=0.15)
    assert rhythm.frequency_hz == pytest.approx(bout.frequency_hz, abs=0.03)
    assert (rhythm.onset - FIRST_INDEX) / HZ == pytest.approx(bout.onset_s, abs=0.01)
    assert (rhythm.offset - FIRST_INDEX) / HZ == pytest.approx(bout.offset_s, abs=0.01)


def test_beats_beyond_the_core_are_followed_outward():
    bout = make_bout(4.0, beats=12)
    rhythm = measure(bout, core=(bout.beat_times_s[3], bout.beat_times_s[8]))
    assert rhythm.n_beats == 12


def test_fewer_than_three_beats_are_no_rhythm():
    assert measure(steady(beats=3)).n_beats == 3
    assert measure(steady(beats=2)) is None


def test_beats_below_the_floor_or_a_fifth_of_the_strong_ones_do_not_count():
    fading = [0.5, 0.5, 0.5, 0.5, 0.5, 0.3, 0.15, 0.05, 0.02]
    assert measure(steady(beats=9, levels_g=fading)).n_beats == 7
    assert measure(steady(beats=9, levels_g=fading), floor_g=0.2).n_beats == 6
    assert measure(steady(beats=9), floor_g=0.4) is None


def test_a_ripple_between_two_beats_parts_no_bout_but_a_peak_between_them_does():
    bout = steady(beats=10)
    between_s = 0.5 * (bout.beat_times_s[5] + bout.beat_times_s[6])

    def rippled(size_g):
        ripple = size_g * np.exp(-0.5 * ((TIMES_S - between_s) / 0.012) ** 2)
        return [rhythm.n_beats for rhythm in measure_all(bout, other_g=np.outer(ripple, bout.direction))]

    # It stands in the trough between the beats.
    assert rippled(0.12) == [10]
    assert rippled(0.35) == [6, 4]


@pytest.mark.parametrize(("first_interval", "n_beats"), [(0.62, 6), (0.8, 7), (1.25, 7)])
def test_a_bout_may_begin_slower_than_it_goes_on_but_not_much_faster(first_interval, n_beats):
    beats_s = 4.0 + np.concatenate([[0.0], first_interval / 6.0 + np.arange(6) / 6.0])
    assert measure(Bout(tuple(beats_s.tolist()), (0.3,) * 7)).n_beats == n_beats


def test_a_knock_in_a_long_bout_leaves_its_measures_alone_where_in_a_short_one_it_speaks():
    def knocked(beats):
        bout = steady(beats=beats, levels_g=(0.02,) * beats)
        knock = 0.3 * np.exp(-0.5 * ((TIMES_S - bout.beat_times_s[beats // 2]) / 0.02) ** 2)
        return measure(bout, other_g=np.outer(knock, [0.0, 1.0, 0.0]))

    assert knocked(30).periodicity > 0.8
    assert knocked(30).off_axis_ratio < 0.4
    assert knocked(10) is None


def test_jitter_leaves_out_a_slow_drift():
    drifting_s = 4.0 + np.cumsum(np.linspace(0.15, 0.19, 12))
    jittered_s = 4.0 + np.cumsum(0.17 * (1.0 + 0.1 * np.resize([1.0, -1.0], 12)))
    drifting = measure(Bout(tuple(drifting_s), (0.3,) * 12))
    jittered = measure(Bout(tuple(jittered_s), (0.3,) * 12))
    assert drifting.jitter_ratio < 0.025
    assert jittered.jitter_ratio == pytest.approx(0.1 * np.sqrt(2), rel=0.25)


@pytest.mark.parametrize("n_beats", [0, 1, 2])
def test_a_rhythm_of_fewer_beats_cannot_be_made(n_beats):
    rhythm = measure(steady(beats=12))
    with pytest.raises(ValueError, match=f"{n_beats} beats are no rhythm"):
        replace(rhythm, positions=rhythm.positions[:n_beats], amplitudes_g=rhythm.amplitudes_g[:n_beats])


def test_unevenness_tells_even_from_uneven_beats():
    uneven = measure(steady(beats=12, levels_g=np.resize([0.3, 0.15], 12)))
    assert measure(steady(beats=12)).unevenness < 0.1
    assert uneven.unevenness > 0.3


def test_spectrum_tells_what_lies_below_the_fundamental():
    slow_g = np.outer(0.2 * np.sin(2 * np.pi * 2.0 * TIMES_S), (0.8, -0.6, 0.0))
    assert measure(steady(beats=16)).sub_harmonic_ratio < 0.03
    assert measure(steady(beats=16), other_g=slow_g).sub_harmonic_ratio > 0.3


def test_flanks_tell_what_went_before_and_comes_after():
    bout = make_bout(4.0, beats=10)
    stir = np.outer(0.2 * np.sin(2 * np.pi * 1.5 * TIMES_S) * (bout.offset_s + 0.15 < TIMES_S), (1.0, 0.0, 0.0))
    alone, followed = measure(bout), measure(bout, other_g=stir)
    assert followed.moves_after
    assert not alone.moves_after


def test_off_axis_tells_a_line_from_a_circle():
    bout = steady(beats=14, direction=(1.0, 0.0, 0.0), second_harmonic=0.0)
    quadrature = Bout(tuple(t + 0.25 / 6.0 for t in bout.beat_times_s), bout.levels_g, (0.0, 0.9, 0.0), 0.0)
    assert measure(bout).off_axis_ratio < 0.05
    assert measure(bout, other_g=quadrature.accel_g(TIMES_S)).off_axis_ratio > 0.5


def test_periodicity_and_size_of_a_steady_cosine():
    rhythm = measure(steady(beats=30, second_harmonic=0.0))
    assert rhythm.periodicity > 0.95
    assert rhythm.rms_g == pytest.approx(0.3 / np.sqrt(2), rel=0.1)


@pytest.mark.parametrize(
    ("is_cut", "n_samples", "expected"), [(True, 270, True), (False, 270, False), (True, 600, False)]
)
def test_rhythm_ends_at_the_edge_only_where_samples_end_within_a_beat(is_cut, n_samples, expected):
    rhythm = measure(steady(beats=9), is_cut=is_cut, n_samples=n_samples)
    assert rhythm.ends_at_edge is expected


@pytest.mark.parametrize(
    "values", [[3.0], [1.0, 2.0], [0.3, 0.1, 0.2], list(range(11)), [5.0, 1.0, 4.0, 4.0, 2.0, 8.0]]
)
def test_strong_beats_are_the_ninetieth_percentile(values):
    assert find_strong(np.array(values, dtype=float)) == pytest.approx(np.percentile(values, 90))


@pytest.mark.parametrize("second_harmonic", [0.6, 0.8])
def test_a_foot_that_lands_in_each_beat_has_one_beat_and_not_two(second_harmonic):
    beats_s = 4.0 + np.arange(12) / 5.0
    accel_g = 0.2 * sum(
        size * np.cos(2 * np.pi * k * 5.0 * (TIMES_S - 4.0)) for k, size in ((1, 1.0), (2, second_harmonic))
    )
    accel_g *= (beats_s[0] - 0.1 < TIMES_S) & (beats_s[-1] + 0.1 > TIMES_S)
    moved = np.outer(accel_g, [0.0, 0.6, 0.8])
    core = round(beats_s[0] * HZ), round(beats_s[-1] * HZ)
    period = find_two_peaks_period(moved[core[0] : core[1]], HZ / 10.0, HZ)
    [rhythm] = measure_rhythms(Candidate(0, *core, moved + UP, moved, period, is_cut=False), HZ, FLOOR_G)
    assert abs(rhythm.n_beats - 12) <= 1
    assert rhythm.frequency_hz == pytest.approx(5.0, abs=0.1)
    # Without the period of both peaks together it would be twice as fast, or nothing.
    assert all(
        other.frequency_hz > 9.0
        for other in measure_rhythms(Candidate(0, *core, moved + UP, moved, None, is_cut=False), HZ, FLOOR_G)
    )


@pytest.mark.parametrize(
    ("first_interval_ratio", "first_level", "second_harmonic", "n_beats", "n_counted"),
    [
        (0.74, 0.25, 0.1, 7, 6),
        (1.42, 0.25, 0.3, 7, 6),
        (0.74, 0.6, 0.1, 7, 7),  # what is strong belongs to the bout wherever it stands
        (1.0, 0.15, 0.3, 7, 7),
        (0.84, 0.2, 0.1, 7, 7),
        (1.2, 0.2, 0.3, 7, 7),  # a first interval may be longer by a quarter
        (0.74, 0.25, 0.1, 5, 5),  # it must not cost a bout of five beats its class
    ],
)
def test_a_small_first_beat_that_stands_too_near_or_too_far_is_no_beat(
    first_interval_ratio, first_level, second_harmonic, n_beats, n_counted
):
    intervals_s = np.array([first_interval_ratio, *[1.0] * (n_beats - 2)]) / 6.0
    beats_s = 5.0 + np.concatenate([[0.0], np.cumsum(intervals_s)])
    levels_g = 0.3 * np.array([first_level, *[1.0] * (n_beats - 2), 0.7])
    bout = Bout(tuple(beats_s.tolist()), tuple(levels_g.tolist()), second_harmonic=second_harmonic)
    [episode] = detect_bouts([bout])
    assert episode.beats == n_counted
    assert episode.peak_g == pytest.approx(0.3, rel=0.15)


def test_the_beat_that_is_left_out_takes_its_strength_along():
    beats_s = 4.0 + np.concatenate([[0.0], np.cumsum([0.74, *[1.0] * 5])]) / 6.0
    rhythm = measure(Bout(tuple(beats_s.tolist()), (0.06, 0.3, 0.3, 0.3, 0.3, 0.3, 0.21)))
    assert len(rhythm.amplitudes_g) == rhythm.n_beats == 6
    assert rhythm.amplitudes_g[0] > rhythm.amplitudes_g[-1] > 0.15


@pytest.mark.parametrize(("interval", "lengths"), [(0.58, [6, 6]), (0.62, [12]), (1.48, [12]), (1.52, [6, 6])])
def test_beats_that_stand_too_near_or_too_far_from_one_another_part_two_bouts(interval, lengths):
    steps = np.full(11, 8.0)
    steps[5] *= interval
    beats = Beats(np.concatenate([[200.0], 200.0 + np.cumsum(steps)]), np.full(12, 0.3))
    empty_g = np.zeros((600, 3))
    candidate = Candidate(FIRST_INDEX, 190, 310, empty_g, empty_g, None, is_cut=False)
    assert [len(chain) for chain in find_chains(beats, candidate, HZ, FLOOR_G)] == lengths
