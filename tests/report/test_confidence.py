import re

from clonus_sense.detection.verdict import LEAST_CONFIDENCE
from clonus_sense.i18n import translator
from clonus_sense.model import HIGH_CONFIDENCE, MEDIUM_CONFIDENCE, ConfidenceLevel, EpisodeClass
from clonus_sense.report.confidence import CONFIDENCE_NOTE, level_counts_of, level_word
from clonus_sense.report.glossary import GLOSSARY

from .builders import make_episode

EN, JA = translator("en"), translator("ja")


def test_levels_are_three_different_words_in_both_languages():
    for _ in (EN, JA):
        assert len({level_word(level, _) for level in ConfidenceLevel}) == 3


def test_only_the_rhythmic_ones_are_counted():
    episodes = [make_episode(confidence=c) for c in (0.9, 0.85, 0.7, 0.6)]
    brief = make_episode(confidence=0.9, episode_class=EpisodeClass.BRIEF)
    assert level_counts_of([*episodes, brief], EN) == "Confidence: high 2, medium 1, low 1"
    assert level_counts_of([brief], EN) == ""


def test_the_limits_in_the_text_are_those_of_the_code():
    (meaning,) = (term.meaning for term in GLOSSARY if term.name == "Confidence")
    for text in (CONFIDENCE_NOTE, meaning, JA(CONFIDENCE_NOTE), JA(meaning)):
        limits = [float(number) for number in re.findall(r"0\.\d+", text)]
        assert limits[:3] == [HIGH_CONFIDENCE, MEDIUM_CONFIDENCE, LEAST_CONFIDENCE]
