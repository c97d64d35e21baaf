"""Printed lines about a person's settings, and about the effect of others."""

from __future__ import annotations

from dataclasses import fields
from math import fsum
from typing import TYPE_CHECKING

from clonus_sense.config import DetectionSettings
from clonus_sense.i18n import Translator, message
from clonus_sense.report.wording import SITE_WORDS
from clonus_sense.review.suggestion import FEWEST_MOVEMENTS, FLOOR_PER_NOISE, MARGIN_HZ

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clonus_sense.model import Episode
    from clonus_sense.review import Suggestion
    from clonus_sense.workflows import SettingsEffect

SETTING_WORDS: dict[str, str] = {
    "band_low_hz": message("lowest frequency"),
    "band_high_hz": message("highest frequency"),
    "placement": message("placement"),
    "floor_g": message("smallest beat"),
    "joining_pause_s": message("joining pause"),
}
"""The name of each setting; a test checks that none is missing."""

DEFAULTS = DetectionSettings()


def changed_names(before: DetectionSettings, after: DetectionSettings) -> list[str]:
    """Name the settings that differ."""
    return [f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)]


def settings_lines(settings: DetectionSettings, _: Translator) -> list[str]:
    """Say each setting with its value, and whether it is the default."""
    lines = []
    for name, word in SETTING_WORDS.items():
        default = _("default") if getattr(settings, name) == getattr(DEFAULTS, name) else _("own")
        text = _("{setting}: {value} ({origin})")
        lines.append(text.format(setting=_(word), value=value_word(settings, name, _), origin=default))
    return lines


def change_words(before: DetectionSettings, after: DetectionSettings, _: Translator) -> str:
    """Say which settings would change, each with its value before and after."""
    if before == after:
        return _("settings unknown to this version → the defaults")
    text = _("{setting} {before} → {after}")
    return _("; ").join(
        text.format(
            setting=_(SETTING_WORDS[name]), before=value_word(before, name, _), after=value_word(after, name, _)
        )
        for name in changed_names(before, after)
    )


def value_word(settings: DetectionSettings, name: str, _: Translator) -> str:
    """Say the value of one setting with its unit."""
    if name == "placement":
        return _(SITE_WORDS[settings.placement]) if settings.placement else _("as each recording says")
    if name == "floor_g":
        return (
            _("as for the placement") if settings.floor_g is None else _("{value:g} g").format(value=settings.floor_g)
        )
    if name == "joining_pause_s":
        return _("{number} s").format(number=f"{settings.joining_pause_s:g}")
    return f"{getattr(settings, name):g} Hz"


def suggestion_words(suggestion: Suggestion, _: Translator) -> str:
    """Describe what baseline nights suggest, or why they suggest no setting."""
    n = suggestion.n_movements
    if suggestion.lowest_hz is None or suggestion.highest_hz is None:
        band = _("too few sure movements ({n} of {fewest}) to suggest a band").format(n=n, fewest=FEWEST_MOVEMENTS)
    else:
        text = _("{n} sure movements of {low:.1f}–{high:.1f} Hz; suggested band: {margin:g} Hz wider on each side")
        band = text.format(n=n, low=suggestion.lowest_hz, high=suggestion.highest_hz, margin=MARGIN_HZ)
    if suggestion.quiet_g is None:
        floor = _("too little rest to suggest a smallest beat")
    else:
        text = _("{quiet:.4f} g at rest; suggested smallest beat: {times:g} times as much")
        floor = text.format(quiet=suggestion.quiet_g, times=FLOOR_PER_NOISE)
    text = _("From the baseline nights ({n}): {band}; {floor}.")
    return text.format(n=suggestion.n_nights, band=band, floor=floor)


def effect_line(where: str, effect: SettingsEffect, _: Translator) -> str:
    """Count the movements that would come, go and stay."""
    text = _(
        "{where}: {came} come, {went} go, {stayed} stay, {other} of them in another class; rhythmic {before} → {after}"
    )
    return text.format(
        where=where,
        came=len(effect.comparison.came),
        went=len(effect.comparison.went),
        stayed=len(effect.comparison.stayed),
        other=len(effect.comparison.reclassified),
        before=_count(effect.rhythmic_before, _),
        after=_count(effect.rhythmic_after, _),
    )


def _count(episodes: Sequence[Episode], _: Translator) -> str:
    """Count episodes, with their seconds."""
    seconds = fsum(episode.duration_s for episode in episodes)
    return _("{n} ({seconds:.1f} s)").format(n=len(episodes), seconds=seconds)
