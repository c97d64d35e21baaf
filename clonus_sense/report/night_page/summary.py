"""The first screen: how well the night was measured, then what was found against the person's own last nights."""

from __future__ import annotations

from html import escape

from clonus_sense.config import DetectionSettings, parse_settings
from clonus_sense.errors import SettingsError
from clonus_sense.i18n import Translator
from clonus_sense.model import EpisodeClass
from clonus_sense.night import ClassFigures, Comparison, Coverage, Figures, UsualNight, WhyNoComparison
from clonus_sense.night.comparison import FEWEST_NIGHTS, N_LAST_NIGHTS
from clonus_sense.report.confidence import level_counts
from clonus_sense.report.html import paragraph, section
from clonus_sense.report.night_page.baseline import baseline_part
from clonus_sense.report.night_page.context import PageContext, length_words, seconds_words
from clonus_sense.report.night_page.doubt import both_counts_words, doubt_words
from clonus_sense.report.wording import NOT_CONFIRMED, NOT_MEASURED, WORN, class_word
from clonus_sense.review import LegNight, find_doubts


def coverage_section(page: PageContext) -> str:
    """Say how well each leg was measured, and ask what only a person can answer."""
    _ = page.translate
    parts = [f'<div class="leg">{page.leg_heading(leg)}{_coverage(leg, page)}</div>' for leg in page.night.legs]
    return section(_("How well it was measured"), f'<div class="legs">{"".join(parts)}</div>')


def numbers_section(page: PageContext) -> str:
    """Give the headline numbers of each leg, and the smaller ones below."""
    _ = page.translate
    parts = [f'<div class="leg">{page.leg_heading(leg)}{_numbers(leg, page)}</div>' for leg in page.night.legs]
    title = (
        _("Rhythmic movement (5–8 Hz) in the rest window") if page.night.has_rest else _("Rhythmic movement (5–8 Hz)")
    )
    return section(title, f'<div class="legs">{"".join(parts)}</div>')


def _coverage(leg: LegNight, page: PageContext) -> str:
    """Show the three states of one leg as a bar and in words, then the rest window and the questions."""
    _ = page.translate
    coverage = leg.summary.coverage
    lines = [_bar(coverage, _), _states(coverage, _), paragraph(_rest_words(leg, page), "small")]
    lines.append(_wear_question(leg, page))
    return "\n".join(filter(None, lines))


def _bar(coverage: Coverage, _: Translator) -> str:
    """Draw the three states as one bar."""
    parts = (
        ("worn", _(WORN), coverage.worn_s),
        ("unconfirmed", _(NOT_CONFIRMED), coverage.not_confirmed_s),
        ("unmeasured", _(NOT_MEASURED), coverage.not_measured_s),
    )
    spans = "".join(
        f'<span class="{name}" style="flex-grow:{seconds:.0f}" title="{escape(word)}"></span>'
        for name, word, seconds in parts
        if seconds >= 1
    )
    return f'<div class="coverage" aria-hidden="true">{spans}</div>'


def _states(coverage: Coverage, _: Translator) -> str:
    """Write the three states with their lengths."""
    worn = _("{length} ({percent:.0f} %)").format(
        length=length_words(coverage.worn_s, _), percent=100 * coverage.worn_ratio
    )
    states = (
        ("worn", _(WORN), worn),
        ("unconfirmed", _(NOT_CONFIRMED), length_words(coverage.not_confirmed_s, _)),
        ("unmeasured", _(NOT_MEASURED), length_words(coverage.not_measured_s, _)),
    )
    items = "".join(
        f'<li><span class="key {name}"></span>{escape(word)} <strong>{escape(length)}</strong></li>'
        for name, word, length in states
    )
    return f'<ul class="states">{items}</ul>'


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


def _wear_question(leg: LegNight, page: PageContext) -> str:
    """Ask whether the sensor was worn, once for the night; empty where nothing is in doubt."""
    _ = page.translate
    doubt = doubt_words(find_doubts(leg), page.clock_time, _)
    if not doubt:
        return ""
    question = _("Was the sensor on the leg all night?")
    why = _("In doubt: {doubt}. Nothing shows a leg then.").format(doubt=doubt)
    answers = _(
        "Answers: worn throughout, not at all, or off from … to …. Until there is an answer, both counts are shown."
    )
    lines = (f"<p><strong>{escape(question)}</strong></p>", paragraph(why), paragraph(answers, "small"))
    return f'<div class="question">{"".join(lines)}</div>'


