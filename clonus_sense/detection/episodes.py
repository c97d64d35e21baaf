"""Episodes: parts of one bout in order of time, and the episode that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.chains import INTERVAL_OF_PERIOD
from clonus_sense.detection.decision import Verdict
from clonus_sense.detection.rhythm import Rhythm
from clonus_sense.detection.verdict import FEWEST_BEATS
from clonus_sense.model import EndedBy, Episode, EpisodeClass, FloatArray

# Movement after the last beat as large as half the bout's own: the leg went on to do something else.
MOVEMENT_AFTER_RATIO = 0.5
# An hour of hum at 8 Hz has 29 000 beats; the first ten minutes or so are kept for drawing.
MOST_MARKED_BEATS = 4096
TIME_DECIMALS = 6


@dataclass(frozen=True, slots=True, eq=False)
class TimedRhythm:
    """A judged rhythm with its times.

    Parameters
    ----------
    rhythm
        The measured beats.
    times_s
        Time of each beat, in seconds since the start of the recording.
    onset_s, offset_s
        Half a local period before the first beat and after the last.
    core_start_s
        Where its runs began: what decides whether it can still join what went before.
    verdict
        Class, confidence and evidence.
    """

    rhythm: Rhythm
    times_s: FloatArray
    onset_s: float
    offset_s: float
    core_start_s: float
    verdict: Verdict

    @property
    def frequency_hz(self) -> float:
        """``(beats - 1) / (last - first)``."""
        return float((len(self.times_s) - 1) / (self.times_s[-1] - self.times_s[0]))


@dataclass(slots=True)
class Part:
    """Beats of one rhythm that belong to the open episode."""

    timed: TimedRhythm
    times_s: FloatArray
    amplitudes_g: FloatArray
    onset_s: float

    @classmethod
    def of(cls, timed: TimedRhythm, fresh: NDArray[np.bool_]) -> Part:
        """Take those beats of a rhythm that were not counted before; the onset moves with the first of them."""
        times_s, amplitudes_g = timed.times_s[fresh], timed.rhythm.amplitudes_g[fresh]
        is_trimmed = 1 < len(times_s) < len(timed.times_s)
        onset_s = times_s[0] - 0.5 * (times_s[1] - times_s[0]) if is_trimmed else timed.onset_s
        return cls(timed, times_s, amplitudes_g, float(onset_s))

    @classmethod
    def after(cls, last: Part, timed: TimedRhythm) -> Part:
        """Take those beats of a rhythm that follow the last part."""
        return cls.of(timed, timed.times_s > last.times_s[-1] + INTERVAL_OF_PERIOD[0] / last.timed.frequency_hz)

    def release(self) -> None:
        """Drop what only the last part of an episode needs: hours of hum must not keep their samples in memory."""
        nothing = np.empty(0)
        rhythm = replace(
            self.timed.rhythm, positions=nothing, amplitudes_g=nothing, window_wide_g=np.empty((0, 3), order="F")
        )
        self.timed = replace(self.timed, rhythm=rhythm, times_s=self.times_s)


@dataclass(slots=True)
class OpenEpisode:
    """An episode that may still go on; of its earlier parts the beats and a few numbers are kept, no samples."""

    parts: list[Part]
    missing_s: float = 0.0

    @classmethod
    def begin(cls, timed: TimedRhythm) -> OpenEpisode:
        """Begin with all beats of a rhythm."""
        return cls([Part.of(timed, np.ones(len(timed.times_s), dtype=np.bool_))])


def build_episode(ended: OpenEpisode, edge: EndedBy, settings: DetectionSettings) -> Episode:
    """Put the parts of an episode together.

    Parameters
    ----------
    ended
        Its parts.
    edge
        What ended it if its last beat stands where the samples end.
    settings
        The person's band.

    Returns
    -------
    Episode
        What the recording and its pages say of it.
    """
    parts = ended.parts
    first, last = parts[0], parts[-1]
    accepted = [part for part in parts if part.timed.verdict.episode_class is not None]
    strongest = max(accepted, key=lambda part: len(part.times_s))
    intervals_s = np.concatenate([np.diff(part.times_s) for part in parts])
    n_beats = np.array([len(part.times_s) for part in parts])
    times_s = np.concatenate([part.times_s for part in parts])
    frequency_hz = len(intervals_s) / float(intervals_s.sum())
    main = strongest.timed
    jitter = _weigh([part.timed.rhythm.jitter_ratio for part in parts], n_beats)
    rms_g = np.sqrt(_weigh([part.timed.rhythm.rms_g**2 for part in parts], n_beats))
    return Episode(
        onset_s=round(first.onset_s, TIME_DECIMALS),
        offset_s=round(float(last.timed.offset_s), TIME_DECIMALS),
        beats=int(n_beats.sum()),
        frequency_hz=frequency_hz,
        drift_hz=_measure_drift(intervals_s),
        peak_g=max(float(part.amplitudes_g.max()) for part in parts),
        rms_g=float(rms_g),
        regularity=max(0.0, 1.0 - jitter),
        axis=(
            float(main.rhythm.axis.direction[0]),
            float(main.rhythm.axis.direction[1]),
            float(main.rhythm.axis.direction[2]),
        ),
        confidence=max(part.timed.verdict.confidence for part in parts),
        episode_class=_choose_class(parts, frequency_hz, settings),
        ended_by=_find_end(last.timed.rhythm, edge),
        missing_s=round(ended.missing_s, TIME_DECIMALS),
        beat_times_s=tuple(np.round(times_s[:MOST_MARKED_BEATS], TIME_DECIMALS).tolist()),
        evidence=main.verdict.evidence,
    )


def _weigh(values: list[float], n_beats: np.ndarray) -> float:
    """Mean of the parts' values, weighted by their beats."""
    return float((np.asarray(values) * n_beats).sum() / n_beats.sum())


def _measure_drift(intervals_s: FloatArray) -> float:
    """Frequency of the last third of the intervals less that of the first third."""
    third = max(1, len(intervals_s) // 3)
    return float(1.0 / intervals_s[-third:].mean() - 1.0 / intervals_s[:third].mean())


def _choose_class(parts: list[Part], frequency_hz: float, settings: DetectionSettings) -> EpisodeClass:
    """Class of the whole: band and number of beats of all parts, a machine's steadiness where most beats have it."""
    n_all = sum(len(part.times_s) for part in parts)
    n_steady = sum(len(part.times_s) for part in parts if part.timed.verdict.episode_class is EpisodeClass.UNCERTAIN)
    if frequency_hz < settings.band_low_hz:
        return EpisodeClass.SLOW
    if 2 * n_steady > n_all:
        return EpisodeClass.UNCERTAIN
    return EpisodeClass.CLONUS if n_all >= FEWEST_BEATS else EpisodeClass.BRIEF


def _find_end(rhythm: Rhythm, edge: EndedBy) -> EndedBy:
    """Why the last rhythm of an episode ended."""
    if rhythm.ends_at_edge:
        return edge
    return EndedBy.MOVEMENT if rhythm.after_ratio >= MOVEMENT_AFTER_RATIO else EndedBy.QUIET
