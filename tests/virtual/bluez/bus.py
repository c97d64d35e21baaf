"""A D-Bus message bus inside this process: one service, and any number of clients on a unix socket.

dbus-fast, which bleak brings on Linux, encodes the messages.  This module adds the rest of a daemon: authentication,
the bus's own few methods, and routing of calls and signals.  It needs no dbus-daemon, and the socket is private.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from dbus_fast import Message, MessageType
from dbus_fast.aio.message_reader import build_message_reader

logger = logging.getLogger(__name__)

_GUID = "0123456789abcdef0123456789abcdef"
_LONGEST_AUTH_LINE = 1024
# A reader of dbus-fast 5 drops its connection when a few hundred signals arrive at once; after this many the loop takes
# one turn, so that they are read.
_SIGNALS_PER_TURN = 32


class Service(Protocol):
    """The service of the bus."""

    name: str
    """Well-known name, such as ``org.bluez``; calls to it fail while :attr:`running` is false."""
    running: bool

    def called(self, client: Client, call: Message) -> None:
        """Take a method call; :meth:`Client.send` may send the answer later."""

    def client_left(self, client: Client) -> None:
        """Forget a client's state."""


class Bus:
    """The bus: ``path`` is its socket, which must not exist yet."""

    def __init__(self, path: Path, service: Service) -> None:
        self._loop = asyncio.get_running_loop()
        self._service = service
        self._clients: set[Client] = set()
        self._n_met = 0
        self._waiting: list[Message] = []
        self._n_this_turn = 0
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.bind(str(path))
        self._socket.listen()
        self._loop.add_reader(self._socket, self._accept)

    @property
    def address(self) -> str:
        """The value for ``DBUS_SYSTEM_BUS_ADDRESS``."""
        return f"unix:path={self._path}"

    def emit(self, signal: Message) -> None:
        """Send a signal to all clients that asked for it."""
        self._waiting.append(signal)
        if len(self._waiting) == 1 and self._n_this_turn < _SIGNALS_PER_TURN:
            self._send_waiting()

    def drop_clients(self) -> None:
        """Close every connection, as a dying bus does."""
        for client in list(self._clients):
            client.close()

    def close(self) -> None:
        """Stop."""
        self._loop.remove_reader(self._socket)
        self._socket.close()
        self.drop_clients()
        self._path.unlink(missing_ok=True)

    def _send_waiting(self) -> None:
        """Send a few signals; the others follow in the next turn of the loop."""
        while self._waiting and self._n_this_turn < _SIGNALS_PER_TURN:
            signal = self._waiting.pop(0)
            if self._n_this_turn == 0:
                self._loop.call_soon(self._next_turn)
            self._n_this_turn += 1
            for client in list(self._clients):
                if client.wants(signal):
                    client.send(signal)

    def _next_turn(self) -> None:
        """Start a new turn of the loop."""
        self._n_this_turn = 0
        self._send_waiting()

    def _accept(self) -> None:
        """Accept a new client."""
        with contextlib.suppress(BlockingIOError):
            connection, _ = self._socket.accept()
            self._n_met += 1
            self._clients.add(Client(connection, f":1.{self._n_met}", self._received, self._left))

    def _left(self, client: Client) -> None:
        """Forget a client."""
        self._clients.discard(client)
        self._service.client_left(client)

    def _received(self, client: Client, message: Message) -> None:
        """Answer a call to the bus, or pass it on to the service."""
        if message.message_type is not MessageType.METHOD_CALL:
            return
        if message.destination == "org.freedesktop.DBus":
            self._answer_as_bus(client, message)
        elif message.destination == self._service.name and self._service.running:
            self._service.called(client, message)
        else:
            unknown = "org.freedesktop.DBus.Error.ServiceUnknown"
            text = f"The name {message.destination} was not provided by any .service files"
            client.send(Message.new_error(message, unknown, text))

    def _answer_as_bus(self, client: Client, message: Message) -> None:
        """Answer Hello, AddMatch and RemoveMatch, the only calls of bleak to a bus."""
        match message.member:
            case "Hello":
                client.send(Message.new_method_return(message, "s", [client.unique_name]))
            case "AddMatch":
                client.add_match(message.body[0])
                client.send(Message.new_method_return(message))
            case "RemoveMatch":
                client.send(Message.new_method_return(message))
            case _:
                name = "org.freedesktop.DBus.Error.UnknownMethod"
                client.send(Message.new_error(message, name, f"No method {message.member}"))


class Client:
    """One connection to the bus."""

    def __init__(
        self,
        connection: socket.socket,
        unique_name: str,
        received: Callable[[Client, Message], None],
        left: Callable[[Client], None],
    ) -> None:
        self.unique_name = unique_name
        self._loop = asyncio.get_running_loop()
        self._socket = connection
        self._socket.setblocking(False)
        self._left = left
        self._matches: set[tuple[str, str]] = set()
        self._unsent = bytearray()
        self._waits_for_room = False
        self._serial = 0
        self._open = True
        self._read_messages = build_message_reader(
            connection, lambda message: received(self, message), lambda _error: self.close(), negotiate_unix_fd=False
        )
        self._loop.add_reader(connection, self._authenticate)

    def add_match(self, rule: str) -> None:
        """Send signals of one interface and member from now on."""
        parts = dict(part.split("=", 1) for part in rule.split(","))
        self._matches.add((parts.get("interface", "").strip("'"), parts.get("member", "").strip("'")))

    def wants(self, signal: Message) -> bool:
        """Whether this client asked for such a signal."""
        return (signal.interface, signal.member) in self._matches

    def send(self, message: Message) -> None:
        """Send a message, as soon as the socket takes it."""
        if not self._open:
            return
        self._serial += 1
        message.serial = self._serial
        self._send_bytes(bytes(message._marshall(False)))

    def close(self) -> None:
        """Close the connection."""
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._socket.close()
        self._left(self)

    def _send_bytes(self, data: bytes) -> None:
        """Send as much as the socket takes; the rest waits for room."""
        self._unsent += data
        self._flush()

    def _flush(self) -> None:
        """Send the waiting bytes."""
        try:
            n_sent = self._socket.send(self._unsent)
        except BlockingIOError:
            n_sent = 0
        except OSError:
            self.close()
            return
        del self._unsent[:n_sent]
        if bool(self._unsent) != self._waits_for_room:
            self._waits_for_room = not self._waits_for_room
            if self._waits_for_room:
                self._loop.add_writer(self._socket, self._flush)
            else:
                self._loop.remove_writer(self._socket)

    def _authenticate(self) -> None:
        """Read one line of the handshake, without a byte of the data after it."""
        try:
            seen = self._socket.recv(_LONGEST_AUTH_LINE, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            seen = b""
        if not seen:
            self.close()
            return
        end = seen.find(b"\r\n")
        if end < 0:
            return
        line = self._socket.recv(end + 2).lstrip(b"\0").strip()
        if line.startswith(b"AUTH"):
            self._send_bytes(f"OK {_GUID}\r\n".encode())
        elif line == b"NEGOTIATE_UNIX_FD":
            self._send_bytes(b"AGREE_UNIX_FD\r\n")
        elif line == b"BEGIN":
            self._loop.add_reader(self._socket, self._read_messages)
        else:
            self._send_bytes(b"ERROR\r\n")
