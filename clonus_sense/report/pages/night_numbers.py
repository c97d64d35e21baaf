"""The numbers behind the sentence of each leg: coverage, comparison, smaller classes, baseline, hour by hour."""

from __future__ import annotations

from datetime import datetime

from clonus_sense.config import DetectionSettings, parse_settings
from clonus_sense.errors import SettingsError
from clonus_sense.i18n import Translator
from clonus_sense.night import ClassFigures, ClockHour, Comparison, Figures, UsualNight, WhyNoComparison
from clonus_sense.night.comparison import FEWEST_NIGHTS, N_LAST_NIGHTS
from clonus_sense.report.confidence import level_counts
from clonus_sense.report.duration_words import length_words, seconds_words
from clonus_sense.report.pages.blocks import Block, Cell, Heading, Paragraph, Section, Table
from clonus_sense.report.pages.page_context import PageContext
from clonus_sense.report.wording import NOT_CONFIRMED, NOT_MEASURED, WORN, side_word
from clonus_sense.report.words.baseline_words import NIGHTS_VARY
from clonus_sense.report.words.class_words import also_found_words
from clonus_sense.report.words.series_words import series_sentences
from clonus_sense.review import LegNight, find_leg_series


def numbers_sections(page: PageContext) -> list[Section]:
    """Put the numbers of each leg under its name."""
    _ = page.translate
    return [
        Section(
            side_word(leg.side, _) if leg.side or len(page.night.legs) > 1 else _("The night in numbers"),
            _numbers(leg, page),
        )
        for leg in page.night.legs
    ]


def _numbers(leg: LegNight, page: PageContext) -> list[Block]:
    """Lay out the numbers of one leg."""
    _ = page.translate
    figures = leg.headline
    blocks: list[Block] = [_states(leg, _), Paragraph(_rest_words(leg, page), "small")]
    if figures.clonus is None:
        return [*blocks, Paragraph(_("Nothing was measured on the leg in this time, so there is no number."))]
    usual = leg.comparison.usual if leg.comparison else None
    blocks.append(_cards(figures.clonus, usual, _))
    lines = [_comparison_words(leg.comparison, _), level_counts(figures.clonus, _), also_found_words(figures, _)]
    blocks += [Paragraph(text, "small") for text in (*lines, *_remarks(leg, page)) if text]
    return [*blocks, *_baseline(leg, _)]


def _states(leg: LegNight, _: Translator) -> Table:
    """List the three states of time with their lengths."""
    coverage = leg.summary.coverage
    lengths = (
        (WORN, coverage.worn_s),
        (NOT_CONFIRMED, coverage.not_confirmed_s),
        (NOT_MEASURED, coverage.not_measured_s),
    )
    total_s = coverage.length_s or 1.0
    rows: list[list[Cell | str]] = [
        [
            _(name),
            Cell(
                _("{length} ({percent:.0f} %)").format(length=length_words(seconds, _), percent=100 * seconds / total_s)
            ),
        ]
        for name, seconds in lengths
    ]
    return Table([Heading(_("Time")), Heading(_("Length"), "number")], rows, "narrow")


def _rest_words(leg: LegNight, page: PageContext) -> str:
    """Say when the rest window was, and who says so."""
    _ = page.translate
    if leg.summary.night is None:
        return _("No rest window was found: all numbers are of the whole time.")
    night = leg.summary.night.night
    text = (
        _("Rest window (stated by a person): {start}–{end}, {length}.")
        if night.corrected
        else _("Rest window (estimated): {start}–{end}, {length}.")
    )
    return text.format(
        start=page.clock_time(night.span.start),
        end=page.clock_time(night.span.end),
        length=length_words(night.span.length_s, _),
    )


def _cards(clonus: ClassFigures, usual: UsualNight | None, _: Translator) -> Table:
    """List the headline numbers, each beside the person's own median of the last nights."""
    rate = clonus.n_per_worn_hour
    facts = [
        (_("How often"), f"{clonus.n_episodes}", f"{usual.n_episodes:g}" if usual else ""),
        (_("Total time"), seconds_words(clonus.total_s, _), seconds_words(usual.total_s, _) if usual else ""),
        (
            _("Longest"),
            seconds_words(clonus.longest_s, _) if clonus.n_episodes else "–",
            seconds_words(usual.longest_s, _) if usual else "",
        ),
        (_("Per worn hour"), "–" if rate is None else f"{rate:.1f}", f"{usual.n_per_worn_hour:.1f}" if usual else ""),
    ]
    headings = [Heading(""), Heading(_("This night"), "number")]
    if usual:
        headings.append(Heading(_("Median before"), "number"))
    return Table(headings, [row[: len(headings)] for row in facts], "narrow")


def _comparison_words(comparison: Comparison | None, _: Translator) -> str:
    """Say what the night is compared with, or why with nothing."""
    if comparison is None:
        return ""
    if comparison.why_not is WhyNoComparison.THIS_NIGHT_TOO_LITTLE_WORN:
        return _(
            "Not compared with other nights: less than 4 hours, or less than three quarters, of this one were measured "
            "on the leg."
        )
    if comparison.why_not is WhyNoComparison.TOO_FEW_NIGHTS:
        text = _(
            "Not compared with other nights yet: of the last {last} nights {n} were measured well enough, {fewest} are "
            "needed."
        )
        return text.format(last=N_LAST_NIGHTS, n=len(comparison.dates), fewest=FEWEST_NIGHTS)
    text = _("Median before: the person's own last nights, {n} of them (well enough measured, at most {last}).")
    return text.format(n=len(comparison.dates), last=N_LAST_NIGHTS)


