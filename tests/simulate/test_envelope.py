"""Courses of amplitude and frequency keep every beat countable."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clonus_sense.errors import SettingsError
from clonus_sense.simulate.envelope import (
    LOWEST_LEVEL,
    BoutShape,
    compute_envelope,
    compute_frequency_ratio,
    draw_slow_noise,
)


@settings(max_examples=40, deadline=None)
@given(
    n_beats=st.integers(3, 60),
    first=st.floats(0.5, 1.0),
    last=st.floats(0.5, 1.0),
    rise=st.floats(0.0, 10.0),
    waver=st.floats(0.0, 0.2),
    seed=st.integers(0, 100),
)
def test_every_beat_stands(n_beats, first, last, rise, waver, seed):
    shape = BoutShape(first_level=first, last_level=last, rise_beats=rise, waver_ratio=waver)
    rng = np.random.default_rng(seed)
    levels = compute_envelope(shape, n_beats, np.arange(n_beats) * 1.0, rng)
    assert levels.min() >= LOWEST_LEVEL * (1 - waver) / (1 + waver) - 1e-12
    assert levels.max() <= 1.0


def test_drift_is_the_difference_of_last_and_first_and_a_slow_start_lengthens_the_first_interval():
    beats = np.array([0.0, 9.0])
    drift = compute_frequency_ratio(BoutShape(drift_ratio=0.1), 10, beats, np.random.default_rng(0))
    assert drift[1] - drift[0] == pytest.approx(0.1)
    slow = compute_frequency_ratio(BoutShape(slow_start_ratio=0.25), 10, np.array([0.5, 9.0]), np.random.default_rng(0))
    assert slow == pytest.approx([1 / 1.25, 1.0], abs=0.005)


def test_slow_noise_is_the_same_course_however_densely_it_is_looked_at():
    coarse, fine = np.linspace(0, 10, 11), np.linspace(0, 10, 101)
    drawn = [draw_slow_noise(at, (0.0, 10.0), 0.7, np.random.default_rng(3)) for at in (coarse, fine)]
    np.testing.assert_allclose(drawn[0], drawn[1][::10], atol=1e-9)
    many = draw_slow_noise(np.linspace(0, 5000, 20000), (0.0, 5000.0), 1.0, np.random.default_rng(4))
    assert many.std() == pytest.approx(0.9, abs=0.15)


def test_a_level_too_small_to_count_is_refused():
    with pytest.raises(SettingsError, match="waver_ratio is 2"):
        BoutShape(waver_ratio=2)
    with pytest.raises(SettingsError, match=r"first_level is 0\.1; it must lie between"):
        BoutShape(first_level=0.1)
