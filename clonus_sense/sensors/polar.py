"""Driver of Polar Verity Sense, H10 and OH1 by their published measurement service (PMD)."""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from clonus_sense.errors import PacketError, SensorLostError, SensorRefusedError
from clonus_sense.i18n import Phrase, message
from clonus_sense.sensors.bytes_to_g import reaches
from clonus_sense.sensors.commands import Commands, Read, Sleep, WaitFor, Write
from clonus_sense.sensors.family import Received, SensorFamily, StreamRequest
from clonus_sense.sensors.packet import (
    NO_FLAGS,
    PacketFlag,
    SensorEvent,
    SensorEventKind,
    SensorPacket,
    StampedSample,
    StreamFormat,
)
from clonus_sense.sensors.polar_frame import ACCELERATION, decode_frame

logger = logging.getLogger(__name__)

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

OP_SETTINGS, OP_START, OP_STOP, OP_SDK_SETTINGS = 1, 2, 3, 4
SDK_MODE = 9
ANSWER, FEATURES, STOPPED_BY_SENSOR = 0xF0, 0x0F, 0x01
STATUS_OK, STATUS_ALREADY, STATUS_MTU, STATUS_STATE, STATUS_CHARGER = 0, 6, 10, 12, 13
_ANSWER_HEAD_BYTES = 5
# ECG, PPG, ACC, PPI, GYRO, MAG: measurements that may still run and would prevent SDK mode.
_LIVE_MEASUREMENTS = (0, 1, ACCELERATION, 3, 5, 6)
_SDK_MODE_BIT = 1

SETTING_RATE, SETTING_BITS, SETTING_RANGE, SETTING_CHANNELS, SETTING_FACTOR = 0, 1, 2, 4, 5
_SETTING_BYTES = {SETTING_RATE: 2, SETTING_BITS: 2, SETTING_RANGE: 2, 3: 4, SETTING_CHANNELS: 1, SETTING_FACTOR: 4}
# Full scale of a 16-bit two's complement number lies within a thousandth of the range, whatever its unit.
_CLIPPED_RATIO = 1e-3
_MOST_FACTOR = 1e3
# The same time as in Polar's own software.
_ANSWER_TIMEOUT_S = 30.0
# Further parts follow at once or not at all.
_MORE_TIMEOUT_S = 2.0
_MOST_PARTS = 16
# The sensor needs 100 ms between SDK mode and the next command.
_AFTER_SDK_MODE_S = 0.1

_REFUSALS = {
    STATUS_MTU: message(
        "its packets do not fit this Bluetooth connection (MTU too small); use another Bluetooth adapter."
    ),
    STATUS_STATE: message("it is in the wrong state; switch it off and on again."),
    STATUS_CHARGER: message("it is on its charger; take it off the charger and start again."),
}
_UNKNOWN_STATUS = message("it answers with status {status}; switch it off and on again.")
_NO_SDK_MODE = message("the sensor does not enter its SDK mode: {advice}")
_NO_START = message("the sensor does not start: {advice}")
_NO_OFFER = message("the sensor does not say what it offers: {advice}")


@dataclass(frozen=True, slots=True)
class PolarSettings:
    """Settings that a sensor offers, or that it confirmed at the start; empty if it does not report them."""

    rates_hz: tuple[int, ...] = ()
    bits: tuple[int, ...] = ()
    ranges_g: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()
    factor: float = 1.0


@dataclass(slots=True)
class _SettingsRead:
    """Settings read so far."""

    values: dict[int, tuple[int, ...]] = field(default_factory=dict)
    factor: float = 1.0


def read_settings(data: bytes) -> PolarSettings:
    """Read ``type, count, values`` in any order, up to the first entry that cannot be decoded.

    Examples
    --------
    >>> read_settings(bytes.fromhex("0004190032006400c800 01011000 0203020004000800")).rates_hz
    (25, 50, 100, 200)
    >>> round(read_settings(bytes.fromhex("0501 40da7f39")).factor, 6)
    0.000244
    """
    reading = _SettingsRead()
    at = 0
    while at + 2 <= len(data) and (size := _SETTING_BYTES.get(data[at])):
        kind, count = data[at], data[at + 1]
        values = data[at + 2 : at + 2 + size * count]
        if len(values) < size * count:
            break
        parts = [values[i : i + size] for i in range(0, len(values), size)]
        if kind == SETTING_FACTOR and parts:
            reading.factor = struct.unpack("<f", parts[0])[0]
        else:
            reading.values[kind] = tuple(int.from_bytes(part, "little") for part in parts)
        at += 2 + size * count
    return PolarSettings(
        rates_hz=reading.values.get(SETTING_RATE, ()),
        bits=reading.values.get(SETTING_BITS, ()),
        ranges_g=reading.values.get(SETTING_RANGE, ()),
        channels=reading.values.get(SETTING_CHANNELS, ()),
        # A factor that is not a positive number would make every sample wrong.
        factor=reading.factor if 0 < reading.factor < _MOST_FACTOR else 1.0,
    )


