"""Checks before a night: whether the sensors are there, charged, plausible, on a moving leg, and on which leg.

This step writes no files.  The recorder connects again afterwards, as it does after any lost link.
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

# Spread of the acceleration that shows a moved leg or a tapped sensor: a resting leg stays within 0.02 g, and a lifted
# foot exceeds this by far.
MOVED_G = 0.15

# Both sensors feel a tap, because they lie in the same bed; the tapped one feels it at least this much more.
TAPPED_RATIO = 2.0

# Length of the signal that is kept.
REMEMBERED_S = 4.0
POLL_S = 0.25

# Range of gravity as cheap sensors measure it; a value outside is in another unit.
PLAUSIBLE_G = (0.85, 1.15)


@dataclass(frozen=True, slots=True)
class SensorSignal:
    """The present signal of a sensor.

    Parameters
    ----------
    identity
        The sensor.
    battery_percent
        Its charge; ``None`` if unknown.
    magnitude_g
        Median length of the acceleration over the last seconds; ``None`` before the first sample.
    spread_g
        Difference of the largest and smallest length over the last seconds.
    trouble
        Why it does not stream, in a translatable sentence; empty while it does.
    """

    identity: SensorIdentity
    battery_percent: int | None
    magnitude_g: float | None
    spread_g: float
    trouble: str

    @property
    def is_plausible(self) -> bool:
        """Whether a sensor at rest can show this magnitude."""
        return self.magnitude_g is not None and PLAUSIBLE_G[0] <= self.magnitude_g <= PLAUSIBLE_G[1]


class Preflight:
    """Streams from sensors while its ``async with`` block runs.

    Parameters
    ----------
    wanted
        The sensors.
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
        """Return the present signal of each sensor, in the order of ``wanted``."""
        return tuple(ear.signal() for ear in self._ears)

    async def wait_streaming(self, timeout_s: float) -> bool:
        """Wait until every sensor streams, at most ``timeout_s`` seconds.

        Returns
        -------
        bool
            Whether all stream; :attr:`SensorSignal.trouble` gives the reason of each that does not.
        """
        return await _until(lambda: all(ear.newest is not None for ear in self._ears), timeout_s)

    async def wait_moved(self, which: int, timeout_s: float) -> bool:
        """Wait until one sensor feels its leg move; earlier movement does not count.

        Parameters
        ----------
        which
            Number of the sensor, from 0.
        timeout_s
            Longest wait.

        Returns
        -------
        bool
            Whether it moved.
        """
        ear = self._ears[which]
        ear.forget()
        return await _until(lambda: ear.spread_g() >= MOVED_G, timeout_s)

    async def wait_tapped(self, timeout_s: float) -> int | None:
        """Wait until one sensor is tapped, at most ``timeout_s`` seconds.

        Returns
        -------
        int or None
            Number of the sensor that felt the tap most, from 0; ``None`` if none did clearly.
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
    """Listens to one sensor and keeps the last seconds."""

    def __init__(self) -> None:
        self.newest: SensorPacket | None = None
        self._packets: list[SensorPacket] = []
        self._identity = SensorIdentity()
        self._battery_percent: int | None = None
        self._trouble = ""

    def found(self, name: str, address: str) -> None:
        """Do nothing: the sensor's name comes with its identity."""

    def streaming(self, sensor: SensorIdentity, stream: StreamFormat) -> None:
        """Take note that the sensor streams."""
        self._identity = sensor

    def received(self, packet: SensorPacket) -> None:
        """Keep the lengths of the samples."""
        self.newest, self._trouble = packet, ""
        self._packets.append(packet)
        while packet.arrival_s - self._packets[0].arrival_s > REMEMBERED_S:
            del self._packets[0]

    def told(self, event: SensorEvent) -> None:
        """Keep the charge."""
        if event.battery_percent is not None:
            self._battery_percent = event.battery_percent

    def happened(self, event: LinkEvent) -> None:
        """Keep the state of the link."""
        match event:
            case Identified():
                self._identity = event.sensor
            case BatteryRead():
                self._battery_percent = event.percent
            case AttemptFailed():
                self._trouble = event.text

    def forget(self) -> None:
        """Forget the signal so far."""
        self._packets = self._packets[-1:]

    def spread_g(self) -> float:
        """Difference of the largest and smallest kept length of the acceleration."""
        magnitudes_g = self._magnitudes_g()
        return float(np.ptp(magnitudes_g)) if len(magnitudes_g) else 0.0

    def signal(self) -> SensorSignal:
        """Return the present signal."""
        magnitudes_g = self._magnitudes_g()
        return SensorSignal(
            identity=self._identity,
            battery_percent=self._battery_percent,
            magnitude_g=float(np.median(magnitudes_g)) if len(magnitudes_g) else None,
            spread_g=self.spread_g(),
            trouble=self._trouble,
        )

    def _magnitudes_g(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """All kept lengths of the acceleration."""
        if not self._packets:
            return np.empty(0)
        return np.asarray(np.linalg.norm(np.concatenate([packet.accel_g for packet in self._packets]), axis=1))


async def _until(happened: Callable[[], bool], timeout_s: float) -> bool:
    """Wait until a condition holds; returns whether it does."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            while not happened():
                await asyncio.sleep(POLL_S)
    return happened()
