"""The last night, week, month and quarter of a leg as rows of a table, each number with its nights."""

from __future__ import annotations

from datetime import date

from clonus_sense.i18n import Translator, message
from clonus_sense.report.duration_words import rounded_seconds_words
from clonus_sense.report.pages.nights_document import spread_words
from clonus_sense.review import LegTrend
from clonus_sense.trends import last_windows

WINDOW_HEADINGS = (
    message("Last nights"),
    message("Recorded"),
    message("Half worn"),
    message("Median a night"),
    message("All movements"),
    message("Total time"),
    message("Longest"),
)


def lay_out_windows(leg: LegTrend, first: date, last: date, _: Translator) -> list[tuple[str, ...]]:
    """Lay out the last 1, 7, 30 and 90 nights of a leg, as far as the dates reach back."""
    rows: list[tuple[str, ...]] = []
    for window in last_windows(leg.rows, first, last):
        one = window.summary
        has_time = one.n_recorded > 0
        rows.append(
            (
                _("newest night") if window.length == 1 else _("{n} nights").format(n=window.length),
                f"{one.n_recorded}/{one.n_nights}",
                f"{one.n_half_worn}/{one.n_nights}",
                spread_words(one.n_movements, _) if one.n_movements else "–",
                str(one.n_total) if has_time else "–",
                rounded_seconds_words(one.total_s, _) if has_time else "–",
                rounded_seconds_words(one.longest_s, _) if one.n_total else "–",
            )
        )
    return rows
