"""Encoding of the packets of a sensor with the open profile."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from clonus_sense.model import FloatArray
from clonus_sense.sensors import open_packet
from clonus_sense.sensors import open_profile as profile
from clonus_sense.sensors.packet import NO_FLAGS, PacketFlag

_MOST_RAW, _LEAST_RAW = 32767, -32768


def _to_raw(accel_g: FloatArray, step_g: float) -> NDArray[np.int16]:
    """Convert acceleration in g to the transmitted numbers, clipped at both ends."""
    # A night has 57 600 packets, and np.clip is slower than these two calls.
    raw = np.minimum(np.maximum(np.rint(accel_g / step_g), _LEAST_RAW), _MOST_RAW)
    return raw.astype("<i2")


@cache
def _byte_of(flags: PacketFlag) -> int:
    """Encode flags as bits."""
    return sum(bit for bit, flag in open_packet.FLAGS.items() if flag in flags)


def encode_data(
    accel_g: FloatArray,
    *,
    first_index: int,
    stamp_us: int,
    boot_id: int,
    range_g: int = 8,
    flags: PacketFlag = NO_FLAGS,
    version: int = 1,
) -> bytes:
    """Encode a DATA packet."""
    raw = _to_raw(accel_g, range_g / 32768)
    if raw.max() == _MOST_RAW or raw.min() == _LEAST_RAW:
        flags |= PacketFlag.CLIPPED
    kind = open_packet.VERSION_1 if version == 1 else open_packet.VERSION_2
    head = open_packet.DATA_HEAD.pack(
        kind, _byte_of(flags), boot_id, first_index % (1 << 32), stamp_us, len(raw), range_g
    )
    data = head + raw.tobytes()
    return data if version == 1 else data + open_packet.CRC.pack(open_packet.crc_16(data))


def encode_info(*, boot_id: int, ring_capacity_samples: int, uptime_us: int, has_checksum: bool = False) -> bytes:
    """Encode INFO of a sensor with all rates and ranges; with a ring capacity above 0 it can replay."""
    return profile.INFO_VALUE.pack(
        1,
        int(has_checksum),
        boot_id,
        0b1001 if ring_capacity_samples else 0b1000,
        0b1111,
        0b1111,
        0b11 if has_checksum else 0b01,
        ring_capacity_samples,
        uptime_us,
    )


def encode_config(
    *, rate_hz: float, range_g: int, batch: int, has_checksum: bool = False, saves_power: bool = False
) -> bytes:
    """Encode the value of CONFIG."""
    return profile.CONFIG_VALUE.pack(round(rate_hz * 10), range_g, int(has_checksum), batch, int(saves_power), 0)


def encode_answer(request: bytes, status: int, arguments: bytes = b"") -> bytes:
    """Encode the indication that answers a write to CONTROL."""
    return bytes([profile.ANSWER, *request[:2], status]) + arguments


def encode_event(kind: int, argument: int, *, boot_id: int, number: int, stamp_us: int) -> bytes:
    """Encode an EVENT: kinds 1 boot, 2 marker, 3 wear, 4 low battery, 5 charger, 6 stopped, 7 replay done."""
    return open_packet.EVENT_VALUE.pack(kind, argument, boot_id, number, stamp_us)
