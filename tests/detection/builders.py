"""Recordings built from their answer: beats at stated times, cut into stretches and batches in every way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from clonus_sense.config import DetectionSettings
from clonus_sense.detection import Detector
from clonus_sense.model import Episode, Finding, FloatArray, Rejection, SampleBatch, Site, Stretch
from clonus_sense.simulate.envelope import minimum_jerk

UP = np.array([0.0, 0.0, 1.0])
DEFAULTS = DetectionSettings()


@dataclass(frozen=True)
class Bout:
    """Beats at stated times, each with its half peak-to-peak."""

    beat_times_s: tuple[float, ...]
    levels_g: tuple[float, ...]
    direction: tuple[float, float, float] = (0.36, 0.48, 0.8)
    second_harmonic: float = 0.1

    @property
    def onset_s(self) -> float:
        return self.beat_times_s[0] - 0.5 * (self.beat_times_s[1] - self.beat_times_s[0])

    @property
    def offset_s(self) -> float:
        return self.beat_times_s[-1] + 0.5 * (self.beat_times_s[-1] - self.beat_times_s[-2])

    @property
    def frequency_hz(self) -> float:
        return (len(self.beat_times_s) - 1) / (self.beat_times_s[-1] - self.beat_times_s[0])

    def accel_g(self, times_s: FloatArray) -> FloatArray:
        """Short bursts at the beats against a slower way back, smoothly out of rest and back within a period."""
        beats_s, levels_g = np.array(self.beat_times_s), np.array(self.levels_g)
        rise_s, fall_s = beats_s[1] - beats_s[0], beats_s[-1] - beats_s[-2]
        inside = (times_s > beats_s[0] - rise_s) & (times_s < beats_s[-1] + fall_s)
        at_s = times_s[inside]
        knots_s = np.concatenate([[beats_s[0] - rise_s], beats_s, [beats_s[-1] + fall_s]])
        phase = CubicSpline(knots_s, np.arange(-1, len(beats_s) + 1))(at_s)
        level_g = PchipInterpolator(beats_s, levels_g)(np.clip(at_s, beats_s[0], beats_s[-1]))
        level_g *= minimum_jerk((at_s - knots_s[0]) / rise_s) * minimum_jerk((knots_s[-1] - at_s) / fall_s)
        moved = np.zeros_like(times_s)
        moved[inside] = level_g * (np.cos(2 * np.pi * phase) + self.second_harmonic * np.cos(4 * np.pi * phase))
        return np.outer(moved, self.direction)


def make_bout(
    first_beat_s=4.0,
    *,
    beats=10,
    frequency_hz=6.0,
    peak_g=0.3,
    jitter_ratio=0.03,
    waver_ratio=0.2,
    edge_level=0.6,
    direction=(0.36, 0.48, 0.8),
    second_harmonic=0.1,
    seed=0,
):
    """Intervals and sizes waver a little, as a muscle's do; the first and last beats are smaller."""
    rng = np.random.default_rng(seed)
    intervals_s = (1.0 + jitter_ratio * rng.uniform(-1, 1, beats - 1)) / frequency_hz
    levels_g = peak_g * (1.0 - waver_ratio * rng.random(beats))
    levels_g[[0, -1]] = edge_level * peak_g
    beat_times_s = first_beat_s + np.concatenate([[0.0], np.cumsum(intervals_s)])
    return Bout(tuple(beat_times_s.tolist()), tuple(levels_g.tolist()), direction, second_harmonic)


def make_kick(times_s, at_s, *, size_g=1.0, width_s=0.04, direction=(0.6, 0.0, 0.8)):
    """Half a sine of one impact."""
    inside = (times_s >= at_s) & (times_s < at_s + width_s)
    return np.outer(np.where(inside, size_g * np.sin(np.pi * (times_s - at_s) / width_s), 0.0), direction)


def make_times(duration_s, fs_hz=100.0, *, rate_error=0.0):
    """True time of each sample, rounded to 1 µs as in every recording."""
    return np.round(np.arange(round(duration_s * fs_hz)) / (fs_hz * (1.0 + rate_error)), 6)


def make_accel(times_s, bouts: Iterable[Bout] = (), *, noise_g=0.001, seed=0, gravity_g=UP):
    """Gravity, bouts and a sensor's noise."""
    rng = np.random.default_rng(seed)
    accel_g = np.tile(gravity_g, (len(times_s), 1)) + noise_g * rng.standard_normal((len(times_s), 3))
    return sum((bout.accel_g(times_s) for bout in bouts), accel_g)


