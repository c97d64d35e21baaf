"""Driver of MbientLab MetaMotion S, R and RL by their published protocol.

Its plain stream carries neither stamp nor counter.  The accounter, a processor inside the sensor, puts a running count
or a tick before each sample, at the cost of one notification per sample.  The packed stream holds three samples per
notification and neither count nor tick.
"""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass
from enum import StrEnum

from clonus_sense.errors import PacketError, SensorLostError, SensorRefusedError
from clonus_sense.i18n import Phrase, message
from clonus_sense.sensors.bytes_to_g import decode_int16
from clonus_sense.sensors.commands import Commands, WaitFor, Write
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

SERVICE = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND = "326a9001-85cb-9195-d9dd-464cfbbae75a"
NOTIFY = "326a9006-85cb-9195-d9dd-464cfbbae75a"

ACCELEROMETER, PROCESSOR, EVENTS, LOGGING, SETTINGS = 0x03, 0x09, 0x0A, 0x0B, 0x11
# From the published protocol.  It stops the light, which blinks otherwise; a light at night wakes people.
LED_OFF = bytes([0x02, 0x02, 0x01])
READ_BIT = 0x80
SINGLE = bytes([ACCELEROMETER, 0x04])
ACCOUNTED = bytes([PROCESSOR, 0x03])
BATTERY = bytes([SETTINGS, 0x0C | READ_BIT])
IMPLEMENTATION = bytes([ACCELEROMETER, READ_BIT])
NEW_PROCESSOR = bytes([PROCESSOR, 0x02])
_ANSWERS = (IMPLEMENTATION, NEW_PROCESSOR)

SAMPLE_BYTES = 6
PACKED_SAMPLES = 3
# Unit of the accounter's tick in the maker's software; not yet checked on a sensor.
TICK_S = 48 / 32768
_ANSWER_TIMEOUT_S = 5.0
_BATTERY_BYTES = 5


class MetaMotionMode(StrEnum):
    """The number that the sensor sends with each sample."""

    COUNT = "count"
    """A running count: it shows exactly how many samples were lost."""
    TICK = "tick"
    """The sensor's own time."""
    PACKED = "packed"
    """No number, but three samples in a notification: a third of the notifications."""


@dataclass(frozen=True, slots=True)
class Accelerometer:
    """One of the two accelerometer chips; ``packed`` holds the first two bytes of a notification of three samples."""

    packed: bytes
    rate_codes: dict[float, int]
    range_codes: dict[int, int]


ACCELEROMETERS = {
    1: Accelerometer(
        packed=bytes([ACCELEROMETER, 0x1C]),
        rate_codes={12.5: 0x25, 25.0: 0x26, 50.0: 0x27, 100.0: 0x28, 200.0: 0x29},
        range_codes={2: 0x03, 4: 0x05, 8: 0x08, 16: 0x0C},
    ),
    4: Accelerometer(
        packed=bytes([ACCELEROMETER, 0x05]),
        rate_codes={12.5: 0xA5, 25.0: 0xA6, 50.0: 0xA7, 100.0: 0xA8, 200.0: 0xA9},
        range_codes={2: 0x00, 4: 0x01, 8: 0x02, 16: 0x03},
    ),
}
"""By the sensor's chip number: BMI160 of the R and RL, BMI270 of the S."""


