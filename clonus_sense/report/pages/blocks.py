"""What a page says, without markup: sections of paragraphs, tables, settings and terms, which templates lay out."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text."""

    text: str
    css_class: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: a text, a small line below it, and its language where that is not the page's.

    ``link`` leads to an anchor of the page; ``folded`` are paragraphs that the text opens.
    """

    text: str
    small: str = ""
    small_language: str = ""
    link: str = ""
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """Head of a table's column; numbers stand at its right edge, sentences may take several lines."""

    name: str
    css_class: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; a wide one scrolls on its own."""

    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell | str]]
    css_class: str = ""
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Text whose lines stay as they are."""

    text: str
    kind: str = "preformatted"


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with their meanings."""

    pairs: Sequence[tuple[str, str]]
    kind: str = "terms"


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures at the top of a page: name, value, and a small line below it."""

    facts: Sequence[tuple[str, str, str]]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do, one step after the other."""

    steps: Sequence[str]
    kind: str = "steps"


@dataclass(frozen=True, slots=True)
class Legend:
    """Colours and what they mean."""

    colours: Sequence[tuple[str, str]]
    kind: str = "legend"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside the page, with its title and what is said below it, each remark on lines of its own.

    One that ``fits`` follows the width of the page; another one is scrolled on a small screen.
    """

    png: bytes
    alt: str
    title: str = ""
    caption: str = ""
    said: tuple[tuple[str, ...], ...] = ()
    anchor: str = ""
    css_class: str = ""
    fits: bool = False
    kind: str = "picture"

    @property
    def source(self) -> str:
        """The address that holds the picture itself."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Small pictures side by side."""

    pictures: Sequence[Picture]
    kind: str = "pictures"


Block: TypeAlias = Paragraph | Table | Preformatted | Terms | Facts | Steps | Legend | Picture | Pictures


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading."""

    title: str
    blocks: Sequence[Block]
    css_class: str = ""
