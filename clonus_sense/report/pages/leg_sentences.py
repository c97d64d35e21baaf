"""The first screen in words: one sentence for each leg, and the one question of the morning."""

from __future__ import annotations

from dataclasses import dataclass

from clonus_sense.i18n import Translator
from clonus_sense.night import Comparison, Figures
from clonus_sense.report.duration_words import length_words, rounded_seconds_words
from clonus_sense.report.wording import side_word
from clonus_sense.review import LegNight
from clonus_sense.trends import HALF_WORN, night_length_s

# Shorter uncertain movement is told with the others, below the sentence.
LEAST_UNCERTAIN_S = 10.0


@dataclass(frozen=True, slots=True)
class LegSentence:
    """What a leg's night was, in one or two sentences."""

    side: str
    leg: str
    text: str


def tell_leg(leg: LegNight, _: Translator) -> LegSentence:
    """Say how often, how long and in how much worn time a leg moved rhythmically."""
    figures = leg.headline
    little_worn = _little_worn_words(leg, _)
    said = [
        little_worn,
        _movements(figures, _),
        _outside_words(leg, _),
        # A night that was hardly measured is like no other.
        "" if little_worn else _range_words(leg.comparison, _),
        _uncertain_words(figures, _),
    ]
    return LegSentence(leg.side, side_word(leg.side, _), ("" if _.language == "ja" else " ").join(filter(None, said)))


def _little_worn_words(leg: LegNight, _: Translator) -> str:
    """Begin with the worn time where it is less than half of the night."""
    night = leg.headline.coverage
    length_s = night_length_s(night, leg.summary.coverage)
    if night.worn_s >= HALF_WORN * length_s:
        return ""
    text = _("Only {worn} of {length} were measured on the leg.")
    return text.format(worn=length_words(night.worn_s, _), length=length_words(length_s, _))


def _times(n: int, _: Translator) -> str:
    """Count occasions."""
    return _("once") if n == 1 else _("{n} times").format(n=n)


def _outside_words(leg: LegNight, _: Translator) -> str:
    """Count the movements that the list holds and the numbers of the night do not."""
    waking = leg.summary.waking.clonus if leg.summary.night and leg.summary.waking else None
    if waking is None or not waking.n_episodes:
        return ""
    text = _("Outside the rest window: {times}, {total}.")
    return text.format(times=_times(waking.n_episodes, _), total=rounded_seconds_words(waking.total_s, _))


def _movements(figures: Figures, _: Translator) -> str:
    """Say how often and how long; of both counts while it is open whether the sensor was worn."""
    clonus, whole = figures.clonus, figures.clonus_with_doubt
    worn = length_words(figures.coverage.worn_s, _)
    if clonus is None:
        if whole is None:
            return _("Nothing was measured on the leg.")
        text = _("If the sensor was worn in the time in doubt: {times}, {total} in all.")
        return text.format(times=_times(whole.n_episodes, _), total=rounded_seconds_words(whole.total_s, _))
    if whole is not None and whole != clonus:
        text = _("Surely worn ({worn}): {times}, {total} in all; with the time in doubt {times_with}, {total_with}.")
        return text.format(
            times=_times(clonus.n_episodes, _),
            total=rounded_seconds_words(clonus.total_s, _),
            times_with=_times(whole.n_episodes, _),
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
