"""Episodes: the rhythms of one bout in order of time, and the episode that they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.axis import MainAxis
from clonus_sense.detection.chains import INTERVAL_OF_PERIOD
from clonus_sense.detection.logistic_decision import RhythmVerdict
from clonus_sense.detection.rhythm import Rhythm
from clonus_sense.detection.verdict import FEWEST_BEATS_OF_CLONUS
from clonus_sense.model import EndedBy, Episode, EpisodeClass, FloatArray

# An hour of hum at 8 Hz has 29 000 beats; about the first ten minutes are kept for drawing.
MOST_MARKED_BEATS = 4096
TIME_DECIMALS = 6


@dataclass(frozen=True, slots=True, eq=False)
class TimedRhythm:
    """A judged rhythm with its times, in seconds since the start of the recording."""

    rhythm: Rhythm
    times_s: FloatArray  # of each beat
    onset_s: float  # half a local period before the first beat
    offset_s: float  # half a local period after the last beat
    core_start_s: float  # first seen here: decides whether it can still join what went before
    verdict: RhythmVerdict

    @property
    def frequency_hz(self) -> float:
        """``(beats - 1) / (last - first)``."""
        return float((len(self.times_s) - 1) / (self.times_s[-1] - self.times_s[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The beats of one rhythm in an episode, stored without samples so that hours of vibration fit in memory."""

    onset_s: float
    times_s: FloatArray
    peak_g: float
    rms_g: float
    jitter_ratio: float
    axis: MainAxis
    verdict: RhythmVerdict

    @classmethod
    def of(cls, timed: TimedRhythm, first: int = 0) -> Part:
        """Take the beats of a rhythm from number ``first`` on; the onset moves with the first of them."""
        times_s, rhythm = timed.times_s[first:], timed.rhythm
        onset_s = times_s[0] - 0.5 * (times_s[1] - times_s[0]) if first and len(times_s) > 1 else timed.onset_s
        peak_g = float(rhythm.amplitudes_g[first:].max())
        return cls(float(onset_s), times_s, peak_g, rhythm.rms_g, rhythm.jitter_ratio, rhythm.axis, timed.verdict)


@dataclass(slots=True)
class OpenEpisode:
    """An episode that may still go on."""

    parts: list[Part]
    last: TimedRhythm  # that the last part comes from
    missing_s: float = 0.0

    @classmethod
    def begin(cls, timed: TimedRhythm, first: int = 0) -> OpenEpisode:
        """Begin with the beats of a rhythm from number ``first`` on."""
        return cls([Part.of(timed, first)], timed)

    def go_on(self, timed: TimedRhythm, first: int) -> None:
        """Go on with the beats of a rhythm from number ``first`` on."""
        self.parts.append(Part.of(timed, first))
        self.last = timed

    def find_first_fresh(self, timed: TimedRhythm) -> int:
        """Find the number of the first beat after those counted so far."""
        counted_s = self.last.times_s[-1] + INTERVAL_OF_PERIOD[0] / self.last.frequency_hz
        return int(np.searchsorted(timed.times_s, counted_s, side="right"))


def build_episode(ended: OpenEpisode, edge: EndedBy, settings: DetectionSettings) -> Episode:
    """Put the parts of an episode together; ``edge`` ended it if its last beat stands where the samples end."""
    parts = ended.parts
    accepted = [part for part in parts if part.verdict.episode_class is not None]
    strongest = max(accepted, key=lambda part: len(part.times_s))
    intervals_s = np.concatenate([np.diff(part.times_s) for part in parts])
    n_beats = np.array([len(part.times_s) for part in parts])
    times_s = np.concatenate([part.times_s for part in parts])
    frequency_hz = len(intervals_s) / float(intervals_s.sum())
    jitter = _weigh([part.jitter_ratio for part in parts], n_beats)
    rms_g = np.sqrt(_weigh([part.rms_g**2 for part in parts], n_beats))
    return Episode(
        onset_s=round(parts[0].onset_s, TIME_DECIMALS),
        offset_s=round(ended.last.offset_s, TIME_DECIMALS),
        beats=int(n_beats.sum()),
        frequency_hz=frequency_hz,
        drift_hz=_measure_drift(intervals_s),
        peak_g=max(part.peak_g for part in parts),
        rms_g=float(rms_g),
        regularity=max(0.0, 1.0 - jitter),
        axis=(
            float(strongest.axis.direction[0]),
            float(strongest.axis.direction[1]),
            float(strongest.axis.direction[2]),
        ),
        confidence=max(part.verdict.confidence for part in parts),
        episode_class=_choose_class(parts, frequency_hz, settings),
        ended_by=_find_end(ended.last.rhythm, edge),
        missing_s=round(ended.missing_s, TIME_DECIMALS),
        beat_times_s=tuple(np.round(times_s[:MOST_MARKED_BEATS], TIME_DECIMALS).tolist()),
        evidence=strongest.verdict.evidence,
    )


def _weigh(values: list[float], n_beats: np.ndarray) -> float:
    """Mean over the parts, weighted by their beats."""
    return float((np.asarray(values) * n_beats).sum() / n_beats.sum())


def _measure_drift(intervals_s: FloatArray) -> float:
    """Frequency of the last third of the intervals less that of the first third."""
    third = max(1, len(intervals_s) // 3)
    return float(1.0 / intervals_s[-third:].mean() - 1.0 / intervals_s[:third].mean())


def _choose_class(parts: list[Part], frequency_hz: float, settings: DetectionSettings) -> EpisodeClass:
    """Class of the whole: band and beats of all parts, ``uncertain`` where most beats are."""
    n_all = sum(len(part.times_s) for part in parts)
    n_steady = sum(len(part.times_s) for part in parts if part.verdict.episode_class is EpisodeClass.UNCERTAIN)
    if frequency_hz < settings.band_low_hz:
        return EpisodeClass.SLOW
    if 2 * n_steady > n_all:
        return EpisodeClass.UNCERTAIN
    return EpisodeClass.CLONUS if n_all >= FEWEST_BEATS_OF_CLONUS else EpisodeClass.BRIEF


def _find_end(rhythm: Rhythm, edge: EndedBy) -> EndedBy:
    """Why the last rhythm of an episode ended."""
    if rhythm.ends_at_edge:
        return edge
    return EndedBy.MOVEMENT if rhythm.moves_after else EndedBy.QUIET
