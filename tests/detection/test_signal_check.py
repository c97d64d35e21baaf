from __future__ import annotations

import numpy as np
import pytest

from clonus_sense.detection.signal_check import SignalChecker
from clonus_sense.model import Severity
from tests.detection.builders import cut_every, make_accel, make_batches, make_bout, make_times


def check(accel_g, *, fs_hz=100.0, n_samples=None):
    checker = SignalChecker()
    for batch in cut_every(
        make_batches(make_times(len(accel_g) / fs_hz, fs_hz), accel_g, fs_hz=fs_hz), n_samples or 1 << 30
    ):
        checker.look(batch.accel_g, batch.first_index, batch.stretch.fs_hz)
    return {finding.kind: finding for finding in checker.findings()}


def rest(duration_s=120.0, fs_hz=100.0):
    return make_accel(make_times(duration_s, fs_hz), noise_g=0.003)


def clipped_at(limit_g):
    accel_g = make_accel(make_times(60.0), [make_bout(20.0, beats=12, peak_g=3.0, direction=(0.0, 0.6, 0.8))])
    return np.clip(accel_g, -limit_g, limit_g)


@pytest.mark.parametrize("n_samples", [None, 100, 1])
def test_a_good_recording_gives_no_finding(n_samples):
    assert check(rest(), n_samples=n_samples) == {}


def test_zeros_are_noticed_as_constant_and_as_wrong_scale():
    found = check(np.zeros((12_000, 3)))
    assert {"constant", "wrong_scale"} <= {kind.replace("-", "_") for kind in found}


@pytest.mark.parametrize("n_samples", [None, 7])
def test_a_sensor_that_is_stuck_for_a_while_is_noticed_with_how_long(n_samples):
    accel_g = rest(300.0)
    accel_g[10_000:19_000] = accel_g[10_000]
    found = check(accel_g, n_samples=n_samples)
    assert set(found) == {"constant"}
    assert found["constant"].severity is Severity.WARNING
    assert any(f"{seconds} s" in found["constant"].text for seconds in (89, 90))


def test_a_coarse_sensor_that_stands_still_for_half_a_minute_is_not_stuck():
    accel_g = rest(300.0)
    accel_g[10_000:13_000] = accel_g[10_000]
    assert check(accel_g) == {}


@pytest.mark.parametrize("scale", [9.80665, 0.5, 1000.0, 16384.0, 0.001])
def test_wrong_unit_shows_at_rest(scale):
    [finding] = [f for kind, f in check(scale * rest()).items() if "scale" in kind]
    assert finding.severity is Severity.WARNING
    assert "1 g" in finding.text


@pytest.mark.parametrize("scale", [0.9, 1.1])
def test_a_sensor_that_is_a_tenth_off_is_not_called_wrong(scale):
    assert check(scale * rest()) == {}


def test_hours_of_movement_do_not_hide_the_scale_nor_break_it():
    times_s = make_times(200.0)
    stir = np.outer(0.8 * np.sin(2 * np.pi * 1.3 * times_s), (1.0, 0.3, 0.0))
    assert check(make_accel(times_s, noise_g=0.05) + stir) == {}


@pytest.mark.parametrize("limit_g", [2.0, 4.0])
@pytest.mark.parametrize("n_samples", [None, 100, 10, 1])
def test_clipped_samples_are_noticed_however_they_come(limit_g, n_samples):
    accel_g = clipped_at(2.0) * limit_g / 2.0
    found = check(accel_g, n_samples=n_samples)
    assert f"{limit_g:g} g" in found["clipped"].text


def test_one_larger_sample_on_another_axis_does_not_hide_clipping():
    accel_g = clipped_at(2.0)
    accel_g[5500, 0] = 2.05
    assert "clipped" in check(accel_g)


def test_a_single_strong_knock_is_not_clipping():
    accel_g = rest()
    accel_g[5000] = [0.0, 7.9, 0.0]
    assert check(accel_g) == {}


def test_what_is_found_does_not_depend_on_how_samples_come():
    accel_g = clipped_at(2.0)
    assert check(accel_g, n_samples=100) == check(accel_g, n_samples=13) == check(accel_g)
