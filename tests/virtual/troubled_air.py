"""Air with disturbances: sensors fall silent and reboot, packets are damaged, and the host fails."""

from __future__ import annotations

from collections.abc import Callable

from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.peripheral import Packet, Peripheral


class TroubledAir(Air):
    """Air in which a test causes the disturbances of a night."""

    def silence(self, peripheral: Peripheral, for_s: float) -> None:
        """Keep the link up but block its packets, like a host stack that hangs; a new link works."""
        reach = self._reach[peripheral]
        reach.silent = True
        self._loop.call_later(for_s, setattr, reach, "silent", False)

    def tamper(self, peripheral: Peripheral, change: Callable[[Packet], list[Packet]] | None) -> None:
        """Change every packet of a sensor in transit; ``None`` stops the changes."""
        self._reach[peripheral].tamper = change

    def reboot(self, peripheral: Peripheral, for_s: float = 2.0) -> None:
        """Restart a sensor: its link drops, and its clock, counter and memory restart."""
        self.switch_off(peripheral)

        def boot() -> None:
            peripheral.booted()
            self.come_back(peripheral)

        self._loop.call_later(for_s, boot)

    def host_sleeps(self, for_s: float) -> None:
        """Put the host to sleep for ``for_s`` seconds: its clock stops, the world's continues."""
        self._asleep_s += for_s
        for peripheral in self.peripherals:
            self._drop(peripheral)

    def power_adapter(self, *, on: bool) -> None:
        """Switch the host's adapter on or off."""
        self.adapter_powered = on
        for peripheral in self.peripherals:
            if on:
                self._note_advertising(peripheral)
            else:
                self._drop(peripheral)
        if self.host is not None:
            self.host.adapter_changed()

    def stop_host(self) -> None:
        """Stop the host's Bluetooth: it hears no sensors, and every link drops."""
        self.host_is_up = False
        self.listen(on=False)
        for peripheral in self.peripherals:
            self._drop(peripheral)

    def restart_host(self) -> None:
        """Restart the host's Bluetooth; it hears sensors once it listens."""
        self.host_is_up = True
        for peripheral in self.peripherals:
            self._note_advertising(peripheral)
