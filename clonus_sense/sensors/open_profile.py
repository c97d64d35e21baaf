"""Driver of the open Clonus Sense profile, versions 1.0 and 1.1, for own firmware.

Each data packet carries a stamp of the last sample, a running index and a boot number, so every lost sample is known.
The sensor keeps the last minutes and sends them again on request.  Since version 1.1 a packet can end with a checksum
(packets of version 2).  TIME_SYNC is not used: each data packet already pairs the sensor's time with an arrival.
"""

from __future__ import annotations

import contextlib
import logging
import struct

from clonus_sense.errors import PacketError, SensorLostError, SensorRefusedError
from clonus_sense.i18n import Phrase, message
from clonus_sense.sensors.commands import Commands, Read, Sleep, WaitFor, Write
from clonus_sense.sensors.family import Received, SensorFamily, StreamRequest
from clonus_sense.sensors.open_packet import VERSION_1, VERSION_2, decode_data, decode_event
from clonus_sense.sensors.packet import PacketFlag, SensorPacket, StampedSample, StreamFormat

logger = logging.getLogger(__name__)


def _uuid(slot: int) -> str:
    """UUID of one slot of the profile."""
    return f"49a1{slot:04x}-9152-4676-b992-1b225a3fe97d"


SERVICE, INFO, CONFIG, CONTROL, DATA, EVENT = (_uuid(slot) for slot in range(1, 7))

OP_START, OP_STOP, OP_TIME_SYNC, OP_REPLAY, OP_STATUS, OP_IDENTIFY, OP_ERASE, OP_POWER_OFF = range(1, 9)
ANSWER = 0xF0
STATUS_OK, STATUS_ALREADY, STATUS_MTU, STATUS_STATE, STATUS_CHARGER = 0, 6, 10, 12, 13
MODE_LIVE, MODE_LIVE_AND_RECORD = 0, 1

INFO_VALUE = struct.Struct("<BBHIHBBIQ")
CONFIG_VALUE = struct.Struct("<HBBBBH")
RATES_HZ = (26.0, 52.0, 104.0, 208.0)
CAN_REPLAY = 0b11
# A bit of INFO, and values of CONFIG.
CAN_CHECKSUM = 0b10
FORMAT_PLAIN, FORMAT_CHECKSUM = 0, 1
# Head of every answer, largest number of samples in a packet, index of the first live sample.
_START_ANSWER = struct.Struct("<4sBI")

# Samples that fit a notification at an MTU of 517, the largest that hosts agree to, with or without a checksum.
MOST_BATCH = 82
_ANSWER_TIMEOUT_S = 5.0
# The samples before a stop leave within one connection interval; a slow link has four packets in transit.
_REST_TIMEOUT_S = 1.0
# Right after connecting, sensor and host may still negotiate the packet length.
_MTU_TRIES = 3
_MTU_WAIT_S = 1.0

_REFUSALS = {
    STATUS_MTU: message(
        "its packets do not fit this Bluetooth connection (MTU too small); use another Bluetooth adapter."
    ),
    STATUS_STATE: message("it is in the wrong state; switch it off and on again."),
    STATUS_CHARGER: message("it is on its charger; take it off the charger and start again."),
    8: message("it does not offer this rate; choose another."),
    9: message("it does not offer this range; choose another."),
    14: message("its storage is full; erase it."),
}
_UNKNOWN_STATUS = message("it answers with status {status}; switch it off and on again.")


