"""What a movement looks like and how surely it is rhythmic never read as a contradiction."""

import pytest

from clonus_sense.i18n import translator
from clonus_sense.model import EpisodeClass, Evidence
from clonus_sense.report.words.evidence import MAY_BE
from clonus_sense.report.words.looks import looks_words, sureness

EN, JA = translator("en"), translator("ja")


def unmet(*names):
    return [Evidence(name, 0.0, 1.0, passed=False) for name in names]


def test_the_word_stands_first_and_the_number_second():
    assert sureness(EpisodeClass.CLONUS, 0.934, EN, with_number=True) == "high (0.93)"
    assert sureness(EpisodeClass.BRIEF, 0.7, JA, with_number=True) == "中くらい(0.70)"


@pytest.mark.parametrize(
    ("confidence", "english", "japanese"),
    [
        (0.92, "surely rhythmic", "律動的なのは確か"),
        (0.7, "probably rhythmic", "おそらく律動的"),
        (0.5, "perhaps rhythmic", "律動的かもしれない"),
    ],
)
def test_an_uncertain_movement_is_surely_rhythmic_and_may_be_something_else(confidence, english, japanese):
    told = looks_words(EpisodeClass.UNCERTAIN, confidence, unmet("interval_wander", "amplitude_wander"), EN)
    assert told == f"{english}; may be a machine or electrical stimulation"
    assert looks_words(EpisodeClass.UNCERTAIN, confidence, (), JA) == f"{japanese}。ただし別の動きの可能性"


@pytest.mark.parametrize("_", [EN, JA], ids=["en", "ja"])
@pytest.mark.parametrize("name", MAY_BE)
def test_each_way_of_being_uncertain_says_what_the_movement_may_be(_, name):
    told = looks_words(EpisodeClass.UNCERTAIN, 0.9, unmet(name), _)
    assert _(MAY_BE[name]) in told
    for word in ("uncertain", "confidence", "区別できない", "確からしさ"):
        assert word not in told


def test_several_ways_are_all_said_once():
    told = looks_words(
        EpisodeClass.UNCERTAIN, 0.9, unmet("amplitude_waver", "off_axis_when_wavering", "off_axis_all_along"), EN
    )
    assert told == "surely rhythmic; may be an intended movement or a machine that shakes"


def test_other_classes_say_their_confidence():
    assert looks_words(EpisodeClass.CLONUS, 0.9, (), EN) == "rhythmic, confidence high"
    assert looks_words(EpisodeClass.SLOW, 0.7, (), EN, with_number=True) == "slow, confidence medium (0.70)"
