"""Pages without charts and samples, for tests that look at something else."""

from clonus_sense.report.pages import night_document
from clonus_sense.report.pages.chart_figures import ChartItem
from clonus_sense.workflows import night_pages


def leave_charts_out(monkeypatch):
    """Let pages be made without what takes long."""
    monkeypatch.setattr(night_pages, "windows_of", lambda *_: None)
    monkeypatch.setattr(night_document, "night_chart", lambda *_: ChartItem({}, ""))
    monkeypatch.setattr(night_document, "detail_chart", lambda *_: ChartItem({}, ""))
    monkeypatch.setattr(night_document, "bokeh_script", lambda: "")
