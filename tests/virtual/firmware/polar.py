"""A virtual Polar Verity Sense with SDK mode."""

from __future__ import annotations

from clonus_sense.sensors import polar
from clonus_sense.sensors.polar_frame import ACCELERATION
from clonus_sense.sensors.virtual.peripheral import (
    ATT_UNLIKELY,
    AttRefusal,
    Characteristic,
    Label,
    Packet,
    Service,
)
from clonus_sense.sensors.virtual.sampling import PERFECT, Crystal, Movement
from tests.virtual.encoding.polar import (
    encode_answer,
    encode_features,
    encode_frame,
    encode_settings,
    encode_stopped,
)
from tests.virtual.firmware.plain import PlainSensor

_SERVICES = (
    Service(
        polar.SERVICE,
        (Characteristic(polar.CONTROL, ("read", "write", "indicate")), Characteristic(polar.DATA, ("notify",))),
    ),
)
_OFFER = polar.PolarSettings(rates_hz=(26, 52, 104, 208, 416), bits=(16,), ranges_g=(2, 4, 8, 16), channels=(3,))
# A frame of the real sensor holds 55 to 71 samples at 52 Hz: more than a second.
_FRAME_SAMPLES = 60
_EPOCH_NS = 762_000_000_000_000_000
_BAD_OP = 1


class PolarSensor(PlainSensor):
    """A Verity Sense: frames of more than a second, stamps in nanoseconds, no counter.

    Its name begins with ``Polar Sense``.  While ``on_charger`` is set it refuses to stream.
    """

    def __init__(self, label: Label, movement: Movement, crystal: Crystal = PERFECT) -> None:
        super().__init__(label, _SERVICES, (), movement, crystal)
        self.on_charger = False
        self._sdk_mode = False

    def stop_by_itself(self) -> None:
        """End the measurement, as the real sensor does on its charger."""
        self.sampler.end()
        self.notify(Packet(polar.CONTROL, encode_stopped()))

    def booted(self) -> None:
        """Initialise the state; SDK mode ends with power."""
        self._sdk_mode = False
        super().booted()

    def answer_read(self, uuid: str) -> bytes:
        """Return the available measurements."""
        if uuid == polar.CONTROL:
            return encode_features(sdk_mode=True)
        raise AttRefusal(ATT_UNLIKELY)

    def take_write(self, uuid: str, data: bytes) -> None:
        """Take a command."""
        if uuid == polar.CONTROL and len(data) >= 2:
            status, content = self._obey(data)
            self.notify(Packet(polar.CONTROL, encode_answer(data, status, content)))

    def _obey(self, request: bytes) -> tuple[int, bytes]:
        """Execute a command; returns its status and the data after it."""
        match request[0], request[1]:
            case polar.OP_STOP, measurement:
                if measurement == ACCELERATION:
                    self.sampler.end()
                return polar.STATUS_OK, b""
            case polar.OP_START, polar.SDK_MODE:
                if self.sampler.is_on:
                    return polar.STATUS_STATE, b""
                self._sdk_mode = True
                return polar.STATUS_OK, b""
            case ((polar.OP_SETTINGS | polar.OP_SDK_SETTINGS), _):
                return polar.STATUS_OK, encode_settings(_OFFER)
            case polar.OP_START, _ if request[1] == ACCELERATION:
                return self._start(request[2:])
        return _BAD_OP, b""

    def _start(self, settings: bytes) -> tuple[int, bytes]:
        """Start acceleration with the requested settings."""
        if self.on_charger:
            return polar.STATUS_CHARGER, b""
        if self.sampler.is_on:
            return polar.STATUS_ALREADY, b""
        self.sampler.begin(float(polar.read_settings(settings).rates_hz[0]))
        self.sampler.go_live(_FRAME_SAMPLES, self._send)
        return polar.STATUS_OK, b""

    def _send(self, first: int, n_samples: int) -> None:
        """Send a frame."""
        stamp_s = self.sampler.stamp_s(first + n_samples - 1, self._boot_s)
        data = encode_frame(self.sampler.samples(first, n_samples), stamp_ns=_EPOCH_NS + round(stamp_s * 1e9))
        self.notify(Packet(polar.DATA, data, first, n_samples))
