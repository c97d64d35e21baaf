"""Encoding of the packets of a Polar sensor."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray
from clonus_sense.sensors import polar
from clonus_sense.sensors.polar_frame import ACCELERATION, COMPRESSED, FRAME_HEAD

RAW_MG = 0x01
COMPRESSED_MG = COMPRESSED | 0x01
_G_PER_MG = 1e-3
# A block counts its differences in one byte.
_MOST_IN_BLOCK = 255
_VALUE_BYTES = {0: 1, 1: 2, 2: 3}


def encode_frame(
    accel_g: FloatArray, *, stamp_ns: int, kind: int = COMPRESSED_MG, step_g: float = _G_PER_MG, block_samples: int = 10
) -> bytes:
    """Encode a notification of acceleration.

    Parameters
    ----------
    accel_g
        Acceleration, in g, shape ``(n_samples, 3)``, at least one sample.
    stamp_ns
        Device time of the last sample.
    kind
        0, 1, 2: raw values of that many bytes and one more; 0x80, 0x81: compressed.
    step_g
        Size of one count; the factor for 0x80, one mg for all others.
    block_samples
        Differences in each compressed block; each block is as wide as its largest difference needs.

    Returns
    -------
    bytes
        The notification.
    """
    counts = np.rint(accel_g / step_g).astype(np.int64)
    head = FRAME_HEAD.pack(ACCELERATION, stamp_ns, kind)
    if kind & COMPRESSED:
        return head + _compress(counts, min(block_samples, _MOST_IN_BLOCK))
    n_bytes = _VALUE_BYTES[kind]
    little_endian = counts.astype("<i8").view(np.uint8).reshape(-1, 8)[:, :n_bytes]
    return head + little_endian.tobytes()


def _compress(counts: NDArray[np.int64], block_samples: int) -> bytes:
    """Encode the reference sample and blocks of differences."""
    deltas = np.diff(counts, axis=0)
    blocks = [deltas[start : start + block_samples] for start in range(0, len(deltas), block_samples)]
    reference: bytes = counts[0].astype("<i2").tobytes()
    return reference + b"".join(_pack_block(block) for block in blocks)


def _pack_block(deltas: NDArray[np.int64]) -> bytes:
    """Encode one block: width, count and the differences, least significant bit first."""
    largest = int(max(deltas.max(), -1 - deltas.min()))
    width = largest.bit_length() + 1
    bits = (deltas.reshape(-1, 1) >> np.arange(width)) & 1
    packed = np.packbits(bits.astype(np.uint8).ravel(), bitorder="little")
    return bytes([width, len(deltas)]) + packed.tobytes()


def encode_features(*, sdk_mode: bool) -> bytes:
    """Encode the value of the control point for a sensor that measures acceleration."""
    return bytes([polar.FEATURES, 1 << ACCELERATION, 0b10 if sdk_mode else 0, *bytes(14)])


def encode_settings(settings: polar.PolarSettings) -> bytes:
    """Encode the settings that a sensor offers, without a factor."""
    kinds = (
        (polar.SETTING_RATE, settings.rates_hz, "H"),
        (polar.SETTING_BITS, settings.bits, "H"),
        (polar.SETTING_RANGE, settings.ranges_g, "H"),
        (polar.SETTING_CHANNELS, settings.channels, "B"),
    )
    return b"".join(
        bytes([kind, len(values)]) + struct.pack(f"<{len(values)}{code}", *values)
        for kind, values, code in kinds
        if values
    )


def encode_factor(factor: float) -> bytes:
    """Encode the factor that some firmware adds to its answer to the start."""
    return bytes([polar.SETTING_FACTOR, 1]) + struct.pack("<f", factor)


def encode_answer(request: bytes, status: int, content: bytes = b"", *, more: bool = False) -> bytes:
    """Encode the indication that answers a command."""
    return bytes([polar.ANSWER, *request[:2], status, int(more)]) + content


def encode_stopped() -> bytes:
    """Encode the indication that the sensor has ended acceleration."""
    return bytes([polar.STOPPED_BY_SENSOR, ACCELERATION])
