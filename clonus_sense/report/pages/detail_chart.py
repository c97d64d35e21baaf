"""The chart of one movement, described for Bokeh's browser library; its data come when a movement is opened."""

from __future__ import annotations

from functools import cache

from bokeh.layouts import column
from bokeh.models import BoxAnnotation, ColumnDataSource, Range1d, Span
from bokeh.plotting import figure

from clonus_sense.i18n import translator
from clonus_sense.report.pages.chart_figures import LINES, ChartItem, describe, plain_figure, quiet, time_axis
from clonus_sense.report.pages.movement_samples import SPECTRUM_TO_HZ


@cache
def detail_chart(language: str) -> ChartItem:
    """Draw one movement closely: raw, band-passed with beats, and its spectrum; data come when one is opened."""
    _ = translator(language)
    times = time_axis(Range1d(0.0, 1.0, name="detail-times"))
    # The browser fits heights to what is in view: ranges that Bokeh finds itself are none where a line has no value.
    raw = plain_figure(110, times, _("Raw (g)"), y_range=Range1d(-1.0, 1.0, name="raw-range"))
    raw_source = ColumnDataSource({name: [0.0, 1.0] for name in ("at_ms", "x", "y", "z")}, name="raw")
    for name, colour in zip("xyz", LINES, strict=True):
        raw.line("at_ms", name, source=raw_source, color=colour, legend_label=name, line_width=1)
    raw.legend.orientation, raw.legend.location = "horizontal", "top_right"
    raw.legend.background_fill_alpha, raw.legend.border_line_color = 0.0, None
    band = plain_figure(150, times, _("Main axis, 3–12 Hz (g)"), y_range=Range1d(-1.0, 1.0, name="band-range"))
    band.line(
        "at_ms",
        "g",
        source=ColumnDataSource({"at_ms": [0.0, 1.0], "g": [0.0, 1.0]}, name="band"),
        color=LINES[0],
        line_width=1.4,
    )
    beats = ColumnDataSource({"at_ms": [0.0], "g": [0.0]}, name="beats")
    band.scatter("at_ms", "g", source=beats, marker="inverted_triangle", size=7, color=LINES[1])
    for one in (raw, band):
        one.add_layout(BoxAnnotation(name="movement", fill_color=LINES[0], fill_alpha=0.08, line_color=None))
    ruler = BoxAnnotation(
        name="ruler", editable=True, visible=False, fill_color=LINES[1], fill_alpha=0.12, line_color=LINES[1]
    )
    band.add_layout(ruler)
    spectrum = figure(
        height=130,
        sizing_mode="stretch_width",
        toolbar_location=None,
        x_range=Range1d(0.0, SPECTRUM_TO_HZ),
        y_range=Range1d(0.0, 1.0, name="spectrum-range"),
        x_axis_label="Hz",
        y_axis_label=_("mg"),
        tools=[],
    )
    spectrum.line(
        "hz",
        "mg",
        source=ColumnDataSource({"hz": [0.0, 1.0], "mg": [0.0, 1.0]}, name="spectrum"),
        color=LINES[0],
        line_width=1.4,
    )
    spectrum.add_layout(Span(name="frequency", dimension="height", line_color=LINES[1], line_dash="dashed"))
    quiet(spectrum)
    layout = column([raw, band, spectrum], sizing_mode="stretch_width")
    return ChartItem(describe(layout, "detail-chart"), _("Waveform, beats and spectrum of the chosen movement."))
