"""A virtual sensor without a memory, which samples only while it streams."""

from __future__ import annotations

from clonus_sense.sensors.virtual.peripheral import ATT_UNLIKELY, AttRefusal, Label, Peripheral, Service, World
from clonus_sense.sensors.virtual.sampling import Crystal, Movement, Sampler


class PlainSensor(Peripheral):
    """Common part of sensors without a memory; ``services`` is its own part of the GATT table."""

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
        """Start in a world."""
        self.sampler = Sampler(air, self._movement, self._crystal)
        super().enter(air)

    def booted(self) -> None:
        """Initialise the state; the clock begins at zero."""
        self.sampler.end()
        self._boot_s = self.air.now_s()

    def disconnected(self) -> None:
        """Stop sampling."""
        self.sampler.end()

    def answer_read(self, uuid: str) -> bytes:
        """Refuse: the sensor has no readable characteristics of its own."""
        raise AttRefusal(ATT_UNLIKELY)
