from datetime import UTC, datetime

import pytest

from clonus_sense.errors import NightError
from clonus_sense.review import find_moment, find_span, list_nights
from tests.night.builders import clock, utc
from tests.review.made import MadeLeg, add_leg


@pytest.fixture
def night(library):
    add_leg(library, MadeLeg())
    return list_nights(library)[0]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("23:10", "2026-11-05 23:10"),
        ("02:10:30", "2026-11-06 02:10:30"),
        ("22:00", "2026-11-05 22:00"),
        ("2026-11-06T02:10", "2026-11-06 02:10"),
        # Outside of the recording: as near to it as this time of day comes.
        ("21:30", "2026-11-05 21:30"),
        ("09:00", "2026-11-06 09:00"),
    ],
)
def test_a_clock_time_is_found_in_the_night(night, text, moment):
    assert find_moment(night, text) == clock(moment).astimezone(UTC)


def test_a_time_with_its_own_offset_is_taken_as_it_stands(night):
    assert find_moment(night, "2026-11-06T01:10+00:00") == utc("2026-11-06 01:10")


@pytest.mark.parametrize("text", ["half past two", "25:00", ""])
def test_what_is_no_time_is_refused(night, text):
    with pytest.raises(NightError, match="is no time; write HH:MM"):
        find_moment(night, text)


def test_an_hour_that_comes_twice_asks_which(library):
    add_leg(library, MadeLeg(start="2026-10-24 22:00"))
    (night,) = list_nights(library)
    with pytest.raises(NightError, match=r"more than once; write 2026-10-25T02:30\+0200 or 2026-10-25T02:30\+0100"):
        find_moment(night, "02:30")
    assert find_moment(night, "2026-10-25T02:30+0100") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_an_end_before_its_start_is_refused(night):
    assert find_span(night, "23:00", "01:00").length_s == 7200
    with pytest.raises(NightError, match="23:00 is not after 01:00"):
        find_span(night, "01:00", "23:00")
