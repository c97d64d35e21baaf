from datetime import datetime, timedelta

import pytest

from clonus_sense.night import UtcSpan
from clonus_sense.night.utc_span import clip, join, subtract, total_length
from tests.night.builders import clock, utc


def span(start, end):
    """From one hour of 5 November to another."""
    midnight = utc("2026-11-05")
    return UtcSpan(midnight + timedelta(hours=start), midnight + timedelta(hours=end))


@pytest.mark.parametrize(
    ("start", "end", "length_h"),
    [
        ("2026-10-24 23:00", "2026-10-25 07:00", 9),
        ("2027-03-27 23:00", "2027-03-28 07:00", 7),
        ("2026-11-05 23:00", "2026-11-06 07:00", 8),
    ],
    ids=["autumn", "spring", "plain"],
)
def test_length_is_true_over_clock_changes(start, end, length_h):
    assert UtcSpan(clock(start), clock(end)).length_s == length_h * 3600


def test_no_zone_and_an_end_before_the_start_are_refused():
    with pytest.raises(ValueError, match="need a time zone"):
        UtcSpan(datetime(2026, 11, 5), utc("2026-11-06"))  # noqa: DTZ001
    with pytest.raises(ValueError, match="the end lies before the start"):
        span(2, 1)


def test_half_open_spans_that_touch_have_no_moment_in_common():
    assert span(1, 2).holds(span(1, 2).start)
    assert not span(1, 2).holds(span(1, 2).end)
    assert not span(1, 2).overlaps(span(2, 3))
    assert not span(2, 3).overlaps(span(1, 2))
    assert span(1, 2).overlaps(span(1.9, 3))


def test_join_makes_one_of_what_overlaps_touches_or_lies_near():
    assert join([span(3, 4), span(1, 2), span(2, 3), span(5, 5)]) == (span(1, 4),)
    assert join([span(1, 6), span(2, 3)]) == (span(1, 6),)
    assert join([span(1, 2), span(4, 5)], within=timedelta(hours=2)) == (span(1, 2), span(4, 5))
    assert join([span(1, 2), span(3.9, 5)], within=timedelta(hours=2)) == (span(1, 5),)


def test_subtract_leaves_the_rest():
    assert subtract([span(0, 10)], [span(8, 12), span(2, 3), span(2.5, 4), span(-1, 1)]) == (span(1, 2), span(4, 8))
    assert subtract([span(0, 1), span(2, 3)], [span(0, 3)]) == ()


def test_clip_keeps_what_lies_inside():
    parts = clip([span(0, 2), span(3, 4), span(5, 9), span(10, 11)], span(1, 6))
    assert parts == (span(1, 2), span(3, 4), span(5, 6))
    assert total_length(parts) == timedelta(hours=3)
