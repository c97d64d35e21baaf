"""Shared parts of charts: colours, figures on a time axis, and the description of a layout for the browser.

A chart holds no code.  What a click or a key does stands in our browser modules, which find models by their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from bokeh import __version__ as bokeh_version
from bokeh.document import Document
from bokeh.models import (
    CrosshairTool,
    DatetimeTicker,
    DatetimeTickFormatter,
    FixedTicker,
    Grid,
    LayoutDOM,
    NumeralTickFormatter,
    PanTool,
    Range1d,
)
from bokeh.plotting import figure

from clonus_sense.report.night_axis import NightAxis
from clonus_sense.report.pages.page_clock import origin_ms

LINES = ("#0b63a5", "#7b4fa0", "#5f6b76")
WORN, UNCONFIRMED, UNMEASURED = "#5b87ad", "#cfe0ee", "#c9ced3"
_FORMATS = {
    "days": "%H:%M",
    "hourmin": "%H:%M",
    "hours": "%H:%M",
    "minutes": "%H:%M",
    "minsec": "%H:%M:%S",
    "seconds": "%H:%M:%S",
    "milliseconds": "%H:%M:%S.%1N",
}


@dataclass(frozen=True, slots=True)
class ChartItem:
    """A chart for the browser, and the words that describe it to those who do not see it."""

    item: dict[str, Any]
    label: str


def local_ms(axis: NightAxis, at_s: float | Iterable[float]) -> Any:  # noqa: ANN401 - a number or an array
    """Place seconds of the axis in milliseconds of the person's clock at the start of the night."""
    start_ms = origin_ms(axis.clock)
    assert start_ms is not None, "a night has a date"
    return start_ms + 1000.0 * np.asarray(at_s, dtype=float)


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """A time axis of one figure or several, which are moved and zoomed together."""

    range: Range1d
    ticker: DatetimeTicker


def time_axis(times: Range1d) -> TimeAxis:
    """Lay a time axis; the browser gives it fewer times where it is narrow."""
    return TimeAxis(times, DatetimeTicker(desired_num_ticks=6))


def plain_figure(
    height: int,
    times: TimeAxis,
    y_label: str,
    *,
    writes_times: bool = True,
    **options: Any,  # noqa: ANN401 - Bokeh's
) -> figure:
    """Make a figure on a time axis: moved by dragging, a crosshair, and no toolbar; gestures.js zooms it."""
    chart = figure(
        height=height,
        sizing_mode="stretch_width",
        x_range=times.range,
        x_axis_type="datetime" if writes_times else "auto",
        x_axis_location="below" if writes_times else None,
        toolbar_location=None,
        y_axis_label=y_label,
        tools=[],
        output_backend="canvas",
        **options,
    )
    chart.add_tools(PanTool(dimensions="width"), CrosshairTool(dimensions="height", line_alpha=0.4))
    if writes_times:
        chart.xaxis.ticker = chart.xgrid.ticker = times.ticker
        chart.xaxis.formatter = DatetimeTickFormatter(**_FORMATS)
    else:
        # An axis that is not seen takes as long to describe as a figure.
        chart.add_layout(Grid(dimension=0, ticker=times.ticker))
    quiet(chart)
    return chart


def label_heights(chart: figure, heights: Sequence[int]) -> None:
    """Label these heights alone, as plain numbers."""
    chart.yaxis.ticker = FixedTicker(ticks=list(heights))
    chart.ygrid.ticker = FixedTicker(ticks=list(heights))
    chart.yaxis.formatter = NumeralTickFormatter(format="0")


def quiet(chart: figure) -> None:
    """Take away what a small chart does not need; colours follow the page's, which the browser sets."""
    chart.background_fill_color = chart.border_fill_color = None
    chart.outline_line_color = None
    chart.xgrid.grid_line_alpha = chart.ygrid.grid_line_alpha = 0.25
    chart.min_border_left = 52


def describe(layout: LayoutDOM, target: str) -> dict[str, Any]:
    """Describe a layout for the browser, as ``bokeh.embed.json_item`` does.

    That function walks through all models three times more, in search of callbacks in Python; ours have none.
    """
    document = Document(title="")
    document.add_root(layout)
    return {
        "target_id": target,
        "root_id": layout.id,
        "doc": document.to_json(deferred=False),
        "version": bokeh_version,
    }
