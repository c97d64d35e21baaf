"""One recording or night from its file to what people see: analysed, kept in the library, laid out as a page."""

from clonus_sense.session.analysis import AnalysedRecording, analyse_recording, window_of
from clonus_sense.session.keeping import Kept, Particulars, keep_recording, reanalyse_recording, settings_of_person
from clonus_sense.session.night_pages import (
    PageChoices,
    default_pages_folder,
    delete_pages,
    find_pages,
    remove_pages,
    remove_pages_of,
    write_night_page,
)
from clonus_sense.session.settings_effect import SettingsEffect, add_effects, detect_with_each, effect_on_leg

__all__ = [
    "AnalysedRecording",
    "Kept",
    "PageChoices",
    "Particulars",
    "SettingsEffect",
    "add_effects",
    "analyse_recording",
    "default_pages_folder",
    "delete_pages",
    "detect_with_each",
    "effect_on_leg",
    "find_pages",
    "keep_recording",
    "reanalyse_recording",
    "remove_pages",
    "remove_pages_of",
    "settings_of_person",
    "window_of",
    "write_night_page",
]
