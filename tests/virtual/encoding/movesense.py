"""Encoding of the packets of a Movesense sensor."""

from __future__ import annotations

import struct

from clonus_sense.model import FloatArray
from clonus_sense.sensors import movesense

# Largest notification of a sensor with an MTU of 161.
MOST_BYTES = 158


def encode_data(accel_g: FloatArray, *, stamp_ms: int, most_bytes: int = MOST_BYTES) -> list[bytes]:
    """Encode samples in one notification, or in two if they do not fit; ``stamp_ms`` of the first sample wraps."""
    values = (accel_g * movesense.STANDARD_GRAVITY_M_S2).astype("<f4").tobytes()
    payload = struct.pack("<I", stamp_ms % (1 << 32)) + values
    room = most_bytes - 2
    parts = [bytes([movesense.DATA, movesense.REFERENCE]) + payload[:room]]
    if len(payload) > room:
        parts.append(bytes([movesense.DATA_PART_2, movesense.REFERENCE]) + payload[room:])
    return parts


def encode_answer(request: bytes, status: int = movesense.STATUS_OK) -> bytes:
    """Encode the notification that answers a command."""
    return bytes([movesense.RESPONSE, request[1]]) + struct.pack("<H", status)