class PolarDriver:
    """One connection to a Polar sensor.

    A sensor with SDK mode enters it first: this mode offers more rates, keeps the green lights off, and prevents the
    switch-off after ten minutes without a heart beat.
    """

    def __init__(self, request: StreamRequest) -> None:
        self._request = request
        self._factor = 1.0
        self._range_g = float(request.range_g)
        self.n_bad_packets = 0

    def start(self) -> Commands[StreamFormat]:
        """Stop running measurements, enter SDK mode if there is one, choose settings, start acceleration."""
        features = yield Read(CONTROL)
        offered = _offered(features)
        has_sdk_mode = features is not None and len(features) > 2 and bool(features[2] >> _SDK_MODE_BIT & 1)
        for measurement in _LIVE_MEASUREMENTS if has_sdk_mode else (ACCELERATION,):
            if measurement in offered:
                # A sensor that was not measuring refuses the stop, which is fine.
                yield from self._ask(OP_STOP, measurement)
        if has_sdk_mode:
            answer = yield from self._ask(OP_START, SDK_MODE)
            if answer[3] not in (STATUS_OK, STATUS_ALREADY):
                raise _refusal(_NO_SDK_MODE, answer[3])
            yield Sleep(_AFTER_SDK_MODE_S)
        settings = yield from self._ask_settings(OP_SDK_SETTINGS if has_sdk_mode else OP_SETTINGS)
        chosen = _choose(settings, self._request)
        answer = yield from self._ask(OP_START, ACCELERATION, _as_bytes(chosen))
        if answer[3] == STATUS_ALREADY:
            yield from self._ask(OP_STOP, ACCELERATION)
            answer = yield from self._ask(OP_START, ACCELERATION, _as_bytes(chosen))
        if answer[3] not in (STATUS_OK, STATUS_ALREADY):
            raise _refusal(_NO_START, answer[3])
        self._factor = read_settings(answer[_ANSWER_HEAD_BYTES:]).factor
        self._range_g = float(chosen.ranges_g[0]) if chosen.ranges_g else self._range_g
        return StreamFormat(
            fs_hz=float(chosen.rates_hz[0]),
            range_g=self._range_g,
            tick_s=1e-9,
            stamp_bits=64,
            stamped_sample=StampedSample.LAST,
        )

    def stop(self) -> Commands[None]:
        """Stop acceleration; otherwise an H10 measures until its battery is empty."""
        try:
            yield from self._ask(OP_STOP, ACCELERATION)
        except SensorLostError as error:
            logger.info("the sensor did not confirm the stop: %s", error)

    def battery(self) -> Commands[int | None]:
        """Return ``None``: the standard battery service has the charge."""
        yield from ()
        return None

    def receive(self, characteristic: str, data: bytes, arrival_s: float) -> Received:
        """Decode one notification; see :class:`~clonus_sense.sensors.family.SensorDriver`."""
        if characteristic == CONTROL:
            return self._receive_control(data, arrival_s)
        if characteristic != DATA:
            return ()
        try:
            frame = decode_frame(data, self._factor)
        except PacketError as error:
            self._count_bad(data, str(error))
            return ()
        clipped = reaches(frame.accel_g, self._range_g, self._range_g * _CLIPPED_RATIO)
        flags = PacketFlag.CLIPPED if clipped else NO_FLAGS
        return (SensorPacket(frame.accel_g, arrival_s, frame.stamp_ns, flags=flags),)

    def _receive_control(self, data: bytes, arrival_s: float) -> Received:
        """Keep an answer for its command; decode a message that the sensor sends unasked."""
        if data[:1] == bytes([STOPPED_BY_SENSOR]):
            return (SensorEvent(SensorEventKind.STOPPED, arrival_s),) if ACCELERATION in data[1:] else ()
        if data[:1] != bytes([ANSWER]):
            self._count_bad(data, "an indication that is no answer.")
        return ()

    def _count_bad(self, data: bytes, why: str) -> None:
        """Count and log a notification that cannot be decoded."""
        self.n_bad_packets += 1
        logger.warning("bad packet of %d bytes: %s", len(data), why)

    def _ask(self, op: int, measurement: int, arguments: bytes = b"") -> Commands[bytes]:
        """Write a command and wait for its answer."""
        request = bytes([op, measurement])
        yield Write(CONTROL, request + arguments)
        answer = yield WaitFor(CONTROL, bytes([ANSWER]) + request, _ANSWER_TIMEOUT_S)
        if answer is None or len(answer) < _ANSWER_HEAD_BYTES - 1:
            raise SensorLostError(message("the sensor does not answer; switch it off and on again."))
        return answer

    def _ask_settings(self, op: int) -> Commands[PolarSettings]:
        """Read the settings that the sensor offers; a long answer comes in parts."""
        answer = yield from self._ask(op, ACCELERATION)
        if answer[3] != STATUS_OK:
            raise _refusal(_NO_OFFER, answer[3])
        content = answer[_ANSWER_HEAD_BYTES:]
        for _ in range(_MOST_PARTS):
            if len(answer) < _ANSWER_HEAD_BYTES or not answer[4]:
                break
            more = yield WaitFor(CONTROL, bytes([ANSWER, op, ACCELERATION]), _MORE_TIMEOUT_S)
            if more is None:
                break
            answer = more
            content += answer[_ANSWER_HEAD_BYTES:]
        settings = read_settings(content)
        if not settings.rates_hz:
            raise SensorRefusedError(message("the sensor offers no rate for acceleration; update its firmware."))
        return settings


