"""One recording or night from its file to what people see: analysed, kept in the library, laid out as a page."""

from clonus_sense.session.analysis import AnalysedRecording, analyse_recording, window_of
from clonus_sense.session.keeping import Kept, Particulars, keep_recording, reanalyse_recording
from clonus_sense.session.night_pages import (
    PageChoices,
    default_pages_folder,
    delete_pages,
    find_pages,
    remove_pages,
    remove_pages_of,
    write_night_page,
)

__all__ = [
    "AnalysedRecording",
    "Kept",
    "PageChoices",
    "Particulars",
    "analyse_recording",
    "default_pages_folder",
    "delete_pages",
    "find_pages",
    "keep_recording",
    "reanalyse_recording",
    "remove_pages",
    "remove_pages_of",
    "window_of",
    "write_night_page",
]
