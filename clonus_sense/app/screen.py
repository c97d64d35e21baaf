"""The parts of a screen, and the data that each screen is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from clonus_sense.app.choices import Choices
from clonus_sense.app.house import House
from clonus_sense.app.place import Place
from clonus_sense.errors import FormError
from clonus_sense.i18n import Translator


@dataclass(frozen=True, slots=True)
class Visit:
    """Data with which a screen is shown.

    Parameters
    ----------
    house
        All that lives longer than one request.
    translate
        Language of the screen.
    query
        Fields of the address, such as ``{"night": "2026-11-05"}``; written by anybody, so check each.
    """

    house: House
    translate: Translator
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """The files."""
        return self.house.place

    @property
    def choices(self) -> Choices:
        """The choices as they are now."""
        return self.house.choices()


Answers: TypeAlias = Mapping[str, str]
"""Fields of a form, as a person filled them in."""


@dataclass(frozen=True, slots=True)
class Next:
    """The answer to an act; by default the screen is made again.

    Parameters
    ----------
    told
        A sentence that is shown and read aloud.
    to
        Address of another screen; empty to stay.
    stays
        Whether the screen stays as it is, because its script shows what changed.
    """

    told: str = ""
    to: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """Bytes that a screen gives away: an array for its script, a page or PDF to open.

    Parameters
    ----------
    content
        The bytes.
    media_type
        Such as ``application/pdf``.
    name
        Name under which the browser saves it; empty to show it.
    policy
        Content policy of a document that has its own; empty for the app's.
    """

    content: bytes
    media_type: str
    name: str = ""
    policy: str = ""


Show: TypeAlias = Callable[[Visit], Mapping[str, object]]
Act: TypeAlias = Callable[[Visit, Answers], Next]
Give: TypeAlias = Callable[[Visit], File]


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen.

    It has the address ``/NAME``, the template ``NAME.html.jinja`` and the browser module ``NAME.js`` if there is one.

    Parameters
    ----------
    name
        One word.
    title
        For the menu and the window, marked by :func:`~clonus_sense.i18n.message`.
    show
        Makes what the template shows.
    acts
        Each by its name: a form with ``data-act="NAME"`` calls it with its fields, and the screen is made again.
    gives
        Each by its name: a link with ``data-open="NAME?…"`` opens it, a script reads it by ``readFile("NAME?…")``.
    is_listed
        Whether the menu leads to it.
    policy
        Content policy of its frame, where its charts need more than the app's.
    """

    name: str
    title: str
    show: Show
    acts: Mapping[str, Act] = field(default_factory=dict)
    gives: Mapping[str, Give] = field(default_factory=dict)
    is_listed: bool = True
    policy: str = ""


def choose_field(answers: Answers, name: str, among: Collection[str]) -> str:
    """Read a field that is one of some words; raise :class:`FormError` for any other."""
    value = answers.get(name, "")
    if value not in among:
        raise FormError(f"The field `{name}` of this form does not fit; choose one of its answers.")
    return value


def line_field(answers: Answers, name: str, most_signs: int = 200) -> str:
    """Read a field of one line, without double blanks; empty if it is left out."""
    text = " ".join(answers.get(name, "").split())
    if len(text) > most_signs:
        raise FormError(f"The field `{name}` holds more than {most_signs} signs; shorten it.")
    return text
