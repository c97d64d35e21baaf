"""One recording or night from its file to what people see: analysed, kept in the library, laid out as a page."""

from clonus_sense.session.analysis import AnalysedRecording, analyse_recording, window_of
from clonus_sense.session.keeping import Kept, Particulars, keep_recording, reanalyse_recording

__all__ = [
    "AnalysedRecording",
    "Kept",
    "Particulars",
    "analyse_recording",
    "keep_recording",
    "reanalyse_recording",
    "window_of",
]
