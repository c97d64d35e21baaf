"""Texts in two languages: complete, up to date, and chosen as the person's system says."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import clonus_sense
from clonus_sense.app.screens.about import ABOUT, SECTIONS
from clonus_sense.errors import SettingsError
from clonus_sense.i18n import LOCALE_FOLDER, Phrase, choose_language, notice, translator

PACKAGE = Path(clonus_sense.__file__).parent
JA_FOLDER = LOCALE_FOLDER / "ja" / "LC_MESSAGES"
ABOUT_CLONUS = {ABOUT.title, *(text for title, texts in SECTIONS for text in (title, *texts))}


def read_japanese():
    with (JA_FOLDER / "clonus_sense.po").open("rb") as file:
        return read_po(file, locale="ja")


def texts_in_code():
    """Every literal text that is handed to ``_`` or ``message`` anywhere in the package, templates included."""
    texts = set()
    for path in PACKAGE.rglob("templates/*.jinja"):
        with path.open("rb") as file:
            texts |= {found[2] for found in babel_extract(file, ["_"], [], {})}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
            if is_call and node.func.id in {"_", "message"} and isinstance(node.args[0], ast.Constant):
                texts.add(node.args[0].value)
    return texts


def field_names(text):
    return sorted({name for _literal, name, _format, _conversion in string.Formatter().parse(text) if name is not None})


def test_every_text_in_the_code_is_in_the_catalogue_and_no_other():
    assert {entry.id for entry in read_japanese() if entry.id} == texts_in_code()


def test_no_text_is_untranslated_or_doubtful():
    missing = [entry.id for entry in read_japanese() if entry.id and (not entry.string or entry.fuzzy)]
    assert missing == []


def test_translations_keep_the_fields_of_their_text():
    wrong = [e.id for e in read_japanese() if e.id and field_names(e.id) != field_names(e.string)]
    assert wrong == []


def test_the_compiled_catalogue_matches_its_source():
    # Messages, not bytes: each version of Babel writes its own name into the head.
    with (JA_FOLDER / "clonus_sense.mo").open("rb") as file:
        compiled = read_mo(file)
    assert {entry.id: entry.string for entry in compiled if entry.id} == {
        entry.id: entry.string for entry in read_japanese() if entry.id
    }


def test_no_japanese_text_judges():
    forbidden = re.compile("異常|悪化|改善|エピソード|睡眠障害|貧乏ゆすり|クローヌス|けいれん|発作|スパズム")
    judging = {e.id for e in read_japanese() if e.id and forbidden.search(e.string)}
    # A page explains the word; about a movement a named clinician alone may write it.
    assert judging - ABOUT_CLONUS == {"judged as clonus"}
    explaining = [e.string for e in read_japanese() if e.id in ABOUT_CLONUS]
    assert not [text for text in explaining if forbidden.search(text.replace("クローヌス", ""))]


def test_the_notice_stands_in_both_languages():
    assert notice("en").startswith("This software is not a medical device.")
    assert notice("en").endswith("It does not watch over anybody and raises no alarm.")
    assert notice("ja") == (
        "本ソフトウェアは医療機器ではありません。律動的な動きの記録を示す参考情報であり、診断、重症度の判定、"
        "治療の開始・変更・中止、治療効果の判定には使用できません。見守り・警報の機能はありません。"
    )


def test_a_text_without_translation_stays_english():
    assert translator("ja")("a text that nobody translated") == "a text that nobody translated"


def test_the_empty_text_stays_empty():
    assert translator("ja")("") == ""


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de:ja:en"}, "ja"),
        ({"LANG": "ja_JP", "LC_ALL": ""}, "ja"),
    ],
)
def test_the_environment_chooses_the_language(environment, language):
    assert choose_language(None, environment) == language


def test_what_the_person_asks_for_wins():
    assert choose_language("en", {"LANG": "ja_JP.UTF-8"}) == "en"


def test_a_language_without_texts_is_refused_with_a_sentence():
    with pytest.raises(SettingsError, match="no texts in the language `de`; choose one of en, ja"):
        choose_language("de", {})


def test_a_phrase_is_english_and_can_be_told_in_any_language():
    phrase = Phrase("{what} ({sensor}, {n:.1f})", what=Phrase("Duration"), sensor="Duration", n=2)
    assert phrase == "Duration (Duration, 2.0)"
    assert translator("en")(phrase) == str(phrase)
    # What is no phrase is a fact, such as a name, and stays.
    assert translator("ja")(phrase) == "持続時間 (Duration, 2.0)"


def test_facts_with_braces_are_told_as_they_are():
    assert translator("ja")(Phrase("{what}: {n}", what="{x}", n="{0}")) == "{x}: {0}"
