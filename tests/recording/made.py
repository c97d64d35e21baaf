"""Small recordings of known content for the tests of this folder."""

from pathlib import Path

import numpy as np

from clonus_sense.model import RecordingInfo, Site
from clonus_sense.recording import Recording, write_recording

INFO = RecordingInfo(start=None, fs_hz=50.0, site=Site.FOOT)
HEAD = "# format: clonus-sense-recording/1\n# fs_hz: 50.0\n# sensor_site: foot\ntime_s,x_g,y_g,z_g\n"


def accel(n_samples, seed=0):
    """A sensor nearly at rest: 1 g on z and 20 mg of noise."""
    noise = np.random.default_rng(seed).normal(0.0, 0.02, (n_samples, 3))
    return noise + np.array([0.0, 0.0, 1.0])


def times(n_samples, fs_hz=50.0):
    return np.arange(n_samples) / fs_hz


def write_plain(path: Path, n_samples=500, info=INFO):
    """A recording without faults; returns what was written."""
    times_s, accel_g = times(n_samples, info.fs_hz), accel(n_samples)
    write_recording(path, info, times_s, accel_g)
    return times_s, accel_g


def all_samples(recording: Recording):
    """Samples of all stretches, one below the other."""
    return np.concatenate([samples.accel_g for samples in recording.stretches])


def kinds(recording: Recording):
    """The fixed words of the findings."""
    return [finding.kind for finding in recording.findings]
