"""Wear periods, nights and days, and their summaries; pure, with all durations computed in UTC."""

from clonus_sense.night.comparison import (
    Comparison,
    UsualNight,
    WhyNoComparison,
    compare_with_last_nights,
    is_enough_worn,
)
from clonus_sense.night.division import Day, Night, NightsAndDays, PeriodPart, divide_time
from clonus_sense.night.figures import (
    ClassFigures,
    Coverage,
    Figures,
    PlacedEpisode,
    Standing,
    place_episodes,
)
from clonus_sense.night.movement_times import MovementTime, WornHour, movement_times, worn_hours
from clonus_sense.night.recorded import Interval, RecordedSpan, WindowCorrection
from clonus_sense.night.series import Series, expect_by_chance, find_series, is_chance_worth_saying
from clonus_sense.night.summary import (
    ClockHour,
    DaySummary,
    NightSummary,
    PartSummary,
    summarise_day,
    summarise_night,
    summarise_part,
)
from clonus_sense.night.utc_span import UtcSpan
from clonus_sense.night.wear_period import WearPeriod, find_wear_periods

__all__ = [
    "ClassFigures",
    "ClockHour",
    "Comparison",
    "Coverage",
    "Day",
    "DaySummary",
    "Figures",
    "Interval",
    "MovementTime",
    "Night",
    "NightSummary",
    "NightsAndDays",
    "PartSummary",
    "PeriodPart",
    "PlacedEpisode",
    "RecordedSpan",
    "Series",
    "Standing",
    "UsualNight",
    "UtcSpan",
    "WearPeriod",
    "WhyNoComparison",
    "WindowCorrection",
    "WornHour",
    "compare_with_last_nights",
    "divide_time",
    "expect_by_chance",
    "find_series",
    "find_wear_periods",
    "is_chance_worth_saying",
    "is_enough_worn",
    "movement_times",
    "place_episodes",
    "summarise_day",
    "summarise_night",
    "summarise_part",
    "worn_hours",
]
