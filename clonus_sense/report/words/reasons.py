"""Why a movement was taken for an episode or not: each reason once, in words of the signal, what decided first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clonus_sense.i18n import Translator
from clonus_sense.model import Episode, EpisodeClass, Evidence
from clonus_sense.report.words.evidence import EVIDENCE_WORDS, EvidenceWords
from clonus_sense.report.words.looks import looks_words
from clonus_sense.report.words.numbers import write_pair

# More than three nobody reads; the list of all tests stands beside the waveform.
MOST_REASONS = 3

# What moves a confidence of one half by less than three points says nothing to anybody.
SMALLEST_LOGIT = 0.1

MOST_BEATS_TOLD = 30
"""The detector counts no more beats than these as evidence."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as text."""

    words: str
    numbers: str
    sentence: str
    is_met: bool
    is_weighty: bool


def tell_reasons(evidence: Sequence[Evidence], _: Translator) -> list[Reason]:
    """Put the tests of a movement into words."""
    return [_tell(test, _) for test in sorted(_choose(evidence), key=_rank)]


def reasons_for(evidence: Sequence[Evidence], _: Translator) -> list[str]:
    """Say what spoke for a movement, the weightiest first, at most three."""
    return [one.sentence for one in tell_reasons(evidence, _) if one.is_met and one.is_weighty][:MOST_REASONS]


def reasons_against(evidence: Sequence[Evidence], _: Translator) -> list[str]:
    """Say what spoke against a movement, or against its being called rhythmic, at most three."""
    return [one.sentence for one in tell_reasons(evidence, _) if not one.is_met and one.is_weighty][:MOST_REASONS]


def evidence_title(episode: Episode, _: Translator) -> str:
    """Write what the tests of an episode are called, and of how many beats they are if not of all.

    A bout that was found in pieces was judged by the longest that is sure by itself.
    """
    counted = find_beats_judged(episode)
    return _("Evidence") if counted is None else _("Evidence (of {beats} beats)").format(beats=counted)


def find_beats_judged(episode: Episode) -> int | None:
    """Find how many beats the evidence is of; ``None`` where it is of all, as far as they are counted."""
    counted = next((test.value for test in episode.evidence if test.name == "beats"), math.nan)
    return int(counted) if counted < min(episode.beats, MOST_BEATS_TOLD) else None


def reason_lines(episode: Episode, _: Translator) -> tuple[str, ...]:
    """Write how sure the detector is, as a number, and what speaks for and against it: a line each."""
    lines = [_("Confidence {number:.2f}").format(number=episode.confidence)]
    if episode.episode_class is EpisodeClass.UNCERTAIN:
        lines.insert(0, looks_words(episode.episode_class, episode.confidence, episode.evidence, _))
    pro, contra = reasons_for(episode.evidence, _), reasons_against(episode.evidence, _)
    if find_beats_judged(episode) is not None:
        lines.append(evidence_title(episode, _))
    if pro:
        lines.append(_("For it: {reasons}").format(reasons=_("; ").join(pro)))
    if contra:
        lines.append(_("Against it: {reasons}").format(reasons=_("; ").join(contra)))
    return tuple(lines)


def _choose(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Choose one test for each quantity: the rule that failed, else the measure, else the rule that was met."""
    chosen: dict[str, Evidence] = {}
    for test in evidence:
        words = EVIDENCE_WORDS.get(test.name)
        if words and words.is_rule and test.passed and not _agrees(test, words):
            # A rule of several parts says nothing where this part alone holds.
            continue
        if words and words.is_product and test.value == 0.0:
            continue
        quantity = words.quantity if words else test.name
        if quantity not in chosen or _decisiveness(test) > _decisiveness(chosen[quantity]):
            chosen[quantity] = test
    return list(chosen.values())


def _decisiveness(test: Evidence) -> int:
    """Rank a test among those of its quantity: 2 for a failed rule, 1 for a measure, 0 for a rule that was met."""
    if _decided(test):
        return 2
    return 0 if _is_rule(test) else 1


def _is_rule(test: Evidence) -> bool:
    """Tell whether a test decides without weight."""
    return test.name in EVIDENCE_WORDS and EVIDENCE_WORDS[test.name].is_rule


def _decided(test: Evidence) -> bool:
    """Tell whether a test decided by itself."""
    return _is_rule(test) and not test.passed


def _rank(test: Evidence) -> tuple[int, float]:
    """Order of telling: failed rules in the order of the table, measures by weight, rules that were met."""
    if not _is_rule(test):
        return 1, -_weight(test)
    return (2 if test.passed else 0), list(EVIDENCE_WORDS).index(test.name)


def _weight(test: Evidence) -> float:
    """Say how much a test weighs; where that was not kept, how many times it lies away from its limit."""
    if test.logit is not None:
        return abs(test.logit)
    is_ratio = 0.0 < test.value < math.inf and 0.0 < test.limit < math.inf
    return abs(math.log(test.value) - math.log(test.limit)) if is_ratio else 0.0


def _agrees(test: Evidence, words: EvidenceWords) -> bool:
    """Tell whether a test was met on the side of its limit on which it is met today."""
    if test.value == test.limit or math.isnan(test.value) or math.isnan(test.limit):
        return True
    return ((test.value > test.limit) == words.at_least) == test.passed


def _tell(test: Evidence, _: Translator) -> Reason:
    """Put one test into words; of one that this version does not know, its name."""
    is_weighty = _decided(test) or (not _is_rule(test) and (test.logit is None or abs(test.logit) >= SMALLEST_LOGIT))
    words = EVIDENCE_WORDS.get(test.name)
    if words is None:
        name, numbers = test.name.replace("_", " "), f"{test.value:.4g} / {test.limit:.4g}"
        text = _("{words}: {value}, limit {limit}")
        sentence = text.format(words=name, value=f"{test.value:.4g}", limit=f"{test.limit:.4g}")
        return Reason(name, numbers, sentence, test.passed, is_weighty)
    pair = write_pair(
        test.value,
        test.limit,
        words.unit,
        _,
        at_least=words.at_least,
        passed=test.passed,
        counted_to=words.counted_to,
    )
    if not _agrees(test, words):
        # Another version weighed this measure the other way round: it describes the movement and not the verdict.
        what = _(words.not_met if test.passed else words.met)
        sentence = _("{words}: {value}").format(words=what, value=_(words.measured).format(value=pair.value))
        return Reason(what, pair.value, sentence, test.passed, is_weighty)
    what = _(words.met if test.passed else words.not_met)
    sentence = _("{words}: {value}, {limit}").format(
        words=what,
        value=_(words.measured).format(value=pair.value),
        limit=_limit_phrase(words, _).format(limit=pair.limit),
    )
    numbers = f"{pair.value} ({'≥' if words.at_least else '≤'} {pair.limit})"
    return Reason(what, numbers, sentence, test.passed, is_weighty)


def _limit_phrase(words: EvidenceWords, _: Translator) -> str:
    """Say which side of the limit is met: a rule decides, a measure only expects."""
    if words.is_rule:
        return _("at least {limit} needed") if words.at_least else _("at most {limit} allowed")
    return _("at least {limit} expected") if words.at_least else _("at most {limit} expected")