class OpenProfileDriver:
    """One connection to a sensor with the open profile."""

    def __init__(self, request: StreamRequest) -> None:
        self._request = request
        self._token = 0
        self._next_index: int | None = None
        self._live_from: int | None = None
        self._format = FORMAT_PLAIN
        self.n_bad_packets = 0
        self.boot_id: int | None = None
        self.ring_capacity_samples = 0

    def start(self) -> Commands[StreamFormat]:
        """Read the sensor's identity, set rate and range, and start the stream.

        A sensor that kept sampling while the link was lost keeps its settings and continues.
        """
        yield from self._read_info()
        rate_x10, range_g = yield from self._configure()
        answer = yield from self._ask(bytes([OP_START]), bytes([MODE_LIVE_AND_RECORD]))
        for _ in range(_MTU_TRIES):
            if answer[3] != STATUS_MTU:
                break
            yield Sleep(_MTU_WAIT_S)
            answer = yield from self._ask(bytes([OP_START]), bytes([MODE_LIVE_AND_RECORD]))
        if answer[3] not in (STATUS_OK, STATUS_ALREADY):
            raise _refusal_to_start(answer[3])
        if answer[3] == STATUS_OK and len(answer) >= _START_ANSWER.size:
            self._live_from = _START_ANSWER.unpack_from(answer)[-1]
        return StreamFormat(
            fs_hz=rate_x10 / 10,
            range_g=float(range_g),
            step_g=range_g / 32768,
            tick_s=1e-6,
            stamp_bits=64,
            stamped_sample=StampedSample.LAST,
            index_bits=32,
        )

    def stop(self) -> Commands[None]:
        """Stop sampling and wait for the samples before it: they follow the answer, up to the index in it."""
        try:
            answer = yield from self._ask(bytes([OP_STOP]))
            if answer[3] == STATUS_OK and len(answer) >= 8:
                yield from self._wait_for_samples(*struct.unpack_from("<I", answer, 4))
        except SensorLostError as error:
            logger.info("the sensor did not confirm the stop: %s", error)

    def battery(self) -> Commands[int | None]:
        """Read the charge from its status; the standard battery service gives the same."""
        answer = yield from self._ask(bytes([OP_STATUS]))
        if answer[3] != STATUS_OK or len(answer) < 6 or answer[5] > 100:
            return None
        return answer[5]

    def replay(self, first_index: int, count: int) -> Commands[bool]:
        """Request lost samples; returns whether the sensor still has some of them."""
        answer = yield from self._ask(bytes([OP_REPLAY]), struct.pack("<II", first_index % (1 << 32), count))
        if answer[3] == STATUS_STATE:
            raise SensorRefusedError(
                message("the sensor still has much to send again; it is asked later."), status=STATUS_STATE
            )
        if answer[3] != STATUS_OK:
            logger.warning("the sensor does not replay %d samples from %d: status %d", count, first_index, answer[3])
            return False
        return len(answer) < 12 or struct.unpack_from("<I", answer, 8)[0] > 0

    def receive(self, characteristic: str, data: bytes, arrival_s: float) -> Received:
        """Decode one notification; see :class:`~clonus_sense.sensors.family.SensorDriver`."""
        try:
            if characteristic == DATA:
                return (self._live_end(decode_data(data, arrival_s)),)
            if characteristic == EVENT:
                return decode_event(data, arrival_s, self._live_from)
        except PacketError as error:
            self.n_bad_packets += 1
            logger.warning("bad packet of %d bytes: %s", len(data), error)
        return ()

    def _live_end(self, packet: SensorPacket) -> SensorPacket:
        """Note how far the live stream has come."""
        if PacketFlag.REPLAYED not in packet.flags and packet.first_index is not None:
            self._next_index = (packet.first_index + len(packet.accel_g)) % (1 << 32)
        return packet

    def _wait_for_samples(self, end: int) -> Commands[None]:
        """Wait until the live stream reaches an index or falls silent."""
        while self._next_index is not None and self._next_index != end:
            version = VERSION_2 if self._format == FORMAT_CHECKSUM else VERSION_1
            data = yield WaitFor(DATA, bytes([version]), _REST_TIMEOUT_S)
            if data is None:
                logger.info("the last samples before the stop, up to %d, did not come", end)
                return
            with contextlib.suppress(PacketError):  # `receive` counts it, as it counts every bad notification
                self._live_end(decode_data(data, 0.0))

    def _read_info(self) -> Commands[None]:
        """Read the boot number and the size of the memory, in samples."""
        value = yield Read(INFO)
        if value is None or len(value) < INFO_VALUE.size:
            raise SensorRefusedError(
                message("the sensor does not say what it is; its firmware does not fit this program.")
            )
        major, _, boot_id, capabilities, _, _, formats, capacity, _ = INFO_VALUE.unpack_from(value)
        if major != 1:
            raise SensorRefusedError(
                Phrase(
                    message(
                        "the sensor speaks version {version} of the open profile, this program version 1; update the "
                        "older one."
                    ),
                    version=major,
                )
            )
        self.boot_id = boot_id
        self._format = FORMAT_CHECKSUM if formats & CAN_CHECKSUM else FORMAT_PLAIN
        self.ring_capacity_samples = capacity if capabilities & CAN_REPLAY else 0

    def _configure(self) -> Commands[tuple[int, int]]:
        """Write the wanted settings if they differ; returns the rate code and the range that are in force."""
        wanted = self._wanted_config()
        in_force = yield from self._read_config()
        if in_force != wanted:
            try:
                yield Write(CONFIG, wanted)
            except SensorRefusedError:
                # It still samples with the settings of an earlier session.
                yield from self._ask(bytes([OP_STOP]))
                yield Write(CONFIG, wanted)
            in_force = yield from self._read_config()
        rate_x10, range_g, self._format, _, _, _ = CONFIG_VALUE.unpack(in_force)
        return rate_x10, range_g

    def _read_config(self) -> Commands[bytes]:
        """Read the settings in force, without bytes that a later version may add."""
        value = yield Read(CONFIG)
        if value is None or len(value) < CONFIG_VALUE.size:
            raise SensorLostError(message("the sensor does not say how it is set; switch it off and on again."))
        return value[: CONFIG_VALUE.size]

    def _wanted_config(self) -> bytes:
        """Wanted settings as bytes."""
        rate_hz = self._request.rate_hz or OPEN_PROFILE.rates_hz[0]
        batch = max(1, min(MOST_BATCH, round(rate_hz * self._request.packet_s)))
        return CONFIG_VALUE.pack(round(rate_hz * 10), self._request.range_g, self._format, batch, 0, 0)

    def _ask(self, op: bytes, arguments: bytes = b"") -> Commands[bytes]:
        """Write to CONTROL and wait for the answer to this request."""
        self._token = self._token % 255 + 1
        request = op + bytes([self._token])
        yield Write(CONTROL, request + arguments)
        answer = yield WaitFor(CONTROL, bytes([ANSWER]) + request, _ANSWER_TIMEOUT_S)
        if answer is None or len(answer) < 4:
            raise SensorLostError(message("the sensor does not answer; switch it off and on again."))
        return answer


def _refusal_to_start(status: int) -> SensorRefusedError:
    """Explain in words why the sensor refuses to start."""
    known = _REFUSALS.get(status)
    advice = Phrase(_UNKNOWN_STATUS, status=status) if known is None else Phrase(known)
    return SensorRefusedError(Phrase(message("the sensor does not start: {advice}"), advice=advice), status=status)


OPEN_PROFILE = SensorFamily(
    key="open",
    name="Clonus Sense (open profile)",
    name_pattern=r"ClonusSense-.+",
    service_uuids=(SERVICE,),
    subscriptions=(CONTROL, DATA),
    event_subscriptions=(EVENT,),
    rates_hz=(52.0, 104.0, 26.0, 208.0),
    has_battery_service=True,
    preparation=(
        message("Charge the sensor fully and switch it on."),
        message("Cover its lights with tape or a sock."),
    ),
    suits_nights=True,
    make_driver=OpenProfileDriver,
)
