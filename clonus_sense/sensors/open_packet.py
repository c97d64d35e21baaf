"""Notifications of a sensor with the open profile, byte for byte: DATA, versions 1 and 2, and EVENT."""

from __future__ import annotations

import binascii
import struct

from clonus_sense.errors import PacketError
from clonus_sense.sensors.bytes_to_g import decode_int16
from clonus_sense.sensors.family import Received
from clonus_sense.sensors.packet import PacketFlag, SensorEvent, SensorEventKind, SensorPacket

DATA_HEAD = struct.Struct("<BBHIQBB")
EVENT_VALUE = struct.Struct("<BBHIQ")
# High half: version; low half: type 0 (three int16).
VERSION_1, VERSION_2 = 0x10, 0x20
SAMPLE_BYTES = 6
# Version 2 ends with a CRC over all bytes before it: CRC-16/IBM-3740, polynomial 0x1021, initial value 0xFFFF.
CRC = struct.Struct("<H")
_CRC_BEGINS_WITH = 0xFFFF
RANGES_G = (2, 4, 8, 16)
_FULL_PERCENT = 100  # larger values mean that the sensor does not know its charge

FLAGS = {
    0x01: PacketFlag.REPLAYED,
    0x02: PacketFlag.GAP_BEFORE,
    0x04: PacketFlag.CLIPPED,
    0x08: PacketFlag.ON_CHARGER,
    0x10: PacketFlag.LOW_BATTERY,
    0x20: PacketFlag.MARKER,
}
_FLAGS_OF_BYTE = tuple(
    PacketFlag(sum(flag.value for bit, flag in FLAGS.items() if byte & bit)) for byte in range(1 << len(FLAGS))
)


def decode_data(data: bytes, arrival_s: float) -> SensorPacket:
    """Decode a DATA packet."""
    if len(data) < DATA_HEAD.size:
        raise PacketError(f"a data packet of {len(data)} bytes is shorter than its head.")
    kind, flags, boot_id, index, stamp_us, n, range_g = DATA_HEAD.unpack_from(data)
    if kind not in (VERSION_1, VERSION_2):
        raise PacketError(f"a data packet of version and type 0x{kind:02x} is unknown.")
    end = DATA_HEAD.size + SAMPLE_BYTES * n
    if not n or len(data) != end + (CRC.size if kind == VERSION_2 else 0):
        raise PacketError(f"a data packet of {len(data)} bytes cannot hold {n} samples.")
    if kind == VERSION_2 and CRC.unpack_from(data, end) != (crc_16(data[:end]),):
        raise PacketError("a data packet is damaged: its checksum is wrong.")
    if range_g not in RANGES_G:
        raise PacketError(f"a range of {range_g} g does not exist.")
    samples = decode_int16(data[DATA_HEAD.size : end], range_g / 32768)
    # Later versions may add bits; they are ignored here.
    said = _FLAGS_OF_BYTE[flags & (len(_FLAGS_OF_BYTE) - 1)]
    if samples.clipped:
        said |= PacketFlag.CLIPPED
    return SensorPacket(samples.accel_g, arrival_s, stamp_us, index, boot_id, said)


def crc_16(data: bytes) -> int:
    """Compute the checksum that ends a DATA packet of version 2."""
    return binascii.crc_hqx(data, _CRC_BEGINS_WITH)


def decode_event(data: bytes, arrival_s: float, live_from: int | None = None) -> Received:
    """Decode an EVENT, skip unknown kinds, and mark those before sample ``live_from`` as ``before_stream``."""
    if len(data) < EVENT_VALUE.size:
        raise PacketError(f"an event of {len(data)} bytes is too short.")
    number, argument, boot_id, index, stamp_us = EVENT_VALUE.unpack_from(data)
    kinds = {
        1: SensorEventKind.REBOOTED,
        2: SensorEventKind.MARKER,
        3: SensorEventKind.PUT_ON if argument else SensorEventKind.TAKEN_OFF,
        4: SensorEventKind.LOW_BATTERY,
        5: SensorEventKind.ON_CHARGER if argument else SensorEventKind.OFF_CHARGER,
        6: SensorEventKind.STOPPED,
    }
    kind = kinds.get(number)
    if kind is None:
        return ()
    percent = argument if kind is SensorEventKind.LOW_BATTERY and argument <= _FULL_PERCENT else None
    before_stream = live_from is not None and (live_from - index) % (1 << 32) < 1 << 31
    return (SensorEvent(kind, arrival_s, percent, stamp_us, boot_id, before_stream),)
