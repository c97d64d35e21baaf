"""Epochs written by hand, and epochs of recordings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from clonus_sense.activity import ActivityBuilder, Epoch, WearState
from clonus_sense.model import SampleBatch, Stretch

UP = (0.0, 0.0, 1.0)
NOISE_G = 0.003


class WearTimes(NamedTuple):
    """How much of a recording is in which state."""

    worn_s: float
    not_confirmed_s: float
    not_measured_s: float


def make_epoch(number, *, movement_g=NOISE_G, gravity=UP, sway_ratio=1.0, still=None, **given):
    """One epoch; still if it shows noise alone, worn if it shows anything."""
    missing = movement_g is None
    values = {
        "measured_s": 0.0 if missing else 30.0,
        "handling_deg": None if missing else 2.0,
        "state": WearState.NOT_MEASURED if missing else WearState.MEASURED_AND_WORN,
    }
    return Epoch(
        start_s=30.0 * number,
        movement_g=movement_g,
        gravity=None if missing else gravity,
        sway_ratio=None if missing else sway_ratio,
        still=movement_g == NOISE_G if still is None else still,
        **(values | given),
    )


def make_epochs(*parts):
    """Epochs of several parts, each ``(minutes, what make_epoch takes)``."""
    epochs = []
    for minutes, kwargs in parts:
        epochs += [make_epoch(len(epochs) + k, **kwargs) for k in range(round(2 * minutes))]
    return epochs


def tilted(angle_deg):
    """A direction so far from ``UP``."""
    return (float(np.sin(np.radians(angle_deg))), 0.0, float(np.cos(np.radians(angle_deg))))


def build(batches, step_g=0.0):
    builder = ActivityBuilder(step_g)
    for batch in batches:
        builder.add(batch)
    return builder.build()


def make_stretch(accel_g, fs_hz, *, number=0, start_s=0.0, rate_error=0.0):
    """One whole stretch as a batch; the sensor may be faster than it says."""
    stretch = Stretch(number, fs_hz)
    knots_s = start_s + np.arange(0, len(accel_g), stretch.knot_every) / (fs_hz * (1 + rate_error))
    return SampleBatch(stretch, 0, np.asfortranarray(accel_g), knots_s)


def make_noise(n_samples, *, noise_g=NOISE_G, seed=0):
    """A still sensor."""
    return np.array(UP) + noise_g * np.random.default_rng(seed).standard_normal((n_samples, 3))


def measure_wear(epochs, duration_s):
    """Seconds in each state."""
    worn_s = sum(epoch.measured_s for epoch in epochs if epoch.is_worn)
    not_confirmed_s = sum(epoch.measured_s for epoch in epochs if epoch.state is WearState.WEAR_NOT_CONFIRMED)
    return WearTimes(worn_s, not_confirmed_s, max(duration_s - worn_s - not_confirmed_s, 0.0))
