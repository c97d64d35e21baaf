"""One connection to a sensor, from first byte to last; each object serves one connection."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from clonus_sense.errors import SensorError, SensorLostError
from clonus_sense.i18n import Phrase, message
from clonus_sense.sensors.commands import Commands, Read, Reply, Sleep, Step, WaitFor, Write
from clonus_sense.sensors.family import SensorFamily
from clonus_sense.sensors.link.host_clock import HostClock
from clonus_sense.sensors.link.radio import CONNECT_TIMEOUT_S, Advertisement, Radio
from clonus_sense.sensors.link.trouble import translated

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# Standard characteristics of battery and device information.
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
SERIAL_NUMBER = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE_REVISION = "00002a26-0000-1000-8000-00805f9b34fb"

# bleak's own limit should come first, because bleak cleans up more completely.
_SAFETY_S = 10.0
GATT_TIMEOUT_S = 10.0
# The stream must not wait long for a serial number, which can be read later.
READ_TIMEOUT_S = 3.0
# Windows sometimes hangs here for minutes.
DISCONNECT_TIMEOUT_S = 10.0
_READING = message("Reading from {sensor}")
# One minute of the fastest sensor; a fuller inbox means that this computer has stalled.
INBOX_SIZE = 4096
# Answers that arrived before the sequence waited for them; a sequence has a handful of steps.
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Notification:
    """Bytes from one characteristic; ``arrival_s`` in seconds of the host's clock."""

    characteristic: str
    data: bytes
    arrival_s: float


class Connection:
    """One connection; ``on_arrival`` is called from the radio's callback for new bytes and for a lost link."""

    def __init__(
        self,
        radio: Radio,
        found: Advertisement,
        family: SensorFamily,
        clock: HostClock,
        on_arrival: Callable[[], None],
    ) -> None:
        self._found = found
        self._family = family
        self._clock = clock
        self._on_arrival = on_arrival
        self._client: BleakClient = radio.client(found.device, self._went_down)
        self._one_sequence = asyncio.Lock()
        self._answers: deque[Notification] | None = None
        self._answer_came = asyncio.Event()
        self.inbox: deque[Notification] = deque()
        self.n_dropped = 0
        self.is_down = False
        self.is_set_up = False

    async def connect(self) -> None:
        """Connect, or raise a ``SensorError`` if the sensor cannot be reached."""
        async with translated(self._doing(message("Connecting to {sensor}")), CONNECT_TIMEOUT_S + _SAFETY_S):
            await self._client.connect()

    async def read_text(self, characteristic: str) -> str:
        """Read a text of the device information as one line; empty if the sensor has none."""
        try:
            async with translated(self._doing(_READING), READ_TIMEOUT_S):
                value = await self._client.read_gatt_char(characteristic)
        except SensorError as error:
            logger.info("%s", error)
            return ""
        return " ".join(value.decode("utf-8", errors="replace").strip("\0 ").split())

    async def read_battery(self) -> int | None:
        """Read the standard battery level, in per cent; ``None`` if the sensor does not report it."""
        try:
            async with translated(self._doing(message("Reading the battery of {sensor}")), READ_TIMEOUT_S):
                value = await self._client.read_gatt_char(BATTERY_LEVEL)
        except SensorError as error:
            logger.info("%s", error)
            return None
        return min(100, value[0]) if value else None

    async def subscribe(self) -> None:
        """Subscribe to the family's characteristics; a required one that is missing or refuses is a ``SensorError``."""
        events = self._family.event_subscriptions
        for characteristic in (*self._family.subscriptions, *events):
            async with translated(self._doing(message("Subscribing to {sensor}")), GATT_TIMEOUT_S):
                if characteristic in events and self._client.services.get_characteristic(characteristic) is None:
                    continue
                # Some sensors send before the subscription is confirmed; BlueZ accepts those only this way.
                await self._client.start_notify(characteristic, self._came, bluez={"use_start_notify": True})

    async def run(self, commands: Commands[Result]) -> Result:
        """Run a sequence of commands; a second sequence waits for the first to end."""
        async with self._one_sequence:
            self._answers = deque(maxlen=_MOST_KEPT)
            try:
                step = next(commands)
                while True:
                    try:
                        reply = await self._execute(step)
                    except SensorError as error:
                        step = commands.throw(error)
                    else:
                        step = commands.send(reply)
            except StopIteration as end:
                result: Result = end.value
                return result
            finally:
                self._answers = None
                commands.close()

    def take_events(self) -> list[Notification]:
        """Take the events out of the inbox, and leave the rest."""
        events = [one for one in self.inbox if one.characteristic in self._family.event_subscriptions]
        rest = [one for one in self.inbox if one.characteristic not in self._family.event_subscriptions]
        self.inbox.clear()
        self.inbox.extend(rest)
        return events

    async def disconnect(self) -> None:
        """End the connection in any state; never raises."""
        try:
            async with translated(self._doing(message("Disconnecting from {sensor}")), DISCONNECT_TIMEOUT_S):
                await self._client.disconnect()
        except SensorError as error:
            logger.info("%s", error)

    @property
    def _label(self) -> str:
        return self._found.name or self._found.address

    def _doing(self, what: str) -> Phrase:
        """Build a phrase with the name of this sensor."""
        return Phrase(what, sensor=self._label)

    def _came(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        """Queue a notification and do no other work: this runs inside the radio's callback."""
        notification = Notification(characteristic.uuid, bytes(data), self._clock.seconds())
        if len(self.inbox) < INBOX_SIZE:
            self.inbox.append(notification)
        else:
            self.n_dropped += 1
        if self._answers is not None:
            self._answers.append(notification)
            self._answer_came.set()
        self._on_arrival()

    def _went_down(self) -> None:
        """Note the lost link; the owner of the connection tears it down."""
        self.is_down = True
        self._answer_came.set()
        self._on_arrival()

    async def _execute(self, step: Step) -> Reply:
        """Execute one step."""
        match step:
            case Write():
                if self._answers is not None:
                    self._answers.clear()
                if not self.is_set_up:
                    events = self.take_events()
                    self.inbox.clear()
                    self.inbox.extend(events)
                async with translated(self._doing(message("Writing to {sensor}")), GATT_TIMEOUT_S):
                    await self._client.write_gatt_char(step.characteristic, step.data, response=step.with_response)
            case Read():
                async with translated(self._doing(_READING), GATT_TIMEOUT_S):
                    return bytes(await self._client.read_gatt_char(step.characteristic))
            case WaitFor():
                return await self._wait_for(step)
            case Sleep():
                await asyncio.sleep(step.seconds)
        return None

    async def _wait_for(self, step: WaitFor) -> Reply:
        """Wait for an answer; ``None`` after a timeout."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(step.timeout_s):
                while True:
                    self._answer_came.clear()
                    for answer in self._answers or ():
                        if answer.characteristic == step.characteristic and answer.data.startswith(step.prefix):
                            assert self._answers is not None
                            self._answers.remove(answer)
                            return answer.data
                    if self.is_down:
                        raise SensorLostError(self._doing(message("Waiting for {sensor}: the connection broke off.")))
                    await self._answer_came.wait()
        return None