def _numbers(leg: LegNight, page: PageContext) -> str:
    """Give the numbers of one leg."""
    _ = page.translate
    figures = leg.summary.headline
    if figures.clonus is None:
        lines = [paragraph(_("Nothing was measured on the leg in this time, so there is no number."))]
        return "\n".join([*lines, *filter(None, [_both_counts(leg, _)])])
    usual = leg.comparison.usual if leg.comparison else None
    cards = _cards(figures.clonus, usual, _)
    lines = [f'<dl class="summary">{cards}</dl>', _both_counts(leg, _)]
    lines.append(paragraph(_comparison_words(leg.comparison, _), "small"))
    lines.append(paragraph(level_counts(figures.clonus, _), "small"))
    lines.append(paragraph(beside_words(figures, _), "small"))
    lines += [paragraph(text, "small") for text in _remarks(leg, page)]
    lines.append(baseline_part(leg, _))
    return "\n".join(line for line in lines if line not in ("", '<p class="small"></p>'))


def _both_counts(leg: LegNight, _: Translator) -> str:
    """Show both counts while the question is open."""
    words = both_counts_words(leg.headline, _)
    return f"<p><strong>{escape(words)}</strong></p>" if words else ""


def _cards(clonus: ClassFigures, usual: UsualNight | None, _: Translator) -> str:
    """Build the three headline numbers, each with what is usual for the person."""
    rate = clonus.n_per_worn_hour
    per_hour = _("{rate:.1f} per worn hour").format(rate=rate) if rate is not None else ""
    facts = (
        (_("How often"), f"{clonus.n_episodes}", per_hour, f"{usual.n_episodes:g}" if usual else ""),
        (
            _("Total time"),
            seconds_words(clonus.total_s, _),
            "",
            seconds_words(usual.total_s, _) if usual else "",
        ),
        (
            _("Longest"),
            seconds_words(clonus.longest_s, _) if clonus.n_episodes else "–",
            "",
            seconds_words(usual.longest_s, _) if usual else "",
        ),
    )
    cards = []
    for name, value, further, before in facts:
        median = _("median before: {value}").format(value=before) if before else ""
        small = "".join(f'<dd class="small">{escape(text)}</dd>' for text in (further, median) if text)
        cards.append(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd>{small}</div>")
    return "".join(cards)


def _comparison_words(comparison: Comparison | None, _: Translator) -> str:
    """Say what the night is compared with, or why with nothing."""
    if comparison is None:
        return ""
    if comparison.why_not is WhyNoComparison.THIS_NIGHT_TOO_LITTLE_WORN:
        return _(
            "Not compared with other nights: less than 4 hours, or less than two thirds, of this one were measured on "
            "the leg."
        )
    if comparison.why_not is WhyNoComparison.TOO_FEW_NIGHTS:
        text = _(
            "Not compared with other nights yet: of the last {last} nights {n} were measured well enough, {fewest} are "
            "needed."
        )
        return text.format(last=N_LAST_NIGHTS, n=len(comparison.dates), fewest=FEWEST_NIGHTS)
    text = _("Median before: the person's own last nights, {n} of them (well enough measured, at most {last}).")
    return text.format(n=len(comparison.dates), last=N_LAST_NIGHTS)


def beside_words(figures: Figures, _: Translator) -> str:
    """Name the smaller classes with their numbers, such as ``Beside these: brief 3 (2.1 s), …``."""
    counts = []
    for episode_class in EpisodeClass:
        of_class = figures.of_class(episode_class)
        if episode_class is not EpisodeClass.CLONUS and of_class is not None:
            total = f" ({seconds_words(of_class.total_s, _)})" if of_class.n_episodes else ""
            counts.append(f"{class_word(episode_class, _)} {of_class.n_episodes}{total}")
    return _("Beside these: {counts}.").format(counts=_(", ").join(counts))


def _remarks(leg: LegNight, page: PageContext) -> list[str]:
    """Say what the headline numbers leave out."""
    _ = page.translate
    figures = leg.summary.headline
    remarks = []
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
