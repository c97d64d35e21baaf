"""Air in which all goes wrong: sensors fall silent and reboot, packets come garbled, and the host fails."""

from __future__ import annotations

from collections.abc import Callable

from clonus_sense.sensors.virtual.air import Air
from clonus_sense.sensors.virtual.peripheral import Packet, Peripheral


class TroubledAir(Air):
    """Air to which a test does what a night can do."""

    def silence(self, peripheral: Peripheral, for_s: float) -> None:
        """Keep the link up but let nothing through, as a host stack does that lost its way; a new link works."""
        reach = self._reach[peripheral]
        reach.silent = True
        self._loop.call_later(for_s, setattr, reach, "silent", False)

    def tamper(self, peripheral: Peripheral, change: Callable[[Packet], list[Packet]] | None) -> None:
        """Change every packet of a sensor on its way; ``None`` stops that."""
        self._reach[peripheral].tamper = change

    def reboot(self, peripheral: Peripheral, for_s: float = 2.0) -> None:
        """Let a sensor restart: its link drops, its clock, its counter and its memory start anew."""
        self.switch_off(peripheral)

        def boot() -> None:
            peripheral.booted()
            self.come_back(peripheral)

        self._loop.call_later(for_s, boot)

    def host_sleeps(self, for_s: float) -> None:
        """Put the host to sleep for so long and wake it: its clock stood still, the world's went on."""
        self._asleep_s += for_s
        for peripheral in self.peripherals:
            self._drop(peripheral)

    def power_adapter(self, *, on: bool) -> None:
        """Switch the host's adapter."""
        self.adapter_powered = on
        for peripheral in self.peripherals:
            if on:
                self._note_advertising(peripheral)
            else:
                self._drop(peripheral)
        if self.host is not None:
            self.host.adapter_changed()

    def stop_host(self) -> None:
        """Let the host's own Bluetooth die: it hears nothing any more, and every link goes down."""
        self.host_is_up = False
        self.listen(on=False)
        for peripheral in self.peripherals:
            self._drop(peripheral)

    def restart_host(self) -> None:
        """Let the host hear again, once it listens."""
        self.host_is_up = True
        for peripheral in self.peripherals:
            self._note_advertising(peripheral)