def _offered(features: bytes | None) -> tuple[int, ...]:
    """Measurements that the sensor has, from the value of its control point."""
    if features is None or len(features) < 2 or features[0] != FEATURES:
        raise SensorRefusedError(
            message("the sensor does not say what it measures; it may be another product of Polar.")
        )
    if not features[1] >> ACCELERATION & 1:
        raise SensorRefusedError(message("the sensor does not measure acceleration; use another one."))
    return tuple(bit for bit in range(8) if features[1] >> bit & 1)


def _choose(offered: PolarSettings, request: StreamRequest) -> PolarSettings:
    """Choose one value of each setting: the nearest to the wanted one."""
    wanted_hz = request.rate_hz or VERITY_SENSE.rates_hz[0]
    return PolarSettings(
        rates_hz=(min(offered.rates_hz, key=lambda rate_hz: abs(rate_hz - wanted_hz)),),
        bits=offered.bits[-1:],
        ranges_g=_nearest(offered.ranges_g, request.range_g),
        channels=offered.channels[-1:],
    )


def _nearest(values: Iterable[int], wanted: int) -> tuple[int, ...]:
    """Return the nearest value, or an empty tuple if there are no values."""
    nearest = min(values, key=lambda value: abs(value - wanted), default=None)
    return () if nearest is None else (nearest,)


def _as_bytes(settings: PolarSettings) -> bytes:
    """Encode settings as ``type, count, values``."""
    chosen = (
        (SETTING_RATE, settings.rates_hz),
        (SETTING_BITS, settings.bits),
        (SETTING_RANGE, settings.ranges_g),
        (SETTING_CHANNELS, settings.channels),
    )
    return b"".join(
        bytes([kind, len(values)]) + b"".join(value.to_bytes(_SETTING_BYTES[kind], "little") for value in values)
        for kind, values in chosen
        if values
    )


def _refusal(what: str, status: int) -> SensorRefusedError:
    """Explain in words which step the sensor refuses, and why."""
    known = _REFUSALS.get(status)
    advice = Phrase(_UNKNOWN_STATUS, status=status) if known is None else Phrase(known)
    return SensorRefusedError(Phrase(what, advice=advice), status=status)


_CHARGE = message("Charge the sensor fully and take it off the charger: it does not stream while it charges.")

VERITY_SENSE = SensorFamily(
    key="verity-sense",
    name="Polar Verity Sense",
    name_pattern=r"Polar Sense .+",
    service_uuids=(),
    subscriptions=(CONTROL, DATA),
    rates_hz=(52.0, 104.0, 26.0, 208.0),
    has_battery_service=True,
    preparation=(
        _CHARGE,
        message("Switch it on and close the Polar app, which would hold the connection."),
        message("Cover its lights with tape or a sock."),
    ),
    suits_nights=True,
    make_driver=PolarDriver,
)

POLAR_OH1 = SensorFamily(
    key="polar-oh1",
    name="Polar OH1",
    name_pattern=r"Polar OH1 .+",
    service_uuids=(),
    subscriptions=(CONTROL, DATA),
    rates_hz=(50.0,),
    has_battery_service=True,
    preparation=(_CHARGE, message("Switch it on and close the Polar app, which would hold the connection.")),
    # It has no SDK mode: its lights stay on, and without a heart beat it may switch off.
    suits_nights=False,
    make_driver=PolarDriver,
)

POLAR_H10 = SensorFamily(
    key="polar-h10",
    name="Polar H10",
    name_pattern=r"Polar H10 .+",
    service_uuids=(),
    subscriptions=(CONTROL, DATA),
    rates_hz=(50.0, 100.0, 25.0, 200.0),
    has_battery_service=True,
    preparation=(message("Wet its electrodes: the sensor is on only while they touch skin."),),
    # It switches off 45 s after losing skin contact.
    suits_nights=False,
    make_driver=PolarDriver,
)
