from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.detection.beats import find_beats, find_peaks_between


@settings(max_examples=60, deadline=None)
@given(phase=st.floats(0.0, 1.0), frequency_hz=st.floats(4.0, 9.0), level_g=st.floats(0.01, 2.0))
def test_beats_of_a_cosine_are_located_between_samples(phase, frequency_hz, level_g):
    period = 50.0 / frequency_hz
    index = np.arange(200)
    beats = find_beats(level_g * np.cos(2 * np.pi * (index / period - phase)))
    expected = period * (phase + np.arange(-2, 40))
    nearest = np.abs(beats.position[:, None] - expected).min(axis=1)
    assert nearest.max() < 0.012 * period
    inner = beats.amplitude_g[1:-1]
    # The trough is the lowest sample: at five samples a period it misses up to a tenth of the half peak-to-peak.
    assert np.all(inner < 1.03 * level_g)
    assert np.all(inner > 0.85 * level_g)


def test_amplitude_is_half_of_the_peak_above_the_mean_of_its_troughs():
    beats = find_beats(np.array([-0.2, 0.1, 0.5, 0.1, -0.4, 0.0, 0.3, 0.0, 0.1]))
    assert beats.position.tolist() == pytest.approx([2.0, 6.0])
    assert beats.amplitude_g.tolist() == pytest.approx([0.5 * (0.5 + 0.3), 0.5 * (0.3 + 0.2)])


@pytest.mark.parametrize("signal", [[], [1.0], [1.0, 2.0], [3.0, 2.0, 1.0], [1.0, 1.0, 1.0, 1.0]])
def test_signal_without_a_maximum_has_no_beats(signal):
    assert len(find_beats(np.array(signal))) == 0


def test_flat_top_counts_once_and_ends_never():
    assert find_peaks_between(np.array([5.0, 1.0, 2.0, 2.0, 1.0, 3.0])).tolist() == [2]


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.integers(-3, 3), min_size=6, max_size=60), cut=st.integers(2, 58))
def test_whether_a_sample_is_a_peak_depends_on_its_neighbours_alone(values, cut):
    signal = np.array(values, dtype=float)
    cut = min(cut, len(signal) - 2)
    whole = find_peaks_between(signal).tolist()
    parts = find_peaks_between(signal[: cut + 1]).tolist() + (find_peaks_between(signal[cut - 1 :]) + cut - 1).tolist()
    assert parts == whole
