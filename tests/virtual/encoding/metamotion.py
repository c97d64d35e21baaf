"""Encoding of the packets of a MetaMotion."""

from __future__ import annotations

import struct

from clonus_sense.model import FloatArray
from clonus_sense.sensors import metamotion
from tests.virtual.encoding.int16 import to_int16


def encode_packed(accel_g: FloatArray, *, range_g: int, implementation: int = 4) -> bytes:
    """Encode three samples; ``implementation`` 1 is the R and RL, 4 the S."""
    return metamotion.ACCELEROMETERS[implementation].packed + to_int16(accel_g, range_g / 32768)


def encode_single(accel_g: FloatArray, *, range_g: int) -> bytes:
    """Encode one sample, of shape ``(1, 3)``."""
    return metamotion.SINGLE + to_int16(accel_g, range_g / 32768)


def encode_accounted(accel_g: FloatArray, *, number: int, range_g: int, processor: int = 0) -> bytes:
    """Encode one sample, of shape ``(1, 3)``, behind its count or tick, which wraps."""
    head = metamotion.ACCOUNTED + bytes([processor]) + struct.pack("<I", number % (1 << 32))
    return head + to_int16(accel_g, range_g / 32768)


def encode_battery(percent: int, voltage_mv: int) -> bytes:
    """Encode the answer to a request for the battery."""
    return metamotion.BATTERY + bytes([percent]) + struct.pack("<H", voltage_mv)


def encode_implementation(implementation: int) -> bytes:
    """Encode the answer to a request for the type of the accelerometer."""
    return metamotion.IMPLEMENTATION + bytes([implementation, 0])


def encode_new_processor(processor: int) -> bytes:
    """Encode the answer to the creation of an accounter."""
    return metamotion.NEW_PROCESSOR + bytes([processor])
