"""Any recordings that could come: overlapping, of several legs and zones, with gaps and doubts anywhere."""

from datetime import timedelta

from hypothesis import strategies as st

from clonus_sense.model import EpisodeClass
from clonus_sense.night import WindowCorrection
from tests.night.builders import HOUR_S, clock, episode, gaps, hours, record

ZONES = ["Europe/Berlin", "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
SIDES = ["left", "right"]


def _in(length_h, most=3):
    """Parts of a recording, in hours, some of them past its end."""
    hour = st.floats(0, length_h * 1.1)
    return st.lists(st.tuples(hour, hour).map(sorted).map(tuple), max_size=most)


@st.composite
def _recording(draw):
    length_h = draw(st.floats(0.01, 40))
    # Around the end of summer time in Berlin.
    start = draw(
        st.integers(0, 3 * 24 * 60).map(lambda minutes: clock("2026-10-23 12:00") + timedelta(minutes=minutes))
    )
    onsets = draw(st.lists(st.floats(-0.0001, length_h), max_size=5))
    return record(
        f"{start:%Y-%m-%d %H:%M}",
        length_h,
        zone=draw(st.sampled_from(ZONES)),
        rests=draw(_in(length_h)),
        gaps=gaps(*draw(_in(length_h))),
        not_confirmed=hours(*draw(_in(length_h))),
        not_worn=hours(*draw(_in(length_h, most=1))),
        episodes=tuple(episode(onset_h, 2.5, draw(st.sampled_from(EpisodeClass))) for onset_h in onsets),
        side=draw(st.sampled_from(SIDES)),
    )


def recordings():
    return st.lists(_recording(), max_size=5)


@st.composite
def _correction(draw):
    start = clock("2026-10-23 00:00", "UTC") + timedelta(minutes=draw(st.integers(0, 5 * 24 * 60)))
    length = timedelta(seconds=draw(st.floats(0.1, 24)) * HOUR_S)
    return WindowCorrection(start, start + length, side=draw(st.sampled_from(SIDES)))


def corrections():
    return st.lists(_correction(), max_size=3)


def offsets():
    """By how much a clock may have been off: from a microsecond to a start in 1970."""
    return st.timedeltas(timedelta(days=-20_000), timedelta(days=20_000))
