from __future__ import annotations

import numpy as np
import pytest

from clonus_sense.detection.filters import choose_working_rate
from clonus_sense.detection.working_clock import KEPT_KNOTS, WorkingClock
from clonus_sense.model import SampleBatch, Stretch


def make_clock(times_s, fs_hz, *, n_samples=None, forget=False):
    stretch = Stretch(0, fs_hz)
    clock = WorkingClock(stretch, choose_working_rate(fs_hz))
    whole = SampleBatch(stretch, 0, np.zeros((len(times_s), 3)), times_s[:: stretch.knot_every])
    for part in whole.cut(list(range(0, len(times_s), n_samples or len(times_s)))):
        clock.add(part)
        if forget:
            clock.forget()
    return clock


@pytest.mark.parametrize(("fs_hz", "samples_per_working"), [(25.0, 0.5), (52.0, 1.0), (100.0, 2.0), (400.0, 8.0)])
def test_working_indices_become_the_sensors_true_seconds(fs_hz, samples_per_working):
    times_s = 5.0 + np.arange(round(20 * fs_hz)) / (1.02 * fs_hz)
    index = np.array([0.0, 33.3, 700.0])
    expected = 5.0 + index * samples_per_working / (1.02 * fs_hz)
    assert np.allclose(make_clock(times_s, fs_hz).find_seconds(index), expected, atol=1e-9)


def test_stretch_ends_a_period_after_its_last_sample():
    clock = make_clock(3.0 + np.arange(1000) / 50.0, 50.0)
    assert clock.end_s == pytest.approx(23.0)


@pytest.mark.parametrize("n_samples", [1, 2, 10])
def test_stretch_of_a_few_samples_ends_by_the_nominal_rate(n_samples):
    clock = make_clock(7.0 + np.arange(n_samples) / 50.0, 50.0)
    assert clock.end_s == pytest.approx(7.0 + n_samples / 50.0)


def test_forgetting_changes_no_time_that_is_still_needed():
    even_s = np.arange(50_000) / 50.0
    times_s = even_s + 0.02 * np.sin(even_s / 7.0)
    all_kept = make_clock(times_s, 50.0)
    forgetful = make_clock(times_s, 50.0, n_samples=50, forget=True)
    recent = 50_000 - np.linspace(0.3, (KEPT_KNOTS - 1) * 25, 1000)
    assert np.array_equal(forgetful.find_seconds(recent), all_kept.find_seconds(recent))
