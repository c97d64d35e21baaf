"""Use cases: a recording or night is analysed, stored in the library and shown as a page.

The public names are loaded on first use, so that only programs that draw wait for the plotting libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clonus_sense.lazy import load_lazily

if TYPE_CHECKING:
    from clonus_sense.workflows.analysed_recording import (
        AnalysedRecording,
        analyse_recording,
        read_checked_recording,
        window_of,
    )
    from clonus_sense.workflows.erasing import ErasedPerson, check_is_known, erase_everywhere
    from clonus_sense.workflows.keeping import (
        Kept,
        Particulars,
        keep_recording,
        reanalyse_recording,
        settings_of_person,
    )
    from clonus_sense.workflows.night_pages import write_night_page, write_nights_page
    from clonus_sense.workflows.night_reports import make_report, write_report
    from clonus_sense.workflows.outdated_pages import (
        Concerned,
        OutdatedPages,
        concerned_nights,
        find_outdated,
        take_away,
    )
    from clonus_sense.workflows.page_files import (
        PageChoices,
        default_pages_folder,
        delete_pages,
        find_pages,
    )
    from clonus_sense.workflows.settings_effect import SettingsEffect, add_effects, detect_with_each, effect_on_leg

__all__ = [
    "AnalysedRecording",
    "Concerned",
    "ErasedPerson",
    "Kept",
    "OutdatedPages",
    "PageChoices",
    "Particulars",
    "SettingsEffect",
    "add_effects",
    "analyse_recording",
    "check_is_known",
    "concerned_nights",
    "default_pages_folder",
    "delete_pages",
    "detect_with_each",
    "effect_on_leg",
    "erase_everywhere",
    "find_outdated",
    "find_pages",
    "keep_recording",
    "make_report",
    "read_checked_recording",
    "reanalyse_recording",
    "settings_of_person",
    "take_away",
    "window_of",
    "write_night_page",
    "write_nights_page",
    "write_report",
]

# Module of each public name; all others are in the module of page files.
_MODULES = {
    "AnalysedRecording": "analysed_recording",
    "Concerned": "outdated_pages",
    "ErasedPerson": "erasing",
    "Kept": "keeping",
    "OutdatedPages": "outdated_pages",
    "Particulars": "keeping",
    "SettingsEffect": "settings_effect",
    "add_effects": "settings_effect",
    "analyse_recording": "analysed_recording",
    "check_is_known": "erasing",
    "concerned_nights": "outdated_pages",
    "detect_with_each": "settings_effect",
    "effect_on_leg": "settings_effect",
    "erase_everywhere": "erasing",
    "find_outdated": "outdated_pages",
    "keep_recording": "keeping",
    "make_report": "night_reports",
    "read_checked_recording": "analysed_recording",
    "reanalyse_recording": "keeping",
    "settings_of_person": "keeping",
    "take_away": "outdated_pages",
    "window_of": "analysed_recording",
    "write_night_page": "night_pages",
    "write_nights_page": "night_pages",
    "write_report": "night_reports",
}


__getattr__ = load_lazily(__name__, __all__, _MODULES, usual="page_files")


def __dir__() -> list[str]:
    """List the public names, whether loaded or not."""
    return list(__all__)
