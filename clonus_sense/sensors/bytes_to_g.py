"""Conversion of sample bytes into g, shared by all families."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from clonus_sense.model import FloatArray

# Every sensor here measures at most 16 g; a far larger value is damage, and squaring it would overflow.
LARGEST_G = 100.0
_INT16 = np.dtype("<i2")
_INT16_MAX, _INT16_MIN = 32767, -32768
_MAX_BYTES, _MIN_BYTES = b"\xff\x7f", b"\x00\x80"


class DecodedSamples(NamedTuple):
    """Acceleration of one packet, in g, shape ``(n_samples, 3)``; ``clipped`` if a value is at full scale."""

    accel_g: FloatArray
    clipped: bool


def decode_int16(data: bytes, scale_g: float) -> DecodedSamples:
    """Decode whole little-endian int16 triples; int16 ends at full scale."""
    raw = np.frombuffer(data, dtype=_INT16)
    # The byte search is ten times as fast as comparing the numbers and usually finds no full-scale value.
    clipped = (_MAX_BYTES in data or _MIN_BYTES in data) and bool(raw.max() == _INT16_MAX or raw.min() == _INT16_MIN)
    return DecodedSamples(np.multiply(raw, scale_g).reshape(-1, 3), clipped)


def reaches(accel_g: FloatArray, range_g: float, step_g: float) -> bool:
    """Whether a value lies within one step of the range, for formats whose numbers can exceed the range."""
    return bool(np.abs(accel_g).max() >= range_g - step_g)
