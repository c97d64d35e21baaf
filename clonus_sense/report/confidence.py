"""How sure the detector is, in words: high, medium, low; the number stands in second place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from clonus_sense.i18n import Translator, message
from clonus_sense.model import ConfidenceLevel, Episode, EpisodeClass
from clonus_sense.night import ClassFigures

LEVEL_WORDS: dict[ConfidenceLevel, str] = {
    ConfidenceLevel.HIGH: message("high"),
    ConfidenceLevel.MEDIUM: message("medium"),
    ConfidenceLevel.LOW: message("low"),
}

CONFIDENCE_NOTE = message(
    "Confidence is the chance that a movement is truly rhythmic: high from 0.8, medium from 0.65, low from 0.5. Of ten "
    "movements with 0.8 about eight are right. This holds for the mix of cases that it was measured on; where rhythmic "
    "movement is rarer, the same confidence is right less often."
)
"""What must stand near the words: no level is a promise for a person whose nights are unlike the cases."""


def level_word(level: ConfidenceLevel, _: Translator) -> str:
    """Name a level of confidence."""
    return _(LEVEL_WORDS[level])


def level_counts(clonus: ClassFigures, _: Translator) -> str:
    """Say how many episodes have which confidence, such as ``Confidence: high 8, medium 3, low 1``; empty for none."""
    return _counts((clonus.n_high, clonus.n_medium, clonus.n_low), _)


def level_counts_of(episodes: Iterable[Episode], _: Translator) -> str:
    """Say the same of the rhythmic ones among some episodes."""
    levels = Counter(one.confidence_level for one in episodes if one.episode_class is EpisodeClass.CLONUS)
    return _counts((levels[ConfidenceLevel.HIGH], levels[ConfidenceLevel.MEDIUM], levels[ConfidenceLevel.LOW]), _)


def _counts(counts: tuple[int, int, int], _: Translator) -> str:
    """Write three counts; the two lower ones stand there at none too, for that they are none is the answer."""
    if not any(counts):
        return ""
    high, medium, low = counts
    return _("Confidence: high {high}, medium {medium}, low {low}").format(high=high, medium=medium, low=low)