class MetaMotionDriver:
    """One connection to a MetaMotion."""

    def __init__(self, request: StreamRequest, *, mode: MetaMotionMode = MetaMotionMode.COUNT) -> None:
        self._mode = mode
        codes = ACCELEROMETERS[4]
        wanted_hz = request.rate_hz or META_MOTION.rates_hz[0]
        self._rate_hz = min(codes.rate_codes, key=lambda rate_hz: abs(rate_hz - wanted_hz))
        self._range_g = min(codes.range_codes, key=lambda range_g: abs(range_g - request.range_g))
        self._processor = 0
        self._chip = codes
        self.n_bad_packets = 0

    def start(self) -> Commands[StreamFormat]:
        """Identify the chip, clear the settings of earlier sessions, switch the light off, set up, start."""
        answer = yield from _ask(IMPLEMENTATION, IMPLEMENTATION)
        chip = ACCELEROMETERS.get(answer[2])
        if chip is None:
            raise SensorRefusedError(
                Phrase(
                    message(
                        "the sensor has an accelerometer of an unknown kind ({kind}); this driver is for S, R and RL."
                    ),
                    kind=answer[2],
                ),
                status=answer[2],
            )
        self._chip = chip
        yield from self._clear()
        yield _command(LED_OFF)
        codes = bytes([chip.rate_codes[self._rate_hz], chip.range_codes[self._range_g]])
        yield _command(bytes([ACCELEROMETER, 0x03]) + codes)
        if self._mode is MetaMotionMode.PACKED:
            yield _command(chip.packed + b"\x01")
        else:
            yield from self._add_accounter()
        # Notification, interrupt and power have a switch each; all three must be on.
        yield _command(bytes([ACCELEROMETER, 0x02, 0x01, 0x00]))
        yield _command(bytes([ACCELEROMETER, 0x01, 0x01]))
        return StreamFormat(
            fs_hz=self._rate_hz,
            range_g=float(self._range_g),
            step_g=self._range_g / 32768,
            tick_s=TICK_S if self._mode is MetaMotionMode.TICK else None,
            stamp_bits=32,
            index_bits=32 if self._mode is MetaMotionMode.COUNT else None,
            # Each connection makes a new accounter, and without a connection the sensor samples nothing.
            counts_anew=self._mode is MetaMotionMode.COUNT,
        )

    def stop(self) -> Commands[None]:
        """Switch the accelerometer off."""
        yield _command(bytes([ACCELEROMETER, 0x01, 0x00]))
        yield _command(bytes([ACCELEROMETER, 0x02, 0x00, 0x01]))
        yield from self._clear()

    def battery(self) -> Commands[int | None]:
        """Read the charge in per cent."""
        answer = yield from _ask(BATTERY, BATTERY)
        return answer[2] if answer[2] <= 100 else None

    def receive(self, characteristic: str, data: bytes, arrival_s: float) -> Received:
        """Decode one notification; see :class:`~clonus_sense.sensors.family.SensorDriver`."""
        if characteristic != NOTIFY:
            return ()
        try:
            return self._decode(data, arrival_s)
        except PacketError as error:
            self.n_bad_packets += 1
            logger.warning("bad packet of %d bytes: %s", len(data), error)
            return ()

    def _clear(self) -> Commands[None]:
        """Remove processors, events and loggers, and end all subscriptions, because these survive a disconnect."""
        for head in (b"\x09\x08", b"\x0a\x05", b"\x0b\x0a", SINGLE + b"\x00", self._chip.packed + b"\x00"):
            yield _command(head)

    def _add_accounter(self) -> Commands[None]:
        """Set the sensor up to put a count or a tick before each sample."""
        kind = 0x30 if self._mode is MetaMotionMode.COUNT else 0x31
        request = NEW_PROCESSOR + bytes([*SINGLE, 0xFF, 0xA0, 0x11, kind, 0x03])
        answer = yield from _ask(request, NEW_PROCESSOR)
        self._processor = answer[2]
        yield _command(bytes([PROCESSOR, 0x03, 0x01]))
        yield _command(bytes([PROCESSOR, 0x07, self._processor, 0x01]))

    def _decode(self, data: bytes, arrival_s: float) -> Received:
        """Decode a notification by its module and register."""
        head = data[:2]
        if head == ACCOUNTED:
            return (self._decode_accounted(data, arrival_s),)
        if head in (SINGLE, self._chip.packed):
            n_samples = 1 if head == SINGLE else PACKED_SAMPLES
            if len(data) != len(head) + n_samples * SAMPLE_BYTES:
                raise PacketError(f"{len(data)} bytes cannot hold {n_samples} samples.")
            return (self._packet(data[2:], arrival_s),)
        if head == BATTERY and len(data) == _BATTERY_BYTES and data[2] <= 100:
            return (SensorEvent(SensorEventKind.BATTERY, arrival_s, data[2]),)
        if head in _ANSWERS and len(data) > len(head):
            return ()
        raise PacketError("it comes from no part of the sensor that was asked.")

    def _decode_accounted(self, data: bytes, arrival_s: float) -> SensorPacket:
        """Decode a count or tick and one sample."""
        if len(data) != 7 + SAMPLE_BYTES or data[2] != self._processor:
            raise PacketError("it is no sample of the accounter that was set up.")
        (number,) = struct.unpack_from("<I", data, 3)
        return self._packet(data[7:], arrival_s, number)

    def _packet(self, samples: bytes, arrival_s: float, number: int | None = None) -> SensorPacket:
        """Make a packet of samples, with its count or tick if there is one."""
        decoded = decode_int16(samples, self._range_g / 32768)
        counts = self._mode is MetaMotionMode.COUNT
        return SensorPacket(
            decoded.accel_g,
            arrival_s,
            stamp_ticks=None if counts else number,
            first_index=number if counts else None,
            flags=PacketFlag.CLIPPED if decoded.clipped else NO_FLAGS,
        )


def _command(data: bytes) -> Write:
    """Make a write without response, as this sensor requires."""
    return Write(COMMAND, data, with_response=False)


def _ask(request: bytes, prefix: bytes) -> Commands[bytes]:
    """Write a request and wait for its answer."""
    yield _command(request)
    answer = yield WaitFor(NOTIFY, prefix, _ANSWER_TIMEOUT_S)
    if answer is None or len(answer) < 3:
        raise SensorLostError(message("the sensor does not answer; switch it off and on again."))
    return answer


META_MOTION = SensorFamily(
    key="metamotion",
    name="MbientLab MetaMotion S / R / RL",
    name_pattern=r"MetaWear",
    service_uuids=(SERVICE,),
    subscriptions=(NOTIFY,),
    rates_hz=(50.0, 100.0, 25.0),
    has_battery_service=False,
    preparation=(
        message("Charge the sensor fully right before the night: it lasts about 13 hours by its maker's arithmetic."),
        message("Close the maker's app, which would hold the connection."),
    ),
    suits_nights=True,
    make_driver=MetaMotionDriver,
)
