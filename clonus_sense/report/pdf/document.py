"""The report of several nights: two pages of A4 for a patient's file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np

from clonus_sense.i18n import Translator, notice, translator
from clonus_sense.report.clock_labels import date_range, date_words
from clonus_sense.report.duration_words import length_words, rounded_seconds_words
from clonus_sense.report.pages.background import false_rate_words
from clonus_sense.report.pages.movement_samples import Line
from clonus_sense.report.pages.nights_document import change_words, note_words, tell_nights
from clonus_sense.report.pages.nights_drawings import DOTS_HEIGHT, HOURS_HEIGHT, LegDrawings, draw_leg
from clonus_sense.report.pages.nights_tables import WINDOW_HEADINGS, lay_out_windows
from clonus_sense.report.pdf.sheet import EDGE, INNER, MUTED, PALE, Sheet
from clonus_sense.report.wording import side_word
from clonus_sense.review import LegTrend, SeveralNights
from clonus_sense.trends import summarise_nights
from clonus_sense.version import __version__

# Points: drawings of one leg; of two legs each has half of the raster.
DOTS_POINTS, BARS_POINTS, RASTER_POINTS = 62.0, 34.0, 250.0
WAVE_POINTS, WAVES_IN_A_ROW = 84.0, 4
# Beside the axis of a drawing.
AXIS = 24.0
# Lines that fit whatever else the report holds.
MOST_CHANGES, MOST_NOTES = 4, 12
# Seconds beside a movement in its picture.
MARGIN_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class ReportWave:
    """A waveform in the report, and why it is there.

    Parameters
    ----------
    rules
        Names of the rules that chose it.
    start
        Its onset by the person's clock.
    onset_s, duration_s
        In seconds; ``onset_s`` is in seconds of its recording, as are the lines.
    lines
        Band-passed acceleration along the main axis.
    """

    rules: str
    start: datetime
    onset_s: float
    duration_s: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ReportParts:
    """Waveforms and facts of the report, apart from the numbers of the nights.

    Parameters
    ----------
    waves
        Waveforms of each leg, by side.
    places
        Where the sensor sat and which orthosis was worn, each once.
    raters
        Who judged movements.
    versions
        Detectors that found the movements.
    """

    waves: dict[str, tuple[ReportWave, ...]]
    places: tuple[str, ...]
    raters: tuple[str, ...]
    versions: tuple[str, ...]


def build_report(
    found: SeveralNights,
    parts: ReportParts,
    *,
    made_on: date,
    language: str = "en",
    hide_personal: bool = False,
) -> bytes:
    """Build the report.

    Parameters
    ----------
    found
        The nights in numbers.
    parts
        Waveforms and facts.
    made_on
        Date of making; it stands on the report.
    language
        Language of every text.
    hide_personal
        Whether code, names, notes and orthosis are left out.

    Returns
    -------
    bytes
        A PDF of two pages; equal input gives equal bytes.

    Raises
    ------
    ReportError
        If reportlab is not installed, or the font lacks a sign of a text.
    """
    _ = translator(language)
    dates = date_range(datetime.combine(found.first, time()), datetime.combine(found.last, time()), _)
    title = _("Rhythmic movement in the nights of {dates}").format(dates=dates)
    sheet = Sheet(title, language)
    legs = [leg for leg in found.legs if leg.rows]
    _write_head(sheet, title, found, parts, made_on, _, hide_personal=hide_personal)
    for leg in legs:
        _write_leg(sheet, leg, found, RASTER_POINTS / len(legs), _, hide_personal=hide_personal)
    sheet.new_page()
    for leg in legs:
        _write_windows(sheet, leg, found, _)
        _draw_waves(sheet, leg.side, parts.waves.get(leg.side, ()), _)
    closing = _closing(found, parts, legs, _, hide_personal=hide_personal)
    if not hide_personal:
        _write_notes(sheet, found, sum(sheet.height_of(text, 7.5) + 4 for text in closing), _)
    for text in closing:
        sheet.write(text, 7.5, grey=MUTED, after=4)
    return sheet.finish()


def _write_head(
    sheet: Sheet,
    title: str,
    found: SeveralNights,
    parts: ReportParts,
    made_on: date,
    _: Translator,
    *,
    hide_personal: bool,
) -> None:
    """Write whose nights these are, and how they were measured."""
    sheet.write(title, 14.0, after=4)
    whose = "" if hide_personal else _("Person: {code}").format(code=found.person or _("person unknown"))
    made = _("made {day}").format(day=date_words(made_on, _))
    facts = [whose, *parts.places, made, *(f"clonus_sense {version}" for version in parts.versions or (__version__,))]
    sheet.write(" · ".join(filter(None, facts)), 8.0, grey=MUTED, after=6)


def _write_leg(
    sheet: Sheet, leg: LegTrend, found: SeveralNights, raster_points: float, _: Translator, *, hide_personal: bool
) -> None:
    """Write one leg: its sentence, its nights as dots, and its movements by the clock."""
    sheet.write(side_word(leg.side, _), 11.0, after=2)
    sheet.write(tell_nights(summarise_nights(leg.rows, found.first, found.last), _), 9.0)
    drawn = draw_leg(leg, {}, _)
    sheet.write(_("Movements per worn hour, a dot a night; hollow: worn for less than half."), 7.0, grey=MUTED, after=1)
    _draw_dots(sheet, drawn)
    for change in leg.changes[:MOST_CHANGES]:
        words = change_words(change, _, hide_personal=hide_personal)
        sheet.write(f"{date_words(change.date, _)}{_(': ')}{words}", 7.0, grey=MUTED, after=0)
    if len(leg.changes) > MOST_CHANGES:
        sheet.write(_("and {n} more").format(n=len(leg.changes) - MOST_CHANGES), 7.0, grey=MUTED, after=0)
    words = _("By the clock, a row a night; below, the quartiles of each hour and the number of nights worn in it.")
    sheet.write(words, 7.0, grey=MUTED, after=2)
    _draw_clock(sheet, drawn, raster_points)
    sheet.y -= 8


def _draw_dots(sheet: Sheet, drawn: LegDrawings) -> None:
    """Draw a dot a night."""
    top, scale = sheet.y, DOTS_POINTS / DOTS_HEIGHT
    left, width = EDGE + AXIS, INNER - AXIS

    def x(percent: float) -> float:
        return left + width * percent / 100

    for height, label in ((10.0, drawn.top_rate), (DOTS_HEIGHT - 10.0, "0")):
        sheet.rule(left, top - scale * height, left + width, top - scale * height)
        sheet.label(left - 4, top - scale * height - 2.5, label, align="right")
    for place in drawn.changes:
        sheet.rule(x(place), top, x(place), top - DOTS_POINTS, is_dotted=True)
    for dot in drawn.dots:
        sheet.dot(x(dot.x), top - scale * dot.y, is_full=dot.is_full)
    for place, label in drawn.dates:
        sheet.label(x(place), top - DOTS_POINTS - 7, label, align="middle")
    sheet.y = top - DOTS_POINTS - 12


def _draw_clock(sheet: Sheet, drawn: LegDrawings, raster_points: float) -> None:
    """Draw movements by the clock, a row a night, and the quartiles of each hour."""
    left, width = EDGE + AXIS, INNER - AXIS - 10
    top = sheet.y
    scale = min(1.0, raster_points / drawn.raster_height)

    def x(percent: float) -> float:
        return left + width * percent / 100

    for row in drawn.raster:
        low = top - scale * (row.y + drawn.row_height)
        for place, share in row.worn:
            sheet.bar(x(place), low, width * share / 100, scale * drawn.row_height, grey=PALE)
        for place, _words in row.movements:
            sheet.bar(x(place), low, 1.2, scale * drawn.row_height, is_blue=True)
    base = top - scale * drawn.raster_height - 6 - BARS_POINTS
    for place in (base, base + BARS_POINTS - 3):
        sheet.rule(left, place, left + width, place)
    sheet.label(left - 4, base + BARS_POINTS - 6, drawn.top_hour_rate, align="right")
    sheet.label(left - 4, base - 2, "0", align="right")
    squeeze = BARS_POINTS / HOURS_HEIGHT
    for bar in drawn.bars:
        y, height = bar.box
        sheet.bar(x(bar.x), base + BARS_POINTS - squeeze * (y + height), width * bar.width / 100, squeeze * height)
        sheet.bar(x(bar.x), base + BARS_POINTS - squeeze * bar.median - 0.5, width * bar.width / 100, 1.2, is_blue=True)
        sheet.label(x(bar.middle), base - 8, f"n {bar.cells[0]}", 6.0, align="middle")
    for place, label in drawn.hours:
        sheet.label(x(place), base - 16, label, align="middle")
    sheet.y = base - 20


def _write_windows(sheet: Sheet, leg: LegTrend, found: SeveralNights, _: Translator) -> None:
    """Write the last night, week, month and quarter as a table."""
    sheet.write(side_word(leg.side, _), 11.0, after=0)
    places = (0.0, 150.0, 215.0, 325.0, 410.0, 460.0, 511.0)
    sheet.row([_(heading) for heading in WINDOW_HEADINGS], places, size=7.0, grey=MUTED)
    for row in lay_out_windows(leg, found.first, found.last, _):
        sheet.row(row, places)
    sheet.y -= 8


def _draw_waves(sheet: Sheet, side: str, waves: Sequence[ReportWave], _: Translator) -> None:
    """Draw up to four waveforms side by side, each with its rule and its scale."""
    if not waves:
        sheet.write(_("no waveform at hand"), 7.5, grey=MUTED, after=8)
        return
    gap = 10.0
    width = (INNER - (WAVES_IN_A_ROW - 1) * gap) / WAVES_IN_A_ROW
    top = sheet.y
    for at, wave in enumerate(waves[:WAVES_IN_A_ROW]):
        left = EDGE + at * (width + gap)
        sheet.label(left, top - 7, wave.rules)
        scale_g = _draw_wave(sheet, wave, left, top - 12, width)
        sheet.label(left, top - 20 - WAVE_POINTS, f"{wave.start:%m-%d %H:%M:%S}", 6.5)
        words = f"{rounded_seconds_words(wave.duration_s, _)} · {_('height ±{value:.2f} g').format(value=scale_g)}"
        sheet.label(left, top - 29 - WAVE_POINTS, words, 6.5)
    sheet.y = top - WAVE_POINTS - 42


def _draw_wave(sheet: Sheet, wave: ReportWave, left: float, top: float, width: float) -> float:
    """Draw a waveform in its box; gives the acceleration at the upper edge, in g."""
    start_s, end_s = wave.onset_s - MARGIN_S, wave.onset_s + wave.duration_s + MARGIN_S
    cut = [(t[inside], v[inside]) for t, v in wave.lines if (inside := (t >= start_s) & (t <= end_s)).any()]
    scale_g = 1.05 * max([0.01, *(float(np.abs(values).max()) for _times, values in cut)])
    middle = top - WAVE_POINTS / 2
    mark = width * MARGIN_S / (end_s - start_s)
    sheet.bar(left + mark, top - WAVE_POINTS, width - 2 * mark, WAVE_POINTS, grey=0.95)
    for times, values in cut:
        x = left + (times - start_s) / (end_s - start_s) * width
        y = middle + values / scale_g * WAVE_POINTS / 2
        sheet.curve(list(zip(x.tolist(), y.tolist(), strict=True)))
    return scale_g


def _write_notes(sheet: Sheet, found: SeveralNights, keep: float, _: Translator) -> None:
    """Write notes as far as they fit above what closes the report; the newest matter most."""
    if not found.notes:
        return
    sheet.write(_("Notes"), 11.0, after=2)
    notes = [f"{when}  {text}" for when, text in (note_words(note, _) for note in reversed(found.notes))]
    n_written = 0
    for text in notes[:MOST_NOTES]:
        if sheet.room - sheet.height_of(text, 7.5) - 14 < keep:
            break
        sheet.write(text, 7.5, after=1)
        n_written += 1
    if n_written < len(notes):
        sheet.write(_("and {n} more").format(n=len(notes) - n_written), 7.5, grey=MUTED, after=1)
    sheet.y -= 5


def _closing(
    found: SeveralNights, parts: ReportParts, legs: Sequence[LegTrend], _: Translator, *, hide_personal: bool
) -> list[str]:
    """Say who reviewed, how long the sensor was worn, how often the detector is wrong, and that it is no diagnosis."""
    rows = [row for leg in legs for row in leg.rows]
    reviewed = _("Reviewed: {n} of {all}").format(n=sum(r.n_reviewed for r in rows), all=sum(r.n_shown for r in rows))
    if parts.raters and not hide_personal:
        reviewed = f"{reviewed} · {_(', ').join(parts.raters)}"
    worn = " · ".join(
        f"{side_word(leg.side, _)}: " + length_words(sum(row.figures.coverage.worn_s for row in leg.rows), _)
        for leg in legs
    )
    return [
        _("Worn in the rest windows: {worn}").format(worn=worn),
        reviewed,
        _("Numbers compare only with the same leg, place of the sensor, orthosis, settings and version."),
        false_rate_words(_),
        notice(_.language),
    ]
