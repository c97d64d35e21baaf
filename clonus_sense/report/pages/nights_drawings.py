"""Drawings of several nights for the template: a dot a night, movements by the clock, and quartiles by hour.

Places are percent of the width and pixels of the height from the top, so that a drawing follows the page and its dots
stay round.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from clonus_sense.i18n import Translator
from clonus_sense.report.clock_labels import date_words
from clonus_sense.report.duration_words import length_words, seconds_words
from clonus_sense.review import LegTrend
from clonus_sense.trends import HourTrend, NightRow, summarise_hours
from clonus_sense.trends.clock_hours import NOON, since_noon

# Pixels: the drawing of dots, and a row of the raster, which shrinks so that 90 nights fit on a screen.
DOTS_HEIGHT, DOTS_EDGE = 130.0, 10.0
RASTER_HEIGHT, TALLEST_ROW = 480.0, 14.0
HOURS_HEIGHT = 80.0
# Labels of dates that stand side by side without touching on a telephone.
MOST_DATES = 5
# Round numbers for the top of an axis of rates per hour.
_TOPS = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0, 200.0, 500.0, 1000.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """A night: where it stands, whether it was worn for half of the rest window, and what it says."""

    x: float
    y: float
    is_full: bool
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class RasterRow:
    """A night in the raster: its worn times and its movements."""

    y: float
    worn: tuple[tuple[float, float], ...]
    movements: tuple[tuple[float, str], ...]
    words: str
    link: str


@dataclass(frozen=True, slots=True)
class HourBar:
    """An hour: its quartiles and median as places, and its numbers for the table."""

    x: float
    width: float
    middle: float
    box: tuple[float, float]
    median: float
    hour: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegDrawings:
    """All drawings of one leg."""

    dots: tuple[Dot, ...]
    dots_height: float
    top_rate: str
    dates: tuple[tuple[float, str], ...]
    changes: tuple[float, ...]
    raster: tuple[RasterRow, ...]
    raster_height: float
    row_height: float
    hours: tuple[tuple[float, str], ...]
    bars: tuple[HourBar, ...]
    bars_height: float
    top_hour_rate: str


def draw_leg(leg: LegTrend, links: Mapping[str, str], _: Translator) -> LegDrawings:
    """Draw the nights of one leg, of which there is at least one."""
    rows = leg.rows
    days = [row.date.toordinal() for row in rows]
    changed = dict.fromkeys(change.date.toordinal() for change in leg.changes)
    first, n_days = days[0], max(days[-1] - days[0], 1)

    def place_day(day: int) -> float:
        return round(3 + 94 * (day - first) / n_days, 2) if days[-1] > first else 50.0

    top = _top(row.n_per_worn_hour for row in rows)
    hours = summarise_hours(rows)
    window = _clock_window(rows)
    height = min(TALLEST_ROW, RASTER_HEIGHT / len(rows))
    top_hour = _top(hour.n_per_worn_hour.upper for hour in hours)
    return LegDrawings(
        dots=tuple(_dot(row, place_day(day), top, links, _) for row, day in zip(rows, days, strict=True)),
        dots_height=DOTS_HEIGHT,
        top_rate=f"{top:g}",
        dates=tuple((place_day(day), _short_date(day, _)) for day in _some(days)),
        changes=tuple(map(place_day, changed)),
        raster=tuple(_raster_row(row, at * height, window, links, _) for at, row in enumerate(rows)),
        raster_height=height * len(rows),
        row_height=max(height - 1.5, 1.5),
        hours=_hour_labels(window),
        bars=tuple(_bar(hour, window, top_hour) for hour in hours),
        bars_height=HOURS_HEIGHT,
        top_hour_rate=f"{top_hour:g}",
    )


def _top(rates: Iterable[float | None]) -> float:
    """Choose the top of an axis: the next round number above all."""
    most = max((rate for rate in rates if rate is not None), default=0.0)
    return next((top for top in _TOPS if top >= most), most)


def _dot(row: NightRow, x: float, top: float, links: Mapping[str, str], _: Translator) -> Dot:
    """Place a night by its rate; one without a rate lies on the ground and is hollow."""
    rate = row.n_per_worn_hour
    count = _("{n} movements").format(n=row.n_movements) if row.n_movements is not None else _("nothing measured")
    rate_words = _("{rate} per worn hour").format(rate=f"{rate:.1f}") if rate is not None else ""
    worn = _("worn {worn} ({share} %)").format(
        worn=length_words(row.figures.coverage.worn_s, _), share=f"{100 * row.worn_ratio:.0f}"
    )
    words = " · ".join(part for part in (date_words(row.date, _), count, rate_words, worn) if part)
    y = DOTS_EDGE + (1 - (rate or 0.0) / top) * (DOTS_HEIGHT - 2 * DOTS_EDGE)
    return Dot(x, round(y, 1), row.is_half_worn and rate is not None, words, links.get(row.name, ""))


def _some(days: Sequence[int]) -> list[int]:
    """Choose dates for labels: the first, the last, and a few nights between."""
    n_labels = min(MOST_DATES, len(days))
    return sorted({days[round(at * (len(days) - 1) / max(n_labels - 1, 1))] for at in range(n_labels)})


def _short_date(day: int, _: Translator) -> str:
    """Write a date without its year."""
    moment = datetime.fromordinal(day)
    return _("{month}/{day}").format(month=moment.month, day=moment.day)


def _since_noon_h(moment: datetime, row: NightRow) -> float:
    """Hours of the clock from noon of the night's date, so that a night runs on over midnight."""
    noon = datetime.combine(row.date, time(NOON))
    return (moment.astimezone(row.zone).replace(tzinfo=None) - noon).total_seconds() / 3600.0


