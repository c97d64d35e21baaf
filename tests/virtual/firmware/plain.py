"""A virtual sensor without a memory: it samples only while it streams."""

from __future__ import annotations

from clonus_sense.sensors.virtual.peripheral import ATT_UNLIKELY, AttRefusal, Label, Peripheral, Service, World
from clonus_sense.sensors.virtual.sampling import Crystal, Movement, Sampler


class PlainSensor(Peripheral):
    """What sensors without a memory share.

    Parameters
    ----------
    label
        What is printed on it.
    services
        Its own part of the GATT table.
    advertised_uuids
        Services in its advertisement.
    movement
        What it feels.
    crystal
        How wrong its clocks are.
    """

    def __init__(
        self,
        label: Label,
        services: tuple[Service, ...],
        advertised_uuids: tuple[str, ...],
        movement: Movement,
        crystal: Crystal,
    ) -> None:
        super().__init__(label, services, advertised_uuids)
        self._movement = movement
        self._crystal = crystal
        self._boot_s = 0.0

    def enter(self, air: World) -> None:
        """Begin to exist."""
        self.sampler = Sampler(air, self._movement, self._crystal)
        super().enter(air)

    def booted(self) -> None:
        """Start from nothing; its clock begins at zero."""
        self.sampler.end()
        self._boot_s = self.air.now_s()

    def disconnected(self) -> None:
        """Stop: nobody listens."""
        self.sampler.end()

    def answer_read(self, uuid: str) -> bytes:
        """Refuse: nothing of its own can be read."""
        raise AttRefusal(ATT_UNLIKELY)
