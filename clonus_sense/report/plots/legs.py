"""The picture of a night on one time axis: coverage, episodes, movement and posture of each leg, sides apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator

from clonus_sense.activity import Epoch
from clonus_sense.i18n import Translator, translator
from clonus_sense.library import MarkerKind
from clonus_sense.model import Episode, EpisodeClass, FloatArray
from clonus_sense.night import Interval
from clonus_sense.report.night_axis import LegCoverage, NightAxis, axis_of, cover_leg
from clonus_sense.report.plots.lanes import (
    DURATION_TICKS_S,
    PEAK_TICKS_G,
    SHORTEST_S,
    SMALLEST_PEAK_G,
    Stems,
    draw_stems,
    label_time,
    say,
    set_log_scale,
    shade,
)
from clonus_sense.report.plots.look import (
    BAND,
    CLASS_STYLES,
    GAP,
    INK,
    RULE,
    SMALL_SIZE,
    TITLE_SIZE,
    drawing,
    fonts,
    new_figure,
    text_font,
    tidy,
)
from clonus_sense.report.wording import NOT_CONFIRMED, NOT_MEASURED, WORN, class_word, side_word
from clonus_sense.review import LegNight, LegRecording, PersonNight

WORN_COLOUR = "#5b87ad"
HATCH = "//////"
MOVEMENT_COLOUR = "#7d8b98"
POSTURE_COLOUR = "#12355b"

# A still sensor shows its own noise, 1 mg and more; a kick 1 g.
SMALLEST_MOVEMENT_G = 0.001
MOVEMENT_TICKS_G = (0.001, 0.01, 0.1, 1.0)

# A leg that lies within so much of another direction lies alike: half of the smallest turn.
ALIKE_DEG = 15.0


@dataclass(frozen=True, slots=True)
class LegsLayout:
    """Sizes of the picture, in inches; the narrow one is for a telephone, where a wide one would need a magnifier.

    Parameters
    ----------
    width
        Of the whole picture.
    dpi
        Pixels per inch.
    lanes
        Heights of coverage, duration, peak, movement and posture.
    most_ticks
        Most labels of the time axis.
    legend_columns
        Entries of the legend in one row.
    """

    width: float
    dpi: int
    lanes: tuple[float, float, float, float, float]
    most_ticks: int
    legend_columns: int


# 1600 pixels wide: two columns of a screen, or the width of an A4 page.
WIDE = LegsLayout(10.0, 160, (0.14, 0.85, 0.7, 0.6, 0.5), most_ticks=12, legend_columns=8)
# 780 pixels: twice the width of a small telephone, so that 8 points there are 8 points.
NARROW = LegsLayout(4.1, 190, (0.16, 1.0, 0.85, 0.7, 0.6), most_ticks=5, legend_columns=2)

# Room around the lanes for labels whose size is known; an automatic layout would double the drawing time.
LEFT_IN, RIGHT_IN, BOTTOM_IN, TITLE_IN, HEADING_IN, LEGEND_ROW_IN = 0.46, 0.16, 0.46, 0.29, 0.30, 0.20


def plot_legs(night: PersonNight, *, layout: LegsLayout = WIDE, language: str = "en") -> Figure:
    """Draw a night on one time axis, one block of lanes for each leg.

    Parameters
    ----------
    night
        What is drawn.
    layout
        Wide or narrow.
    language
        Language of every text.

    Returns
    -------
    Figure
        Five lanes for each leg, from the top: coverage, duration and peak of each episode, movement, posture.
    """
    _ = translator(language)
    axis = axis_of(night)
    with drawing(language):
        handles = _legend_handles(night, _)
        legend_in = LEGEND_ROW_IN * -(-len(handles) // layout.legend_columns) + 0.08
        block_in = HEADING_IN + sum(layout.lanes) + TITLE_IN * len(layout.lanes)
        height_in = legend_in + block_in * len(night.legs) + BOTTOM_IN
        figure = new_figure(layout.width, height_in, layout.dpi)
        top_in = height_in - legend_in
        every_lane: list[Axes] = []
        for leg in night.legs:
            lanes = _add_lanes(figure, layout, top_in)
            _head_leg(lanes[0], leg, _)
            _draw_leg(lanes, leg, axis, _)
            every_lane += lanes
            top_in -= block_in
        label_time(every_lane, axis.clock, axis.length_s, _, at_most=layout.most_ticks)
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(LEFT_IN / layout.width, 1.0),
            ncols=layout.legend_columns,
            frameon=False,
            borderaxespad=0.1,
            borderpad=0.0,
            handletextpad=0.4,
            columnspacing=1.2,
            prop={"family": fonts(language), "size": SMALL_SIZE},
        )
    return figure


def find_usual_direction(epochs: Sequence[Epoch]) -> tuple[float, float, float] | None:
    """Find the direction of gravity in which a leg lay most of the time."""
    directions = np.array([epoch.gravity for epoch in epochs if epoch.is_worn and epoch.gravity is not None])
    if not len(directions):
        return None
    # Every tenth is enough to find the place where most lie, and keeps 30 h quick.
    candidates = directions[:: max(1, len(directions) // 200)]
    n_alike = (candidates @ directions.T > np.cos(np.radians(ALIKE_DEG))).sum(axis=1)
    x, y, z = candidates[int(n_alike.argmax())].tolist()
    return x, y, z


def _add_lanes(figure: Figure, layout: LegsLayout, top_in: float) -> list[Axes]:
    """Make the lanes of one leg, from the top."""
    width_in, height_in = figure.get_size_inches()
    bottom_in = top_in - HEADING_IN
    lanes: list[Axes] = []
    for lane_in in layout.lanes:
        bottom_in -= lane_in + (TITLE_IN if lanes else 0.0)
        place = (
            LEFT_IN / width_in,
            bottom_in / height_in,
            (width_in - LEFT_IN - RIGHT_IN) / width_in,
            lane_in / height_in,
        )
        lanes.append(figure.add_axes(place))
    return lanes


def _head_leg(lane: Axes, leg: LegNight, _: Translator) -> None:
    """Name the leg above its lanes."""
    lane.set_title(side_word(leg.side, _), loc="left", font=text_font(_.language, TITLE_SIZE), color=INK, pad=4)


def _draw_leg(lanes: Sequence[Axes], leg: LegNight, axis: NightAxis, _: Translator) -> None:
    """Fill the lanes of one leg."""
    strip, duration, peak, movement, posture = lanes
    coverage = cover_leg(leg, axis)
    rest = axis.intervals([leg.summary.night.night.span]) if leg.summary.night else ()
    for lane in lanes:
        lane.set_xlim(0, axis.length_s)
    for lane in lanes[1:]:
        shade(lane, rest, axis.length_s, BAND)
        shade(lane, coverage.not_measured, axis.length_s)
    _draw_coverage(strip, coverage)
    part = leg.summary.part.span
    shown = [
        (recording, episode)
        for recording in leg.recordings
        for episode in recording.episodes
        if part.holds(recording.span.onset_of(episode))
    ]
    tidy(duration, _("Duration of each movement (s)"), _.language)
    draw_stems(duration, _stems(shown, axis, [e.duration_s for _r, e in shown]), DURATION_TICKS_S, SHORTEST_S)
    if not shown:
        say(duration, 0.5, _("no rhythmic movement recorded"), _.language)
    tidy(peak, _("Peak acceleration of each movement (g)"), _.language)
    draw_stems(peak, _stems(shown, axis, [e.peak_g for _r, e in shown]), PEAK_TICKS_G, SMALLEST_PEAK_G)
    tidy(movement, _("Movement in each half minute (g)"), _.language)
    _draw_movement(movement, leg, axis)
    tidy(posture, _("Angle to the leg's most frequent position (°)"), _.language)
    _draw_posture(posture, leg, axis)
    _draw_markers(duration, leg, axis)


def _draw_coverage(strip: Axes, coverage: LegCoverage) -> None:
    """Draw the three states as one strip, told apart by pattern as well."""
    strip.set_ylim(0, 1)
    strip.set_yticks([])
    strip.spines[:].set_color(RULE)
    strip.tick_params(length=0)
    _draw_bars(strip, coverage.worn, facecolor=WORN_COLOUR)
    _draw_bars(strip, coverage.not_confirmed, facecolor="#ffffff", hatch=HATCH)
    _draw_bars(strip, coverage.not_measured, facecolor=GAP)


def _draw_bars(strip: Axes, times: Sequence[Interval], *, facecolor: str, hatch: str = "") -> None:
    """Draw times as bars of the strip's height."""
    strip.broken_barh(
        [(time.start_s, time.end_s - time.start_s) for time in times],
        (0, 1),
        facecolor=facecolor,
        edgecolor=WORN_COLOUR,
        hatch=hatch,
        linewidth=0,
    )


