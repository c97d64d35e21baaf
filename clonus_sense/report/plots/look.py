"""One look for all pictures: colours, fonts, and axes without clutter.

Colours stay apart for every kind of colour vision and in grey: they differ in lightness, none is red or green, and a
class is told by shape and fill as well.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from PIL import Image

from clonus_sense.model import EpisodeClass

INK = "#1f2933"
MUTED = "#5f6b76"
RULE = "#c6ccd2"
GAP = "#cdd4da"
BAND = "#e3eef7"
SIGNAL = "#0b4f8a"
ACCENT = "#d97f00"

# The three axes of the sensor, from dark to light.
AXIS_COLOURS = ("#12355b", "#4c8fc0", "#e0a030")
AXIS_NAMES = ("x", "y", "z")

# Sizes in points, at 160 dots per inch: a picture of 1600 pixels printed over A4's 180 mm keeps 6 pt and more.
TITLE_SIZE = 10.5
TEXT_SIZE = 9.0
SMALL_SIZE = 8.0

LATIN_FONT = "DejaVu Sans"  # comes with matplotlib
JAPANESE_FONT = "IPAexGothic"  # comes with matplotlib-fontja


@dataclass(frozen=True, slots=True)
class MarkerStyle:
    """How episodes of one class are marked."""

    marker: str
    face: str
    edge: str


CLASS_STYLES: dict[EpisodeClass, MarkerStyle] = {
    EpisodeClass.CLONUS: MarkerStyle("o", "#0b4f8a", "#0b4f8a"),
    EpisodeClass.BRIEF: MarkerStyle("D", "#ffffff", "#3f8fca"),
    EpisodeClass.SLOW: MarkerStyle("v", "#eeb14a", "#9a6200"),
    EpisodeClass.UNCERTAIN: MarkerStyle("s", "#ffffff", "#7a5195"),
}


@cache
def _register_japanese_font() -> None:
    """Register the Japanese font with matplotlib.

    Importing ``matplotlib_fontja`` would change the font of every picture, so only its font file is used.
    """
    package = importlib.util.find_spec("matplotlib_fontja")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("The font package is missing; install it with `pip install matplotlib-fontja`.")
    fontManager.addfont(Path(package.origin).parent / "fonts" / "ipaexg.ttf")


def fonts(language: str) -> list[str]:
    """Font families for a language, the first one leading; the other one fills in missing signs."""
    return [JAPANESE_FONT, LATIN_FONT] if language == "ja" else [LATIN_FONT, JAPANESE_FONT]


@contextmanager
def drawing(language: str) -> Iterator[None]:
    """Draw with our fonts inside the ``with``; nothing stays changed for other pictures.

    Parameters
    ----------
    language
        Decides which font leads.
    """
    _register_japanese_font()
    # Keys have a type of their own in newer releases of matplotlib only.
    settings: dict[Any, object] = {
        "font.family": fonts(language),
        "font.size": TEXT_SIZE,
        "text.color": INK,
        # A person's code such as `$1_$` is text, not a formula.
        "text.parse_math": False,
        "axes.titlesize": TEXT_SIZE,
        "axes.titlecolor": MUTED,
        "axes.labelsize": SMALL_SIZE,
        "axes.labelcolor": MUTED,
        "axes.edgecolor": RULE,
        "axes.linewidth": 0.8,
        "axes.unicode_minus": True,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
    }
    with mpl.rc_context(settings):
        yield


def new_figure(width_in: float, height_in: float, dpi: int) -> Figure:
    """Make a figure of its own, outside pyplot's global list."""
    figure = Figure(figsize=(width_in, height_in), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def tidy(ax: Axes, title: str, language: str) -> None:
    """Give axes our look: the quantity above on the left, no box, quiet ticks."""
    # A fixed height: matplotlib would else measure every label of the axis to find room for the title.
    ax.set_title(title, loc="left", fontsize=TEXT_SIZE, color=MUTED, pad=4, y=1.0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    # Named one by one, because labels made at drawing time would else take the caller's settings.
    # Digits need no second font.
    leading_font = fonts(language)[0]
    ax.tick_params(which="both", length=0, labelsize=SMALL_SIZE, labelcolor=MUTED, labelfontfamily=leading_font, pad=3)
    ax.tick_params(axis="x", length=3, color=RULE)
    ax.grid(axis="y", color=RULE, linewidth=0.5, alpha=0.7)
    ax.set_axisbelow(True)


def text_font(language: str, size: float) -> FontProperties:
    """Font for a text that stands on its own."""
    return FontProperties(family=fonts(language), size=size)


def png(ax: Axes, language: str) -> bytes:
    """Draw the figure that holds some axes as PNG; the same figure always gives the same bytes.

    Parameters
    ----------
    ax
        Any axes of the figure.
    language
        Decides which font leads in labels that are made only now.

    Returns
    -------
    bytes
        The picture.

    Raises
    ------
    ValueError
        If the axes belong to no figure.
    """
    if ax.get_figure() is None:
        raise ValueError("These axes were taken out of their figure; draw them anew.")
    return figure_png(ax.figure.canvas.figure, language)


def figure_png(figure: Figure, language: str) -> bytes:
    """Draw a figure as PNG; the same figure always gives the same bytes.

    Parameters
    ----------
    figure
        The figure.
    language
        Decides which font leads in labels that are made only now.

    Returns
    -------
    bytes
        The picture.
    """
    canvas = FigureCanvasAgg(figure)
    with drawing(language):
        canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib ships this method without types
    # The canvas knows its whole pixels; inches times dots need not be any.
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return _pack(Image.fromarray(pixels).convert("RGB"))


def _pack(picture: Image.Image) -> bytes:
    """Pack a picture as PNG of few colours: of 256, it takes a quarter of the bytes of full colour, and no longer."""
    packed = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = np.reshape(packed.getpalette() or [], (-1, 3))
    # The quick method rounds the white ground to 254 or less, which would show as a box on a white page.
    palette[(palette >= 254).all(axis=1)] = 255
    palette[palette.sum(axis=1).argmax()] = 255
    packed.putpalette(palette.ravel().tolist())
    buffer = BytesIO()
    packed.save(buffer, format="png")
    return buffer.getvalue()
