"""The link to one sensor: finds it, streams, and reconnects after any failure until it is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, replace

from clonus_sense.errors import SensorError, SensorLostError
from clonus_sense.i18n import Phrase, message
from clonus_sense.model import SensorIdentity
from clonus_sense.sensors.family import SensorDriver, SensorFamily, StreamRequest
from clonus_sense.sensors.link.backoff import Backoff
from clonus_sense.sensors.link.connection import FIRMWARE_REVISION, SERIAL_NUMBER, Connection
from clonus_sense.sensors.link.events import (
    AttemptFailed,
    Identified,
    LinkEvent,
    LinkState,
    SensorMissing,
    StateEntered,
    StreamEnd,
    StreamLost,
)
from clonus_sense.sensors.link.host_clock import HostClock
from clonus_sense.sensors.link.radio import Advertisement, Radio
from clonus_sense.sensors.link.streaming import UNREADABLE, LinkListener, Streaming
from clonus_sense.sensors.packet import SensorEvent

logger = logging.getLogger(__name__)

# A sensor in reach confirms at once; the person who ends the night waits this long.
STOP_TIMEOUT_S = 5.0
# A serial number may be misread once.  A sensor with another number is left alone for this pause.  The pause grows with
# each repeat, up to the longest, so the sensor is always tried again during the night.
OTHER_PAUSE_S, OTHER_PAUSE_GROWS, LONGEST_OTHER_PAUSE_S = 5.0, 4.0, 600.0
# A person may move about with the sensor for this long before a message is worthwhile.
MISSING_AFTER_S = 120.0


@dataclass(frozen=True, slots=True)
class WantedSensor:
    """The sensor to stream from.

    Parameters
    ----------
    family
        Its family.
    name
        Advertised name; empty accepts any of the family.
    serial
        Serial number; distinguishes sensors of one name.  It has priority over the address, which some systems invent.
    """

    family: SensorFamily
    name: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class _Pause:
    """Length and end of the pause for a sensor that is left alone."""

    length_s: float
    until_s: float


class SensorLink:
    """Streams from one sensor for as long as :meth:`run` runs.

    ``SCAN → CONNECT → SETUP → STREAM → CLEANUP``, then again from the beginning, each time with a new scan, client and
    driver.  After a failed connect or set-up, ``BACKOFF`` continues to listen but does not connect to the sensor for a
    moment.

    Parameters
    ----------
    radio
        Bluetooth of this computer.
    wanted
        The sensor.
    listener
        Receives packets and events.
    clock
        The host's clock.
    request
        Wanted rate and range.
    """

    def __init__(
        self,
        radio: Radio,
        wanted: WantedSensor,
        listener: LinkListener,
        clock: HostClock,
        request: StreamRequest = StreamRequest(),  # noqa: B008 - frozen
    ) -> None:
        self._radio = radio
        self._wanted = wanted
        self._listener = listener
        self._clock = clock
        self._request = request
        self._backoff = Backoff()
        self._others: dict[str, _Pause] = {}  # by address, sensors with another serial number
        self._proven: set[str] = set()  # addresses at which the serial number was right
        self._took_connected = False
        self._last_trouble = ""
        self._last_arrival_s: float | None = None
        self._streaming: Streaming | None = None

    def ask_again(self, first_index: int, n_samples: int) -> None:
        """Request lost samples from the sensor; does nothing if it keeps none or is away."""
        if self._streaming is not None:
            self._streaming.ask_again(first_index, n_samples)

    async def run(self) -> None:
        """Stream until cancelled, then stop the sensor and release everything."""
        self._enter(LinkState.SCAN, "the recording begins")
        while True:
            found = await self._find()
            try:
                await self._use(found)
            except SensorError as error:
                self._failed(error)
            finally:
                self._radio.claimed.discard(found.address)

    # Finding it

    async def _find(self) -> Advertisement:
        """Listen until the sensor is heard and the pause is over."""
        began_s = self._clock.seconds()
        ticking = asyncio.create_task(self._say_when_missing(began_s))
        try:
            return await self._still_connected() or await self._radio.find(self._is_wanted, self._cannot_listen)
        finally:
            ticking.cancel()
            self._last_trouble = ""

    async def _still_connected(self) -> Advertisement | None:
        """Find the sensor among the system's connections, where an earlier crash may have left it."""
        if self._took_connected:
            self._took_connected = False
            return None
        with contextlib.suppress(SensorError):
            for one in await self._radio.connected(self._wanted.family.service_uuids):
                if one.address not in self._radio.claimed and self._is_wanted(one):
                    self._took_connected = True
                    self._radio.claimed.add(one.address)
                    return one
        return None

    def _is_wanted(self, heard: Advertisement) -> bool:
        """Tell whether an advertisement can come from the wanted sensor."""
        wanted = self._wanted
        if not wanted.family.recognises(heard.name or None, heard.service_uuids):
            return False
        other = self._others.get(heard.address)
        if other is not None and self._clock.seconds() < other.until_s:
            return False
        if wanted.name and heard.name != wanted.name:
            return False
        return self._backoff.may_connect(self._clock.seconds())

    def _cannot_listen(self, error: SensorError) -> None:
        """Report why listening fails, once for each reason."""
        if error.text != self._last_trouble:
            self._last_trouble = error.text
            self._tell(AttemptFailed(self._clock.seconds(), LinkState.SCAN, error.text))

    async def _say_when_missing(self, since_s: float) -> None:
        """Report a sensor that is not found for long."""
        await asyncio.sleep(MISSING_AFTER_S)
        self._tell(SensorMissing(self._clock.seconds(), self._clock.seconds() - since_s))

    # Using it

    async def _use(self, found: Advertisement) -> None:
        """Connect, set up and stream, and clean up after any outcome."""
        self._listener.found(found.name, found.address)
        self._enter(LinkState.CONNECT, f"{found.name or found.address} is there")
        wake = asyncio.Event()
        connection = Connection(self._radio, found, self._wanted.family, self._clock, wake.set)
        driver = self._wanted.family.make_driver(self._request)
        reason = StreamEnd.FAILED
        try:
            await connection.connect()
            self._enter(LinkState.SETUP, "connected")
            identity = await self._identify(connection, found)
            if identity is not None:
                await connection.subscribe()
                stream = await connection.run(driver.start())
                connection.is_set_up = True
                self._listener.streaming(identity, stream)
                self._enter(LinkState.STREAM, "the sensor is set up")
                reason = await self._stream(connection, driver, wake)
        except asyncio.CancelledError:
            reason = StreamEnd.ENDED
            raise
        finally:
            self._enter(LinkState.CLEANUP, reason)
            self._tell_events(connection, driver)
            await connection.disconnect()
        self._enter(LinkState.SCAN, reason)

    async def _stream(self, connection: Connection, driver: SensorDriver, wake: asyncio.Event) -> StreamEnd:
        """Stream, and report how the stream ended."""
        streaming = Streaming(
            connection,
            driver,
            self._listener,
            self._clock,
            wake,
            before_s=self._last_arrival_s,
            has_battery_service=self._wanted.family.has_battery_service,
        )
        self._streaming = streaming
        reason = StreamEnd.FAILED
        try:
            reason = await streaming.run()
        except asyncio.CancelledError:
            reason = StreamEnd.ENDED
            await _stop(connection, driver)
            raise
        finally:
            self._streaming = None
            streaming.drain()
            streaming.report_losses()
            if streaming.last_arrival_s is not None:
                self._last_arrival_s = streaming.last_arrival_s
            self._tell(StreamLost(self._clock.seconds(), reason, self._last_arrival_s))
        if streaming.first_arrival_s is None:
            nothing = message("the sensor was set up but sent nothing; switch it off and on again.")
            raise SensorLostError(UNREADABLE if reason is StreamEnd.UNREADABLE else nothing)
        self._backoff.streamed(self._clock.seconds() - streaming.first_arrival_s)
        return reason

    def _tell_events(self, connection: Connection, driver: SensorDriver) -> None:
        """Pass on the events that came before the set-up failed: a sensor sends each of them only once."""
        for one in connection.take_events():
            for item in driver.receive(one.characteristic, one.data, one.arrival_s):
                if isinstance(item, SensorEvent):
                    self._listener.told(item)

    async def _identify(self, connection: Connection, found: Advertisement) -> SensorIdentity | None:
        """Read the sensor's identity; ``None`` if it is another sensor of the same name."""
        wanted = self._wanted
        serial = await connection.read_text(SERIAL_NUMBER)
        if _differ(serial, wanted.serial):
            serial = await connection.read_text(SERIAL_NUMBER)
        firmware = await connection.read_text(FIRMWARE_REVISION)
        if _differ(serial, wanted.serial):
            self._tell_of_other(found, serial)
            if found.address not in self._proven:
                self._leave_alone(found.address)
                return None
            # The sensor at one address does not change: the serial number was misread.
            serial = wanted.serial
        self._proven.add(found.address)
        # From now on the link accepts only this sensor.
        self._wanted = replace(wanted, name=wanted.name or found.name, serial=wanted.serial or serial)
        identity = SensorIdentity(wanted.family.key, found.name, serial or wanted.serial, firmware)
        self._tell(Identified(self._clock.seconds(), identity))
        return identity

    def _tell_of_other(self, found: Advertisement, serial: str) -> None:
        """Report a sensor whose serial number is not the wanted one."""
        text = Phrase(
            message("{name} has the serial number {serial}, not {wanted}; looking on."),
            name=found.name,
            serial=serial,
            wanted=self._wanted.serial,
        )
        self._tell(AttemptFailed(self._clock.seconds(), LinkState.SETUP, text))

    def _leave_alone(self, address: str) -> None:
        """Prefer other sensors for a while."""
        before = self._others.get(address)
        length_s = OTHER_PAUSE_S if before is None else min(before.length_s * OTHER_PAUSE_GROWS, LONGEST_OTHER_PAUSE_S)
        self._others[address] = _Pause(length_s, self._clock.seconds() + length_s)

    def _failed(self, error: SensorError) -> None:
        """Note a failed connect or set-up."""
        now_s = self._clock.seconds()
        pause_s = self._backoff.failed(now_s)
        self._tell(AttemptFailed(now_s, LinkState.CONNECT, error.text))
        self._enter(LinkState.BACKOFF, f"for {pause_s:g} s")

    def _enter(self, state: LinkState, reason: str) -> None:
        """Report the new state of the link."""
        self._tell(StateEntered(self._clock.seconds(), state, reason))

    def _tell(self, event: LinkEvent) -> None:
        """Log an event and pass it on."""
        logger.info("%s: %s", self._wanted.name or self._wanted.family.name, event)
        self._listener.happened(event)


def _differ(serial: str, wanted: str) -> bool:
    """Whether both serial numbers are known and differ, apart from their spelling."""
    return bool(serial and wanted) and serial.strip().casefold() != wanted.strip().casefold()


async def _stop(connection: Connection, driver: SensorDriver) -> None:
    """Stop the sensor, so that it does not stream until its battery is empty."""
    if connection.is_down:
        return
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await connection.run(driver.stop())
    except (SensorError, TimeoutError) as error:
        logger.info("the sensor did not confirm that it stopped: %s", error)
