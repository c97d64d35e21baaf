"""Serves the app on this computer, and opens it in the browser."""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
import socket
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from clonus_sense.app.house import House
from clonus_sense.app.judgement import MOST_HEADER_BYTES, Door
from clonus_sense.app.keys import PRIVATE_MODE, read_keys
from clonus_sense.app.place import Place
from clonus_sense.app.routes import build_app
from clonus_sense.errors import SettingsError
from clonus_sense.files import write_text_atomically
from clonus_sense.recording.file_lock import lock_file

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
# Any fixed number: an open page finds a restarted app at the same address.  IANA has given it to nobody.
USUAL_PORT = 8473
# A head of ours comes in one packet from this computer.
HEAD_WITHIN_S = 10.0
# More than the tabs and the recorder's screens of one household.
MOST_CONNECTIONS = 64
_LAST_ANSWERS_S = 3


class PatientProtocol(H11Protocol):
    """Closes a connection whose next request does not come whole within :data:`HEAD_WITHIN_S`."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        if self._deadline is not None:
            self._deadline.cancel()

    def _wait_for_head(self) -> None:
        """Give the next head its time."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(HEAD_WITHIN_S, self._close_if_silent)

    def _close_if_silent(self) -> None:
        """Close unless a request is being answered."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


def serve(place: Place, language: str, *, port: int | None, on_ready: Callable[[Path], None]) -> bool:
    """Serve the app until it is stopped.

    Parameters
    ----------
    place
        The files.
    language
        Language until somebody chooses one.
    port
        ``None`` takes that of the last time, or the usual one, or a free one.
    on_ready
        Called with the private file that opens the app.

    Returns
    -------
    bool
        ``False`` if another process serves this library's app already; ``on_ready`` was called with its file.

    Raises
    ------
    SettingsError
        If the port is taken.
    """
    keys = read_keys(place.folder)
    with _alone(place.folder / "running.lock") as is_alone:
        if not is_alone:
            on_ready(_door_file(place))
            return False
        with _listen(port, place.folder / "port") as listening:
            door = Door(listening.getsockname()[1], keys)
            house = House(place, language)
            server = uvicorn.Server(_settings(build_app(house, door)))
            write_text_atomically(_door_file(place), _door_page(door), mode=PRIVATE_MODE)
            on_ready(_door_file(place))
            server.run(sockets=[listening])
    return True


def open_in_browser(path: Path) -> bool:
    """Open the private file in the browser; returns whether there is a browser."""
    return webbrowser.open(path.as_uri())


def _door_file(place: Place) -> Path:
    """Name the private file that opens the app."""
    return place.folder / "open.html"


def _door_page(door: Door) -> str:
    """Lay out a page that leads to the app: other users cannot read it, but they can read a command line."""
    address = html.escape(f"{door.origin}/enter?key={door.keys.door}")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="refresh" content="0; url={address}"><title>clonus_sense</title>'
        f'<p><a href="{address}">clonus_sense</a></p></html>\n'
    )


def _settings(app: object) -> uvicorn.Config:
    """Set up the server: small heads, few connections, plain HTTP alone."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        loop="asyncio",
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=int(HEAD_WITHIN_S),
        timeout_graceful_shutdown=_LAST_ANSWERS_S,
        h11_max_incomplete_event_size=2 * MOST_HEADER_BYTES,
    )


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Tell whether this is the only app of this library."""
    with path.open("ab") as file:
        try:
            is_alone = lock_file(file)
        except OSError as error:
            logger.info("%s: this folder has no locks (%s).", path, error)
            is_alone = True
        yield is_alone


@contextlib.contextmanager
def _listen(port: int | None, remembered: Path) -> Iterator[socket.socket]:
    """Listen on a port of this computer alone, and remember it."""
    wanted = _remembered_port(remembered) if port is None else port
    try:
        listening = socket.create_server((HOST, wanted))
    except OSError as error:
        if port is not None:
            raise SettingsError(
                f"Port {port} is taken by another program ({error.strerror}); leave out --port, or name another one."
            ) from error
        listening = socket.create_server((HOST, 0))
    with listening:
        write_text_atomically(remembered, f"{listening.getsockname()[1]}\n", mode=PRIVATE_MODE)
        yield listening


def _remembered_port(path: Path) -> int:
    """Port of the last time."""
    try:
        port = int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return USUAL_PORT
    return port if 0 < port < 1 << 16 else USUAL_PORT
