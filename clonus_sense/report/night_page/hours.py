"""The night hour by hour of the person's clock, as a table whose cells are bars."""

from __future__ import annotations

from datetime import datetime
from html import escape

from clonus_sense.i18n import Translator
from clonus_sense.night import ClockHour
from clonus_sense.report.html import paragraph, section
from clonus_sense.report.night_page.context import PageContext
from clonus_sense.report.wording import side_word


def hours_section(page: PageContext) -> str:
    """List every hour that any leg's time reaches into, left and right apart."""
    _ = page.translate
    # Legs that began at other minutes of an hour stand in one row: that of the hour of the clock.
    rows_of = [{_hour_key(hour.start): hour for hour in leg.summary.hours} for leg in page.night.legs]
    most_n = max((_n(hour) for rows in rows_of for hour in rows.values()), default=0)
    most_s = max((_total_s(hour) for rows in rows_of for hour in rows.values()), default=0.0)
    lines = []
    for key in sorted({key for rows in rows_of for key in rows}):
        hours = [rows.get(key) for rows in rows_of]
        start = next(hour.start for hour in hours if hour is not None)
        cells = "".join(_cells(hour, most_n, most_s, _) for hour in hours)
        lines.append(f'<tr><th scope="row">{_hour_label(start, page, _)}</th>{cells}</tr>')
    body = "\n".join(lines)
    return section(
        _("By hour"),
        f'<div class="wide"><table class="hours">\n<thead>{_head(page)}</thead>',
        f"<tbody>\n{body}\n</tbody></table></div>",
        paragraph(
            _("Rhythmic movements by the hour in which they began, rest window and waking time together."), "small"
        ),
    )


def _head(page: PageContext) -> str:
    """Name the columns, below the legs where there are two."""
    _ = page.translate
    names = (_("On the leg (min)"), _("How often"), _("Seconds"))
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    lines = []
    if len(page.night.legs) > 1:
        legs = "".join(
            f'<th scope="colgroup" colspan="{len(names)}">{escape(side_word(leg.side, _))}</th>'
            for leg in page.night.legs
        )
        lines.append(f"<tr><th></th>{legs}</tr>")
    hour = escape(_("Hour"))
    lines.append(f'<tr><th scope="col">{hour}</th>{columns * len(page.night.legs)}</tr>')
    return "".join(lines)


def _cells(hour: ClockHour | None, most_n: int, most_s: float, _: Translator) -> str:
    """Write one leg's hour; what was not measured on the leg is a dash and never a 0."""
    if hour is None:
        return '<td class="none">–</td>' * 3
    worn_min = hour.figures.coverage.worn_s / 60
    worn = _bar_cell(f"{worn_min:.0f}", worn_min / 60, "worn")
    if hour.figures.clonus is None:
        return worn + '<td class="none">–</td>' * 2
    n, total_s = _n(hour), _total_s(hour)
    return (
        worn
        + _bar_cell(f"{n}", n / most_n if most_n else 0.0, "found")
        + _bar_cell(f"{total_s:.1f}" if n else "0", total_s / most_s if most_s else 0.0, "found")
    )


def _bar_cell(text: str, ratio: float, css_class: str) -> str:
    """Write a number over a bar of its size."""
    return f'<td class="bar {css_class}" style="--size:{100 * min(ratio, 1.0):.0f}%">{text}</td>'


def _hour_key(start: datetime) -> int:
    """Name an hour of the clock in the world's time; the one that an autumn night has twice is two."""
    return int(start.timestamp()) - 60 * start.minute - start.second


def _hour_label(start: datetime, page: PageContext, _: Translator) -> str:
    """Label an hour; with its offset where the clocks change in this night."""
    label = f"{start:%H}:00"
    return f'{label} <span class="small">UTC{start:%z}</span>' if page.axis.clock.changes(page.axis.length_s) else label


def _n(hour: ClockHour) -> int:
    """Count the rhythmic movements of an hour."""
    return hour.figures.clonus.n_episodes if hour.figures.clonus else 0


def _total_s(hour: ClockHour) -> float:
    """Add up the seconds of rhythmic movement of an hour."""
    return hour.figures.clonus.total_s if hour.figures.clonus else 0.0
