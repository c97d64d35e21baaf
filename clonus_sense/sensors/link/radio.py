"""The host's radio: one scanner for all sensors that are searched for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

from clonus_sense.errors import SensorError
from clonus_sense.i18n import Phrase, message
from clonus_sense.sensors.link.trouble import translated

logger = logging.getLogger(__name__)

# Length of a scan that finds no sensor before the next one: a Bluetooth system that restarted or hangs does not say so.
SCAN_ANEW_EVERY_S = 10.0
# Pause after a failed scan; short, because no sensor is heard meanwhile.
SCAN_RETRY_S = 1.0
SCANNER_TIMEOUT_S = 10.0
# bleak's own limit for connecting and finding services; our limit is slightly longer.
CONNECT_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Advertisement:
    """A sensor that was heard.

    Parameters
    ----------
    name
        Advertised name without line breaks and tabs; empty where it sends none.
    address
        Bluetooth address, on macOS a number chosen by this computer: a hint, never an identity.
    service_uuids
        Advertised services, in lower case.
    rssi_dbm
        Signal strength; ``None`` for a sensor that is already connected and does not advertise.
    device
        bleak's object to connect to.
    """

    name: str
    address: str
    service_uuids: tuple[str, ...]
    rssi_dbm: int | None
    device: BLEDevice = field(repr=False)


Wanted = Callable[[Advertisement], bool]


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """A search for one sensor."""

    wanted: Wanted
    on_trouble: Callable[[SensorError], None]
    found: asyncio.Future[Advertisement]


class Radio:
    """Bluetooth of this computer, shared by all sensors of a night.

    Parameters
    ----------
    scanner_backend, client_backend
        Another implementation below bleak's API; ``None`` uses the system's own.

    Attributes
    ----------
    claimed
        Addresses of sensors that are connected or about to be; other links leave them alone.
    """

    def __init__(
        self,
        scanner_backend: type[BaseBleakScanner] | None = None,
        client_backend: type[BaseBleakClient] | None = None,
    ) -> None:
        self._scanner_backend = scanner_backend
        self._client_backend = client_backend
        self._searches: set[_Search] = set()
        self._scanning: asyncio.Task[None] | None = None
        self._enough = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.claimed: set[str] = set()

    def client(self, device: BLEDevice, on_disconnected: Callable[[], None]) -> BleakClient:
        """Make a client for one connection."""
        return BleakClient(
            device, lambda _client: on_disconnected(), timeout=CONNECT_TIMEOUT_S, backend=self._client_backend
        )

    async def find(self, wanted: Wanted, on_trouble: Callable[[SensorError], None]) -> Advertisement:
        """Listen until a sensor is heard; one scanner serves all concurrent searches.

        Parameters
        ----------
        wanted
            Tells whether an advertisement is the wanted one.
        on_trouble
            Called with the reason when listening fails; the search continues.

        Returns
        -------
        Advertisement
            The sensor, heard just now; the scanner has stopped unless other searches are open.
        """
        search = _Search(wanted, on_trouble, asyncio.get_running_loop().create_future())
        self._searches.add(search)
        self._enough.clear()
        if self._scanning is None:
            self._scanning = asyncio.create_task(self._scan(), name="scan")
        try:
            return await search.found
        except asyncio.CancelledError:
            if search.found.done() and not search.found.cancelled():
                self.claimed.discard(search.found.result().address)
            raise
        finally:
            self._searches.discard(search)
            if not self._searches:
                self._enough.set()
                await self._quiet.wait()

    async def hear(self, for_s: float) -> tuple[Advertisement, ...]:
        """Listen for ``for_s`` seconds.

        Returns
        -------
        tuple of Advertisement
            Each device once, with its latest advertisement, in the order of first hearing.

        Raises
        ------
        SensorError
            If listening failed and no device was heard.
        """
        heard: dict[str, Advertisement] = {}
        troubles: list[SensorError] = []

        def note(advertisement: Advertisement) -> bool:
            heard[advertisement.address] = advertisement
            return False

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(for_s):
                await self.find(note, troubles.append)
        if troubles and not heard:
            raise troubles[-1]
        return tuple(heard.values())

    async def connected(self, service_uuids: Iterable[str]) -> list[Advertisement]:
        """List sensors that the system is already connected to, as after a crash; these do not advertise."""
        uuids = list(service_uuids)
        if sys.platform != "linux" or self._scanner_backend is not None or not uuids:
            return []
        async with translated(Phrase(message("Asking Bluetooth for its connections")), SCANNER_TIMEOUT_S):
            adapter = await BleakAdapter.get()
            devices = await adapter.get_connected_devices(uuids)
            return [Advertisement(_one_line(one.name), one.address, tuple(uuids), None, one) for one in devices]
        raise AssertionError("unreachable")  # pragma: no cover - for the type checker, which thinks errors are dropped

    async def close(self) -> None:
        """Stop listening."""
        if self._scanning is not None:
            self._scanning.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._scanning

    async def _scan(self) -> None:
        """Scan while any search is open."""
        try:
            while self._searches:
                try:
                    await self._scan_once()
                except SensorError as error:
                    for search in list(self._searches):
                        search.on_trouble(error)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._enough.wait(), SCAN_RETRY_S)
        finally:
            self._scanning = None

    async def _scan_once(self) -> None:
        """Scan until all searches have ended or the scan must be restarted."""
        self._quiet.clear()
        scanner: BleakScanner | None = None
        try:
            async with translated(Phrase(message("Looking for the sensor")), SCANNER_TIMEOUT_S):
                scanner = BleakScanner(self._heard, backend=self._scanner_backend)
                await scanner.start()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._enough.wait(), SCAN_ANEW_EVERY_S)
        finally:
            try:
                if scanner is not None:
                    async with translated(Phrase(message("Ending the search")), SCANNER_TIMEOUT_S):
                        await scanner.stop()
            except SensorError as error:
                # The next scan shows whether this mattered.
                logger.info("%s", error)
            finally:
                self._quiet.set()

    def _heard(self, device: BLEDevice, data: AdvertisementData) -> None:
        """Pass an advertisement to the searches that want it."""
        name = _one_line(data.local_name or device.name)
        uuids = tuple(uuid.lower() for uuid in data.service_uuids)
        heard = Advertisement(name, device.address, uuids, data.rssi, device)
        for search in list(self._searches):
            if not search.found.done() and heard.address not in self.claimed and search.wanted(heard):
                self.claimed.add(heard.address)
                search.found.set_result(heard)
                return


def _one_line(name: str | None) -> str:
    """Write an advertised name on one line, because a nearby device may send any characters."""
    return " ".join((name or "").split())
