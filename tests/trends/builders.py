"""Nights of a leg whose numbers are known."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from clonus_sense.night import Interval, divide_time, movement_times, place_episodes, summarise_night, worn_hours
from clonus_sense.trends import NightRow, night_length_s
from tests.night.builders import episode, record

FIRST = date(2026, 11, 1)


def make_row(
    day=0, episodes_h=(), *, number=1, start="22:00", worn_h=8.0, length_h=8.0, zone="Europe/Berlin", gap_h=()
):
    """A night of so many hours from `start` on; the last of them are in doubt, and movements begin at these hours."""
    evening = FIRST + timedelta(days=day)
    doubtful = [(worn_h, length_h)] if worn_h < length_h else []
    recorded = record(
        f"{evening} {start}",
        length_h,
        zone,
        rests=[(0.0, length_h)],
        not_confirmed=tuple(Interval(3600 * a, 3600 * b) for a, b in doubtful),
        not_worn=tuple(Interval(3600 * a, 3600 * b) for a, b in gap_h),
        episodes=tuple(episode(at_h, seconds) for at_h, seconds in episodes_h),
    )
    night = divide_time([recorded]).nights[0]
    summary = summarise_night(night, [recorded])
    return NightRow(
        name=f"{evening}" if number == 1 else f"{evening}-{number}",
        date=evening,
        zone=ZoneInfo(zone),
        rest=night.span,
        figures=summary.figures,
        length_s=night_length_s(summary.figures.coverage, summary.figures.coverage),
        movements=movement_times(summary, place_episodes([recorded])),
        hours=worn_hours(summary),
        n_shown=len(episodes_h),
        n_reviewed=0,
    )
