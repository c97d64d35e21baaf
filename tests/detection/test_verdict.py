from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from clonus_sense.detection.candidates import Candidate
from clonus_sense.detection.plain_rhythm import measure_rhythms
from clonus_sense.detection.verdict import DECISION, LEAST_CONFIDENCE, MEASURES, judge_rhythm
from clonus_sense.model import EpisodeClass
from tests.detection.builders import DEFAULTS, UP, Bout, make_bout

HZ = 50.0
TIMES_S = np.arange(round(40 * HZ)) / HZ


def make_rhythm(beats=10, frequency_hz=6.0, **bout):
    made = make_bout(4.0, beats=beats, frequency_hz=frequency_hz, **bout)
    moved = made.accel_g(TIMES_S)
    core = round(made.beat_times_s[0] * HZ), round(made.beat_times_s[-1] * HZ)
    [rhythm] = measure_rhythms(Candidate(0, *core, moved + UP, moved, two_peaks_period=None, is_cut=False), HZ, 0.012)
    return rhythm


def measure_levels(levels_g):
    """Beats at 6 Hz with stated strengths."""
    beats_s = 4.0 + np.arange(len(levels_g)) / 6.0
    moved = Bout(tuple(beats_s.tolist()), tuple(levels_g.tolist())).accel_g(TIMES_S)
    core = round(beats_s[0] * HZ), round(beats_s[-1] * HZ)
    [rhythm] = measure_rhythms(Candidate(0, *core, moved + UP, moved, two_peaks_period=None, is_cut=False), HZ, 0.012)
    return rhythm


def judge(rhythm, frequency_hz=6.0, settings=DEFAULTS):
    return judge_rhythm(rhythm, frequency_hz, settings)


@pytest.mark.parametrize(
    ("beats", "expected"),
    [(3, EpisodeClass.BRIEF), (4, EpisodeClass.BRIEF), (5, EpisodeClass.CLONUS), (30, EpisodeClass.CLONUS)],
)
def test_number_of_beats_tells_brief_from_clonus(beats, expected):
    assert judge(make_rhythm(beats)).episode_class is expected


@pytest.mark.parametrize(
    ("frequency_hz", "expected"),
    [(4.49, EpisodeClass.SLOW), (4.5, EpisodeClass.CLONUS), (8.64, EpisodeClass.CLONUS), (8.65, None)],
)
def test_band_is_held_against_the_true_frequency(frequency_hz, expected):
    verdict = judge(make_rhythm(), frequency_hz)
    assert verdict.episode_class is expected
    tests = {test.name: test for test in verdict.evidence}
    assert tests["not_below_band_hz"].passed is (frequency_hz >= 4.5)
    assert tests["not_above_band_hz"].passed is (frequency_hz < 8.65)  # 8.5 Hz and what ten beats leave open
    assert tests["not_below_band_hz"].value == frequency_hz


def test_a_long_rhythm_without_any_wander_is_uncertain():
    machine = make_rhythm(180, jitter_ratio=0.0, waver_ratio=0.0, edge_level=1.0)
    muscle = make_rhythm(180, jitter_ratio=0.05, waver_ratio=0.3)
    assert judge(machine).episode_class is EpisodeClass.UNCERTAIN
    assert judge(muscle).episode_class is EpisodeClass.CLONUS


def test_a_long_rhythm_that_wavers_off_its_line_is_uncertain_and_a_fading_one_is_not():
    rng = np.random.default_rng(1)
    wavering = replace(make_rhythm(80), off_axis_ratio=0.2)
    assert judge(replace(wavering, amplitude_waver=0.15)).episode_class is EpisodeClass.UNCERTAIN
    assert judge(replace(wavering, amplitude_waver=0.05)).episode_class is EpisodeClass.CLONUS
    assert judge(replace(wavering, amplitude_waver=0.15, off_axis_ratio=0.05)).episode_class is EpisodeClass.CLONUS
    beside_others = replace(wavering, amplitude_waver=0.15, calmer_flank_ratio=0.3, busier_flank_ratio=0.3)
    assert judge(beside_others).episode_class is EpisodeClass.CLONUS
    levels_g = 0.3 * np.exp(-np.arange(80) / 60.0) * (1.0 + 0.02 * rng.standard_normal(80))
    fading = measure_levels(levels_g)
    assert fading.amplitude_wander > 0.2
    assert fading.amplitude_waver < 0.08


