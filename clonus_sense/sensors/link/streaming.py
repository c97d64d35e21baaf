"""The streaming phase of one connection: packets, silence, battery, and requests for lost samples."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from clonus_sense.errors import SensorError
from clonus_sense.i18n import message
from clonus_sense.model import SensorIdentity
from clonus_sense.sensors.family import ReplayingDriver, SensorDriver
from clonus_sense.sensors.link.connection import Connection
from clonus_sense.sensors.link.events import (
    AttemptFailed,
    BatteryRead,
    HostSlept,
    LinkEvent,
    LinkState,
    NotificationsDropped,
    ReplayAsked,
    StreamEnd,
    StreamStarted,
)
from clonus_sense.sensors.link.host_clock import HostClock
from clonus_sense.sensors.packet import SensorEvent, SensorEventKind, SensorPacket, StreamFormat

logger = logging.getLogger(__name__)

# No streaming sensor is silent for this long; sensors with long packets get four packets' time.
LEAST_SILENCE_S = 5.0
SILENT_PACKETS = 4
# The first samples may take longer, while filters settle and buffers fill.
FIRST_DATA_S = 10.0
# Interval of the checks for silence, sleep of the host and battery.
TICK_S = 1.0
# A shorter difference may come from a busy computer.
LEAST_SLEEP_S = 5.0
# A battery takes hours to empty; each reading costs the sensor a little of it.
BATTERY_EVERY_S = 300.0
# This many notifications without a sample in any of them mean an unreadable stream, not answers to commands.
FEWEST_BARREN = 10
# Interval of the check whether more packets are damaged than whole.
DAMAGE_WINDOW_S = 20.0
UNREADABLE = message(
    "the sensor's data cannot be read: its packets arrive cut short or damaged; switch the sensor off and on again, "
    "and if that does not help use another Bluetooth adapter."
)
# Weight of a new interval in the running mean of packet intervals.
_INTERVAL_SHARE = 0.1


class LinkListener(Protocol):
    """Receives the output of a link; no method may block."""

    def found(self, name: str, address: str) -> None:
        """Take note of the sensor before the link connects to it; an exception ends the link."""

    def streaming(self, sensor: SensorIdentity, stream: StreamFormat) -> None:
        """Take note that a connection streams; its packets follow."""

    def received(self, packet: SensorPacket) -> None:
        """Take samples."""

    def told(self, event: SensorEvent) -> None:
        """Take an event of the sensor."""

    def happened(self, event: LinkEvent) -> None:
        """Take an event of the link."""


class Streaming:
    """Runs a connection that is set up until it ends; ``wake`` is set for new bytes and for a lost link."""

    def __init__(
        self,
        connection: Connection,
        driver: SensorDriver,
        listener: LinkListener,
        clock: HostClock,
        wake: asyncio.Event,
        *,
        before_s: float | None,
        has_battery_service: bool,
    ) -> None:
        self._connection = connection
        self._driver = driver
        self._listener = listener
        self._clock = clock
        self._wake = wake
        self._before_s = before_s
        self._has_battery_service = has_battery_service
        self._loop = asyncio.get_running_loop()
        self._tick: asyncio.TimerHandle | None = None
        self._chores: set[asyncio.Task[None]] = set()
        self._began_s = clock.seconds()
        self._asleep_s = clock.asleep_s()
        self._looked_s = self._battery_asked_s = -float("inf")
        self._interval_s = 0.0
        self._stopped = False
        self._n_dropped = self._n_bad = 0
        self._n_barren = self._n_packets = 0
        self._damage_since_s, self._n_bad_before, self._told_damage = clock.seconds(), 0, False
        self.first_arrival_s: float | None = None
        self.last_arrival_s: float | None = None

    async def run(self) -> StreamEnd:
        """Stream until the connection ends; returns the reason."""
        try:
            while True:
                self.drain()
                reason = self._look()
                if reason is not None:
                    return reason
                await self._wake.wait()
                self._wake.clear()
        finally:
            if self._tick is not None:
                self._tick.cancel()
            for chore in self._chores:
                chore.cancel()
            if self._chores:
                await asyncio.wait(self._chores)

    def drain(self) -> None:
        """Decode all notifications in the inbox."""
        inbox = self._connection.inbox
        while inbox:
            one = inbox.popleft()
            items = self._driver.receive(one.characteristic, one.data, one.arrival_s)
            self._n_barren += not items
            for item in items:
                if isinstance(item, SensorPacket):
                    self._received(item)
                else:
                    self._told(item)

    def ask_again(self, first_index: int, n_samples: int) -> None:
        """Request lost samples if the sensor keeps them."""
        driver = self._driver
        if isinstance(driver, ReplayingDriver):
            self._begin(lambda: self._replay(driver, first_index, n_samples))

    def _received(self, packet: SensorPacket) -> None:
        """Pass samples on, and learn how often packets come."""
        if self.last_arrival_s is None:
            self.first_arrival_s = packet.arrival_s
            away_s = None if self._before_s is None else packet.arrival_s - self._before_s
            self._listener.happened(StreamStarted(packet.arrival_s, away_s))
        else:
            self._interval_s += _INTERVAL_SHARE * (packet.arrival_s - self.last_arrival_s - self._interval_s)
        self.last_arrival_s = packet.arrival_s
        self._n_barren = 0
        self._n_packets += 1
        self._listener.received(packet)

    def _told(self, event: SensorEvent) -> None:
        """Pass an event of the sensor on."""
        if event.kind is SensorEventKind.STOPPED and not event.before_stream:
            self._stopped = True
        self._listener.told(event)

    def _look(self) -> StreamEnd | None:
        """Return why the stream has ended; ``None`` while it continues."""
        if self._slept():
            return StreamEnd.HOST_SLEPT
        if self._connection.is_down:
            return StreamEnd.DISCONNECTED
        if self._stopped:
            return StreamEnd.STOPPED
        now_s = self._clock.seconds()
        if now_s - self._looked_s < TICK_S:
            return None
        self._looked_s = now_s
        self._tick = self._loop.call_later(TICK_S, self._wake.set)
        self._count_losses(now_s)
        if now_s - self._battery_asked_s >= BATTERY_EVERY_S:
            self._battery_asked_s = now_s
            self._begin(self._ask_battery)
        self._look_for_damage(now_s)
        if not self._is_silent(now_s):
            return None
        return StreamEnd.UNREADABLE if self._n_barren >= FEWEST_BARREN else StreamEnd.SILENT

    def _slept(self) -> bool:
        """Tell whether the host was asleep since the last check."""
        slept_s = self._clock.asleep_s() - self._asleep_s
        if slept_s < LEAST_SLEEP_S:
            return False
        self._listener.happened(HostSlept(self._clock.seconds(), slept_s))
        return True

    def _is_silent(self, now_s: float) -> bool:
        """Tell whether the sensor was silent for too long; the radio does not report this."""
        if self.last_arrival_s is None:
            return now_s - self._began_s > FIRST_DATA_S
        return now_s - self.last_arrival_s > max(LEAST_SILENCE_S, SILENT_PACKETS * self._interval_s)

    def _look_for_damage(self, now_s: float) -> None:
        """Report once for each connection that most packets cannot be read."""
        if now_s - self._damage_since_s < DAMAGE_WINDOW_S:
            return
        n_bad = self._driver.n_bad_packets - self._n_bad_before
        if n_bad >= FEWEST_BARREN and n_bad > self._n_packets and not self._told_damage:
            self._told_damage = True
            self._listener.happened(AttemptFailed(now_s, LinkState.STREAM, UNREADABLE))
        self._damage_since_s, self._n_bad_before, self._n_packets = now_s, self._driver.n_bad_packets, 0

    def _count_losses(self, now_s: float) -> None:
        """Report notifications that this computer dropped or could not decode."""
        n_dropped, n_bad = self._connection.n_dropped, self._driver.n_bad_packets
        if (n_dropped, n_bad) != (self._n_dropped, self._n_bad):
            event = NotificationsDropped(now_s, n_dropped - self._n_dropped, n_bad - self._n_bad)
            self._n_dropped, self._n_bad = n_dropped, n_bad
            self._listener.happened(event)

    def report_losses(self) -> None:
        """Report the losses since the last check, at the end of the connection."""
        self._count_losses(self._clock.seconds())

    def _begin(self, work: Callable[[], Awaitable[None]]) -> None:
        """Start a task beside the stream; the end of the connection cancels it, perhaps before it began."""

        async def chore() -> None:
            try:
                await work()
            except SensorError as error:
                # The stream itself shows whether this mattered.
                logger.info("%s", error)

        task = asyncio.create_task(chore())
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _ask_battery(self) -> None:
        """Read the charge."""
        if self._has_battery_service:
            percent = await self._connection.read_battery()
        else:
            percent = await self._connection.run(self._driver.battery())
        if percent is not None:
            self._listener.happened(BatteryRead(self._clock.seconds(), percent))

    async def _replay(self, driver: ReplayingDriver, first_index: int, n_samples: int) -> None:
        """Request lost samples."""
        granted = await self._connection.run(driver.replay(first_index, n_samples))
        self._listener.happened(ReplayAsked(self._clock.seconds(), first_index, n_samples, granted))
