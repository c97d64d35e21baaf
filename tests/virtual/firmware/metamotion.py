"""A virtual MetaMotion S."""

from __future__ import annotations

from clonus_sense.sensors import metamotion
from clonus_sense.sensors.virtual.peripheral import Characteristic, Label, Packet, Service
from clonus_sense.sensors.virtual.sampling import PERFECT, Crystal, Movement
from tests.virtual.encoding.metamotion import (
    encode_accounted,
    encode_battery,
    encode_implementation,
    encode_new_processor,
    encode_packed,
)
from tests.virtual.firmware.plain import PlainSensor

_SERVICES = (
    Service(
        metamotion.SERVICE,
        (
            Characteristic(metamotion.COMMAND, ("write", "write-without-response")),
            Characteristic(metamotion.NOTIFY, ("notify",)),
        ),
    ),
)
_BMI270 = 4
_CHIP = metamotion.ACCELEROMETERS[_BMI270]
_START = bytes([metamotion.ACCELEROMETER, 0x01, 0x01])
_CONFIG = bytes([metamotion.ACCELEROMETER, 0x03])
_REMOVE_PROCESSORS = bytes([metamotion.PROCESSOR, 0x08])
_COUNT_KIND_AT = 7
_COUNT_KIND = 0x30
_VOLTAGE_MV = 4000


class MetaMotionSensor(PlainSensor):
    """A MetaMotion S: packets of 20 bytes; with the samples a count, a tick or neither.  Its name is ``MetaWear``."""

    def __init__(self, label: Label, movement: Movement, crystal: Crystal = PERFECT) -> None:
        super().__init__(label, _SERVICES, (metamotion.SERVICE,), movement, crystal)
        self._rate_hz = 50.0
        self._range_g = 8
        self._accounter: int | None = None
        self._counted_from = 0

    def booted(self) -> None:
        """Initialise the state."""
        super().booted()
        self._accounter = None

    def take_write(self, uuid: str, data: bytes) -> None:
        """Take a command."""
        if uuid != metamotion.COMMAND:
            return
        if data == metamotion.IMPLEMENTATION:
            self._answer(encode_implementation(_BMI270))
        elif data == metamotion.BATTERY:
            self._answer(encode_battery(self.battery_percent, _VOLTAGE_MV))
        elif data == _REMOVE_PROCESSORS:
            self._accounter = None
        elif data[:2] == metamotion.NEW_PROCESSOR:
            self._accounter = data[_COUNT_KIND_AT]
            self._answer(encode_new_processor(0))
        elif data[:2] == _CONFIG:
            self._rate_hz = next(rate_hz for rate_hz, code in _CHIP.rate_codes.items() if code == data[2])
            self._range_g = next(range_g for range_g, code in _CHIP.range_codes.items() if code == data[3])
        elif data[:2] == _START[:2]:
            self._switch(on=data == _START)

    def _answer(self, data: bytes) -> None:
        """Send an answer."""
        self.notify(Packet(metamotion.NOTIFY, data))

    def _switch(self, *, on: bool) -> None:
        """Switch the accelerometer on or off."""
        self.sampler.end()
        if on:
            # The driver has just made the accounter, so its count starts at zero.
            self._counted_from = self.sampler.n_taken()
            self.sampler.begin(self._rate_hz)
            self.sampler.go_live(metamotion.PACKED_SAMPLES if self._accounter is None else 1, self._send)

    def _send(self, first: int, n_samples: int) -> None:
        """Send three samples, or one with its count or tick."""
        accel_g = self.sampler.samples(first, n_samples)
        if self._accounter is None:
            data = encode_packed(accel_g, range_g=self._range_g)
        else:
            ticks = round(self.sampler.stamp_s(first, self._boot_s) / metamotion.TICK_S)
            number = first - self._counted_from if self._accounter == _COUNT_KIND else ticks
            data = encode_accounted(accel_g, number=number, range_g=self._range_g)
        self.notify(Packet(metamotion.NOTIFY, data, first, n_samples))
