"""A virtual WitMotion sensor."""

from __future__ import annotations

from clonus_sense.sensors import witmotion
from clonus_sense.sensors.virtual.peripheral import Characteristic, Label, Packet, Service
from clonus_sense.sensors.virtual.sampling import PERFECT, Crystal, Movement
from tests.virtual.encoding.witmotion import encode_battery, encode_motion
from tests.virtual.firmware.plain import PlainSensor

_SERVICES = (
    Service(
        witmotion.SERVICE,
        (
            Characteristic(witmotion.NOTIFY, ("notify",)),
            Characteristic(witmotion.COMMAND, ("write", "write-without-response")),
        ),
    ),
)
_RATE_COMMAND = bytes.fromhex("ffaa03")
_SAVE = bytes.fromhex("ffaa000000")
_BATTERY_QUESTION = bytes.fromhex("ffaa2764")
_FULL_V, _EMPTY_V = 4.0, 3.4


class WitMotionSensor(PlainSensor):
    """A WT901BLE: 20 bytes for each sample, without stamps.  Its name begins with ``WT``."""

    def __init__(self, label: Label, movement: Movement, crystal: Crystal = PERFECT) -> None:
        super().__init__(label, _SERVICES, (witmotion.SERVICE,), movement, crystal)
        self._rate_hz = 10.0
        self._is_set = False

    def subscribe(self, uuid: str, *, on: bool) -> None:
        """Stream while the central is subscribed."""
        super().subscribe(uuid, on=on)
        if uuid == witmotion.NOTIFY and on:
            self._stream()

    def disconnected(self) -> None:
        """Stop sampling."""
        super().disconnected()
        self._is_set = False

    def take_write(self, uuid: str, data: bytes) -> None:
        """Take a setting or a request."""
        if uuid != witmotion.COMMAND:
            return
        if data.startswith(_RATE_COMMAND):
            self._rate_hz = next(rate_hz for rate_hz, code in witmotion.RATE_CODES.items() if code == data[3])
            self._stream()
        elif data == _SAVE:
            self._is_set = True
        elif data.startswith(_BATTERY_QUESTION):
            voltage_v = _EMPTY_V + (_FULL_V - _EMPTY_V) * self.battery_percent / 100
            self.notify(Packet(witmotion.NOTIFY, encode_battery(voltage_v)))

    def _stream(self) -> None:
        """Restart at the set rate."""
        self.sampler.end()
        self.sampler.begin(self._rate_hz)
        self.sampler.go_live(1, self._send)

    def _send(self, first: int, n_samples: int) -> None:
        """Send one sample; the link ignores samples from before the set-up."""
        data = encode_motion(self.sampler.samples(first, n_samples))
        self.notify(Packet(witmotion.NOTIFY, data, first, n_samples if self._is_set else 0))
