"""Every text that a person reads, in English and Japanese, through gettext.

A text is written in English where it is used: ``_("Duration")`` with ``_ = translator(language)``, or marked with
:func:`message` if the language is not known yet.  Texts with facts use ``str.format`` fields, so a translation may
change their order; a text that is built before it is shown, such as an error, is a :class:`Phrase`.

After adding or changing a text, run these lines in the checkout, fill the new entries of
``locale/ja/LC_MESSAGES/clonus_sense.po`` and run them again (a test fails until then)::

    T=clonus_sense/locale
    pybabel -q extract -F pyproject.toml -k message --no-location --sort-output --omit-header -w 120 \
        -o $T/clonus_sense.pot clonus_sense
    pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date -w 120 -D clonus_sense \
        -i $T/clonus_sense.pot -d $T
    pybabel -q compile -D clonus_sense -d $T

Keep ``_("…")`` out of f-strings: before Python 3.12 the extraction does not look inside them.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from clonus_sense.errors import SettingsError

DOMAIN = "clonus_sense"
LOCALE_FOLDER = Path(__file__).parent / "locale"

LANGUAGES = ("en", "ja")
"""Available languages, the default first."""

# The order in which POSIX programs search for the language of messages.
ENVIRONMENT_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def message(text: str) -> str:
    """Mark a text for translation before its language is known; the text is returned unchanged."""
    return text


class Phrase(str):
    """An English text with its facts, which a :class:`Translator` can still translate."""

    __slots__ = ("_facts", "_template")

    _facts: Mapping[str, object]
    _template: str

    def __new__(cls, template: str, **facts: object) -> Self:
        """Insert the facts."""
        phrase = super().__new__(cls, template.format(**facts))
        phrase._facts, phrase._template = facts, template
        return phrase

    def told(self, translate: Translator) -> str:
        """Return it in another language."""
        facts = {key: translate(fact) if isinstance(fact, Phrase) else fact for key, fact in self._facts.items()}
        return translate(self._template).format(**facts)


NOTICE = message(
    "This software is not a medical device. It is a record of rhythmic movement for reference and must not be used to "
    "diagnose, to judge severity, to start, change or stop a treatment, or to judge a treatment's effect. It does not "
    "watch over anybody and raises no alarm."
)
"""The fixed notice, in English, which stands on every page."""


@dataclass(frozen=True, slots=True, eq=False)
class Translator:
    """Translates English texts into one language; :func:`translator` makes one."""

    language: str
    catalogue: gettext.NullTranslations

    def __call__(self, text: str) -> str:
        """Translate a text, or a phrase with its facts; the empty text stays empty."""
        if isinstance(text, Phrase):
            return text.told(self)
        # gettext stores the head of the catalogue under the empty text.
        return self.catalogue.gettext(text) if text else ""


def translator(language: str) -> Translator:
    """Load the texts of one language."""
    if language not in LANGUAGES:
        raise SettingsError(f"There are no texts in the language `{language}`; choose one of {', '.join(LANGUAGES)}.")
    if language == LANGUAGES[0]:
        return Translator(language, gettext.NullTranslations())
    return Translator(language, gettext.translation(DOMAIN, LOCALE_FOLDER, [language]))


def choose_language(option: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Choose the language of messages: the option, otherwise the environment's, otherwise English."""
    if option is not None:
        return translator(option).language
    variables = os.environ if environment is None else environment
    # The first variable that is set decides, as in the C library; only LANGUAGE may list several.
    spoken = next((variables[name] for name in ENVIRONMENT_VARIABLES if variables.get(name)), "")
    codes = [locale.split("_")[0].split(".")[0].lower() for locale in spoken.split(":")]
    return next((code for code in codes if code in LANGUAGES), LANGUAGES[0])


def notice(language: str) -> str:
    """Return the fixed notice of every page, in one language."""
    return translator(language)(NOTICE)
