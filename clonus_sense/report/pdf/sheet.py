"""A sheet of A4 on which text flows down and drawings have their place; the one module that knows reportlab."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from clonus_sense.errors import ReportError
from clonus_sense.report.pages.kit import glue_units

# Points of A4, and of the edge that every printer leaves.
WIDTH, HEIGHT, EDGE = 595.0, 842.0, 42.0
INNER = WIDTH - 2 * EDGE
FONT = "IPAexGothic"
# Grey on paper: what is drawn must be told apart without colour.
INK, MUTED, RULE, PALE, BLUE = 0.1, 0.4, 0.75, 0.86, (0.043, 0.31, 0.54)


class Sheet:
    """Pages of a PDF; the pen moves down as text is written.

    Parameters
    ----------
    title
        Title of the document.
    language
        ``ja`` breaks lines as Japanese is written.
    """

    def __init__(self, title: str, language: str) -> None:
        canvas = _reportlab("reportlab.pdfgen.canvas")
        _register_font()
        self._bytes = io.BytesIO()
        # Equal input gives equal bytes: no time of making, no random identity.
        self._canvas = canvas.Canvas(self._bytes, pagesize=(WIDTH, HEIGHT), invariant=1)
        self._canvas.setTitle(_check_signs(title))
        self._language = language
        self.y = HEIGHT - EDGE

    @property
    def room(self) -> float:
        """Points that are left above the lower edge."""
        return self.y - EDGE

    def height_of(self, text: str, size: float) -> float:
        """Height of a paragraph, in points."""
        return float(self._paragraph(text, size).wrap(INNER, HEIGHT)[1])

    def write(self, text: str, size: float = 9.0, *, grey: float = INK, after: float = 3.0) -> None:
        """Write a paragraph and move the pen below it."""
        paragraph = self._paragraph(text, size, grey)
        height = paragraph.wrap(INNER, HEIGHT)[1]
        paragraph.drawOn(self._canvas, EDGE, self.y - height)
        self.y -= height + after

    def label(self, x: float, y: float, text: str, size: float = 7.0, *, align: str = "left") -> None:
        """Write a short text at a place, in points from the lower left corner."""
        self._canvas.setFillGray(MUTED)
        self._canvas.setFont(FONT, size)
        draw = {"left": "drawString", "middle": "drawCentredString", "right": "drawRightString"}[align]
        getattr(self._canvas, draw)(x, y, _check_signs(text))

    def bar(
        self, x: float, y: float, width: float, height: float, *, grey: float = RULE, is_blue: bool = False
    ) -> None:
        """Fill a bar; `y` is its lower edge."""
        self._fill(grey, is_blue=is_blue)
        self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def dot(self, x: float, y: float, *, is_full: bool) -> None:
        """Draw a night; hollow where it was worn for less than half."""
        self._canvas.setStrokeColorRGB(*BLUE)
        self._canvas.setFillColorRGB(*(BLUE if is_full else (1, 1, 1)))
        self._canvas.setLineWidth(0.9)
        self._canvas.circle(x, y, 2.3, stroke=1, fill=1)

    def rule(self, x: float, y: float, x2: float, y2: float, *, is_dotted: bool = False) -> None:
        """Draw a fine line."""
        self._canvas.setStrokeGray(INK if is_dotted else RULE)
        self._canvas.setLineWidth(0.5)
        self._canvas.setDash(*((1, 2) if is_dotted else ()))
        self._canvas.line(x, y, x2, y2)
        self._canvas.setDash()

    def curve(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw a line through points."""
        if len(points) < 2:
            return
        path = self._canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self._canvas.setStrokeColorRGB(*BLUE)
        self._canvas.setLineWidth(0.5)
        self._canvas.drawPath(path, stroke=1, fill=0)

    def row(self, cells: Sequence[str], places: Sequence[float], *, size: float = 7.5, grey: float = INK) -> None:
        """Write the cells of a table's row: the first to the right of its place, the others to the left of theirs."""
        self._canvas.setFillGray(grey)
        self._canvas.setFont(FONT, size)
        self.y -= size + 3
        for at, (text, place) in enumerate(zip(cells, places, strict=True)):
            draw = self._canvas.drawString if at == 0 else self._canvas.drawRightString
            draw(EDGE + place, self.y, _check_signs(text))

    def new_page(self) -> None:
        """Begin the next page."""
        self._canvas.showPage()
        self.y = HEIGHT - EDGE

    def finish(self) -> bytes:
        """Return the document."""
        self._canvas.save()
        return self._bytes.getvalue()

    def _fill(self, grey: float, *, is_blue: bool) -> None:
        """Choose the colour of an area."""
        if is_blue:
            self._canvas.setFillColorRGB(*BLUE)
        else:
            self._canvas.setFillGray(grey)

    def _paragraph(self, text: str, size: float, grey: float = INK) -> Any:  # noqa: ANN401 - reportlab ships no types
        """Lay out a paragraph; text is text, whatever signs it holds."""
        style = _reportlab("reportlab.lib.styles").ParagraphStyle(
            "text",
            fontName=FONT,
            fontSize=size,
            leading=1.35 * size,
            textColor=_reportlab("reportlab.lib.colors").Color(grey, grey, grey),
            wordWrap="CJK" if self._language == "ja" else None,
        )
        return _reportlab("reportlab.platypus").Paragraph(escape(glue_units(_check_signs(text)), quote=False), style)


def _reportlab(name: str) -> Any:  # noqa: ANN401 - reportlab ships no types
    """Load a module of reportlab, or say how to install it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ReportError(
            "A report needs reportlab, which is not installed; run `pip install 'clonus-sense[app]'`."
        ) from error


@cache
def _register_font() -> Any:  # noqa: ANN401 - reportlab ships no types
    """Load the Japanese font that comes with matplotlib-fontja; it holds Latin letters too."""
    package = importlib.util.find_spec("matplotlib_fontja")
    if package is None or package.origin is None:
        raise ReportError("The font package is missing; install it with `pip install matplotlib-fontja`.")
    font = _reportlab("reportlab.pdfbase.ttfonts").TTFont(FONT, Path(package.origin).parent / "fonts" / "ipaexg.ttf")
    _reportlab("reportlab.pdfbase.pdfmetrics").registerFont(font)
    return font


def _check_signs(text: str) -> str:
    """Refuse a text with a sign that the font lacks: a box in its place would hide what somebody wrote."""
    signs = _register_font().face.charToGlyph
    missing = sorted({sign for sign in text if ord(sign) not in signs and not sign.isspace()})
    if missing:
        shown = text if len(text) <= 60 else f"{text[:59]}…"
        raise ReportError(
            f"The font of the report has no sign for {' '.join(missing)} in “{shown}”; change it in the library, "
            "or leave notes and names out with --no-personal-data."
        )
    return text.replace("\n", " ")
