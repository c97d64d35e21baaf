"""What a movement looks like and how surely it is rhythmic, without a contradiction between the two."""

from __future__ import annotations

from collections.abc import Sequence

from clonus_sense.i18n import Translator, message
from clonus_sense.model import ConfidenceLevel, EpisodeClass, Evidence
from clonus_sense.report.confidence import level_word
from clonus_sense.report.wording import class_word
from clonus_sense.report.words.evidence import MAY_BE

SURE_WORDS: dict[ConfidenceLevel, str] = {
    ConfidenceLevel.HIGH: message("surely rhythmic"),
    ConfidenceLevel.MEDIUM: message("probably rhythmic"),
    ConfidenceLevel.LOW: message("perhaps rhythmic"),
}
"""The confidence of a movement that is called ``uncertain``: the class doubts the cause, not the rhythm."""


def sureness(episode_class: EpisodeClass, confidence: float, _: Translator, *, with_number: bool = False) -> str:
    """Say how surely a movement is rhythmic: ``high``, and of an uncertain one ``surely rhythmic``."""
    level = ConfidenceLevel.of(confidence)
    word = _(SURE_WORDS[level]) if episode_class is EpisodeClass.UNCERTAIN else level_word(level, _)
    return _("{level} ({number:.2f})").format(level=word, number=confidence) if with_number else word


def may_be(evidence: Sequence[Evidence], _: Translator) -> str:
    """Say what else an uncertain movement may be, by the tests that it did not meet."""
    causes = dict.fromkeys(_(MAY_BE[test.name]) for test in evidence if not test.passed and test.name in MAY_BE)
    return _(" or ").join(causes) or _("something else")


def looks_words(
    episode_class: EpisodeClass,
    confidence: float,
    evidence: Sequence[Evidence],
    _: Translator,
    *,
    with_number: bool = False,
) -> str:
    """Say in one phrase what a movement looks like and how sure that is."""
    sure = sureness(episode_class, confidence, _, with_number=with_number)
    if episode_class is EpisodeClass.UNCERTAIN:
        return _("{sure}; may be {cause}").format(sure=sure, cause=may_be(evidence, _))
    return _("{looks}, confidence {level}").format(looks=class_word(episode_class, _), level=sure)
