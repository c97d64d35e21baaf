"""A leg's signal on the axis of its night, described for Bokeh; ``night_signal.js`` fills it with what is in view."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.models import (
    BasicTicker,
    BoxAnnotation,
    ColumnDataSource,
    Label,
    Line,
    Quad,
    Range1d,
    Scatter,
    VStrip,
)
from bokeh.plotting import figure

from clonus_sense.i18n import Translator
from clonus_sense.night import Interval
from clonus_sense.report.night_axis import NightAxis
from clonus_sense.report.pages.chart_figures import LINES, UNMEASURED, TimeAxis, local_ms, plain_figure
from clonus_sense.report.pages.movement_cards import MovementCard


def signal_figure(
    lane: int,
    height: int,
    times: TimeAxis,
    *,
    cards: Sequence[MovementCard],
    not_measured: Sequence[Interval],
    axis: NightAxis,
    translate: Translator,
) -> figure:
    """Draw the empty lane of a leg: its gaps and movements as strips, and sources for columns, lines and beats.

    Parameters
    ----------
    lane
        Number of the leg on the page; the browser finds the lane's models by it.
    height
        In CSS pixels.
    times
        The time axis of all charts of the night.
    cards
        Movements of the leg.
    not_measured
        Times without samples.
    axis
        Places them.
    translate
        Language of its words.
    """
    chart = plain_figure(
        height, times, translate("g"), writes_times=False, y_range=Range1d(-0.1, 0.1, name=f"signal-range-{lane}")
    )
    chart.yaxis.ticker = chart.ygrid.ticker = BasicTicker(desired_num_ticks=3, num_minor_ticks=0)
    gaps = [(gap.start_s, gap.end_s) for gap in not_measured]
    movements = [(card.onset_s, card.onset_s + card.duration_s) for card in cards]
    for spans, colour, alpha in ((gaps, UNMEASURED, 1.0), (movements, LINES[0], 0.1)):
        edges_ms = {name: local_ms(axis, [span[at] for span in spans]) for at, name in enumerate(("x0", "x1"))}
        chart.add_glyph(ColumnDataSource(edges_ms), VStrip(fill_color=colour, fill_alpha=alpha, line_color=None))
    hatched = VStrip(fill_color=None, line_color=None, hatch_pattern="/", hatch_color=UNMEASURED, hatch_scale=10)
    chart.add_glyph(ColumnDataSource({"x0": [], "x1": []}, name=f"signal-missing-{lane}"), hatched)
    lines = ColumnDataSource({name: [] for name in ("at_ms", "x", "y", "z")}, name=f"signal-lines-{lane}")
    for name, colour in zip("xyz", LINES, strict=True):
        # A source for each axis: the band of all three fills the first alone, and the others cost nothing.
        columns: dict[str, list[float]] = {side: [] for side in ("left", "right", "bottom", "top")}
        band = Quad(**{side: side for side in columns}, fill_color=colour, line_color=None)
        chart.add_glyph(ColumnDataSource(columns, name=f"signal-columns-{name}-{lane}"), band)
        chart.add_glyph(lines, Line(x="at_ms", y=name, line_color=colour, line_width=1.2))
    beats = ColumnDataSource({"at_ms": [], "g": []}, name=f"signal-beats-{lane}")
    triangles = Scatter(x="at_ms", y="g", marker="inverted_triangle", size=7, fill_color=LINES[1], line_color=None)
    chart.add_glyph(beats, triangles)
    words = Label(x=0, y=0, text="", text_align="center", text_baseline="middle", text_font_size="12px", visible=False)
    words.update(name=f"signal-words-{lane}", text_color=LINES[2])
    ruler = BoxAnnotation(name=f"night-ruler-{lane}", editable=True, resizable="x", movable="x", visible=False)
    ruler.update(fill_color=LINES[1], fill_alpha=0.12, line_color=LINES[1])
    chart.add_layout(words)
    chart.add_layout(ruler)
    return chart
