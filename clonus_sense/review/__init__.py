"""A night as a person reviews it: what the library knows of both legs, put together and in numbers."""

from clonus_sense.review.leg_recording import LegRecording, read_leg_recording
from clonus_sense.review.nights import (
    LegNight,
    PersonNight,
    find_night,
    list_nights,
    list_undated,
    nights_of_recordings,
)

__all__ = [
    "LegNight",
    "LegRecording",
    "PersonNight",
    "find_night",
    "list_nights",
    "list_undated",
    "nights_of_recordings",
    "read_leg_recording",
]
