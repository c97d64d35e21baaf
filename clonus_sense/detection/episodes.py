"""Episodes: accepted rhythms in order of time, joined over short pauses and short gaps.

Inside a walk the strides before are taken away, and soon they hold the bout itself: what is left of its later part has
the bout on both sides and looks like a rest of the walk.  Where it goes on with what was just accepted, it belongs to
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.chains import INTERVAL_OF_PERIOD
from clonus_sense.detection.decision import Verdict
from clonus_sense.detection.gait import CONTEXT_S
from clonus_sense.detection.rhythm import Rhythm
from clonus_sense.detection.verdict import FEWEST_BEATS
from clonus_sense.model import EndedBy, Episode, EpisodeClass, FloatArray

# Rhythms whose frequencies differ by more than this factor are not one movement: a bout drifts by 10-20 %, its first
# intervals are up to 25 % longer.
FREQUENCY_FACTOR = 1.35
# A pause is free of other movement while nothing in it exceeds the strong beats themselves.
STIR_OF_STRONG_BEATS = 1.0
# Pieces of one long rhythm that was judged half a minute at a time meet within this many periods.
MEETING_PERIODS = 1.5
# A chain goes on over a gap shorter than two periods when the phase fits within a quarter of a period.
GAP_PERIODS = 2.0
PHASE_PERIODS = 0.25
# What goes on with a bout inside a walk is the same line: as fast (a bout drifts by 10-20 % as a whole, its pieces lie
# side by side), in the same direction, and not much weaker, as the trace is that a bout leaves in the strides after it.
SAME_LINE_FREQUENCY_FACTOR = 1.1
SAME_LINE_COSINE = 0.8
SAME_LINE_AMPLITUDE_RATIO = 0.5
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
class _Part:
    """Beats of one rhythm that belong to the open episode."""

    timed: TimedRhythm
    times_s: FloatArray
    amplitudes_g: FloatArray
    onset_s: float

    @classmethod
    def of(cls, timed: TimedRhythm, fresh: NDArray[np.bool_]) -> _Part:
        """Take those beats of a rhythm that were not counted before; the onset moves with the first of them."""
        times_s, amplitudes_g = timed.times_s[fresh], timed.rhythm.amplitudes_g[fresh]
        is_trimmed = 1 < len(times_s) < len(timed.times_s)
        onset_s = times_s[0] - 0.5 * (times_s[1] - times_s[0]) if is_trimmed else timed.onset_s
        return cls(timed, times_s, amplitudes_g, float(onset_s))

    @classmethod
    def after(cls, last: _Part, timed: TimedRhythm) -> _Part:
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
class _OpenEpisode:
    """An episode that may still go on; of its earlier parts the beats and a few numbers are kept, no samples."""

    parts: list[_Part] = field(default_factory=list)
    missing_s: float = 0.0


def _whole(timed: TimedRhythm) -> _OpenEpisode:
    """Begin an episode with all beats of a rhythm."""
    return _OpenEpisode([_Part.of(timed, np.ones(len(timed.times_s), dtype=np.bool_))])


class EpisodeTracker:
    """Joins accepted rhythms to episodes and gives each out as soon as nothing can join it any more.

    Parameters
    ----------
    settings
        Band and joining pause.
    """

    def __init__(self, settings: DetectionSettings) -> None:
        self._settings = settings
        self._open: _OpenEpisode | None = None
        self._gap_s = 0.0  # length of the gap since the open episode's last beat; 0 where there is none
        self._gap_end_s = 0.0

    @property
    def is_open(self) -> bool:
        """Whether an episode may still go on."""
        return self._open is not None

    def takes(self, timed: TimedRhythm) -> bool:
        """Tell whether a rhythm is to be added: one that was accepted, or the rest of a bout that was."""
        if timed.verdict.episode_class is not None:
            return True
        if not timed.verdict.may_go_on or self._open is None or self._gap_s > 0.0:
            return False
        last = self._open.parts[-1]
        if self._is_too_late(timed.core_start_s, last) or not _is_same_line(timed, last.timed):
            return False
        return self._joins(_Part.after(last, timed), last)

    def add(self, timed: TimedRhythm) -> list[Episode]:
        """Take the next rhythm that :meth:`takes` names; an open episode that it does not join is given out."""
        # Beats are followed outward from the core: after a gap, whose edge hides peaks, they may begin well before it.
        episodes = self.settle(timed.core_start_s) + self.settle_gap(min(timed.core_start_s, timed.onset_s))
        if self._open is None:
            self._open = _whole(timed)
            return episodes
        if timed.offset_s < self._open.parts[0].onset_s:
            # Where a candidate was first seen is not where its rhythm begins: an earlier rhythm may come later.
            return [*episodes, _build_episode(_whole(timed), EndedBy.GAP, self._settings)]
        last = self._open.parts[-1]
        part = _Part.after(last, timed)
        if self._joins(part, last):
            last.release()
            self._open.parts.append(part)
            self._open.missing_s += self._gap_s
            self._gap_s = 0.0
        elif len(part.times_s) >= 3:
            episodes += self.close()
            self._open = _OpenEpisode([part])
        return episodes

    def settle(self, undecided_since_s: float) -> list[Episode]:
        """Give out the open episode if no rhythm that begins at ``undecided_since_s`` or later can join it."""
        if self._open is None or self._gap_s > 0.0:
            return []
        return self.close() if self._is_too_late(undecided_since_s, self._open.parts[-1]) else []

    def cross_gap(self, start_s: float, end_s: float) -> list[Episode]:
        """Note that nothing was measured from ``start_s`` to ``end_s``; only a rhythm cut short may go on after it."""
        if self._open is None:
            return []
        last = self._open.parts[-1].timed
        # A second gap with nothing found between the two ends the episode as well.
        if self._gap_s > 0.0 or not last.rhythm.ends_at_edge or end_s - start_s >= GAP_PERIODS / last.frequency_hz:
            return self.close(EndedBy.GAP)
        self._gap_s, self._gap_end_s = end_s - start_s, end_s
        return []

    def settle_gap(self, undecided_since_s: float) -> list[Episode]:
        """Give out an episode cut by a gap once nothing that follows the gap can take up its beat."""
        if self._open is None or self._gap_s == 0.0:
            return []
        reach_s = max(self._settings.joining_pause_s, MEETING_PERIODS / self._open.parts[-1].timed.frequency_hz)
        return self.close(EndedBy.GAP) if undecided_since_s > self._gap_end_s + reach_s else []

    def close(self, edge: EndedBy = EndedBy.GAP) -> list[Episode]:
        """Give out the open episode; ``edge`` names what ended it if its last beat stands where the samples end."""
        if self._open is None:
            return []
        ended = self._open
        self._open, self._gap_s = None, 0.0
        return [_build_episode(ended, edge, self._settings)]

    def foresee(self, coming: Iterable[TimedRhythm]) -> list[Episode]:
        """State the episodes that would be given out if nothing came but these rhythms; nothing is changed by it."""
        ahead = copy(self)
        if self._open is not None:
            # A part is changed when the next one joins it.
            ahead._open = replace(self._open, parts=[copy(part) for part in self._open.parts])
        episodes = [episode for timed in coming if ahead.takes(timed) for episode in ahead.add(timed)]
        return episodes + ahead.close()

    def _is_too_late(self, start_s: float, last: _Part) -> bool:
        """Tell whether what is first seen at ``start_s`` cannot join the open episode any more."""
        reach_s = max(self._settings.joining_pause_s, MEETING_PERIODS / last.timed.frequency_hz)
        if last.timed.rhythm.gait is not None:
            reach_s += CONTEXT_S  # from where it was first seen, a line is followed back as far
        return start_s > float(last.times_s[-1]) + reach_s

    def _joins(self, part: _Part, last: _Part) -> bool:
        """Tell whether the beats of ``part`` go on with the open episode."""
        if len(part.times_s) == 0:
            return False
        period_s = 1.0 / last.timed.frequency_hz
        ratio = part.timed.frequency_hz / last.timed.frequency_hz
        if not 1.0 / FREQUENCY_FACTOR <= ratio <= FREQUENCY_FACTOR:
            return False
        pause_s = float(part.times_s[0] - last.times_s[-1])
        if self._gap_s > 0.0:
            # Each piece finds the side of dorsiflexion for itself; beats on opposite sides are half a period apart.
            is_turned = float(part.timed.rhythm.axis.direction @ last.timed.rhythm.axis.direction) < 0.0
            n_periods = pause_s / period_s + (0.5 if is_turned else 0.0)
            fits = abs(n_periods - round(n_periods)) <= PHASE_PERIODS
            return fits and part.times_s[0] - self._gap_end_s < MEETING_PERIODS * period_s
        if part.timed.onset_s <= last.timed.offset_s or pause_s <= MEETING_PERIODS * period_s:
            return True
        if pause_s >= self._settings.joining_pause_s:
            return False
        # Within a walk there is no quiet: a footfall that differs from the last hides a beat or two.
        in_gait = part.timed.rhythm.gait is not None and last.timed.rhythm.gait is not None
        return in_gait or _is_quiet_between(last, part, pause_s, period_s)


def _is_same_line(timed: TimedRhythm, last: TimedRhythm) -> bool:
    """Tell whether a rhythm inside a walk is as fast, as strong and in the same direction as the one before."""
    if timed.rhythm.gait is None or last.rhythm.gait is None:
        return False
    ratio = timed.frequency_hz / last.frequency_hz
    return (
        1.0 / SAME_LINE_FREQUENCY_FACTOR <= ratio <= SAME_LINE_FREQUENCY_FACTOR
        and abs(float(timed.rhythm.axis.direction @ last.rhythm.axis.direction)) >= SAME_LINE_COSINE
        and timed.rhythm.strong_g >= SAME_LINE_AMPLITUDE_RATIO * last.rhythm.strong_g
    )


def _is_quiet_between(last: _Part, part: _Part, pause_s: float, period_s: float) -> bool:
    """Tell whether nothing larger than the beats themselves happened in the pause."""
    rhythm = part.timed.rhythm
    # The beat before the pause and the one after it reach half a period into it.
    end = rhythm.positions[-len(part.times_s)] - 0.5 * period_s * rhythm.working_hz
    start = end - (pause_s - period_s) * rhythm.working_hz
    rows = slice(max(0, round(start) - rhythm.window_first), max(0, round(end) - rhythm.window_first))
    stir_g = np.linalg.norm(rhythm.window_wide_g[rows], axis=1)
    strong_g = max(rhythm.strong_g, last.timed.rhythm.strong_g)
    return len(stir_g) == 0 or bool(stir_g.max() <= STIR_OF_STRONG_BEATS * strong_g)


def _build_episode(ended: _OpenEpisode, edge: EndedBy, settings: DetectionSettings) -> Episode:
    """Put the parts of an episode together."""
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


def _choose_class(parts: list[_Part], frequency_hz: float, settings: DetectionSettings) -> EpisodeClass:
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
