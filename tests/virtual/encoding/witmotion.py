"""Encoding of the packets of a WitMotion sensor."""

from __future__ import annotations

from clonus_sense.model import FloatArray
from clonus_sense.sensors import witmotion
from tests.virtual.encoding.int16 import to_int16

# Angular velocity and angles, which the driver ignores.
_OTHER_VALUES = bytes(12)


def encode_motion(accel_g: FloatArray) -> bytes:
    """Encode samples of shape ``(n_samples, 3)`` as consecutive packets of 20 bytes."""
    head = bytes([witmotion.START_BYTE, witmotion.MOTION])
    step_g = witmotion.RANGE_G / 32768
    return b"".join(head + to_int16(sample, step_g) + _OTHER_VALUES for sample in accel_g)


def encode_battery(voltage_v: float) -> bytes:
    """Encode the answer to a request for the battery."""
    value = round(voltage_v * 100).to_bytes(2, "little")
    return bytes([witmotion.START_BYTE, witmotion.REGISTERS, 0x64, 0x00]) + value + bytes(14)
