"""A night beside the person's baseline nights: their numbers, and the sentence that nothing follows from them."""

from __future__ import annotations

from clonus_sense.i18n import Translator, message
from clonus_sense.night import Figures
from clonus_sense.report.duration_words import length_words, seconds_words
from clonus_sense.review import ListedLeg

NIGHTS_VARY = message(
    "Numbers vary from night to night by chance alone: one night beside another does not show whether anything changed."
)
"""With eight movements a night and the usual scatter, even half as many shows only over thirteen nights each."""


def baseline_lines(leg: ListedLeg, _: Translator) -> list[str]:
    """Put the numbers of a night and of its baseline nights into lines."""
    lines = [_("This is a baseline night.")] if leg.is_baseline else []
    if not leg.baselines:
        return lines
    text = _("Baseline night {name}: {numbers}")
    lines += [text.format(name=one.name, numbers=figures_words(one.figures, _)) for one in leg.baselines]
    lines.append(_("This night: {numbers}").format(numbers=figures_words(leg.headline, _)))
    return [*lines, _(NIGHTS_VARY)]


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
