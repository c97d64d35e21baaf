"""Bytes of samples into g: what all families share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from clonus_sense.model import FloatArray

# No sensor here measures more than 16 g; a value far beyond is damage, and its square must not overflow later.
LARGEST_G = 100.0
_INT16 = np.dtype("<i2")
_INT16_MAX, _INT16_MIN = 32767, -32768
_MAX_BYTES, _MIN_BYTES = b"\xff\x7f", b"\x00\x80"


class DecodedSamples(NamedTuple):
    """Samples of one packet."""

    accel_g: FloatArray
    clipped: bool


def decode_int16(data: bytes, scale_g: float) -> DecodedSamples:
    """Decode little-endian int16 triples whose full scale is the end of the range."""
    raw = np.frombuffer(data, dtype=_INT16)
    # Looking for the bytes of an end first is ten times as quick as looking at the numbers, and mostly finds none.
    clipped = (_MAX_BYTES in data or _MIN_BYTES in data) and bool(raw.max() == _INT16_MAX or raw.min() == _INT16_MIN)
    return DecodedSamples(np.multiply(raw, scale_g).reshape(-1, 3), clipped)


def reaches(accel_g: FloatArray, range_g: float, step_g: float) -> bool:
    """Whether a value stands within one step of the end of the range, where the numbers themselves could go further."""
    return bool(np.abs(accel_g).max() >= range_g - step_g)
