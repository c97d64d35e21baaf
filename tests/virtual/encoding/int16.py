"""Acceleration as little-endian int16, the format of most sensors."""

from __future__ import annotations

import numpy as np

from clonus_sense.model import FloatArray


def to_int16(accel_g: FloatArray, step_g: float) -> bytes:
    """Encode acceleration in g as little-endian int16, clipped at both ends."""
    return np.clip(np.rint(accel_g / step_g), -32768, 32767).astype("<i2").tobytes()
