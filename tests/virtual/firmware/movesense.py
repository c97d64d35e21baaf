"""A virtual Movesense sensor with the GATT SensorData Protocol."""

from __future__ import annotations

from clonus_sense.sensors import movesense
from clonus_sense.sensors.virtual.peripheral import Characteristic, Label, Packet, Service
from clonus_sense.sensors.virtual.sampling import PERFECT, Crystal, Movement
from tests.virtual.encoding.movesense import encode_answer, encode_data
from tests.virtual.firmware.plain import PlainSensor

_SERVICES = (
    Service(
        movesense.SERVICE,
        (Characteristic(movesense.COMMAND, ("write",)), Characteristic(movesense.NOTIFY, ("notify",))),
    ),
)
# The maker's example has eight samples at 104 Hz, so four at 52 Hz.
_PACKETS_PER_S = 13


class MovesenseSensor(PlainSensor):
    """A Movesense: small packets in m/s², with a millisecond stamp of the first sample.  Named ``Movesense …``."""

    def __init__(self, label: Label, movement: Movement, crystal: Crystal = PERFECT) -> None:
        super().__init__(label, _SERVICES, (movesense.SERVICE,), movement, crystal)

    def take_write(self, uuid: str, data: bytes) -> None:
        """Take a command."""
        if uuid != movesense.COMMAND or len(data) < 2:
            return
        if data[0] == movesense.SUBSCRIBE:
            rate_hz = float(data.rsplit(b"/", 1)[-1])
            self.notify(Packet(movesense.NOTIFY, encode_answer(data)))
            self.sampler.begin(rate_hz)
            self.sampler.go_live(max(1, round(rate_hz / _PACKETS_PER_S)), self._send)
        elif data[0] == movesense.UNSUBSCRIBE:
            self.sampler.end()

    def _send(self, first: int, n_samples: int) -> None:
        """Send a few samples; the last part of a packet in two carries them."""
        stamp_ms = round(self.sampler.stamp_s(first, self._boot_s) * 1000)
        *before, last = encode_data(self.sampler.samples(first, n_samples), stamp_ms=stamp_ms)
        for part in before:
            self.notify(Packet(movesense.NOTIFY, part))
        self.notify(Packet(movesense.NOTIFY, last, first, n_samples))
