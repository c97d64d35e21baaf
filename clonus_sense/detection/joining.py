"""Joining: accepted rhythms in order of time, joined over short pauses and short gaps.

Inside a walk, past one stride, the template of the strides before contains the bout.  So the later part of a bout has
the bout on both sides and looks like a remainder of the walk.  Where it goes on with what was just accepted, it belongs
to it.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np

from clonus_sense.config import DetectionSettings
from clonus_sense.detection.chains import FEWEST_BEATS_OF_CHAIN
from clonus_sense.detection.episodes import OpenEpisode, TimedRhythm, build_episode
from clonus_sense.detection.gait.line_rhythm import LineRhythm
from clonus_sense.detection.gait.search import CONTEXT_S
from clonus_sense.model import EndedBy, Episode

# Largest ratio of frequencies within one movement: a bout drifts by 10-20 %, and its first intervals are up to 25 %
# longer.
FREQUENCY_FACTOR = 1.35
# A pause is quiet while no movement in it exceeds the strong beats.
STIR_OF_STRONG_BEATS = 1.0
# Pieces of one long rhythm, judged half a minute at a time, meet within this many periods.
MEETING_PERIODS = 1.5
# A rhythm goes on over a gap of up to two periods when the phase fits within a quarter of a period.
GAP_PERIODS = 2.0
PHASE_PERIODS = 0.25
# The rest of a bout inside a walk is the same line: as fast (a whole bout drifts by 10-20 %, neighbouring pieces less),
# in the same direction, and not as weak as the echo that stride removal leaves.
SAME_LINE_FREQUENCY_FACTOR = 1.1
SAME_LINE_COSINE = 0.8
SAME_LINE_AMPLITUDE_RATIO = 0.5


class EpisodeJoiner:
    """Joins accepted rhythms to episodes and gives out each as soon as none can join it any more."""

    def __init__(self, settings: DetectionSettings) -> None:
        self._settings = settings
        self._open: OpenEpisode | None = None
        self._gap_s = 0.0  # length of the gap since the open episode's last beat; 0 where there is none
        self._gap_end_s = 0.0

    @property
    def is_open(self) -> bool:
        """Whether an episode may still go on."""
        return self._open is not None

    def takes(self, timed: TimedRhythm) -> bool:
        """Tell whether to add a rhythm: an accepted one, or the rest of an accepted bout."""
        if timed.verdict.episode_class is not None:
            return True
        if not timed.verdict.may_go_on or self._open is None or self._gap_s > 0.0:
            return False
        if self._is_too_late(timed.core_start_s, self._open.last) or not _is_same_line(timed, self._open.last):
            return False
        return self._joins(timed, self._open.find_first_fresh(timed), self._open.last)

    def add(self, timed: TimedRhythm) -> list[Episode]:
        """Take the next rhythm that :meth:`takes` accepts, and give out an open episode that it does not join."""
        # Beats are followed outward from the core: after a gap, whose edge hides peaks, they may begin well before the
        # core.
        episodes = self.settle(timed.core_start_s) + self.settle_gap(min(timed.core_start_s, timed.onset_s))
        if self._open is None:
            self._open = OpenEpisode.begin(timed)
            return episodes
        if timed.offset_s < self._open.parts[0].onset_s:
            # Candidates come in order of their cores, so an earlier rhythm may come later.
            return [*episodes, build_episode(OpenEpisode.begin(timed), EndedBy.GAP, self._settings)]
        first = self._open.find_first_fresh(timed)
        if self._joins(timed, first, self._open.last):
            self._open.go_on(timed, first)
            self._open.missing_s += self._gap_s
            self._gap_s = 0.0
        elif len(timed.times_s) - first >= FEWEST_BEATS_OF_CHAIN:
            episodes += self.close()
            self._open = OpenEpisode.begin(timed, first)
        return episodes

    def settle(self, undecided_since_s: float) -> list[Episode]:
        """Give out the open episode if no rhythm that begins at ``undecided_since_s`` or later can join it."""
        if self._open is None or self._gap_s > 0.0:
            return []
        return self.close() if self._is_too_late(undecided_since_s, self._open.last) else []

    def cross_gap(self, start_s: float, end_s: float) -> list[Episode]:
        """Note a gap from ``start_s`` to ``end_s``; only a rhythm that it cuts may go on after it."""
        if self._open is None:
            return []
        last = self._open.last
        # A second gap with no rhythm between the two ends the episode as well.
        if self._gap_s > 0.0 or not last.rhythm.ends_at_edge or end_s - start_s >= GAP_PERIODS / last.frequency_hz:
            return self.close(EndedBy.GAP)
        self._gap_s, self._gap_end_s = end_s - start_s, end_s
        return []

    def settle_gap(self, undecided_since_s: float) -> list[Episode]:
        """Give out an episode cut by a gap once no rhythm after the gap can continue it."""
        if self._open is None or self._gap_s == 0.0:
            return []
        reach_s = max(self._settings.joining_pause_s, MEETING_PERIODS / self._open.last.frequency_hz)
        return self.close(EndedBy.GAP) if undecided_since_s > self._gap_end_s + reach_s else []

    def close(self, edge: EndedBy = EndedBy.GAP) -> list[Episode]:
        """Give out the open episode; ``edge`` names what ended it if its last beat stands where the samples end."""
        if self._open is None:
            return []
        ended = self._open
        self._open, self._gap_s = None, 0.0
        return [build_episode(ended, edge, self._settings)]

    def fork(self) -> EpisodeJoiner:
        """Copy the joiner, to go its own way from here; the parts are shared, for an hour of hum has hundreds."""
        other = copy(self)
        if self._open is not None:
            other._open = replace(self._open, parts=self._open.parts.copy())
        return other

    def _is_too_late(self, start_s: float, last: TimedRhythm) -> bool:
        """Tell whether a rhythm first seen at ``start_s`` can no longer join the open episode."""
        reach_s = max(self._settings.joining_pause_s, MEETING_PERIODS / last.frequency_hz)
        if isinstance(last.rhythm, LineRhythm):
            reach_s += CONTEXT_S  # a line is followed back this far from where it was first seen
        return start_s > float(last.times_s[-1]) + reach_s

    def _joins(self, timed: TimedRhythm, first: int, last: TimedRhythm) -> bool:
        """Tell whether the beats of ``timed`` from number ``first`` on go on with the open episode."""
        if first == len(timed.times_s):
            return False
        period_s = 1.0 / last.frequency_hz
        if not 1.0 / FREQUENCY_FACTOR <= timed.frequency_hz / last.frequency_hz <= FREQUENCY_FACTOR:
            return False
        first_s = float(timed.times_s[first])
        pause_s = float(timed.times_s[first] - last.times_s[-1])
        if self._gap_s > 0.0:
            # Each rhythm finds the side of dorsiflexion for itself; opposite sides are half a period apart.
            is_turned = float(timed.rhythm.axis.direction @ last.rhythm.axis.direction) < 0.0
            n_periods = pause_s / period_s + (0.5 if is_turned else 0.0)
            fits = abs(n_periods - round(n_periods)) <= PHASE_PERIODS
            return fits and first_s - self._gap_end_s < MEETING_PERIODS * period_s
        if timed.onset_s <= last.offset_s or pause_s <= MEETING_PERIODS * period_s:
            return True
        if pause_s >= self._settings.joining_pause_s:
            return False
        # A walk is never quiet: a footfall that differs from the last hides a beat or two.
        in_gait = isinstance(timed.rhythm, LineRhythm) and isinstance(last.rhythm, LineRhythm)
        return in_gait or _is_quiet_between(last, timed, first, pause_s, period_s)


def _is_same_line(timed: TimedRhythm, last: TimedRhythm) -> bool:
    """Tell whether a rhythm inside a walk is as fast, as strong and in the same direction as the one before."""
    if not (isinstance(timed.rhythm, LineRhythm) and isinstance(last.rhythm, LineRhythm)):
        return False
    ratio = timed.frequency_hz / last.frequency_hz
    return (
        1.0 / SAME_LINE_FREQUENCY_FACTOR <= ratio <= SAME_LINE_FREQUENCY_FACTOR
        and abs(float(timed.rhythm.axis.direction @ last.rhythm.axis.direction)) >= SAME_LINE_COSINE
        and timed.rhythm.strong_g >= SAME_LINE_AMPLITUDE_RATIO * last.rhythm.strong_g
    )


def _is_quiet_between(last: TimedRhythm, timed: TimedRhythm, first: int, pause_s: float, period_s: float) -> bool:
    """Tell whether no movement larger than the beats happened in the pause before beat ``first``."""
    rhythm = timed.rhythm
    # The beat before the pause and the one after it reach half a period into it.
    end = rhythm.positions[first] - 0.5 * period_s * rhythm.working_hz
    start = end - (pause_s - period_s) * rhythm.working_hz
    rows = slice(max(0, round(start) - rhythm.window_first), max(0, round(end) - rhythm.window_first))
    stir_g = np.linalg.norm(rhythm.window_wide_g[rows], axis=1)
    strong_g = max(rhythm.strong_g, last.rhythm.strong_g)
    return len(stir_g) == 0 or bool(stir_g.max() <= STIR_OF_STRONG_BEATS * strong_g)
