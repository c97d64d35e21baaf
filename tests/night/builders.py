"""Recordings in hours, episodes in three numbers: everything a night is tested with."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from clonus_sense.model import EndedBy, Episode, EpisodeClass, Gap
from clonus_sense.night import Interval, RecordedSpan, WindowCorrection

HOUR_S = 3600.0

SOME_EPISODE = Episode(
    onset_s=0.0,
    offset_s=2.0,
    beats=12,
    frequency_hz=6.0,
    drift_hz=0.0,
    peak_g=0.2,
    rms_g=0.1,
    regularity=0.95,
    axis=(1.0, 0.0, 0.0),
    confidence=0.9,
    episode_class=EpisodeClass.CLONUS,
    ended_by=EndedBy.QUIET,
    missing_s=0.0,
    beat_times_s=(),
)


def clock(text, zone="Europe/Berlin"):
    """A moment by a clock on the wall, such as ``2026-11-05 22:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(*pairs):
    """Intervals from pairs of hours since the start of the recording."""
    return tuple(Interval(start * HOUR_S, end * HOUR_S) for start, end in pairs)


def gaps(*pairs):
    return tuple(Gap(start * HOUR_S, end * HOUR_S, "link lost") for start, end in pairs)


def episode(onset_h, duration_s=2.0, episode_class=EpisodeClass.CLONUS):
    onset_s = onset_h * HOUR_S
    return replace(SOME_EPISODE, onset_s=onset_s, offset_s=onset_s + duration_s, episode_class=episode_class)


def record(start, length_h, zone="Europe/Berlin", rests=(), **rest_of_fields):
    """A recording that starts when the clock of its zone shows ``start``; ``rests`` in hours since then."""
    return RecordedSpan(
        clock(start, zone), length_h * HOUR_S, timezone=zone, rest_windows=hours(*rests), **rest_of_fields
    )


def correct(start, end, zone="Europe/Berlin", **whose):
    return WindowCorrection(clock(start, zone), clock(end, zone), **whose)
