"""Driver of WitMotion WT901BLE and its relatives: a stream of 20-byte packets without stamp, counter or checksum."""

from __future__ import annotations

import logging

import numpy as np

from clonus_sense.i18n import message
from clonus_sense.sensors.bytes_to_g import decode_int16
from clonus_sense.sensors.commands import Commands, Sleep, Write
from clonus_sense.sensors.family import Received, SensorFamily, StreamRequest
from clonus_sense.sensors.packet import (
    NO_FLAGS,
    PacketFlag,
    SensorEvent,
    SensorEventKind,
    SensorPacket,
    StreamFormat,
)

logger = logging.getLogger(__name__)

# "9a" is the maker's own base UUID; the standard base has "9b".
SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
NOTIFY = "0000ffe4-0000-1000-8000-00805f9a34fb"
COMMAND = "0000ffe9-0000-1000-8000-00805f9a34fb"

START_BYTE, MOTION, REGISTERS = 0x55, 0x61, 0x71
PACKET_BYTES = 20
_HEAD_BYTES = 2
_ACCEL_END = 8
RANGE_G = 16.0
# Codes above 50 Hz differ between models; 0x09 gave 100 Hz on this one.
RATE_CODES = {50.0: 0x08, 100.0: 0x09, 20.0: 0x07, 10.0: 0x06}
_UNLOCK = bytes.fromhex("ffaa6988b5")
_SAVE = bytes.fromhex("ffaa000000")
_BATTERY_REGISTER = 0x64
_BETWEEN_COMMANDS_S = 0.1
_ANSWER_WITHIN_S = 0.5
# From the maker's table: volts and per cent.
_BATTERY_V = (3.40, 3.50, 3.68, 3.70, 3.73, 3.77, 3.79, 3.82, 3.87, 3.93, 3.96, 3.99)
_BATTERY_PERCENT = (0, 5, 10, 15, 20, 30, 40, 50, 60, 75, 90, 100)


class WitMotionDriver:
    """One connection to a WitMotion sensor.

    Notifications form a stream of bytes: one may hold part of a packet, or several packets.
    """

    def __init__(self, request: StreamRequest) -> None:
        wanted_hz = request.rate_hz or WITMOTION.rates_hz[0]
        self._rate_hz = min(RATE_CODES, key=lambda rate_hz: abs(rate_hz - wanted_hz))
        self._rest = b""
        self._in_step = True
        self._battery_percent: int | None = None
        self.n_bad_packets = 0

    def start(self) -> Commands[StreamFormat]:
        """Set the rate; the sensor streams as soon as it is connected."""
        rate = bytes([0xFF, 0xAA, 0x03, RATE_CODES[self._rate_hz], 0x00])
        for command in (_UNLOCK, rate, _SAVE):
            yield Write(COMMAND, command, with_response=False)
            yield Sleep(_BETWEEN_COMMANDS_S)
        return StreamFormat(fs_hz=self._rate_hz, range_g=RANGE_G, step_g=RANGE_G / 32768)

    def stop(self) -> Commands[None]:
        """Do nothing, because the stream ends with the connection."""
        yield from ()

    def battery(self) -> Commands[int | None]:
        """Request the voltage; the answer comes within the stream."""
        yield Write(COMMAND, bytes([0xFF, 0xAA, 0x27, _BATTERY_REGISTER, 0x00]), with_response=False)
        yield Sleep(_ANSWER_WITHIN_S)
        return self._battery_percent

    def receive(self, characteristic: str, data: bytes, arrival_s: float) -> Received:
        """Decode one notification; see :class:`~clonus_sense.sensors.family.SensorDriver`."""
        if characteristic != NOTIFY:
            return ()
        packets = self._cut(self._rest + data)
        received: list[SensorPacket | SensorEvent] = []
        motion = b"".join(packet[_HEAD_BYTES:_ACCEL_END] for packet in packets if packet[1] == MOTION)
        if motion:
            samples = decode_int16(motion, RANGE_G / 32768)
            flags = PacketFlag.CLIPPED if samples.clipped else NO_FLAGS
            received.append(SensorPacket(samples.accel_g, arrival_s, flags=flags))
        for packet in packets:
            if packet[1] == REGISTERS and packet[2] == _BATTERY_REGISTER and packet[3] == 0:
                self._battery_percent = battery_percent(int.from_bytes(packet[4:6], "little") / 100)
                received.append(SensorEvent(SensorEventKind.BATTERY, arrival_s, self._battery_percent))
        return received

    def _cut(self, stream: bytes) -> list[bytes]:
        """Cut the stream into packets and keep the remaining bytes."""
        packets = []
        at = 0
        while len(stream) - at >= PACKET_BYTES:
            if _begins_packet(stream, at) and _is_followed(stream, at + PACKET_BYTES):
                packets.append(stream[at : at + PACKET_BYTES])
                self._in_step = True
                at += PACKET_BYTES
                continue
            if self._in_step:
                self.n_bad_packets += 1
                self._in_step = False
                logger.warning("bytes that begin no packet; searching for the next one")
            at += 1
        self._rest = stream[at:]
        return packets


def _begins_packet(stream: bytes, at: int) -> bool:
    """Whether a packet seems to begin here."""
    return stream[at] == START_BYTE and stream[at + 1] in (MOTION, REGISTERS)


def _is_followed(stream: bytes, at: int) -> bool:
    """Whether the stream ends here or a packet follows: two matching bytes alone prove nothing."""
    return len(stream) < at + _HEAD_BYTES or _begins_packet(stream, at)


def battery_percent(voltage_v: float) -> int:
    """Charge in per cent, from the maker's table."""
    return round(float(np.interp(voltage_v, _BATTERY_V, _BATTERY_PERCENT)))


WITMOTION = SensorFamily(
    key="witmotion",
    name="WitMotion WT901BLE / WT9011DCL",
    name_pattern=r"WT.+",
    service_uuids=(SERVICE,),
    subscriptions=(NOTIFY,),
    rates_hz=(50.0, 100.0, 20.0),
    has_battery_service=False,
    preparation=(message("Charge the sensor fully and switch it on."),),
    # It sends no time, and its battery life while streaming is unknown.
    suits_nights=False,
    make_driver=WitMotionDriver,
)
