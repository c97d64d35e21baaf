"""The page of one night: self-contained, for the patient first and the therapist below."""

from clonus_sense.report.night_page.page import NightPictures, build_night_page
from clonus_sense.report.night_page.shown import EpisodePicture, ShownEpisode, choose_shown, find_shown, list_shown

__all__ = [
    "EpisodePicture",
    "NightPictures",
    "ShownEpisode",
    "build_night_page",
    "choose_shown",
    "find_shown",
    "list_shown",
]
