"""The effect of other settings, shown before they are taken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from clonus_sense.cli.console.options import PROGRAM_NAME
from clonus_sense.cli.console.printing import echo
from clonus_sense.cli.console.progress import show_progress
from clonus_sense.cli.console.refusals import refusal
from clonus_sense.cli.console.settings_lines import SETTING_WORDS, change_words, effect_line
from clonus_sense.config import DetectionSettings
from clonus_sense.errors import ClonusSenseError
from clonus_sense.i18n import Translator
from clonus_sense.library import Person
from clonus_sense.model import Episode
from clonus_sense.recording import ForeignFormat
from clonus_sense.report.wording import side_word
from clonus_sense.review import PersonNight
from clonus_sense.workflows import SettingsEffect, add_effects, detect_with_each, effect_on_leg

Found: TypeAlias = dict[int, tuple[tuple[Episode, ...], ...]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Present settings, proposed settings, and each single change if there are several."""

    present: DetectionSettings
    proposed: DetectionSettings
    single: tuple[tuple[str, DetectionSettings], ...]

    @property
    def variants(self) -> list[DetectionSettings]:
        """All settings to try: present, proposed, then the single changes."""
        return [self.present, self.proposed, *(settings for _name, settings in self.single)]


def analyse_nights(
    nights: Sequence[PersonNight], proposal: Proposal, person: Person, foreign: ForeignFormat | None, _: Translator
) -> tuple[Found, list[str]]:
    """Analyse the recordings with each of the settings; return a sentence for each refused recording."""
    found: Found = {}
    refused: list[str] = []
    # A recording of 30 hours belongs to two nights; analyse it once.
    recordings = {one.stored.id: one.stored for night in nights for one in night.recordings}
    for number, stored in recordings.items():
        try:
            with show_progress(stored.path.name) as on_progress:
                found[number] = detect_with_each(
                    stored,
                    proposal.variants,
                    usual_site=person.usual_placement,
                    foreign=foreign,
                    on_progress=on_progress,
                )
        except (ClonusSenseError, OSError) as error:
            refused.append(refusal(error, _))
            echo(f"{PROGRAM_NAME}: {refused[-1]}", err=True)
    return found, refused


def _effects(
    nights: Sequence[PersonNight], found: Found, variant: int
) -> dict[str, list[tuple[PersonNight, SettingsEffect]]]:
    """Group the effect of one variant by leg; left and right are never added."""
    by_leg: dict[str, list[tuple[PersonNight, SettingsEffect]]] = {}
    for night in nights:
        for leg in night.legs:
            effect = effect_on_leg(leg, found, variant)
            if effect is not None:
                by_leg.setdefault(leg.side, []).append((night, effect))
    return by_leg


def print_effects(person: str, proposal: Proposal, nights: Sequence[PersonNight], found: Found, _: Translator) -> None:
    """Print the effect: by night, in total, and of each setting alone."""
    echo(f"{person}: {change_words(proposal.present, proposal.proposed, _)}")
    if not nights:
        echo("  " + _("There are no nights yet on which to show the effect."))
        return
    for side, effects in _effects(nights, found, 1).items():
        leg = side_word(side, _)
        for night, effect in effects:
            echo("  " + effect_line(_("Night {name}, {person}").format(name=night.name, person=leg), effect, _))
        if len(effects) > 1:
            in_all = _("total of {n} nights, {leg}").format(n=len(effects), leg=leg)
            echo("  " + effect_line(in_all, add_effects([effect for _night, effect in effects]), _))
    for number, (name, _settings) in enumerate(proposal.single, start=2):
        for side, effects in _effects(nights, found, number).items():
            alone = _("{setting} alone, {leg}").format(setting=_(SETTING_WORDS[name]), leg=side_word(side, _))
            echo("  " + effect_line(alone, add_effects([effect for _night, effect in effects]), _))
    echo(_("These differences come from the settings and not from the leg; they do not show a change in the person."))


def effects_as_json(
    person: str,
    proposal: Proposal,
    nights: Sequence[PersonNight],
    found: Found,
    refused: Sequence[str],
    *,
    is_taken: bool,
) -> str:
    """Write the effect for programs."""
    told: list[dict[str, Any]] = [
        {
            "night": night.name,
            "side": side,
            "n_came": len(effect.comparison.came),
            "n_went": len(effect.comparison.went),
            "n_stayed": len(effect.comparison.stayed),
            "n_reclassified": len(effect.comparison.reclassified),
            "n_rhythmic_before": len(effect.rhythmic_before),
            "n_rhythmic_after": len(effect.rhythmic_after),
        }
        for side, effects in _effects(nights, found, 1).items()
        for night, effect in effects
    ]
    return json.dumps(
        {
            "person": person,
            "settings": asdict(proposal.present),
            "proposed": asdict(proposal.proposed),
            "effects": told,
            "refused": list(refused),
            "is_taken": is_taken,
        },
        ensure_ascii=False,
    )
