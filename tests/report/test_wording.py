import pytest

from clonus_sense.i18n import translator
from clonus_sense.model import EndedBy, EpisodeClass, Site
from clonus_sense.report.wording import (
    class_word,
    ended_by_word,
    finding_word,
    place_words,
    reason_word,
    recording_title,
)

from .builders import make_info

EN, JA = translator("en"), translator("ja")


def test_the_headline_class_is_called_rhythmic_and_nothing_else():
    assert class_word(EpisodeClass.CLONUS, EN) == "rhythmic"
    assert class_word(EpisodeClass.CLONUS, JA) == "律動的"


@pytest.mark.parametrize("_", [EN, JA], ids=["en", "ja"])
def test_every_class_and_every_end_has_its_own_word(_):
    assert len({class_word(c, _) for c in EpisodeClass}) == len(EpisodeClass)
    assert len({ended_by_word(e, _) for e in EndedBy}) == len(EndedBy)
    assert all("clonus" not in class_word(c, _).lower() for c in EpisodeClass)


def test_the_place_is_named_as_far_as_it_is_known():
    assert place_words(make_info(), EN) == "left ankle"
    assert place_words(make_info(), JA) == "左足首"
    assert place_words(make_info(site=None), EN) == "left"
    assert place_words(make_info(side="", site=Site.FOOT), EN) == "foot"
    assert place_words(make_info(side="", site=None), JA) == ""


def test_the_title_names_days_person_and_place():
    assert recording_title(make_info(), 8 * 3600.0, EN) == "2025-11-05 (Wed) to 2025-11-06 (Thu) · P01 · left ankle"
    assert recording_title(make_info(start=None, person="", side="", site=None), 60.0, EN) == ""
    assert recording_title(None, 60.0, EN) == ""


def test_a_long_code_of_a_person_is_cut():
    title = recording_title(make_info(start=None, person="x" * 100, side="", site=None), 60.0, EN)
    assert title == "x" * 23 + "…"


def test_known_names_are_translated_and_unknown_ones_stay():
    assert reason_word("no samples", JA) == "データが届きませんでした"
    assert reason_word("battery empty", JA) == "battery empty"
    assert finding_word("constant", EN).startswith("The values did not change")
    assert finding_word("something-new", JA) == ""
