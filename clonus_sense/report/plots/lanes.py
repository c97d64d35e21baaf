"""What pictures of a night are made of: lanes on one time axis, stems of episodes, shaded times, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from clonus_sense.i18n import Translator
from clonus_sense.model import EpisodeClass, FloatArray, Gap
from clonus_sense.night import Interval
from clonus_sense.report.clock_labels import Clock
from clonus_sense.report.plots.look import CLASS_STYLES, GAP, MUTED, SMALL_SIZE, text_font

# The logarithmic lanes start here or at the smallest value: three beats at 8 Hz last 0.4 s, few floors lie under 10 mg.
SHORTEST_S, SMALLEST_PEAK_G = 0.3, 0.01

# Round values at which the logarithmic lanes are labelled.
DURATION_TICKS_S = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000)
PEAK_TICKS_G = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)

# Above this number of episodes smaller markers keep them apart.
MANY_EPISODES = 80

# A shaded time is drawn over at least this share of the picture, about four pixels: a thinner line would pass for a
# grid line.
SMALLEST_SHADE_RATIO = 1 / 400


@dataclass(frozen=True, slots=True, eq=False)
class Stems:
    """Episodes as stems of a lane."""

    at_s: FloatArray
    heights: FloatArray
    classes: tuple[EpisodeClass, ...]


def draw_stems(lane: Axes, stems: Stems, ticks: Sequence[float], lowest: float) -> None:
    """Draw one stem with a marker per episode, on a logarithmic scale."""
    bottom = 0.8 * stems.heights.min(initial=lowest)
    top = max(ticks[4], 1.6 * stems.heights.max(initial=0.0))
    set_log_scale(lane, bottom, top, ticks)
    for episode_class, style in CLASS_STYLES.items():
        mine = np.array([one is episode_class for one in stems.classes], dtype=np.bool_)
        if not mine.any():
            continue
        lane.vlines(stems.at_s[mine], bottom, stems.heights[mine], colors=style.edge, linewidth=0.8, alpha=0.6)
        lane.scatter(
            stems.at_s[mine],
            stems.heights[mine],
            s=22 if len(stems.classes) <= MANY_EPISODES else 10,
            marker=style.marker,
            facecolors=style.face,
            edgecolors=style.edge,
            linewidths=1.0,
            zorder=3,
            clip_on=False,
        )


def set_log_scale(lane: Axes, bottom: float, top: float, ticks: Sequence[float], most_labels: int = 5) -> None:
    """Give a lane a logarithmic scale that is labelled at round values."""
    lane.set_yscale("log")
    lane.set_ylim(bottom, top)
    shown = [tick for tick in ticks if bottom <= tick <= top]
    if len(shown) > most_labels:
        shown = shown[::2]
    lane.yaxis.set_major_locator(FixedLocator(shown))
    lane.yaxis.set_major_formatter(FixedFormatter([f"{tick:g}" for tick in shown]))
    lane.yaxis.set_minor_locator(NullLocator())


def shade(lane: Axes, times: Sequence[Interval | Gap], length_s: float, colour: str = GAP) -> None:
    """Shade times over the whole height of a lane, the shortest ones still visibly."""
    smallest_s = length_s * SMALLEST_SHADE_RATIO
    bars = [(time.start_s, max(time.end_s - time.start_s, smallest_s)) for time in times]
    if bars:
        lane.broken_barh(bars, (0, 1), transform=lane.get_xaxis_transform(), color=colour, linewidth=0, zorder=0.5)


def say(lane: Axes, at_ratio: float, text: str, language: str, *, height_ratio: float = 0.5) -> None:
    """Write a text into a lane, in the middle of its height."""
    lane.text(
        at_ratio,
        height_ratio,
        text,
        transform=lane.transAxes,
        ha="center",
        va="center",
        color=MUTED,
        font=text_font(language, SMALL_SIZE),
    )


def label_time(lanes: Sequence[Axes], clock: Clock, length_s: float, _: Translator, at_most: int = 12) -> None:
    """Put round times under the last lane; all lanes share them."""
    for lane in lanes[:-1]:
        lane.xaxis.set_visible(False)
    ticks = clock.ticks(0.0, length_s, at_most=at_most)
    last = lanes[-1]
    last.xaxis.set_major_locator(FixedLocator([tick.at_s for tick in ticks]))
    last.xaxis.set_minor_locator(NullLocator())
    last.xaxis.set_major_formatter(FixedFormatter([tick.label for tick in ticks]))
    last.set_xlabel(clock.axis_label(length_s, _), font=text_font(_.language, SMALL_SIZE))
