"""The readme of an export, in both languages."""

from __future__ import annotations

from clonus_sense.i18n import LANGUAGES, Translator, notice, translator
from clonus_sense.version import __version__


def readme_text(*, with_personal_data: bool) -> str:
    """Return the readme in English, then Japanese, each with the notice."""
    return "\n\n".join(_in_language(translator(language), with_personal_data) for language in LANGUAGES) + "\n"


def _in_language(_: Translator, with_personal_data: bool) -> str:
    """Return the readme in one language."""
    personal = (
        _("These files hold personal data: codes of people, names and what they wrote. Keep them as such.")
        if with_personal_data
        else _(
            "Codes of people were replaced, and names, notes, file paths and serial numbers left out. Dates and times "
            "are those of the nights."
        )
    )
    paragraphs = (
        _("Export of clonus_sense {version}").format(version=__version__),
        notice(_.language),
        personal,
        _("An empty cell means that something is not known or was not measured; it never means 0."),
        _("Tables: data_dictionary explains every column with unit and formula. Left and right are never added."),
        _(
            "EDF: the files are EDF+D with real gaps; the start is local time, its zone stands in the recording field. "
            "The lowest 16-bit number means that there is no sample. Programs that know only continuous EDF show the "
            "records without the gaps."
        ),
    )
    return "\n\n".join(paragraphs)
