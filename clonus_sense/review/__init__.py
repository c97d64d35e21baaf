"""A night as a person reviews it: what the library knows of both legs, put together and in numbers."""

from clonus_sense.review.leg_recording import LegRecording, read_leg_recording
from clonus_sense.review.moments import find_moment, find_span
from clonus_sense.review.nights import (
    LegNight,
    PersonNight,
    find_night,
    list_nights,
    list_undated,
    nights_of_recordings,
)
from clonus_sense.review.saying import choose_leg, say_about, take_back

__all__ = [
    "LegNight",
    "LegRecording",
    "PersonNight",
    "choose_leg",
    "find_moment",
    "find_night",
    "find_span",
    "list_nights",
    "list_undated",
    "nights_of_recordings",
    "read_leg_recording",
    "say_about",
    "take_back",
]