@pytest.mark.parametrize(
    ("frequency_hz", "change"),
    [
        (7.3, {}),
        (6.7, {"busier_flank_ratio": 0.5}),
        (6.0, {"calmer_flank_ratio": 0.9}),
        (6.55, {"calmer_flank_ratio": 0.5}),
        (6.0, {"off_axis_ratio": 0.6}),
    ],
    ids=["fast", "fast, on one side", "going on", "fast and going on", "across"],
)
def test_what_is_as_weak_as_tremor_is_uncertain_where_something_else_speaks_for_tremor(frequency_hz, change):
    certain = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)
    weak = replace(make_rhythm(), amplitudes_g=np.full(10, 0.02))
    assert judge_rhythm(weak, 6.0, DEFAULTS, certain).episode_class is EpisodeClass.CLONUS
    doubtful = judge_rhythm(replace(weak, **change), frequency_hz, DEFAULTS, certain)
    assert doubtful.episode_class is EpisodeClass.UNCERTAIN
    assert "stronger_than_tremor_g" in [test.name for test in doubtful.evidence if not test.passed]
    strong = replace(weak, amplitudes_g=np.full(10, 0.033), **change)
    assert judge_rhythm(strong, frequency_hz, DEFAULTS, certain).episode_class is EpisodeClass.CLONUS


def test_a_faint_and_fast_rhythm_that_stands_alone_is_clonus():
    certain = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)
    alone = replace(make_rhythm(), amplitudes_g=np.full(10, 0.02), busier_flank_ratio=0.2, calmer_flank_ratio=0.1)
    assert judge_rhythm(alone, 6.7, DEFAULTS, certain).episode_class is EpisodeClass.CLONUS


@pytest.mark.parametrize(
    ("beats", "strong_g", "frequency_hz", "expected"),
    [
        (20, 0.023, 6.6, EpisodeClass.UNCERTAIN),
        (19, 0.023, 6.6, EpisodeClass.CLONUS),
        (20, 0.0245, 6.6, EpisodeClass.CLONUS),
        (20, 0.023, 6.4, EpisodeClass.CLONUS),
    ],
)
def test_what_is_small_and_fast_is_tremor_only_where_it_lasts(beats, strong_g, frequency_hz, expected):
    certain = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)
    small = replace(make_rhythm(beats), amplitudes_g=np.full(beats, strong_g))
    assert judge_rhythm(small, frequency_hz, DEFAULTS, certain).episode_class is expected


@pytest.mark.parametrize(
    ("beats", "strong_g", "expected"),
    [(120, 0.03, EpisodeClass.UNCERTAIN), (119, 0.03, EpisodeClass.CLONUS), (120, 0.033, EpisodeClass.CLONUS)],
)
def test_what_goes_on_weakly_for_twenty_seconds_is_a_hum_whatever_its_direction(beats, strong_g, expected):
    certain = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)
    lasting = replace(make_rhythm(beats, jitter_ratio=0.05), amplitudes_g=np.full(beats, strong_g))
    # Its intervals waver as no machine's do.
    lasting = replace(lasting, interval_wander=0.05, amplitude_wander=0.1, amplitude_waver=0.02, off_axis_ratio=0.05)
    assert judge_rhythm(lasting, 6.0, DEFAULTS, certain).episode_class is expected


def test_a_weak_rhythm_across_many_axes_is_a_hum_the_sooner_the_longer_it_lasts():
    certain = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)
    long = replace(make_rhythm(80, jitter_ratio=0.05), amplitudes_g=np.full(80, 0.02), off_axis_ratio=0.35)
    short = replace(make_rhythm(), amplitudes_g=np.full(10, 0.02), off_axis_ratio=0.35)
    assert judge_rhythm(long, 6.0, DEFAULTS, certain).episode_class is EpisodeClass.UNCERTAIN
    assert judge_rhythm(short, 6.0, DEFAULTS, certain).episode_class is EpisodeClass.CLONUS


@pytest.mark.parametrize(("strong_g", "frequency_hz"), [(0.026, 7.1), (0.033, 8.0)])
def test_a_stronger_rhythm_may_be_faster_before_it_could_be_tremor(strong_g, frequency_hz):
    certain = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)
    rhythm = replace(make_rhythm(), amplitudes_g=np.full(10, strong_g))
    assert judge_rhythm(rhythm, frequency_hz, DEFAULTS, certain).episode_class is EpisodeClass.CLONUS
    faster = judge_rhythm(rhythm, frequency_hz + 0.2, DEFAULTS, certain).episode_class
    assert faster is (EpisodeClass.UNCERTAIN if strong_g < 0.032 else EpisodeClass.CLONUS)


def test_a_harmonic_of_something_slower_is_no_episode_however_sure_the_weights_are():
    certain = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)
    verdict = judge_rhythm(replace(make_rhythm(), sub_harmonic_ratio=0.41), 6.0, DEFAULTS, certain)
    assert verdict.episode_class is None
    assert [test.name for test in verdict.evidence if not test.passed and test.logit is None] == ["no_harmonic"]


def test_short_rhythm_may_waver():
    short = replace(make_rhythm(40), off_axis_ratio=0.2, amplitude_waver=0.3)
    assert judge(short).episode_class is EpisodeClass.CLONUS


CERTAIN = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)