def _remarks(leg: LegNight, page: PageContext) -> list[str]:
    """Name the longest series, and say what the headline numbers leave out."""
    _ = page.translate
    figures = leg.summary.headline
    remarks = series_sentences(find_leg_series(leg), _)
    slow, clonus = figures.slow, figures.clonus
    if slow and clonus and slow.total_s > clonus.total_s:
        settings = _settings_of(leg)
        text = _(
            "There was more time of slow rhythmic movement ({slow}) than inside the accepted band of {low:g}–{high:g} "
            "Hz ({rhythmic}). The band is a setting of the person."
        )
        remarks.append(
            text.format(
                slow=seconds_words(slow.total_s, _),
                rhythmic=seconds_words(clonus.total_s, _),
                low=settings.band_low_hz,
                high=settings.band_high_hz,
            )
        )
    if figures.n_not_confirmed:
        text = _("While wear is not confirmed: {n} movements, in no number above.")
        remarks.append(text.format(n=figures.n_not_confirmed))
    if figures.n_left_out:
        text = _("Left out, because somebody says the sensor was not worn, or two recordings cover one time: {n}.")
        remarks.append(text.format(n=figures.n_left_out))
    if leg.summary.night and leg.summary.waking:
        remarks.append(_waking_words(leg.summary.waking, _))
    return remarks


def _waking_words(waking: Figures, _: Translator) -> str:
    """Say what was found outside the rest window, and in how much time."""
    if waking.clonus is None:
        return ""
    text = _("Outside the rest window: {n} rhythmic movements, {total} in {worn} on the leg.")
    return text.format(
        n=waking.clonus.n_episodes,
        total=seconds_words(waking.clonus.total_s, _),
        worn=length_words(waking.coverage.worn_s, _),
    )


def _settings_of(leg: LegNight) -> DetectionSettings:
    """Take the settings of the newest analysis; the defaults where this version does not know them."""
    runs = [recording.run for recording in leg.recordings if recording.run]
    try:
        return parse_settings(runs[-1].settings_toml) if runs else DetectionSettings()
    except SettingsError:
        return DetectionSettings()


def _baseline(leg: LegNight, _: Translator) -> list[Block]:
    """Put the numbers of the baseline nights above those of this one."""
    blocks: list[Block] = [Paragraph(_("This is a baseline night."), "small")] if leg.is_baseline else []
    if leg.baselines:
        names = (_("How often"), _("Beats"), _("Total time"), _("On the leg"), _("Per worn hour"))
        headings = [Heading(""), *(Heading(name, "number") for name in names)]
        rows = [[_("Baseline night {name}").format(name=one.name), *_cells(one.figures, _)] for one in leg.baselines]
        rows.append([_("This night"), *_cells(leg.headline, _)])
        blocks += [Table(headings, rows, "beside"), Paragraph(_(NIGHTS_VARY), "small")]
    return blocks


def _cells(figures: Figures, _: Translator) -> list[str]:
    """Write the numbers of a night; a dash where nothing was measured, which is no 0."""
    clonus, worn = figures.clonus, length_words(figures.coverage.worn_s, _)
    if clonus is None:
        return ["–", "–", "–", worn, "–"]
    rate = "–" if clonus.n_per_worn_hour is None else f"{clonus.n_per_worn_hour:.1f}"
    return [f"{clonus.n_episodes}", f"{clonus.n_beats}", seconds_words(clonus.total_s, _), worn, rate]


def hours_section(page: PageContext) -> Section:
    """List every hour that any leg's time reaches into, left and right apart."""
    _ = page.translate
    # Legs that began at other minutes of an hour stand in one row: that of the hour of the clock.
    rows_of = [{_hour_key(hour.start): hour for hour in leg.summary.hours} for leg in page.night.legs]
    rows: list[list[Cell | str]] = []
    for key in sorted({key for rows in rows_of for key in rows}):
        hours = [rows.get(key) for rows in rows_of]
        start = next(hour.start for hour in hours if hour is not None)
        rows.append([_hour_label(start, page), *(cell for hour in hours for cell in _hour_cells(hour))])
    names = (_("On the leg (min)"), _("How often"), _("Seconds"))
    headings = [Heading(_("Hour"))]
    for leg in page.night.legs:
        whose = f"{side_word(leg.side, _)}: " if len(page.night.legs) > 1 else ""
        headings += [Heading(f"{whose}{name}", "number") for name in names]
    note = _("Rhythmic movements by the hour in which they began, rest window and waking time together.")
    return Section(_("By hour"), [Table(headings, rows, "hours"), Paragraph(note, "small")])


def _hour_cells(hour: ClockHour | None) -> list[str]:
    """Write one leg's hour; a dash where nothing was measured on the leg, which is no 0."""
    if hour is None:
        return ["–"] * 3
    worn, clonus = f"{hour.figures.coverage.worn_s / 60:.0f}", hour.figures.clonus
    return [worn, "–", "–"] if clonus is None else [worn, f"{clonus.n_episodes}", f"{clonus.total_s:.1f}"]


def _hour_key(start: datetime) -> int:
    """Name an hour of the clock in the world's time; the one that an autumn night has twice is two."""
    return int(start.timestamp()) - 60 * start.minute - start.second


def _hour_label(start: datetime, page: PageContext) -> Cell:
    """Label an hour; with its offset where the clocks change in this night."""
    changes = page.axis.clock.changes(page.axis.length_s)
    return Cell(f"{start:%H}:00", small=f"UTC{start:%z}" if changes else "")
