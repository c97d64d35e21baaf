"""The picture of a night: when rhythmic movement was, how long, how strong, and what else moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from clonus_sense.i18n import Translator, translator
from clonus_sense.model import Episode, EpisodeClass, FloatArray, Gap, RecordingInfo
from clonus_sense.report.clock_labels import clock_of
from clonus_sense.report.overview import Overview
from clonus_sense.report.pixel_columns import compute_columns
from clonus_sense.report.plots.lanes import (
    DURATION_TICKS_S,
    PEAK_TICKS_G,
    SHORTEST_S,
    SMALLEST_PEAK_G,
    Stems,
    draw_stems,
    label_time,
    say,
    shade,
)
from clonus_sense.report.plots.look import (
    AXIS_COLOURS,
    AXIS_NAMES,
    CLASS_STYLES,
    GAP,
    SMALL_SIZE,
    TITLE_SIZE,
    drawing,
    fonts,
    new_figure,
    text_font,
    tidy,
)
from clonus_sense.report.wording import HEADLINE, NOT_MEASURED, class_word, recording_title

# 1600 x 544 pixels: two columns of a wide screen, or the width of an A4 page.
WIDTH_IN, HEIGHT_IN, DPI = 10.0, 3.4, 160

# Room around the lanes, in inches, for labels whose size is known; an automatic layout would double the drawing time.
LEFT_IN, RIGHT_IN, BOTTOM_IN, TOP_IN = 0.42, 0.24, 0.44, 0.52

# The lanes of duration, peak and movement: left, bottom, width and height as fractions of the axes.
LANES = ((0.0, 0.74, 1.0, 0.26), (0.0, 0.40, 1.0, 0.23), (0.0, 0.0, 1.0, 0.30))

# A gap wider than this share has room for the words inside it.
LABELLED_GAP_RATIO = 0.09


def plot_night(
    overview: Overview,
    episodes: Sequence[Episode],
    gaps: Sequence[Gap],
    *,
    ax: Axes | None = None,
    info: RecordingInfo | None = None,
    language: str = "en",
) -> Axes:
    """Draw a night on one time axis: duration and peak of each episode, movement, and what was not measured.

    Parameters
    ----------
    overview
        Smallest and largest acceleration over time.
    episodes
        What was found.
    gaps
        Where nothing was measured.
    ax
        Where to draw; it is filled with three lanes (its ``child_axes``).  ``None`` makes a new figure.
    info
        Gives the title and the local time; without it, time runs from the start.
    language
        Language of every text.

    Returns
    -------
    Axes
        The axes that hold the three lanes: duration, peak, movement.
    """
    _ = translator(language)
    with drawing(language):
        if ax is None:
            ax = _new_axes()
        end_s = max([overview.duration_s, *(gap.end_s for gap in gaps), *(e.offset_s for e in episodes)])
        end_s = end_s or 1.0
        ax.axis("off")
        lanes = [ax.inset_axes(place) for place in LANES]
        for lane in lanes:
            lane.set_xlim(0, end_s)
            shade(lane, gaps, end_s)
        duration, peak, movement = lanes
        tidy(duration, _("Duration of each movement (s)"), language)
        draw_stems(duration, _stems(episodes, [e.duration_s for e in episodes]), DURATION_TICKS_S, SHORTEST_S)
        if not episodes:
            say(duration, 0.5, _("no rhythmic movement recorded"), language)
        tidy(peak, _("Peak acceleration of each movement (g)"), language)
        draw_stems(peak, _stems(episodes, [e.peak_g for e in episodes]), PEAK_TICKS_G, SMALLEST_PEAK_G)
        tidy(movement, _("Acceleration on the three axes of the sensor (g)"), language)
        _draw_movement(movement, overview, end_s)
        _label_axes_and_gaps(movement, gaps, end_s, _)
        label_time(lanes, clock_of(info), end_s, _)
        title = " · ".join(part for part in (_(HEADLINE), recording_title(info, end_s, _)) if part)
        ax.set_title(title, loc="left", font=text_font(language, TITLE_SIZE), pad=22, y=1.0)
        _add_legend(ax, episodes, gaps, _)
    return ax


def _new_axes() -> Axes:
    """Make a new figure with room for the labels."""
    width, height = WIDTH_IN - LEFT_IN - RIGHT_IN, HEIGHT_IN - TOP_IN - BOTTOM_IN
    place = (LEFT_IN / WIDTH_IN, BOTTOM_IN / HEIGHT_IN, width / WIDTH_IN, height / HEIGHT_IN)
    return new_figure(WIDTH_IN, HEIGHT_IN, DPI).add_axes(place)


def _stems(episodes: Sequence[Episode], heights: list[float]) -> Stems:
    """Lay out episodes as stems of these heights."""
    return Stems(
        at_s=np.array([(e.onset_s + e.offset_s) / 2 for e in episodes]),
        heights=np.asarray(heights, dtype=np.float64),
        classes=tuple(e.episode_class for e in episodes),
    )


def _draw_movement(lane: Axes, overview: Overview, end_s: float) -> None:
    """Draw smallest and largest acceleration of each axis per pixel column."""
    edges_s = np.linspace(0.0, end_s, max(64, round(lane.get_window_extent().width)) + 1)
    columns = compute_columns(overview.start_s, overview.end_s, overview.low_g, overview.high_g, edges_s)
    for axis, colour in enumerate(AXIS_COLOURS):
        # The line keeps a still axis, whose band is thinner than a pixel, in sight.
        lane.fill_between(
            columns.centres, columns.low[:, axis], columns.high[:, axis], color=colour, linewidth=0.7, alpha=0.85
        )
    lane.set_ylim(*_limits_g(columns.low, columns.high))
    lane.yaxis.set_minor_locator(NullLocator())
    lane.locator_params(axis="y", nbins=4)


def _limits_g(low: FloatArray, high: FloatArray) -> tuple[float, float]:
    """Limits that hold every value and at least gravity both ways."""
    if not np.isfinite(low).any():
        return -1.2, 1.2
    return min(-1.2, 1.05 * float(np.nanmin(low))), max(1.2, 1.05 * float(np.nanmax(high)))


def _label_axes_and_gaps(lane: Axes, gaps: Sequence[Gap], end_s: float, _: Translator) -> None:
    """Name the three axes at the right, and each gap that is wide enough."""
    for axis, (name, colour) in enumerate(zip(AXIS_NAMES, AXIS_COLOURS, strict=True)):
        lane.annotate(
            name,
            (1, 1.0 - 0.36 * axis),
            xycoords="axes fraction",
            xytext=(5, 0),
            textcoords="offset points",
            color=colour,
            va="top",
            font=text_font(_.language, TITLE_SIZE),
        )
    for gap in gaps:
        if gap.duration_s > LABELLED_GAP_RATIO * end_s:
            say(lane, (gap.start_s + gap.end_s) / 2 / end_s, _(NOT_MEASURED), _.language)


def _add_legend(ax: Axes, episodes: Sequence[Episode], gaps: Sequence[Gap], _: Translator) -> None:
    """Explain the markers that occur, with their numbers."""
    handles: list[Line2D | Patch] = []
    for episode_class in EpisodeClass:
        n_episodes = sum(e.episode_class is episode_class for e in episodes)
        style = CLASS_STYLES[episode_class]
        if n_episodes:
            label = f"{class_word(episode_class, _)} ({n_episodes})"
            handles.append(
                Line2D([], [], linestyle="", marker=style.marker, mfc=style.face, mec=style.edge, ms=5, label=label)
            )
    if gaps:
        handles.append(Patch(facecolor=GAP, label=_(NOT_MEASURED)))
    if handles:
        ax.legend(
            handles=handles,
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=len(handles),
            frameon=False,
            borderaxespad=0.2,
            handletextpad=0.3,
            columnspacing=1.2,
            prop={"family": fonts(_.language), "size": SMALL_SIZE},
        )
