"""Walks built from their answer: strides that resemble one another, with bouts added at stated times."""

from __future__ import annotations

import numpy as np

from clonus_sense.detection.filters import design_wide_band
from tests.detection.builders import UP

HZ = 50.0

STRIDE_S = 1.1
# Shares of the first eight harmonics of a stride on three axes: slow swing and sharp footfall.
SHARES = np.array([[1.0, 0.7, 0.5, 0.4, 0.5, 0.4, 0.3, 0.2], [0.5, 0.8, 0.3, 0.5, 0.2, 0.3, 0.3, 0.2]])


def make_walk_g(times_s, *, stride_s=STRIDE_S, size_g=0.25, variation=0.15, seed=0):
    """Acceleration of a leg that walks: each harmonic differs by chance from stride to stride by ``variation``."""
    rng = np.random.default_rng(seed)
    n_strides = int(times_s[-1] / stride_s) + 2
    lengths_s = stride_s * (1.0 + 0.02 * rng.standard_normal(n_strides))
    phase = np.interp(times_s, np.concatenate([[0.0], np.cumsum(lengths_s)]), np.arange(n_strides + 1))
    walk_g = np.zeros((len(times_s), 3))
    for harmonic in range(1, 9):
        level = 1.0 + variation * rng.standard_normal(n_strides + 1)
        sizes_g = size_g * np.interp(phase, np.arange(n_strides + 1), level)
        for axis, share in zip((0, 2), SHARES[:, harmonic - 1], strict=True):
            walk_g[:, axis] += (
                share * sizes_g * np.cos(2 * np.pi * (harmonic * phase + 0.13 * harmonic**2 + 0.2 * axis))
            )
    return walk_g + UP


def band_pass(low_g):
    """The movement from 2.5 to 12.5 Hz, as the detector has it."""
    taps = design_wide_band(HZ)
    return np.column_stack([np.convolve(low_g[:, axis] - low_g[:, axis].mean(), taps, "same") for axis in range(3)])
