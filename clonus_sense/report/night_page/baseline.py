"""A night beside the person's baseline nights: their numbers, and the sentence that nothing follows from them."""

from __future__ import annotations

from html import escape

from clonus_sense.i18n import Translator, message
from clonus_sense.night import Figures
from clonus_sense.report.html import Column, paragraph, table
from clonus_sense.report.night_page.context import length_words, seconds_words
from clonus_sense.review import LegNight, ListedLeg

NIGHTS_VARY = message(
    "Numbers vary from night to night by chance alone: one night beside another does not show whether anything changed."
)
"""With eight movements a night and the usual scatter, even half as many shows only over thirteen nights each."""


def baseline_lines(leg: LegNight | ListedLeg, _: Translator) -> list[str]:
    """Put the numbers of a night and of its baseline nights into lines."""
    lines = [_("This is a baseline night.")] if leg.is_baseline else []
    if not leg.baselines:
        return lines
    text = _("Baseline night {name}: {numbers}")
    lines += [text.format(name=one.name, numbers=figures_words(one.figures, _)) for one in leg.baselines]
    lines.append(_("This night: {numbers}").format(numbers=figures_words(leg.headline, _)))
    return [*lines, _(NIGHTS_VARY)]


def baseline_part(leg: LegNight, _: Translator) -> str:
    """Put the same numbers into a small table for the page, the baseline nights above this one; empty for none."""
    parts = [paragraph(_("This is a baseline night."), "small")] if leg.is_baseline else []
    if leg.baselines:
        names = (_("How often"), _("Beats"), _("Total time"), _("On the leg"), _("Per worn hour"))
        columns = [Column(""), *(Column(name, "number") for name in names)]
        rows = [[_named(one.name, _), *_cells(one.figures, _)] for one in leg.baselines]
        rows.append([escape(_("This night")), *_cells(leg.summary.headline, _)])
        parts += [table(columns, rows, css_class="beside"), paragraph(_(NIGHTS_VARY), "small")]
    return "\n".join(parts)


def _named(name: str, _: Translator) -> str:
    """Name a baseline night; its date is never broken over two lines."""
    return escape(_("Baseline night {name}")).format(name=f'<span class="date">{escape(name)}</span>')


def _cells(figures: Figures, _: Translator) -> list[str]:
    """Write the numbers of a night; a dash where nothing was measured, which is no 0."""
    clonus, worn = figures.clonus, escape(length_words(figures.coverage.worn_s, _))
    if clonus is None:
        return ["–", "–", "–", worn, "–"]
    rate = "–" if clonus.n_per_worn_hour is None else f"{clonus.n_per_worn_hour:.1f}"
    return [f"{clonus.n_episodes}", f"{clonus.n_beats}", escape(seconds_words(clonus.total_s, _)), worn, rate]


def figures_words(figures: Figures, _: Translator) -> str:
    """Say how often, how many beats and how long, and in how much measured time."""
    clonus = figures.clonus
    if clonus is None:
        return _("nothing was measured on the leg, so there is no number")
    text = _("rhythmic movements {n}, beats {beats}, together {total}; measured on the leg {worn}")
    said = text.format(
        n=clonus.n_episodes,
        beats=clonus.n_beats,
        total=seconds_words(clonus.total_s, _),
        worn=length_words(figures.coverage.worn_s, _),
    )
    if clonus.n_per_worn_hour is None or clonus.total_s_per_worn_hour is None:
        return said
    rate = _("per worn hour {n:.1f} and {total}")
    return _("{numbers}; {rate}").format(
        numbers=said,
        rate=rate.format(n=clonus.n_per_worn_hour, total=seconds_words(clonus.total_s_per_worn_hour, _)),
    )