def _clock_window(rows: Sequence[NightRow]) -> tuple[int, int]:
    """First and last whole hour that holds every night, in hours since noon."""
    first = min(_since_noon_h(row.rest.start, row) for row in rows)
    last = max(_since_noon_h(row.rest.end, row) for row in rows)
    return math.floor(first), max(math.ceil(last), math.floor(first) + 1)


def _place_hour(hours: float, window: tuple[int, int]) -> float:
    """Place an hour of the clock, in percent."""
    return 100.0 * (hours - window[0]) / (window[1] - window[0])


def _raster_row(row: NightRow, y: float, window: tuple[int, int], links: Mapping[str, str], _: Translator) -> RasterRow:
    """Draw a night by the clock: the hours that were worn for half or more, and each movement."""

    def place(moment: datetime) -> float:
        return _place_hour(_since_noon_h(moment, row), window)

    ends = [*(hour.start for hour in row.hours[1:]), row.rest.end]
    spans = [(hour.start, end, hour.worn_s) for hour, end in zip(row.hours, ends, strict=True)]
    worn = [(place(start), place(end)) for start, end, worn_s in spans if 2.0 * worn_s >= (end - start).total_seconds()]
    return RasterRow(
        y=round(y, 1),
        worn=tuple((round(start, 3), round(max(end - start, 0.0), 3)) for start, end in worn),
        movements=tuple(
            (
                round(place(one.onset), 3),
                f"{one.onset.astimezone(row.zone):%Y-%m-%d %H:%M:%S} · {seconds_words(one.duration_s, _)}",
            )
            for one in row.movements
        ),
        words=date_words(row.date, _),
        link=links.get(row.name, ""),
    )


def _hour_labels(window: tuple[int, int]) -> tuple[tuple[float, str], ...]:
    """Label whole hours of the clock, at most eight."""
    every = max(1, -(-(window[1] - window[0]) // 8))
    hours = range(window[0], window[1] + 1, every)
    return tuple((round(_place_hour(hour, window), 2), f"{(hour + NOON) % 24:02d}:00") for hour in hours)


def _bar(hour: HourTrend, window: tuple[int, int], top: float) -> HourBar:
    """Draw an hour of the clock over nights."""
    hours = since_noon(hour.hour)
    if hours >= window[1]:
        # A rest that began before noon.
        hours -= 24
    rates = hour.n_per_worn_hour
    width = 100.0 / (window[1] - window[0])
    x = _place_hour(hours, window)

    def y(rate: float) -> float:
        return HOURS_HEIGHT - 4 - (HOURS_HEIGHT - 8) * rate / top

    return HourBar(
        x=round(x + 0.1 * width, 2),
        width=round(0.8 * width, 2),
        middle=round(x + 0.5 * width, 2),
        box=(round(y(rates.upper), 1), round(max(y(rates.lower) - y(rates.upper), 1.0), 1)),
        median=round(y(rates.median), 1),
        hour=f"{hour.hour:02d}:00",
        cells=(str(rates.n), f"{rates.median:.1f}", f"{rates.lower:.1f}–{rates.upper:.1f}"),
    )
