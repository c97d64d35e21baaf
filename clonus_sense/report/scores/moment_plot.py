"""The small picture of a moment: the raw waveform of the main axis, what was marked, and what was detected."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from clonus_sense.i18n import translator
from clonus_sense.report.main_axis import project_on_main_axis
from clonus_sense.report.plots.look import (
    CLASS_STYLES,
    GAP,
    MUTED,
    SIGNAL,
    SMALL_SIZE,
    drawing,
    new_figure,
    text_font,
    tidy,
)
from clonus_sense.report.scores.logged import Said
from clonus_sense.report.scores.moments import Moment
from clonus_sense.report.window import Window
from clonus_sense.report.wording import class_word

# 660 x 264 pixels: half the width of a page on a dense screen, and a telephone's whole.
WIDTH_IN, HEIGHT_IN, DPI = 4.4, 1.76, 150

# Edges as shares of the figure, with room for labels whose size is known.
PLACE = (0.12, 0.14, 0.86, 0.62)

# Two lanes above the waveform, in shares of the axes' height: what was marked, and what was detected.
MARKED_LANE, SAID_LANE = (1.02, 0.09), (1.15, 0.09)

MARKED_TINT = "#f6e3c5"
MARKED = "#b87400"
REJECTED = "#aab4bd"

# The noise of a quiet moment shall look small.
SMALLEST_SCALE_G = 0.02

# A kick beside a weak bout would else press it into a line: the scale ends at so many times the moment's own strength.
SCALE_RATIO = 2.5

# Behind the last sample a hole this short is the end of the recording or of the window.
SHORTEST_HOLE_S = 0.1

Axis = tuple[float, float, float]


def plot_moment(window: Window, moment: Moment, *, ax: Axes | None = None, language: str = "en") -> Axes:
    """Draw the seconds around a moment.

    Parameters
    ----------
    window
        The samples of :attr:`~clonus_sense.report.scores.moments.Moment.window_s`.
    moment
        What is looked at.
    ax
        Where to draw; ``None`` makes a new figure.
    language
        Language of every text.

    Returns
    -------
    Axes
        The waveform; bars above it show what was marked and what was said.
    """
    _ = translator(language)
    with drawing(language):
        if ax is None:
            ax = new_figure(WIDTH_IN, HEIGHT_IN, DPI).add_axes(PLACE)
        tidy(ax, "", language)
        ax.set_xlim(window.start_s, window.end_s)
        _draw_waveform(ax, window, moment)
        for start_s, end_s in moment.marked:
            _draw_bar(ax, start_s, end_s, MARKED_LANE, MARKED)
            ax.axvspan(start_s, end_s, color=MARKED_TINT, linewidth=0, zorder=0.4)
        for start_s, end_s in moment.marked_by_other:
            _draw_bar(ax, start_s, end_s, SAID_LANE, SIGNAL)
        for said in moment.said:
            _draw_bar(ax, said.onset_s, said.offset_s, SAID_LANE, _colour_of(said))
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        ax.yaxis.set_major_locator(MaxNLocator(3))
        ax.annotate(
            _("g"),
            (0, 1),
            xycoords="axes fraction",
            xytext=(-4, 8),
            textcoords="offset points",
            ha="right",
            va="bottom",
            color=MUTED,
            font=text_font(language, SMALL_SIZE),
        )
        _label_said(ax, window, moment, language)
    return ax


def main_axis_of(window: Window, moment: Moment) -> Axis:
    """Find the axis along which a moment moves most: the detector's, else that of the largest variance in 3-12 Hz."""
    for said in moment.said:
        if said.axis is not None and said.onset_s < moment.bout.offset_s and said.offset_s > moment.bout.onset_s:
            return said.axis
    covariance = np.zeros((3, 3))
    for piece in window.pieces:
        unit = np.eye(3)
        moved_g = np.column_stack([project_on_main_axis(piece.times_s, piece.accel_g, tuple(row)) for row in unit])
        inside = (piece.times_s >= moment.bout.onset_s) & (piece.times_s < moment.bout.offset_s)
        covariance += moved_g[inside].T @ moved_g[inside]
    vector = np.linalg.eigh(covariance)[1][:, -1]
    # The same sign for the same samples on every machine.
    vector = vector if vector[np.argmax(np.abs(vector))] > 0 else -vector
    return float(vector[0]), float(vector[1]), float(vector[2])


def _draw_waveform(ax: Axes, window: Window, moment: Moment) -> None:
    """Draw the raw acceleration along the main axis without its median; what was not measured stays grey."""
    before_s = window.start_s
    axis = np.asarray(main_axis_of(window, moment))
    along_g = [piece.accel_g @ axis for piece in window.pieces]
    rest_g = float(np.median(np.concatenate(along_g))) if along_g else 0.0
    inside_g = [np.zeros(1)]
    for piece, values_g in zip(window.pieces, along_g, strict=True):
        step_s = float(np.median(np.diff(piece.times_s))) if len(piece.times_s) > 1 else 0.0
        _shade_hole(ax, before_s, float(piece.times_s[0]), step_s)
        ax.plot(piece.times_s, values_g - rest_g, color=SIGNAL, linewidth=0.9)
        before_s = float(piece.times_s[-1])
        is_inside = (piece.times_s >= moment.bout.onset_s) & (piece.times_s < moment.bout.offset_s)
        inside_g.append(values_g[is_inside] - rest_g)
    _shade_hole(ax, before_s, window.end_s, SHORTEST_HOLE_S)
    largest_g = max(SMALLEST_SCALE_G, SCALE_RATIO * float(np.percentile(np.abs(np.concatenate(inside_g)), 95)))
    low_g, high_g = ax.get_ylim()
    ax.set_ylim(max(min(low_g, -SMALLEST_SCALE_G), -largest_g), min(max(high_g, SMALLEST_SCALE_G), largest_g))


def _colour_of(said: Said) -> str:
    """Choose the colour of what was said: grey where it was rejected, else that of its class."""
    if said.is_rejected:
        return REJECTED
    return CLASS_STYLES[said.episode_class].edge if said.episode_class else SIGNAL


def _shade_hole(ax: Axes, start_s: float, end_s: float, step_s: float) -> None:
    """Shade a time without samples, unless it is no more than the step from one sample to the next."""
    if end_s - start_s > 1.5 * step_s:
        ax.axvspan(start_s, end_s, color=GAP, linewidth=0, zorder=0.3)


def _draw_bar(ax: Axes, start_s: float, end_s: float, lane: tuple[float, float], colour: str) -> None:
    """Draw a bar above the waveform, cut at the edges of the time shown."""
    low_s, high_s = ax.get_xlim()
    if end_s > low_s and start_s < high_s:
        bottom, height = lane
        ax.axvspan(
            max(start_s, low_s), min(end_s, high_s), bottom, bottom + height, color=colour, linewidth=0, clip_on=False
        )


def _label_said(ax: Axes, window: Window, moment: Moment, language: str) -> None:
    """Name the class of each episode above its bar; what was rejected is grey and needs no name."""
    _ = translator(language)
    for said in moment.said:
        if said.episode_class is None:
            continue
        at_s = (max(said.onset_s, window.start_s) + min(said.offset_s, window.end_s)) / 2
        ax.annotate(
            class_word(said.episode_class, _),
            (at_s, sum(SAID_LANE) + 0.01),
            xycoords=ax.get_xaxis_transform(),
            ha="center",
            va="bottom",
            annotation_clip=False,
            color=MUTED,
            font=text_font(language, SMALL_SIZE - 1),
        )
