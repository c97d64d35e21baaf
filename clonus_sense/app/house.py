"""All that lives longer than one request."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from clonus_sense.app.choices import Choices, read_choices
from clonus_sense.app.place import Place
from clonus_sense.app.state import tell_state
from clonus_sense.i18n import LANGUAGES, Translator, translator
from clonus_sense.recorder import read_remembered
from clonus_sense.report.pages.night_document import NightView

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, eq=False)
class House:
    """The app while it runs.

    Parameters
    ----------
    place
        The files.
    language
        Language until somebody chooses one.
    tickets
        Tickets that open one file each in a tab.
    welcomes
        Tickets that hand the key of the data to a page that has just entered.
    nights
        The nights that were laid out last, because a screen asks for a night twice.
    """

    place: Place
    language: str
    tickets: Tickets = field(default_factory=lambda: Tickets(within_s=12 * 3600.0))
    welcomes: Tickets = field(default_factory=lambda: Tickets(within_s=30.0, is_used_up=True))
    nights: Kept[NightView] = field(default_factory=lambda: Kept(most=2))

    def translate(self) -> Translator:
        """Texts in the chosen language."""
        chosen = self.choices().language
        return translator(chosen if chosen in LANGUAGES else self.language)

    def choices(self) -> Choices:
        """Read the choices as they are now."""
        return read_choices(self.place.choices)

    def state(self) -> Mapping[str, object]:
        """Say the whole state of the recording."""
        return tell_state(read_remembered(self.place.remembered), self.translate())


class Kept(Generic[Made]):
    """Keeps the last results by key; a new one takes the place of the oldest.

    Parameters
    ----------
    most
        Number that is kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[str, Made] = {}
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], Made]) -> Made:
        """Return what was made for a key, or make it; one at a time, because a night takes much memory."""
        with self._lock:
            made = self._made.pop(key, None)
            if made is None:
                made = make()
            while len(self._made) >= self._most:
                del self._made[next(iter(self._made))]
            self._made[key] = made
            return made


class Tickets:
    """Random addresses that are valid for a time, because a link cannot carry a header.

    Parameters
    ----------
    within_s
        Validity in seconds.
    is_used_up
        Whether a ticket is valid once.
    clock
        Seconds that only grow.
    """

    # More tickets than anybody opens in one evening; the oldest gives way.
    _MOST = 256

    def __init__(
        self, *, within_s: float, is_used_up: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._within_s, self._is_used_up, self._clock = within_s, is_used_up, clock
        self._given: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def give(self, what: str) -> str:
        """Make a ticket for something."""
        with self._lock:
            while len(self._given) >= self._MOST:
                del self._given[next(iter(self._given))]
            ticket = secrets.token_urlsafe(16)
            self._given[ticket] = (self._clock() + self._within_s, what)
            return ticket

    def take(self, ticket: str) -> str | None:
        """Return the thing that a ticket is for; ``None`` if the ticket is unknown, used or too old."""
        with self._lock:
            until_s, what = self._given.get(ticket, (0.0, ""))
            if self._is_used_up:
                self._given.pop(ticket, None)
            return what if self._clock() < until_s else None
