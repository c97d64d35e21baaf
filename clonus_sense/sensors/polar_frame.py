"""Frames of Polar's measurement stream (PMD): raw and delta-compressed acceleration.

Source: Polar's published ``online_measurement.pdf`` and captures; the code is our own.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clonus_sense.errors import PacketError
from clonus_sense.model import FloatArray
from clonus_sense.sensors.bytes_to_g import LARGEST_G

ACCELERATION = 2
FRAME_HEAD = struct.Struct("<BQB")
COMPRESSED = 0x80
REFERENCE_BYTES = 6
BLOCK_HEAD_BYTES = 2
# The two high bits of the type byte do not belong to the type.
_TYPE_MASK = 0x3F
_COMPRESSED_KINDS = (0x80, 0x81)
_RAW_SAMPLE_BYTES = {0: 3, 1: 6, 2: 9}
# The difference of two int16 needs 17 bits; a wider one is damage.
_MOST_DELTA_BITS = 17
_G_PER_MG = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class PolarFrame:
    """One decoded frame; ``stamp_ns`` is the time of its last sample since 2000, by a clock that may be unset."""

    stamp_ns: int
    accel_g: FloatArray


def decode_frame(data: bytes, factor: float = 1.0) -> PolarFrame:
    """Decode a notification of the PMD data characteristic."""
    if len(data) <= FRAME_HEAD.size:
        raise PacketError(f"a frame of {len(data)} bytes holds no sample.")
    measurement, stamp_ns, kind = FRAME_HEAD.unpack_from(data)
    if measurement & _TYPE_MASK != ACCELERATION:
        raise PacketError(f"a frame of measurement {measurement & _TYPE_MASK} was not asked for.")
    if kind not in _RAW_SAMPLE_BYTES and kind not in _COMPRESSED_KINDS:
        raise PacketError(f"frames of type 0x{kind:02x} are unknown.")
    content = data[FRAME_HEAD.size :]
    values = _decompress(content) if kind & COMPRESSED else _decode_raw(content, kind)
    accel_g: FloatArray = values * np.float64(_scale_g(kind, factor))
    if np.abs(accel_g).max() > LARGEST_G:
        raise PacketError("a frame holds values beyond any range.")
    return PolarFrame(stamp_ns, accel_g)


def _scale_g(kind: int, factor: float) -> float:
    """Size of one count in g: the first compressed type counts in steps of the sensor, all others in mg."""
    if kind == COMPRESSED:
        return factor
    return _G_PER_MG * (factor if kind & COMPRESSED else 1.0)


def _decode_raw(content: bytes, kind: int) -> NDArray[np.int64]:
    """Decode triples of 1, 2 or 3 bytes."""
    size = _RAW_SAMPLE_BYTES[kind]
    if len(content) % size:
        raise PacketError(f"{len(content)} bytes are no whole number of samples.")
    n_bytes = size // 3
    # Each value goes into the high bytes of an int32, so that the shift back extends its sign.
    padded = np.zeros((len(content) // n_bytes, 4), dtype=np.uint8)
    padded[:, 4 - n_bytes :] = np.frombuffer(content, dtype=np.uint8).reshape(-1, n_bytes)
    values = padded.view("<i4").ravel() >> (8 * (4 - n_bytes))
    return values.astype(np.int64).reshape(-1, 3)


def _decompress(content: bytes) -> NDArray[np.int64]:
    """Decode a reference sample and the blocks of differences after it."""
    if len(content) < REFERENCE_BYTES:
        raise PacketError("a compressed frame is shorter than its reference sample.")
    parts = [np.frombuffer(content[:REFERENCE_BYTES], dtype="<i2").astype(np.int64).reshape(1, 3)]
    at = REFERENCE_BYTES
    while at < len(content):
        if at + BLOCK_HEAD_BYTES > len(content):
            raise PacketError("a compressed frame ends within the head of a block.")
        width, count = content[at], content[at + 1]
        at += BLOCK_HEAD_BYTES
        n_bytes = -(-width * count * 3 // 8)
        if width > _MOST_DELTA_BITS or at + n_bytes > len(content):
            raise PacketError(f"a block of {count} differences of {width} bits does not fit its frame.")
        parts.append(_unpack_deltas(content[at : at + n_bytes], width, count))
        at += n_bytes
    return np.cumsum(np.concatenate(parts), axis=0)


def _unpack_deltas(block: bytes, width: int, count: int) -> NDArray[np.int64]:
    """Unpack two's complement numbers of ``width`` bits, least significant bit first."""
    if width == 0:
        return np.zeros((count, 3), dtype=np.int64)
    bits = np.unpackbits(np.frombuffer(block, dtype=np.uint8), bitorder="little")[: width * count * 3]
    weights = 1 << np.arange(width, dtype=np.int64)
    weights[-1] = -weights[-1]
    return (bits.reshape(-1, width) @ weights).reshape(-1, 3)
