"""Libraries filled by hand: recordings in hours, with activity and episodes whose answer is known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from clonus_sense.activity import WearState
from clonus_sense.config import DetectionSettings
from clonus_sense.library import (
    Profession,
    Rater,
    TimeSpan,
    Verdict,
    add_recording,
    add_run,
    annotate,
    replace_epochs,
)
from clonus_sense.model import Episode, EpisodeClass, RecordingInfo, SensorIdentity, Site
from tests.activity.builders import make_epoch
from tests.night.builders import HOUR_S, SOME_EPISODE, clock, gaps

PATIENT = Rater("", Profession.PATIENT)
REST_G, WALK_G = 0.004, 0.2
UP, ON_SIDE = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0)


@dataclass(frozen=True)
class MadeLeg:
    """A recording to be made; times in hours since its start."""

    start: str = "2026-11-05 22:00"
    length_h: float = 10.0
    person: str = "P07"
    side: str = "left"
    zone: str = "Europe/Berlin"
    rest_h: tuple[tuple[float, float], ...] = ((1.0, 9.0),)
    unconfirmed_h: tuple[tuple[float, float], ...] = ()
    gaps_h: tuple[tuple[float, float], ...] = ()
    episodes: tuple[Episode, ...] = ()
    path: Path = Path("/nights/made.csv")


def at(hour, duration_s=4.0, episode_class=EpisodeClass.CLONUS, peak_g=0.3):
    """An episode that begins at an hour of its recording."""
    return replace(
        SOME_EPISODE,
        onset_s=hour * HOUR_S,
        offset_s=hour * HOUR_S + duration_s,
        beats=max(3, round(6 * duration_s)),
        peak_g=peak_g,
        episode_class=episode_class,
    )


def is_in(hour, spans):
    return any(start <= hour < end for start, end in spans)


def epochs_of(leg):
    """Rest and waking as stored activity; a turn at every half past."""
    epochs = []
    for number in range(round(leg.length_h * 120)):
        hour = number / 120
        if is_in(hour, leg.gaps_h):
            epochs.append(make_epoch(number, movement_g=None))
            continue
        state = WearState.WEAR_NOT_CONFIRMED if is_in(hour, leg.unconfirmed_h) else WearState.MEASURED_AND_WORN
        moved_g = REST_G if is_in(hour, leg.rest_h) or is_in(hour, leg.unconfirmed_h) else WALK_G
        gravity = UP if int(hour + 0.5) % 2 else ON_SIDE
        epochs.append(make_epoch(number, movement_g=moved_g, gravity=gravity, state=state, still=False))
    return epochs


def add_leg(library, leg, *, settings=None):
    """Add a recording with its analysis; gives it as stored."""
    info = RecordingInfo(
        start=clock(leg.start, leg.zone),
        fs_hz=52.0,
        timezone=leg.zone,
        site=Site.FOOT,
        side=leg.side,
        person=leg.person,
        sensor=SensorIdentity("simulated", "Sensor A", "S/N 0017"),
    )
    recording = add_recording(
        library,
        leg.path,
        hashlib.sha256(repr(leg).encode()).hexdigest(),
        info,
        duration_s=leg.length_h * HOUR_S,
        gaps=gaps(*leg.gaps_h),
    ).recording
    add_run(library, recording.id, leg.episodes, version="0.1.0", settings=settings or DetectionSettings())
    replace_epochs(library, recording.id, epochs_of(leg))
    return recording


def say(library, recording, start_h, end_h, verdict, rater=PATIENT, note=""):
    """Let somebody speak about some hours of a recording."""
    return annotate(library, recording.id, TimeSpan(start_h * HOUR_S, end_h * HOUR_S), verdict, rater, note=note)


def answer_not_worn(library, recording, start_h, end_h):
    return say(library, recording, start_h, end_h, Verdict.NOT_WORN)
