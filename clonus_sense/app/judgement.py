"""Which requests are answered: a pure table of rules, each with its reason.

A page of another site, another user of this computer, or a program on another port may send the app a request; none
of them gets an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from clonus_sense.app.keys import Keys, is_same
from clonus_sense.i18n import message

KEY_HEADER = "x-clonus-sense-key"
"""Header in which a page's script sends its key."""

# Our own requests stay far below these.
MOST_HEADERS = 64
MOST_HEADER_BYTES = 8 * 1024
MOST_ADDRESS_BYTES = 2 * 1024
MOST_BODY_BYTES = 64 * 1024
_MOST_DIGITS = 12

# Two of these would mean one thing to us and another to a browser.
_ONCE = ("host", "origin", "content-length", "sec-fetch-site", KEY_HEADER)

_WRONG = message("This request is not understood.")
_FOREIGN = message("This request comes from another page or program; the app answers only its own pages.")
CLOSED = message("This page is closed. Open the app again with `clonus-sense app`.")
TOO_LARGE = message("This request is too large.")


class Demand(Enum):
    """Kinds of addresses; each kind asks for its own keys."""

    ENTRANCE = auto()
    """Takes the key of the private file; the one address that another page may lead to."""
    FILE = auto()
    """Styles and scripts of the package: no secret."""
    DOCUMENT = auto()
    """A page without data: the cookie."""
    DATA = auto()
    """Everything about a person: the cookie and the header."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The head of a request.

    Parameters
    ----------
    method
        Such as ``GET``.
    path
        Decoded path.
    n_address_bytes
        Length of path and query as sent.
    headers
        Names in lower case, and values, as sent.
    """

    method: str
    path: str
    n_address_bytes: int
    headers: Sequence[tuple[str, str]]

    def values(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for key, value in self.headers if key == name]

    def value(self, name: str) -> str:
        """Value of a header; empty if it is absent."""
        return next(iter(self.values(name)), "")


@dataclass(frozen=True, slots=True)
class Door:
    """Where the app stands, and its keys."""

    port: int
    keys: Keys

    @property
    def host(self) -> str:
        """Value of ``Host`` that this app answers."""
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        """Origin of the app's own pages."""
        return f"http://{self.host}"

    @property
    def cookie_name(self) -> str:
        """Name of the cookie: cookies do not know ports, so two apps need two names."""
        return f"clonus-sense-{self.port}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    text: str


def demand_of(path: str) -> Demand:
    """Say which keys an address asks for."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    if first in ("enter", "welcome"):
        return Demand.ENTRANCE
    if first == "files":
        return Demand.FILE
    return Demand.DATA if first == "data" else Demand.DOCUMENT


def judge(seen: Seen, door: Door) -> Refusal | None:
    """Judge the head of a request.

    Returns
    -------
    Refusal or None
        ``None`` for a request that is answered once its body has come.
    """
    demand = demand_of(seen.path)
    return _judge_form(seen, demand) or _judge_source(seen, demand, door) or _judge_keys(seen, demand, door)


def _judge_form(seen: Seen, demand: Demand) -> Refusal | None:
    """Refuse what no page of ours sends: other methods, large heads, doubtful lengths."""
    status = 0
    text = _WRONG
    n_bytes = sum(len(name) + len(value) for name, value in seen.headers)
    length = seen.value("content-length") or "0"
    n_body_bytes = int(length) if length.isascii() and length.isdecimal() and len(length) < _MOST_DIGITS else None
    has_body = n_body_bytes != 0 or bool(seen.value("transfer-encoding"))
    if seen.method not in ("GET", "HEAD", "POST") or (seen.method == "POST" and demand is not Demand.DATA):
        status = 405
    elif seen.n_address_bytes > MOST_ADDRESS_BYTES:
        status, text = 414, TOO_LARGE
    elif len(seen.headers) > MOST_HEADERS or n_bytes > MOST_HEADER_BYTES:
        status, text = 431, TOO_LARGE
    elif any(len(seen.values(name)) > 1 for name in _ONCE) or (has_body and seen.method != "POST"):
        status = 400
    elif n_body_bytes is None or n_body_bytes > MOST_BODY_BYTES:
        status, text = 413, TOO_LARGE
    return Refusal(status, text) if status else None


def _judge_source(seen: Seen, demand: Demand, door: Door) -> Refusal | None:
    """Refuse what another site or program may have sent."""
    if seen.value("host") != door.host:
        # A name that somebody points at this computer (DNS rebinding) makes a foreign page one of ours to a browser.
        return Refusal(421, _FOREIGN)
    origin, site = seen.value("origin"), seen.value("sec-fetch-site")
    if origin and origin != door.origin:
        return Refusal(403, _FOREIGN)
    if seen.method == "POST" and not origin:
        # Every browser names the origin of a POST.
        return Refusal(403, _FOREIGN)
    is_visit = seen.method == "GET" and seen.value("sec-fetch-mode") in ("", "navigate")
    is_visit = is_visit and seen.value("sec-fetch-dest") in ("", "document")
    match demand:
        case Demand.ENTRANCE:
            # The private file that leads here is a page of another origin, but it replaces the whole page.
            is_right = is_visit
        case Demand.DOCUMENT:
            is_right = is_visit and site in ("", "none", "same-origin")
        case _:
            is_right = site in ("", "same-origin")
    return None if is_right else Refusal(403, _FOREIGN)


def _judge_keys(seen: Seen, demand: Demand, door: Door) -> Refusal | None:
    """Refuse who has not entered through the private file."""
    if demand in (Demand.ENTRANCE, Demand.FILE):
        return None
    cookies = [part.strip().partition("=") for value in seen.values("cookie") for part in value.split(";")]
    has_cookie = any(name == door.cookie_name and is_same(value, door.keys.cookie) for name, _, value in cookies)
    has_key = demand is not Demand.DATA or is_same(seen.value(KEY_HEADER), door.keys.data)
    return None if has_cookie and has_key else Refusal(401, CLOSED)
