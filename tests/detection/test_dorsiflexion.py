"""Beats stand where clinicians count them: at the ends of dorsiflexion, on the side where the reflex pushes."""

from __future__ import annotations

import numpy as np
import pytest

from clonus_sense.detection.beats import Beats, find_beats
from clonus_sense.detection.dorsiflexion import find_ends_of_swings, stands_on_other_side

HZ = 50.0
TIMES_S = np.arange(300) / HZ
FIRST_S, FREQUENCY_HZ = 2.0, 6.0


def make_swings(*, stretch=0.3, second_harmonic=0.0, full_from_first=False):
    """A cosine whose peaks are the beats, from a small swing to the other side half a period before the first beat."""
    phase = FREQUENCY_HZ * (TIMES_S - FIRST_S)
    level = np.select([phase < -0.75, phase < -0.25, phase < 7.25], [0.0, stretch, 1.0])
    if full_from_first:
        level = np.where((phase > -5.0) & (phase < 7.25), 1.0, 0.0)
    return 0.2 * level * (np.cos(2 * np.pi * phase) + second_harmonic * np.cos(4 * np.pi * phase))


def beats_on(signal_g):
    beats = find_beats(signal_g)
    strong = beats.amplitude_g > 0.1
    return Beats(beats.position[strong], beats.amplitude_g[strong])


@pytest.mark.parametrize("stretch", [0.1, 0.2, 0.35])
def test_beats_stand_opposite_to_a_small_first_swing(stretch):
    swings = make_swings(stretch=stretch)
    assert not stands_on_other_side(swings, beats_on(swings), 0.2)
    assert stands_on_other_side(-swings, beats_on(-swings), 0.2)


@pytest.mark.parametrize("size_g", [0.02, 0.2, 3.0])
def test_strength_has_no_say(size_g):
    swings = make_swings() * size_g / 0.2
    turned = Beats(beats_on(-make_swings()).position, beats_on(-make_swings()).amplitude_g * size_g / 0.2)
    assert stands_on_other_side(-swings, turned, size_g)


def test_clearly_sharper_peaks_outweigh_the_first_swing():
    swings = make_swings(second_harmonic=-0.25)  # sharp troughs
    assert stands_on_other_side(swings, beats_on(swings), 0.2)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_pure_sine_that_was_going_on_before_the_window_stays_on_its_side(side):
    swings = side * 0.2 * np.cos(2 * np.pi * FREQUENCY_HZ * TIMES_S + 0.3)
    assert not stands_on_other_side(swings, find_beats(swings), 0.2)


def angle(times_s, decay_per_s):
    return np.exp(-decay_per_s * times_s) * np.cos(2 * np.pi * FREQUENCY_HZ * times_s)


@pytest.mark.parametrize("decay_per_s", [-3.0, 3.0])
def test_growing_and_dying_beats_move_to_the_ends_of_the_swings(decay_per_s):
    step_s = 0.001
    bent = angle(TIMES_S + step_s, decay_per_s) + angle(TIMES_S - step_s, decay_per_s)
    accel_g = 2.0 * angle(TIMES_S, decay_per_s) - bent
    wanted = find_beats(angle(TIMES_S, decay_per_s)).position
    wanted = wanted[(wanted > 100) & (wanted < 150)]
    found = find_beats(accel_g).position
    peaks = np.array([found[np.argmin(np.abs(found - at))] for at in wanted])
    assert np.abs(peaks - wanted).min() > 0.15
    assert np.median(np.abs(find_ends_of_swings(accel_g, peaks) - wanted)) < 0.06


def test_steady_beats_stay_where_they_are():
    steady = np.cos(2 * np.pi * FREQUENCY_HZ * TIMES_S)
    peaks = find_beats(steady).position[5:25]
    assert np.abs(find_ends_of_swings(steady, peaks) - peaks).max() < 0.03


def test_a_beat_without_an_end_of_a_swing_near_it_stays():
    steady = np.cos(2 * np.pi * FREQUENCY_HZ * TIMES_S)
    peaks = find_beats(steady).position[5:12]
    halfway = np.append(peaks, peaks[-1] + 1.5 * HZ / FREQUENCY_HZ)
    assert find_ends_of_swings(steady, halfway)[-1] == halfway[-1]