def _stems(shown: Sequence[tuple[LegRecording, Episode]], axis: NightAxis, heights: Sequence[float]) -> Stems:
    """Lay out the episodes of a leg on the axis of the night."""
    return Stems(
        at_s=np.array([axis.at_s(recording.moment((e.onset_s + e.offset_s) / 2)) for recording, e in shown]),
        heights=np.asarray(heights, dtype=np.float64),
        classes=tuple(e.episode_class for _recording, e in shown),
    )


def _draw_movement(lane: Axes, leg: LegNight, axis: NightAxis) -> None:
    """Draw how much the leg moved, on a logarithmic scale."""
    highest = SMALLEST_MOVEMENT_G
    for recording in leg.recordings:
        values = np.array([np.nan if epoch.movement_g is None else epoch.movement_g for epoch in recording.epochs])
        edges_s = _edges_s(recording, axis)
        if not len(values):
            continue
        lane.fill_between(
            edges_s,
            SMALLEST_MOVEMENT_G,
            np.append(values, values[-1]),
            step="post",
            color=MOVEMENT_COLOUR,
            linewidth=0,
        )
        highest = max(highest, float(np.nanmax(values, initial=SMALLEST_MOVEMENT_G)))
    set_log_scale(lane, SMALLEST_MOVEMENT_G, max(0.3, 1.3 * highest), MOVEMENT_TICKS_G)


