"""The first screen in words: one sentence for each leg, and the one question of the morning."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.i18n import Translator
from clonus_sense.night import Comparison, Coverage, Figures
from clonus_sense.report.duration_words import length_words, rounded_seconds_words
from clonus_sense.report.wording import side_word
from clonus_sense.review import LegNight

# Shorter uncertain movement is told with the others, below the sentence.
LEAST_UNCERTAIN_S = 10.0
# Below half worn, the numbers say more about the wearing than about the leg.
HALF_WORN = 0.5


@dataclass(frozen=True, slots=True)
class LegSentence:
    """What a leg's night was, in one or two sentences."""

    side: str
    leg: str
    text: str


def tell_leg(leg: LegNight, _: Translator) -> LegSentence:
    """Say how often, how long and in how much worn time a leg moved rhythmically."""
    figures = leg.headline
    said = [_worn_first(figures.coverage, _), _movements(figures, _), _range_words(leg.comparison, _)]
    said.append(_uncertain_words(figures, _))
    return LegSentence(leg.side, side_word(leg.side, _), ("" if _.language == "ja" else " ").join(filter(None, said)))


def _worn_first(coverage: Coverage, _: Translator) -> str:
    """Begin with the worn time where it is less than half."""
    if coverage.worn_ratio >= HALF_WORN:
        return ""
    text = _("Only {worn} of {length} were measured on the leg.")
    return text.format(worn=length_words(coverage.worn_s, _), length=length_words(coverage.length_s, _))


def _movements(figures: Figures, _: Translator) -> str:
    """Say how often and how long; of both counts while it is open whether the sensor was worn."""
    clonus, whole = figures.clonus, figures.clonus_with_doubt
    worn = length_words(figures.coverage.worn_s, _)
    if clonus is None:
        if whole is None:
            return _("Nothing was measured on the leg.")
        text = _("If the sensor was worn in the time in doubt: {n} times, {total} in all.")
        return text.format(n=whole.n_episodes, total=rounded_seconds_words(whole.total_s, _))
    if whole is not None and whole != clonus:
        text = _("{n} times, {total} in all; with the time in doubt {n_with} times, {total_with} (worn {worn}).")
        return text.format(
            n=clonus.n_episodes,
            total=rounded_seconds_words(clonus.total_s, _),
            n_with=whole.n_episodes,
            total_with=rounded_seconds_words(whole.total_s, _),
            worn=worn,
        )
    if not clonus.n_episodes:
        return _("None of 5 beats or more found in {worn} worn.").format(worn=worn)
    text = (
        _("Once, {longest} (worn {worn}).")
        if clonus.n_episodes == 1
        else _("{n} times, {total} in all, longest {longest} (worn {worn}).")
    )
    return text.format(
        n=clonus.n_episodes,
        total=rounded_seconds_words(clonus.total_s, _),
        longest=rounded_seconds_words(clonus.longest_s, _),
        worn=worn,
    )


def _range_words(comparison: Comparison | None, _: Translator) -> str:
    """Say between which counts the last nights lay."""
    if comparison is None or comparison.n_episodes_range is None:
        return ""
    least, most = comparison.n_episodes_range
    if least == most:
        return _("Last {nights} nights: {n} times each.").format(nights=len(comparison.dates), n=least)
    return _("Last {nights} nights: {least}–{most} times.").format(nights=len(comparison.dates), least=least, most=most)


def _uncertain_words(figures: Figures, _: Translator) -> str:
    """Say how much movement could not be told apart, from ten seconds on."""
    uncertain = figures.uncertain
    if uncertain is None or uncertain.total_s < LEAST_UNCERTAIN_S:
        return ""
    text = (
        _("1 movement that cannot be told apart, {total}.")
        if uncertain.n_episodes == 1
        else _("{n} movements that cannot be told apart, {total}.")
    )
    return text.format(n=uncertain.n_episodes, total=rounded_seconds_words(uncertain.total_s, _))
