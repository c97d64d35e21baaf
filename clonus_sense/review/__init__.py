"""Review of a night: the library's data of both legs, joined and in numbers."""

from clonus_sense.review.baseline_nights import MOST_BASELINE_NIGHTS, mark_as_baseline, unmark_as_baseline
from clonus_sense.review.clock_times import clock_text, find_moment, find_span, typed_text
from clonus_sense.review.leg_recording import LegRecording, read_leg_recording
from clonus_sense.review.leg_series import LegSeries, find_leg_series
from clonus_sense.review.night_list import find_doubts, list_entry, read_night_list
from clonus_sense.review.nights import (
    find_night,
    list_baseline_nights,
    list_nights,
    list_undated,
    nights_of_recordings,
)
from clonus_sense.review.person_night import BaselineNight, LegNight, ListedLeg, ListedNight, PersonNight
from clonus_sense.review.review_file import ReviewedRecording, ReviewFile, ReviewVerdict, read_review
from clonus_sense.review.review_import import (
    ImportPlan,
    ImportStep,
    Outcome,
    find_namesakes,
    plan_import,
    take_import,
)
from clonus_sense.review.saying import answer_wear, choose_leg, say_about, take_back
from clonus_sense.review.several_nights import (
    MOST_NIGHTS,
    LegTrend,
    NightNote,
    SeveralNights,
    changed_settings,
    read_several_nights,
)
from clonus_sense.review.suggestion import Suggestion, suggest_settings

__all__ = [
    "MOST_BASELINE_NIGHTS",
    "MOST_NIGHTS",
    "BaselineNight",
    "ImportPlan",
    "ImportStep",
    "LegNight",
    "LegRecording",
    "LegSeries",
    "LegTrend",
    "ListedLeg",
    "ListedNight",
    "NightNote",
    "Outcome",
    "PersonNight",
    "ReviewFile",
    "ReviewVerdict",
    "ReviewedRecording",
    "SeveralNights",
    "Suggestion",
    "answer_wear",
    "changed_settings",
    "choose_leg",
    "clock_text",
    "find_doubts",
    "find_leg_series",
    "find_moment",
    "find_namesakes",
    "find_night",
    "find_span",
    "list_baseline_nights",
    "list_entry",
    "list_nights",
    "list_undated",
    "mark_as_baseline",
    "nights_of_recordings",
    "plan_import",
    "read_leg_recording",
    "read_night_list",
    "read_review",
    "read_several_nights",
    "say_about",
    "suggest_settings",
    "take_back",
    "take_import",
    "typed_text",
    "unmark_as_baseline",
]