def failed_tests(rhythm):
    verdict = judge_rhythm(rhythm, 6.0, DEFAULTS, CERTAIN)
    failed = [test.name for test in verdict.evidence if not test.passed and test.logit is None]
    assert (verdict.episode_class is EpisodeClass.UNCERTAIN) == bool(failed)
    return failed


def test_what_goes_in_circles_for_long_is_uncertain_and_what_noise_pulls_aside_is_not():
    long = make_rhythm(80)
    assert failed_tests(replace(long, off_axis_ratio=0.5, periodicity=0.95)) == ["off_axis_all_along"]
    assert failed_tests(replace(long, off_axis_ratio=0.5, periodicity=0.7)) == []
    assert failed_tests(replace(make_rhythm(40), off_axis_ratio=0.5, periodicity=0.95)) == []


SCRATCHING = {"off_axis_ratio": 0.5, "periodicity": 0.6, "sub_harmonic_ratio": 0.2, "calmer_flank_ratio": 0.05}


def test_a_changing_movement_this_way_and_that_in_a_quiet_leg_is_uncertain():
    assert failed_tests(replace(make_rhythm(), **SCRATCHING)) == ["off_axis_and_changing"]


@pytest.mark.parametrize(
    "change",
    [{"off_axis_ratio": 0.3}, {"periodicity": 0.8}, {"sub_harmonic_ratio": 0.05}, {"calmer_flank_ratio": 0.2}],
    ids=lambda change: next(iter(change)),
)
def test_a_movement_is_taken_for_scratching_only_with_all_of_its_signs(change):
    assert failed_tests(replace(make_rhythm(), **SCRATCHING | change)) == []


WORSE = {
    "fewer beats": {"positions": np.array([0.0, 8.0, 16.0]), "amplitudes_g": np.array([0.3, 0.3, 0.3])},
    "uneven": {"unevenness": 1.5},
    "part of something slower": {"sub_harmonic_ratio": 0.9},
    "the same movement on one side": {"busier_flank_ratio": 5.0},
    "the same movement on both sides": {"calmer_flank_ratio": 4.0},
    "on many axes": {"off_axis_ratio": 0.9},
    "unlike itself": {"periodicity": -0.2},
    "weak": {"amplitudes_g": np.full(10, 0.013)},
    "weak and fast, as tremor": {"amplitudes_g": np.full(10, 0.013), "positions": 6.3 * np.arange(10.0)},
    "weak and on many axes, as a hum": {"amplitudes_g": np.full(10, 0.013), "off_axis_ratio": 0.7},
}


@pytest.mark.parametrize("change", WORSE)
def test_each_measure_speaks_the_way_its_reason_says(change):
    rhythm = make_rhythm()
    assert judge(replace(rhythm, **WORSE[change])).confidence < judge(rhythm).confidence


def test_a_rhythm_with_everything_against_it_is_no_episode_and_says_why():
    poor = {name: value for change in WORSE.values() for name, value in change.items()}
    poor["amplitudes_g"], poor["positions"] = np.full(3, 0.013), 6.3 * np.arange(3.0)
    verdict = judge(replace(make_rhythm(), **poor))
    assert verdict.episode_class is None
    assert verdict.confidence < LEAST_CONFIDENCE
    failed = {test.name for test in verdict.evidence if not test.passed}
    assert {measure.name for measure in MEASURES} | {"confidence"} == failed - {
        "rings_out",
        "stronger_than_tremor_g",
        "no_harmonic",
    }


def test_evidence_names_every_measure_with_the_value_that_was_read():
    rhythm = make_rhythm()
    verdict = judge(rhythm)
    values = {test.name: test.value for test in verdict.evidence}
    for measure in MEASURES:
        assert values[measure.name] == measure.read(rhythm)
    assert values["confidence"] == verdict.confidence
    assert 0.0 < verdict.confidence < 1.0


@pytest.mark.parametrize(("intercept_logit", "confidence"), [(0.0, 0.5), (math.log(3.0), 0.75)])
def test_without_weights_the_intercept_alone_decides(intercept_logit, confidence):
    blind = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=intercept_logit)
    verdict = judge_rhythm(make_rhythm(), 6.0, DEFAULTS, blind)
    assert verdict.confidence == pytest.approx(confidence)


def test_three_swings_that_die_away_like_a_ring_are_no_episode():
    brief = make_rhythm(3)
    ringing = replace(brief, unevenness=1.2)
    certain = replace(DECISION, weights=(0.0,) * len(MEASURES), intercept_logit=5.0)
    assert judge_rhythm(brief, 6.0, DEFAULTS, certain).episode_class is EpisodeClass.BRIEF
    verdict = judge_rhythm(ringing, 6.0, DEFAULTS, certain)
    assert verdict.episode_class is None
    assert "rings_out" in [test.name for test in verdict.evidence if not test.passed]
