"""A confidence of 0.8 is right four times out of five, or the error says by how much it is not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.validation.calibration import measure_calibration


def draw(n, seed, *, shift=0.0):
    """Candidates whose truth comes up as often as their confidence says, then the confidence is shifted."""
    rng = np.random.default_rng(seed)
    chance = rng.random(n)
    is_true = (rng.random(n) < chance).astype(float)
    return np.clip(chance + shift, 0.0, 1.0), is_true, np.arange(n) % 40


def test_honest_confidences_have_a_small_error():
    calibration = measure_calibration(*draw(20_000, 1))
    assert calibration.error < 0.015
    assert [b.n > 3000 for b in calibration.bins] == [True] * 5
    for b in calibration.bins:
        assert b.low <= b.mean_confidence < b.high
        assert b.true_share == pytest.approx(b.mean_confidence, abs=0.03)


@pytest.mark.parametrize("shift", [0.2, -0.2])
def test_the_error_is_the_shift_of_confidences(shift):
    calibration = measure_calibration(*draw(20_000, 2, shift=shift))
    assert calibration.error == pytest.approx(0.18, abs=0.02)  # 0 and 1 cut a tenth of the shift off
    assert calibration.interval.low < calibration.error < calibration.interval.high


def test_an_interval_is_wider_where_recordings_differ():
    confidence = np.full(200, 0.5)
    recording = np.repeat(np.arange(20), 10)
    alike = measure_calibration(confidence, np.tile([0.0, 1.0], 100), recording)
    apart = measure_calibration(confidence, np.repeat([0.0, 1.0] * 10, 10), recording)
    assert alike.error == apart.error == 0.0
    assert alike.interval.high == 0.0
    assert apart.interval.high > 0.1


def test_an_empty_bin_says_nothing():
    calibration = measure_calibration(np.array([0.1, 1.0]), np.array([0.0, 1.0]), np.array([0, 1]))
    assert [b.n for b in calibration.bins] == [1, 0, 0, 0, 1]
    assert calibration.bins[2].true_share is None


def test_each_bin_has_the_interval_of_its_share_over_recordings():
    calibration = measure_calibration(*draw(20_000, 1))
    assert all(b.interval.low < b.true_share < b.interval.high for b in calibration.bins)
    # About 4000 candidates a bin: 1.645 * sqrt(0.25 / 4000) either way.
    assert calibration.bins[2].interval.high - calibration.bins[2].interval.low == pytest.approx(0.026, abs=0.01)


def test_a_bin_where_all_are_true_is_not_certain():
    calibration = measure_calibration(np.full(20, 0.9), np.ones(20), np.repeat(np.arange(5), 4))
    assert (calibration.bins[4].interval.low, calibration.bins[4].interval.high) == (pytest.approx(0.05**0.2), 1.0)
