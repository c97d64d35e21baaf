from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from clonus_sense.errors import NightError
from clonus_sense.night import RecordedSpan, UtcSpan
from tests.night.builders import clock, correct, episode, gaps, hours, record, utc


def in_hours(recorded, spans):
    """Spans as hours since the start of the recording."""
    start = recorded.span.start
    return [((span.start - start) / timedelta(hours=1), (span.end - start) / timedelta(hours=1)) for span in spans]


def test_a_gap_a_doubt_and_a_persons_word_each_take_their_time():
    recorded = record(
        "2026-11-05 22:00", 8, gaps=gaps((1, 2)), not_confirmed=hours((1.5, 4)), not_worn=hours((3, 5), (7.5, 9))
    )
    assert in_hours(recorded, recorded.measured()) == [(0, 1), (2, 8)]
    assert in_hours(recorded, recorded.worn()) == [(0, 1), (5, 7.5)]
    assert in_hours(recorded, recorded.unconfirmed()) == [(2, 3)]
    assert in_hours(recorded, recorded.said_not_worn()) == [(3, 5), (7.5, 8)]


def test_length_is_that_of_the_samples_over_a_clock_change():
    recorded = record("2026-10-24 23:00", 9)
    assert recorded.span == UtcSpan(utc("2026-10-24 21:00"), utc("2026-10-25 06:00"))
    assert recorded.span.end == clock("2026-10-25 07:00")


def test_an_onset_never_reaches_out_of_the_recording():
    recorded = record("2026-11-05 22:00", 1)
    assert recorded.onset_of(episode(-0.001)) == recorded.span.start
    assert recorded.onset_of(episode(0.5)) == recorded.span.start + timedelta(minutes=30)
    assert recorded.span.holds(recorded.onset_of(episode(1.0)))


def test_an_unknown_zone_name_takes_the_offset_of_the_start():
    recorded = RecordedSpan(datetime(2026, 11, 5, 22, tzinfo=timezone(timedelta(hours=9))), 60.0)
    assert recorded.zone == timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"start": datetime(2026, 11, 5, 22)}, "has no time zone"),  # noqa: DTZ001
        ({"duration_s": -1.0}, "lasts -1.0 s"),
        ({"duration_s": float("nan")}, "lasts nan s"),
        ({"timezone": "Europe/Nowhere"}, "unknown time zone `Europe/Nowhere`"),
        ({"timezone": "../etc/passwd"}, "unknown time zone"),
    ],
)
def test_a_recording_that_has_no_place_in_time_is_refused(fields, words):
    recorded = RecordedSpan(datetime(2026, 11, 5, 22, tzinfo=UTC), 60.0)
    with pytest.raises(NightError, match=words):
        replace(recorded, **fields)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-11-05 22:00", "2026-11-05 22:00"), ("2026-11-05 22:00", "2026-11-06 22:01")],
    ids=["empty", "over a day"],
)
def test_a_corrected_night_that_cannot_be_is_refused(start, end):
    with pytest.raises(NightError, match="within 24 hours"):
        correct(start, end)


def test_a_corrected_night_may_last_a_day_of_25_hours_less_one():
    # 24 true hours, from one midnight to 23:00 of a day that has 25.
    assert correct("2026-10-25 00:00", "2026-10-25 23:00").span.length_s == 24 * 3600
