"""Many nights of one leg in numbers, each with the number of nights that it stands on; pure."""

from clonus_sense.trends.changes import Change, find_changes
from clonus_sense.trends.clock_hours import FEWEST_WORN_S, HourTrend, summarise_hours
from clonus_sense.trends.night_row import HALF_WORN, NightRow, night_length_s
from clonus_sense.trends.quartiles import Quartiles, find_quartiles
from clonus_sense.trends.windows import WINDOWS, NightsWindow, TrendSummary, last_windows, summarise_nights

__all__ = [
    "FEWEST_WORN_S",
    "HALF_WORN",
    "WINDOWS",
    "Change",
    "HourTrend",
    "NightRow",
    "NightsWindow",
    "Quartiles",
    "TrendSummary",
    "find_changes",
    "find_quartiles",
    "last_windows",
    "night_length_s",
    "summarise_hours",
    "summarise_nights",
]
