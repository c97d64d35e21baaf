"""The chart of a night's page, described for Bokeh's browser library: each leg on one time axis."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from bokeh.layouts import column
from bokeh.models import ColumnDataSource, HoverTool, Quad, Range1d, Segment, Span, TapTool, Text
from bokeh.plotting import figure

from clonus_sense.model import EpisodeClass
from clonus_sense.night import Interval
from clonus_sense.report.night_axis import NightAxis, cover_leg
from clonus_sense.report.pages.chart_figures import (
    LINES,
    UNCONFIRMED,
    UNMEASURED,
    WORN,
    ChartItem,
    TimeAxis,
    describe,
    label_heights,
    local_ms,
    plain_figure,
    time_axis,
)
from clonus_sense.report.pages.movement_cards import MovementCard
from clonus_sense.report.pages.page_clock import clock_changes
from clonus_sense.report.pages.page_context import PageContext
from clonus_sense.report.pages.signal_lane import signal_figure
from clonus_sense.report.postures import PostureSpan, find_postures, find_turns
from clonus_sense.report.wording import class_word, marker_word, side_word, verdict_word
from clonus_sense.review import LegNight

# Colour-blind safe, and told apart by shape on grey paper.
MARKERS = {
    EpisodeClass.CLONUS: ("circle", "#0b63a5", "#0b63a5"),
    EpisodeClass.BRIEF: ("triangle", "#0b63a5", None),
    EpisodeClass.SLOW: ("diamond", "#5b7f95", None),
    EpisodeClass.UNCERTAIN: ("square", "#8a4f9e", None),
}

# Durations from half a second to ten minutes, on a logarithmic axis; the strip of coverage lies below.
SHORTEST_S, LONGEST_S = 0.4, 600.0
STRIP = (0.24, 0.34)
# Heights in CSS pixels, for one leg and for two: both stand on the first screen of a laptop and of a telephone.
MOVEMENTS_HEIGHT, SIGNAL_HEIGHT, ACTIVITY_HEIGHT, TIMES_HEIGHT = (190, 100), (110, 54), 66, 28
# Seconds of the closest view: a dozen beats of the slowest rhythm.
CLOSEST_S = 2.0
# Postures lie above the activity, which ends at 2 g; a letter needs the width of a quarter of an hour on a telephone.
POSTURES, SHOWN_MG, LETTER_S = (3000.0, 40_000.0), (0.5, 50_000.0), 900.0
# Neighbours in grey that differ; a posture has one of them wherever it comes back.
POSTURE_FILLS = ("#cfe0ee", "#c9ced3", "#5b87ad", "#dccfe6")


def night_chart(page: PageContext, cards: Sequence[MovementCard], lanes: Collection[int]) -> ChartItem:
    """Draw each leg on one time axis, with a lane for the signal of those whose samples are at hand."""
    _ = page.translate
    ends_ms = [float(local_ms(page.axis, at_s)) for at_s in (0.0, page.axis.length_s)]
    times = time_axis(Range1d(*ends_ms, bounds=tuple(ends_ms), min_interval=1000.0 * CLOSEST_S, name="night-times"))
    rows: list[figure] = []
    cards_of = _by_leg(page, cards)
    for lane, (leg, of_leg) in enumerate(zip(page.night.legs, cards_of, strict=True)):
        rows.append(_movements_figure(leg, of_leg, page, times))
        if lane in lanes:
            height = _height(SIGNAL_HEIGHT, page)
            gaps = cover_leg(leg, page.axis).not_measured
            rows.append(
                signal_figure(lane, height, times, cards=of_leg, not_measured=gaps, axis=page.axis, translate=_)
            )
        # One axis for all: only the last figure writes its times.
        rows.append(_activity_figure(leg, page, times, writes_times=leg is page.night.legs[-1]))
    label = _("The night on one time axis; movements in it: {n}.").format(n=len(cards))
    return ChartItem(describe(column(rows, sizing_mode="stretch_width"), "night-chart"), label)


def _height(heights: tuple[int, int], page: PageContext) -> int:
    """Choose the height for one leg or for two."""
    return heights[min(len(page.night.legs), 2) - 1]


def _by_leg(page: PageContext, cards: Sequence[MovementCard]) -> list[list[MovementCard]]:
    """Part the cards by leg: the anchor of each begins with its side."""
    legs = page.night.legs
    if len(legs) == 1:
        return [list(cards)]
    return [[card for card in cards if card.anchor.startswith(f"movement-{leg.side}-")] for leg in legs]


def _movements_figure(leg: LegNight, cards: Sequence[MovementCard], page: PageContext, times: TimeAxis) -> figure:
    """Draw the movements of a leg by time and duration, over a strip of the three states."""
    _ = page.translate
    chart = plain_figure(
        _height(MOVEMENTS_HEIGHT, page),
        times,
        _("Duration (s)"),
        writes_times=False,
        y_axis_type="log",
        y_range=(STRIP[0], LONGEST_S),
    )
    chart.title.text = side_word(leg.side, _)
    label_heights(chart, (1, 3, 10, 30, 100, 300))
    cover = cover_leg(leg, page.axis)
    for spans, colour in ((cover.worn, WORN), (cover.not_confirmed, UNCONFIRMED), (cover.not_measured, UNMEASURED)):
        _strip(chart, spans, page.axis, colour)
    for episode_class, (marker, line, fill) in MARKERS.items():
        chosen = [card for card in cards if card.kind == episode_class.value]
        if not chosen:
            continue
        source = ColumnDataSource(
            {
                "at_ms": local_ms(page.axis, [card.onset_s for card in chosen]),
                "duration_s": [max(card.duration_s, SHORTEST_S) for card in chosen],
                "foot_s": [STRIP[1]] * len(chosen),
                "anchor": [card.anchor for card in chosen],
                "label": [card.label for card in chosen],
                "start": [card.start for card in chosen],
                "duration": [card.duration for card in chosen],
                "beats": [card.beats for card in chosen],
            },
            name="movements",
        )
        stems = Segment(x0="at_ms", y0="foot_s", x1="at_ms", y1="duration_s", line_color=line, line_alpha=0.5)
        chart.add_glyph(source, stems)
        dots = chart.scatter(
            "at_ms",
            "duration_s",
            source=source,
            marker=marker,
            size=10,
            line_color=line,
            line_width=1.6,
            fill_color=fill or "white",
            nonselection_alpha=1.0,
            legend_label=class_word(episode_class, _),
        )
        tips = [(_("No."), "@label"), (_("Start"), "@start"), (_("Duration"), "@duration"), (_("Beats"), "@beats")]
        chart.add_tools(HoverTool(renderers=[dots], tooltips=tips), TapTool(renderers=[dots]))
    if chart.legend:
        chart.legend.orientation, chart.legend.location = "horizontal", "top_left"
        chart.legend.background_fill_alpha, chart.legend.border_line_color = 0.0, None
    _mark_words(chart, leg, page)
    for change in clock_changes(page.axis.clock, page.axis.length_s):
        chart.add_layout(Span(location=change["at_ms"], dimension="height", line_color=LINES[2], line_dash="dotted"))
    # Moved by the arrow keys.
    chart.add_layout(Span(name="chosen", dimension="height", line_color=LINES[1], line_width=2, visible=False))
    return chart


def _mark_words(chart: figure, leg: LegNight, page: PageContext) -> None:
    """Mark what people said and pressed in the night, at the upper edge."""
    _ = page.translate
    marks = [
        (recording.moment(marker.at_s), marker_word(marker.kind, _))
        for recording in leg.recordings
        for marker in recording.markers
    ]
    marks += [
        (recording.moment(word.span.start_s), verdict_word(word.verdict, _))
        for recording in leg.recordings
        for word in recording.annotations
    ]
    if not marks:
        return
    source = ColumnDataSource(
        {
            "at_ms": local_ms(page.axis, [page.axis.at_s(moment) for moment, _word in marks]),
            "y": [LONGEST_S * 0.6] * len(marks),
            "word": [word for _moment, word in marks],
        }
    )
    drawn = chart.scatter("at_ms", "y", source=source, marker="inverted_triangle", size=9, color=LINES[1])
    chart.add_tools(HoverTool(renderers=[drawn], tooltips=[("", "@word")]))


def _activity_figure(leg: LegNight, page: PageContext, times: TimeAxis, *, writes_times: bool) -> figure:
    """Draw how much a leg moved in each half minute, where it turned, and its postures."""
    _ = page.translate
    height = ACTIVITY_HEIGHT + (TIMES_HEIGHT if writes_times else 0)
    chart = plain_figure(height, times, _("mg"), writes_times=writes_times, y_axis_type="log", y_range=SHOWN_MG)
    label_heights(chart, (1, 10, 100, 1000) if len(page.night.legs) == 1 else (1, 100))
    lefts, rights, tops, turns = [], [], [], []
    postures: list[PostureSpan] = []
    for recording in leg.recordings:
        begins_s = page.axis.at_s(recording.moment(0.0))
        for epoch in recording.epochs:
            if epoch.movement_g is not None and 0.0 <= begins_s + epoch.start_s < page.axis.length_s:
                lefts.append(begins_s + epoch.start_s)
                rights.append(begins_s + epoch.end_s)
                tops.append(1000.0 * max(epoch.movement_g, 0.0006))
        turns += [begins_s + at_s for at_s in find_turns(recording.epochs)]
        n_before = 1 + max((span.posture for span in postures), default=-1)
        postures += [span.moved(begins_s) for span in find_postures(recording.epochs, n_before)]
    activity = {"left": local_ms(page.axis, lefts), "right": local_ms(page.axis, rights), "top": tops}
    bars = Quad(left="left", right="right", bottom=SHOWN_MG[0], top="top", fill_color=LINES[2], line_color=None)
    bars.fill_alpha = 0.65
    chart.add_glyph(ColumnDataSource(activity), bars)
    _name_postures(chart, postures, page)
    if turns:
        drawn = chart.scatter(
            local_ms(page.axis, turns), [1200.0] * len(turns), marker="dash", angle=np.pi / 2, size=9, color=LINES[1]
        )
        chart.add_tools(HoverTool(renderers=[drawn], tooltips=[("", _("turn"))]))
    return chart


def _name_postures(chart: figure, spans: Sequence[PostureSpan], page: PageContext) -> None:
    """Draw the postures as a band of letters above the activity."""
    _ = page.translate
    if not spans:
        return
    lefts, rights = (local_ms(page.axis, [getattr(span, side) for span in spans]) for side in ("start_s", "end_s"))
    source = ColumnDataSource(
        {
            "left": lefts,
            "right": rights,
            "middle": (lefts + rights) / 2.0,
            "letter": [span.letter for span in spans],
            "written": [span.letter if span.end_s - span.start_s >= LETTER_S else "" for span in spans],
            "fill": [POSTURE_FILLS[span.posture % len(POSTURE_FILLS)] for span in spans],
        },
        name="postures",
    )
    bottom, top = POSTURES
    strips = Quad(left="left", right="right", bottom=bottom, top=top, fill_color="fill", line_color=None)
    strips.fill_alpha = 0.6
    band = chart.add_glyph(source, strips)
    letters = Text(x="middle", y=float(np.sqrt(bottom * top)), text="written", text_align="center")
    letters.update(text_baseline="middle", text_font_size="11px", text_color=LINES[2])
    chart.add_glyph(source, letters)
    chart.add_tools(HoverTool(renderers=[band], tooltips=[("", _("posture {letter}").format(letter="@letter"))]))


def _strip(chart: figure, spans: Sequence[Interval], axis: NightAxis, colour: str) -> None:
    """Draw one state of time as a strip."""
    if spans:
        edges = {"left": [span.start_s for span in spans], "right": [span.end_s for span in spans]}
        source = ColumnDataSource({side: local_ms(axis, edge) for side, edge in edges.items()})
        strip = Quad(left="left", right="right", bottom=STRIP[0], top=STRIP[1], fill_color=colour, line_color=None)
        chart.add_glyph(source, strip)
