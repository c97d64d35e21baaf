"""Driver of Movesense sensors by the GATT SensorData Protocol (GSP), in firmware 2.3 and newer."""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass

import numpy as np

from clonus_sense.errors import PacketError, SensorLostError, SensorRefusedError
from clonus_sense.i18n import Phrase, message
from clonus_sense.sensors.bytes_to_g import LARGEST_G, reaches
from clonus_sense.sensors.commands import Commands, WaitFor, Write
from clonus_sense.sensors.family import Received, SensorFamily, StreamRequest
from clonus_sense.sensors.packet import NO_FLAGS, PacketFlag, SensorPacket, StampedSample, StreamFormat

logger = logging.getLogger(__name__)

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
# The services that recent and older firmware advertise.
_SHORT_SERVICES = ("0000fdf3-0000-1000-8000-00805f9b34fb", "0000fe06-0000-1000-8000-00805f9b34fb")
COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
NOTIFY = "34800002-7185-4d5d-b431-630e7050e8f0"

SUBSCRIBE, UNSUBSCRIBE = 1, 2
RESPONSE, DATA, DATA_PART_2 = 1, 2, 3
REFERENCE = 99
STATUS_OK = 200
RATES_HZ = (52.0, 104.0, 26.0, 208.0, 13.0, 416.0)
# The default according to published sources; this protocol cannot set the range.
RANGE_G = 8.0
STANDARD_GRAVITY_M_S2 = 9.80665
SAMPLE_BYTES = 12
_HEAD_BYTES = 2
_STAMP_BYTES = 4
# A long payload continues in a second notification; up to this length one notification always suffices.
_SURELY_WHOLE_BYTES = 150
# Two notifications hold at most this many bytes.
_MOST_BYTES = 1024
_CLIPPED_RATIO = 1e-3
_ANSWER_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class _FirstPart:
    """A notification whose second part may follow."""

    payload: bytes
    arrival_s: float

    @property
    def is_whole(self) -> bool:
        """Whether it holds a stamp and complete samples."""
        n_bytes = len(self.payload) - _STAMP_BYTES
        return n_bytes >= SAMPLE_BYTES and n_bytes % SAMPLE_BYTES == 0


class MovesenseDriver:
    """One connection to a Movesense sensor."""

    def __init__(self, request: StreamRequest) -> None:
        wanted_hz = request.rate_hz or RATES_HZ[0]
        self._rate_hz = min(RATES_HZ, key=lambda rate_hz: abs(rate_hz - wanted_hz))
        self._first: _FirstPart | None = None
        self.n_bad_packets = 0

    def start(self) -> Commands[StreamFormat]:
        """Subscribe to acceleration; a disconnect ends every earlier subscription."""
        yield Write(COMMAND, subscribe_request(self._rate_hz))
        answer = yield WaitFor(NOTIFY, bytes([RESPONSE, REFERENCE]), _ANSWER_TIMEOUT_S)
        if answer is None:
            raise SensorLostError(
                message("the sensor does not answer; wake it up on its strap, and update its firmware to 2.3 or newer.")
            )
        status = int.from_bytes(answer[2:4], "little") if len(answer) >= 4 else STATUS_OK
        if status != STATUS_OK:
            raise SensorRefusedError(
                Phrase(
                    message(
                        "the sensor does not stream {rate_hz:g} Hz (status {status}); update its firmware to 2.3 or "
                        "newer, or choose another rate."
                    ),
                    rate_hz=self._rate_hz,
                    status=status,
                ),
                status=status,
            )
        return StreamFormat(
            fs_hz=self._rate_hz,
            range_g=RANGE_G,
            tick_s=1e-3,
            stamp_bits=32,
            stamped_sample=StampedSample.FIRST,
        )

    def stop(self) -> Commands[None]:
        """End the subscription."""
        yield Write(COMMAND, bytes([UNSUBSCRIBE, REFERENCE]))

    def battery(self) -> Commands[int | None]:
        """Return ``None``: the standard battery service has the charge."""
        yield from ()
        return None

    def receive(self, characteristic: str, data: bytes, arrival_s: float) -> Received:
        """Decode one notification; see :class:`~clonus_sense.sensors.family.SensorDriver`."""
        if characteristic != NOTIFY:
            return ()
        packets: list[SensorPacket] = []
        if len(data) <= _HEAD_BYTES or data[1] != REFERENCE or data[0] not in (RESPONSE, DATA, DATA_PART_2):
            self._count_bad(data, "it belongs to no subscription.")
        elif data[0] == DATA:
            packets += self._take_first()
            self._first = _FirstPart(data[_HEAD_BYTES:], arrival_s)
            if self._first.is_whole and len(data) < _SURELY_WHOLE_BYTES:
                packets += self._take_first()
        elif data[0] == DATA_PART_2:
            packets += self._add_part_2(data)
        return packets

    def _add_part_2(self, data: bytes) -> list[SensorPacket]:
        """Append the second part to the first."""
        if self._first is None or len(self._first.payload) + len(data) > _MOST_BYTES:
            self._count_bad(data, "a second part without a first.")
            return []
        self._first = _FirstPart(self._first.payload + data[_HEAD_BYTES:], self._first.arrival_s)
        return self._take_first()

    def _take_first(self) -> list[SensorPacket]:
        """Decode the notification that waits for its second part."""
        first, self._first = self._first, None
        if first is None:
            return []
        try:
            if not first.is_whole:
                raise PacketError("it is no stamp with whole samples; a second part may be lost.")  # noqa: TRY301
            return [decode_payload(first.payload, first.arrival_s)]
        except PacketError as error:
            self._count_bad(first.payload, str(error))
            return []

    def _count_bad(self, data: bytes, why: str) -> None:
        """Count and log a notification that cannot be decoded."""
        self.n_bad_packets += 1
        logger.warning("bad packet of %d bytes: %s", len(data), why)


def subscribe_request(rate_hz: float) -> bytes:
    """Encode a request for acceleration at a rate."""
    return bytes([SUBSCRIBE, REFERENCE]) + f"/Meas/Acc/{rate_hz:g}".encode("ascii")


def decode_payload(payload: bytes, arrival_s: float) -> SensorPacket:
    """Decode the u32 stamp of the first sample, in ms since boot, and its float32 triples, in m/s²."""
    (stamp_ms,) = struct.unpack_from("<I", payload)
    with np.errstate(invalid="ignore"):  # a signalling NaN is refused below, like any other NaN
        values = np.frombuffer(payload, dtype="<f4", offset=_STAMP_BYTES).astype(np.float64)
    accel_g = values.reshape(-1, 3) / STANDARD_GRAVITY_M_S2
    if not (accel_g.min() >= -LARGEST_G and accel_g.max() <= LARGEST_G):
        raise PacketError("it holds values beyond any range.")
    clipped = reaches(accel_g, RANGE_G, RANGE_G * _CLIPPED_RATIO)
    return SensorPacket(accel_g, arrival_s, stamp_ms, flags=PacketFlag.CLIPPED if clipped else NO_FLAGS)


MOVESENSE = SensorFamily(
    key="movesense",
    name="Movesense HR2 / HR+ / Flash / MD",
    name_pattern=r"Movesense .+",
    service_uuids=(SERVICE, *_SHORT_SERVICES),
    subscriptions=(NOTIFY,),
    rates_hz=RATES_HZ,
    has_battery_service=True,
    preparation=(
        message("Put in a new battery."),
        message("Clip the sensor onto its strap to wake it up; its firmware must be 2.3 or newer."),
    ),
    # The battery life of its coin cell while streaming is unknown.
    suits_nights=False,
    make_driver=MovesenseDriver,
)
