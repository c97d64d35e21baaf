"""Pieces of HTML that pages are made of: plain, self-contained, nothing fetched from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

FINGERPRINT_NAME = "clonus-sense-fingerprint"
"""Name under which a page keeps the fingerprint of what it was made from."""


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a table's column; numbers stand at its right edge, sentences may take several lines."""

    name: str
    css_class: str = ""


def document(title: str, body: Sequence[str], *, language: str, fingerprint: str = "") -> str:
    """Make a whole document with our style inside."""
    style = resources.files("clonus_sense.report").joinpath("page.css").read_text(encoding="utf-8")
    head = [
        '<meta charset="utf-8">',
        f'<meta name="{FINGERPRINT_NAME}" content="{escape(fingerprint)}">' if fingerprint else "",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        # Nothing may ever be asked for from outside, whatever a text might hold.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title>",
        f"<style>\n{style}</style>",
    ]
    lines = ["<!doctype html>", f'<html lang="{language}">', "<head>", *head, "</head>", "<body>", *body, "</body>"]
    return "\n".join(line for line in [*lines, "</html>"] if line) + "\n"


def section(title: str, *parts: str, css_class: str = "") -> str:
    """Put parts of HTML under a heading."""
    return "\n".join([f"<section{_class(css_class)}>", f"<h2>{escape(title)}</h2>", *filter(None, parts), "</section>"])


def paragraph(text: str, css_class: str = "") -> str:
    """Make a paragraph of plain text."""
    return f"<p{_class(css_class)}>{escape(text)}</p>"


def folded(summary: str, *parts: str) -> str:
    """Fold parts of HTML behind a short one, which opens them without any script."""
    return f'<details class="why"><summary>{summary}</summary>{"".join(parts)}</details>'


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, css_class: str = "") -> str:
    """Make a table of cells that are HTML already; a wide one scrolls by itself."""
    attributes = [_class(column.css_class) for column in columns]
    names = [escape(column.name) for column in columns]
    head = "".join(f'<th scope="col"{a}>{name}</th>' for a, name in zip(attributes, names, strict=True))
    lines = [
        "<tr>" + "".join(f"<td{a}>{cell}</td>" for a, cell in zip(attributes, row, strict=True)) + "</tr>"
        for row in rows
    ]
    body = "\n".join(lines)
    return (
        f'<div class="wide"><table{_class(css_class)}>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n'
        "</table></div>"
    )


def image(png: bytes, alt: str) -> str:
    """Put a wide picture into the page itself, so that one file holds everything; a small screen scrolls it."""
    return f'<div class="wide"><img src="{_data(png)}" alt="{escape(alt)}"></div>'


def fitting_image(png: bytes, alt: str, *, narrow_png: bytes | None = None) -> str:
    """Put a picture into the page that always fits its width."""
    narrow = f'<source media="(max-width: 40rem)" srcset="{_data(narrow_png)}">' if narrow_png else ""
    return f'<picture>{narrow}<img class="fitting" src="{_data(png)}" alt="{escape(alt)}"></picture>'


def _data(png: bytes) -> str:
    """Write a picture as the address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def _class(css_class: str) -> str:
    """Write the attribute, if there is a class."""
    return f' class="{css_class}"' if css_class else ""