def make_batches(times_s, accel_g, *, fs_hz=100.0, gaps_s: Sequence[tuple[float, float]] = ()) -> list[SampleBatch]:
    """One batch for each stretch; samples inside ``[start, end)`` of a gap are left out."""
    edges = [0]
    for start_s, end_s in gaps_s:
        edges += np.searchsorted(times_s, [start_s, end_s]).tolist()
    edges.append(len(times_s))
    batches = []
    for start, end in list(pairwise(edges))[::2]:
        if end > start:
            stretch = Stretch(len(batches), fs_hz)
            knots_s = times_s[start : end : stretch.knot_every]
            batches.append(SampleBatch(stretch, 0, np.asfortranarray(accel_g[start:end]), knots_s))
    return batches


def cut_every(batches: Iterable[SampleBatch], n_samples: int) -> list[SampleBatch]:
    """Batches of ``n_samples``, as a sensor would deliver them."""
    return [part for batch in batches for part in batch.cut(list(range(0, batch.end_index, n_samples)))]


def make_lively_recording(seed: int, fs_hz: float, *, duration_s=24.0) -> list[SampleBatch]:
    """Stretches full of bouts, kicks and gaps; many gaps cut a bout so shortly that its chain may go on."""
    rng = np.random.default_rng(seed)
    # A clock that is fast and slow by turns: results must not depend on which knots are known when.
    even_s = make_times(duration_s + 1.0, fs_hz)
    times_s = np.round(even_s + 0.01 * np.sin(even_s / 3.0), 6)
    bouts, gaps_s = [], []
    at_s = rng.uniform(0.0, 2.0)
    while at_s < duration_s - 2.0:
        beats, frequency_hz = int(np.exp(rng.uniform(np.log(3), np.log(60)))), rng.uniform(4.0, 9.0)
        bout = make_bout(
            at_s,
            beats=beats,
            frequency_hz=frequency_hz,
            peak_g=np.exp(rng.uniform(np.log(0.02), np.log(1.0))),
            direction=tuple(rng.dirichlet([1.0, 1.0, 1.0]).tolist()),
            jitter_ratio=rng.choice([0.0, 0.05]),
            waver_ratio=rng.choice([0.0, 0.2]),
            seed=int(rng.integers(1 << 30)),
        )
        bouts.append(bout)
        start_s = rng.uniform(bout.onset_s, bout.offset_s)
        if rng.random() < 0.6 and start_s > (gaps_s[-1][1] if gaps_s else 0.0):
            gaps_s.append((start_s, start_s + rng.uniform(0.05, 0.5)))
        at_s = bout.offset_s + rng.choice([rng.uniform(0.2, 1.2), rng.uniform(1.0, 6.0)])
    accel_g = make_accel(times_s, bouts, noise_g=rng.uniform(0.0005, 0.006), seed=seed)
    for _ in range(rng.integers(0, 4)):
        accel_g += make_kick(times_s, rng.uniform(0.0, duration_s), size_g=rng.uniform(0.1, 2.0))
    return make_batches(times_s, accel_g, fs_hz=fs_hz, gaps_s=gaps_s)


@dataclass(frozen=True)
class Detected:
    """Everything that a detector said about a recording."""

    episodes: list[Episode]
    rejections: list[Rejection]
    findings: tuple[Finding, ...]


def run_detector(batches: Iterable[SampleBatch], settings=DEFAULTS, *, site=Site.FOOT, explain=False) -> Detected:
    detector = Detector(settings, site=site, explain=explain)
    episodes = [episode for batch in batches for episode in detector.push(batch)] + detector.flush()
    return Detected(episodes, detector.take_rejections(), detector.findings())


def detect(times_s, accel_g, settings=DEFAULTS, *, fs_hz=100.0, gaps_s=(), site=Site.FOOT) -> list[Episode]:
    """Episodes of a recording that comes stretch by stretch."""
    return run_detector(make_batches(times_s, accel_g, fs_hz=fs_hz, gaps_s=gaps_s), settings, site=site).episodes


def detect_bouts(bouts, settings=DEFAULTS, *, duration_s=12.0, fs_hz=100.0, noise_g=0.001, gaps_s=()):
    """Episodes of some bouts at rest."""
    times_s = make_times(duration_s, fs_hz)
    return detect(times_s, make_accel(times_s, bouts, noise_g=noise_g), settings, fs_hz=fs_hz, gaps_s=gaps_s)
