"""The picture of a night: when rhythmic movement was, how long, how strong, and what else moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from clonus_sense.i18n import Translator, translator
from clonus_sense.model import Episode, EpisodeClass, FloatArray, Gap, RecordingInfo
from clonus_sense.report.clock import Clock, clock_of
from clonus_sense.report.columns import compute_columns
from clonus_sense.report.overview import Overview
from clonus_sense.report.plots.look import (
    AXIS_COLOURS,
    AXIS_NAMES,
    CLASS_STYLES,
    GAP,
    MUTED,
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

# The logarithmic lanes start here or at the smallest value: three beats at 8 Hz last 0.4 s, few floors lie under 10 mg.
SHORTEST_S, SMALLEST_PEAK_G = 0.3, 0.01

# Round values at which the logarithmic lanes are labelled.
DURATION_TICKS_S = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000)
PEAK_TICKS_G = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)

# A gap is drawn over at least this share of the picture, about four pixels: a thinner line would pass for a grid line.
SMALLEST_GAP_RATIO = 1 / 400

# A gap wider than this share has room for the words inside it.
LABELLED_GAP_RATIO = 0.09

# Above this number of episodes smaller markers keep them apart.
MANY_EPISODES = 80


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
            _shade_gaps(lane, gaps, end_s)
        duration, peak, movement = lanes
        tidy(duration, _("Duration of each movement (s)"), language)
        _draw_episodes(duration, episodes, [e.duration_s for e in episodes], DURATION_TICKS_S, SHORTEST_S)
        if not episodes:
            _say(duration, 0.5, _("no rhythmic movement recorded"), language)
        tidy(peak, _("Peak acceleration of each movement (g)"), language)
        _draw_episodes(peak, episodes, [e.peak_g for e in episodes], PEAK_TICKS_G, SMALLEST_PEAK_G)
        tidy(movement, _("Acceleration on the three axes of the sensor (g)"), language)
        _draw_movement(movement, overview, end_s)
        _label_axes_and_gaps(movement, gaps, end_s, _)
        _label_time(lanes, clock_of(info), end_s, _)
        title = " · ".join(part for part in (_(HEADLINE), recording_title(info, end_s, _)) if part)
        ax.set_title(title, loc="left", font=text_font(language, TITLE_SIZE), pad=22, y=1.0)
        _add_legend(ax, episodes, gaps, _)
    return ax


def _new_axes() -> Axes:
    """Make a new figure with room for the labels."""
    width, height = WIDTH_IN - LEFT_IN - RIGHT_IN, HEIGHT_IN - TOP_IN - BOTTOM_IN
    place = (LEFT_IN / WIDTH_IN, BOTTOM_IN / HEIGHT_IN, width / WIDTH_IN, height / HEIGHT_IN)
    return new_figure(WIDTH_IN, HEIGHT_IN, DPI).add_axes(place)


def _draw_episodes(
    lane: Axes, episodes: Sequence[Episode], heights: list[float], ticks: Sequence[float], lowest: float
) -> None:
    """Draw one stem with a marker per episode, on a logarithmic scale."""
    values = np.asarray(heights, dtype=np.float64)
    bottom = 0.8 * values.min(initial=lowest)
    top = max(ticks[4], 1.6 * values.max(initial=0.0))
    lane.set_yscale("log")
    lane.set_ylim(bottom, top)
    shown = [tick for tick in ticks if bottom <= tick <= top]
    if len(shown) > 5:
        shown = shown[::2]
    lane.yaxis.set_major_locator(FixedLocator(shown))
    lane.yaxis.set_major_formatter(FixedFormatter([f"{tick:g}" for tick in shown]))
    lane.yaxis.set_minor_locator(NullLocator())
    middles_s = np.array([(e.onset_s + e.offset_s) / 2 for e in episodes])
    for episode_class, style in CLASS_STYLES.items():
        mine = np.array([e.episode_class is episode_class for e in episodes], dtype=np.bool_)
        if not mine.any():
            continue
        lane.vlines(middles_s[mine], bottom, values[mine], colors=style.edge, linewidth=0.8, alpha=0.6)
        lane.scatter(
            middles_s[mine],
            values[mine],
            s=22 if len(episodes) <= MANY_EPISODES else 10,
            marker=style.marker,
            facecolors=style.face,
            edgecolors=style.edge,
            linewidths=1.0,
            zorder=3,
            clip_on=False,
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


def _shade_gaps(lane: Axes, gaps: Sequence[Gap], end_s: float) -> None:
    """Shade what was not measured over the whole height."""
    smallest_s = end_s * SMALLEST_GAP_RATIO
    bars = [(gap.start_s, max(gap.duration_s, smallest_s)) for gap in gaps]
    if bars:
        lane.broken_barh(bars, (0, 1), transform=lane.get_xaxis_transform(), color=GAP, linewidth=0, zorder=0.5)


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
            _say(lane, (gap.start_s + gap.end_s) / 2 / end_s, _(NOT_MEASURED), _.language)


def _say(lane: Axes, at_ratio: float, text: str, language: str) -> None:
    """Write a text in the middle of a lane's height."""
    lane.text(
        at_ratio,
        0.5,
        text,
        transform=lane.transAxes,
        ha="center",
        va="center",
        color=MUTED,
        font=text_font(language, SMALL_SIZE),
    )


def _label_time(lanes: Sequence[Axes], clock: Clock, end_s: float, _: Translator) -> None:
    """Put round times under the last lane; all lanes share them."""
    for lane in lanes[:-1]:
        lane.xaxis.set_visible(False)
    ticks = clock.ticks(0.0, end_s, at_most=12)
    last = lanes[-1]
    last.xaxis.set_major_locator(FixedLocator([tick.at_s for tick in ticks]))
    last.xaxis.set_minor_locator(NullLocator())
    last.xaxis.set_major_formatter(FixedFormatter([tick.label for tick in ticks]))
    last.set_xlabel(clock.axis_label(end_s, _), font=text_font(_.language, SMALL_SIZE))


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
