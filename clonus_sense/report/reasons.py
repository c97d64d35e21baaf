"""What spoke for an episode and against it, in plain words: the two or three that weighed most, and no formula."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from clonus_sense.i18n import Translator, message
from clonus_sense.model import Episode, Evidence
from clonus_sense.report.confidence import level_word
from clonus_sense.report.html import folded, paragraph
from clonus_sense.report.wording import evidence_word

# More than three nobody reads; the table of all tests stands beside the waveform.
MOST_REASONS = 3

# What moves a confidence of one half by less than three points says nothing to anybody.
SMALLEST_LOGIT = 0.1

MEASURE_WORDS: dict[str, tuple[str, str]] = {
    "beats": (message("many beats"), message("few beats")),
    "unevenness": (message("each beat as strong as the next"), message("beats of uneven strength")),
    "sub_harmonic_ratio": (
        message("no slower movement beneath it"),
        message("a slower movement beneath it, as in walking"),
    ),
    "busier_flank_ratio": (
        message("it stands out from what came before and after"),
        message("much movement just before or after it"),
    ),
    "calmer_flank_ratio": (message("calm before it or after it"), message("movement both before and after it")),
    "off_axis_ratio": (message("it moved along one line"), message("it moved in several directions")),
    "aperiodicity": (message("beats that resemble one another"), message("beats that differ from one another")),
    "concentration": (message("one clear rhythm beside the steps"), message("no clear rhythm beside the steps")),
    "tonality": (
        message("beats that stand out from the steps all along"),
        message("beats that hardly stand out from the steps"),
    ),
    "of_movement_ratio": (
        message("of a strength of its own beside the steps"),
        message("of the strength of the steps"),
    ),
    "stride_likeness": (message("steps that are not all alike"), message("steps that are all alike, as in pedalling")),
    "strong_beats_g": (message("strong beats"), message("weak beats")),
    "small_and_fast": (message("not both weak and fast"), message("weak and fast, as trembling is")),
    "small_and_going_on": (
        message("not both weak and going on around it"),
        message("weak, and going on before or after it"),
    ),
    "small_and_sideways": (
        message("not both weak and in several directions"),
        message("weak and in several directions, as a device shakes"),
    ),
}
"""Of each measure of the confidence, by its name in the evidence: what it says for an episode, and against it."""

DECIDING_WORDS: dict[str, str] = {
    "no_harmonic": message("a slower movement beneath it, as in walking"),
    "no_echo_ratio": message("a stronger movement of the same kind just before or after it"),
    "five_beats": message("fewer than five beats"),
    "stride_ratio": message("no steps around it"),
    "one_line": message("no clear rhythm beside the steps"),
    "rings_out": message("it dies away as a kick does"),
    "interval_wander": message("as steady as a machine or electrical stimulation"),
    "amplitude_wander": message("as steady as a machine or electrical stimulation"),
    "amplitude_waver": message("its strength wavers: it cannot be told from an intended movement"),
    "off_axis_when_wavering": message("its strength wavers: it cannot be told from an intended movement"),
    "off_axis_all_along": message("it goes in circles for a long time, as a device shakes"),
    "off_axis_and_changing": message("it goes this way and that, as in scratching or rubbing"),
    "stronger_than_tremor_g": message("so weak that it may be trembling or a device"),
    "not_below_band_hz": message("slower than the accepted band"),
    "not_above_band_hz": message("faster than the accepted band"),
}
"""Tests that decide the class by themselves: what they say where they were not met.  One that was met says nothing."""


MOST_BEATS_TOLD = 30
"""The detector counts no more beats than these as evidence."""


def reasons_for(evidence: Sequence[Evidence], _: Translator) -> list[str]:
    """Say what spoke for an episode, the weightiest first.

    Parameters
    ----------
    evidence
        Each test of the episode.
    _
        The language.

    Returns
    -------
    list of str
        At most three.

    Examples
    --------
    >>> from clonus_sense.i18n import translator
    >>> tests = [Evidence("beats", 30, 6.5, True, 3.2), Evidence("strong_beats_g", 0.05, 0.068, False, -0.18)]
    >>> reasons_for(tests, translator("en")), reasons_against(tests, translator("en"))
    (['many beats'], ['weak beats'])
    """
    said = [test for test in evidence if test.passed and _is_measure(test)]
    return _first_words(_measure_word(test, _) for test in sorted(said, key=_weight, reverse=True))


def reasons_against(evidence: Sequence[Evidence], _: Translator) -> list[str]:
    """Say what spoke against an episode, or against its being called rhythmic: what decided first, then by weight.

    Parameters
    ----------
    evidence
        Each test of the episode.
    _
        The language.

    Returns
    -------
    list of str
        At most three.
    """
    decided = [_(DECIDING_WORDS[test.name]) for test in evidence if not test.passed and test.name in DECIDING_WORDS]
    said = [test for test in evidence if not test.passed and _is_measure(test)]
    return _first_words([*decided, *(_measure_word(test, _) for test in sorted(said, key=_weight, reverse=True))])


def evidence_title(episode: Episode, _: Translator) -> str:
    """Write what the tests of an episode are called, and of how many beats they are if not of all.

    A bout that was found in pieces was judged by the longest that is sure by itself.

    Parameters
    ----------
    episode
        With its evidence.
    _
        The language.

    Returns
    -------
    str
        One line.
    """
    counted = _find_beats_judged(episode)
    return _("Evidence") if counted is None else _("Evidence (of {beats} beats)").format(beats=counted)


def folded_reasons(episode: Episode, _: Translator) -> str:
    """Write the level of confidence, and folded behind it why, and the number."""
    lines = [_("Confidence {number:.2f}").format(number=episode.confidence)]
    pro, contra = reasons_for(episode.evidence, _), reasons_against(episode.evidence, _)
    if _find_beats_judged(episode) is not None:
        lines.append(evidence_title(episode, _))
    if pro:
        lines.append(_("For it: {reasons}").format(reasons=_("; ").join(pro)))
    if contra:
        lines.append(_("Against it: {reasons}").format(reasons=_("; ").join(contra)))
    return folded(escape(level_word(episode.confidence_level, _)), *(paragraph(line) for line in lines))


def _find_beats_judged(episode: Episode) -> int | None:
    """Find how many beats the evidence is of; ``None`` where it is of all, as far as they are counted."""
    counted = next((test.value for test in episode.evidence if test.name == "beats"), math.nan)
    return int(counted) if counted < min(episode.beats, MOST_BEATS_TOLD) else None


def _is_measure(test: Evidence) -> bool:
    """Tell whether a test is a part of the confidence that weighs enough to be told."""
    if test.name in DECIDING_WORDS or test.name == "confidence":
        return False
    return test.logit is None or abs(test.logit) >= SMALLEST_LOGIT


def _weight(test: Evidence) -> float:
    """Say how much a test weighs; where that was not kept, how many times it lies away from its limit."""
    if test.logit is not None:
        return abs(test.logit)
    is_ratio = 0.0 < test.value < math.inf and 0.0 < test.limit < math.inf
    return abs(math.log(test.value / test.limit)) if is_ratio else 0.0


def _measure_word(test: Evidence, _: Translator) -> str:
    """Put a measure into words; of one that this version does not know, its name."""
    if test.name not in MEASURE_WORDS:
        return evidence_word(test.name, _)
    pro, contra = MEASURE_WORDS[test.name]
    return _(pro if test.passed else contra)


def _first_words(texts: Iterable[str]) -> list[str]:
    """Take the first few, each once."""
    return list(dict.fromkeys(texts))[:MOST_REASONS]