def _draw_posture(lane: Axes, leg: LegNight, axis: NightAxis) -> None:
    """Draw how far the leg was turned from the direction in which it lay most."""
    lane.set_ylim(-8, 188)
    lane.yaxis.set_major_locator(FixedLocator([0, 90, 180]))
    usual = find_usual_direction([epoch for recording in leg.recordings for epoch in recording.epochs])
    if usual is None:
        return
    for recording in leg.recordings:
        angles_deg = _angles_deg(recording.epochs, usual)
        if len(angles_deg):
            lane.step(
                _edges_s(recording, axis),
                np.append(angles_deg, angles_deg[-1]),
                where="post",
                color=POSTURE_COLOUR,
                linewidth=1.0,
            )


def _angles_deg(epochs: Sequence[Epoch], usual: tuple[float, float, float]) -> FloatArray:
    """Angle of each epoch's gravity to a direction; NaN where it is not known."""
    gravity = np.array([epoch.gravity or (np.nan,) * 3 for epoch in epochs]).reshape(-1, 3)
    return np.asarray(np.degrees(np.arccos(np.clip(gravity @ np.asarray(usual), -1.0, 1.0))))


def _edges_s(recording: LegRecording, axis: NightAxis) -> FloatArray:
    """Edges of a recording's epochs on the axis of the night, one more than epochs."""
    start_s = axis.at_s(recording.moment(0.0))
    starts_s = [epoch.start_s for epoch in recording.epochs]
    last_s = min(recording.epochs[-1].end_s, recording.stored.duration_s) if recording.epochs else 0.0
    return np.asarray(start_s + np.array([*starts_s, last_s]))


def _draw_markers(lane: Axes, leg: LegNight, axis: NightAxis) -> None:
    """Mark above the lane what somebody marked at night."""
    moments = [recording.moment(marker.at_s) for recording in leg.recordings for marker in recording.markers]
    inside_s = [axis.at_s(moment) for moment in moments if axis.span.holds(moment)]
    if inside_s:
        lane.scatter(
            inside_s,
            [1.0] * len(inside_s),
            transform=lane.get_xaxis_transform(),
            marker="v",
            s=26,
            facecolors=INK,
            linewidths=0,
            clip_on=False,
            zorder=5,
        )


def _legend_handles(night: PersonNight, _: Translator) -> list[Artist]:
    """Explain what occurs in the picture."""
    episodes = [episode for recording in night.recordings for episode in recording.episodes]
    handles: list[Artist] = []
    for episode_class in EpisodeClass:
        style = CLASS_STYLES[episode_class]
        if any(episode.episode_class is episode_class for episode in episodes):
            handles.append(
                Line2D(
                    [],
                    [],
                    linestyle="",
                    marker=style.marker,
                    mfc=style.face,
                    mec=style.edge,
                    ms=5,
                    label=class_word(episode_class, _),
                )
            )
    handles += [
        Patch(facecolor=WORN_COLOUR, label=_(WORN)),
        Patch(facecolor="#ffffff", edgecolor=WORN_COLOUR, hatch=HATCH, linewidth=0, label=_(NOT_CONFIRMED)),
        Patch(facecolor=GAP, label=_(NOT_MEASURED)),
    ]
    if night.has_rest:
        handles.append(Patch(facecolor=BAND, label=_("rest window (estimated)")))
    if any(marker.kind is MarkerKind.FELT for recording in night.recordings for marker in recording.markers):
        handles.append(
            Line2D([], [], linestyle="", marker="v", mfc=INK, mec=INK, ms=5, label=_("marked by the person"))
        )
    return handles
