"""Events of a sensor, written to the ledger once their time in the recording is known."""

from __future__ import annotations

from collections.abc import Callable

from clonus_sense.recorder.presses import Presses
from clonus_sense.recording.ledger import EntryKind, Ledger
from clonus_sense.sensors.packet import PacketFlag, SensorEvent, SensorEventKind, SensorPacket, StreamFormat


class SensorEvents:
    """Keeps events until their times are known, because an event may have waited for a link."""

    def __init__(self) -> None:
        self._presses = Presses()
        self._undated: list[SensorEvent] = []

    def told(self, event: SensorEvent) -> None:
        """Take an event."""
        if event.kind is SensorEventKind.MARKER:
            self._presses.told(event)
        self._undated.append(event)

    def received(self, packet: SensorPacket, stream: StreamFormat) -> None:
        """Take a packet, which may carry the flag of a press."""
        if PacketFlag.MARKER in packet.flags:
            press = self._presses.flagged(packet, stream)
            self._undated += [] if press is None else [press]

    def write_dated(self, ledger: Ledger, time_of: Callable[[SensorEvent], float | None]) -> None:
        """Write each event whose time in the recording is known, in seconds since its start."""
        waiting, self._undated = self._undated, []
        for event in waiting:
            at_s = time_of(event)
            if at_s is None:
                self._undated.append(event)
            else:
                _write(ledger, at_s, event)


def _write(ledger: Ledger, at_s: float, event: SensorEvent) -> None:
    """Write an event; a press before the start of the recording is written without a mark."""
    if event.kind is SensorEventKind.MARKER and at_s >= 0:
        ledger.write(at_s, EntryKind.MARKER, marker="felt", by="sensor")
    elif event.kind is SensorEventKind.BATTERY:
        ledger.write(at_s, EntryKind.BATTERY, percent=event.battery_percent)
    else:
        ledger.write(at_s, EntryKind.TOLD, what=event.kind, percent=event.battery_percent)
