"""Recordings with gaps of which every sample is known, kept in a library."""

from datetime import datetime

import numpy as np

from clonus_sense.export import Selection, read_content
from clonus_sense.model import RecordingInfo, SensorIdentity, Site
from clonus_sense.recording import write_recording
from clonus_sense.workflows import keep_recording

INFO = RecordingInfo(
    start=datetime.fromisoformat("2026-10-25T02:50:00.250000+02:00"),
    fs_hz=50.0,
    timezone="Europe/Berlin",
    site=Site.FOOT,
    side="left",
    person="P07",
    orthosis="splint of Hanako",
    sensor=SensorIdentity("simulated", "Sensor of Hanako", "SN-4711", "1.2"),
    step_g=0.002,
    range_g=16.0,
    notes=(("diary", "Hanako slept badly"),),
)
# A sensor 1.3 % too fast, for nothing may hang on the nominal rate.
PERIOD_S = 0.02 / 1.013


def samples(n_samples, gaps_after=(), period_s=PERIOD_S, seed=0):
    """Samples of a leg at rest with one bout; ``gaps_after`` holds pairs of sample and gap in seconds."""
    times_s = np.arange(n_samples) * period_s
    for after, gap_s in gaps_after:
        times_s[after:] += gap_s
    beating_g = 0.3 * np.cos(2 * np.pi * 6 * times_s) * (np.abs(times_s - 20) < 2)
    accel_g = np.column_stack([beating_g, 0 * times_s, 1 + 0 * times_s])
    return times_s, accel_g + np.random.default_rng(seed).normal(0, 0.004, accel_g.shape)


def keep(library, path, times_s, accel_g, info=INFO):
    """Write a recording and keep it in the library."""
    write_recording(path, info, times_s, accel_g)
    return keep_recording(library, path)


def keep_with_gaps(library, path, info=INFO):
    """A minute and a half with a long gap and one of three samples."""
    return keep(library, path, *samples(4500, gaps_after=((1507, 30.0), (3001, 3 * PERIOD_S))), info)


def everything(library, **options):
    return read_content(library, Selection(), **options)
