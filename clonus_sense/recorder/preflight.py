"""Listens to sensors before a night: whether they are there, charged, plausible, on a moving leg, and on which one.

Nothing is written.  The recorder connects anew afterwards, as it does all night long.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np

from clonus_sense.model import SensorIdentity
from clonus_sense.sensors.link import BatteryRead, HostClock, Identified, LinkEvent, Radio, SensorLink, WantedSensor
from clonus_sense.sensors.link.events import AttemptFailed
from clonus_sense.sensors.packet import SensorEvent, SensorPacket, StreamFormat

# How much the acceleration must spread before a leg was moved or a sensor tapped: a resting leg stays within 0.02 g, a
# foot that is lifted goes far beyond.
MOVED_G = 0.15

# The other sensor lies in the same bed and feels a tap on the first one; the tapped one feels it at least so much more.
TAPPED_RATIO = 2.0

# What is remembered of the signal.
REMEMBERED_S = 4.0
POLL_S = 0.25

# Gravity as cheap sensors show it, and not another unit.
PLAUSIBLE_G = (0.85, 1.15)


@dataclass(frozen=True, slots=True)
class SensorSignal:
    """What a sensor shows now.

    Parameters
    ----------
    identity
        Which one it is.
    battery_percent
        Its charge; ``None`` where it does not tell.
    magnitude_g
        Median length of the acceleration over the last seconds; ``None`` before the first sample.
    spread_g
        Largest less smallest length over the last seconds.
    trouble
        Why it does not stream, in a sentence that can be translated; empty while it does.
    """

    identity: SensorIdentity
    battery_percent: int | None
    magnitude_g: float | None
    spread_g: float
    trouble: str

    @property
    def is_plausible(self) -> bool:
        """Whether a sensor at rest can show this."""
        return self.magnitude_g is not None and PLAUSIBLE_G[0] <= self.magnitude_g <= PLAUSIBLE_G[1]


class Preflight:
    """Streams from some sensors while its block runs.

    Parameters
    ----------
    wanted
        Which sensors.
    radio
        Bluetooth of this computer.
    clock
        The host's clock.
    """

    def __init__(self, wanted: Sequence[WantedSensor], radio: Radio, clock: HostClock) -> None:
        self._ears = [_Ear() for _ in wanted]
        self._links = [SensorLink(radio, one, ear, clock) for one, ear in zip(wanted, self._ears, strict=True)]
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(link.run()) for link in self._links]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def signals(self) -> tuple[SensorSignal, ...]:
        """Say what each sensor shows now, in the order in which they were wanted."""
        return tuple(ear.signal() for ear in self._ears)

    async def wait_streaming(self, timeout_s: float) -> bool:
        """Wait until every sensor streams.

        Parameters
        ----------
        timeout_s
            How long at most.

        Returns
        -------
        bool
            Whether all do; who does not says why in :attr:`SensorSignal.trouble`.
        """
        return await _until(lambda: all(ear.newest is not None for ear in self._ears), timeout_s)

    async def wait_moved(self, which: int, timeout_s: float) -> bool:
        """Wait until one sensor feels that its leg is moved; what it felt before does not count.

        Parameters
        ----------
        which
            Number of the sensor, from 0.
        timeout_s
            How long at most.

        Returns
        -------
        bool
            Whether it moved.
        """
        ear = self._ears[which]
        ear.forget()
        return await _until(lambda: ear.spread_g() >= MOVED_G, timeout_s)

    async def wait_tapped(self, timeout_s: float) -> int | None:
        """Wait until one sensor is tapped.

        Parameters
        ----------
        timeout_s
            How long at most.

        Returns
        -------
        int or None
            Number of the sensor that felt it most, from 0; ``None`` if none did clearly.
        """
        for ear in self._ears:
            ear.forget()

        def tapped() -> int | None:
            spreads_g = [ear.spread_g() for ear in self._ears]
            most = int(np.argmax(spreads_g))
            others_g = max((spread for number, spread in enumerate(spreads_g) if number != most), default=0.0)
            return most if spreads_g[most] >= max(MOVED_G, TAPPED_RATIO * others_g) else None

        await _until(lambda: tapped() is not None, timeout_s)
        return tapped()


class _Ear:
    """Hears one sensor and remembers the last seconds."""

    def __init__(self) -> None:
        self.newest: SensorPacket | None = None
        self._packets: list[SensorPacket] = []
        self._identity = SensorIdentity()
        self._battery_percent: int | None = None
        self._trouble = ""

    def found(self, name: str, address: str) -> None:
        """Take note that it was heard; its name comes with its identity."""

    def streaming(self, sensor: SensorIdentity, stream: StreamFormat) -> None:
        """Take note that it streams."""
        self._identity = sensor

    def received(self, packet: SensorPacket) -> None:
        """Remember samples."""
        self.newest, self._trouble = packet, ""
        self._packets.append(packet)
        while packet.arrival_s - self._packets[0].arrival_s > REMEMBERED_S:
            del self._packets[0]

    def told(self, event: SensorEvent) -> None:
        """Take note of its charge."""
        if event.battery_percent is not None:
            self._battery_percent = event.battery_percent

    def happened(self, event: LinkEvent) -> None:
        """Take note of what happened to the link."""
        match event:
            case Identified():
                self._identity = event.sensor
            case BatteryRead():
                self._battery_percent = event.percent
            case AttemptFailed():
                self._trouble = event.text

    def forget(self) -> None:
        """Forget what was felt so far."""
        self._packets = self._packets[-1:]

    def spread_g(self) -> float:
        """Largest less smallest length of the acceleration that is remembered."""
        magnitudes_g = self._magnitudes_g()
        return float(np.ptp(magnitudes_g)) if len(magnitudes_g) else 0.0

    def signal(self) -> SensorSignal:
        """Say what it shows now."""
        magnitudes_g = self._magnitudes_g()
        return SensorSignal(
            identity=self._identity,
            battery_percent=self._battery_percent,
            magnitude_g=float(np.median(magnitudes_g)) if len(magnitudes_g) else None,
            spread_g=self.spread_g(),
            trouble=self._trouble,
        )

    def _magnitudes_g(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Lengths of all acceleration that is remembered."""
        if not self._packets:
            return np.empty(0)
        return np.asarray(np.linalg.norm(np.concatenate([packet.accel_g for packet in self._packets]), axis=1))


async def _until(happened: Callable[[], bool], timeout_s: float) -> bool:
    """Wait until something is so; says whether it is."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            while not happened():
                await asyncio.sleep(POLL_S)
    return happened()
