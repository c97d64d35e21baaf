"""What a page says, without markup: sections of paragraphs, tables, settings and terms, which templates lay out."""

from __future__ import annotations

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
    """A cell of a table: a text, a small line below it, and its language where that is not the page's."""

    text: str
    small: str = ""
    small_language: str = ""


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


Block: TypeAlias = Paragraph | Table | Preformatted | Terms


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading."""

    title: str
    blocks: Sequence[Block]
    css_class: str = ""
